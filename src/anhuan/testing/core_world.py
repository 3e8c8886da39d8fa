"""The pure core with nothing around it: cases as lists of events in memory, and a worker that does what they want done.

What a database and a worker do for the house is done here in a few lines, so that stories and property tests can run
whole histories in a moment. Effects stand in a queue until somebody asks for them, and may be done twice.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from anhuan.core.case import commands as c
from anhuan.core.case.decide import decide
from anhuan.core.case.events import CaseEvent
from anhuan.core.case.evolve import evolve
from anhuan.core.case.outcome import (
    CASE,
    CHILDREN,
    LOADS,
    Decision,
    Effect,
    Facts,
    LookForEarlier,
    Need,
    Notify,
    RaiseCase,
    RaiseSignal,
    Reason,
    Refused,
    TieOther,
    WriteItem,
)
from anhuan.core.case.state import Case, CaseStatus
from anhuan.core.obligation.ladder import next_alarm
from anhuan.core.policy import Kind
from anhuan.domain.ids import CaseId, DutyNo, PersonId
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import item_kind
from anhuan.domain.plant_reading import decode_items, encode_item

KEY = b"a draw key for tests, 32 bytes.."


@dataclass
class CoreWorld:
    """Cases of one plant. `now` is moved by whoever tells the story."""

    kinds: Mapping[str, Kind]
    plant: Plant
    now: datetime
    cases: dict[CaseId, Case] = field(default_factory=dict)
    events: dict[CaseId, list[CaseEvent]] = field(default_factory=dict)
    waiting: list[Effect] = field(default_factory=list)
    told: list[tuple[datetime, Notify]] = field(default_factory=list)
    """Notices that went out, with their time."""
    raised: set[str] = field(default_factory=set)
    """Keys of cases that were raised once and are not raised again."""

    def carry_out(self, case_id: CaseId, command: c.CaseCommand) -> Decision | Refused:
        """Decide a command and keep what it decides; its effects are queued."""
        case = self.cases.get(case_id, Case())
        decision = self.decide(case_id, case, command)
        if isinstance(decision, Decision) and decision.events:
            self.cases[case_id] = decision.case
            self.events.setdefault(case_id, []).extend(decision.events)
            self.waiting.extend(decision.effects)
        return decision

    def decide(self, case_id: CaseId, case: Case, command: c.CaseCommand) -> Decision | Refused:
        """Decide a command, with the facts that it asks for; nothing is kept."""
        kind = self.kinds[command.kind if isinstance(command, c.OpenCase | c.RecordHistory) else case.kind]
        seed = hmac.digest(KEY, case_id.encode(), "sha256")
        facts = Facts(self.plant, "key-1")
        while isinstance(outcome := decide(kind, case, facts, command, self.now, seed), Need):
            loads = self._loads() if LOADS in outcome.keys else facts.loads
            others = (CaseId(key.removeprefix(CASE)) for key in outcome.keys if key.startswith(CASE))
            known = {**facts.cases, **{o: self.cases.get(o) for o in others}}
            children = sum(other.parent == case_id for other in self.cases.values())
            facts = Facts(self.plant, "key-1", loads, children if CHILDREN in outcome.keys else facts.children, known)
        return outcome

    def _loads(self) -> dict[PersonId, int]:
        loads: dict[PersonId, int] = {}
        for case in self.cases.values():
            for duty in case.open_duties():
                if duty.draw is not None:
                    person = PersonId(getattr(duty.party, "person", ""))
                    loads[person] = loads.get(person, 0) + 1
        return loads

    def open(self, kind: str, by: PersonId | None, form: dict[str, object], **more: object) -> Decision | Refused:
        """Open a case under the next id and number; `more` are further fields of the command."""
        number = len(self.cases) + 1
        case_id = CaseId(str(more.pop("case", f"case-{number}")))
        prefix = self.kinds[kind].number_prefix
        fields: dict[str, object] = {"kind": kind, "by": by, "form": form, "number": f"{prefix}-{number}", **more}
        return self.carry_out(case_id, c.OpenCase(case=case_id, **fields))  # type: ignore[arg-type]

    # --- the worker

    def run_timers(self) -> int:
        """Send every timer that is due, again and again until none is; how many there were."""
        sent = 0
        while due := self.due_timers():
            for case_id, command in due:
                self.carry_out(case_id, command)
            sent += len(due)
        return sent

    def due_timers(self) -> list[tuple[CaseId, c.TimePassed]]:
        """The commands that timers would send now, the earliest first."""
        due: list[tuple[datetime, CaseId, DutyNo]] = []
        for case in self.cases.values():
            for duty in case.open_duties():
                alarm = next_alarm(duty)
                if alarm is not None and alarm <= self.now:
                    due.append((alarm, case.id, duty.no))
        return [(case_id, self.timer(case_id, number)) for _, case_id, number in sorted(due)]

    def timer(self, case_id: CaseId, number: DutyNo) -> c.TimePassed:
        """What the timer of a duty says."""
        duty = self.cases[case_id].duties[number]
        return c.TimePassed(duty=number, step=duty.step, generation=duty.generation)

    def run_effects(self) -> None:
        """Do everything that decisions wanted done, and what comes of that."""
        while self.waiting:
            self.perform(self.waiting.pop(0))

    def perform(self, effect: Effect) -> None:
        """Do one effect; doing it twice has the effect of once."""
        match effect:
            case Notify():
                self.told.append((self.now, effect))
            case RaiseCase(parent, kind, form, by, key) if key not in self.raised and kind in self.kinds:
                raised = self.open(kind, by, form, source="child", parent=parent)
                if isinstance(raised, Decision):
                    self.raised.add(key)
                    self.carry_out(parent, c.LinkCase(relation="child", other=raised.case.id))
            case RaiseSignal(name, form, fold_key):
                self._signal(name, form, fold_key)
            case WriteItem(kind, item, values, _):
                self._write(kind, item, values)
            case TieOther(other, relation, case) if other in self.cases:
                self.carry_out(other, c.LinkCase(relation=relation, other=case))
            case LookForEarlier(case):
                self._look_for_earlier(self.cases[case])
            case _:
                pass

    def _signal(self, name: str, form: dict[str, object], fold_key: str) -> None:
        open_keys = {(case.kind, case.fold_key) for case in self.cases.values() if case.status is CaseStatus.OPEN}
        filled = {key: value for key, value in form.items() if value is not None}
        for kind in self.kinds.values():
            if f"signal:{name}" in kind.raised_by and (kind.key, fold_key) not in open_keys:
                self.open(kind.key, None, filled, source=f"signal:{name}", fold_key=fold_key)

    def _write(self, kind: str, item: str, values: Mapping[str, object]) -> None:
        items = {(item_kind(one), one.id): one for one in self.plant.items()}
        (new,) = decode_items(kind, [{**encode_item(items[kind, item]), **values}]).items
        self.wake_all(Plant({**items, (kind, item): new}.values(), self.plant.version + 1))

    def _look_for_earlier(self, case: Case) -> None:
        for number, rule in enumerate(self.kinds[case.kind].recurrence):
            same = [getattr(case.subject, word) for word in rule.same]
            since = (case.opened_at or self.now) - rule.window
            for earlier in reversed(list(self.cases.values())):
                closed = earlier.status is CaseStatus.CLOSED and earlier.outcome in rule.closed_as
                alike = earlier.kind == case.kind and [getattr(earlier.subject, word) for word in rule.same] == same
                recent = earlier.closed_at is not None and earlier.closed_at >= since
                if closed and alike and recent and None not in same and earlier.id != case.id:
                    self.carry_out(earlier.id, c.Recur(other=case.id, rule=number))
                    return

    def wake_all(self, plant: Plant) -> None:
        """The plant is another now: look at every open case again."""
        self.plant = plant
        for case_id, case in list(self.cases.items()):
            if case.status is CaseStatus.OPEN:
                self.carry_out(case_id, c.WakeUp())

    def refold(self, case_id: CaseId) -> Case:
        """The case, folded anew from its events."""
        case = Case()
        for event in self.events[case_id]:
            case = evolve(case, event)
        return case


def codes(outcome: Decision | Refused) -> tuple[str, ...]:
    """The codes of a refusal; empty when it was none."""
    reasons: tuple[Reason, ...] = outcome.reasons if isinstance(outcome, Refused) else ()
    return tuple(reason.code for reason in reasons)
