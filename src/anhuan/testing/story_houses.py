"""Where a story is played: on the pure core, or in the real house with its database and worker; told the same way."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from anhuan.app.handle import CommandRefused, NewCase, PastCase
from anhuan.core.case import commands as c
from anhuan.core.case.events import CaseEvent
from anhuan.core.case.outcome import Decision, Refused
from anhuan.core.case.state import Case
from anhuan.core.obligation.ladder import next_alarm
from anhuan.core.policy import Kind
from anhuan.domain.ids import CaseId, PersonId
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import PlantItem, item_kind
from anhuan.testing.core_world import CoreWorld, codes
from anhuan.testing.plants import TestHouse

Codes = tuple[str, ...]
"""Why something was refused; empty: it was done."""


class StoryHouse(Protocol):
    """What a story needs of the place where it is played."""

    @property
    def plant(self) -> Plant:
        """The plant as it is now."""

    @property
    def now(self) -> datetime:
        """The present instant."""

    def kind(self, key: str) -> Kind:
        """A kind of case."""

    async def open(self, by: PersonId | None, new: NewCase) -> Codes:
        """Open a case under the id that it names."""

    async def record(self, by: PersonId | None, past: PastCase) -> CaseId:
        """Take in a case that was closed elsewhere."""

    async def on(self, case: CaseId, command: c.CaseCommand) -> Codes:
        """Carry a command out."""

    async def case(self, case: CaseId) -> Case:
        """A case as it is."""

    async def events(self, case: CaseId) -> Sequence[CaseEvent]:
        """What happened to it."""

    async def kinds_open(self) -> list[str]:
        """The kinds of all open cases, one entry each."""

    async def edit(self, put: Iterable[PlantItem], remove: Iterable[tuple[str, str]]) -> None:
        """Change the plant."""

    async def set_clock(self, at: datetime) -> None:
        """Move the clock, forwards or backwards, with nobody working."""

    async def work(self) -> None:
        """Let the worker do what is due."""

    async def work_twice(self) -> None:
        """Two workers find the same things due at once."""

    async def told(self, person: PersonId) -> list[tuple[str, bool]]:
        """The notices that a person got: template, and whether it is urgent."""


async def let_pass(house: StoryHouse, cases: Iterable[CaseId], until: datetime) -> None:
    """Time passes with the worker awake: every alarm is seen to at its moment."""
    while True:
        owed = [duty for case in cases for duty in (await house.case(case)).open_duties()]
        alarms = [at for at in map(next_alarm, owed) if at is not None and house.now < at < until]
        if not alarms:
            break
        await house.set_clock(min(alarms))
        await house.work()
    await house.set_clock(until)
    await house.work()


class CoreStoryHouse:
    """A story on the pure core."""

    def __init__(self, world: CoreWorld) -> None:
        self._world = world
        self._told: list[tuple[PersonId, str, bool]] = []

    @property
    def plant(self) -> Plant:
        return self._world.plant

    @property
    def now(self) -> datetime:
        return self._world.now

    def kind(self, key: str) -> Kind:
        return self._world.kinds[key]

    async def open(self, by: PersonId | None, new: NewCase) -> Codes:
        more = {
            "source": new.source,
            "finder": new.finder,
            "found_at": new.found_at,
            "proofs": new.proofs,
            "parent": new.parent,
        }
        return codes(self._world.open(new.kind, by, new.form, case=new.case, **more))

    async def record(self, by: PersonId | None, past: PastCase) -> CaseId:
        case = CaseId(f"past-{len(self._world.cases) + 1}")
        command = c.RecordHistory(
            by=by,
            case=case,
            kind=past.kind,
            number=case,
            form=past.form,
            found_at=past.found_at,
            closed_at=past.closed_at,
            finder=past.finder,
        )
        outcome = self._world.carry_out(case, command)
        assert isinstance(outcome, Decision), codes(outcome)
        return case

    async def on(self, case: CaseId, command: c.CaseCommand) -> Codes:
        outcome = self._world.carry_out(case, command)
        return codes(outcome) if isinstance(outcome, Refused) else ()

    async def case(self, case: CaseId) -> Case:
        return self._world.cases[case]

    async def events(self, case: CaseId) -> Sequence[CaseEvent]:
        return self._world.events[case]

    async def kinds_open(self) -> list[str]:
        return [case.kind for case in self._world.cases.values() if case.open_duties()]

    async def edit(self, put: Iterable[PlantItem], remove: Iterable[tuple[str, str]]) -> None:
        items = {(item_kind(item), item.id): item for item in self._world.plant.items()}
        items |= {(item_kind(item), item.id): item for item in put}
        for key in remove:
            del items[key]
        self._world.wake_all(Plant(items.values(), self._world.plant.version + 1))

    async def set_clock(self, at: datetime) -> None:
        self._world.now = at

    async def work(self) -> None:
        self._world.run_timers()
        self._world.run_effects()
        for at, notice in self._world.told:
            people = {person for party in notice.to for person in self._world.plant.holders(party, at)}
            self._told.extend((person, notice.template, notice.urgent) for person in sorted(people))
        self._world.told.clear()

    async def work_twice(self) -> None:
        due = self._world.due_timers()
        for case, command in (*due, *due):
            self._world.carry_out(case, command)
        await self.work()

    async def told(self, person: PersonId) -> list[tuple[str, bool]]:
        return [(template, urgent) for who, template, urgent in self._told if who == person]


class RealStoryHouse:
    """A story in the house: one write path, PostgreSQL, and the worker's sweep."""

    def __init__(self, house: TestHouse, plant: Plant, kinds: dict[str, Kind]) -> None:
        self._house = house
        self._plant = plant
        self._kinds = kinds

    @property
    def plant(self) -> Plant:
        return self._plant

    @property
    def now(self) -> datetime:
        return self._house.time.now

    def kind(self, key: str) -> Kind:
        return self._kinds[key]

    async def open(self, by: PersonId | None, new: NewCase) -> Codes:
        try:
            await self._house.house.handler.open(self._house.tenant, by, new)
        except CommandRefused as refused:
            return tuple(reason.code for reason in refused.reasons)
        return ()

    async def record(self, by: PersonId | None, past: PastCase) -> CaseId:
        return (await self._house.house.handler.record_history(self._house.tenant, by, past)).case.id

    async def on(self, case: CaseId, command: c.CaseCommand) -> Codes:
        try:
            await self._house.house.handler.on(self._house.tenant, case, command)
        except CommandRefused as refused:
            return tuple(reason.code for reason in refused.reasons)
        return ()

    async def case(self, case: CaseId) -> Case:
        return await self._house.house.handler.case(self._house.tenant, case)

    async def events(self, case: CaseId) -> Sequence[CaseEvent]:
        return await self._house.house.cases.events(self._house.tenant, case)

    async def kinds_open(self) -> list[str]:
        return [kind for (kind,) in await self._house.superuser("SELECT kind FROM case_row WHERE status = 'open'")]

    async def edit(self, put: Iterable[PlantItem], remove: Iterable[tuple[str, str]]) -> None:
        await self._house.house.editor.edit(self._house.tenant, None, put=put, remove=remove)
        self._plant = (await self._house.house.snapshots.get(self._house.tenant, fresh=True)).plant
        await self._house.run_effects()

    async def set_clock(self, at: datetime) -> None:
        self._house.time.now = at

    async def work(self) -> None:
        await self._house.run_timers()
        await self._house.run_effects()

    async def work_twice(self) -> None:
        sweep = self._house.house.sweep
        await asyncio.gather(sweep.timers(), sweep.timers())
        await self.work()

    async def told(self, person: PersonId) -> list[tuple[str, bool]]:
        rows = await self._house.superuser("SELECT template, urgent FROM notice WHERE person = %s", (person,))
        return [(str(template), bool(urgent)) for template, urgent in rows]


async def real_story_house(house: TestHouse) -> RealStoryHouse:
    """The house as a story's stage."""
    snapshot = await house.house.snapshots.get(house.tenant, fresh=True)
    kinds = {key: kind for pack in snapshot.packs.values() for key, kind in pack.kinds.items()}
    return RealStoryHouse(house, snapshot.plant, kinds)
