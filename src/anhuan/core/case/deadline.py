"""When a duty that is opened now is due, and what that is counted from."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import cast

from anhuan.core.case.dated import item_date
from anhuan.core.case.events import Term
from anhuan.core.case.state import Case, DutyStatus
from anhuan.core.obligation.calendar import Clock, Within, due_at, parse_within
from anhuan.core.policy import Values
from anhuan.core.terms import Deadline, Earliest, FirstKnown, ItemDate, UntilField, WithinTable
from anhuan.domain.plant import Plant

Due = tuple[datetime, Term | None]
"""An instant, and the term that it is the end of; None: it was named as an instant."""

Answers = Callable[[str], Mapping[str, object]]
"""What a table says for the case as it stands."""


def due(given: Deadline, case: Case, plant: Plant, at: datetime, answers: Answers, extra: Values) -> Due | None:
    """When what is opened at `at` is due; None: no instant is named that can be read and still counts."""
    match given:
        case UntilField(field, met_by):
            instant = read_instant(named(field, case, extra), plant)
            return None if instant is None or (instant <= at and _had_its_turn(case, met_by)) else (instant, None)
        case ItemDate(field, met_by):
            ends_at = item_date(field, case, plant)
            return None if ends_at is None or (ends_at <= at and _had_its_turn(case, met_by)) else (ends_at, None)
        case WithinTable(table):
            outputs = answers(table)
            within = parse_within(str(outputs["within"]), cast(Clock, outputs.get("clock", "calendar")))
            return _counted(within, plant, at)
        case Within():
            return _counted(given, plant, at)
        case FirstKnown(options):
            return next(_known(options, case, plant, at, answers, extra), None)
        case Earliest(options):
            return min(_known(options, case, plant, at, answers, extra), key=lambda found: found[0], default=None)


def _had_its_turn(case: Case, met_by: tuple[str, ...]) -> bool:
    """Whether a duty that an instant was meant for was done or missed it, so that what is owed again needs another."""
    return any(
        duty.key in met_by and (duty.status is DutyStatus.DISCHARGED or duty.breached_at is not None)
        for duty in case.duties.values()
    )


def _known(
    options: tuple[Deadline, ...], case: Case, plant: Plant, at: datetime, answers: Answers, extra: Values
) -> Iterator[Due]:
    for option in options:
        if (found := due(option, case, plant, at, answers, extra)) is not None:
            yield found


def _counted(within: Within, plant: Plant, at: datetime) -> Due:
    term = Term(at, within)
    return ends(term, plant), term


def ends(term: Term, plant: Plant) -> datetime:
    """When the time that was given is over, by the calendar as it is."""
    return due_at(term.from_at, term.within, plant.calendar, plant.zone)


def named(field: str, case: Case, extra: Values) -> object:
    """What was said in a field: in what is being asked now, in a granted move, in what a duty was discharged with, in
    the case's own form; the latest of each first. None: nothing."""
    granted = (asked.form for asked in reversed(case.moves.values()) if asked.granted)
    done = (duty.form for duty in reversed(case.duties.values()) if duty.status is DutyStatus.DISCHARGED)
    return next((values[field] for values in (extra, *granted, *done, case.values()) if field in values), None)


def read_instant(value: object, plant: Plant) -> datetime | None:
    """A value as an aware instant, the plant's zone where it has none; None: it is none."""
    try:
        instant = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=plant.zone)
