"""The people of a simulated plant: when they are at work, how diligent they are, who games, who waves things through.

Whatever is said in hours of a person counts only while they are at work: by their roster, or by the plant's calendar,
and not while they are away. Times are whole seconds since 1970 (`Seconds`), as a run compares millions of them.
"""

import math
from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

from msgspec import Struct

from anhuan.app.simulation.assumptions import Assumptions
from anhuan.core.obligation.calendar import is_workday
from anhuan.domain.ids import PersonId
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import Absence, Person, Roster, Shift

Seconds = int
Span = tuple[Seconds, Seconds]
HOUR_S = 3600
DAY_S = 86_400
ONE_DAY = timedelta(days=1)
NEVER: Seconds = 2**53
"""After any run's end."""


def moment(at: Seconds) -> datetime:
    """As the core reads time."""
    return datetime.fromtimestamp(at, UTC)


class Traits(Struct, frozen=True, kw_only=True):
    """What a person is like; the same in both processes."""

    diligence: float
    games: bool
    waves_through: bool
    away: tuple[Span, ...]
    """True absences."""
    entered: tuple[Span, ...]
    """Those of them that the plant's data know of."""


class _Hours:
    """A person's time at work, ready to count in."""

    def __init__(self, spans: list[Span]) -> None:
        self._begins = [begin for begin, _ in spans]
        self._ends = [end for _, end in spans]
        self._before = [0]
        for begin, end in spans:
            self._before.append(self._before[-1] + end - begin)

    def after(self, at: Seconds, worked_s: float) -> Seconds:
        """When `worked_s` more have been worked; NEVER where the period does not hold them."""
        number = bisect_right(self._ends, at)
        if number >= len(self._ends):
            return NEVER
        wanted = self._before[number] + max(at - self._begins[number], 0) + worked_s
        place = bisect_right(self._before, wanted) - 1
        if place >= len(self._begins):
            return NEVER
        return self._begins[place] + math.ceil(wanted - self._before[place])

    def contains(self, at: Seconds) -> bool:
        """Whether the person is at work."""
        number = bisect_right(self._ends, at)
        return number < len(self._ends) and self._begins[number] <= at


class Staff:
    """Everybody, over a period."""

    def __init__(self, plant: Plant, assumptions: Assumptions, seed: int, begin: Seconds, end: Seconds) -> None:
        self._plant = plant
        self.traits: dict[PersonId, Traits] = {}
        self._hours: dict[PersonId, _Hours] = {}
        for person in sorted(plant.every(Person)):
            traits = _drawn(assumptions, Random(f"{seed}/person/{person}"), begin, end)
            self.traits[PersonId(person)] = traits
            spans = _worked(plant, PersonId(person), begin, end)
            self._hours[PersonId(person)] = _Hours(list(_without(spans, traits.away)))

    def after(self, person: PersonId, at: Seconds, hours: float) -> Seconds:
        """When the person has been at work for so many hours more; NEVER: not in the period."""
        return self._hours[person].after(at, hours * HOUR_S)

    def at_work(self, person: PersonId, at: Seconds) -> bool:
        """Whether the person is at work at that moment."""
        return self._hours[person].contains(at)

    def absences(self) -> Iterator[Absence]:
        """Absences as the plant's data know them."""
        for person, traits in self.traits.items():
            for number, (begin, end) in enumerate(traits.entered, 1):
                yield Absence(id=f"away-{person}-{number}", person=person, from_at=moment(begin), until_at=moment(end))


def _drawn(assumed: Assumptions, rng: Random, begin: Seconds, end: Seconds) -> Traits:
    """One person. Chances are compared with the same drawn numbers, so that variants differ in nothing else."""
    games, waves = rng.random(), rng.random()
    diligence = _diligence(assumed, rng.random())
    away: list[Span] = []
    entered: list[Span] = []
    day = begin
    while day < end:
        starts, length, known = rng.random(), rng.random(), rng.random()
        if starts < assumed.absences_per_day and (not away or away[-1][1] <= day):
            days = max(1, round(-math.log(1 - length) * assumed.absence_days))
            away.append((day, day + days * DAY_S))
            if known < assumed.absence_entered:
                entered.append(away[-1])
        day += DAY_S
    return Traits(
        diligence=diligence,
        games=games < assumed.gamers_share,
        waves_through=waves < assumed.waves_through,
        away=tuple(away),
        entered=tuple(entered),
    )


def _diligence(assumed: Assumptions, place: float) -> float:
    """A beta-distributed value, the same for the same place among people whenever mean and weight are the same."""
    mean, weight = assumed.diligence_mean, assumed.diligence_weight
    if mean <= 0 or mean >= 1:
        return min(max(mean, 0.0), 1.0)
    return Random(f"diligence/{place}").betavariate(mean * weight, (1 - mean) * weight)


def _worked(plant: Plant, person: PersonId, begin: Seconds, end: Seconds) -> Iterator[Span]:
    """Spans at work by the roster, or by the plant's calendar where no roster names the person."""
    roster = _roster_of(plant, person)
    day = moment(begin).astimezone(plant.zone).date() - ONE_DAY
    last = moment(end).astimezone(plant.zone).date()
    while day <= last:
        span = _on_shift(plant, roster, day) if roster else _in_office(plant, day)
        if span is not None and span[1] > begin and span[0] < end:
            yield max(span[0], begin), min(span[1], end)
        day += ONE_DAY


def _roster_of(plant: Plant, person: PersonId) -> Roster | None:
    record = plant.person(person)
    rosters = [roster for roster in plant.every(Roster).values() if record and roster.team == record.team]
    named = [roster for roster in rosters if person in roster.people]
    return next(iter([*named, *(roster for roster in rosters if not roster.people)]), None)


def _on_shift(plant: Plant, roster: Roster, day: date) -> Span | None:
    shift = plant.get(Shift, roster.cycle[(day - roster.from_on).days % len(roster.cycle)])
    if shift is None:
        return None
    ends_on = day if shift.starts < shift.ends else day + ONE_DAY
    starts, ends = datetime.combine(day, shift.starts, plant.zone), datetime.combine(ends_on, shift.ends, plant.zone)
    return int(starts.timestamp()), int(ends.timestamp())


def _in_office(plant: Plant, day: date) -> Span | None:
    calendar = plant.calendar
    if not is_workday(calendar, day):
        return None
    starts = datetime.combine(day, calendar.day_starts, plant.zone)
    ends = datetime.combine(day, calendar.day_ends, plant.zone)
    return int(starts.timestamp()), int(ends.timestamp())


def _without(spans: Iterator[Span], away: tuple[Span, ...]) -> Iterator[Span]:
    for begin, end in spans:
        pieces = [(begin, end)]
        for gone, back in away:
            pieces = [
                (first, last)
                for a, b in pieces
                for first, last in ((a, min(b, gone)), (max(a, back), b))
                if first < last
            ]
        yield from pieces
