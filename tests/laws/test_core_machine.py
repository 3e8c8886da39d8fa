"""Everybody does anything at any time: no sequence of commands, times, people and plant edits breaks a law of the core.

After every decision all invariants hold, the events fold to the same case, and the same question gets the same answer.
Timers and effects are delivered at least once and in any order; what comes twice has one effect.
"""

import os
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import msgspec
from core_forms import WORDS, form_of, proofs_of, readings
from core_plants import Setting, all_kinds, demo_setting, edits, plant_of, small_settings
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from anhuan.core.case import commands as c
from anhuan.core.case.events import CaseEvent
from anhuan.core.case.evolve import evolve
from anhuan.core.case.moves import MERGED
from anhuan.core.case.outcome import Decision, Notify, Refused
from anhuan.core.case.rights import barred
from anhuan.core.case.state import Case, CaseStatus, Duty
from anhuan.core.invariants import broken_by, broken_draws, broken_in
from anhuan.core.policy import DutySpec
from anhuan.domain.ids import CaseId, PersonId
from anhuan.domain.plant import Plant
from anhuan.testing.core_world import CoreWorld
from anhuan.testing.signed import signed

T = TypeVar("T")
EXAMPLES = int(os.environ.get("EXAMPLES", "100"))
START = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
RISKS = ({"l": 10, "e": 10, "c": 40}, {"l": 3, "e": 3, "c": 15}, {"l": 1, "e": 1, "c": 3})
JUMPS = [timedelta(minutes=minutes) for minutes in (-60, 1, 20, 125, 490, 1500, 4400, 10100)]


def all_of(events: list[CaseEvent]) -> bytes:
    """The events as they are stored."""
    return msgspec.json.encode(events)


def one_of(data: st.DataObject, some: list[T]) -> T:
    """One of a list, drawn by its place: what stands there is long to print."""
    return some[data.draw(st.integers(0, len(some) - 1))]


class Machine(RuleBasedStateMachine):
    """One plant, its people, and whatever comes to their minds."""

    data = st.data()

    @initialize(data=data, setting=st.one_of(small_settings(), st.builds(demo_setting)), good=st.integers(0, 14))
    def settle(self, data: st.DataObject, setting: Setting, good: int) -> None:
        """A plant, and a first finding that has come some way already."""
        self.setting = setting
        self.world = CoreWorld(all_kinds(), plant_of(setting, 1), START)
        self.sent: list[tuple[CaseId, c.CaseCommand]] = []
        self.done: list[object] = []
        self.report_one(data, hasty=False)
        self.go_on(data, CaseId("case-1"), good)

    # --- what happens

    @precondition(lambda self: len(self.world.cases) < 6)
    @rule(data=data)
    def report(self, data: st.DataObject) -> None:
        self.report_one(data, hasty=data.draw(st.integers(0, 2)) == 0)

    def report_one(self, data: st.DataObject, *, hasty: bool) -> None:
        """A report; a hasty one may lack something, cry danger, or say that the thing is mended already."""
        form: dict[str, object] = {
            "description": "控制柜接地线断开有触电风险",
            "category": data.draw(st.sampled_from(["electrical", "fire", "management"])),
            "area": data.draw(st.sampled_from(self.setting.areas)),
            "equipment": one_of(data, [e for e in self.setting.equipment if e != "none"]),
            "risk": {"method": "lec", "factors": data.draw(st.sampled_from(RISKS))},
        }
        if hasty and data.draw(st.booleans()):
            form |= {"fixed_on_the_spot": True, "fixed_how": WORDS, "fixed_by": self.anybody(data)}
        elif hasty:
            form["imminent"] = data.draw(st.booleans())
            for gone in data.draw(st.sets(st.sampled_from(["category", "area", "risk"]), max_size=2)):
                form.pop(gone)
        finder = data.draw(st.sampled_from([None, *self.setting.people]))
        self.send_new("finding", self.anybody(data), form, finder=finder)

    @precondition(lambda self: len(self.world.cases) < 6)
    @rule(data=data, hours=st.integers(1, 8))
    def round_begins(self, data: st.DataObject, hours: int) -> None:
        now = self.world.now
        form: dict[str, object] = {
            "name": "点检",
            "schedule": "s1",
            "area": self.setting.areas[0],
            "equipment_list": [self.setting.equipment[0] if len(self.setting.equipment) == 2 else "eq-QZ-01"],
            "slot_starts_at": now.isoformat(),
            "slot_ends_at": (now + timedelta(hours=hours)).isoformat(),
        }
        self.send_new("equipment_round", None, form, source="schedule")

    @precondition(lambda self: len(self.world.cases) == 2)
    @rule(data=data)
    def history_is_imported(self, data: st.DataObject) -> None:
        number = len(self.world.cases) + 1
        case = CaseId(f"case-{number}")
        found = self.world.now - timedelta(days=9)
        self.send(
            case,
            c.RecordHistory(
                by=self.anybody(data),
                case=case,
                kind="finding",
                number=f"YH-{number}",
                form={"description": "旧台账"},
                found_at=found,
                closed_at=found + timedelta(days=2),
                finder=self.anybody(data),
            ),
        )

    @precondition(lambda self: self.owed())
    @rule(data=data)
    def somebody_does_a_duty(self, data: st.DataObject) -> None:
        self.do_duty(data)

    @precondition(lambda self: self.owed())
    @rule(data=data, steps=st.integers(1, 6))
    def the_work_goes_on(self, data: st.DataObject, steps: int) -> None:
        """Several duties of one case in a row, each by somebody who may, as on a good day."""
        self.go_on(data, one_of(data, self.owed())[0].id, steps)

    def go_on(self, data: st.DataObject, case: CaseId, steps: int) -> None:
        for _ in range(steps):
            if duties := self.world.cases[case].open_duties():
                self.do_duty(data, one_of(data, list(duties)))

    def do_duty(self, data: st.DataObject, chosen: Duty | None = None) -> None:
        case, duty = next((pair for pair in self.owed() if pair[1] is chosen), None) or one_of(data, self.owed())
        spec = self.spec(case, duty)
        by = self.someone_for(data, case, duty, spec, luck=3 if chosen else 0)
        likely = [spec.outcomes[0]] * (9 if chosen else 2)
        outcome = data.draw(st.sampled_from([*likely, *spec.outcomes, "decline"]))
        to = data.draw(st.sampled_from(self.setting.people))
        name = spec.assist_form if duty.part == "assist" and spec.assist_form else spec.form
        form = form_of(name, outcome, to, self.world.now)
        if spec.readings:
            listed = case.form.get(spec.readings[1])
            form = readings(
                self.world.plant, listed if isinstance(listed, list) else [], data.draw(st.sampled_from([1.5, 9]))
            )
        behalf = self.anybody(data) if not chosen and data.draw(st.integers(0, 3)) == 0 else None
        command = c.Discharge(
            by=by,
            duty=duty.no,
            outcome=outcome,
            form=form,
            proofs=proofs_of(spec, self.world.now, duty.part),
            on_behalf_of=behalf,
        )
        self.send(case.id, signed(command, case.id, spec, duty.part, self.world.now))

    @precondition(lambda self: self.world.cases)
    @rule(data=data)
    def somebody_wishes(self, data: st.DataObject) -> None:
        case = one_of(data, list(self.world.cases.values()))
        kind = self.world.kinds[case.kind]
        owed = {duty.key for duty in case.open_duties()}
        possible = [
            m
            for m in kind.moves.values()
            if m.on_closed is (case.status is CaseStatus.CLOSED) and (not m.duties or owed & set(m.duties))
        ]
        move = one_of(data, possible or list(kind.moves.values()) or [None])
        if move is None:
            return
        duties = [duty for duty in case.open_duties() if duty.key in move.duties] or list(case.duties.values())
        duty = one_of(data, duties) if duties else None
        by = self.someone_for(data, case, duty, None, luck=2) if duty else self.anybody(data)
        if "reporter" in move.asked_by and case.reporter and data.draw(st.booleans()):
            by = case.reporter
        people, cases = list(self.setting.people), list(self.world.cases)
        to = data.draw(st.sampled_from(cases if move.form == "merge" else people))
        form = form_of(move.form, "", to, self.world.now)
        proofs = proofs_of(move, self.world.now) if data.draw(st.integers(0, 9)) else ()
        number = duty.no if duty else None
        self.send(case.id, c.AskMove(by=by, move=move.key, duty=number, form=form, proofs=proofs))
        follow = data.draw(st.integers(0, 3))
        asked = [owed for owed in self.world.cases[case.id].open_duties() if owed.move is not None]
        if follow == 0 and duty in self.world.cases[case.id].open_duties():
            self.do_duty(data, duty)
        if follow > 1 and asked:
            self.do_duty(data, one_of(data, asked))

    @precondition(lambda self: self.world.cases)
    @rule(data=data)
    def somebody_completes_the_report(self, data: st.DataObject) -> None:
        case = one_of(data, list(self.world.cases.values()))
        form: dict[str, object] = {
            "category": "fire",
            "area": self.setting.areas[0],
            "risk": {"method": "lec", "factors": RISKS[1]},
        }
        for gone in data.draw(st.sets(st.sampled_from(list(form)), max_size=1)):
            form.pop(gone)
        by = data.draw(st.sampled_from([case.reporter, *self.setting.people]))
        self.send(case.id, c.ReviseForm(by=by, form=form))

    @precondition(lambda self: self.world.cases)
    @rule(data=data)
    def somebody_says_or_claims(self, data: st.DataObject) -> None:
        case = one_of(data, list(self.world.cases.values()))
        if case.duties and data.draw(st.booleans()):
            duty = one_of(data, list(case.duties.values()))
            self.send(case.id, c.Claim(by=self.someone_for(data, case, duty, None), duty=duty.no))
        else:
            self.send(case.id, c.AddNote(by=self.anybody(data), text="看过"))

    @rule(jump=st.sampled_from(JUMPS))
    def time_passes(self, jump: timedelta) -> None:
        self.world.now += jump

    @rule()
    def timers_ring(self) -> None:
        for _ in range(80):
            due = self.world.due_timers()
            for case, command in due:
                self.send(case, command)
                self.nothing_more(case, command)
            if not due:
                return
        raise AssertionError("timers never come to rest")

    @precondition(lambda self: self.world.waiting)
    @rule(data=data)
    def effects_are_done(self, data: st.DataObject) -> None:
        some = data.draw(st.integers(1, len(self.world.waiting)))
        for _ in range(some):
            effect = self.world.waiting.pop(0)
            for _ in range(data.draw(st.sampled_from([1, 1, 2]))):
                self.world.perform(effect)
            self.done.append(effect)
        self.all_is_lawful()

    @precondition(lambda self: self.done)
    @rule(data=data)
    def an_effect_comes_again(self, data: st.DataObject) -> None:
        cases = len(self.world.cases)
        effect = one_of(data, self.done)
        if not isinstance(effect, Notify):
            open_keys = {case.fold_key for case in self.world.cases.values() if case.status is CaseStatus.OPEN}
            self.world.perform(effect)  # type: ignore[arg-type]
            if getattr(effect, "fold_key", None) in open_keys or hasattr(effect, "key"):
                assert len(self.world.cases) == cases
        self.all_is_lawful()

    @precondition(lambda self: self.sent)
    @rule(data=data)
    def a_command_comes_again(self, data: st.DataObject) -> None:
        self.send(*one_of(data, self.sent))

    @rule(data=data, wakes=st.booleans())
    def the_plant_changes(self, data: st.DataObject, wakes: bool) -> None:
        items = data.draw(edits(self.setting, self.world.now))
        self.setting = Setting(items, self.setting.people, self.setting.areas, self.setting.equipment)
        self.world.plant = plant_of(self.setting, self.world.plant.version + 1)
        if wakes:
            self.all_wake()

    @rule()
    def all_wake(self) -> None:
        for case in list(self.world.cases):
            self.send(case, c.WakeUp())
            self.nothing_more(case, c.WakeUp())
            for duty in self.world.cases[case].open_duties():
                assert self.in_good_hands(self.world.cases[case], duty), (case, duty)

    @precondition(lambda self: self.world.cases)
    @rule(data=data)
    def the_pack_is_renewed(self, data: st.DataObject) -> None:
        if data.draw(st.integers(0, 3)):
            return
        case = one_of(data, list(self.world.cases.values()))
        self.send(case.id, c.ChangePolicy(by=self.anybody(data), version=case.pack_version))

    # --- how it is judged

    def send_new(self, kind: str, by: PersonId | None, form: dict[str, object], **more: object) -> None:
        number = len(self.world.cases) + 1
        case = CaseId(f"case-{number}")
        command = c.OpenCase(case=case, kind=kind, by=by, form=form, number=f"N-{number}", **more)  # type: ignore[arg-type]
        self.send(case, command)

    def send(self, case_id: CaseId, command: c.CaseCommand) -> None:
        before = self.world.cases.get(case_id, Case())
        if before.status is CaseStatus.ABSENT and not isinstance(command, c.OpenCase | c.RecordHistory):
            return
        assert self.world.decide(case_id, before, command) == self.world.decide(case_id, before, command)
        outcome = self.world.carry_out(case_id, command)
        self.sent.append((case_id, command))
        if isinstance(outcome, Refused):
            assert outcome.reasons and all(reason.code for reason in outcome.reasons)
            return
        self.judge(before, outcome, self.world.plant)

    def judge(self, before: Case, decision: Decision, plant: Plant) -> None:
        kind = self.world.kinds[decision.case.kind]
        case = before
        for event in decision.events:
            after = evolve(case, event)
            assert not broken_by(case, event, after, kind, plant)
            case = after
        assert case == decision.case
        assert not broken_in(case)
        assert not broken_draws(self.world.events[case.id])

    def nothing_more(self, case_id: CaseId, command: c.CaseCommand) -> None:
        """The same delivered a second time decides nothing, and tells nobody anything."""
        again = self.world.decide(case_id, self.world.cases[case_id], command)
        assert isinstance(again, Decision)
        assert not again.events and not again.effects

    def all_is_lawful(self) -> None:
        for case in self.world.cases.values():
            assert not broken_in(case)

    def in_good_hands(self, case: Case, duty: Duty) -> bool:
        """Somebody who may do it answers for a duty, or was told of it, or it is known that there is nobody."""
        spec = self.spec(case, duty)
        told = (duty.party,) if duty.draw is not None else (duty.party, *duty.told)
        holders = [person for party in told for person in self.world.plant.holders(party, self.world.now)]
        able = any(barred(case, spec, person, self.world.plant, duty) is None for person in holders)
        return able or duty.unanswered

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        self.timers_ring()
        self.world.run_effects()
        for case_id, case in self.world.cases.items():
            events = self.world.events[case_id]
            assert self.world.refold(case_id) == case
            assert msgspec.json.decode(all_of(events), type=list[CaseEvent]) == events
            assert not broken_in(case)
            assert not broken_draws(events)
            assert self.merged_somewhere(case)

    def merged_somewhere(self, case: Case) -> bool:
        """A duplicate lives on in another case, through however many mergers, and never in a circle."""
        seen = set()
        while case.status is CaseStatus.CLOSED and case.outcome == MERGED:
            if case.id in seen:
                return False
            seen.add(case.id)
            case = self.world.cases[
                next(other for relation, other in reversed(case.links) if relation == "merged_into")
            ]
        return True

    # --- who and what there is

    def anybody(self, data: st.DataObject) -> PersonId:
        return data.draw(st.sampled_from(self.setting.people))

    def owed(self) -> list[tuple[Case, Duty]]:
        return [(case, duty) for case in self.world.cases.values() for duty in case.open_duties()]

    def spec(self, case: Case, duty: Duty) -> DutySpec:
        spec = self.world.kinds[case.kind].duty(duty.stage, duty.key)
        assert spec is not None
        return spec

    def someone_for(
        self, data: st.DataObject, case: Case, duty: Duty, spec: DutySpec | None, luck: int = 0
    ) -> PersonId:
        """Mostly somebody who answers for the duty, and among those mostly one who may do it; else anybody."""
        people = [p for party in (duty.party, *duty.told) for p in self.world.plant.holders(party, self.world.now)]
        able = [p for p in people if spec and barred(case, spec, p, self.world.plant, duty) is None]
        chance = data.draw(st.integers(0, 9)) - luck
        if able and chance < 6:
            return data.draw(st.sampled_from(able))
        if people and chance < 8:
            return data.draw(st.sampled_from(people))
        return self.anybody(data)


TestMachine = Machine.TestCase
TestMachine.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=50,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, *([Phase.shrink] if "SHRINK" in os.environ else [])],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
