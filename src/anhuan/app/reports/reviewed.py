"""Which month a case looks back on."""

from zoneinfo import ZoneInfo

from anhuan.app.reports.period import Period, PeriodUnreadable, month_of, read_period
from anhuan.core.case.state import Case
from anhuan.core.policy import Reviews


def month_reviewed(case: Case, reviews: Reviews, zone: ZoneInfo) -> Period | None:
    """As its form says, else the month before it was opened; None: its form says no month."""
    said = case.form.get(reviews.month)
    if isinstance(said, str) and said:
        try:
            return read_period(said, "month")
        except PeriodUnreadable:
            return None
    assert case.opened_at is not None
    return month_of(case.opened_at.astimezone(zone).date()).before()
