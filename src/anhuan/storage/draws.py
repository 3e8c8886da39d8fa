"""What was drawn and from which keys, as an auditor reads it from PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime

from anhuan.domain.ids import TenantId
from anhuan.ports.draws import Entered
from anhuan.storage.named_sql import load
from anhuan.storage.pool import Pool

_SQL = load("draws")


class PostgresDraws:
    """`ports.draws.DrawRecords` on PostgreSQL."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def key_events(self, tenant: TenantId) -> Sequence[Entered]:
        """Commitments and revelations of draw keys, in order."""
        rows = await self._pool.one_trip(tenant, _SQL["key_events"], {"tenant": tenant})
        return [Entered(*row) for row in rows]

    async def draw_events(self, tenant: TenantId) -> Sequence[Entered]:
        """Of each case that drew: its draws, what was told of them, and the ends of duties; in order by case."""
        rows = await self._pool.one_trip(tenant, _SQL["draw_events"], {"tenant": tenant})
        return [Entered(*row) for row in rows]

    async def open_before(self, tenant: TenantId, at: datetime) -> int:
        """How many cases are open that were opened before a moment."""
        rows = await self._pool.one_trip(tenant, _SQL["open_before"], {"tenant": tenant, "at": at})
        return int(rows[0][0])
