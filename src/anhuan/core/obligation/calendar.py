"""Working time: when a duty is due by a plant's calendar, and how much working time lies between two instants.

Two clocks count. On the *calendar* clock a day is 24 hours and every hour counts. On the *working* clock only the hours
from `day_starts` to `day_ends` of working days count, in the plant's own zone. A deadline of

- hours (`PT2H`) uses up two working hours, over as many nights, weekends and holidays as it takes;
- days (`P3D`) counts three working days from the day after the start, and ends at the same time of day as the start. A
  start after work or on a day of rest counts from the end of the last working day (so it ends when the third day ends);
  one before work from the morning.

Months and years are refused: a month after 30 January and after 31 January is the same day, so that a later start could
be due earlier. Every function here is monotone in the start and never answers an instant before it.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from anhuan.domain.plant_items import WorkCalendar

Clock = Literal["calendar", "working"]

NOTHING = timedelta(0)
ONE_DAY = timedelta(days=1)
LONGEST_REST = 400
"""Days of rest on end after which a calendar is held to have no working day at all."""

DAYS_KEPT = 2048
"""Days whose hours a calendar keeps at hand."""

Hours = tuple[datetime, datetime]
"""When work starts and ends on a day."""

_AMOUNT = re.compile(r"P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?)?")


class CalendarError(ValueError):
    """A duration or calendar that no deadline can be counted by; `code` is stable, `params` say what was given."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(f"{code}: {params}")
        self.code = code
        self.params = params


class Amount(Struct, frozen=True):
    """A length of time as it was written: so many days, and so many minutes on top."""

    days: int = 0
    minutes: int = 0

    def __str__(self) -> str:
        """The ISO 8601 text: `P3D`, `PT2H`, `P1DT30M`."""
        hours, minutes = divmod(self.minutes, 60)
        rest = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
        return "P" + (f"{self.days}D" if self.days else "") + (f"T{rest}" if rest else "")


class Within(Struct, frozen=True):
    """The time given for a duty, and the clock that counts it."""

    amount: Amount
    clock: Clock = "calendar"


def parse_amount(text: str) -> Amount:
    """Read an ISO 8601-1:2019 duration (clause 5.5.2) of weeks, days, hours and minutes: `P2W`, `P3D`, `PT2H30M`.

    Raises CalendarError: `duration_in_months` for months and years, `duration_not_positive` for nothing at all,
    `duration_unreadable` for anything else. On the working clock a week is seven *working* days; write days there.
    """
    found = _AMOUNT.fullmatch(text.strip())
    if found is None or text.strip().endswith(("P", "T")):
        months = re.match(r"P\d+[YM]", text.strip())
        raise CalendarError("duration_in_months" if months else "duration_unreadable", text=text)
    weeks, days, hours, minutes = (int(found[part] or 0) for part in ("weeks", "days", "hours", "minutes"))
    amount = Amount(days=weeks * 7 + days, minutes=hours * 60 + minutes)
    if not amount.days and not amount.minutes:
        raise CalendarError("duration_not_positive", text=text)
    return amount


@lru_cache(maxsize=1024)
def parse_within(text: str, clock: Clock = "calendar") -> Within:
    """Read a duration together with its clock; errors as in `parse_amount`."""
    return Within(parse_amount(text), clock)


def is_workday(calendar: WorkCalendar, day: date) -> bool:
    """Whether a day is worked: a rest day worked instead counts, a public holiday does not."""
    return _working_clock(calendar, ZoneInfo("UTC")).is_workday(day)


def due_at(start: datetime, within: Within, calendar: WorkCalendar, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which a duty given at `start` is due.

    Raises CalendarError `no_working_days` or `working_day_without_hours` for a calendar nothing can be counted by.
    """
    moment, amount = _utc(start), within.amount
    if within.clock == "calendar":
        return moment + timedelta(days=amount.days, minutes=amount.minutes)
    clock = _working_clock(calendar, zone)
    if amount.days:
        moment = clock.after_days(moment, amount.days)
    return clock.after_time(moment, timedelta(minutes=amount.minutes)) if amount.minutes else moment


def working_time_between(start: datetime, end: datetime, calendar: WorkCalendar, zone: ZoneInfo) -> timedelta:
    """The working time that lies between two instants; zero when `end` is not after `start`."""
    return _working_clock(calendar, zone).time_between(_utc(start), _utc(end))


def working_days_between(start: datetime, end: datetime, calendar: WorkCalendar, zone: ZoneInfo) -> float:
    """The same in working days, each day counted by the share of its hours: 15:00 to 15:00 next working day is 1.0."""
    return _working_clock(calendar, zone).days_between(_utc(start), _utc(end))


def fractions(
    start: datetime, due: datetime, clock: Clock, calendar: WorkCalendar, zone: ZoneInfo
) -> Callable[[float], datetime]:
    """From a share of the time from `start` to `due` to the instant at which it has passed on a clock.

    A share above 1 lies past `due`. When no working time lies between them (a deadline named by hand inside a holiday)
    the calendar clock counts.
    """
    begins, ends = _utc(start), _utc(due)
    working = _working_clock(calendar, zone)
    given = working.time_between(begins, ends) if clock == "working" and begins < ends else NOTHING

    def at(share: float) -> datetime:
        if ends <= begins or share == 1:
            return ends
        if not given:
            return begins + (ends - begins) * share
        if share > 1:
            return working.after_time(ends, given * (share - 1))
        return working.after_time(begins, given * share)

    return at


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise CalendarError("time_without_zone", time=moment.isoformat())
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


class _WorkingClock:
    """A calendar in a zone, ready to count with. Instants in and out are UTC."""

    def __init__(self, calendar: WorkCalendar, zone: ZoneInfo) -> None:
        self._calendar = calendar
        self._zone = zone
        self._rest_weekdays = frozenset(calendar.rest_weekdays)
        self._holidays = frozenset(calendar.holidays)
        self._shifted = frozenset(calendar.shifted_workdays)
        self._hours = lru_cache(maxsize=DAYS_KEPT)(self._hours_of)
        if time(0) != calendar.day_ends <= calendar.day_starts:
            raise CalendarError("working_day_without_hours", calendar=calendar.id)

    def is_workday(self, day: date) -> bool:
        if day in self._shifted:
            return True
        return day.weekday() not in self._rest_weekdays and day not in self._holidays

    def after_days(self, start: datetime, days: int) -> datetime:
        """The same time of day, `days` working days on; from the end of the day when `start` lies outside work."""
        day = start.astimezone(self._zone).date()
        into, over = NOTHING, True
        if (hours := self._hours(day)) is not None:
            into, over = max(start - hours[0], NOTHING), start >= hours[1]
        workdays = self._workdays(day + ONE_DAY)
        opens, closes = next(islice(workdays, days - 1, None))
        return closes if over else min(opens + into, closes)

    def after_time(self, start: datetime, given: timedelta) -> datetime:
        """The instant at which `given` working time has passed since `start`; `start` itself when nothing is given."""
        if given <= NOTHING:
            return start
        workdays = self._workdays(start.astimezone(self._zone).date())
        while True:
            opens, closes = next(workdays)
            begins = max(opens, start)
            if closes - begins >= given:
                return begins + given
            given -= max(closes - begins, NOTHING)

    def time_between(self, start: datetime, end: datetime) -> timedelta:
        return sum((worked for worked, _ in self._worked(start, end)), NOTHING)

    def days_between(self, start: datetime, end: datetime) -> float:
        return sum(worked / whole for worked, whole in self._worked(start, end))

    def _worked(self, start: datetime, end: datetime) -> Iterator[tuple[timedelta, timedelta]]:
        """Of each working day between two instants: the time between them, and the day's whole length."""
        day, last = start.astimezone(self._zone).date(), end.astimezone(self._zone).date()
        while day <= last:
            if (hours := self._hours(day)) is not None:
                opens, closes = hours
                if (worked := min(closes, end) - max(opens, start)) > NOTHING:
                    yield worked, closes - opens
            day += ONE_DAY

    def _workdays(self, day: date) -> Iterator[Hours]:
        """The hours of working days from `day` on, without end."""
        rested = 0
        while rested <= LONGEST_REST:
            rested += 1
            if (hours := self._hours(day)) is not None:
                rested = 0
                yield hours
            day += ONE_DAY
        raise CalendarError("no_working_days", calendar=self._calendar.id)

    def _hours_of(self, day: date) -> Hours | None:
        """When work starts and ends on a day, an end at 00:00 being midnight at its end; None: a day of rest."""
        if not self.is_workday(day):
            return None
        ends_on = day + ONE_DAY if self._calendar.day_ends == time(0) else day
        opens = datetime.combine(day, self._calendar.day_starts, self._zone).astimezone(UTC)
        closes = datetime.combine(ends_on, self._calendar.day_ends, self._zone).astimezone(UTC)
        return opens, max(opens, closes)


@lru_cache(maxsize=64)
def _working_clock(calendar: WorkCalendar, zone: ZoneInfo) -> _WorkingClock:
    return _WorkingClock(calendar, zone)
