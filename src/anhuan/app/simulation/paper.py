"""A finding on paper: carried by hand from one person to the next, written into a register when that is next done.

    found ─► keeper of the register ─► owner of the area ─► whoever repairs ─► back to the keeper ─► register

Each arrow is a spoken order or a slip. Whoever has one does it at some look, if they have not forgotten it before; what
is forgotten lies until the register is brought up to date and its keeper asks after the row. Whoever repaired says
themselves that it is done, and nobody else looks. Who these people are, and the deadline, come from the rules of the
pack, so that the same people owe the same thing by the same day as under them.
"""

import math
from collections.abc import Sequence
from datetime import datetime
from random import Random
from statistics import fmean, median
from zoneinfo import ZoneInfo

from msgspec import Struct

from anhuan.app.simulation.assumptions import Assumptions
from anhuan.app.simulation.findings import Finding
from anhuan.app.simulation.people import DAY_S, NEVER, Seconds, Staff, moment
from anhuan.core.case.state import Case
from anhuan.core.figures import Tally
from anhuan.core.obligation.calendar import working_days_between
from anhuan.core.policy import Deed, Part
from anhuan.domain.ids import PersonId, PostId
from anhuan.domain.party import Party, PostParty
from anhuan.domain.plant import Plant

GAMED_H = 0.2
"""Hands-on hours of a word given instead of work."""


class Errand(Struct, frozen=True, kw_only=True):
    """What the rules ask for a finding: who keeps the register, who hands on, who repairs, by when."""

    keeper: Party
    owner: Party
    performer: Party
    due_at: datetime


class PaperRow(Struct, frozen=True, kw_only=True):
    """A row of the register at the end."""

    no: int
    found_at: Seconds
    due_at: datetime
    done_at: Seconds
    """When whoever repaired said it was done; NEVER: not yet."""
    entered_at: Seconds
    """When the register said so."""
    mended: bool
    """Whether it was."""
    waited_s: dict[str, Seconds]
    """Of a row that is done: what it has waited for."""


def errand_of(case: Case, keeper: PostId) -> Errand:
    """The errand of a case that has just been opened by the rules."""
    work = next(d for d in case.open_duties() if d.deed is Deed.PERFORM and d.part is Part.LEAD)
    told = [d.party for d in case.open_duties() if d.deed is Deed.ACKNOWLEDGE]
    owner = next((party for party in told if isinstance(party, PostParty)), work.party)
    return Errand(keeper=PostParty(keeper, case.subject.area), owner=owner, performer=work.party, due_at=work.due_at)


class Paper:
    """The paper process of one run."""

    def __init__(self, plant: Plant, staff: Staff, assumed: Assumptions, seed: int, end: Seconds) -> None:
        self._plant = plant
        self._staff = staff
        self._assumed = assumed
        self._seed = seed
        self._end = end

    def carry(self, finding: Finding, errand: Errand, begin: Seconds) -> PaperRow:
        """One finding from found to filed, as far as it comes."""
        trail = _Trail(self._staff, self._assumed, Random(f"{self._seed}/paper/{finding.no}"), begin)
        keeper = self._somebody(errand.keeper, finding.found_at, trail.rng)
        owner = self._somebody(errand.owner, finding.found_at, trail.rng)
        ordered = trail.hop(keeper, finding.found_at)
        told = trail.hop(owner, ordered)
        worker = self._somebody(errand.performer, told, trail.rng)
        begun = trail.hop(worker, told)
        worked, mended = self._work(trail, worker, begun, finding)
        returned = trail.hop(worker, worked.done_at)
        entered = trail.next_update(returned)
        return PaperRow(
            no=finding.no,
            found_at=finding.found_at,
            due_at=errand.due_at,
            done_at=worked.done_at,
            entered_at=entered,
            mended=mended,
            waited_s={
                "hand_overs": told - finding.found_at,
                "work": begun - told + worked.done_at - begun - worked.parts_s,
                "parts": worked.parts_s,
            },
        )

    def _work(self, trail: "_Trail", worker: PersonId | None, begun: Seconds, finding: Finding) -> "tuple[_Work, bool]":
        assumed, rng = self._assumed, trail.rng
        games, fails = rng.random(), rng.random()
        if worker is None or begun >= NEVER:
            return _Work(NEVER, 0), False
        if self._staff.traits[worker].games and games < assumed.games_per_job:
            return _Work(self._staff.after(worker, begun, GAMED_H), 0), False
        waited, ready = 0, begun
        if finding.parts_s:
            ready = trail.hop(worker, begun + finding.parts_s)
            waited = ready - begun
        done_at = self._staff.after(worker, ready, finding.repair_h) if ready < NEVER else NEVER
        return _Work(done_at, waited), fails >= assumed.bad_repair

    def _somebody(self, party: Party, at: Seconds, rng: Random) -> PersonId | None:
        """One of those behind a party, those at work first; the order goes to one person."""
        holders = self._plant.holders(party, moment(min(at, self._end)))
        here = [person for person in holders if self._staff.at_work(person, at)]
        return rng.choice(here or holders) if holders else None

    def tally(self, rows: Sequence[PaperRow], zone: ZoneInfo) -> Tally:
        """The register at the end of the period, counted as `core.counting` counts a register that was taken over."""
        end = moment(self._end)
        today = end.astimezone(zone).date()
        closed = [row for row in rows if row.entered_at < self._end]
        days = [
            working_days_between(moment(row.found_at), moment(row.done_at), self._plant.calendar, zone)
            for row in closed
        ]
        overdue = 0
        for row in rows:
            known = row.done_at if row.done_at < self._end else None
            done_on = moment(known).astimezone(zone).date() if known is not None else today
            overdue += row.due_at.astimezone(zone).date() < done_on
        return Tally(
            registered=len(rows),
            closed=len(closed),
            overdue=overdue,
            closed_in_period=len(closed),
            cycle_days=(fmean(days), median(days)) if days else None,
            open=len(rows) - len(closed),
        )


class _Work(Struct, frozen=True):
    done_at: Seconds
    parts_s: Seconds


class _Trail:
    """One finding's way through people's heads."""

    def __init__(self, staff: Staff, assumed: Assumptions, rng: Random, begin: Seconds) -> None:
        self._staff = staff
        self._assumed = assumed
        self._begin = begin
        self.rng = rng

    def hop(self, person: PersonId | None, told_at: Seconds) -> Seconds:
        """When somebody does what they were told; NEVER: they have forgotten it and nobody asks."""
        if person is None or told_at >= NEVER:
            return NEVER
        assumed, at, remembers = self._assumed, told_at, True
        acts_per_h = assumed.looks_per_hour * self._staff.traits[person].diligence
        while at < NEVER:
            acts = self._after(person, at, acts_per_h) if remembers else NEVER
            forgets = self._after(person, at, math.log(2) / assumed.order_half_life_h) if remembers else NEVER
            asked = self._asked(person, at)
            first = min(acts, forgets, asked)
            if first >= NEVER or first == acts:
                return first
            remembers = first == asked
            if first == asked and self.rng.random() < assumed.acts_when_spoken_to:
                return asked
            at = first
        return NEVER

    def _after(self, person: PersonId, at: Seconds, per_hour: float) -> Seconds:
        """When something happens that happens so often per hour at work."""
        if per_hour <= 0:
            return NEVER
        return self._staff.after(person, at, self.rng.expovariate(per_hour))

    def _asked(self, person: PersonId, at: Seconds) -> Seconds:
        """When the keeper next asks this person after the row."""
        chance = self._assumed.paper_chase_share
        if chance <= 0:
            return NEVER
        skipped = math.floor(math.log(1 - self.rng.random()) / math.log(1 - chance)) if chance < 1 else 0
        update = self.next_update(at) + round(skipped * self._assumed.paper_update_days * DAY_S)
        return self._staff.after(person, update, 0.5)

    def next_update(self, at: Seconds) -> Seconds:
        """When the register is next brought up to date."""
        if at >= NEVER:
            return NEVER
        every = round(self._assumed.paper_update_days * DAY_S)
        return self._begin + ((at - self._begin) // every + 1) * every
