"""Listening to what the sequencer calls out: one connection of its own per process, opened again whenever it breaks."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence

import msgspec
import psycopg
from psycopg import sql

from anhuan.domain.ids import TenantId
from anhuan.ports.ledger import LIVE_CHANNEL
from anhuan.ports.live import Called, Change, Since
from anhuan.storage.named_sql import load
from anhuan.storage.pool import Pool
from anhuan.storage.roles import APP

log = logging.getLogger(__name__)

AGAIN_AFTER_S = 1.0
SILENCE_S = 15.0
"""After so long without a call the connection is tried, since a network that went away says nothing."""
_SQL = load("live")
_CALLED = msgspec.json.Decoder(Called)


class PostgresLive:
    """`ports.live.LiveStore`. `dsn` connects as anhuan_app or a member of it."""

    def __init__(self, pool: Pool, dsn: str) -> None:
        self._pool = pool
        self._dsn = dsn

    async def listen(self) -> AsyncIterator[Called | None]:
        """Calls for ever; None each time that listening begins (anew)."""
        while True:
            try:
                async for called in self._listen_once():
                    yield called
            except psycopg.OperationalError as fault:
                log.warning("live: the database is away, listening again in %g s: %s", AGAIN_AFTER_S, fault)
            await asyncio.sleep(AGAIN_AFTER_S)

    async def _listen_once(self) -> AsyncIterator[Called | None]:
        connection = await psycopg.AsyncConnection.connect(
            self._dsn, autocommit=True, options=f"-c role={APP}", application_name="anhuan live"
        )
        async with connection:
            await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(LIVE_CHANNEL)))
            yield None
            while True:
                async for notify in connection.notifies(timeout=SILENCE_S):
                    yield _CALLED.decode(notify.payload)
                await connection.execute("SELECT 1")

    async def changes(self, called: Called) -> Sequence[Change]:
        """The called streams with what must be known of them."""
        given = {"tenant": called.tenant, "ids": [stream for stream, _, _ in called.changed]}
        rows = await self._pool.one_trip(called.tenant, _SQL["briefs"], given)
        known = {case: (kind, frozenset(parts)) for case, kind, parts in rows}
        return [
            Change(stream, version, position, *known.get(stream, (None, frozenset())))
            for stream, version, position in called.changed
        ]

    async def since(self, tenant: TenantId, position: int | None, limit: int) -> Since:
        """What was entered after `position` (None: only where the log ends now), at most `limit` entries back."""
        rows = await self._pool.one_trip(tenant, _SQL["size"], {"tenant": tenant})
        size = rows[0][0] if rows else 0
        if position is None or position + 1 == size:
            return Since((), size - 1, False)
        if position + 1 > size or size - position - 1 > limit:
            return Since((), size - 1, True)
        given = {"tenant": tenant, "position": position, "size": size}
        found = await self._pool.one_trip(tenant, _SQL["since"], given)
        changes = [
            Change(stream, version, at, kind, frozenset(parts or ())) for stream, version, at, kind, parts in found
        ]
        return Since(changes, size - 1, False)
