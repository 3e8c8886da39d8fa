"""Cases in PostgreSQL: loaded by folding their events, stored by the group writer."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import errors

from anhuan.core.case.events import CaseEvent
from anhuan.core.case.evolve import fold
from anhuan.core.case.state import Case
from anhuan.domain.ids import CaseId, PersonId, TenantId
from anhuan.ports.cases import CaseWrite, CommandKey, FoldTaken, KeyConflict, Repeated, Stale
from anhuan.ports.clock import NewId
from anhuan.ports.tenant_events import is_case
from anhuan.storage.group import GroupWriter
from anhuan.storage.named_sql import load
from anhuan.storage.pool import Pool

NUMBER_BLOCK = 50
"""Numbers that a process leases at once; what it has not given when it ends is a gap."""
_SQL = load("cases")
_EVENTS: msgspec.json.Decoder[CaseEvent] = msgspec.json.Decoder(CaseEvent)


class PostgresCases:
    """`ports.cases.CaseStore` on PostgreSQL."""

    def __init__(self, pool: Pool, writer: GroupWriter, new_id: NewId) -> None:
        self._pool = pool
        self._writer = writer
        self._new_id = new_id
        self._blocks: dict[tuple[TenantId, str], list[int]] = {}
        self._leasing = asyncio.Lock()

    async def load(self, tenant: TenantId, case: CaseId) -> Case | None:
        """The case, folded from its events; None: there is none."""
        events = await self.events(tenant, case)
        return fold(events) if events else None

    async def events(self, tenant: TenantId, case: CaseId) -> Sequence[CaseEvent]:
        """All events of a case, in order; none of what is no case."""
        if not is_case(case):
            return []
        rows = await self._pool.one_trip(tenant, _SQL["events_of"], {"tenant": tenant, "stream": case})
        return [_EVENTS.decode(payload) for (payload,) in rows]

    async def commit(self, write: CaseWrite) -> None:
        """Store a decision durably. Raises Stale, Repeated, KeyConflict or FoldTaken, having stored nothing of it."""
        try:
            await self._writer.store(write)
        except errors.UniqueViolation as violation:
            await self._explain(write, str(violation.diag.constraint_name))
            raise

    async def _explain(self, write: CaseWrite, constraint: str) -> None:
        """Say what a broken unique index means."""
        match constraint:
            case "command_key_pkey":
                await self._explain_key(write)
            case "case_row_fold":
                found = await self._fold(write)
                raise FoldTaken(found) if found else Stale(write.tenant)
            case "event_pkey" | "case_row_pkey" | "duty_row_pkey":
                raise Stale(write.tenant)

    async def _explain_key(self, write: CaseWrite) -> None:
        assert write.key is not None
        case = await self.used(write.tenant, write.key, write.at, write.by)
        raise Stale(write.tenant) if case is None else Repeated(case)

    async def used(self, tenant: TenantId, key: CommandKey, at: datetime, by: PersonId | None) -> CaseId | None:
        """The case that a command under this key was carried out on; None: the key is unused.

        Raises KeyConflict when it was another command; what came now is kept.
        """
        named = {"tenant": tenant, "key": key.key}
        rows = await self._pool.one_trip(tenant, _SQL["key_used"], named)
        if not rows:
            return None
        body_hash, case = rows[0]
        if body_hash == key.body_hash:
            return CaseId(case)
        kept: dict[str, Any] = {
            **named,
            "id": self._new_id(),
            "case_id": case,
            "body": key.body,
            "at": at,
            "by": by,
        }
        await self._pool.one_trip(tenant, _SQL["keep_conflict"], kept)
        raise KeyConflict(CaseId(case))

    async def _fold(self, write: CaseWrite) -> CaseId | None:
        given = {"tenant": write.tenant, "kind": write.case.kind, "fold_key": write.case.fold_key}
        rows = await self._pool.one_trip(write.tenant, _SQL["open_fold"], given)
        return rows[0][0] if rows else None

    async def loads(self, tenant: TenantId) -> Mapping[PersonId, int]:
        """How many blind duties each person owes now."""
        return dict(await self._pool.one_trip(tenant, _SQL["loads"], {"tenant": tenant}))

    async def children(self, tenant: TenantId, case: CaseId) -> int:
        """How many cases have been reported at a case."""
        rows = await self._pool.one_trip(tenant, _SQL["children"], {"tenant": tenant, "case": case})
        return int(rows[0][0])

    async def number(self, tenant: TenantId, series: str) -> int:
        """The next number of a series; never given twice, gaps allowed."""
        block = self._blocks.setdefault((tenant, series), [])
        if not block:
            async with self._leasing:
                if not block:
                    given = {"tenant": tenant, "series": series, "size": NUMBER_BLOCK}
                    first = (await self._pool.one_trip(tenant, _SQL["lease_numbers"], given))[0][0]
                    block.extend(range(first + NUMBER_BLOCK - 1, first - 1, -1))
        return block.pop()

    async def every_case(self, tenant: TenantId) -> AsyncIterator[CaseId]:
        """The ids of all cases, for going through them one by one."""
        after = ""
        while True:
            given = {"tenant": tenant, "after": after, "limit": 1000}
            rows = await self._pool.one_trip(tenant, _SQL["case_ids"], given)
            for (case,) in rows:
                yield case
            if not rows:
                return
            after = rows[-1][0]

    async def stored_rows(self, tenant: TenantId, case: CaseId) -> tuple[Any, Any, Any]:
        """The case's row, its duties and its timers as they are stored."""
        given = {"tenant": tenant, "case_id": case}
        rows = await self._pool.one_trip(tenant, _SQL["stored_rows"], given)
        return rows[0][0], rows[0][1], rows[0][2]
