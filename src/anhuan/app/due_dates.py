"""Cases that dates of the plant raise: once per date, as long before it as the pack says.

Unlike a round (rounds.py), a date that came near while nothing was running is not missed: whatever had to be renewed
still has to be, so its case is raised as soon as somebody looks, passed or not.
"""

import logging
from collections.abc import Iterator
from datetime import date, datetime

from anhuan.app.handle import CaseHandler, CommandRefused, NewCase
from anhuan.app.snapshot import Snapshot, Snapshots
from anhuan.core.case.dated import day_ends
from anhuan.core.policy import Kind
from anhuan.domain.ids import TenantId
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import ITEM_TYPES, Equipment, PlantItem
from anhuan.ports.cases import CommandKey, FoldTaken
from anhuan.ports.clock import Clock
from anhuan.ports.due import DueStore, NearDate

log = logging.getLogger(__name__)

SOURCE = "due"


class DueDates:
    """Raises what dates of the plant ask for; call `raise_due` again and again."""

    def __init__(self, due: DueStore, handler: CaseHandler, snapshots: Snapshots, clock: Clock) -> None:
        self._due = due
        self._handler = handler
        self._snapshots = snapshots
        self._clock = clock

    async def raise_due(self) -> int:
        """See to every date that has come near in every tenant; how many cases were raised."""
        raised = 0
        for tenant in await self._due.tenants():
            snapshot = await self._snapshots.get(tenant)
            near = list(near_dates(snapshot, self._clock()))
            seen = await self._due.dates_seen(tenant, near) if near else frozenset()
            for one in near:
                if one not in seen:
                    raised += await self._raise(tenant, one, snapshot.plant)
        return raised

    async def _raise(self, tenant: TenantId, one: NearDate, plant: Plant) -> bool:
        """Raise a date's case, unless one about the same item is open still: that one ends first."""
        about = f"{SOURCE}:{one.item_kind}:{one.item}:{one.field}"
        new = NewCase(kind=one.kind, form=form_of(one, plant), source=SOURCE, fold_key=about)
        key = f"{one.kind}:{about}:{one.due_on.isoformat()}"
        try:
            handled = await self._handler.open(tenant, None, new, CommandKey(key, key))
        except FoldTaken:
            return False
        except CommandRefused as refused:
            log.error("%s of %s raises no case: %s", about, tenant, refused)
            return False
        await self._due.date_seen(tenant, one, handled.case.id)
        return True


def near_dates(snapshot: Snapshot, at: datetime) -> Iterator[NearDate]:
    """Every date of the plant that raises cases and is as near as its pack wants, or has passed."""
    for pack in snapshot.packs.values():
        for kind in pack.kinds.values():
            yield from _near(kind, snapshot.plant, at)


def _near(kind: Kind, plant: Plant, at: datetime) -> Iterator[NearDate]:
    for item_kind, field in kind.due_dates():
        for item in plant.every(ITEM_TYPES[item_kind]).values():
            day = getattr(item, field)
            if isinstance(day, date) and kind.ahead is not None and day_ends(day, plant) - kind.ahead <= at:
                yield NearDate(kind=kind.key, item_kind=item_kind, item=item.id, field=field, due_on=day)


def form_of(one: NearDate, plant: Plant) -> dict[str, object]:
    """What the date's case is opened with: the item, its place, and the day."""
    item = plant.get(ITEM_TYPES[one.item_kind], one.item)
    equipment = _equipment_of(item, plant)
    area = getattr(item, "area", None) or (equipment.area if equipment else None)
    form: dict[str, object | None] = {
        "item_kind": one.item_kind,
        "item": one.item,
        "name": getattr(item, "name", one.item),
        "area": area,
        "equipment": equipment.id if equipment else None,
        "due_on": one.due_on.isoformat(),
    }
    return {key: value for key, value in form.items() if value is not None}


def _equipment_of(item: PlantItem | None, plant: Plant) -> Equipment | None:
    if isinstance(item, Equipment):
        return item
    return plant.get(Equipment, getattr(item, "equipment", None))
