"""Cases in memory, behind the same ports as those in the database: for repeating a run many times.

The run that is reported goes through the database; what is said of other seeds and of variants comes from here, by the
same handler, sweep and core. A test holds the two equal, event by event.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from anhuan.core.case.events import CaseEvent
from anhuan.core.case.outcome import Effect
from anhuan.core.case.state import Case, CaseStatus
from anhuan.core.obligation.ladder import next_alarm
from anhuan.domain.ids import CaseId, DutyNo, PersonId, TenantId
from anhuan.domain.plant_items import PlantItem, item_kind
from anhuan.ports.cases import CaseWrite, CommandKey, FoldTaken, Repeated, Stale
from anhuan.ports.due import DueEffect, DueTimer, NearDate, Sameness, Telling
from anhuan.ports.plants import Marks, PackKey
from anhuan.ports.secrets import DrawKey

TENANT = TenantId("simulated")


class MemoryCases:
    """`ports.cases.CaseStore` and `ports.due.DueStore` of one tenant, in dictionaries."""

    def __init__(self) -> None:
        self.cases: dict[CaseId, Case] = {}
        self._events: dict[CaseId, list[CaseEvent]] = {}
        self._keys: dict[str, CaseId] = {}
        self._numbers: dict[str, int] = {}
        self._alarms: dict[tuple[CaseId, DutyNo], datetime] = {}
        self._outbox: dict[int, tuple[datetime, Effect]] = {}
        self._effects = 0
        self._slots: dict[str, datetime] = {}

    async def load(self, tenant: TenantId, case: CaseId) -> Case | None:
        return self.cases.get(case)

    async def events(self, tenant: TenantId, case: CaseId) -> Sequence[CaseEvent]:
        return self._events.get(case, [])

    async def commit(self, write: CaseWrite) -> None:
        case = write.case
        before = self.cases.get(case.id, Case())
        if before.version + len(write.events) != case.version:
            raise Stale(write.tenant)
        if write.key is not None and write.key.key in self._keys:
            raise Repeated(self._keys[write.key.key])
        if before.version == 0 and case.fold_key is not None:
            self._refuse_fold(case)
        if write.key is not None:
            self._keys[write.key.key] = case.id
        self.cases[case.id] = case
        self._events.setdefault(case.id, []).extend(write.events)
        for effect in write.effects:
            self._effects += 1
            self._outbox[self._effects] = (write.at, effect)
        for number, duty in case.duties.items():
            alarm = next_alarm(duty) if case.status is CaseStatus.OPEN else None
            if alarm is not None:
                self._alarms[case.id, number] = alarm
            else:
                self._alarms.pop((case.id, number), None)

    def _refuse_fold(self, case: Case) -> None:
        for other in self.cases.values():
            if other.status is CaseStatus.OPEN and (other.kind, other.fold_key) == (case.kind, case.fold_key):
                raise FoldTaken(other.id)

    async def used(self, tenant: TenantId, key: CommandKey, at: datetime, by: PersonId | None) -> CaseId | None:
        return self._keys.get(key.key)

    async def loads(self, tenant: TenantId) -> Mapping[PersonId, int]:
        loads: dict[PersonId, int] = {}
        for case, number in self._alarms:
            duty = self.cases[case].duties[number]
            if duty.blind and (person := getattr(duty.party, "person", None)) is not None:
                loads[person] = loads.get(person, 0) + 1
        return loads

    async def children(self, tenant: TenantId, case: CaseId) -> int:
        return sum(other.parent == case for other in self.cases.values())

    async def number(self, tenant: TenantId, series: str) -> int:
        self._numbers[series] = self._numbers.get(series, 0) + 1
        return self._numbers[series]

    # --- due work

    async def timers(self, now: datetime, limit: int) -> Sequence[DueTimer]:
        due = sorted((at, case, number) for (case, number), at in self._alarms.items() if at <= now)
        found = []
        for at, case, number in due[:limit]:
            duty = self.cases[case].duties[number]
            found.append(DueTimer(TENANT, case, number, duty.step, duty.generation, at))
        return found

    async def timer_done(self, timer: DueTimer) -> None:
        if self._alarms.get((timer.case, timer.duty)) == timer.due_at:
            del self._alarms[timer.case, timer.duty]

    async def effects(self, now: datetime, limit: int) -> Sequence[DueEffect]:
        due = [number for number, (at, _) in self._outbox.items() if at <= now]
        return [DueEffect(TENANT, number, 1) for number in due[:limit]]

    async def wanted(self, tenant: TenantId, ids: Sequence[int]) -> Mapping[int, Effect]:
        return {number: self._outbox[number][1] for number in ids if number in self._outbox}

    async def effects_done(self, tenant: TenantId, ids: Sequence[int]) -> None:
        for number in ids:
            self._outbox.pop(number, None)

    async def effect_failed(self, due: DueEffect, why: str, again_at: datetime) -> None:
        raise RuntimeError(why)

    async def earlier(self, tenant: TenantId, case: CaseId, same: Sameness) -> CaseId | None:
        present = self.cases[case]
        assert present.opened_at is not None
        alike = [
            other
            for other in self.cases.values()
            if other.id != case
            and other.kind == present.kind
            and other.status is CaseStatus.CLOSED
            and other.opened_at is not None
            and other.opened_at < present.opened_at
            and _closed(other) >= same.since
            and other.outcome in same.closed_as
            and same.area in (None, other.subject.area)
            and same.equipment in (None, other.subject.equipment)
            and same.category in (None, other.subject.category)
        ]
        return max(alike, key=_closed).id if alike else None

    async def tell(self, tenant: TenantId, told: Sequence[Telling], at: datetime) -> None:
        """Nobody reads notices here: who is told follows from the effects that were stored."""

    async def open_cases(self, tenant: TenantId) -> Sequence[CaseId]:
        return sorted(case.id for case in self.cases.values() if case.status is CaseStatus.OPEN)

    async def tenants(self) -> Sequence[TenantId]:
        return [TENANT]

    async def last_slot(self, tenant: TenantId, schedule: str) -> datetime | None:
        return self._slots.get(schedule)

    async def slot_seen(self, tenant: TenantId, schedule: str, starts_at: datetime, case: CaseId | None) -> None:
        self._slots[schedule] = starts_at

    async def dates_seen(self, tenant: TenantId, near: Sequence[NearDate]) -> frozenset[NearDate]:
        return frozenset(near)

    async def date_seen(self, tenant: TenantId, near: NearDate, case: CaseId) -> None:
        """A run's plant has no dates that come near."""


def _closed(case: Case) -> datetime:
    assert case.closed_at is not None
    return case.closed_at


class MemoryPlant:
    """`ports.plants.SnapshotSource` of one plant with its packs."""

    def __init__(self, items: Sequence[PlantItem], files: Mapping[PackKey, Mapping[str, str]]) -> None:
        self._items = sorted(items, key=lambda item: (item_kind(item), item.id))
        """In the order of the database, as what a place is like is told in that of the items."""
        self._files = files

    async def marks(self, tenant: TenantId) -> Marks:
        return Marks(1, tuple(self._files))

    async def items(self, tenant: TenantId) -> Sequence[PlantItem]:
        return self._items

    async def pack_files(self, tenant: TenantId, key: PackKey) -> Mapping[str, str] | None:
        return self._files.get(key)


class SeededDraws:
    """`ports.secrets.DrawKeys`: one draw key that follows from a run's seed, so that a run can be repeated."""

    def __init__(self, seed: int, from_at: datetime) -> None:
        key = hashlib.sha256(f"{seed}/draws".encode()).digest()
        self.key = DrawKey(f"simulated-{seed}", key, from_at - timedelta(days=1))

    def draw_key(self, tenant: TenantId, opened_at: datetime) -> DrawKey:
        return self.key
