"""Cases that the calendar raises: one per slot of a schedule, however many workers look and however often.

A slot that passed while nothing was running is recorded as missed and opens nothing: duties for a round that can no
longer be walked would only teach people to tick boxes.
"""

import logging
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from anhuan.app.handle import CaseHandler, CommandRefused, NewCase
from anhuan.app.snapshot import Snapshots
from anhuan.domain.ids import TenantId
from anhuan.domain.plant_items import Schedule
from anhuan.ports.cases import CommandKey
from anhuan.ports.clock import Clock
from anhuan.ports.due import DueStore

logger = logging.getLogger(__name__)

SOURCE = "schedule"
LOOK_BACK = timedelta(days=60)
"""Slots missed earlier than this are not recorded one by one."""


class Rounds:
    """Raises what schedules ask for; call `raise_due` again and again."""

    def __init__(self, due: DueStore, handler: CaseHandler, snapshots: Snapshots, clock: Clock) -> None:
        self._due = due
        self._handler = handler
        self._snapshots = snapshots
        self._clock = clock

    async def raise_due(self) -> int:
        """See to every slot that has come in every tenant; how many cases were raised."""
        raised = 0
        for tenant in await self._due.tenants():
            snapshot = await self._snapshots.get(tenant)
            for schedule in snapshot.plant.every(Schedule).values():
                if snapshot.kind(schedule.raises) is not None:
                    try:
                        raised += await self._see_to(tenant, schedule, snapshot.plant.zone)
                    except CommandRefused as refused:  # tried again until its slot is over; the others go on
                        codes = [reason.code for reason in refused.reasons]
                        logger.error("schedule %s of %s raises nothing: %s", schedule.id, tenant, codes)
        return raised

    async def _see_to(self, tenant: TenantId, schedule: Schedule, zone: ZoneInfo) -> int:
        now = self._clock()
        last = await self._due.last_slot(tenant, schedule.id)
        length = timedelta(minutes=schedule.slot_minutes)
        since = max(last, now - LOOK_BACK) if last else now - length
        raised = 0
        for starts_at in slots(schedule, since, now, zone):
            if starts_at + length > now:
                await self._raise(tenant, schedule, starts_at, starts_at + length)
                raised += 1
            else:
                await self._due.slot_seen(tenant, schedule.id, starts_at, None)
        return raised

    async def _raise(self, tenant: TenantId, schedule: Schedule, starts_at: datetime, ends_at: datetime) -> None:
        slot = f"{SOURCE}:{schedule.id}:{starts_at.isoformat()}"
        form = slot_form(schedule, starts_at, ends_at)
        new = NewCase(kind=schedule.raises, form=form, source=SOURCE)
        handled = await self._handler.open(tenant, None, new, CommandKey(slot, slot))
        await self._due.slot_seen(tenant, schedule.id, starts_at, handled.case.id)


def slot_form(schedule: Schedule, starts_at: datetime, ends_at: datetime) -> dict[str, object]:
    """What the case of a slot is opened with."""
    return {
        "name": schedule.name,
        "schedule": schedule.id,
        **({"area": schedule.area} if schedule.area else {}),
        "equipment_list": list(schedule.equipment),
        "slot_starts_at": starts_at.isoformat(),
        "slot_ends_at": ends_at.isoformat(),
    }


def slots(schedule: Schedule, after: datetime, until: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """When slots begin: later than `after`, not later than `until`, in order; aware, in the plant's zone."""
    day = after.astimezone(zone).date()
    while day <= until.astimezone(zone).date():
        if _is_due(schedule, day):
            for time in sorted(schedule.slots):
                starts_at = datetime.combine(day, time, zone)
                if after < starts_at <= until:
                    yield starts_at
        day += timedelta(days=1)


def _is_due(schedule: Schedule, day: date) -> bool:
    """Whether slots begin on a day. The last day of a month stands for those of `month_days` that it lacks."""
    if day.weekday() not in schedule.weekdays or (schedule.from_on is not None and day < schedule.from_on):
        return False
    is_last = (day + timedelta(days=1)).month != day.month
    return not schedule.month_days or any(
        day.day == wanted or (is_last and day.day < wanted) for wanted in schedule.month_days
    )
