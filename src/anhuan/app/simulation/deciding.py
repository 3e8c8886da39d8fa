"""What a person does with a thing that they turn to: nothing yet, begin, finish, check, grant, or speak to somebody.

This is behaviour of people, not of rules: whoever the system lets do a thing may or may not do it. What they check
against is how things really are (`Thing`), as far as they can see it.
"""

from collections.abc import Mapping
from random import Random

from msgspec import Struct

from anhuan.app.simulation.assumptions import Assumptions
from anhuan.app.simulation.paper import GAMED_H
from anhuan.app.simulation.people import DAY_S, Seconds, Staff, Traits, moment
from anhuan.core.case.rights import DECLINE, barred
from anhuan.core.case.state import Case, Duty
from anhuan.core.policy import Deed as Sort
from anhuan.core.policy import DutySpec, Kind, Part, Wait
from anhuan.domain.ids import CaseId, DutyNo, PersonId
from anhuan.domain.plant import Plant

REWORK = 0.25
"""Share of the hands-on hours that it takes to do good work once more for somebody who doubted it."""
MARGIN_S = 2 * DAY_S
"""How much later than the parts are promised people say that they need."""
DONE, PASS, FAIL = "done", "pass", "fail"


class Thing(Struct, kw_only=True):
    """What is really there, whatever a case says of it."""

    work_h: float
    """Hands-on hours of whoever does the work."""
    parts_s: Seconds = 0
    """How long what must be bought takes to come."""
    mended: bool = False
    reused_photo: bool = False
    """The last photos handed in were old ones."""
    parts_at: Seconds | None = None
    """When what was bought comes; None: not ordered."""


class Work(Struct, frozen=True):
    """A piece of work that somebody is at."""

    person: PersonId
    ends_at: Seconds
    gamed: bool


class Deed(Struct, frozen=True):
    """Does the duty, with an outcome."""

    outcome: str


class AskWait(Struct, frozen=True):
    """Asks for an approved wait."""

    until: Seconds


class Begin(Struct, frozen=True):
    """Begins the work."""

    work: Work


class Speak(Struct, frozen=True):
    """Speaks to somebody who owes it."""

    holder: PersonId


Will = Deed | AskWait | Begin | Speak


class Deciding:
    """Everybody's mind."""

    def __init__(
        self, kinds: Mapping[str, Kind], plant: Plant, staff: Staff, assumed: Assumptions, rng: Random
    ) -> None:
        self._kinds = kinds
        self._plant = plant
        self._staff = staff
        self._assumed = assumed
        self._rng = rng
        self._spoken: dict[tuple[PersonId, CaseId, DutyNo], int] = {}
        """Who has spoken to somebody of a duty, at which step of its ladder: once for each time that they are told."""

    def will(
        self, person: PersonId, case: Case, duty: Duty, thing: Thing, work: Work | None, chance: float, now: Seconds
    ) -> Will | None:
        """What somebody does who turns to an open duty, `chance` being how likely they do it now; None: nothing."""
        spec = self._kinds[case.kind].duty(duty.stage, duty.key)
        at = moment(now)
        if spec is None or (work is not None and (work.person != person or work.ends_at > now)):
            return None
        if self._rng.random() >= chance:
            return None
        holders = self._plant.holders(duty.party, at)
        if person not in holders:
            return self._as_told(person, case, duty, spec, holders, now)
        if barred(case, spec, person, self._plant, duty) is not None:
            return None
        if work is not None:
            return Deed(_done(spec))
        if len(holders) > 1 and self._rng.random() >= self._assumed.takes_shared_task:
            return None
        match duty.deed:
            case Sort.ACKNOWLEDGE:
                ready = duty.stage_wait is not Wait.DEFERRAL or not duty.gates or (thing.parts_at or 0) <= now
                return Deed(_done(spec)) if ready else None
            case Sort.APPROVE:
                return self._decision(spec)
            case Sort.VERIFY:
                return Deed(self._verdict(spec, thing, self._staff.traits[person]))
            case Sort.PERFORM:
                return self._performing(person, case, duty, thing, now)

    def _as_told(
        self,
        person: PersonId,
        case: Case,
        duty: Duty,
        spec: DutySpec,
        holders: tuple[PersonId, ...],
        now: Seconds,
    ) -> Will | None:
        """Somebody whom the ladder has told: they decide what is to be decided, and speak to whoever owes the rest."""
        at = moment(now)
        said = (person, case.id, duty.no)
        if self._spoken.get(said) == duty.step:
            return None
        if not any(person in self._plant.holders(party, at) for party in duty.told):
            return None
        if duty.deed is Sort.APPROVE:
            return self._decision(spec) if barred(case, spec, person, self._plant, duty) is None else None
        self._spoken[said] = duty.step
        return Speak(holders[0]) if holders else None

    def _decision(self, spec: DutySpec) -> Deed:
        return Deed(spec.outcomes[0 if self._rng.random() < self._assumed.approves else -1])

    def _verdict(self, spec: DutySpec, thing: Thing, traits: Traits) -> str:
        """What somebody says who checks: from photos where the check is blind, else standing before it."""
        assumed = self._assumed
        declines, sees, doubts = self._rng.random(), self._rng.random(), self._rng.random()
        if DECLINE in spec.outcomes and declines < assumed.declines_check:
            return DECLINE
        if traits.waves_through:
            return PASS
        if thing.mended:
            return FAIL if doubts < assumed.doubts_good_work else PASS
        chance = assumed.sees_on_photo if spec.blind else assumed.sees_on_site
        if thing.reused_photo and spec.blind:
            chance = max(chance, assumed.reused_photo_found)
        return FAIL if sees < chance else PASS

    def _performing(self, person: PersonId, case: Case, duty: Duty, thing: Thing, now: Seconds) -> Will | None:
        assumed = self._assumed
        if duty.part is Part.ASSIST:
            ends_at = self._staff.after(person, now, thing.work_h * assumed.assist_share)
            return Begin(Work(person, ends_at, gamed=False))
        games = self._rng.random() < assumed.games_per_job
        if games and self._staff.traits[person].games and not thing.mended:
            return Begin(Work(person, self._staff.after(person, now, GAMED_H), gamed=True))
        if thing.parts_at is None:
            thing.parts_at = now + thing.parts_s
        if thing.parts_at > now:
            asked = any(move.duty == duty.no for move in case.moves.values())
            is_late = thing.parts_at >= duty.due_at.timestamp()
            return AskWait(thing.parts_at + MARGIN_S) if is_late and not asked else None
        hours = thing.work_h * (REWORK if thing.mended else 1.0)
        return Begin(Work(person, self._staff.after(person, now, hours), gamed=False))

    def finish(self, thing: Thing, duty: Duty, work: Work) -> None:
        """A piece of work is done: the leading party's mends the thing, unless it was none or was bad."""
        if duty.deed is not Sort.PERFORM or duty.part is not Part.LEAD:
            return
        thing.reused_photo = work.gamed
        if not work.gamed and not thing.mended:
            thing.mended = self._rng.random() >= self._assumed.bad_repair


def _done(spec: DutySpec) -> str:
    """The outcome that says that it is done."""
    return DONE if DONE in spec.outcomes else spec.outcomes[0]
