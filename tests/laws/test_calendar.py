"""Working time: deadlines over nights, weekends, holidays and changes of the clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec import structs

from anhuan.core.obligation.calendar import (
    Amount,
    CalendarError,
    Clock,
    Within,
    due_at,
    fractions,
    is_workday,
    parse_amount,
    parse_within,
    working_days_between,
    working_time_between,
)
from anhuan.domain.plant_items import WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = [
    SHANGHAI,
    ZoneInfo("Europe/Berlin"),
    ZoneInfo("America/New_York"),
    ZoneInfo("Australia/Lord_Howe"),
    ZoneInfo("UTC"),
]
MONDAY_TO_FRIDAY = WorkCalendar(id="plain", name="Monday to Friday")
NATIONAL_DAY = WorkCalendar(
    id="cn",
    name="2025",
    holidays=tuple(date(2025, 10, day) for day in range(1, 9)),
    shifted_workdays=(date(2025, 9, 28), date(2025, 10, 11)),
)


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def due(start: str, text: str, calendar: WorkCalendar = MONDAY_TO_FRIDAY, clock: Clock = "working") -> str:
    answer = due_at(shanghai(start), parse_within(text, clock), calendar, SHANGHAI)
    return answer.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("PT2H", Amount(minutes=120)),
        ("PT90M", Amount(minutes=90)),
        ("P3D", Amount(days=3)),
        ("P2W", Amount(days=14)),
        ("P1DT1H30M", Amount(days=1, minutes=90)),
        (" P400D ", Amount(days=400)),
    ],
)
def test_durations_are_read_and_written(text: str, amount: Amount) -> None:
    assert parse_amount(text) == amount
    assert parse_amount(str(amount)) == amount


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("P1M", "duration_in_months"),
        ("P1Y", "duration_in_months"),
        ("P1Y2M3D", "duration_in_months"),
        ("PT0H", "duration_not_positive"),
        ("P0D", "duration_not_positive"),
        ("P", "duration_unreadable"),
        ("PT", "duration_unreadable"),
        ("P1DT", "duration_unreadable"),
        ("2 hours", "duration_unreadable"),
        ("-P1D", "duration_unreadable"),
        ("PT2H ago", "duration_unreadable"),
        ("PT1.5H", "duration_unreadable"),
    ],
)
def test_durations_that_no_deadline_can_be_counted_by_are_refused(text: str, code: str) -> None:
    with pytest.raises(CalendarError) as refused:
        parse_amount(text)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("start", "text", "answer"),
    [
        # 2025-10-17 is a Friday.
        ("2025-10-16 10:00", "PT2H", "2025-10-16 12:00"),
        ("2025-10-17 16:00", "PT2H", "2025-10-20 09:00"),
        ("2025-10-17 15:00", "PT2H", "2025-10-17 17:00"),
        ("2025-10-17 17:00", "PT2H", "2025-10-20 10:00"),
        ("2025-10-18 11:00", "PT2H", "2025-10-20 10:00"),
        ("2025-10-20 03:00", "PT2H", "2025-10-20 10:00"),
        ("2025-10-16 10:00", "PT20H", "2025-10-20 12:00"),
        ("2025-10-16 10:00", "P1D", "2025-10-17 10:00"),
        ("2025-10-17 15:00", "P1D", "2025-10-20 15:00"),
        ("2025-10-17 20:00", "P1D", "2025-10-20 17:00"),
        ("2025-10-18 11:00", "P1D", "2025-10-20 17:00"),
        ("2025-10-20 03:00", "P1D", "2025-10-21 08:00"),
        ("2025-10-17 15:00", "P3DT2H", "2025-10-22 17:00"),
        ("2025-10-17 16:00", "P3DT2H", "2025-10-23 09:00"),
    ],
)
def test_working_time_is_counted_over_nights_and_weekends(start: str, text: str, answer: str) -> None:
    assert due(start, text) == answer


def test_a_long_holiday_and_its_shifted_work_days_are_counted() -> None:
    assert due("2025-09-27 10:00", "P1D", NATIONAL_DAY) == "2025-09-28 17:00", "the Sunday before is worked"
    assert due("2025-09-30 16:00", "PT2H", NATIONAL_DAY) == "2025-10-09 09:00"
    assert due("2025-09-30 16:00", "P3D", NATIONAL_DAY) == "2025-10-11 16:00", "the Saturday after is worked"
    assert due("2025-09-30 16:00", "P3D", NATIONAL_DAY, "calendar") == "2025-10-03 16:00"


def test_the_calendar_clock_counts_every_hour() -> None:
    assert due("2025-10-17 16:00", "PT2H", clock="calendar") == "2025-10-17 18:00"
    assert due("2025-10-17 16:00", "P400D", clock="calendar") == "2026-11-21 16:00"


def test_a_deadline_400_working_days_ahead_is_found() -> None:
    assert due("2025-10-17 16:00", "P400D") == "2027-04-30 16:00"


def test_a_day_may_end_at_midnight() -> None:
    round_the_clock = WorkCalendar(id="c", name="c", rest_weekdays=(), day_starts=time(0), day_ends=time(0))
    assert due("2025-10-17 16:00", "PT30H", round_the_clock) == "2025-10-18 22:00"


@pytest.mark.parametrize(
    ("calendar", "code"),
    [
        (WorkCalendar(id="c", name="c", rest_weekdays=tuple(range(7))), "no_working_days"),
        (WorkCalendar(id="c", name="c", day_starts=time(9), day_ends=time(9)), "working_day_without_hours"),
        (WorkCalendar(id="c", name="c", day_starts=time(22), day_ends=time(6)), "working_day_without_hours"),
    ],
)
@pytest.mark.parametrize("text", ["P1D", "PT1H"])
def test_a_calendar_without_working_time_is_refused(calendar: WorkCalendar, code: str, text: str) -> None:
    with pytest.raises(CalendarError) as refused:
        due("2025-10-17 16:00", text, calendar)
    assert refused.value.code == code


def test_times_without_a_zone_are_refused() -> None:
    with pytest.raises(CalendarError) as refused:
        due_at(datetime.fromisoformat("2025-10-17"), parse_within("P1D"), MONDAY_TO_FRIDAY, SHANGHAI)
    assert refused.value.code == "time_without_zone"


def test_working_days_are_counted_by_the_share_of_their_hours() -> None:
    def days(start: str, end: str) -> float:
        return working_days_between(shanghai(start), shanghai(end), NATIONAL_DAY, SHANGHAI)

    assert days("2025-10-16 15:00", "2025-10-17 15:00") == pytest.approx(1.0)
    assert days("2025-09-30 08:00", "2025-10-11 17:00") == pytest.approx(4.0)
    assert days("2025-10-16 08:00", "2025-10-16 12:30") == pytest.approx(0.5)
    assert days("2025-10-18 08:00", "2025-10-19 22:00") == 0
    assert days("2025-10-17 15:00", "2025-10-16 15:00") == 0


def test_half_of_the_time_is_counted_on_the_clock_of_the_deadline() -> None:
    start, ends = shanghai("2025-10-17 15:00"), shanghai("2025-10-20 15:00")

    def at(share: float, clock: Clock) -> str:
        answer = fractions(start, ends, clock, MONDAY_TO_FRIDAY, SHANGHAI)(share)
        return answer.astimezone(SHANGHAI).strftime("%m-%d %H:%M")

    assert at(0.5, "working") == "10-20 10:30"
    assert at(0.5, "calendar") == "10-19 03:00"
    assert at(1, "working") == "10-20 15:00"
    assert at(1.5, "working") == "10-21 10:30"


def test_half_of_a_time_that_lies_in_a_holiday_is_counted_on_the_calendar_clock() -> None:
    start, due = shanghai("2025-10-03 08:00"), shanghai("2025-10-05 08:00")
    half = fractions(start, due, "working", NATIONAL_DAY, SHANGHAI)(0.5)
    assert half == shanghai("2025-10-04 08:00")


def test_a_holiday_announced_later_moves_the_deadline_on() -> None:
    later = structs.replace(MONDAY_TO_FRIDAY, holidays=(date(2025, 10, 20),))
    assert due("2025-10-17 15:00", "P1D") == "2025-10-20 15:00"
    assert due("2025-10-17 15:00", "P1D", later) == "2025-10-21 15:00"


def test_the_clocks_of_a_plant_abroad_go_forward_at_night() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    friday = datetime(2025, 3, 28, 15, 0, tzinfo=berlin)
    answer = due_at(friday, parse_within("P1D", "working"), MONDAY_TO_FRIDAY, berlin)
    assert answer == datetime(2025, 3, 31, 15, 0, tzinfo=berlin)
    assert answer - friday.astimezone(UTC) == timedelta(hours=71)


def test_a_day_that_the_clock_cuts_short_ends_when_it_ends() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    early = WorkCalendar(id="c", name="c", rest_weekdays=(), day_starts=time(0), day_ends=time(3))
    answer = due_at(datetime(2025, 3, 29, 2, 30, tzinfo=berlin), parse_within("P1D", "working"), early, berlin)
    assert answer == datetime(2025, 3, 30, 3, 0, tzinfo=berlin)


# --- properties

zones = st.sampled_from(ZONES)
first, last = (datetime.fromisoformat(day) for day in ("2025-01-01", "2027-12-31"))
instants = st.datetimes(first, last, timezones=st.just(UTC))
amounts = st.builds(Amount, days=st.integers(0, 30), minutes=st.integers(0, 5000)).filter(lambda a: a.days or a.minutes)
days_near = st.dates(date(2025, 1, 1), date(2027, 12, 31))
calendars = st.builds(
    WorkCalendar,
    id=st.just("c"),
    name=st.just("c"),
    rest_weekdays=st.sets(st.integers(0, 6), max_size=5).map(tuple),
    holidays=st.lists(days_near, max_size=12).map(tuple),
    shifted_workdays=st.lists(days_near, max_size=4).map(tuple),
    day_starts=st.sampled_from([time(0), time(2, 30), time(8)]),
    day_ends=st.sampled_from([time(3), time(17), time(23, 59), time(0)]),
).filter(lambda c: c.day_ends == time(0) or c.day_ends > c.day_starts)
withins = st.builds(Within, amount=amounts, clock=st.sampled_from(["calendar", "working"]))


@given(instants, withins, calendars, zones)
def test_nothing_is_due_before_it_was_given(
    start: datetime, within: Within, calendar: WorkCalendar, zone: ZoneInfo
) -> None:
    assert due_at(start, within, calendar, zone) > start


@given(instants, st.timedeltas(timedelta(0), timedelta(days=5)), withins, calendars, zones)
def test_what_was_given_later_is_never_due_earlier(
    start: datetime, later: timedelta, within: Within, calendar: WorkCalendar, zone: ZoneInfo
) -> None:
    assert due_at(start + later, within, calendar, zone) >= due_at(start, within, calendar, zone)


@given(instants, amounts, st.integers(0, 5000), calendars, zones)
def test_more_time_is_never_due_earlier(
    start: datetime, amount: Amount, more: int, calendar: WorkCalendar, zone: ZoneInfo
) -> None:
    longer = structs.replace(amount, minutes=amount.minutes + more)
    short, long = (due_at(start, Within(a, "working"), calendar, zone) for a in (amount, longer))
    assert long >= short


@given(instants, st.integers(1, 20_000), calendars, zones)
def test_working_hours_given_are_the_working_hours_that_pass(
    start: datetime, minutes: int, calendar: WorkCalendar, zone: ZoneInfo
) -> None:
    ends = due_at(start, Within(Amount(minutes=minutes), "working"), calendar, zone)
    assert working_time_between(start, ends, calendar, zone) == timedelta(minutes=minutes)


@given(instants, st.integers(1, 60))
def test_working_days_given_are_the_working_days_that_pass(start: datetime, days: int) -> None:
    ends = due_at(start, Within(Amount(days=days), "working"), NATIONAL_DAY, SHANGHAI)
    assert working_days_between(start, ends, NATIONAL_DAY, SHANGHAI) == pytest.approx(days)


@given(instants, withins, calendars, zones)
def test_what_is_due_by_working_time_is_due_while_people_work(
    start: datetime, within: Within, calendar: WorkCalendar, zone: ZoneInfo
) -> None:
    ends = due_at(start, structs.replace(within, clock="working"), calendar, zone)
    assert is_workday(calendar, (ends - timedelta(microseconds=1)).astimezone(zone).date()) or is_workday(
        calendar, ends.astimezone(zone).date()
    )


@given(instants, withins, calendars, days_near, zones)
def test_one_more_holiday_never_brings_a_deadline_forward(
    start: datetime, within: Within, calendar: WorkCalendar, holiday: date, zone: ZoneInfo
) -> None:
    # A day of rest under the start would move its morning to the evening before: another start, not a longer time.
    assume(holiday != start.astimezone(zone).date() and holiday not in calendar.shifted_workdays)
    changed = structs.replace(calendar, holidays=(*calendar.holidays, holiday))
    assert due_at(start, within, changed, zone) >= due_at(start, within, calendar, zone)


@given(instants, withins, calendars, zones, st.floats(0, 2), st.floats(0, 2), st.sampled_from(["calendar", "working"]))
def test_a_larger_share_of_the_time_is_never_reached_earlier(
    start: datetime, within: Within, calendar: WorkCalendar, zone: ZoneInfo, one: float, other: float, clock: Clock
) -> None:
    ends = due_at(start, within, calendar, zone)
    small, large = (fractions(start, ends, clock, calendar, zone)(share) for share in sorted((one, other)))
    assert start <= small <= large
    assert small <= ends or one > 1 or other > 1
    assert fractions(start, ends, clock, calendar, zone)(1) == ends


@given(instants, instants, instants, calendars, zones)
def test_working_time_adds_up(
    one: datetime, two: datetime, three: datetime, calendar: WorkCalendar, zone: ZoneInfo
) -> None:
    first, middle, last = sorted((one, two, three))
    parts = [working_time_between(a, b, calendar, zone) for a, b in ((first, middle), (middle, last))]
    assert sum(parts, timedelta(0)) == working_time_between(first, last, calendar, zone)
