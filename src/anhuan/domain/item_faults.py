"""What an item of a plant can be wrong in by itself, whatever else the plant holds."""

import math
import re
from collections.abc import Iterable, Iterator
from datetime import datetime, time
from functools import singledispatch
from zoneinfo import ZoneInfo

from msgspec import Struct

from anhuan.domain.plant_items import (
    Absence,
    Area,
    Deputy,
    Equipment,
    FloorPlan,
    Inspection,
    PlantItem,
    ProcessMap,
    ReadingPoint,
    Roster,
    Schedule,
    Shift,
    Site,
    WorkCalendar,
)

LONGEST_ID = 80
LONGEST_SLOT_MINUTES = 24 * 60
LONGEST_MONTH_DAYS = 31
LARGEST_PLAN = 1_000_000
MOST_OUTLINES, MOST_CORNERS, MOST_STEPS = 400, 200, 120
LARGEST_AMOUNT = 1_000_000
_HASH = re.compile(r"[0-9a-f]{64}")
# A party is written `post:area_owner@area-press`; ids that hold those signs, or a list's, could be read two ways.
_ID = re.compile(r"[^\s/@:,;，；、|\\]+")


class Fault(Struct, frozen=True):
    """One thing wrong with an item: its field, a stable code, and what the words need."""

    field: str
    code: str
    params: dict[str, object] = {}


def item_faults(item: PlantItem) -> Iterator[Fault]:
    """All that is wrong with one item.

    Codes: `id_unfit`, `time_zone_unknown`, `coordinate_alone`, `coordinate_out_of_range`, `key_twice`,
    `limits_reversed`, `number_not_finite`, `shift_without_hours`, `cycle_empty`, `weekday_unknown`, `no_working_days`,
    `working_day_without_hours`, `day_both_ways`, `times_reversed`, `time_without_zone`, `own_deputy`,
    `nothing_to_check`, `days_reversed`, `slots_empty`, `slot_minutes_out_of_range`, `month_day_unknown`,
    `plan_without_size`, `picture_no_hash`, `too_many_parts`, `corners_too_few`, `corner_outside`,
    `steps_missing`, `amount_out_of_range`, `step_unnamed`.
    """
    if len(item.id) > LONGEST_ID or not _ID.fullmatch(item.id):
        yield Fault("id", "id_unfit", {"longest": LONGEST_ID})
    yield from _faults(item)


@singledispatch
def _faults(item: PlantItem) -> Iterable[Fault]:
    return ()


@_faults.register
def _site(site: Site) -> Iterator[Fault]:
    try:
        ZoneInfo(site.time_zone)
    except (KeyError, ValueError, OSError):
        yield Fault("time_zone", "time_zone_unknown", {"given": site.time_zone})


@_faults.register
def _area(area: Area) -> Iterator[Fault]:
    yield from _coordinates(area)


@_faults.register
def _equipment(equipment: Equipment) -> Iterator[Fault]:
    yield from _coordinates(equipment)
    yield from _points(equipment.points)


@_faults.register
def _inspection(inspection: Inspection) -> Iterator[Fault]:
    if inspection.done_on is not None and inspection.due_on <= inspection.done_on:
        yield Fault("due_on", "days_reversed")


@_faults.register
def _shift(shift: Shift) -> Iterator[Fault]:
    if shift.starts == shift.ends:
        yield Fault("ends", "shift_without_hours")


@_faults.register
def _roster(roster: Roster) -> Iterator[Fault]:
    if not roster.cycle:
        yield Fault("cycle", "cycle_empty")


@_faults.register
def _calendar(calendar: WorkCalendar) -> Iterator[Fault]:
    yield from _weekdays("rest_weekdays", calendar.rest_weekdays)
    if len({*calendar.rest_weekdays} & {*range(7)}) == 7:
        yield Fault("rest_weekdays", "no_working_days")
    if time(0) != calendar.day_ends <= calendar.day_starts:
        yield Fault("day_ends", "working_day_without_hours")
    if both := sorted({*calendar.holidays} & {*calendar.shifted_workdays}):
        yield Fault("shifted_workdays", "day_both_ways", {"days": [day.isoformat() for day in both]})


@_faults.register
def _deputy(deputy: Deputy) -> Iterator[Fault]:
    yield from _span(deputy.from_at, deputy.until_at)
    if deputy.person == deputy.deputy:
        yield Fault("deputy", "own_deputy")


@_faults.register
def _absence(absence: Absence) -> Iterator[Fault]:
    yield from _span(absence.from_at, absence.until_at)


@_faults.register
def _schedule(schedule: Schedule) -> Iterator[Fault]:
    yield from _weekdays("weekdays", schedule.weekdays)
    if schedule.area is not None and not schedule.equipment:
        yield Fault("equipment", "nothing_to_check")
    if not schedule.slots or not schedule.weekdays:
        yield Fault("slots" if not schedule.slots else "weekdays", "slots_empty")
    if not set(schedule.month_days) <= set(range(1, LONGEST_MONTH_DAYS + 1)):
        yield Fault("month_days", "month_day_unknown", {"longest": LONGEST_MONTH_DAYS})
    if not 0 < schedule.slot_minutes <= LONGEST_SLOT_MINUTES:
        yield Fault("slot_minutes", "slot_minutes_out_of_range", {"longest": LONGEST_SLOT_MINUTES})


@_faults.register
def _floor_plan(plan: FloorPlan) -> Iterator[Fault]:
    sizes = (("width", plan.width), ("height", plan.height))
    for field, value in sizes:
        if not 0 < value <= LARGEST_PLAN:
            yield Fault(field, "plan_without_size", {"largest": LARGEST_PLAN})
    if plan.picture and not _HASH.fullmatch(plan.picture):
        yield Fault("picture", "picture_no_hash")
    if len(plan.outlines) > MOST_OUTLINES:
        yield Fault("outlines", "too_many_parts", {"most": MOST_OUTLINES})
    for outline in plan.outlines:
        if not 3 <= len(outline.corners) <= MOST_CORNERS:
            yield Fault("outlines", "corners_too_few", {"area": outline.area, "most": MOST_CORNERS})
        if not all(0 <= x <= plan.width and 0 <= y <= plan.height for x, y in outline.corners):
            yield Fault("outlines", "corner_outside", {"area": outline.area})


@_faults.register
def _process_map(drawn: ProcessMap) -> Iterator[Fault]:
    if not 0 < drawn.cases_per_month <= LARGEST_AMOUNT:
        yield Fault("cases_per_month", "amount_out_of_range", {"largest": LARGEST_AMOUNT})
    if not drawn.steps:
        yield Fault("steps", "steps_missing")
    if len(drawn.steps) > MOST_STEPS:
        yield Fault("steps", "too_many_parts", {"most": MOST_STEPS})
    for place, step in enumerate(drawn.steps, 1):
        if not step.lane.strip() or not step.name.strip():
            yield Fault("steps", "step_unnamed", {"step": place})
        amounts = (step.minutes, step.wait_hours, step.per_month or 0)
        if not all(0 <= amount <= LARGEST_AMOUNT for amount in amounts):
            yield Fault("steps", "amount_out_of_range", {"largest": LARGEST_AMOUNT})


def _coordinates(place: Area | Equipment) -> Iterator[Fault]:
    pairs = (("latitude", place.latitude, 90), ("longitude", place.longitude, 180))
    missing = [field for field, value, _ in pairs if value is None]
    if len(missing) == 1:
        yield Fault(missing[0], "coordinate_alone")
    for field, value, limit in pairs:
        if value is not None and not -limit <= value <= limit:
            yield Fault(field, "coordinate_out_of_range", {"limit": limit})


def _points(points: tuple[ReadingPoint, ...]) -> Iterator[Fault]:
    seen: set[str] = set()
    for point in points:
        if point.key in seen:
            yield Fault("points", "key_twice", {"key": point.key})
        seen.add(point.key)
        limits = [limit for limit in (point.low, point.high) if limit is not None]
        if not all(math.isfinite(limit) for limit in limits):
            yield Fault("points", "number_not_finite", {"key": point.key})
        if limits != sorted(limits):
            yield Fault("points", "limits_reversed", {"key": point.key})


def _weekdays(field: str, weekdays: tuple[int, ...]) -> Iterator[Fault]:
    if any(day not in range(7) for day in weekdays):
        yield Fault(field, "weekday_unknown")


def _span(from_at: datetime, until_at: datetime) -> Iterator[Fault]:
    naive = [field for field, at in (("from_at", from_at), ("until_at", until_at)) if at.tzinfo is None]
    for field in naive:
        yield Fault(field, "time_without_zone")
    if not naive and until_at <= from_at:
        yield Fault("until_at", "times_reversed")
