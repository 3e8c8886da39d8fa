"""Dates in all the ways that registers write them.

`read_date` answers a `DateRead`: a date, a time of day where one is written, and whether the year was written. Nothing
is guessed: `3/4/2025` could be March or April and is refused as such; a year is taken only from a reference that the
caller names.
"""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from msgspec import Struct

from anhuan.ports.registers import Cell

EXCEL_EPOCH = datetime.combine(date(1899, 12, 30), time())
"""Naive: the clock of a sheet has no zone."""
SERIAL_MIN = 36526  # 2000-01-01
SERIAL_MAX = 73050  # 2099-12-31

_TIME = (
    r"(?:[\st日]*(?P<half>上午|下午|am|pm)?\s*(?P<hour>\d{1,2})[:时点](?P<minute>\d{1,2})?"
    r"(?:[:分](?P<second>\d{1,2})?)?(?:\.\d+)?秒?分?)?"
)
_YEAR_FIRST = re.compile(
    rf"(?P<year>\d{{4}}|\d{{2}})[-./年\\](?P<month>\d{{1,2}})[-./月\\](?P<day>\d{{1,2}})[日号]?{_TIME}"
)
_COMPACT = re.compile(r"(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)")
_NO_YEAR = re.compile(rf"(?P<month>\d{{1,2}})[-./月](?P<day>\d{{1,2}})[日号]?{_TIME}")
_YEAR_LAST = re.compile(rf"(?P<first>\d{{1,2}})[-./](?P<second_no>\d{{1,2}})[-./](?P<year>\d{{4}}){_TIME}")
_DAY_MONTH = re.compile(rf"(?P<day>\d{{1,2}})[-\s](?P<name>[a-z]{{3,9}})\.?[-\s,]+(?P<year>\d{{4}}){_TIME}")
_MONTH_DAY = re.compile(rf"(?P<name>[a-z]{{3,9}})\.?\s(?P<day>\d{{1,2}}),?\s(?P<year>\d{{4}}){_TIME}")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class DateRead(Struct, frozen=True):
    """A date as it stood; `at` is None where no time of day was written."""

    on: date
    at: time | None = None
    year_written: bool = True


class DateFault(Struct, frozen=True):
    """Why a cell is no date: `date_unreadable` or `date_ambiguous`."""

    code: str


def read_date(cell: Cell) -> DateRead | DateFault:
    """The date in a cell that is not empty. A date without a year is given in the leap year 2000."""
    if isinstance(cell, datetime):
        return _of_moment(cell)
    if isinstance(cell, date):
        return DateRead(cell)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _of_serial(float(cell))
    return _of_text(cell.strip()) if isinstance(cell, str) else DateFault("date_unreadable")


def with_year(found: DateRead, reference: date | None, default_year: int) -> DateRead:
    """A date without a year put as near to the reference as it can be, else into the default year."""
    if found.year_written:
        return found
    years = (default_year,) if reference is None else (reference.year - 1, reference.year, reference.year + 1)
    possible = [day for year in years if (day := _date(year, found.on.month, found.on.day))]
    if not possible:
        return DateRead(found.on.replace(year=default_year, day=28), found.at)
    nearest = possible[0] if reference is None else min(possible, key=lambda day: abs(day - reference))
    return DateRead(nearest, found.at)


def _of_moment(moment: datetime) -> DateRead:
    # Excel keeps fractions of a day; half a second makes up for what is lost in them.
    whole = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
    return DateRead(whole.date(), None if whole.time() == time() else whole.time())


def _of_serial(serial: float) -> DateRead | DateFault:
    if SERIAL_MIN <= serial < SERIAL_MAX + 1:
        return _of_moment(EXCEL_EPOCH + timedelta(days=serial))
    if serial.is_integer() and (compact := _COMPACT.fullmatch(str(int(serial)))):
        return _built(compact, compact["year"], compact["month"], compact["day"])
    return DateFault("date_unreadable")


@lru_cache(maxsize=16384)
def _of_text(text: str) -> DateRead | DateFault:
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().replace("–", "-").replace("—", "-").split())
    if _SERIAL.fullmatch(plain):
        return _of_serial(float(plain))
    if found := _COMPACT.fullmatch(plain) or _YEAR_FIRST.fullmatch(plain):
        return _built(found, found["year"], found["month"], found["day"])
    if found := _NO_YEAR.fullmatch(plain):
        return _built(found, None, found["month"], found["day"])
    if found := _YEAR_LAST.fullmatch(plain):
        return _year_last(found)
    if found := _DAY_MONTH.fullmatch(plain) or _MONTH_DAY.fullmatch(plain):
        months = [no for no, name in enumerate(_MONTHS, 1) if found["name"].startswith(name)]
        return _built(found, found["year"], str(months[0]), found["day"]) if months else DateFault("date_unreadable")
    return DateFault("date_unreadable")


def _year_last(found: re.Match[str]) -> DateRead | DateFault:
    first, second = int(found["first"]), int(found["second_no"])
    if first <= 12 and second <= 12 and first != second:
        return DateFault("date_ambiguous")
    day, month = (first, second) if first > 12 else (second, first)
    return _built(found, found["year"], str(month), str(day))


def _built(found: re.Match[str], year: str | None, month: str, day: str) -> DateRead | DateFault:
    # 2000 is a leap year: 29 February without a year stays possible.
    number = 2000 if year is None else int(year) + (2000 if len(year) == 2 else 0)
    on = _date(number, int(month), int(day))
    at = _time(found)
    if on is None or isinstance(at, DateFault):
        return DateFault("date_unreadable")
    return DateRead(on, at, year is not None)


def _time(found: re.Match[str]) -> time | DateFault | None:
    parts = found.groupdict()
    if parts.get("hour") is None:
        return None
    hour = int(parts["hour"])
    if parts["half"] in ("下午", "pm") and hour < 12:
        hour += 12
    try:
        return time(hour, int(parts["minute"] or 0), int(parts["second"] or 0))
    except ValueError:
        return DateFault("date_unreadable")


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
