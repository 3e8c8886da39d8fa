"""One run of each process: the same seed gives both the same people and the same findings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import fmean

from msgspec import Struct

from anhuan.app.simulation.assumptions import Assumptions, varied
from anhuan.app.simulation.desk import Desk, RunClock, desk_in_memory
from anhuan.app.simulation.findings import Finding, draw_findings
from anhuan.app.simulation.memory import SeededDraws
from anhuan.app.simulation.paper import Errand, Paper, PaperRow, errand_of
from anhuan.app.simulation.people import HOUR_S, Seconds, Staff, moment
from anhuan.app.simulation.under_rules import Life, case_id
from anhuan.app.simulation.world import World
from anhuan.app.statistics import question
from anhuan.core.case import commands as c
from anhuan.core.case.decide import decide
from anhuan.core.case.outcome import Decision, Facts
from anhuan.core.case.state import Case, CaseStatus
from anhuan.core.counting import tally_live
from anhuan.core.figures import Figures, Question, Tally, figures, waited_hours
from anhuan.core.policy import Kind
from anhuan.domain.ids import PostId
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import PlantItem
from anhuan.packs.compile import Pack, compile_pack

Progress = Callable[[Seconds], None]


class Reached(Struct, frozen=True, kw_only=True):
    """What one run came to."""

    seed: int
    figures: Figures
    waited_hours: dict[str, float]
    """Mean hours that a closed case has waited, by what for."""
    closed_unmended: int
    """Closed, and nothing was mended: what nobody learns from a register."""
    deferred_open: int = 0
    """Open in an approved wait."""
    messages: int = 0
    """That people were sent."""
    commands_refused: dict[str, int] = {}
    """Sent in vain, by reason."""
    decisions: int = 0
    """Stored."""
    events: int = 0


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Everything that a seed draws, ready for both processes."""

    seed: int
    world: World
    assumed: Assumptions
    packs: tuple[Pack, ...]
    """The world's, compiled."""
    kind: Kind
    """What is found; the figures are of its cases alone."""
    items: tuple[PlantItem, ...]
    plant: Plant
    staff: Staff
    findings: tuple[Finding, ...]
    begin: Seconds
    end: Seconds

    @property
    def kinds(self) -> dict[str, Kind]:
        """Every kind that a case may be of here, by key."""
        return {key: kind for pack in self.packs for key, kind in pack.kinds.items()}

    @property
    def first_day(self) -> date:
        """Of the period."""
        return moment(self.begin).astimezone(self.plant.zone).date()

    @property
    def last_day(self) -> date:
        """Of the period, included."""
        return moment(self.end - 1).astimezone(self.plant.zone).date()

    @property
    def question(self) -> Question:
        """What the figures are asked for: the whole period, as of its end."""
        return question(self.kind, self.plant, self.first_day, self.last_day, moment(self.end))


def compiled(world: World) -> tuple[Pack, ...]:
    """The world's packs, ready for use."""
    return tuple(compile_pack(files) for files in world.packs)


def setting_of(
    world: World,
    seed: int,
    days: int,
    changes: Mapping[str, float] | None = None,
    packs: tuple[Pack, ...] | None = None,
) -> Setting:
    """Draw people and findings; `changes` are other values of parameters, `packs` the world's, compiled before."""
    assumed = varied(world.assumptions, changes or {})
    packs = packs or compiled(world)
    kind = packs[-1].kinds[world.mix.kind]
    bare = Plant(world.items)
    starts = datetime.combine(world.mix.begins_on, time(), bare.zone)
    ends = datetime.combine(world.mix.begins_on + timedelta(days=days), time(), bare.zone)
    begin, end = int(starts.timestamp()), int(ends.timestamp())
    staff = Staff(bare, assumed, seed, begin, end)
    items = (*world.items, *staff.absences())
    subject = {word: kind.subject[word] for word in ("area", "equipment")}
    found = draw_findings(world.mix, subject, bare, staff, assumed, seed, (begin, end))
    return Setting(
        seed=seed,
        world=world,
        assumed=assumed,
        packs=packs,
        kind=kind,
        items=items,
        plant=Plant(items, 1),
        staff=staff,
        findings=tuple(found),
        begin=begin,
        end=end,
    )


# --- paper


def errands_of(setting: Setting) -> list[Errand]:
    """What the rules ask for each finding at the moment at which it is found."""
    keeper = PostId(setting.world.mix.register_keeper)
    return [errand_of(_opened(setting, finding), keeper) for finding in setting.findings]


def _opened(setting: Setting, finding: Finding) -> Case:
    case = case_id(setting.seed, finding.no)
    command = c.OpenCase(by=finding.finder, case=case, kind=setting.kind.key, number=str(finding.no), form=finding.form)
    outcome = decide(setting.kind, Case(), Facts(setting.plant), command, moment(finding.found_at), case.encode())
    assert isinstance(outcome, Decision), outcome
    return outcome.case


def run_paper(setting: Setting, errands: Sequence[Errand] | None = None) -> Reached:
    """The paper process."""
    paper = Paper(setting.plant, setting.staff, setting.assumed, setting.seed, setting.end)
    rows = [
        paper.carry(finding, errand, setting.begin)
        for finding, errand in zip(setting.findings, errands or errands_of(setting), strict=True)
    ]
    closed = [row for row in rows if row.entered_at < setting.end]
    return Reached(
        seed=setting.seed,
        figures=figures(paper.tally(rows, setting.plant.zone)),
        waited_hours=_paper_waits(closed),
        closed_unmended=sum(not row.mended for row in closed),
    )


def _paper_waits(closed: Sequence[PaperRow]) -> dict[str, float]:
    kinds = dict.fromkeys(key for row in closed for key in row.waited_s)
    return {key: round(fmean(row.waited_s[key] for row in closed) / HOUR_S, 2) for key in kinds}


# --- under the rules


async def run_in_memory(setting: Setting) -> Reached:
    """The same under the rules, with nothing stored."""
    clock = RunClock(moment(setting.begin))
    draws = SeededDraws(setting.seed, clock.now)
    desk, store = desk_in_memory(setting.items, setting.packs, setting.world.packs, draws, clock)
    life = await live(setting, desk)
    return reached_by(setting, desk, life, tally_live(store.cases.values(), setting.question))


async def live(setting: Setting, desk: Desk, progress: Progress | None = None) -> Life:
    """Everything that happens at the plant in the period, at a desk."""
    life = Life(desk, setting.kinds, setting.world.mix, setting.plant, setting.staff, setting.assumed, setting.seed)
    await life.run(setting.findings, setting.end, progress or (lambda _at: None))
    return life


def reached_by(setting: Setting, desk: Desk, life: Life, tally: Tally) -> Reached:
    """What a run under the rules came to, `tally` being what was counted of its cases."""
    counted = [case for case in life.cases.values() if case.kind == setting.kind.key]
    closed = [case for case in counted if case.status is CaseStatus.CLOSED]
    waiting = {stage.key for stage in setting.kind.stages.values() if stage.wait is not None}
    return Reached(
        seed=setting.seed,
        figures=figures(tally),
        waited_hours={str(wait): hours for wait, hours in waited_hours(tally).items()},
        closed_unmended=sum(not life.things[case.id].mended for case in closed),
        deferred_open=sum(case.status is CaseStatus.OPEN and case.stage in waiting for case in counted),
        messages=life.messages,
        commands_refused=dict(sorted(life.refused.items())),
        decisions=desk.cases.stored,
        events=desk.cases.happened,
    )
