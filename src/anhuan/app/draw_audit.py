"""An auditor's look at the blind draws: every decided one is repeated from what is on record.

For each draw: the candidates in order, the seed that was told afterwards and the person must fit; the seed must be the
one whose hash was recorded when the draw was made; its key must have been committed to in the ledger before. Once a key
is told, every seed must follow from it. And what is read must be what was entered into the ledger.
"""

import hmac
from collections.abc import Sequence
from itertools import groupby

import msgspec
from msgspec import Struct

from anhuan.core.case import events as e
from anhuan.core.draw import commitment, draw_seed
from anhuan.core.invariants import broken_draws
from anhuan.domain.ids import TenantId
from anhuan.ledger.errors import LedgerError
from anhuan.ledger.leaf import check_opening, read_entry
from anhuan.ports.draws import DrawRecords, Entered
from anhuan.ports.tenant_events import DrawKeyCommitted, DrawKeyRevealed, TenantEvent

_KEY_EVENTS: msgspec.json.Decoder[TenantEvent] = msgspec.json.Decoder(TenantEvent)
_CASE_EVENTS: msgspec.json.Decoder[e.CaseEvent] = msgspec.json.Decoder(e.CaseEvent)


class DrawFault(Struct, frozen=True):
    """Something that does not fit: a stable code, and where."""

    code: str
    params: dict[str, object]


class DrawAudit(Struct, frozen=True):
    """What the audit found."""

    draws: int
    repeated: int
    """Decided, and the same person comes out."""
    undecided: int
    from_told_keys: int
    """Whose seed follows from a key that has been told since."""
    fell_back: int
    """Times that nobody was left to draw from."""
    faults: tuple[DrawFault, ...]


class _Keys:
    """The keys on record."""

    def __init__(self) -> None:
        self.committed: dict[str, tuple[str, int | None]] = {}
        self.told: dict[str, bytes] = {}


async def audit_draws(records: DrawRecords, tenant: TenantId) -> DrawAudit:
    """Repeat every draw of a tenant."""
    faults: list[DrawFault] = []
    keys = _read_keys(await records.key_events(tenant), faults)
    draws = told = from_keys = fell_back = 0
    for case, entered in groupby(await records.draw_events(tenant), key=lambda event: event.stream):
        history = []
        for record in entered:
            _check_entered(record, faults)
            event = _CASE_EVENTS.decode(record.payload)
            history.append(event)
            match event:
                case e.VerifierDrawn():
                    draws += 1
                    from_keys += _check_key(case, event, record.position, keys, faults)
                case e.DrawRevealed():
                    told += 1
                case e.DrawFellBack():
                    fell_back += 1
                case _:
                    continue
        faults += [DrawFault(broken.law, {"case": case, **broken.params}) for broken in broken_draws(history)]
    return DrawAudit(draws, told, draws - told, from_keys, fell_back, tuple(faults))


def read_key_events(entered: Sequence[Entered]) -> list[TenantEvent]:
    """The events in these records."""
    return [_KEY_EVENTS.decode(record.payload) for record in entered]


def _read_keys(entered: Sequence[Entered], faults: list[DrawFault]) -> _Keys:
    keys = _Keys()
    for record, event in zip(entered, read_key_events(entered), strict=True):
        _check_entered(record, faults)
        match event:
            case DrawKeyCommitted(key=key, sha256=sha256):
                keys.committed.setdefault(key, (sha256, record.position))
            case DrawKeyRevealed(key=key, secret=secret):
                keys.told[key] = bytes.fromhex(secret)
                if commitment(keys.told[key]) != keys.committed.get(key, ("", None))[0]:
                    faults.append(DrawFault("key_not_as_committed", {"key": key}))
            case _:
                continue
    return keys


def _check_key(case: str, drawn: e.VerifierDrawn, position: int | None, keys: _Keys, faults: list[DrawFault]) -> bool:
    """Whether the draw's key is told and the seed follows from it."""
    where: dict[str, object] = {"case": case, "draw": drawn.draw, "key": drawn.draw_key}
    committed = keys.committed.get(drawn.draw_key)
    if committed is None or (position is not None and (committed[1] is None or committed[1] > position)):
        faults.append(DrawFault("key_not_committed_before", where))
    key = keys.told.get(drawn.draw_key)
    if key is None:
        return False
    seed = draw_seed(hmac.digest(key, case.encode(), "sha256"), drawn.draw)
    if commitment(seed) != drawn.seed_commitment:
        faults.append(DrawFault("seed_not_from_key", where))
        return False
    return True


def _check_entered(record: Entered, faults: list[DrawFault]) -> None:
    """What is read must be what the ledger commits to. An event of the last second has no entry yet."""
    if record.entry is None:
        return
    try:
        entry = read_entry(record.entry)
        check_opening(entry, record.salt, record.payload.encode())
        same = (entry.stream, entry.version) == (record.stream, record.version)
    except LedgerError:
        same = False
    if not same:
        faults.append(DrawFault("event_not_as_entered", {"stream": record.stream, "version": record.version}))
