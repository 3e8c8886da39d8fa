"""The sequencer: gives every event its place in the tenant's ledger.

Requests only leave word that an event waits. Whoever holds the tenant's turn takes up what waits in a batch, extends
the tree, signs a checkpoint and lets go of what waited, in one transaction: killed at any instant, nothing is lost and
nothing entered twice. So ordering is never a lock on the way of a report.

The promise: in normal running an event is in a signed checkpoint within BOUND of its own moment. The loop looks every
quarter of a second and a batch takes milliseconds; `lag` says how it really was.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import orjson

from anhuan.domain.ids import TenantId
from anhuan.ledger.batch import EntryWriter
from anhuan.ledger.checkpoint import sign_checkpoint
from anhuan.ledger.extend import extend
from anhuan.ports.clock import Clock
from anhuan.ports.faults import StoreAway
from anhuan.ports.ledger import Growth, Head, LedgerStore, PendingEvent
from anhuan.ports.secrets import Secrets

log = logging.getLogger(__name__)

BATCH = 1000
BOUND = timedelta(seconds=1)
NEWS_BYTES_MAX = 7900
"""PostgreSQL takes less than 8000 bytes in a notification."""
_FIRST_REST = timedelta(seconds=2)
_LONGEST_REST = timedelta(minutes=5)


class Sequencer:
    """One worker's hands: call `step` again and again. Any number of workers may."""

    def __init__(self, store: LedgerStore, secrets: Secrets, clock: Clock) -> None:
        self._store = store
        self._secrets = secrets
        self._clock = clock
        self._resting: dict[TenantId, tuple[int, datetime]] = {}
        self.lag = timedelta(0)
        """How long the oldest event of the last batch had waited for its checkpoint."""

    async def step(self) -> int:
        """Take up a batch of each tenant of which something waits; of how many tenants there may be more."""
        full = 0
        for tenant in await self._store.waiting():
            if self._rests(tenant):
                continue
            try:
                full += await self.take_up(tenant) >= BATCH
            except StoreAway:
                raise
            except Exception as error:  # noqa: BLE001  one tenant's damage must not keep the others waiting
                self._rest(tenant, error)
            else:
                self._resting.pop(tenant, None)
        return full

    async def take_up(self, tenant: TenantId) -> int:
        """Enter the next batch of one tenant's events; how many. Nothing when another process has the turn.

        Raises ports.ledger.LedgerDamaged, ledger.errors.LedgerError, and what the keys and the database raise.
        """
        async with self._store.turn(tenant, BATCH) as turn:
            if turn is None or not turn.events:
                return 0
            at = self._clock()
            await turn.store(self._growth(tenant, turn.head, turn.events, at))
        self._measure(tenant, turn.events, at)
        return len(turn.events)

    def _growth(self, tenant: TenantId, head: Head, events: Sequence[PendingEvent], at: datetime) -> Growth:
        write = EntryWriter(at).write
        entries = [
            write(stream, version, type_, moment, salt, payload.encode())
            for _, stream, version, type_, moment, payload, salt in events
        ]
        extension = extend(head.edge, entries)
        note = sign_checkpoint(extension.size, extension.root, self._secrets.signer(tenant))
        news = list(news_of(tenant, head.edge.size, events))
        return Growth(events, entries, extension, note, at, news)

    def _measure(self, tenant: TenantId, events: Sequence[PendingEvent], at: datetime) -> None:
        self.lag = at - min(event.at for event in events)
        if self.lag > BOUND:
            log.info("%s events of %s had waited for up to %s", len(events), tenant, self.lag)

    def _rests(self, tenant: TenantId) -> bool:
        resting = self._resting.get(tenant)
        return resting is not None and self._clock() < resting[1]

    def _rest(self, tenant: TenantId, error: Exception) -> None:
        failures = self._resting.get(tenant, (0, None))[0] + 1
        rest = min(_FIRST_REST * 2 ** min(failures - 1, 12), _LONGEST_REST)
        self._resting[tenant] = (failures, self._clock() + rest)
        log.error("the ledger of %s cannot grow, again in %s: %s: %s", tenant, rest, type(error).__name__, error)


def news_of(tenant: TenantId, first: int, events: Sequence[PendingEvent]) -> Iterator[str]:
    """What is called out of a batch that begins at a position of the log: ids and versions, nothing else.

    JSON `{"tenant", "changed": [[stream, version, index], ...]}`: each stream once, at its newest version and that
    entry's place, in ascending order of places; in as many pieces as a notification's size asks for.
    """
    newest = {event.stream: (event.stream, event.version, first + place) for place, event in enumerate(events)}
    piece: list[bytes] = []
    head = b'{"tenant":' + orjson.dumps(tenant) + b',"changed":['
    length = 0
    for changed in sorted(newest.values(), key=lambda change: change[2]):
        written = orjson.dumps(changed)
        if piece and length + len(written) + 1 > NEWS_BYTES_MAX - len(head) - 2:
            yield (head + b",".join(piece) + b"]}").decode()
            piece, length = [], 0
        piece.append(written)
        length += len(written) + 1
    if piece:
        yield (head + b",".join(piece) + b"]}").decode()
