"""What a drawn process costs: hours of people's work a month, hours that a case waits, and what to replace first.

Every step happens `per_month` times, or once for each case where nothing is said. Its *work* is minutes × times ÷ 60.
Its *waiting*, over a month and per case, is hours × times, and that ÷ cases. What a system can take over are
hand-overs, signatures, records and waits, not the work itself and not the check of it; of these the steps are ranked
by *relief*: hours of work a month, and a share of the hours waited, since an hour in which a paper lies somewhere
costs nobody's hands, but holds the case open.
"""

from msgspec import Struct

from anhuan.core.policy import Wait
from anhuan.domain.plant_items import ProcessMap, ProcessStep, StepKind

WAITED_SHARE = 0.1
"""An hour of waiting counts as six minutes of work when steps are ranked; said wherever the ranking is shown."""
REPLACEABLE: frozenset[StepKind] = frozenset({"hand_over", "signature", "record", "wait"})
MEASURED: dict[StepKind, Wait] = {
    "hand_over": Wait.RECEIPT,
    "signature": Wait.APPROVAL,
    "check": Wait.VERIFICATION,
    "work": Wait.WORK,
    "wait": Wait.DEFERRAL,
}
"""Against which sort of measured waiting a sort of step is held."""


class StepCost(Struct, frozen=True, kw_only=True):
    """One step of the map, at its place."""

    place: int
    """From 1, in the order of the map."""
    times: float
    """A month."""
    work_hours: float
    """A month."""
    waited_hours: float
    """A month."""
    relief: float
    """Hours of work a month, and WAITED_SHARE of those waited; 0 for what no system replaces."""


class ProcessCost(Struct, frozen=True, kw_only=True):
    """A map as a whole."""

    steps: tuple[StepCost, ...]
    work_hours: float
    """A month."""
    waited_hours_per_case: float
    replace_first: tuple[int, ...]
    """Places of the steps that give relief, the most first."""
    waited_by: dict[Wait, float]
    """Hours per case by the sort of waiting that is measured once the system runs; a step's own work included."""


def process_cost(drawn: ProcessMap) -> ProcessCost:
    """What a map costs; figures to two places."""
    steps = tuple(_step(place, step, drawn.cases_per_month) for place, step in enumerate(drawn.steps, 1))
    waited_by: dict[Wait, float] = {}
    for step, cost in zip(drawn.steps, steps, strict=True):
        if (wait := MEASURED.get(step.kind)) is not None:
            hours = (cost.work_hours + cost.waited_hours) / drawn.cases_per_month
            waited_by[wait] = waited_by.get(wait, 0.0) + hours
    ranked = sorted((cost for cost in steps if cost.relief), key=lambda cost: (-cost.relief, cost.place))
    return ProcessCost(
        steps=steps,
        work_hours=round(sum(cost.work_hours for cost in steps), 2),
        waited_hours_per_case=round(sum(cost.waited_hours for cost in steps) / drawn.cases_per_month, 2),
        replace_first=tuple(cost.place for cost in ranked),
        waited_by={wait: round(hours, 2) for wait, hours in waited_by.items()},
    )


def _step(place: int, step: ProcessStep, cases: float) -> StepCost:
    times = cases if step.per_month is None else step.per_month
    work, waited = step.minutes * times / 60, step.wait_hours * times
    relief = work + WAITED_SHARE * waited if step.kind in REPLACEABLE else 0.0
    return StepCost(
        place=place, times=times, work_hours=round(work, 2), waited_hours=round(waited, 2), relief=round(relief, 2)
    )
