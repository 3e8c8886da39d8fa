"""Lists in PostgreSQL: the register with its filters and keyset pages, tasks, notices and saved views.

A register statement is put together from the conditions below, only those that are asked for, so that the planner sees
what is really wanted; nothing that a caller sends ever becomes part of the text. Statements are not prepared: each is
planned for its own values.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg.rows import TupleRow

from anhuan.core.case.events import CaseEvent
from anhuan.domain.ids import AccountId, CaseId, PersonId, TenantId
from anhuan.ports.register import (
    CaseFilter,
    NoticeRow,
    PageEnd,
    RegisterRow,
    SavedView,
    Sort,
    TaskCounts,
    TaskQuery,
    TaskRef,
    Viewing,
)
from anhuan.ports.rows import CaseRow
from anhuan.storage.named_sql import load
from anhuan.storage.pool import Pool

_SQL = load("register")
_EVENT: msgspec.json.Decoder[CaseEvent] = msgspec.json.Decoder(CaseEvent)

_CONDITIONS: Mapping[str, str] = {
    "kind": "c.kind = %(kind)s",
    "status": "c.status = %(status)s",
    "stage": "c.stage = %(stage)s",
    "areas": "c.area = ANY(%(areas)s)",
    "equipment": "c.equipment = %(equipment)s",
    "category": "c.category = %(category)s",
    "risk_level": "c.risk_level = %(risk_level)s",
    "mine": "c.parts && %(mine)s",
    "imported": "c.imported = %(imported)s",
    "opened_from": "c.opened_at >= %(opened_from)s",
    "opened_until": "c.opened_at < %(opened_until)s",
    "found_from": "c.found_at >= %(found_from)s",
    "found_until": "c.found_at < %(found_until)s",
    "closed_from": "c.closed_at >= %(closed_from)s",
    "closed_until": "c.closed_at < %(closed_until)s",
    "source": "coalesce(c.fields ->> %(source_field)s, c.source) = %(source)s",
    "team": "c.teams @> ARRAY[%(team)s::text]",
    "waits_for": "c.waits_for = %(waits_for)s",
    "outcome": "c.outcome = %(outcome)s",
    "parents": "c.parent = ANY(%(parents)s)",
    "reported_by": "c.reporter = ANY(%(reported_by)s)",
}
_ONE_OF: Mapping[str, Mapping[object, str]] = {
    "overdue": {True: "c.overdue_at IS NOT NULL", False: "c.overdue_at IS NULL"},
    "deferred": {True: "c.deferrals > 0", False: "c.deferrals = 0"},
    "origin": {"live": "c.source <> 'import'", "register": "c.source = 'import'"},
}
_NEVER_EMPTY = frozenset({"opened_at", "found_at", "number"})
_CASE_FIELDS = len(CaseRow.__struct_fields__)


class PostgresRegister:
    """`ports.register.RegisterStore` on PostgreSQL."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def cases(
        self, tenant: TenantId, viewing: Viewing, wanted: CaseFilter, sort: Sort, limit: int, after: PageEnd | None
    ) -> Sequence[RegisterRow]:
        """Cases that the viewer may see, at most `limit`."""
        conditions, given = _conditions(viewing, wanted)
        order = _Order(sort)
        if after is not None:
            conditions.append(order.after(after))
            given |= {"after_value": after.value, "after_id": after.id}
        return await self._cases(tenant, viewing, conditions, given, order, limit)

    async def _cases(
        self,
        tenant: TenantId,
        viewing: Viewing,
        conditions: Sequence[str],
        given: Mapping[str, object],
        order: "_Order",
        limit: int,
    ) -> Sequence[RegisterRow]:
        statement = _filled(_SQL["cases"], conditions, order)
        params = {
            **given,
            "tenant": tenant,
            "answering": list(viewing.answering),
            "person": f"person:{viewing.person}",
            "limit": limit,
        }
        return [_register_row(row) for row in await self._rows(tenant, statement, params)]

    async def count(self, tenant: TenantId, viewing: Viewing, wanted: CaseFilter, most: int) -> int:
        """How many there are, counted no further than `most`."""
        conditions, given = _conditions(viewing, wanted)
        rows = await self._rows(
            tenant, _filled(_SQL["count_cases"], conditions), {**given, "tenant": tenant, "most": most}
        )
        return int(rows[0][0])

    async def briefs(self, tenant: TenantId, viewing: Viewing, cases: Collection[CaseId]) -> Sequence[RegisterRow]:
        """Those of the cases that the viewer may see."""
        if not cases:
            return []
        conditions, given = _conditions(viewing, CaseFilter())
        conditions.append("c.id = ANY(%(ids)s)")
        return await self._cases(tenant, viewing, conditions, {**given, "ids": list(cases)}, _Order(Sort()), len(cases))

    async def candidates(
        self, tenant: TenantId, viewing: Viewing, kind: str, area: str | None, equipment: str | None, limit: int
    ) -> Sequence[RegisterRow]:
        """Open cases at the same equipment, or without equipment in the same area; the newest, whoever may see them."""
        place = "c.equipment = %(equipment)s" if equipment else "c.equipment IS NULL AND c.area = %(area)s"
        conditions = ["c.kind = %(kind)s", "c.status = 'open'", place]
        given = {"kind": kind, "area": area, "equipment": equipment}
        return await self._cases(tenant, viewing, conditions, given, _Order(Sort()), limit)

    # --- tasks

    async def tasks(self, tenant: TenantId, query: TaskQuery, limit: int, after: TaskRef | None) -> Sequence[TaskRef]:
        """Open duties, the most urgent first."""
        given = {
            **_owed(tenant, query),
            "limit": limit,
            "after_due": after.due_at if after else None,
            "after_case": after.case if after else None,
            "after_no": after.duty if after else None,
        }
        statement = _SQL["all_tasks"] if query.parties is None else _SQL["tasks"]
        return [TaskRef(*row) for row in await self._rows(tenant, statement, given)]

    async def task_counts(self, tenant: TenantId, mine: TaskQuery, team: TaskQuery, now: datetime) -> TaskCounts:
        """How many tasks are mine, how many of those overdue, and how many my team's."""
        counts = []
        async with self._pool.tenant_connection(tenant) as connection:
            for query in (mine, team):
                given = {**_owed(tenant, query), "now": now}
                row = await (await connection.execute(_SQL["count_tasks"], given, prepare=False)).fetchone()
                counts.append(row or (0, 0))
        return TaskCounts(counts[0][0], counts[0][1], counts[1][0])

    async def histories(self, tenant: TenantId, cases: Collection[CaseId]) -> Mapping[CaseId, Sequence[CaseEvent]]:
        """The events of several cases at once."""
        found: dict[CaseId, list[CaseEvent]] = {}
        given = {"tenant": tenant, "cases": list(cases)}
        for stream, payload in await self._rows(tenant, _SQL["histories"], given) if cases else ():
            found.setdefault(CaseId(stream), []).append(_EVENT.decode(payload))
        return found

    # --- notices and views

    async def notices(
        self, tenant: TenantId, person: PersonId, unseen: bool, limit: int, before: int | None
    ) -> Sequence[NoticeRow]:
        """A person's notices, newest first."""
        given = {"tenant": tenant, "person": person, "unseen": unseen, "before": before, "limit": limit}
        return [NoticeRow(*row) for row in await self._rows(tenant, _SQL["notices"], given)]

    async def unseen(self, tenant: TenantId, person: PersonId) -> int:
        """How many notices a person has not seen."""
        return int((await self._rows(tenant, _SQL["unseen"], {"tenant": tenant, "person": person}))[0][0])

    async def see(self, tenant: TenantId, person: PersonId, ids: Collection[int], at: datetime) -> None:
        """The person has seen these."""
        await self._rows(tenant, _SQL["see"], {"tenant": tenant, "person": person, "ids": list(ids), "at": at})

    async def views(self, tenant: TenantId, account: AccountId) -> Sequence[SavedView]:
        """The views that an account keeps."""
        rows = await self._rows(tenant, _SQL["views"], {"tenant": tenant, "account": account})
        return [SavedView(*row) for row in rows]

    async def keep_view(self, tenant: TenantId, account: AccountId, view: SavedView) -> None:
        """Keep a view, new or changed."""
        given = {"tenant": tenant, "account": account, **msgspec.structs.asdict(view)}
        await self._rows(tenant, _SQL["keep_view"], given)

    async def drop_view(self, tenant: TenantId, account: AccountId, view: str) -> bool:
        """Whether there was such a view to drop."""
        given = {"tenant": tenant, "account": account, "id": view}
        return bool(await self._rows(tenant, _SQL["drop_view"], given))

    async def _rows(self, tenant: TenantId, statement: bytes, given: Mapping[str, object]) -> Sequence[TupleRow]:
        async with self._pool.tenant_connection(tenant) as connection:
            cursor = await connection.execute(statement, given, prepare=False)
            return await cursor.fetchall() if cursor.description else []


def _owed(tenant: TenantId, query: TaskQuery) -> dict[str, object]:
    return {
        "tenant": tenant,
        "parties": list(query.parties or ()),
        "claimed_by": list(query.claimed_by),
        "unless": query.unless_claimed_by_others,
        "person": f"person:{query.person}",
    }


def _register_row(row: TupleRow) -> RegisterRow:
    *columns, owners, is_blind, end = row
    case = CaseRow(**dict(zip(CaseRow.__struct_fields__, columns, strict=True)))
    return RegisterRow(case, tuple(owners), is_blind, PageEnd(end, case.id))


def _conditions(viewing: Viewing, wanted: CaseFilter) -> tuple[list[str], dict[str, object]]:
    """The conditions that are asked for, and their values."""
    asked = {name: value for name in _CONDITIONS if (value := getattr(wanted, name)) is not None}
    conditions = [_CONDITIONS[name] for name in asked]
    given: dict[str, Any] = {
        name: list(value) if isinstance(value, tuple | frozenset) else value for name, value in asked.items()
    }
    given["source_field"] = wanted.source_field
    conditions += [texts[value] for name, texts in _ONE_OF.items() if (value := getattr(wanted, name)) is not None]
    for number, word in enumerate(wanted.words):
        conditions.append(f"position(%(word_{number})s in c.search) > 0")
        given[f"word_{number}"] = word
    if viewing.parts is not None:
        conditions.append("c.parts && %(seen_by)s")
        given["seen_by"] = list(viewing.parts)
    return conditions, given


def _filled(statement: bytes, conditions: Sequence[str], order: "_Order | None" = None) -> bytes:
    text = statement.replace(b"/*conditions*/", "".join(f"\n      AND {one}" for one in conditions).encode())
    if order is not None:
        text = text.replace(b"/*order*/", order.by.encode()).replace(b"/*end*/", order.end.encode())
    return text


class _Order:
    """A sort in SQL. What has no value comes last at either end, so that a page can end among it."""

    def __init__(self, sort: Sort) -> None:
        column, direction = f"c.{sort.column}", "DESC" if sort.descending else "ASC"
        may_be_empty = sort.column not in _NEVER_EMPTY
        self._column, self._beyond = column, "<" if sort.descending else ">"
        self._value = f"%(after_value)s::{'text' if sort.column == 'number' else 'timestamptz'}"
        self._or_empty = f" OR {column} IS NULL" if may_be_empty else ""
        self.by = f"{column} {direction}{' NULLS LAST' if may_be_empty else ''}, c.id {direction}"
        self.end = f"{column}::text"

    def after(self, end: PageEnd) -> str:
        """The condition for what comes behind a page's end. The bound on the column alone is what an index can use."""
        column, beyond, value = self._column, self._beyond, self._value
        if end.value is None:
            return f"{column} IS NULL AND c.id {beyond} %(after_id)s"
        behind = f"{column} {beyond}= {value} AND ({column}, c.id) {beyond} ({value}, %(after_id)s)"
        return f"({behind}{self._or_empty})"
