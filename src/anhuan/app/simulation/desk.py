"""Where a run is carried out: the one write path and the sweep over some store, a clock that runs as fast as one likes.

The same desk stands on the database and on memory. What is stored is watched, so that a run knows which cases changed,
who was told of what, and whether the sweep has something to do, without asking anybody.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from anhuan.app.handle import CaseHandler
from anhuan.app.simulation.memory import TENANT, MemoryCases, MemoryPlant
from anhuan.app.snapshot import Snapshots
from anhuan.app.sweep import Sweep
from anhuan.core.case.events import CaseEvent
from anhuan.core.case.outcome import Notify
from anhuan.core.case.state import Case
from anhuan.domain.ids import CaseId, PersonId, TenantId
from anhuan.domain.plant_items import PlantItem
from anhuan.packs.compile import Pack
from anhuan.ports.cases import CaseStore, CaseWrite, CommandKey
from anhuan.ports.due import DueStore
from anhuan.ports.plants import PackKey
from anhuan.ports.secrets import DrawKeys

_OTHER_CASES = "00000000-0000-7000-9000-"
"""Ids of cases that come out of others."""


@dataclass
class RunClock:
    """The present of a run; set `now` to go on."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass
class WatchedCases:
    """A store of cases, and what was stored in it since somebody looked."""

    store: CaseStore
    changed: dict[CaseId, Case] = field(default_factory=dict)
    notices: list[Notify] = field(default_factory=list)
    effects: int = 0
    """That the sweep has yet to see to."""
    stored: int = 0
    """Decisions, ever."""
    happened: int = 0
    """Events, ever."""

    async def load(self, tenant: TenantId, case: CaseId) -> Case | None:
        return await self.store.load(tenant, case)

    async def events(self, tenant: TenantId, case: CaseId) -> Sequence[CaseEvent]:
        return await self.store.events(tenant, case)

    async def commit(self, write: CaseWrite) -> None:
        await self.store.commit(write)
        self.changed[write.case.id] = write.case
        self.notices += [effect for effect in write.effects if isinstance(effect, Notify)]
        self.effects += len(write.effects)
        self.stored += 1
        self.happened += len(write.events)

    async def used(self, tenant: TenantId, key: CommandKey, at: datetime, by: PersonId | None) -> CaseId | None:
        return await self.store.used(tenant, key, at, by)

    async def loads(self, tenant: TenantId) -> Mapping[PersonId, int]:
        return await self.store.loads(tenant)

    async def children(self, tenant: TenantId, case: CaseId) -> int:
        return await self.store.children(tenant, case)

    async def number(self, tenant: TenantId, series: str) -> int:
        return await self.store.number(tenant, series)


class _Untouched:
    """A plant that a run changes nothing of."""

    async def edit(self, tenant: TenantId, by: PersonId | None, put: Iterable[PlantItem] = ()) -> object:
        raise LookupError(f"a run writes nothing to the plant of {tenant}: {[item.id for item in put]}")


async def _nobody_asks(tenant: TenantId, case: CaseId, version: int) -> None:
    """No other system is told of what a run closes."""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The write path of one tenant, watched."""

    tenant: TenantId
    clock: RunClock
    cases: WatchedCases
    handler: CaseHandler
    sweep: Sweep


def desk_on(
    tenant: TenantId,
    cases: CaseStore,
    due: DueStore,
    snapshots: Snapshots,
    draw_keys: DrawKeys,
    clock: RunClock,
) -> Desk:
    """A desk over stores, with a handler and a sweep of its own."""
    watched = WatchedCases(cases)
    numbers = itertools.count(1)
    handler = CaseHandler(watched, snapshots, draw_keys, clock, lambda: f"{_OTHER_CASES}{next(numbers):012x}")
    sweep = Sweep(due, handler, _Untouched(), snapshots, clock, _nobody_asks)
    return Desk(tenant=tenant, clock=clock, cases=watched, handler=handler, sweep=sweep)


def desk_in_memory(
    items: Sequence[PlantItem],
    packs: Sequence[Pack],
    files: Sequence[Mapping[str, str]],
    draw_keys: DrawKeys,
    clock: RunClock,
) -> tuple[Desk, MemoryCases]:
    """A desk that leaves nothing behind; `files` are those of the packs, in their order."""
    store = MemoryCases()
    keys = [PackKey(pack.name, pack.version) for pack in packs]
    plant = MemoryPlant(items, dict(zip(keys, files, strict=True)))
    snapshots = Snapshots(plant, clock, dict(zip(keys, packs, strict=True)))
    return desk_on(TENANT, store, store, snapshots, draw_keys, clock), store
