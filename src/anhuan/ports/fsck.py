"""What a full check needs of the store: everything of one tenant, as it stood at one moment."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from anhuan.domain.ids import AccountId, TenantId
from anhuan.ports.ledger import Head, LoggedEntry

Row = Mapping[str, object]
"""A row as JSON values, by column."""


class StoredEvent(Struct, frozen=True):
    """An event, and how it stands in the ledger."""

    stream: str
    version: int
    type: str
    at: datetime
    by: str | None
    payload: str
    salt: bytes
    position: int | None
    """Of its entry, from 0; None: it has none."""
    entry: bytes | None
    is_pending: bool


class StoredRows(Struct, frozen=True):
    """What is stored of a case beside its events."""

    case: Row | None
    duties: Sequence[Row]
    timers: Sequence[Row]


class Counts(Struct, frozen=True):
    """How much there is to check."""

    streams: int
    events: int
    entries: int


class Snapshot(Protocol):
    """One tenant at one moment."""

    async def counts(self) -> Counts:
        """How much there is."""

    async def streams(self, after: str, limit: int) -> Sequence[str]:
        """The next streams by name: whatever has events, a case row, a duty, a timer or an account."""

    async def events(self, streams: Sequence[str]) -> Sequence[StoredEvent]:
        """Their events, by stream and version."""

    async def rows(self, streams: Sequence[str]) -> Mapping[str, StoredRows]:
        """What is stored beside the events, by case."""

    async def accounts(self, ids: Sequence[AccountId]) -> Mapping[AccountId, Row]:
        """What events tell of accounts as it is stored, by id: the fields of core.account.state.AccountState."""

    async def head(self) -> Head:
        """The log's head."""

    async def entries(self, first: int, stop: int) -> Sequence[LoggedEntry]:
        """The entries at these places, in order."""

    async def hashes(self, tiles: Sequence[tuple[int, int]]) -> Mapping[tuple[int, int], bytes]:
        """Hash tiles by (level, index)."""

    async def tile_count(self) -> int:
        """How many hash tiles are stored."""

    async def unfounded(self) -> Sequence[tuple[str, int]]:
        """(stream, version) of entries and pending rows whose event is not there."""

    async def plant(self) -> tuple[int, Mapping[tuple[str, str], Row]]:
        """The plant's version and its items' bodies by (kind, id)."""

    async def packs(self) -> Mapping[tuple[str, str], tuple[Mapping[str, str], bool]]:
        """Files of each published version, and whether new cases begin in it."""


class FsckStore(Protocol):
    """Where everything is kept."""

    def snapshot(self, tenant: TenantId) -> AbstractAsyncContextManager[Snapshot]:
        """One tenant as it stands now, whatever is written meanwhile."""
