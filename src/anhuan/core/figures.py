"""The figures of a kind of case over a period: what is counted, of which cases, and what follows from it.

Two populations are never mixed. *Live* cases were registered here. The *register* is what was taken over from the
plant's own book: it is counted as it stood there (found on, closed on, due on), so that what is done here afterwards
changes nothing of it; its open rows live on here as cases, and count in what is open and what is closed here.

*Registered* cases are those whose registration lies in the period; how many of them are closed, overdue or deferred is
said as of now. How long cases take is said of those that were *closed* in the period, whenever they were registered.
The numbers are counted twice over, by `core.counting` of cases and by `storage/sql/statistics.sql` of their rows; a
property test holds the two together.
"""

from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from anhuan.core.policy import Wait
from anhuan.core.waiting import ORDER

Origin = Literal["live", "register"]
Bucket = Literal["week", "month"]

DIMENSIONS = ("source", "area", "team", "category", "risk_level", "outcome")
"""By what registered cases are told apart."""
EARLIEST = date(2000, 1, 3)
"""Where a trend begins that has no beginning: the Monday of the week, or the first of its month."""
PLACES_MOST = 20
"""So many places are listed where the same came back, the worst first."""


class Question(Struct, frozen=True, kw_only=True):
    """What figures are asked for."""

    kind: str
    begin: datetime | None = None
    """Registered or closed at or after; None: from the first."""
    end: datetime | None = None
    """Before; None: until now."""
    zone: ZoneInfo
    today: date
    """In the zone; a row of the register that is still open is overdue when its day has passed."""
    bucket: Bucket = "week"
    source_field: str = ""
    """Field of the form that tells the source; the empty one: whether it was reported, scheduled ..."""
    due_field: str = ""
    """Field of the form with the day by which the register wanted it done."""

    def covers(self, at: datetime | None) -> bool:
        """Whether a moment lies in the period."""
        return at is not None and (self.begin is None or at >= self.begin) and (self.end is None or at < self.end)

    def steps(self) -> tuple[date, ...]:
        """First days of the weeks or months that the period touches; what lies before the first counts in it."""
        first = self.begin.astimezone(self.zone).date() if self.begin else EARLIEST
        last = max(self.end.astimezone(self.zone).date() if self.end else self.today, first)
        day = first.replace(day=1) if self.bucket == "month" else first - timedelta(days=first.weekday())
        found = []
        while day <= last:
            found.append(day)
            day = (day + timedelta(days=32)).replace(day=1) if self.bucket == "month" else day + timedelta(days=7)
        return tuple(found)

    def starts(self) -> tuple[datetime, ...]:
        """The instants at which those days begin."""
        return tuple(datetime.combine(day, time(), self.zone) for day in self.steps())


class Group(Struct, frozen=True, order=True):
    """Registered cases that have something in common."""

    key: str
    """The empty text: those of which it is not known."""
    registered: int
    closed: int
    overdue: int
    steps: int = 0
    """Steps that must be proven by now."""
    steps_complete: int = 0


class Place(Struct, frozen=True, order=True):
    """A place and category in which more than one case was registered."""

    area: str
    """The empty text where a piece of equipment is meant."""
    equipment: str
    category: str
    registered: int


class Step(Struct, frozen=True, order=True):
    """One week or month of the trend."""

    begins_on: date
    registered: int
    closed: int


class Tally(Struct, frozen=True, kw_only=True):
    """What was counted of one population."""

    registered: int = 0
    closed: int = 0
    """Of those registered."""
    overdue: int = 0
    """Of those registered: their own deadline passed, closed since or not."""
    deferred: int = 0
    """Of those registered: were in an approved wait."""
    hand_overs: int = 0
    """Times that a person gave a duty of those registered to another party."""
    steps: int = 0
    """Steps of those registered that must be proven by now, and how many of them have all of their evidence."""
    steps_complete: int = 0
    closed_in_period: int = 0
    cycle_days: tuple[float, float] | None = None
    """Mean and median working days of those closed in the period; None: none whose length is known."""
    waited_s: tuple[int, ...] = (0,) * len(ORDER)
    """Seconds that those closed in the period have waited together, by sort."""
    open: int = 0
    """Now, whenever registered."""
    open_overdue: int = 0
    waiting: dict[str, int] = {}
    """Of those open: what they wait for."""
    groups: dict[str, tuple[Group, ...]] = {}
    """Dimension -> groups, by key."""
    places: tuple[Place, ...] = ()
    recurring: int = 0
    """Registered where the same category had been registered before in the period."""
    recurring_by_category: dict[str, int] = {}
    recurring_at: dict[tuple[str, str], int] = {}
    """The same by (area, equipment), one of which is the empty text, as in `Place`."""
    open_in: dict[str, tuple[int, int]] = {}
    """Area (the empty text: none) -> open now, and of those past their deadline."""
    trend: tuple[Step, ...] = ()


class Figures(Struct, frozen=True, kw_only=True):
    """Figures of one population; None where there is nothing to say it of."""

    registered: int
    closed: int
    closure_rate: float | None
    overdue: int
    overdue_rate: float | None
    deferred: int
    deferral_rate: float | None
    recurring: int
    recurrence_rate: float | None
    hand_overs: int
    hand_overs_per_case: float | None
    steps: int
    completeness: float | None
    closed_in_period: int
    cycle_working_days_mean: float | None
    cycle_working_days_median: float | None
    open: int
    open_overdue: int


def figures(tally: Tally) -> Figures:
    """Rates and means of what was counted: rates to three places, the rest to two."""
    mean, middle = tally.cycle_days or (None, None)
    return Figures(
        registered=tally.registered,
        closed=tally.closed,
        closure_rate=_share(tally.closed, tally.registered),
        overdue=tally.overdue,
        overdue_rate=_share(tally.overdue, tally.registered),
        deferred=tally.deferred,
        deferral_rate=_share(tally.deferred, tally.registered),
        recurring=tally.recurring,
        recurrence_rate=_share(tally.recurring, tally.registered),
        hand_overs=tally.hand_overs,
        hand_overs_per_case=round(tally.hand_overs / tally.registered, 2) if tally.registered else None,
        steps=tally.steps,
        completeness=completeness(tally),
        closed_in_period=tally.closed_in_period,
        cycle_working_days_mean=_days(mean),
        cycle_working_days_median=_days(middle),
        open=tally.open,
        open_overdue=tally.open_overdue,
    )


def completeness(counted: Tally | Group) -> float | None:
    """Share of the steps to be proven that have all of their evidence, to three places; None: there were none."""
    return _share(counted.steps_complete, counted.steps)


def waited_hours(tally: Tally) -> dict[Wait, float]:
    """Hours that a case closed in the period has waited on average, by sort; nothing where none was closed."""
    if not tally.closed_in_period:
        return {}
    return {
        wait: round(total / 3600 / tally.closed_in_period, 2) for wait, total in zip(ORDER, tally.waited_s, strict=True)
    }


def _days(days: float | None) -> float | None:
    """To two places; first to six, lest a half be rounded by how its sum was put together."""
    return None if days is None else round(round(days, 6), 2)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None
