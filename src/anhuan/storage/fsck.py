"""One tenant as it stands at one moment, for a full check: a read-only transaction that sees no later write."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from anhuan.domain.ids import AccountId, TenantId
from anhuan.ledger.merkle import Edge
from anhuan.ports.fsck import Counts, Row, StoredEvent, StoredRows
from anhuan.ports.ledger import Head, LoggedEntry
from anhuan.storage.named_sql import load
from anhuan.storage.pool import Connection, Pool

_SQL = load("fsck")
_BEGIN = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_SET_TENANT = b"SELECT set_config('anhuan.tenant', %s, true), set_config('statement_timeout', '10min', true)"


class PostgresFsck:
    """`ports.fsck.FsckStore` on PostgreSQL. `pool` is one as anhuan_app."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @asynccontextmanager
    async def snapshot(self, tenant: TenantId) -> AsyncIterator["PostgresSnapshot"]:
        """One tenant as it stands now, whatever is written meanwhile."""
        async with self._pool.bare_connection() as connection:
            await connection.execute(_BEGIN)
            try:
                await connection.execute(_SET_TENANT, (tenant,))
                yield PostgresSnapshot(connection, tenant)
            finally:
                if not connection.closed:
                    await connection.rollback()


class PostgresSnapshot:
    """`ports.fsck.Snapshot` in an open transaction."""

    def __init__(self, connection: Connection, tenant: TenantId) -> None:
        self._connection = connection
        self._tenant = tenant

    async def _rows(self, name: str, **given: object) -> list[Any]:
        cursor = await self._connection.execute(_SQL[name], {"tenant": self._tenant, **given})
        return await cursor.fetchall()

    async def counts(self) -> Counts:
        """How much there is."""
        return Counts(*(await self._rows("counts"))[0])

    async def streams(self, after: str, limit: int) -> Sequence[str]:
        """The next streams by name."""
        return [stream for (stream,) in await self._rows("streams", after=after, limit=limit)]

    async def events(self, streams: Sequence[str]) -> Sequence[StoredEvent]:
        """Their events, by stream and version."""
        return [StoredEvent(*row) for row in await self._rows("events", streams=list(streams))]

    async def rows(self, streams: Sequence[str]) -> Mapping[str, StoredRows]:
        """What is stored beside the events, by case."""
        cases: dict[str, Row] = dict(await self._rows("case_rows", streams=list(streams)))
        duties: dict[str, list[Row]] = {}
        timers: dict[str, list[Row]] = {}
        for case, row in await self._rows("duty_rows", streams=list(streams)):
            duties.setdefault(case, []).append(row)
        for case, row in await self._rows("timer_rows", streams=list(streams)):
            timers.setdefault(case, []).append(row)
        return {case: StoredRows(cases.get(case), duties.get(case, ()), timers.get(case, ())) for case in streams}

    async def accounts(self, ids: Sequence[AccountId]) -> Mapping[AccountId, Row]:
        """What events tell of accounts as it is stored, by id."""
        return {AccountId(id): row for id, row in await self._rows("accounts", ids=list(ids))}

    async def head(self) -> Head:
        """The log's head."""
        rows = await self._rows("head")
        if not rows:
            return Head()
        edge, checkpoint, signed_at = rows[0]
        return Head(Edge.from_bytes(edge), checkpoint.encode(), signed_at)

    async def entries(self, first: int, stop: int) -> Sequence[LoggedEntry]:
        """The entries at these places, in order."""
        return [LoggedEntry(*row) for row in await self._rows("entries", first=first, stop=stop)]

    async def hashes(self, tiles: Sequence[tuple[int, int]]) -> Mapping[tuple[int, int], bytes]:
        """Hash tiles by (level, index)."""
        levels, indexes = [level for level, _ in tiles], [index for _, index in tiles]
        rows = await self._rows("hashes", levels=levels, tiles=indexes)
        return {(level, index): hashes for level, index, hashes in rows}

    async def tile_count(self) -> int:
        """How many hash tiles are stored."""
        return int((await self._rows("tile_count"))[0][0])

    async def unfounded(self) -> Sequence[tuple[str, int]]:
        """(stream, version) of entries and pending rows whose event is not there."""
        return await self._rows("unfounded")

    async def plant(self) -> tuple[int, Mapping[tuple[str, str], Row]]:
        """The plant's version and its items' bodies by (kind, id)."""
        version = (await self._rows("plant_version"))[0][0]
        return version, {(kind, item): body for kind, item, body in await self._rows("plant")}

    async def packs(self) -> Mapping[tuple[str, str], tuple[Mapping[str, str], bool]]:
        """Files of each published version, and whether new cases begin in it."""
        return {(name, version): (files, current) for name, version, files, current in await self._rows("packs")}
