"""Asking about one case: its brief, its page, its history, as the caller may see them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from anhuan.app.handle import CaseUnknown, CommandRefused
from anhuan.app.projection import parts
from anhuan.app.snapshot import Snapshots
from anhuan.app.view.blind import blind_row, own_blind
from anhuan.app.view.brief import row_fields
from anhuan.app.view.earlier import EarlierCases
from anhuan.app.view.lens import Lens
from anhuan.app.view.page import Looked, brief_values, brief_view, case_page, gaps, look_at, ties
from anhuan.app.view.shapes import CaseBrief, CasePage, ReportAnswer, TimelineItem
from anhuan.app.view.timeline import timeline
from anhuan.app.viewing import Viewer, parts_seen, viewing
from anhuan.core.case.evolve import fold
from anhuan.core.case.finding import why_not_find
from anhuan.core.case.outcome import Reason
from anhuan.core.case.state import Case
from anhuan.domain.ids import CaseId
from anhuan.domain.plant import Plant
from anhuan.ports.cases import CaseStore
from anhuan.ports.clock import Clock
from anhuan.ports.plants import PackKey
from anhuan.ports.register import CaseFilter, RegisterRow, RegisterStore, Sort

EARLIER_MOST = 200
"""Cases of one kind that are looked back on at most."""


class CasePages:
    """Pages of cases; one per process."""

    def __init__(self, store: CaseStore, register: RegisterStore, snapshots: Snapshots, clock: Clock) -> None:
        self._store = store
        self._register = register
        self._snapshots = snapshots
        self._clock = clock

    async def lens(self, viewer: Viewer, case: Case) -> Lens:
        """The viewer's look at a case, with the words of the pack that the case runs by."""
        snapshot = await self._snapshots.get(viewer.tenant)
        pack = await self._snapshots.pack(viewer.tenant, PackKey(case.pack, case.pack_version))
        return viewer.lens(snapshot.plant, pack, pack.kinds[case.kind], self._clock())

    async def look(self, viewer: Viewer, case: Case) -> Looked:
        """A case through the viewer's eyes."""
        return look_at(case, await self.lens(viewer, case))

    async def brief(self, viewer: Viewer, case: Case) -> CaseBrief:
        """The brief of a case that was just acted on."""
        return brief_view(await self.look(viewer, case))

    async def report_answer(self, viewer: Viewer, case: Case) -> ReportAnswer:
        """What whoever reports is told: the case, and what it still lacks."""
        looked = await self.look(viewer, case)
        return ReportAnswer(**brief_values(looked), incomplete=gaps(case, looked.lens))

    async def seen(self, viewer: Viewer, case_id: CaseId) -> Case:
        """The case, if there is one that the viewer may see. Raises CaseUnknown."""
        case = await self._store.load(viewer.tenant, case_id)
        if case is None or not await self._sees(viewer, case):
            raise CaseUnknown(case_id)
        return case

    async def refuse_child(self, viewer: Viewer, parent: CaseId, kind: str) -> None:
        """Raises CommandRefused unless the viewer sees the case and may report one of that kind at it now."""
        try:
            case = await self.seen(viewer, parent)
        except CaseUnknown:
            raise CommandRefused(Reason("parent_unknown", "/parent", {"case": parent})) from None
        own = await self._snapshots.kind_of(viewer.tenant, case.kind, case.pack, case.pack_version)
        reason = why_not_find(own, case)
        if reason is None and own.finds is not None and own.finds.kind != kind:
            reason = Reason("parent_takes_none", "/parent")
        if reason is not None:
            raise CommandRefused(reason)

    async def page(self, viewer: Viewer, case_id: CaseId) -> CasePage:
        """The page of a case. Raises CaseUnknown."""
        events = await self._store.events(viewer.tenant, case_id)
        case = fold(events)
        if not events or not await self._sees(viewer, case):
            raise CaseUnknown(case_id)
        looked = await self.look(viewer, case)
        linked = await self.briefs(viewer, {other for _, other in ties(looked)})
        return case_page(looked, events, linked)

    async def earlier(self, viewer: Viewer, case_id: CaseId) -> EarlierCases:
        """What the case looks back on, newest first, and what came out of that. Raises CaseUnknown.

        Cases of the kinds that its pack names: opened since as long before as the pack says, and those still open.
        """
        case = await self.seen(viewer, case_id)
        kind = await self._snapshots.kind_of(viewer.tenant, case.kind, case.pack, case.pack_version)
        if kind.looks_back is None or case.opened_at is None:
            return EarlierCases(since=None, cases=[], found=[])
        since, until = case.opened_at - kind.looks_back.over, case.closed_at
        rows: dict[str, RegisterRow] = {}
        for key in kind.looks_back.kinds:
            period = CaseFilter(kind=key, opened_from=since, opened_until=until)
            still_open = CaseFilter(kind=key, status="open", opened_until=until)
            for wanted in (period, still_open):
                rows |= {row.case.id: row for row in await self._newest(viewer, wanted)}
        rows.pop(case_id, None)
        came_of = CaseFilter(parents=frozenset(map(CaseId, rows)), opened_from=since, opened_until=until)
        found = await self._newest(viewer, came_of) if rows else ()
        ordered = sorted(rows.values(), key=lambda row: row.case.opened_at, reverse=True)
        return EarlierCases(
            since=since,
            cases=[await self.row_brief(viewer, row) for row in ordered],
            found=[await self.row_brief(viewer, row) for row in found],
        )

    async def _newest(self, viewer: Viewer, wanted: CaseFilter) -> Sequence[RegisterRow]:
        plant = (await self._snapshots.get(viewer.tenant)).plant
        seeing = viewing(viewer, plant, self._clock())
        return await self._register.cases(viewer.tenant, seeing, wanted, Sort(), EARLIER_MOST, None)

    async def history(self, viewer: Viewer, case_id: CaseId) -> list[TimelineItem]:
        """Everything that happened to a case, in words. Raises CaseUnknown."""
        events = await self._store.events(viewer.tenant, case_id)
        case = fold(events)
        if not events or not await self._sees(viewer, case):
            raise CaseUnknown(case_id)
        linked = await self.briefs(viewer, {other for _, other in case.links})
        numbers = {other: brief.number for other, brief in linked.items()}
        return timeline(await self.look(viewer, case), events, numbers)

    async def briefs(self, viewer: Viewer, cases: Collection[CaseId]) -> Mapping[CaseId, CaseBrief]:
        """Briefs of those of the cases that the viewer may see."""
        snapshot = await self._snapshots.get(viewer.tenant)
        seeing = viewing(viewer, snapshot.plant, self._clock())
        rows = await self._register.briefs(viewer.tenant, seeing, cases)
        return {CaseId(row.case.id): await self.row_brief(viewer, row) for row in rows}

    async def row_brief(self, viewer: Viewer, row: RegisterRow) -> CaseBrief:
        """The brief of a row of the register, redacted where the viewer checks the case blind."""
        return CaseBrief(**await self.row_fields(viewer, row))

    async def row_fields(self, viewer: Viewer, row: RegisterRow) -> dict[str, Any]:
        """What the brief of a row says, for longer shapes built on it."""
        snapshot = await self._snapshots.get(viewer.tenant)
        pack = snapshot.pack_of(row.case.kind)
        if pack is None or pack.version != row.case.pack_version:
            pack = await self._snapshots.pack(viewer.tenant, PackKey(row.case.pack, row.case.pack_version))
        lens = viewer.lens(snapshot.plant, pack, pack.kinds[row.case.kind], self._clock())
        if row.is_blind:
            return row_fields(blind_row(row.case, snapshot.plant), (), lens, blind=True)
        return row_fields(row.case, row.owners, lens, blind=False)

    async def is_blind(self, viewer: Viewer, case: Case) -> bool:
        """Whether the viewer must see the case's files and texts without anybody's name."""
        snapshot = await self._snapshots.get(viewer.tenant)
        return bool(own_blind(case, viewer.person, snapshot.plant, self._clock()))

    async def _sees(self, viewer: Viewer, case: Case) -> bool:
        if viewer.sees_all:
            return True
        plant = (await self._snapshots.get(viewer.tenant)).plant
        return sees(viewer, case, plant, self._clock())


def sees(viewer: Viewer, case: Case, plant: Plant, at: datetime) -> bool:
    """Whether a case is one that the viewer may see: the same rule as the register's, on the case itself."""
    return viewer.sees_all or not parts_seen(plant, viewer.person, at).isdisjoint(parts(case))
