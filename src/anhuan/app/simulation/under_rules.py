"""The same people and findings under the rules of a pack: everything they do goes through the one write path.

Time is a queue of moments: somebody finds something, looks at what they owe, is spoken to, has finished a piece of
work, or a deadline comes. At each the clock is set, people do what they would (`deciding`), the real sweep does what is
due, and whoever is told of something may look sooner. Who owes what, who is told, who is drawn and which cases come out
of others is never said here; people treat those like any other.
"""

import heapq
import itertools
import math
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial
from random import Random

from anhuan.app.handle import CommandRefused, NewCase
from anhuan.app.simulation import deeds
from anhuan.app.simulation.assumptions import Assumptions
from anhuan.app.simulation.deciding import AskWait, Begin, Deciding, Deed, Speak, Thing, Will, Work
from anhuan.app.simulation.desk import Desk
from anhuan.app.simulation.findings import Finding
from anhuan.app.simulation.people import NEVER, Seconds, Staff, moment
from anhuan.app.simulation.world import Mix
from anhuan.core.case import commands as c
from anhuan.core.case.state import Case, CaseStatus, Duty, DutyStatus
from anhuan.core.obligation.ladder import next_alarm
from anhuan.core.policy import Kind
from anhuan.domain.ids import CaseId, DutyNo, PersonId
from anhuan.domain.party import Party, PersonParty, PostParty, TeamParty
from anhuan.domain.plant import Plant

Owed = tuple[CaseId, DutyNo]
Step = Callable[[], Awaitable[None]]
SPEAKS_AFTER_H = 0.25
"""Hours at work until whoever is to be spoken to is met."""


def case_id(seed: int, number: int) -> CaseId:
    """The id of a finding's case: of the form of a UUIDv7, and the same whenever the run is repeated."""
    return CaseId(f"00000000-0000-7000-8{seed % 4096:03x}-{number:012x}")


class Life:
    """One run under the rules."""

    def __init__(
        self,
        desk: Desk,
        kinds: Mapping[str, Kind],
        mix: Mix,
        plant: Plant,
        staff: Staff,
        assumed: Assumptions,
        seed: int,
    ) -> None:
        self.things: dict[CaseId, Thing] = {}
        self.cases: dict[CaseId, Case] = {}
        self.refused: Counter[str] = Counter()
        """Commands that people sent in vain, by reason."""
        self.messages = 0
        self._desk = desk
        self._kinds = kinds
        self._mix = mix
        self._plant = plant
        self._staff = staff
        self._assumed = assumed
        self._seed = seed
        self._rng = Random(f"{seed}/rules")
        self._deciding = Deciding(kinds, plant, staff, assumed, self._rng)
        self._queue: list[tuple[Seconds, int, Step]] = []
        self._order = itertools.count()
        self._now: Seconds = 0
        self._owed: dict[PersonId, set[Owed]] = {}
        self._of: dict[Owed, frozenset[PersonId]] = {}
        self._looking: set[PersonId] = set()
        """Who will look by themselves."""
        self._called: set[PersonId] = set()
        """Who will look because of a message; whatever else comes meanwhile is read with it."""
        self._alarms: dict[Owed, Seconds] = {}
        self._works: dict[Owed, Work] = {}
        self._behind: dict[Party, frozenset[PersonId]] = {}

    async def run(self, findings: Sequence[Finding], until: Seconds, progress: Callable[[Seconds], None]) -> None:
        """Everything that happens before `until`."""
        for finding in findings:
            self._plan(finding.found_at, partial(self._find, finding))
        while self._queue and self._queue[0][0] < until:
            self._now, _, step = heapq.heappop(self._queue)
            self._desk.clock.now = moment(self._now)
            await step()
            progress(self._now)
        self._desk.clock.now = moment(until)

    def _plan(self, at: Seconds, step: Step) -> None:
        if at < NEVER:
            heapq.heappush(self._queue, (at, next(self._order), step))

    # --- moments

    async def _find(self, finding: Finding) -> None:
        case = case_id(self._seed, finding.no)
        self.things[case] = Thing(work_h=finding.repair_h, parts_s=finding.parts_s)
        new = NewCase(kind=self._mix.kind, form=finding.form, case=case)
        await self._desk.handler.open(self._desk.tenant, finding.finder, new)
        await self._settle()

    async def _look(self, person: PersonId, *, regular: bool) -> None:
        """Somebody turns to what they owe, and does of it what they would."""
        if not regular:
            self._called.discard(person)
        chance = self._staff.traits[person].diligence
        for owed in sorted(self._owed.get(person, ())):
            await self._turn_to(person, owed, chance)
        if regular:
            self._looking.discard(person)
            self._look_again(person)

    async def _turn_to(self, person: PersonId, owed: Owed, chance: float) -> None:
        """Somebody turns to one thing."""
        case = self.cases[owed[0]]
        duty = case.duties[owed[1]]
        if case.status is not CaseStatus.OPEN or duty.status is not DutyStatus.OPEN:
            return
        will = self._deciding.will(person, case, duty, self.things[case.id], self._works.get(owed), chance, self._now)
        if will is not None:
            await self._do(person, case, duty, will)

    async def _do(self, person: PersonId, case: Case, duty: Duty, will: Will) -> None:
        at = moment(self._now)
        kind = self._kinds[case.kind]
        match will:
            case Deed(outcome):
                command = deeds.discharge(kind, case, duty, person, outcome, self._mix.writes, at)
                await self._send(case.id, command)
            case AskWait(until):
                wait = self._mix.waiting
                wish = deeds.ask(kind, case, duty, person, wait, moment(until), self._mix.writes, at)
                await self._send(case.id, wish)
            case Begin(work):
                self._works[case.id, duty.no] = work
                self._plan(work.ends_at, partial(self._finish, person, (case.id, duty.no)))
            case Speak(holder):
                met = self._staff.after(holder, self._now, SPEAKS_AFTER_H)
                chance = self._assumed.acts_when_spoken_to
                self._plan(met, partial(self._turn_to, holder, (case.id, duty.no), chance))

    async def _finish(self, person: PersonId, owed: Owed) -> None:
        """A piece of work is at its end: the thing is now as it is, and may be reported at once."""
        case = self.cases[owed[0]]
        duty = case.duties[owed[1]]
        self._deciding.finish(self.things[case.id], duty, self._works[owed])
        await self._turn_to(person, owed, self._staff.traits[person].diligence)

    async def _alarm(self, owed: Owed, at: Seconds) -> None:
        """A deadline or a rung: the sweep looks at everything that is due."""
        if self._alarms.get(owed) != at:
            return
        del self._alarms[owed]
        await self._desk.sweep.timers()
        await self._settle()

    async def _send(self, case: CaseId, command: c.CaseCommand) -> None:
        try:
            await self._desk.handler.on(self._desk.tenant, case, command)
        except CommandRefused as refused:
            self.refused.update(reason.code for reason in refused.reasons)
        await self._settle()

    # --- what follows

    async def _settle(self) -> None:
        """The sweep does what decisions want done, or leaves it; whoever is concerned learns of it."""
        watched = self._desk.cases
        while watched.effects > 0:
            done = await self._desk.sweep.effects()
            watched.effects = max(watched.effects - done, 0) if done else 0
        changed, watched.changed = watched.changed, {}
        notices, watched.notices = watched.notices, []
        for case in sorted(changed):
            self._notice(changed[case])
        at = moment(self._now)
        told = {person for notice in notices for party in notice.to for person in self._plant.holders(party, at)}
        self._tell(sorted(told))

    def _notice(self, case: Case) -> None:
        """What is owed of a case now, and when it comes due."""
        self.cases[case.id] = case
        if case.id not in self.things:  # It came out of another one.
            self.things[case.id] = Thing(work_h=self._assumed.other_work_h)
        for number, duty in case.duties.items():
            owed = (case.id, number)
            is_open = case.status is CaseStatus.OPEN and duty.status is DutyStatus.OPEN
            people = self._people(duty) if is_open else frozenset()
            self._owe(owed, people)
            alarm = next_alarm(duty) if is_open else None
            at = math.ceil(alarm.timestamp()) if alarm else None
            if at is None:
                self._alarms.pop(owed, None)
            elif self._alarms.get(owed) != at:
                self._alarms[owed] = at
                self._plan(at, partial(self._alarm, owed, at))

    def _owe(self, owed: Owed, people: frozenset[PersonId]) -> None:
        before = self._of.get(owed, frozenset())
        if people == before:
            return
        self._of[owed] = people
        for person in before - people:
            self._owed[person].discard(owed)
        for person in sorted(people - before):
            self._owed.setdefault(person, set()).add(owed)
            self._look_again(person)

    def _people(self, duty: Duty) -> frozenset[PersonId]:
        """Everybody who may come to be behind a duty, or was told of it, on whatever shift."""
        parties = (duty.party, *duty.told)
        return frozenset[PersonId]().union(*(self._all_behind(party) for party in parties))

    def _all_behind(self, party: Party) -> frozenset[PersonId]:
        if party not in self._behind:
            self._behind[party] = frozenset(self._looked_up(party))
        return self._behind[party]

    def _looked_up(self, party: Party) -> Iterable[PersonId]:
        match party:
            case PersonParty(person):
                return (person,)
            case TeamParty(team):
                return self._plant.members(team)
            case PostParty(post, area):
                places = (*self._plant.area_chain(area), None)
                return (holding.person for place in places for holding in self._plant.holdings(post, place))

    def _look_again(self, person: PersonId) -> None:
        """Whoever owes something turns to it now and then."""
        often = self._assumed.looks_per_hour
        if often > 0 and self._owed.get(person) and person not in self._looking:
            self._looking.add(person)
            at = self._staff.after(person, self._now, self._rng.expovariate(often))
            self._plan(at, partial(self._look, person, regular=True))

    def _tell(self, people: Iterable[PersonId]) -> None:
        """A message makes some look, after a while."""
        for person in people:
            self.messages += 1
            if person not in self._called and self._rng.random() < self._assumed.reads_messages:
                self._called.add(person)
                wait_h = self._rng.expovariate(1 / self._assumed.message_delay_h)
                self._plan(self._staff.after(person, self._now, wait_h), partial(self._look, person, regular=False))
