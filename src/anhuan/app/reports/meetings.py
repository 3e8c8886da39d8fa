"""Finding the meeting of a month, and what it has to do with: its remarks, its minutes, the actions carried over."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

from anhuan.app.case_pages import CasePages
from anhuan.app.papers.cells import known_values
from anhuan.app.papers.fields import NOTHING, field_lines, filled_lines
from anhuan.app.register import Asked, Register
from anhuan.app.reports.gathered import Meeting, Signer
from anhuan.app.reports.period import Period
from anhuan.app.reports.reviewed import month_reviewed
from anhuan.app.snapshot import Snapshot
from anhuan.app.view.lens import Lens
from anhuan.app.view.page import Looked, brief_view
from anhuan.app.view.shapes import CaseBrief
from anhuan.app.viewing import Viewer
from anhuan.core.case.events import CaseEvent
from anhuan.core.case.state import CHILD, Case, CaseStatus, DutyStatus
from anhuan.core.policy import Kind, Reviews
from anhuan.core.preparing import preparation
from anhuan.domain.ids import CaseId
from anhuan.ports.cases import CaseStore
from anhuan.ports.papers import Line
from anhuan.ports.register import Sort

LOOKED_BACK = timedelta(days=400)
"""Meetings opened earlier than this before the month have nothing to do with it."""
LOOKED_AHEAD = timedelta(days=200)
MEETINGS_MOST = 60
ACTIONS_MOST = 200
SCHEDULE_FIELDS = frozenset({"schedule", "slot_starts_at", "slot_ends_at", "equipment_list"})


class Convened(NamedTuple):
    """A kind of meeting and what it looks back on."""

    kind: Kind
    reviews: Reviews


def reviewers(snapshot: Snapshot) -> tuple[Convened, ...]:
    """The kinds that look back on figures, in the order of the packs."""
    kinds = (kind for pack in snapshot.packs.values() for kind in pack.kinds.values())
    return tuple(Convened(kind, kind.reviews) for kind in kinds if kind.reviews is not None)


def signers(convened: Convened, lens: Lens) -> tuple[Signer, ...]:
    """Who signs what is made of the figures. `lens`: on the meeting's kind."""
    return tuple(Signer(lens.word(f"blank.{who}"), stamp) for who, stamp in convened.reviews.sign)


class Meetings:
    """Meetings by month; one per process."""

    def __init__(self, store: CaseStore, pages: CasePages, register: Register) -> None:
        self._store = store
        self._pages = pages
        self._register = register

    async def of_month(self, viewer: Viewer, convened: Convened, month: Period, lens: Lens) -> Meeting | None:
        """The meeting that looks back on a month, as far as the viewer sees it; the open one, else the last."""
        cases = await self._cases(viewer, convened.kind, month, lens)
        reviewed = [(month_reviewed(case, convened.reviews, lens.plant.zone), case) for case in cases]
        mine = [case for found, case in reviewed if found == month]
        if not mine:
            return None
        case = max(mine, key=lambda one: (one.status is CaseStatus.OPEN, one.opened_at))
        earlier = [(found, one) for found, one in reviewed if found is not None and found < month]
        last = max(earlier, key=lambda one: (one[0], one[1].opened_at), default=None)
        looked = await self._pages.look(viewer, case)
        events = await self._store.events(viewer.tenant, case.id)
        carried, decided = await self._actions(viewer, convened.kind, case, last[1] if last else None)
        return _meeting(looked, convened.reviews, events, carried, decided)

    async def _cases(self, viewer: Viewer, kind: Kind, month: Period, lens: Lens) -> list[Case]:
        begin = datetime.combine(month.first, time(), lens.plant.zone)
        asked = Asked(kind=kind.key, opened_from=begin - LOOKED_BACK, opened_until=begin + LOOKED_AHEAD)
        page = await self._register.page(viewer, asked, Sort("opened_at", descending=True), MEETINGS_MOST, None)
        return [await self._pages.seen(viewer, CaseId(brief.id)) for brief in page.items]

    async def _actions(
        self, viewer: Viewer, kind: Kind, meeting: Case, last: Case | None
    ) -> tuple[Sequence[CaseBrief], Sequence[CaseBrief]]:
        """Actions carried over to a meeting, and those that it decided itself; by what their cases say now."""
        if kind.finds is None:
            return (), ()
        asked = Asked(kind=kind.finds.kind, status=CaseStatus.OPEN)
        page = await self._register.page(viewer, asked, Sort("opened_at", descending=False), ACTIONS_MOST, None)
        own = _children(meeting)
        carried = {brief.id: brief for brief in page.items if brief.id not in own}
        before = await self._pages.briefs(viewer, _children(last) if last else frozenset())
        carried |= {brief.id: brief for brief in before.values() if brief.kind == kind.finds.kind}
        decided = await self._pages.briefs(viewer, own)
        return _by_due(carried.values()), _by_due(decided.values())


def _children(case: Case) -> frozenset[CaseId]:
    return frozenset(other for relation, other in case.links if relation == CHILD)


def _by_due(briefs: Iterable[CaseBrief]) -> tuple[CaseBrief, ...]:
    """Open ones first, by when they are due."""
    return tuple(sorted(briefs, key=lambda brief: (brief.status != CaseStatus.OPEN, str(brief.due_at), brief.number)))


def _meeting(
    looked: Looked,
    reviews: Reviews,
    events: Sequence[CaseEvent],
    carried: Sequence[CaseBrief],
    decided: Sequence[CaseBrief],
) -> Meeting:
    case, lens = looked.shown, looked.lens
    form = lens.pack.forms[lens.kind.form]
    values = known_values(case, lens)
    apart = {lens.kind.title, reviews.month, *reviews.remarks} | SCHEDULE_FIELDS
    return Meeting(
        brief=brief_view(looked),
        preparation=preparation(events, reviews.prepared_by),
        about=filled_lines(form, {name: value for name, value in values.items() if name not in apart}, lens),
        remarks=field_lines(form, reviews.remarks, values, lens),
        minutes=_minutes(looked, reviews),
        carried=tuple(carried),
        decided=tuple(decided),
    )


def _minutes(looked: Looked, reviews: Reviews) -> tuple[Line, ...]:
    """Attendance and minutes as they were written last."""
    done = [
        duty
        for duty in looked.shown.duties.values()
        if duty.key == reviews.minuted_by and duty.status is DutyStatus.DISCHARGED
    ]
    if not done:
        return ()
    spec = looked.lens.kind.duty(done[-1].stage, done[-1].key)
    form = looked.lens.pack.forms.get(spec.form or "") if spec else None
    lines = filled_lines(form, done[-1].form, looked.lens) if form else ()
    return tuple(line for line in lines if line.text != NOTHING)
