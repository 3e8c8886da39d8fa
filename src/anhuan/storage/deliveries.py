"""The queue of records that are owed to another system, in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from anhuan.domain.ids import TenantId
from anhuan.ports.deliveries import Delivery
from anhuan.storage.named_sql import load
from anhuan.storage.pool import Pool

CLAIM = timedelta(minutes=5)
"""How long a worker may take over what it has claimed before another may: all of a batch, each with its time-out."""
_SQL = load("deliveries")


class PostgresDeliveries:
    """`ports.deliveries.DeliveryStore` on PostgreSQL, as anhuan_app within one tenant."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def owe(self, tenant: TenantId, delivery: str, body: str, at: datetime) -> None:
        """A record is owed, once."""
        given = {"tenant": tenant, "id": delivery, "body": body, "at": at}
        await self._pool.one_trip(tenant, _SQL["owe"], given)

    async def due(self, tenant: TenantId, now: datetime, limit: int) -> Sequence[Delivery]:
        """Claim what is due, the oldest first."""
        given = {"tenant": tenant, "now": now, "limit": limit, "until": now + CLAIM}
        rows = await self._pool.one_trip(tenant, _SQL["claim"], given)
        return [Delivery(id=key, body=body, attempts=n) for key, body, n, _ in sorted(rows, key=lambda row: row[3])]

    async def delivered(self, tenant: TenantId, delivery: str, at: datetime) -> None:
        """It was taken."""
        await self._pool.one_trip(tenant, _SQL["delivered"], {"tenant": tenant, "id": delivery, "at": at})

    async def failed(self, tenant: TenantId, delivery: str, why: str, again_at: datetime) -> None:
        """It was not taken; it is sent again later."""
        given = {"tenant": tenant, "id": delivery, "why": why[:500], "again_at": again_at}
        await self._pool.one_trip(tenant, _SQL["failed"], given)
