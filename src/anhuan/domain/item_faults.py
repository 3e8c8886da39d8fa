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
    Inspection,
    PlantItem,
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
    `nothing_to_check`, `days_reversed`, `slots_empty`, `slot_minutes_out_of_range`, `month_day_unknown`.
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
