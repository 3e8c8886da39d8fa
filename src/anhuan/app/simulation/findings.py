"""What is found at a simulated plant: drawn once, and given to both processes."""

import math
from random import Random

from msgspec import Struct

from anhuan.app.simulation.assumptions import Assumptions
from anhuan.app.simulation.people import DAY_S, Seconds, Staff
from anhuan.app.simulation.world import Mix, Sort
from anhuan.domain.ids import PersonId
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import Area, Equipment


class Finding(Struct, frozen=True, kw_only=True):
    """One finding as nature made it."""

    no: int
    found_at: Seconds
    finder: PersonId
    sort: str
    level: str
    form: dict[str, object]
    repair_h: float
    parts_s: Seconds
    """How long what must be bought takes to come; 0: nothing must."""


def draw_findings(
    mix: Mix,
    subject: dict[str, str],
    plant: Plant,
    staff: Staff,
    assumed: Assumptions,
    seed: int,
    period: tuple[Seconds, Seconds],
) -> list[Finding]:
    """Findings over a period, in order of time. `subject` names the form's fields for area and equipment.

    No two are about the same thing as long as there are other things: what comes back is not simulated.
    """
    rng = Random(f"{seed}/findings")
    begin, end = period
    found: list[Finding] = []
    free = _things(mix, plant, rng)
    at: float = begin
    while (at := at + rng.expovariate(assumed.findings_per_day) * DAY_S) < end:
        sort = rng.choices(mix.sorts, [sort.share for sort in mix.sorts])[0]
        level = rng.choices(mix.levels, [level.share for level in mix.levels])[0]
        area, equipment = _place(mix, sort, plant, free, rng)
        finder = _finder(staff, int(at), rng)
        spread, waits, length = rng.gauss(), rng.random(), rng.gauss()
        if finder is None:
            continue
        days = sort.parts_days * assumed.parts_factor * math.exp(assumed.parts_spread * length)
        form = {**sort.form, **level.form, subject["area"]: area, subject["equipment"]: equipment}
        found.append(
            Finding(
                no=len(found) + 1,
                found_at=int(at),
                finder=finder,
                sort=sort.key,
                level=level.key,
                form=form,
                repair_h=sort.repair_h * math.exp(assumed.repair_spread * spread),
                parts_s=int(days * DAY_S) if waits < sort.parts_share else 0,
            )
        )
    return found


def _things(mix: Mix, plant: Plant, rng: Random) -> dict[str, list[str]]:
    """Sort -> equipment that nothing of the sort has been found at, in the order in which it will be."""
    things = {}
    for sort in mix.sorts:
        things[sort.key] = rng.sample(sorted(plant.every(Equipment)), len(plant.every(Equipment)))
    return things


def _place(mix: Mix, sort: Sort, plant: Plant, free: dict[str, list[str]], rng: Random) -> tuple[str, str]:
    anywhere = rng.choice(sorted(plant.every(Area)))
    if not sort.on_equipment:
        return anywhere, mix.no_equipment
    left = free[sort.key]
    chosen = left.pop() if left else rng.choice(sorted(plant.every(Equipment)))
    return plant.every(Equipment)[chosen].area, chosen


def _finder(staff: Staff, at: Seconds, rng: Random) -> PersonId | None:
    """Somebody who is at work; None: nobody is."""
    here = [person for person in staff.traits if staff.at_work(person, at)]
    return rng.choice(here) if here else None
