"""The shift briefing (班前会) of a team: what it owes, what is new to it, what was closed and how, what to mind.

Whoever looks sees of it what they may see of the cases, so that a page on the wall tells nobody more than the register.
"""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from anhuan.app.case_pages import CasePages, sees
from anhuan.app.papers.fields import filled_lines
from anhuan.app.projection import RISK_LEVEL
from anhuan.app.register import Register
from anhuan.app.snapshot import Snapshot, Snapshots
from anhuan.app.statistics import Counted, question
from anhuan.app.view.briefing import BriefingView, BriefTask, CameBack, CrewView, DeferredCase, Said, WatchView
from anhuan.app.view.page import Looked, brief_view, look_at
from anhuan.app.view.shapes import CaseBrief, Named
from anhuan.app.view.statistics import statistics_view
from anhuan.app.viewing import Viewer, parts_of_team, parts_seen, tasks_of_team, viewing
from anhuan.core.case.evolve import fold
from anhuan.core.case.state import Duty
from anhuan.core.figures import Tally
from anhuan.core.policy import Wait
from anhuan.core.watch import Crew, Watch, crew_of, watch_of
from anhuan.domain.ids import AreaId, CaseId, PersonId, TeamId
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import Area, Post, Shift, Team
from anhuan.packs.compile import Pack
from anhuan.ports.clock import Clock
from anhuan.ports.register import CaseFilter, RegisterRow, RegisterStore, Sort
from anhuan.ports.statistics import Among, StatisticsStore

TASKS_MOST = 60
LISTED_MOST = 12
"""So many cases a list has at most: a briefing takes ten minutes."""
RECURRING_DAYS = 90
RECURRING_MOST = 6
WORST = 2
"""Of how many levels of risk, the worst first, there is notice."""


class TeamUnknown(Exception):
    """The plant has no such team."""


class Briefings:
    """Briefings of teams; one per process."""

    def __init__(
        self,
        *,
        store: RegisterStore,
        statistics: StatisticsStore,
        register: Register,
        pages: CasePages,
        snapshots: Snapshots,
        clock: Clock,
    ) -> None:
        self._store = store
        self._statistics = statistics
        self._register = register
        self._pages = pages
        self._snapshots = snapshots
        self._clock = clock

    async def of_team(self, viewer: Viewer, team_id: str | None) -> BriefingView:
        """A team's briefing; None: the viewer's own team. Raises TeamUnknown."""
        snapshot, now = await self._snapshots.get(viewer.tenant), self._clock()
        plant = snapshot.plant
        own = plant.person(viewer.person)
        team = plant.get(Team, team_id or (own.team if own else None))
        if team is None:
            raise TeamUnknown(team_id)
        watch = watch_of(plant, team.id, now)
        areas = areas_of_team(plant, team.id)
        parts = parts_of_team(plant, team.id, now)
        owed, arrived, closed, deferred, recurring, risks = await asyncio.gather(
            self._register.owed(viewer, tasks_of_team(plant, team.id, viewer.person, now), TASKS_MOST),
            self._briefs(viewer, CaseFilter(mine=parts, opened_from=watch.since_at), Sort("opened_at")),
            self._briefs(viewer, CaseFilter(mine=parts, closed_from=watch.since_at, imported=False), Sort("closed_at")),
            self._deferred(viewer, parts),
            self._recurring(viewer, snapshot, parts, now),
            self._risks(viewer, snapshot, areas),
        )
        tasks, following = owed
        return BriefingView(
            team=Named(id=team.id, name=team.name),
            as_of=now,
            watch=_watch_view(plant, watch),
            crew=_crew_view(plant, team, crew_of(plant, team.id, now)),
            areas=[Named(id=area, name=found.name) for area in areas if (found := plant.get(Area, area))],
            tasks=[_task(looked, duty, watch, now) for looked, duty in tasks if sees(viewer, looked.whole, plant, now)],
            more_tasks=following is not None,
            arrived=arrived,
            closed=closed,
            deferred=deferred,
            recurring=recurring,
            recurring_days=RECURRING_DAYS,
            risks=risks,
        )

    async def _rows(self, viewer: Viewer, wanted: CaseFilter, sort: Sort) -> Sequence[RegisterRow]:
        plant = (await self._snapshots.get(viewer.tenant)).plant
        seeing = viewing(viewer, plant, self._clock())
        return await self._store.cases(viewer.tenant, seeing, wanted, sort, LISTED_MOST, None)

    async def _briefs(self, viewer: Viewer, wanted: CaseFilter, sort: Sort) -> list[CaseBrief]:
        return [await self._pages.row_brief(viewer, row) for row in await self._rows(viewer, wanted, sort)]

    async def _deferred(self, viewer: Viewer, parts: frozenset[str]) -> list[DeferredCase]:
        """Cases in an approved wait, with what was said when it was granted: the containment that must hold."""
        wanted = CaseFilter(status="open", mine=parts, waits_for=Wait.DEFERRAL)
        rows = await self._rows(viewer, wanted, Sort("due_at", descending=False))
        histories = await self._store.histories(viewer.tenant, {CaseId(row.case.id) for row in rows})
        found = []
        for row in rows:
            case = fold(histories[CaseId(row.case.id)])
            looked = look_at(case, await self._pages.lens(viewer, case))
            found.append(DeferredCase(case=brief_view(looked), said=_granted(looked)))
        return found

    async def _recurring(
        self, viewer: Viewer, snapshot: Snapshot, parts: frozenset[str], now: datetime
    ) -> list[CameBack]:
        """Places where the same came back among what concerns the team, whichever kind tells categories apart."""
        plant = snapshot.plant
        first = (now - timedelta(days=RECURRING_DAYS)).astimezone(plant.zone).date()
        seen_by = None if viewer.sees_all else parts_seen(plant, viewer.person, now)
        found = []
        for pack in snapshot.packs.values():
            for kind in pack.kinds.values():
                if "category" not in kind.subject:
                    continue
                asked = question(kind, plant, first, None, now)
                live = await self._statistics.tally(viewer.tenant, asked, Among(seen_by=seen_by, parts=parts), "live")
                counted = Counted(
                    asked=asked,
                    reach="plant",
                    first=first,
                    last=None,
                    whole_register=False,
                    live=replace(live, places=live.places[:RECURRING_MOST]),
                    register=Tally(),
                    at=now,
                    pack=pack,
                    kind=kind,
                    plant=plant,
                )
                shown = statistics_view(counted, viewer.lens(plant, pack, kind, now))
                found += [CameBack(kind=shown.kind_name, place=place) for place in shown.live.places]
        return found

    async def _risks(self, viewer: Viewer, snapshot: Snapshot, areas: Iterable[AreaId]) -> list[CaseBrief]:
        """Open cases of the worst levels in the team's areas, whoever owes them: what whoever works there must mind."""
        within = tuple(dict.fromkeys(inner for area in areas for inner in snapshot.plant.areas_within(area)))
        if not within:
            return []
        levels = dict.fromkeys(level for pack in snapshot.packs.values() for level in _worst_levels(pack))
        found: list[CaseBrief] = []
        for level in levels:
            wanted = CaseFilter(status="open", areas=within, risk_level=level)
            found += await self._briefs(viewer, wanted, Sort("due_at", descending=False))
        return found[:LISTED_MOST]


def areas_of_team(plant: Plant, team: TeamId) -> tuple[AreaId, ...]:
    """Areas that people of the team are responsible for; where there are none, those in which they hold a post."""
    held = [holding for mate in plant.members(team) for holding in plant.posts_of(mate) if holding.area]
    owning = [h for h in held if (post := plant.get(Post, h.post)) is not None and post.owns_area]
    return tuple(dict.fromkeys(h.area for h in owning or held if h.area))


def _worst_levels(pack: Pack) -> Iterable[str]:
    for kind in pack.kinds.values():
        form = pack.forms.get(kind.form)
        if form is not None and RISK_LEVEL in form.computed:
            yield from form.computed[RISK_LEVEL].values[:WORST]


def _granted(looked: Looked) -> list[Said]:
    """The form of the last move that was granted, as it is printed."""
    moves = [move for move in looked.shown.moves.values() if move.granted and move.form]
    if not moves:
        return []
    spec = looked.lens.kind.moves.get(moves[-1].key)
    form = looked.lens.pack.forms.get(spec.form) if spec is not None and spec.form else None
    if form is None:
        return []
    return [Said(label=line.label, text=line.text) for line in filled_lines(form, moves[-1].form, looked.lens)]


def _task(looked: Looked, duty: Duty, watch: Watch, now: datetime) -> BriefTask:
    late = duty.breached_at is not None or duty.due_at <= now
    urgency = "overdue" if late else "this_shift" if duty.due_at <= watch.ends_at else "later"
    party = looked.lens.who(duty.claimed_by) if duty.claimed_by else looked.lens.party(duty.party).text
    return BriefTask(
        case=brief_view(looked),
        duty_name=looked.lens.duty(duty.key),
        party_text=party,
        due_at=duty.due_at,
        urgency=urgency,
    )


def _watch_view(plant: Plant, watch: Watch) -> WatchView:
    shift = plant.get(Shift, watch.shift)
    return WatchView(
        name=shift.name if shift else None,
        begins_at=watch.begins_at,
        ends_at=watch.ends_at,
        since_at=watch.since_at,
    )


def _crew_view(plant: Plant, team: Team, crew: Crew) -> CrewView:
    def named(people: Iterable[PersonId]) -> list[Named]:
        return [Named(id=person, name=plant.name_of(person)) for person in people]

    leader = named([team.leader])[0] if team.leader else None
    return CrewView(leader=leader, working=named(crew.working), away=named(crew.away), off=named(crew.off))
