"""The shift that a team works now, the one before it, and who of the team is here: where a shift briefing begins.

A team that is rostered goes by the shifts of its rosters. One that is not goes by days, and looks back to its last
working day: on a Monday morning what came since Friday is new.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from msgspec import Struct

from anhuan.core.obligation.calendar import is_workday
from anhuan.domain.ids import PersonId, TeamId
from anhuan.domain.plant import ONE_DAY, Plant
from anhuan.domain.plant_items import Roster, Shift

DAYS_BACK_MOST = 15
"""Longer than any holiday: so far back the last working day is looked for."""


class Watch(Struct, frozen=True, kw_only=True):
    """The time that a briefing is about."""

    shift: str | None
    """Id of the shift; None: the team goes by days."""
    begins_at: datetime
    ends_at: datetime
    since_at: datetime
    """When the shift before it began: what came since is new to whoever begins now."""


class Crew(Struct, frozen=True, kw_only=True):
    """The people of a team at a moment, the leader first in each part."""

    working: tuple[PersonId, ...]
    away: tuple[PersonId, ...]
    """On leave, ill or elsewhere."""
    off: tuple[PersonId, ...]
    """Between shifts."""


def watch_of(plant: Plant, team: TeamId, at: datetime) -> Watch:
    """The shift of a team that runs at a moment; where none of its own does, or it has none, the day."""
    runs = sorted(_runs(plant, team, at), key=lambda run: run[1])
    running = [run for run in runs if run[1] <= at < run[2]]
    if not running:
        return _day(plant, at)
    shift, begins_at, ends_at = running[-1]
    before = [begun for _, begun, ended in runs if begun < begins_at and ended <= begins_at]
    return Watch(
        shift=shift,
        begins_at=begins_at,
        ends_at=ends_at,
        since_at=max(before, default=begins_at - ONE_DAY),
    )


def crew_of(plant: Plant, team: TeamId, at: datetime) -> Crew:
    """Who of a team is at work, away and off at a moment; whoever has left is in none."""
    members = [person for person in plant.members(team) if plant.is_here(person, at)]
    away = tuple(person for person in members if plant.is_absent(person, at))
    working = tuple(person for person in members if plant.on_duty(person, at))
    return Crew(working=working, away=away, off=tuple(p for p in members if p not in {*away, *working}))


def _runs(plant: Plant, team: TeamId, at: datetime) -> Iterator[tuple[str, datetime, datetime]]:
    """The team's shifts of yesterday, today and the day before, with their instants."""
    rosters = [roster for roster in plant.every(Roster).values() if roster.team == team]
    shifts = [plant.get(Shift, name) for name in dict.fromkeys(name for roster in rosters for name in roster.cycle)]
    today = at.astimezone(plant.zone).date()
    for shift in shifts:
        for day in (today - 2 * ONE_DAY, today - ONE_DAY, today):
            if shift is not None:
                ends_on = day if shift.starts < shift.ends else day + ONE_DAY
                yield shift.id, _instant(plant, day, shift.starts), _instant(plant, ends_on, shift.ends)


def _day(plant: Plant, at: datetime) -> Watch:
    today = at.astimezone(plant.zone).date()
    back = (today - timedelta(days=n) for n in range(1, DAYS_BACK_MOST))
    before = next((day for day in back if is_workday(plant.calendar, day)), today - ONE_DAY)
    return Watch(
        shift=None,
        begins_at=_instant(plant, today, time()),
        ends_at=_instant(plant, today + ONE_DAY, time()),
        since_at=_instant(plant, before, time()),
    )


def _instant(plant: Plant, day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, plant.zone).astimezone(UTC)
