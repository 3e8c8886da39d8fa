"""A decision in the making: the primitives that every command and every pack key come down to.

Enter a stage; open, discharge, cancel, reassign, reschedule a duty; ask a table; notify; close. Each emits events and
folds them at once, so that what comes next sees the case as it then stands.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import cast

from anhuan.core.case import events as e
from anhuan.core.case.dated import moved_forward
from anhuan.core.case.deadline import Due, due, ends, named, read_instant
from anhuan.core.case.evolve import evolve
from anhuan.core.case.outcome import (
    CASE,
    CHILDREN,
    LOADS,
    Decision,
    Effect,
    Facts,
    Notify,
    RaiseSignal,
    Reason,
)
from anhuan.core.case.rights import barred, may_bar
from anhuan.core.case.state import AskedMove, Case, Duty, DutyStatus, context_of
from anhuan.core.draw import Draw, commitment, draw, draw_seed, sample_of
from anhuan.core.obligation import ladder, party
from anhuan.core.obligation.calendar import Clock
from anhuan.core.policy import DutySpec, Kind, Part, Problem, TableAnswer, Values
from anhuan.core.terms import (
    AllOf,
    ByTable,
    Condition,
    Deadline,
    Drawn,
    FieldIs,
    FirstOf,
    Incomplete,
    Named,
    TableSays,
    Who,
)
from anhuan.domain.ids import CaseId, DutyNo, PersonId
from anhuan.domain.party import Party, PersonParty, party_text
from anhuan.domain.plant_items import Equipment

POST_VACANT = "post_vacant"
"""The signal that nobody answers to a party that owes something."""

CLOCK_SLACK = timedelta(minutes=5)
"""A device's clock may run ahead of ours by so much before what it claims is refused."""

Slot = tuple[Party, Part]


class Refusal(Exception):
    """The command may not be carried out; carries the reasons."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__(", ".join(reason.code for reason in reasons))
        self.reasons = reasons


class Missing(Exception):
    """A fact is needed that was not loaded."""

    def __init__(self, *keys: str) -> None:
        super().__init__(", ".join(keys))
        self.keys = frozenset(keys)


class Draft:
    """The events and effects so far, and the case as they leave it."""

    def __init__(self, kind: Kind, case: Case, facts: Facts, at: datetime, by: PersonId | None, seed: bytes) -> None:
        self.kind = kind
        self.case = case
        self.facts = facts
        self.plant = facts.plant
        self.at = at
        self.by = by
        self.seed = seed
        self._events: list[e.CaseEvent] = []
        self._effects: list[Effect] = []
        self._judged: tuple[Values, tuple[tuple[Problem, ...], tuple[Problem, ...]]] | None = None
        self._inputs: tuple[tuple[int, int, int], Values] | None = None
        self._answers: dict[tuple[str, int], TableAnswer] = {}
        self._held: dict[Party, bool] = {}

    def decision(self) -> Decision:
        """All that was decided."""
        return Decision(self.case, tuple(self._events), tuple(self._effects), {"plant": self.plant.version})

    def emit(self, event: e.CaseEvent) -> None:
        """Something happens, and the case changes with it."""
        self.case = evolve(self.case, event)
        self._events.append(event)

    def effect(self, effect: Effect) -> None:
        """Something must be done outside once the events are stored."""
        self._effects.append(effect)

    def notify(self, template: str, to: Iterable[Party], duty: DutyNo | None = None, urgent: bool = False) -> None:
        """Tell parties about a duty or the case."""
        if parties := tuple(dict.fromkeys(to)):
            self.effect(Notify(self.case.id, duty, template, parties, urgent))

    # --- asking

    def inputs(self) -> Values:
        """What tables may look at: form, computed fields and subject, and the random number for samples."""
        marks = (id(self.case.form), id(self.case.computed), self.case.round)
        if self._inputs is None or self._inputs[0] != marks:
            self._inputs = (marks, self._gathered_inputs())
        return self._inputs[1]

    def _gathered_inputs(self) -> Values:
        equipment = self.plant.get(Equipment, self.case.subject.equipment)
        return {
            **self.case.values(),
            "area": self.case.subject.area,
            "category": self.case.subject.category,
            "equipment_class": equipment.equipment_class if equipment else "none",
            "source": self.case.source,
            "stage": self.case.stage,
            "reopened": self.case.reopened,
            "sample": sample_of(self.seed, self.case.round),
        }

    def values_of_case(self, *, counted: bool = False) -> dict[str, object]:
        """What a form's conditions may look at besides the form itself.

        `counted`: with what was reported at the case this moment, of which it has not been told yet.
        """
        known = context_of(self.case)
        if not counted or self.kind.finds is None:
            return known
        if self.facts.children is None:
            raise Missing(CHILDREN)
        return {**known, "children": max(self.case.children(), self.facts.children)}

    def ask(self, table: str, purpose: str) -> TableAnswer:
        """A table's answer for this case; the row is recorded the first time in a round that it is asked."""
        key = (table, self.case.round)
        if key not in self._answers:
            answer = self.kind.tables[table](self.inputs())
            self._answers[key] = answer
            self.emit(
                e.TableAnswered(
                    at=self.at,
                    table=answer.table,
                    version=answer.version,
                    row=answer.row,
                    outputs=answer.outputs,
                    purpose=purpose,
                )
            )
        return self._answers[key]

    def holds(self, condition: Condition | None, purpose: str) -> bool:
        """Whether a condition of the pack holds for the case as it stands."""
        match condition:
            case None:
                return True
            case FieldIs(field, value):
                return self.case.values().get(field) == value
            case TableSays(table, column):
                return self.ask(table, purpose).outputs.get(column) is True
            case Incomplete():
                return bool(self.report_levels(self.case.form, self.case.source)[1])

    def report_levels(self, form: Values, source: str) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
        """What a report lacks for intake, and for dispatch; the same report is judged once."""
        if self._judged is None or self._judged[0] != form:
            values = {**form, "case": {"source": source}}
            self._judged = (form, self.kind.forms[self.kind.form].levels(values, at=self.at, kept=True))
        return self._judged[1]

    def parties(self, words: Iterable[str], duty: Duty | None = None) -> tuple[Party, ...]:
        """The parties that words of the pack mean here."""
        return party.parties(words, self.case, self.plant, duty)

    def is_held(self, owed_by: Party) -> bool:
        """Whether anybody answers to the party now."""
        if owed_by not in self._held:
            self._held[owed_by] = self.plant.is_held(owed_by, self.at)
        return self._held[owed_by]

    def is_able(self, duty: Duty, asked: Party) -> bool:
        """Whether anybody who answers to the party now may do the duty."""
        spec = self.spec_of(duty)
        if not may_bar(self.case, spec):
            return self.is_held(asked)
        holders = self.plant.holders(asked, self.at)
        return any(barred(self.case, spec, person, self.plant, duty) is None for person in holders)

    def other(self, case: CaseId) -> Case | None:
        """Another case as it stands; None: there is none."""
        if case not in self.facts.cases:
            raise Missing(CASE + case)
        return self.facts.cases[case]

    # --- who

    def slots(self, who: Who, spec: DutySpec, move: int | None = None) -> tuple[Slot, ...]:
        """The parties that each owe the duty, to approve `move` where one is given; a draw's fallback for a draw."""
        match who:
            case Named(words):
                return tuple((p, Part.LEAD) for p in self.parties(words))
            case ByTable(table):
                return self._table_slots(table, spec)
            case FirstOf(options):
                return self._first_of(options, spec, move)
            case AllOf(options):
                found: dict[Party, Part] = {}
                for option in options:
                    for owed_by, part in self.slots(option, spec, move):
                        found.setdefault(owed_by, part)
                return tuple(found.items())
            case Drawn():
                return self.slots(who.fallback, spec, move)

    def _table_slots(self, table: str, spec: DutySpec) -> tuple[Slot, ...]:
        outputs = self.ask(table, spec.key).outputs
        lead = cast("list[str]", outputs.get("lead") or outputs.get("parties") or [])
        assist = cast("list[str]", outputs.get("assist") or [])
        slots = [(p, Part.LEAD) for p in self.parties(lead)]
        led = {p for p, _ in slots}
        return (*slots, *((p, Part.ASSIST) for p in self.parties(assist) if p not in led))

    def _first_of(self, options: Iterable[Who], spec: DutySpec, move: int | None) -> tuple[Slot, ...]:
        slots: tuple[Slot, ...] = ()
        for option in options:
            slots = self.slots(option, spec, move) or slots
            able = [(p, part) for p, part in slots if self.somebody_may(p, spec, move)]
            if able:
                return tuple(able)
        return slots

    def somebody_may(self, owed_by: Party, spec: DutySpec, move: int | None = None) -> bool:
        """Whether anybody who answers to the party could be asked to do such a duty."""
        holders = self.plant.holders(owed_by, self.at)
        return any(barred(self.case, spec, person, self.plant, move=move) is None for person in holders)

    # --- duties

    def deadline(self, given: Deadline, purpose: str, extra: Values | None = None) -> Due:
        """When a duty that is opened now is due, and what that is counted from; refuses what nobody has named."""

        def answers(table: str) -> Values:
            return self.ask(table, purpose).outputs

        found = due(given, self.case, self.plant, self.at, answers, extra or {})
        if found is None:
            raise Refusal(Reason("time_unreadable", getattr(given, "field", ""), {"value": None}))
        return found

    def ends(self, term: e.Term) -> datetime:
        """When the time that was given is over, by the calendar as it is."""
        return ends(term, self.plant)

    def instant(self, field: str, extra: Values | None = None) -> datetime:
        """The aware instant in a field; refuses what is none."""
        value = named(field, self.case, extra or {})
        instant = read_instant(value, self.plant)
        if instant is None:
            raise Refusal(Reason("time_unreadable", field, {"value": value}))
        return instant

    def open_duty(
        self,
        spec: DutySpec,
        *,
        move: int | None = None,
        extra: Values | None = None,
        slots: tuple[Slot, ...] | None = None,
        deadline: Due | None = None,
    ) -> None:
        """Open a duty for everyone who owes it; each slot is a duty of its own.

        `slots` names those who owe it instead of the pack's words, `deadline` overrides the pack's.
        """
        due_at, term = deadline or self.deadline(spec.within, spec.key, extra)
        drawn = self._draw(spec, spec.who) if isinstance(spec.who, Drawn) else None
        if drawn is not None:
            slots = ((PersonParty(drawn.person), Part.LEAD),)
        slots = slots or self.slots(spec.who, spec, move) or self._ladder_slots(spec)
        if not slots:
            raise Refusal(Reason("nobody_to_ask", params={"duty": spec.key}))
        armed = self.kind.ladders[spec.ladder]
        rungs = ladder.arm(armed, self.at, due_at, term.within.clock if term else "calendar", self.plant)
        for owed_by, part in slots:
            number = self._open_slot(spec, owed_by, part, (due_at, term), rungs, move)
            if isinstance(spec.who, Drawn):
                self._record_draw(number, spec.who, drawn)
            self.notify(f"duty:{spec.deed}", (owed_by,), number)
            self.look_whether_held(number)

    def _ladder_slots(self, spec: DutySpec) -> tuple[Slot, ...]:
        """The words of a duty mean nobody here: it is owed by the first that its ladder would tell."""
        rungs = (self.parties(rung.to) for rung in self.kind.ladders[spec.ladder].rungs)
        return next((((found[0], Part.LEAD),) for found in rungs if found), ())

    def _open_slot(
        self,
        spec: DutySpec,
        owed_by: Party,
        part: Part,
        deadline: Due,
        rungs: tuple[e.ArmedRung, ...],
        move: int | None,
    ) -> DutyNo:
        number = DutyNo(len(self.case.duties) + 1)
        self.emit(
            e.DutyOpened(
                at=self.at,
                no=number,
                key=spec.key,
                stage=self.case.stage,
                deed=spec.deed,
                part=part,
                party=owed_by,
                due_at=deadline[0],
                rungs=rungs,
                repeat_s=int(self.kind.ladders[spec.ladder].repeat.total_seconds()),
                gates=spec.gates,
                blind=spec.blind,
                of_case=spec.of_case,
                move=move,
                term=deadline[1],
                wait=None if move is not None else self.kind.stages[self.case.stage].wait,
                prove=spec.prove if part is Part.LEAD else (),
            )
        )
        return number

    def _draw(self, spec: DutySpec, who: Drawn) -> Draw | None:
        if self.facts.loads is None:
            raise Missing(LOADS)

        def may(person: PersonId) -> bool:
            return barred(self.case, spec, person, self.plant) is None

        pool = self.plant.competent(self._competence(who))
        seed = draw_seed(self.seed, self.case.draws + 1)
        return draw(seed, pool, may, self.plant, self.at, self.facts.loads, who.cap)

    def _competence(self, who: Drawn) -> str:
        return str(self.case.values().get(who.competent_for) or who.competent_for)

    def _record_draw(self, number: DutyNo, who: Drawn, drawn: Draw | None) -> None:
        count = self.case.draws + 1
        if drawn is None:
            self.emit(e.DrawFellBack(at=self.at, no=number, draw=count, competence=self._competence(who)))
            return
        self.emit(
            e.VerifierDrawn(
                at=self.at,
                no=number,
                draw=count,
                candidates=drawn.candidates,
                seed_commitment=commitment(draw_seed(self.seed, count)),
                draw_key=self.facts.draw_key,
                person=drawn.person,
                widened=drawn.widened,
            )
        )

    def redraw(self, duty: Duty, spec: DutySpec, who: Drawn) -> None:
        """Draw somebody else for a duty whose person can no longer do it; its deadline stays."""
        self.reveal(duty)
        drawn = self._draw(spec, who)
        if drawn is None:
            for owed_by, _ in self.slots(who.fallback, spec)[:1]:
                self.emit(e.DutyReassigned(at=self.at, no=duty.no, party=owed_by, because="draw_fell_back"))
        self._record_draw(duty.no, who, drawn)
        self.notify(f"duty:{duty.deed}", (self.case.duties[duty.no].party,), duty.no)

    def look_again(self, number: DutyNo) -> None:
        """Look whether a duty is still in good hands: a drawn person who is away or may no longer is drawn anew."""
        duty = self.case.duties[number]
        spec = self.spec_of(duty)
        drawn = duty.status is DutyStatus.OPEN and duty.draw is not None
        if drawn and isinstance(spec.who, Drawn) and not self._drawn_still_may(duty, spec, spec.who):
            self.redraw(duty, spec, spec.who)
        self.look_whether_held(number)

    def _drawn_still_may(self, duty: Duty, spec: DutySpec, who: Drawn) -> bool:
        return any(
            duty.party == PersonParty(person)
            and self.plant.is_here(person, self.at)
            and not self.plant.is_absent(person, self.at)
            and barred(self.case, spec, person, self.plant, duty) is None
            for person in self.plant.competent(self._competence(who))
        )

    def look_whether_held(self, number: DutyNo) -> None:
        """Nobody who answers may do it: the next rung that somebody answers to is told at once, visibly."""
        duty = self.case.duties[number]
        if duty.status is not DutyStatus.OPEN or self.is_able(duty, duty.party):
            return
        if duty.draw is None and any(self.is_able(duty, p) for p in duty.told):
            return
        held = self.is_held(duty.party)
        if self.tell_next(duty, e.BARRED if held else e.UNHELD) and not held:
            self.post_vacant(duty.party)

    def tell_next(self, duty: Duty, because: str) -> bool:
        """Tell the next rung of the ladder that somebody answers to who may do the duty, before its time.

        False when it is known already that there is nobody.
        """
        to: tuple[Party, ...] = ()
        key = ladder.DEADLINE
        for rung in (*duty.rungs[duty.step :], *reversed(duty.rungs[: duty.step])):
            to = tuple(p for p in self.parties(rung.to, duty) if self.is_able(duty, p))
            key = rung.key
            if to:
                break
        if not to and duty.unanswered:
            return False
        self.emit(e.RungReached(at=self.at, no=duty.no, rung=key, step=duty.step, to=to, because=because))
        self.notify(because, to, duty.no, urgent=True)
        return True

    def post_vacant(self, party_asked: Party) -> None:
        """Nobody answers to a party that is asked for something: a standing case of its own."""
        word = party_text(party_asked)
        self.effect(RaiseSignal(POST_VACANT, {"party": word, "area": self.case.subject.area}, word))

    def cancel(self, duties: Iterable[Duty], because: str) -> None:
        """Duties fall away; a draw that was not decided is told all the same."""
        for duty in duties:
            self.emit(e.DutyCancelled(at=self.at, by=self.by, no=duty.no, because=because))
            self.reveal(duty)
            self.overtake_moves(duty)

    def overtake_moves(self, duty: Duty) -> None:
        """The duty has ended: what was asked about it and not decided is thereby not granted."""
        for asked in tuple(self.case.moves.values()):
            if asked.duty == duty.no and asked.granted is None:
                self.refuse_move(asked, {"because": "duty_ended"})

    def refuse_move(self, asked: AskedMove, form: dict[str, object], by: PersonId | None = None) -> None:
        """What was asked is not granted, and nobody needs to approve it any more."""
        self.emit(e.MoveDecided(at=self.at, by=by, move=asked.no, granted=False, form=form))
        self.cancel([d for d in self.case.open_duties() if d.move == asked.no], "move_refused")

    def reveal(self, duty: Duty) -> None:
        """Tell the seed of a duty's draw now that it can steer nothing any more."""
        if duty.draw is not None:
            seed = draw_seed(self.seed, duty.draw).hex()
            self.emit(e.DrawRevealed(at=self.at, no=duty.no, draw=duty.draw, seed=seed))

    def reschedule(self, duty: Duty, spec: DutySpec, due: datetime, because: str, clock: Clock = "calendar") -> None:
        """The duty is due at another time, with its ladder armed anew."""
        rungs = ladder.arm(self.kind.ladders[spec.ladder], self.at, due, clock, self.plant)
        self.emit(e.DutyRescheduled(at=self.at, by=self.by, no=duty.no, due_at=due, rungs=rungs, because=because))

    def recount(self, duty: Duty) -> None:
        """The plant changed: a deadline that nobody has moved by hand is counted again from where it began, and one
        that is a date of the plant's moves forward with it."""
        if duty.status is DutyStatus.OPEN and duty.term is not None and (due := self.ends(duty.term)) != duty.due_at:
            self.reschedule(duty, self.spec_of(duty), due, e.CALENDAR_CHANGED, duty.term.within.clock)
        elif duty.status is DutyStatus.OPEN and duty.term is None:
            spec = self.spec_of(duty)
            if (earlier := moved_forward(spec.within, duty.due_at, self.case, self.plant)) is not None:
                self.reschedule(duty, spec, earlier, e.PLANT_CHANGED)

    def spec_of(self, duty: Duty) -> DutySpec:
        """What the pack says about a duty."""
        spec = self.kind.duty(duty.stage, duty.key)
        if spec is None:
            raise Refusal(Reason("duty_unknown_to_pack", params={"duty": duty.key}))
        return spec
