"""Ladders: when silence on a duty is told to whom, and the moment at which its deadline marks it as breached."""

from datetime import datetime, timedelta

from anhuan.core.case.events import ArmedRung
from anhuan.core.case.state import Duty, DutyStatus
from anhuan.core.obligation.calendar import Clock, fractions
from anhuan.core.policy import Ladder
from anhuan.domain.plant import Plant

DEADLINE = "deadline"
"""Key of the rung that stands for the deadline itself where the pack's ladder has none at 100 %."""


def arm(ladder: Ladder, start: datetime, due: datetime, clock: Clock, plant: Plant) -> tuple[ArmedRung, ...]:
    """The ladder's rungs with the instants at which they are reached, earliest first; one of them is the deadline."""
    passed = fractions(start, due, clock, plant.calendar, plant.zone)
    armed = [
        ArmedRung(
            key=rung.key,
            at=_past(rung.after, start, due) if rung.share is None else passed(rung.share),
            to=rung.to,
            urgent=rung.urgent,
            breach=rung.share == 1.0,
        )
        for rung in ladder.rungs
    ]
    if not any(rung.breach for rung in armed):
        armed.append(ArmedRung(key=DEADLINE, at=due, to=(), urgent=False, breach=True))
    return tuple(sorted(armed, key=lambda rung: (rung.at, not rung.breach)))


def _past(after: timedelta, start: datetime, due: datetime) -> datetime:
    """The instant so far past the deadline; one ahead of it that was over before all began is reached at once."""
    return due + after if after >= timedelta() else min(max(due + after, start), due)


def next_alarm(duty: Duty) -> datetime | None:
    """When the duty's timer must go off next; None when it has ended or nothing more will come."""
    if duty.status is not DutyStatus.OPEN:
        return None
    if duty.step < len(duty.rungs):
        return duty.rungs[duty.step].at
    if duty.repeat_s and duty.last_rung_at:
        return duty.last_rung_at + timedelta(seconds=duty.repeat_s)
    return None


def current_rung(duty: Duty, at: datetime) -> ArmedRung | None:
    """The rung that is reached at `at`: the next one if it is due, the last one again if it repeats; None: not yet."""
    due = next_alarm(duty)
    if due is None or due > at:
        return None
    return duty.rungs[min(duty.step, len(duty.rungs) - 1)]
