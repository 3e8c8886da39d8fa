"""Asking about many cases: the register, tasks, notices, likely duplicates, and what is exported."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from anhuan.app.case_pages import CasePages
from anhuan.app.handle import CommandRefused
from anhuan.app.likeness import likeness
from anhuan.app.papers.cells import cells_value
from anhuan.app.snapshot import Snapshots
from anhuan.app.view.notices import notice_view
from anhuan.app.view.page import Looked, brief_view, duty_view, look_at
from anhuan.app.view.register_table import register_cells, register_columns
from anhuan.app.view.shapes import CaseBrief, Notice, SimilarCase, Task
from anhuan.app.viewing import Viewer, all_tasks, my_tasks, parts_seen, reported_by, team_parts, team_tasks, viewing
from anhuan.core.case.evolve import fold
from anhuan.core.case.outcome import Reason
from anhuan.core.case.state import Duty
from anhuan.core.case.subject import NONE
from anhuan.core.figures import Origin
from anhuan.domain.ids import AccountId, AreaId, CaseId, TenantId
from anhuan.domain.plant import Plant
from anhuan.packs.case_cells import read_cells
from anhuan.ports.clock import Clock
from anhuan.ports.plants import PackKey
from anhuan.ports.register import (
    CaseFilter,
    PageEnd,
    RegisterRow,
    RegisterStore,
    SavedView,
    Sort,
    TaskCounts,
    TaskQuery,
    TaskRef,
)
from anhuan.ports.registers import Registers, TableColumn

MINE, TEAM, ALL = SCOPES = ("mine", "team", "all")
COUNTED_MOST = 10_000
"""Beyond this the register says only that there are more."""
EXPORT_PAGE = 1000
EXPORT_MOST = 200_000
RECKONED_MOST = 10_000
"""Cases of one export that are read whole."""
CANDIDATES = 50
VIEWS_MOST = 100
SIMILAR = 5
LIKE_ENOUGH = 0.3


class Asked(Struct, frozen=True, kw_only=True):
    """Which cases a caller wants to see, in their words."""

    kind: str | None = None
    status: str | None = None
    stage: str | None = None
    area: str | None = None
    equipment: str | None = None
    category: str | None = None
    risk_level: str | None = None
    text: str = ""
    mine: bool = False
    overdue: bool | None = None
    imported: bool | None = None
    opened_from: datetime | None = None
    opened_until: datetime | None = None
    found_from: datetime | None = None
    found_until: datetime | None = None
    closed_from: datetime | None = None
    closed_until: datetime | None = None
    area_only: bool = False
    """Not what lies in the area as well."""
    origin: Origin | None = None
    source: str | None = None
    team: str | None = None
    waits_for: str | None = None
    outcome: str | None = None
    deferred: bool | None = None
    reported: bool = False
    """Only what the viewer reported."""
    team_parts: bool = False
    """Only where the viewer or their team has a part."""


class RegisterPage(Struct, frozen=True):
    """A page of the register."""

    items: list[CaseBrief]
    next: PageEnd | None
    total: int | None
    """Only with the first page; None: more than COUNTED_MOST."""


class TaskPage(Struct, frozen=True):
    """A page of tasks."""

    items: list[Task]
    next: TaskRef | None


class Draft(Struct, frozen=True, kw_only=True):
    """As much of a report as is needed to look for others like it."""

    kind: str
    area: str | None = None
    equipment: str | None = None
    category: str | None = None
    text: str = ""


class Register:
    """Lists of cases; one per process."""

    def __init__(
        self, store: RegisterStore, pages: CasePages, snapshots: Snapshots, files: Registers, clock: Clock
    ) -> None:
        self._store = store
        self._pages = pages
        self._snapshots = snapshots
        self._files = files
        self._clock = clock

    async def page(self, viewer: Viewer, asked: Asked, sort: Sort, limit: int, after: PageEnd | None) -> RegisterPage:
        """A page of the register, and how many there are in all."""
        plant = (await self._snapshots.get(viewer.tenant)).plant
        seeing = viewing(viewer, plant, self._clock())
        wanted = await self._filter(viewer, asked)
        rows = await self._store.cases(viewer.tenant, seeing, wanted, sort, limit + 1, after)
        items = await self._briefs(viewer, rows[:limit], wanted)
        total = None
        if after is None:
            counted = await self._store.count(viewer.tenant, seeing, wanted, COUNTED_MOST + 1)
            total = counted if counted <= COUNTED_MOST else None
        return RegisterPage(items, rows[limit - 1].end if len(rows) > limit else None, total)

    async def _filter(self, viewer: Viewer, asked: Asked) -> CaseFilter:
        snapshot = await self._snapshots.get(viewer.tenant)
        plant, kind = snapshot.plant, snapshot.kind(asked.kind) if asked.kind else None
        own = parts_seen(plant, viewer.person, self._clock()) if asked.mine else None
        if own is not None:
            own = frozenset(
                part for part in own if part.endswith(f":{viewer.person}") or not part.startswith("person:")
            )
        elif asked.team_parts:
            own = team_parts(plant, viewer.person, self._clock())
        return CaseFilter(
            kind=asked.kind,
            status=asked.status,
            stage=asked.stage,
            areas=_areas(plant, asked),
            equipment=asked.equipment,
            category=asked.category,
            risk_level=asked.risk_level,
            words=tuple(asked.text.lower().split()),
            mine=own,
            overdue=asked.overdue,
            imported=asked.imported,
            opened_from=asked.opened_from,
            opened_until=asked.opened_until,
            found_from=asked.found_from,
            found_until=asked.found_until,
            closed_from=asked.closed_from,
            closed_until=asked.closed_until,
            origin=asked.origin,
            source=asked.source,
            source_field=kind.subject.get("source", "") if kind else "",
            team=asked.team,
            waits_for=asked.waits_for,
            outcome=asked.outcome,
            deferred=asked.deferred,
            reported_by=reported_by(plant, viewer) if asked.reported else None,
        )

    async def _briefs(self, viewer: Viewer, rows: Iterable[RegisterRow], wanted: CaseFilter) -> list[CaseBrief]:
        """Briefs of rows; a blind one that was found only by a text that is masked in it is left out."""
        briefs = [await self._pages.row_brief(viewer, row) for row in rows]
        return [brief for brief in briefs if not brief.blind or _says(brief, wanted.words)]

    async def similar(self, viewer: Viewer, draft: Draft) -> list[SimilarCase]:
        """Open cases that may be about the same, the likeliest first.

        Whoever reports sees these even where they have no part in them, for a duplicate can be joined; then without
        people.
        """
        plant = (await self._snapshots.get(viewer.tenant)).plant
        seeing = viewing(viewer, plant, self._clock())
        equipment = draft.equipment if draft.equipment != NONE else None
        rows = await self._store.candidates(viewer.tenant, seeing, draft.kind, draft.area, equipment, CANDIDATES)
        found = []
        for row in rows:
            score = likeness(draft.text, row.case.title, same_category=row.case.category == draft.category)
            if score >= LIKE_ENOUGH:
                found.append((score, row))
        found.sort(key=lambda scored: scored[0], reverse=True)
        return [
            SimilarCase(**await self._pages.row_fields(viewer, _to_stranger(row, seeing.parts)), score=round(score, 2))
            for score, row in found[:SIMILAR]
        ]

    async def export(self, viewer: Viewer, asked: Asked, sort: Sort) -> bytes:
        """Everything that the filters find, as an Excel file, with what the viewer may see of it."""
        snapshot = await self._snapshots.get(viewer.tenant)
        seeing = viewing(viewer, snapshot.plant, self._clock())
        wanted = await self._filter(viewer, asked)
        kind = asked.kind or next(iter(key for pack in snapshot.packs.values() for key in pack.kinds))
        pack = snapshot.pack_of(kind)
        if pack is None:
            raise LookupError(kind)
        lens = viewer.lens(snapshot.plant, pack, pack.kinds[kind], self._clock())
        columns = register_columns(lens, with_own=asked.kind is not None)
        rows: list[Sequence[Any]] = []
        after: PageEnd | None = None
        while len(rows) < EXPORT_MOST:
            page = await self._store.cases(viewer.tenant, seeing, wanted, sort, EXPORT_PAGE, after)
            briefs = [(await self._pages.row_brief(viewer, row), row) for row in page]
            rows += [
                register_cells(brief, row.case, lens, with_own=asked.kind is not None)
                for brief, row in briefs
                if not brief.blind or _says(brief, wanted.words)
            ]
            if len(page) < EXPORT_PAGE:
                break
            after = page[-1].end
        return await asyncio.to_thread(
            self._files.write_table, columns, rows, lens.word("sheet.register"), snapshot.plant.zone
        )

    async def official(self, viewer: Viewer, asked: Asked, sort: Sort, register: str) -> bytes:
        """What the filters find in the columns of one of the kind's own registers.

        Raises CommandRefused for more than RECKONED_MOST cases, LookupError unless `asked` names a kind that has it.
        """
        snapshot = await self._snapshots.get(viewer.tenant)
        pack = snapshot.pack_of(asked.kind or "")
        if pack is None or asked.kind is None:
            raise LookupError(asked.kind)
        text = pack.texts[asked.kind].registers[register]
        lens = viewer.lens(snapshot.plant, pack, pack.kinds[asked.kind], self._clock())
        columns = [TableColumn(lens.word(f"head.{column}")) for column in text.columns]
        cells = [read_cells(words) for words in text.columns.values()]
        looked = await self.whole_cases(viewer, asked, sort)
        rows = [[cells_value(origins, case, row) for origins in cells] for row, case in enumerate(looked, 1)]
        name = lens.word(f"register.{asked.kind}.{register}")
        return await asyncio.to_thread(self._files.write_table, columns, rows, name, snapshot.plant.zone)

    async def whole_cases(self, viewer: Viewer, asked: Asked, sort: Sort) -> list[Looked]:
        """What the filters find, each case whole as the viewer sees it. Raises CommandRefused beyond RECKONED_MOST."""
        snapshot = await self._snapshots.get(viewer.tenant)
        seeing = viewing(viewer, snapshot.plant, self._clock())
        wanted = await self._filter(viewer, asked)
        found: list[Looked] = []
        after: PageEnd | None = None
        while len(found) <= RECKONED_MOST:
            page = await self._store.cases(viewer.tenant, seeing, wanted, sort, EXPORT_PAGE, after)
            histories = await self._store.histories(viewer.tenant, {CaseId(row.case.id) for row in page})
            for row in page:
                if row.is_blind and not _says(await self._pages.row_brief(viewer, row), wanted.words):
                    continue
                found.append(await self._pages.look(viewer, fold(histories[CaseId(row.case.id)])))
            if len(page) < EXPORT_PAGE:
                return found
            after = page[-1].end
        raise CommandRefused(Reason("export_too_long", params={"limit": RECKONED_MOST}))

    # --- tasks

    async def tasks(self, viewer: Viewer, scope: str, limit: int, after: TaskRef | None) -> TaskPage:
        """Open duties of a scope (`mine`, `team`, `all`), the most urgent first."""
        snapshot = await self._snapshots.get(viewer.tenant)
        query = _task_query(viewer, scope, snapshot.plant, self._clock())
        owed, following = await self.owed(viewer, query, limit, after)
        return TaskPage([Task(case=brief_view(at), duty=duty_view(at, duty)) for at, duty in owed], following)

    async def owed(
        self, viewer: Viewer, query: TaskQuery, limit: int, after: TaskRef | None = None
    ) -> tuple[list[tuple[Looked, Duty]], TaskRef | None]:
        """Open duties, the most urgent first, each with its case as the viewer sees it; and where the rest begins."""
        snapshot = await self._snapshots.get(viewer.tenant)
        refs = await self._store.tasks(viewer.tenant, query, limit + 1, after)
        shown = refs[:limit]
        histories = await self._store.histories(viewer.tenant, {ref.case for ref in shown})
        looked = {}
        for case_id, events in histories.items():
            case = fold(events)
            pack = await self._snapshots.pack(viewer.tenant, PackKey(case.pack, case.pack_version))
            lens = viewer.lens(snapshot.plant, pack, pack.kinds[case.kind], self._clock())
            looked[case_id] = look_at(case, lens)
        owed = [(at, at.shown.duties[ref.duty]) for ref in shown if (at := looked.get(ref.case)) is not None]
        return owed, shown[-1] if len(refs) > limit else None

    async def task_counts(self, viewer: Viewer) -> TaskCounts:
        """How many tasks are mine, of those overdue, and my team's."""
        now = self._clock()
        plant = (await self._snapshots.get(viewer.tenant)).plant
        mine, team = (_task_query(viewer, scope, plant, now) for scope in (MINE, TEAM))
        return await self._store.task_counts(viewer.tenant, mine, team, now)

    # --- notices

    async def notices(
        self, viewer: Viewer, unseen: bool, limit: int, before: int | None
    ) -> tuple[list[Notice], int | None]:
        """What the viewer was told, newest first, and where the next page begins."""
        if viewer.person is None:
            return [], None
        rows = await self._store.notices(viewer.tenant, viewer.person, unseen, limit + 1, before)
        snapshot = await self._snapshots.get(viewer.tenant)
        notices = []
        for row in rows[:limit]:
            pack = snapshot.pack_of(row.kind)
            if pack is not None:
                lens = viewer.lens(snapshot.plant, pack, pack.kinds[row.kind], self._clock())
                notices.append(notice_view(row, lens))
        return notices, rows[limit - 1].id if len(rows) > limit else None

    async def unseen(self, viewer: Viewer) -> int:
        """How many notices the viewer has not seen."""
        return await self._store.unseen(viewer.tenant, viewer.person) if viewer.person else 0

    async def see(self, viewer: Viewer, ids: Sequence[int]) -> None:
        """The viewer has seen these."""
        if viewer.person is not None:
            await self._store.see(viewer.tenant, viewer.person, ids, self._clock())

    # --- saved views

    async def views(self, tenant: TenantId, account: AccountId) -> Sequence[SavedView]:
        """The register views that an account keeps."""
        return await self._store.views(tenant, account)

    async def keep_view(self, tenant: TenantId, account: AccountId, view: SavedView) -> bool:
        """Keep a view, new or changed; False: the account keeps VIEWS_MOST already."""
        kept = await self._store.views(tenant, account)
        if len(kept) >= VIEWS_MOST and view.id not in {one.id for one in kept}:
            return False
        await self._store.keep_view(tenant, account, view)
        return True

    async def drop_view(self, tenant: TenantId, account: AccountId, view: str) -> bool:
        """Whether there was such a view to drop."""
        return await self._store.drop_view(tenant, account, view)


def _task_query(viewer: Viewer, scope: str, plant: Plant, at: datetime) -> TaskQuery:
    if scope == ALL:
        return all_tasks(viewer, plant, at)
    if viewer.person is None:
        return TaskQuery(parties=frozenset())
    return team_tasks(plant, viewer.person, at) if scope == TEAM else my_tasks(plant, viewer.person, at)


def _areas(plant: Plant, asked: Asked) -> tuple[str, ...] | None:
    if asked.area is None:
        return None
    return (asked.area,) if asked.area_only else plant.areas_within(AreaId(asked.area))


def _says(brief: CaseBrief, words: Sequence[str]) -> bool:
    """Whether what is shown of a case says every word that was looked for."""
    text = f"{brief.number} {brief.title}".lower()
    return all(word in text for word in words)


def _to_stranger(row: RegisterRow, parts: frozenset[str] | None) -> RegisterRow:
    """The row without people, for a viewer who has no part in the case; None: they see every case."""
    if parts is None or not parts.isdisjoint(row.case.parts):
        return row
    return RegisterRow(replace(row.case, reporter=None, finder=None), (), row.is_blind, row.end)
