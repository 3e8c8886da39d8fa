"""Counting figures of cases, one by one: what `core.figures` says in words, as code that looks at nothing else."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from statistics import fmean, median

from msgspec import Struct
from msgspec.structs import replace

from anhuan.core.case.decide import IMPORT
from anhuan.core.case.state import Case, CaseStatus
from anhuan.core.completeness import steps
from anhuan.core.figures import DIMENSIONS, PLACES_MOST, Group, Place, Question, Step, Tally
from anhuan.core.waiting import ORDER, deferrals, waited_s, waits_for


class _Row(Struct, frozen=True, kw_only=True):
    """A registered case, as its population counts it."""

    case: Case
    at: datetime
    closed: bool
    overdue: bool


def tally_live(cases: Iterable[Case], asked: Question) -> Tally:
    """Counted of cases that live, or have lived, here."""
    cases = [case for case in cases if case.kind == asked.kind]
    registered = [
        _Row(
            case=case,
            at=case.opened_at,
            closed=case.status is CaseStatus.CLOSED,
            overdue=case.overdue_at is not None,
        )
        for case in cases
        if case.opened_at is not None and case.source != IMPORT and asked.covers(case.opened_at)
    ]
    ended = [case for case in cases if not case.imported and asked.covers(case.closed_at)]
    owed = [case for case in cases if case.status is CaseStatus.OPEN]
    waited = [spent for case in ended if (spent := waited_s(case)) is not None]
    waiting = Counter(wait.value for case in owed if (wait := waits_for(case)) is not None)
    return replace(
        _of_registered(registered, asked),
        closed_in_period=len(ended),
        cycle_days=_cycle(case.cycle_working_days for case in ended),
        waited_s=tuple(sum(one[place] for one in waited) for place in range(len(ORDER))),
        open=len(owed),
        open_overdue=sum(case.overdue_at is not None for case in owed),
        waiting=dict(waiting),
        open_in=_open_in(owed),
        trend=_trend([row.at for row in registered], [case.closed_at for case in ended if case.closed_at], asked),
    )


def tally_register(cases: Iterable[Case], asked: Question) -> Tally:
    """Counted of what was taken over from the plant's own register, as it stood there."""
    taken = [case for case in cases if case.kind == asked.kind and case.source == IMPORT]
    registered = [
        _Row(case=case, at=case.found_at, closed=case.imported, overdue=_register_overdue(case, asked))
        for case in taken
        if case.found_at is not None and asked.covers(case.found_at)
    ]
    ended = [case for case in taken if case.imported and asked.covers(case.closed_at)]
    return replace(
        _of_registered(registered, asked),
        closed_in_period=len(ended),
        cycle_days=_cycle(case.cycle_working_days for case in ended if case.cycle_s),
        trend=_trend([row.at for row in registered], [case.closed_at for case in ended if case.closed_at], asked),
    )


def _open_in(owed: Iterable[Case]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for case in owed:
        count, late = found.get(case.subject.area or "", (0, 0))
        found[case.subject.area or ""] = (count + 1, late + (case.overdue_at is not None))
    return found


def _register_overdue(case: Case, asked: Question) -> bool:
    """Done after the day that the register wanted, or not done and that day is over."""
    due_on = case.form.get(asked.due_field)
    done_on = case.closed_at.astimezone(asked.zone).date() if case.closed_at is not None else asked.today
    return isinstance(due_on, str) and due_on[:10] < done_on.isoformat()


def _of_registered(rows: Sequence[_Row], asked: Question) -> Tally:
    places = Counter(place for row in rows if (place := _place(row.case)) is not None)
    recurring: Counter[str] = Counter()
    recurring_at: Counter[tuple[str, str]] = Counter()
    for (area, equipment, category), times in places.items():
        recurring[category] += times - 1
        recurring_at[area, equipment] += times - 1
    listed = sorted(
        (Place(*place, times) for place, times in places.items() if times > 1),
        key=lambda place: (-place.registered, place.category, place.equipment, place.area),
    )
    return Tally(
        registered=len(rows),
        closed=sum(row.closed for row in rows),
        overdue=sum(row.overdue for row in rows),
        deferred=sum(deferrals(row.case) > 0 for row in rows),
        hand_overs=sum(row.case.hand_overs for row in rows),
        steps=sum(steps(row.case)[0] for row in rows),
        steps_complete=sum(steps(row.case)[1] for row in rows),
        groups={dimension: _groups(rows, dimension, asked) for dimension in DIMENSIONS},
        places=tuple(listed[:PLACES_MOST]),
        recurring=recurring.total(),
        recurring_by_category={category: times for category, times in recurring.items() if times},
        recurring_at={place: times for place, times in recurring_at.items() if times},
    )


def _place(case: Case) -> tuple[str, str, str] | None:
    """Area (where no equipment is named), equipment and category; None: not known well enough to be the same."""
    about = case.subject
    area = "" if about.equipment else about.area or ""
    return (area, about.equipment or "", about.category) if about.category and (about.equipment or area) else None


def _groups(rows: Iterable[_Row], dimension: str, asked: Question) -> tuple[Group, ...]:
    registered: Counter[str] = Counter()
    closed: Counter[str] = Counter()
    overdue: Counter[str] = Counter()
    owed: Counter[str] = Counter()
    complete: Counter[str] = Counter()
    for row in rows:
        steps_owed, steps_complete = steps(row.case)
        for key in _keys(row.case, dimension, asked):
            registered[key] += 1
            closed[key] += row.closed
            overdue[key] += row.overdue
            owed[key] += steps_owed
            complete[key] += steps_complete
    return tuple(
        sorted(
            Group(key, times, closed[key], overdue[key], owed[key], complete[key]) for key, times in registered.items()
        )
    )


def _keys(case: Case, dimension: str, asked: Question) -> Iterable[str]:
    match dimension:
        case "source":
            told = case.form.get(asked.source_field)
            return [told if isinstance(told, str) else case.source]
        case "area":
            return [case.subject.area or ""]
        case "category":
            return [case.subject.category or ""]
        case "risk_level":
            risk = case.computed.get("risk_level")
            return [risk if isinstance(risk, str) else ""]
        case "outcome":
            return [case.outcome or ""]
        case _:
            return teams_of(case)


def teams_of(case: Case) -> set[str]:
    """Teams that owe or owed a duty of a case, or were told of one: those that have a part in it."""
    parties = {party for duty in case.duties.values() for party in (duty.party, *duty.told)}
    return {str(team) for party in parties if (team := getattr(party, "team", None)) is not None}


def _cycle(days: Iterable[float | None]) -> tuple[float, float] | None:
    known = [day for day in days if day is not None]
    return (fmean(known), median(known)) if known else None


def _trend(registered: Iterable[datetime], closed: Iterable[datetime], asked: Question) -> tuple[Step, ...]:
    days, starts = asked.steps(), asked.starts()

    def by_step(moments: Iterable[datetime]) -> Counter[date]:
        return Counter(days[max(bisect_right(starts, at) - 1, 0)] for at in moments)

    came, went = by_step(registered), by_step(closed)
    return tuple(Step(day, came[day], went[day]) for day in sorted(came.keys() | went.keys()))
