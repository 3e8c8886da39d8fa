"""Due work in PostgreSQL, claimed with SKIP LOCKED: the worker's role sees what is due, the app's role what it says."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from psycopg.types.json import Jsonb

from anhuan.core.case.outcome import Effect
from anhuan.domain.ids import CaseId, TenantId
from anhuan.ports.due import DueEffect, DueTimer, NearDate, Sameness, Telling
from anhuan.storage.named_sql import load
from anhuan.storage.pool import Pool

CLAIM = timedelta(minutes=2)
"""How long a worker may take over what it has claimed before another may."""
_SQL = load("due")


class PostgresDue:
    """`ports.due.DueStore` on PostgreSQL. `worker` is a pool as anhuan_worker, `app` one as anhuan_app."""

    def __init__(self, worker: Pool, app: Pool) -> None:
        self._worker = worker
        self._app = app

    async def timers(self, now: datetime, limit: int) -> Sequence[DueTimer]:
        """Claim timers that are due, a fair share of each tenant's."""
        async with self._worker.bare_connection() as connection:
            given = {"now": now, "limit": limit, "until": now + CLAIM}
            rows = await (await connection.execute(_SQL["claim_timers"], given)).fetchall()
        return [DueTimer(*row) for row in sorted(rows, key=lambda row: row[-1])]

    async def timer_done(self, timer: DueTimer) -> None:
        """The timer led to nothing new: let it go, unless it has been set anew meanwhile."""
        given = {
            "tenant": timer.tenant,
            "case_id": timer.case,
            "duty_no": timer.duty,
            "step": timer.step,
            "generation": timer.generation,
            "due_at": timer.due_at,
        }
        await self._app.one_trip(timer.tenant, _SQL["timer_done"], given)

    async def effects(self, now: datetime, limit: int) -> Sequence[DueEffect]:
        """Claim effects that are due, a fair share of each tenant's."""
        async with self._worker.bare_connection() as connection:
            given = {"now": now, "limit": limit, "until": now + CLAIM}
            rows = await (await connection.execute(_SQL["claim_effects"], given)).fetchall()
        return sorted((DueEffect(*row) for row in rows), key=lambda due: due.id)

    async def wanted(self, tenant: TenantId, ids: Sequence[int]) -> Mapping[int, Effect]:
        """What claimed effects want done; one that is missing was done already."""
        rows = await self._app.one_trip(tenant, _SQL["wanted"], {"tenant": tenant, "ids": list(ids)})
        return {number: msgspec.convert(effect, Effect) for number, effect in rows}

    async def effects_done(self, tenant: TenantId, ids: Sequence[int]) -> None:
        """They are done and need not be done again."""
        await self._app.one_trip(tenant, _SQL["effects_done"], {"tenant": tenant, "ids": list(ids)})

    async def effect_failed(self, due: DueEffect, why: str, again_at: datetime) -> None:
        """It could not be done; try again later."""
        given = {"tenant": due.tenant, "id": due.id, "why": why[:500], "again_at": again_at}
        await self._app.one_trip(due.tenant, _SQL["effect_failed"], given)

    async def earlier(self, tenant: TenantId, case: CaseId, same: Sameness) -> CaseId | None:
        """The latest closed case of the same kind, older than this one, about the same thing."""
        given = {**msgspec.structs.asdict(same), "closed_as": list(same.closed_as), "tenant": tenant, "case_id": case}
        rows = await self._app.one_trip(tenant, _SQL["earlier"], given)
        return rows[0][0] if rows else None

    async def tell(self, tenant: TenantId, told: Sequence[Telling], at: datetime) -> None:
        """Put notices into people's inboxes, once per effect and person."""
        rows = [
            {
                "person": person,
                "case_id": telling.notice.case,
                "duty_no": telling.notice.duty,
                "template": telling.notice.template,
                "urgent": telling.notice.urgent,
                "effect": str(telling.effect),
            }
            for telling in told
            for person in telling.people
        ]
        if rows:
            await self._app.one_trip(tenant, _SQL["tell"], {"tenant": tenant, "rows": Jsonb(rows), "at": at})

    async def open_cases(self, tenant: TenantId) -> Sequence[CaseId]:
        """Every open case."""
        rows = await self._app.one_trip(tenant, _SQL["open_cases"], {"tenant": tenant})
        return [case for (case,) in rows]

    async def tenants(self) -> Sequence[TenantId]:
        """Every tenant of the installation."""
        async with self._worker.bare_connection() as connection:
            rows = await (await connection.execute(_SQL["tenants"])).fetchall()
        return [tenant for (tenant,) in rows]

    async def last_slot(self, tenant: TenantId, schedule: str) -> datetime | None:
        """The latest slot of a schedule that was seen to."""
        rows = await self._app.one_trip(tenant, _SQL["last_slot"], {"tenant": tenant, "schedule": schedule})
        return rows[0][0] if rows else None

    async def slot_seen(self, tenant: TenantId, schedule: str, starts_at: datetime, case: CaseId | None) -> None:
        """A slot has been seen to: it raised a case, or (None) was missed."""
        given = {"tenant": tenant, "schedule": schedule, "starts_at": starts_at, "case_id": case}
        await self._app.one_trip(tenant, _SQL["slot_seen"], given)

    async def dates_seen(self, tenant: TenantId, near: Sequence[NearDate]) -> frozenset[NearDate]:
        """Those of the dates that have raised their case already."""
        given = {"tenant": tenant, "near": Jsonb([msgspec.to_builtins(one) for one in near])}
        rows = await self._app.one_trip(tenant, _SQL["dates_seen"], given)
        return frozenset(
            NearDate(kind=kind, item_kind=item_kind, item=item, field=field, due_on=due_on)
            for kind, item_kind, item, field, due_on in rows
        )

    async def date_seen(self, tenant: TenantId, near: NearDate, case: CaseId) -> None:
        """A date has raised a case."""
        given = {**msgspec.structs.asdict(near), "tenant": tenant, "case_id": case}
        await self._app.one_trip(tenant, _SQL["date_seen"], given)
