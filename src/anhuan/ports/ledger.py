"""What the use cases need of the place where the ledger is kept: pending events, entries, tiles and the head."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import NamedTuple, Protocol

from msgspec import Struct

from anhuan.domain.ids import TenantId
from anhuan.ledger.extend import Extension
from anhuan.ledger.merkle import Edge

LIVE_CHANNEL = "anhuan_live"
"""Where news of what was entered is called out."""


class LedgerDamaged(Exception):
    """What is stored of the ledger does not fit together, so nothing may be added; `anhuan fsck` says where."""


class PendingEvent(NamedTuple):
    """An event that waits for its entry. A tuple, as thousands are read at a time."""

    id: int
    stream: str
    version: int
    type: str
    at: datetime
    payload: str
    """JSON, byte for byte what the entry commits to."""
    salt: bytes


class Head(Struct, frozen=True):
    """The state of a tenant's log."""

    edge: Edge = Edge()
    checkpoint: bytes | None = None
    """The last signed checkpoint, a note; None: nothing was entered yet."""
    signed_at: datetime | None = None


class Growth(Struct, frozen=True):
    """What one turn adds to a log; stored whole or not at all."""

    events: Sequence[PendingEvent]
    entries: Sequence[bytes]
    extension: Extension
    checkpoint: bytes
    signed_at: datetime
    news: Sequence[str]
    """What is called out on LIVE_CHANNEL once it is stored."""


class LedgerTurn(Protocol):
    """One tenant's log while nobody else may add to it."""

    @property
    def head(self) -> Head:
        """The log as it is."""

    @property
    def events(self) -> Sequence[PendingEvent]:
        """What waits, oldest first; each stream in the order of its versions."""

    async def store(self, growth: Growth) -> None:
        """Add to the log and let go of what waited. Raises LedgerDamaged, having stored nothing."""


class LedgerStore(Protocol):
    """Where the sequencer finds what waits and keeps the log."""

    async def waiting(self) -> Sequence[TenantId]:
        """The tenants of which something waits."""

    def turn(self, tenant: TenantId, limit: int) -> AbstractAsyncContextManager[LedgerTurn | None]:
        """The tenant's log and at most `limit` of what waits, in a transaction that ends with the block.

        None: another process has its turn.
        """


class LoggedEntry(Struct, frozen=True):
    """One entry of the log, and which event it is of."""

    position: int
    """From 0."""
    stream: str
    version: int
    entry: bytes


class LedgerReading(Protocol):
    """Reading a log: for exports, proofs and whoever asks."""

    async def head(self, tenant: TenantId) -> Head:
        """The log's state."""

    async def hashes(self, tenant: TenantId, tiles: Sequence[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
        """The hash tiles stored for these (level, index); those that are not there are left out."""

    async def entries(self, tenant: TenantId, first: int, stop: int) -> Sequence[bytes]:
        """The entries from one position up to, not including, another."""

    async def entry_of(self, tenant: TenantId, stream: str, version: int) -> LoggedEntry | None:
        """The entry of an event; None: it has none (yet)."""
