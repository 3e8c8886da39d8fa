"""Fitting the few free parameters, so that paper comes to what the article says that it came to.

Only what `assumptions.FREE` names is moved, by a pattern search on the mean over several seeds; the seeds are others
than those that are reported. Under the rules nothing is ever fitted.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import fmean

from anhuan.app.simulation.assumptions import FREE, Fit, Target, varied
from anhuan.app.simulation.runs import Reached, Setting, compiled, errands_of, run_paper, setting_of
from anhuan.app.simulation.world import World

DAYS = 92
"""The article's quarter."""
SEEDS = tuple(range(1001, 1009))
FIRST_STEP, LAST_STEP = 0.5, 0.01
"""Of the logarithm of a parameter."""
SCALE = Target(closure_rate=0.01, overdue_rate=0.01, cycle_working_days_mean=0.1)
"""How large a miss weighs alike in each figure."""
FIGURES = Target.__struct_fields__

Values = dict[str, float]


def target_of(runs: Sequence[Reached]) -> Target:
    """The three figures of several runs, in the mean; a run in which nothing closed has no cycle and does not count."""
    found = [run.figures for run in runs]
    cycles = [one.cycle_working_days_mean for one in found if one.cycle_working_days_mean is not None]
    return Target(
        closure_rate=fmean(one.closure_rate or 0.0 for one in found),
        overdue_rate=fmean(one.overdue_rate or 0.0 for one in found),
        cycle_working_days_mean=fmean(cycles) if cycles else math.inf,
    )


def calibrate(world: World, told: Callable[[Values, Target], None]) -> Fit:
    """Search from the world's values; `told` hears of each improvement."""
    packs = compiled(world)
    drawn = [setting_of(world, seed, DAYS, packs=packs) for seed in SEEDS]
    settings = [(setting, errands_of(setting)) for setting in drawn]

    def reached(values: Values) -> Target:
        return target_of([run_paper(_with(setting, values), errands) for setting, errands in settings])

    best = {key: float(getattr(world.assumptions, key)) for key in FREE}
    best_reached = reached(best)
    step = FIRST_STEP
    while step >= LAST_STEP:
        better = False
        for key in FREE:
            for factor in (math.exp(step), math.exp(-step)):
                tried = {**best, key: best[key] * factor}
                came_to = reached(tried)
                if _miss(came_to, world.mix.target) < _miss(best_reached, world.mix.target):
                    best, best_reached, better = tried, came_to, True
                    told(best, best_reached)
        if not better:
            step /= 2
    target = world.mix.target
    return Fit(
        values={key: float(f"{value:.4g}") for key, value in best.items()},
        days=DAYS,
        seeds=SEEDS,
        target=target,
        reached=_rounded(best_reached),
        residuals=_rounded(Target(**{key: getattr(best_reached, key) - getattr(target, key) for key in FIGURES})),
    )


def _with(setting: Setting, values: Values) -> Setting:
    return replace(setting, assumed=varied(setting.assumed, values))


def _miss(came_to: Target, target: Target) -> float:
    misses = (float(getattr(came_to, key) - getattr(target, key)) / getattr(SCALE, key) for key in FIGURES)
    return math.fsum(miss * miss for miss in misses)


def _rounded(found: Target) -> Target:
    return Target(**{key: round(getattr(found, key), 4) for key in FIGURES})
