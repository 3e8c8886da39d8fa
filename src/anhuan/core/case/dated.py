"""The item of the plant that a case is about because one of its dates came near, and what is written back to it.

A case that such a date raised is opened with `item_kind` and `item`. What stands in the plant counts, not what stood
there when the case was opened: a date that was moved forward moves the deadline with it, one that was put off by hand
does not end what is owed.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from anhuan.core.case.events import DutyDischarged
from anhuan.core.case.outcome import Reason, WriteItem
from anhuan.core.case.state import Case, DutyStatus
from anhuan.core.policy import Kind, Values, Writes
from anhuan.core.terms import Deadline, Earliest, FirstKnown, ItemDate
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import ITEM_TYPES, PlantItem
from anhuan.domain.plant_reading import decode_items, encode_item

ITEM_KIND, ITEM = "item_kind", "item"
"""Fields of the case's form that name the item."""
ENDS_WELL = frozenset({"done", "pass"})


def item_of(case: Case, plant: Plant) -> PlantItem | None:
    """The item that the case is about; None: it is about none, or it has been removed."""
    kind = ITEM_TYPES.get(str(case.values().get(ITEM_KIND)))
    return plant.get(kind, str(case.values().get(ITEM))) if kind is not None else None


def day_ends(day: date, plant: Plant) -> datetime:
    """When a day that something is good until is over: at midnight, in the plant's own time."""
    return datetime.combine(day + timedelta(days=1), time(), plant.zone).astimezone(UTC)


def item_date(field: str, case: Case, plant: Plant) -> datetime | None:
    """The end of the day in a field of the case's item, as the plant has it now; None: there is no such day."""
    day = getattr(item_of(case, plant), field, None)
    return day_ends(day, plant) if isinstance(day, date) else None


def moved_forward(given: Deadline, due_at: datetime, case: Case, plant: Plant) -> datetime | None:
    """The earlier end of a deadline that is a date of the plant's and was moved forward there; None: it was not."""
    match given:
        case ItemDate(field):
            found = item_date(field, case, plant)
            return found if found is not None and found < due_at else None
        case FirstKnown(options) | Earliest(options):
            return next((end for o in options if (end := moved_forward(o, due_at, case, plant)) is not None), None)
        case _:
            return None


def unwritable(kind: Kind, duty: str, form: Values, case: Case, plant: Plant) -> Iterator[Reason]:
    """Why what is said in a duty's form could not be written to the item: it is gone, or would not be in order."""
    for writes in (writes for key, writes in kind.writes.items() if duty in (key, writes.of)):
        said = form if duty == writes.of else _said(writes, case)
        item = item_of(case, plant)
        if item is None:
            yield Reason("item_gone", params={"item": case.values().get("name", "")})
            continue
        read = decode_items(str(case.values()[ITEM_KIND]), [_row(item, writes, said)])
        for problem in read.problems:
            yield Reason("item_unfit", f"/{writes.set.get(problem.field, '')}", {"why": problem.code})
        for new in read.items:
            yield from _not_later(kind, writes, item, new)


def _not_later(kind: Kind, writes: Writes, old: PlantItem, new: PlantItem) -> Iterator[Reason]:
    """The date that raises such cases only ever moves on: a renewal is good for longer than what it renews."""
    for field in writes.set.keys() & {field for _, field in kind.due_dates()}:
        before, after = getattr(old, field), getattr(new, field)
        if isinstance(before, date) and not (isinstance(after, date) and after > before):
            yield Reason("date_not_later", f"/{writes.set[field]}", {"than": before.isoformat()})


def written(kind: Kind, duty: str, case: Case, event: DutyDischarged) -> WriteItem | None:
    """What the plant is told once a duty is done well; None: nothing."""
    writes = kind.writes.get(duty)
    if writes is None or event.outcome not in ENDS_WELL:
        return None
    said = event.form if writes.of == duty else _said(writes, case)
    values = {field: said.get(source) for field, source in writes.set.items()}
    return WriteItem(str(case.values()[ITEM_KIND]), str(case.values()[ITEM]), values, event.by)


def _said(writes: Writes, case: Case) -> Values:
    """What was said in the form that is written from, when its duty was done last."""
    done = (d for d in reversed(case.duties.values()) if d.key == writes.of and d.status is DutyStatus.DISCHARGED)
    return next((duty.form for duty in done), {})


def _row(item: PlantItem, writes: Writes, said: Values) -> dict[str, object]:
    return {**encode_item(item), **{field: said.get(source) for field, source in writes.set.items()}}
