"""A decision in the making: the primitives that every command and every pack key come down to.

Enter a stage; open, discharge, cancel, reassign, reschedule a duty; ask a table; notify; close. Each emits events and
folds them at once, so that what comes next sees the case as it then stands.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import cast

from anhuan.core.case import events as e
from anhuan.core.case.evolve import evolve
from anhuan.core.case.outcome import CASE, LOADS, Decision, Effect, Facts, Notify, RaiseSignal, Reason
from anhuan.core.case.rights import barred
from anhuan.core.case.state import Case, Duty
from anhuan.core.draw import Draw, commitment, draw, draw_seed, sample_of
from anhuan.core.obligation import ladder, party
from anhuan.core.obligation.calendar import Clock, Within, due_at, parse_within, working_days_between
from anhuan.core.policy import (
    ByTable,
    Condition,
    Deadline,
    Drawn,
    DutySpec,
    FieldIs,
    FirstOf,
    Incomplete,
    Kind,
    Named,
    Part,
    Problem,
    TableAnswer,
    TableSays,
    UntilField,
    Values,
    Who,
    WithinTable,
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

    def values_of_case(self) -> dict[str, object]:
        """What a form's conditions may look at besides the form itself."""
        return {**self.case.values(), "source": self.case.source, "reopened": self.case.reopened}

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
            self._judged = (form, self.kind.forms[self.kind.form].levels(values, at=self.at))
        return self._judged[1]

    def parties(self, words: Iterable[str], duty: Duty | None = None) -> tuple[Party, ...]:
        """The parties that words of the pack mean here."""
        return party.parties(words, self.case, self.plant, duty)

    def is_held(self, owed_by: Party) -> bool:
        """Whether anybody answers to the party now."""
        return self.plant.is_held(owed_by, self.at)

    def is_able(self, duty: Duty, asked: Party) -> bool:
        """Whether anybody who answers to the party now may do the duty."""
        spec = self.spec_of(duty)
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
            case Drawn():
                return self.slots(who.fallback, spec, move)

    def _table_slots(self, table: str, spec: DutySpec) -> tuple[Slot, ...]:
        outputs = self.ask(table, spec.key).outputs
        lead = cast(list[str], outputs.get("lead") or outputs.get("parties") or [])
        assist = cast(list[str], outputs.get("assist") or [])
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

    def due(
        self, deadline: Deadline, purpose: str, extra: Values | None = None, start: datetime | None = None
    ) -> tuple[datetime, Clock]:
        """When a duty that is opened at `start` (or now) is due, and the clock that its ladder counts by."""
        match deadline:
            case Within() as within:
                return due_at(start or self.at, within, self.plant.calendar, self.plant.zone), within.clock
            case WithinTable(table):
                outputs = self.ask(table, purpose).outputs
                within = parse_within(str(outputs["within"]), cast(Clock, outputs.get("clock", "calendar")))
                return due_at(start or self.at, within, self.plant.calendar, self.plant.zone), within.clock
            case UntilField(field):
                return self.instant(field, extra), "calendar"

    def instant(self, field: str, extra: Values | None = None) -> datetime:
        """The aware instant in a field; refuses what is none."""
        granted = [asked.form for asked in self.case.moves.values() if asked.granted]
        value = next((v[field] for v in (extra or {}, *reversed(granted), self.case.values()) if field in v), None)
        try:
            instant = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        except ValueError:
            raise Refusal(Reason("time_unreadable", field, {"value": value})) from None
        return instant if instant.tzinfo else instant.replace(tzinfo=self.plant.zone)

    def open_duty(
        self, spec: DutySpec, *, move: int | None = None, due: datetime | None = None, extra: Values | None = None
    ) -> None:
        """Open a duty for everyone who owes it; each slot is a duty of its own. `due` overrides the pack's deadline."""
        ends, clock = self.due(spec.within, spec.key, extra)
        if due is not None:
            ends, clock = due, "calendar"
        drawn = self._draw(spec, spec.who) if isinstance(spec.who, Drawn) else None
        slots: tuple[Slot, ...]
        if drawn is not None:
            slots = ((PersonParty(drawn.person), Part.LEAD),)
        else:
            slots = self.slots(spec.who.fallback if isinstance(spec.who, Drawn) else spec.who, spec)
        if not slots:
            raise Refusal(Reason("nobody_to_ask", params={"duty": spec.key}))
        rungs = ladder.arm(self.kind.ladders[spec.ladder], self.at, ends, clock, self.plant)
        for owed_by, part in slots:
            number = self._open_slot(spec, owed_by, part, ends, rungs, move)
            if isinstance(spec.who, Drawn):
                self._record_draw(number, spec.who, drawn)
            self.notify(f"duty:{spec.deed}", (owed_by,), number)
            self.look_whether_held(number)

    def _open_slot(
        self,
        spec: DutySpec,
        owed_by: Party,
        part: Part,
        due: datetime,
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
                due_at=due,
                rungs=rungs,
                repeat_s=int(self.kind.ladders[spec.ladder].repeat.total_seconds()),
                gates=spec.gates,
                blind=spec.blind,
                of_case=spec.of_case,
                move=move,
            )
        )
        return number

    def _draw(self, spec: DutySpec, who: Drawn) -> Draw | None:
        if self.facts.loads is None:
            raise Missing(LOADS)
        competence = str(self.case.values().get(who.competent_for) or who.competent_for)

        def may(person: PersonId) -> bool:
            return barred(self.case, spec, person, self.plant) is None

        pool = self.plant.competent(competence)
        seed = draw_seed(self.seed, self.case.draws + 1)
        return draw(seed, pool, may, self.plant, self.at, self.facts.loads, who.cap)

    def _record_draw(self, number: DutyNo, who: Drawn, drawn: Draw | None) -> None:
        count = self.case.draws + 1
        if drawn is None:
            self.emit(e.DrawFellBack(at=self.at, no=number, draw=count, competence=who.competent_for))
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
        drawn = self._draw(spec, who)
        if drawn is None:
            for owed_by, _ in self.slots(who.fallback, spec)[:1]:
                self.emit(e.DutyReassigned(at=self.at, no=duty.no, party=owed_by, because="draw_fell_back"))
        self._record_draw(duty.no, who, drawn)
        self.notify(f"duty:{duty.deed}", (self.case.duties[duty.no].party,), duty.no)

    def look_whether_held(self, number: DutyNo) -> None:
        """Nobody answers to the party: the next rung that somebody answers to is told at once, visibly."""
        duty = self.case.duties[number]
        if self.is_held(duty.party) or any(self.is_held(told) for told in duty.told):
            return
        to: tuple[Party, ...] = ()
        key = ladder.DEADLINE
        for rung in duty.rungs[duty.step :] or duty.rungs:
            to = tuple(p for p in self.parties(rung.to, duty) if self.is_held(p))
            key = rung.key
            if to:
                break
        self.emit(e.RungReached(at=self.at, no=number, rung=key, step=duty.step, to=to, because="unheld"))
        self.notify("unheld", to, number, urgent=True)
        word = party_text(duty.party)
        self.effect(RaiseSignal(POST_VACANT, {"party": word, "area": self.case.subject.area}, word))

    def cancel(self, duties: Iterable[Duty], because: str) -> None:
        """Duties fall away; a draw that was not decided is told all the same."""
        for duty in duties:
            self.emit(e.DutyCancelled(at=self.at, by=self.by, no=duty.no, because=because))
            self.reveal(duty)

    def reveal(self, duty: Duty) -> None:
        """Tell the seed of a duty's draw now that it can steer nothing any more."""
        if duty.draw is not None:
            seed = draw_seed(self.seed, duty.draw).hex()
            self.emit(e.DrawRevealed(at=self.at, no=duty.no, draw=duty.draw, seed=seed))

    def reschedule(self, duty: Duty, spec: DutySpec, due: datetime, because: str, clock: Clock = "calendar") -> None:
        """The duty is due at another time, with its ladder armed anew."""
        rungs = ladder.arm(self.kind.ladders[spec.ladder], self.at, due, clock, self.plant)
        self.emit(e.DutyRescheduled(at=self.at, by=self.by, no=duty.no, due_at=due, rungs=rungs, because=because))

    def recount(self, duty: Duty, spec: DutySpec) -> None:
        """The calendar changed: a deadline that nobody has moved by hand is counted again from where it began."""
        if duty.generation or not isinstance(spec.within, Within | WithinTable):
            return
        due, clock = self.due(spec.within, spec.key, start=duty.opened_at)
        if due != duty.due_at and clock == "working":
            self.reschedule(duty, spec, due, "calendar_changed", clock)

    def spec_of(self, duty: Duty) -> DutySpec:
        """What the pack says about a duty."""
        spec = self.kind.duty(duty.stage, duty.key)
        if spec is None:
            raise Refusal(Reason("duty_unknown_to_pack", params={"duty": duty.key}))
        return spec

    # --- closing

    def close(self, outcome: str, *, found_at: datetime | None = None, closed_at: datetime | None = None) -> None:
        """The case is done with; its cycle is computed."""
        start = found_at or self.case.opened_at or self.at
        end = closed_at or self.at
        self.emit(
            e.CaseClosed(
                at=self.at,
                by=self.by,
                outcome=outcome,
                cycle_s=max(0, int((end - start).total_seconds())),
                cycle_working_days=round(
                    working_days_between(start, end, self.plant.calendar, self.plant.zone) if end > start else 0.0, 2
                ),
                closed_at=closed_at,
            )
        )
