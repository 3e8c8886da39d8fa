"""The periods that reports are of: a month, a quarter, a year, each with the one before and the same of last year."""

import re
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct

Length = Literal["month", "quarter", "year"]
MONTHS: dict[Length, int] = {"month": 1, "quarter": 3, "year": 12}
_SPELT = re.compile(r"(?P<year>20\d\d)(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")


class PeriodUnreadable(ValueError):
    """A text that is neither `2026-10` nor `2026-Q4` nor `2026`."""


class Period(Struct, frozen=True, order=True):
    """Whole months of the calendar."""

    first: date
    length: Length

    @property
    def last(self) -> date:
        """The last day, included."""
        return _later(self.first, MONTHS[self.length]) - timedelta(days=1)

    @property
    def key(self) -> str:
        """As it is spelt: `2026-10`, `2026-Q4`, `2026`."""
        year = f"{self.first.year}"
        match self.length:
            case "month":
                return f"{year}-{self.first.month:02d}"
            case "quarter":
                return f"{year}-Q{(self.first.month + 2) // 3}"
            case _:
                return year

    def before(self) -> "Period":
        """The one before."""
        return Period(_later(self.first, -MONTHS[self.length]), self.length)

    def after(self) -> "Period":
        """The next one."""
        return Period(_later(self.first, MONTHS[self.length]), self.length)

    def year_before(self) -> "Period":
        """The same of the year before."""
        return Period(_later(self.first, -12), self.length)


def read_period(text: str, *lengths: Length) -> Period:
    """A period as it is spelt, of one of these lengths. Raises PeriodUnreadable."""
    found = _SPELT.fullmatch(text.strip().upper())
    if found is None:
        raise PeriodUnreadable(text)
    quarter, month = found["quarter"], found["month"]
    length: Length = "quarter" if quarter else "month" if month else "year"
    if length not in lengths:
        raise PeriodUnreadable(text)
    first = int(month) if month else (int(quarter) - 1) * 3 + 1 if quarter else 1
    return Period(date(int(found["year"]), first, 1), length)


def month_of(day: date) -> Period:
    """The month that a day lies in."""
    return Period(day.replace(day=1), "month")


def _later(first: date, months: int) -> date:
    count = first.year * 12 + first.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
