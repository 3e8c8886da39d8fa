"""The end of a case: how it was closed, how long it took, and who is told."""

from datetime import datetime

from anhuan.core.case import events as e
from anhuan.core.case.draft import Draft
from anhuan.core.case.outcome import Announce
from anhuan.core.obligation.calendar import working_days_between

AS_BEFORE = "as_before"
"""The outcome of a case that was not to live again after all: the one that it had."""


def announce(draft: Draft) -> None:
    """Whoever wants to know of closed cases is told of this one."""
    draft.effect(Announce(draft.case.id, draft.case.version))


def close(draft: Draft, outcome: str, *, found_at: datetime | None = None, closed_at: datetime | None = None) -> None:
    """The case is done with; its cycle is computed, or is what it was when it was not to live again after all."""
    if outcome == AS_BEFORE and (before := draft.case.closed_before) is not None:
        draft.emit(
            e.CaseClosed(
                at=draft.at,
                by=draft.by,
                outcome=before.outcome,
                cycle_s=before.cycle_s,
                cycle_working_days=before.cycle_working_days,
                as_before=True,
            )
        )
        return
    start = found_at or draft.case.opened_at or draft.at
    end = closed_at or draft.at
    draft.emit(
        e.CaseClosed(
            at=draft.at,
            by=draft.by,
            outcome=outcome,
            cycle_s=max(0, int((end - start).total_seconds())),
            cycle_working_days=round(
                working_days_between(start, end, draft.plant.calendar, draft.plant.zone) if end > start else 0.0, 2
            ),
            closed_at=closed_at,
        )
    )
