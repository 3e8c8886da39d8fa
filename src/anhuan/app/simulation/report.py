"""What a simulation says: both processes side by side, how sure that is, what it hangs on, which claims it misses."""

import math
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean, stdev

from msgspec import Struct
from msgspec.structs import asdict

from anhuan.app.simulation.assumptions import Assumptions, Basis, Fit, Target
from anhuan.app.simulation.runs import Reached
from anhuan.app.simulation.world import World
from anhuan.core.figures import Figures
from anhuan.ports.identity import Language

FIGURES = Target.__struct_fields__
"""What is claimed, compared and given an interval."""
EXPECTED = "as_assumed"
UNMENDED = "closed_unmended_rate"
SHARES = frozenset({"closure_rate", "overdue_rate"})
LOWER_IS_BETTER = frozenset({"overdue_rate", "cycle_working_days_mean"})
_STUDENT = (12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23)
"""97.5 % points of Student's t for 1, 2 ... degrees of freedom."""
_STUDENT_FAR = 2.2

Pair = tuple[Reached, Reached]
"""One seed on paper and under the rules."""


class Spread(Struct, frozen=True, kw_only=True):
    """A figure over several seeds: mean and 95 % interval of the mean."""

    mean: float
    low: float
    high: float


class Assumed(Struct, frozen=True, kw_only=True):
    """A parameter as it is told."""

    key: str
    value: float
    unit: str
    basis: Basis
    what: str


class SortAssumed(Struct, frozen=True, kw_only=True):
    """A sort of finding as it is told."""

    key: str
    share: float
    """Of findings."""
    repair_h: float
    """Median of hands-on hours."""
    parts_share: float
    """Chance that something must be waited for."""
    parts_days: float
    """Median of days that it takes."""


class Question(Struct, frozen=True, kw_only=True):
    """One row of the sensitivity."""

    key: str
    what: str
    changes: dict[str, float]
    paper: dict[str, float | None]
    anhuan: dict[str, float | None]


class Claim(Struct, frozen=True, kw_only=True):
    """A figure that the article claims of a system, and what came out here."""

    figure: str
    claimed: float
    reached: float | None
    """Mean over the seeds."""
    met: bool


class Report(Struct, frozen=True, kw_only=True):
    """Everything that is told."""

    kind: str
    days: int
    begins_on: str
    seed: int
    seeds: tuple[int, ...]
    assumptions: tuple[Assumed, ...]
    sorts: tuple[SortAssumed, ...]
    levels: dict[str, float]
    """Level -> share of findings."""
    left_out: tuple[str, ...]
    """What is not simulated at all."""
    fit: Fit | None
    paper: dict[str, object]
    """Of the first seed."""
    anhuan: dict[str, object]
    """Of the first seed, through the database."""
    confidence: dict[str, dict[str, Spread]]
    """`paper`, `anhuan` -> figure -> spread."""
    expected: Question
    """What the sensitivity is held against: the assumptions as they are, over its seeds."""
    sensitivity: tuple[Question, ...]
    sensitivity_seeds: tuple[int, ...]
    claims: tuple[Claim, ...]
    claims_not_reached: tuple[str, ...]


def report_of(
    world: World,
    days: int,
    main: Sequence[Pair],
    variants: Mapping[str, Sequence[Pair]],
    language: Language,
) -> Report:
    """Put together what runs came to: `main` by seed, the first one from the database; `variants` by key."""
    under = [rules for _, rules in main]
    claims = tuple(_claim(figure, world.mix.claimed, under) for figure in FIGURES)
    seeds = tuple(rules.seed for rules in under)
    asked = next(iter(variants.values()), main)
    return Report(
        kind=world.mix.kind,
        days=days,
        begins_on=world.mix.begins_on.isoformat(),
        seed=seeds[0],
        seeds=seeds,
        assumptions=tuple(_assumed(world, language)),
        sorts=tuple(_sorts(world)),
        levels={level.key: level.share / sum(one.share for one in world.mix.levels) for level in world.mix.levels},
        left_out=tuple(said.text(language) for said in world.mix.left_out),
        fit=world.fit,
        paper=plain(main[0][0]),
        anhuan=plain(main[0][1]),
        confidence={
            "paper": spreads([paper.figures for paper, _ in main]),
            "anhuan": spreads([rules.figures for _, rules in main]),
        },
        expected=_question(EXPECTED, "", {}, main[: len(asked)]),
        sensitivity=tuple(_questions(world, variants, language)),
        sensitivity_seeds=tuple(rules.seed for _, rules in asked),
        claims=claims,
        claims_not_reached=tuple(claim.figure for claim in claims if not claim.met),
    )


def plain(reached: Reached) -> dict[str, object]:
    """One run, figures first, by the keys of `core.figures`."""
    rest = asdict(reached)
    found = rest.pop("figures")
    return {**asdict(found), **rest}


def spreads(found: Sequence[Figures]) -> dict[str, Spread]:
    """Each figure over seeds; one that a run has not counts in the others only."""
    values = {figure: [v for one in found if (v := getattr(one, figure)) is not None] for figure in FIGURES}
    return {figure: spread(known, 1.0 if figure in SHARES else math.inf) for figure, known in values.items() if known}


def spread(values: Sequence[float], most: float = math.inf) -> Spread:
    """Mean and 95 % interval of the mean, by Student's t, within 0 and `most`; of one value the value is both ends."""
    mean, free = fmean(values), len(values) - 1
    if free == 0:
        return Spread(mean=round(mean, 4), low=round(mean, 4), high=round(mean, 4))
    factor = _STUDENT[free - 1] if free <= len(_STUDENT) else _STUDENT_FAR
    half = factor * stdev(values) / len(values) ** 0.5
    return Spread(mean=round(mean, 4), low=round(max(mean - half, 0), 4), high=round(min(mean + half, most), 4))


def _assumed(world: World, language: Language) -> Iterable[Assumed]:
    for key in Assumptions.__struct_fields__:
        told = world.told[key]
        value = getattr(world.assumptions, key)
        yield Assumed(key=key, value=value, unit=told.unit, basis=told.basis, what=told.text(language))


def _sorts(world: World) -> Iterable[SortAssumed]:
    whole = sum(sort.share for sort in world.mix.sorts)
    for sort in world.mix.sorts:
        yield SortAssumed(
            key=sort.key,
            share=sort.share / whole,
            repair_h=sort.repair_h,
            parts_share=sort.parts_share,
            parts_days=sort.parts_days,
        )


def _questions(world: World, variants: Mapping[str, Sequence[Pair]], language: Language) -> Iterable[Question]:
    for variant in world.variants:
        if runs := variants.get(variant.key):
            yield _question(variant.key, variant.text(language), variant.changes(world.assumptions), runs)


def _question(key: str, what: str, changes: dict[str, float], runs: Sequence[Pair]) -> Question:
    return Question(
        key=key,
        what=what,
        changes=changes,
        paper=_means([paper for paper, _ in runs]),
        anhuan=_means([rules for _, rules in runs]),
    )


def _means(runs: Sequence[Reached]) -> dict[str, float | None]:
    """The claimed figures, and the share of closed cases in which nothing was mended."""
    found = spreads([run.figures for run in runs])
    closed = sum(run.figures.closed for run in runs)
    unmended = round(sum(run.closed_unmended for run in runs) / closed, 4) if closed else None
    return {**{figure: found[figure].mean if figure in found else None for figure in FIGURES}, UNMENDED: unmended}


def _claim(figure: str, claimed: Target, runs: Sequence[Reached]) -> Claim:
    wanted = float(getattr(claimed, figure))
    reached = _means(runs)[figure]
    if reached is None:
        return Claim(figure=figure, claimed=wanted, reached=None, met=False)
    met = reached <= wanted if figure in LOWER_IS_BETTER else reached >= wanted
    return Claim(figure=figure, claimed=wanted, reached=reached, met=met)
