"""The ledger in PostgreSQL: entries, hash tiles that only grow, and the head that says how far the log goes.

The worker's role sees of which tenants something waits; everything else is read and written under the tenant's own
setting, as the app's role. Entry bundles are not stored: they are made of the entries when somebody wants files.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from anhuan.domain.ids import TenantId
from anhuan.ledger.merkle import HASH_BYTES, Edge
from anhuan.ledger.tiles import ENTRIES
from anhuan.ports.ledger import LIVE_CHANNEL, Growth, Head, LedgerDamaged, LoggedEntry, PendingEvent
from anhuan.storage.named_sql import load
from anhuan.storage.pool import Connection, Pool

_SQL = load("ledger")


class PostgresLedger:
    """`ports.ledger.LedgerStore` and `LedgerReading`. `worker` is a pool as anhuan_worker, `app` one as anhuan_app."""

    def __init__(self, worker: Pool, app: Pool) -> None:
        self._worker = worker
        self._app = app

    async def waiting(self) -> Sequence[TenantId]:
        """The tenants of which something waits."""
        async with self._worker.bare_connection() as connection:
            rows = await (await connection.execute(_SQL["waiting"])).fetchall()
        return [tenant for (tenant,) in rows]

    @asynccontextmanager
    async def turn(self, tenant: TenantId, limit: int) -> AsyncIterator["PostgresTurn | None"]:
        """The tenant's log and at most `limit` of what waits; None: another process has its turn."""
        given = {"tenant": tenant, "limit": limit}
        async with self._app.tenant_connection(tenant) as connection:
            # Each statement looks at the database anew, so what is read here is read after the lock was taken.
            async with connection.pipeline():
                taken = await connection.execute(_SQL["take_turn"], given)
                head = await connection.execute(_SQL["head"], given)
                pending = await connection.execute(_SQL["pending"], given, binary=True)
            row = await taken.fetchone()
            if row is None or not row[0]:
                yield None
                return
            events = [PendingEvent._make(row) for row in await pending.fetchall()]
            yield PostgresTurn(connection, tenant, _head(await head.fetchone()), events)

    async def head(self, tenant: TenantId) -> Head:
        """The log's state."""
        rows = await self._app.one_trip(tenant, _SQL["head"], {"tenant": tenant})
        return _head(rows[0] if rows else None)

    async def hashes(self, tenant: TenantId, tiles: Sequence[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
        """The hash tiles stored for these (level, index); those that are not there are left out."""
        given = {"tenant": tenant, "levels": [level for level, _ in tiles], "tiles": [tile for _, tile in tiles]}
        rows = await self._app.one_trip(tenant, _SQL["hashes"], given)
        return {(level, tile): hashes for level, tile, hashes in rows}

    async def entries(self, tenant: TenantId, first: int, stop: int) -> Sequence[bytes]:
        """The entries from one position up to, not including, another."""
        given = {"tenant": tenant, "first": first, "stop": stop}
        return [entry for (entry,) in await self._app.one_trip(tenant, _SQL["entries"], given)]

    async def entry_of(self, tenant: TenantId, stream: str, version: int) -> LoggedEntry | None:
        """The entry of an event; None: it has none (yet)."""
        given = {"tenant": tenant, "stream": stream, "version": version}
        rows = await self._app.one_trip(tenant, _SQL["entry_of"], given)
        return LoggedEntry(*rows[0]) if rows else None


class PostgresTurn:
    """`ports.ledger.LedgerTurn` in an open transaction that holds the tenant's lock."""

    def __init__(self, connection: Connection, tenant: TenantId, head: Head, events: Sequence[PendingEvent]) -> None:
        self._connection = connection
        self._tenant = tenant
        self.head = head
        self.events = events

    async def store(self, growth: Growth) -> None:
        """Add to the log. Raises LedgerDamaged, and the transaction must not be committed then."""
        pieces = [piece for piece in growth.extension.pieces if piece.tile.level != ENTRIES]
        given = {
            "tenant": self._tenant,
            "first": self.head.edge.size,
            # As two texts: an array of a thousand values costs many times as much to write down.
            "entries": b"\n".join(growth.entries).decode(),
            "ids": "{" + ",".join([str(event.id) for event in growth.events]) + "}",
            "levels": [piece.tile.level for piece in pieces],
            "tiles": [piece.tile.index for piece in pieces],
            "hashes": [piece.data for piece in pieces],
            "size": growth.extension.size,
            "edge": growth.extension.edge.to_bytes(),
            "checkpoint": growth.checkpoint.decode(),
            "signed_at": growth.signed_at,
            "channel": LIVE_CHANNEL,
            "news": list(growth.news),
        }
        row = await (await self._connection.execute(_SQL["grow"], given)).fetchone()
        widths = [[piece.tile.level, piece.tile.index, piece.tile.width * HASH_BYTES] for piece in pieces]
        wanted = (len(growth.events), 1, widths, len(growth.news))
        if row != wanted:
            raise LedgerDamaged(f"the ledger of {self._tenant} is not as it was left: {_difference(row, wanted)}")


def _head(row: tuple[object, ...] | None) -> Head:
    if row is None:
        return Head()
    edge, checkpoint, signed_at = row
    return Head(Edge.from_bytes(edge), checkpoint.encode(), signed_at)  # type: ignore[arg-type, attr-defined]


def _difference(found: tuple[object, ...] | None, wanted: tuple[object, ...]) -> str:
    names = ("entries", "head", "tiles (level, tile, bytes)", "news")
    pairs = zip(names, found or (None,) * len(names), wanted, strict=True)
    return "; ".join(f"{name} {seen}, not {due}" for name, seen, due in pairs if seen != due)
