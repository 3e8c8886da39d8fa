"""Laws that hold for every case at every moment, whatever the pack says and whoever asks for what.

`broken_in` looks at a case as it stands, `broken_by` at one event on its way, `broken_draws` at the lots that were
drawn; `broken_over` does all of it over a whole history. The property tests ask after every step, `anhuan fsck` asks of
every case that is stored. Each answer names the law and what it was broken with.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec import Struct

from anhuan.core.case import events as e
from anhuan.core.case.evolve import evolve
from anhuan.core.case.rights import DECLINE
from anhuan.core.case.state import AskedMove, Case, CaseStatus, Duty, DutyStatus
from anhuan.core.draw import commitment, pick
from anhuan.core.obligation.ladder import next_alarm
from anhuan.core.policy import Deed, DutySpec, Kind
from anhuan.domain.ids import DutyNo, PersonId
from anhuan.domain.party import PersonParty
from anhuan.domain.plant import Plant

DRAW_FELL_BACK = "draw_fell_back"


class Broken(Struct, frozen=True):
    """A law that does not hold: its name, and where."""

    law: str
    params: dict[str, object] = {}


def broken_over(events: Iterable[e.CaseEvent], kind: Kind | None = None, plant: Plant | None = None) -> list[Broken]:
    """Every law over a case's whole history.

    `kind` is the case's own; without it nothing is said of quorums. `plant` tells who is the same human and who leads
    whom: it must be as it was then, so leave it out for old cases (then a number stands for a human).
    """
    history = list(events)
    case = Case()
    found: list[Broken] = []
    for event in history:
        after = evolve(case, event)
        found += broken_by(case, event, after, kind, plant)
        case = after
    return [*found, *broken_in(case), *broken_draws(history)]


# --- the case as it stands


def broken_in(case: Case) -> list[Broken]:
    """What does not hold for a case between two decisions."""
    if case.status is CaseStatus.ABSENT:
        return []
    found = [*_life(case), *_wishes(case)]
    for duty in case.duties.values():
        found += _duty(case, duty)
    return found


def _life(case: Case) -> Iterator[Broken]:
    owed = case.open_duties()
    if case.status is CaseStatus.OPEN and not owed:
        yield Broken("open_without_duty", {"stage": case.stage})
    if case.status is CaseStatus.CLOSED and owed:
        yield Broken("closed_with_duty", {"duties": [duty.no for duty in owed]})
    if (case.status is CaseStatus.CLOSED) is (case.closed_at is None) or (case.outcome is None) is not (
        case.closed_at is None
    ):
        yield Broken("closing_not_said", {"status": case.status, "outcome": case.outcome})
    if list(case.duties) != list(range(1, len(case.duties) + 1)):
        yield Broken("duties_not_counted", {"duties": list(case.duties)})
    if case.overdue_at is None and any(duty.breached_at and duty.of_case for duty in case.duties.values()):
        yield Broken("overdue_not_marked")


def _wishes(case: Case) -> Iterator[Broken]:
    """A wish waits exactly as long as somebody owes the answer, and only about a duty that is still owed."""
    deciding = {duty.move for duty in case.open_duties() if duty.move is not None}
    waiting = {asked.no for asked in case.moves.values() if asked.granted is None}
    if deciding != waiting:
        yield Broken("wish_without_answer", {"waiting": sorted(waiting), "decided_upon": sorted(deciding)})
    for asked in case.moves.values():
        if asked.granted is None and asked.duty and case.duties[asked.duty].status is not DutyStatus.OPEN:
            yield Broken("wish_about_ended_duty", {"move": asked.no, "duty": asked.duty})


def _duty(case: Case, duty: Duty) -> Iterator[Broken]:
    where: dict[str, object] = {"duty": duty.no}
    times = [rung.at for rung in duty.rungs]
    if times != sorted(times):
        yield Broken("rungs_out_of_order", where)
    if not any(rung.breach and rung.at == duty.due_at for rung in duty.rungs):
        yield Broken("deadline_not_on_ladder", where)
    if not 0 <= duty.step <= len(duty.rungs):
        yield Broken("step_off_ladder", {**where, "step": duty.step})
    passed = any(rung.breach for rung in duty.rungs[: duty.step])
    if passed and duty.breached_at is None:
        yield Broken("breach_not_marked", where)
    if duty.status is DutyStatus.OPEN:
        yield from _open_duty(case, duty, where)
    elif duty.ended_at is None:
        yield Broken("end_not_said", where)
    if duty.status is DutyStatus.DISCHARGED and (duty.ended_by is None or duty.outcome is None):
        yield Broken("done_by_nobody", where)


def _open_duty(case: Case, duty: Duty, where: dict[str, object]) -> Iterator[Broken]:
    if next_alarm(duty) is None and duty.repeat_s:
        yield Broken("duty_without_alarm", where)
    if (duty.round, duty.stage) != (case.round, case.stage):
        yield Broken("duty_outlives_stage", {**where, "stage": duty.stage})
    if duty.draw is not None and not isinstance(duty.party, PersonParty):
        yield Broken("draw_without_person", where)


# --- one event on its way


def broken_by(
    before: Case, event: e.CaseEvent, after: Case, kind: Kind | None = None, plant: Plant | None = None
) -> list[Broken]:
    """What does not hold for one event, given the case before and after it; `kind` and `plant` as in `broken_over`."""
    found = list(_marks_stay(before, after))
    if rule := _RULES.get(type(event)):
        found += rule(before, event, _People(plant), kind)
    return found


class _People:
    """Who is whom, and who leads whom; without a plant every number is a human of its own and nobody leads."""

    def __init__(self, plant: Plant | None) -> None:
        self._plant = plant

    def human(self, *people: PersonId | None) -> frozenset[PersonId]:
        there = frozenset(person for person in people if person)
        return there.union(*(self._plant.same_human(person) for person in there)) if self._plant else there

    def direct_superiors(self, people: Iterable[PersonId]) -> frozenset[PersonId]:
        if self._plant is None:
            return frozenset()
        above = (next(self._plant.superiors(number), None) for person in people for number in self.human(person))
        return self.human(*above)


def _marks_stay(before: Case, after: Case) -> Iterator[Broken]:
    if before.overdue_at is not None and after.overdue_at != before.overdue_at:
        yield Broken("overdue_erased")
    if not before.acts <= after.acts:
        yield Broken("acts_erased")
    for number, duty in before.duties.items():
        if duty.breached_at is not None and after.duties[number].breached_at != duty.breached_at:
            yield Broken("breach_erased", {"duty": number})


def _discharged(case: Case, event: e.DutyDischarged, people: _People, kind: Kind | None) -> Iterator[Broken]:
    """The laws of who may do what: own work, a subordinate's work, one's own wish, two slots of one quorum."""
    duty = case.duties[event.no]
    where: dict[str, object] = {"duty": duty.no, "by": event.by}
    human = people.human(event.by, event.on_behalf_of)
    if not human:
        yield Broken("done_by_nobody", where)
    if duty.deed is Deed.VERIFY and event.outcome != DECLINE:
        performers = case.actors(Deed.PERFORM)
        if human & people.human(*performers):
            yield Broken("own_work_verified", where)
        if human & people.direct_superiors(performers):
            yield Broken("subordinates_work_verified", where)
    asked_by = case.moves[duty.move].by if duty.move is not None else case.wished_by
    if duty.deed is Deed.APPROVE and asked_by in human:
        yield Broken("own_wish_approved", where)
    if duty.draw is not None and (event.on_behalf_of or duty.party != PersonParty(event.by or PersonId(""))):
        yield Broken("drawn_for_another", where)
    if _one_each(kind.duty(duty.stage, duty.key) if kind else None):
        for other in _siblings(case, duty):
            if people.human(other.ended_by, other.on_behalf_of) & human:
                yield Broken("two_slots_one_person", {**where, "other": other.no})


def _one_each(spec: DutySpec | None) -> bool:
    """Whether each slot of a duty needs a person of its own; a duty that returns may fall to the same one again."""
    return spec is not None and spec.every is None and spec.quorum != 1


def _siblings(case: Case, duty: Duty) -> Iterator[Duty]:
    for other in case.duties.values():
        same = (other.key, other.round, other.move) == (duty.key, duty.round, duty.move)
        if same and other.no != duty.no and other.status is DutyStatus.DISCHARGED:
            yield other


def _reassigned(case: Case, event: e.DutyReassigned, people: _People, kind: Kind | None) -> Iterator[Broken]:
    duty = case.duties[event.no]
    if (duty.blind or duty.draw is not None) and event.because != DRAW_FELL_BACK:
        yield Broken("blind_duty_reassigned", {"duty": duty.no, "because": event.because})


def _rung_reached(case: Case, event: e.RungReached, people: _People, kind: Kind | None) -> Iterator[Broken]:
    duty = case.duties[event.no]
    where: dict[str, object] = {"duty": duty.no, "rung": event.rung}
    if event.because != e.SILENCE:
        if event.step != duty.step:
            yield Broken("rung_skipped", where)
        return
    due = next_alarm(duty)
    if due is None or event.at < due:
        yield Broken("rung_before_its_time", where)
    if event.step != min(duty.step + 1, len(duty.rungs)):
        yield Broken("rung_skipped", where)


def _breached(case: Case, event: e.DutyBreached, people: _People, kind: Kind | None) -> Iterator[Broken]:
    if event.at < case.duties[event.no].due_at:
        yield Broken("breached_before_deadline", {"duty": event.no})


def _move_decided(case: Case, event: e.MoveDecided, people: _People, kind: Kind | None) -> Iterator[Broken]:
    """No silence and no timer ever grants anything, and nothing is decided twice."""
    if event.granted and event.by is None:
        yield Broken("granted_by_nobody", {"move": event.move})
    if case.moves[event.move].granted is not None:
        yield Broken("decided_twice", {"move": event.move})
    if event.granted and _needed_approval(case.moves[event.move], kind) and not _approved(case, event.move):
        yield Broken("granted_without_approval", {"move": event.move})


def _needed_approval(asked: AskedMove, kind: Kind | None) -> bool:
    return kind is not None and asked.key in kind.moves and kind.moves[asked.key].approve is not None


def _approved(case: Case, move: int) -> bool:
    return any(duty.move == move and duty.status is DutyStatus.DISCHARGED for duty in case.duties.values())


def _drawn(case: Case, event: e.VerifierDrawn, people: _People, kind: Kind | None) -> Iterator[Broken]:
    where: dict[str, object] = {"duty": event.no, "draw": event.draw}
    if event.person not in event.candidates or list(event.candidates) != sorted(set(event.candidates)):
        yield Broken("draw_out_of_order", where)
    if event.draw != case.draws + 1:
        yield Broken("draws_not_counted", where)
    performers = case.actors(Deed.PERFORM)
    if people.human(*event.candidates) & (people.human(*performers) | people.direct_superiors(performers)):
        yield Broken("drawn_from_performers", where)


_RULES: dict[type[e.Event], Callable[[Case, Any, _People, Kind | None], Iterator[Broken]]] = {
    e.DutyDischarged: _discharged,
    e.DutyReassigned: _reassigned,
    e.RungReached: _rung_reached,
    e.DutyBreached: _breached,
    e.MoveDecided: _move_decided,
    e.VerifierDrawn: _drawn,
}


# --- draws


def check_draw(drawn: e.VerifierDrawn, seed: bytes) -> Broken | None:
    """Repeat a draw as an auditor does it: does the revealed seed fit what was recorded, and mean the same person?"""
    where: dict[str, object] = {"duty": drawn.no, "draw": drawn.draw}
    if commitment(seed) != drawn.seed_commitment:
        return Broken("seed_not_as_committed", where)
    if pick(seed, drawn.candidates) != drawn.person:
        return Broken("drawn_person_not_picked", {**where, "picked": pick(seed, drawn.candidates)})
    return None


def broken_draws(events: Iterable[e.CaseEvent]) -> list[Broken]:
    """Every draw of a history repeated: told once, not before it was over, and never left untold."""
    made: dict[int, e.VerifierDrawn] = {}
    told: set[int] = set()
    current: dict[DutyNo, int] = {}
    ended: set[DutyNo] = set()
    found: list[Broken] = []
    for event in events:
        match event:
            case e.VerifierDrawn():
                made[event.draw] = event
                current[event.no] = event.draw
            case e.DrawFellBack():
                current.pop(event.no, None)
            case e.DutyDischarged() | e.DutyCancelled():
                ended.add(event.no)
            case e.DrawRevealed():
                if event.draw in told or event.draw not in made:
                    found.append(Broken("draw_told_twice", {"draw": event.draw}))
                elif broken := check_draw(made[event.draw], bytes.fromhex(event.seed)):
                    found.append(broken)
                told.add(event.draw)
            case _:
                continue
    for number, drawn in made.items():
        over = drawn.no in ended or current.get(drawn.no) != number
        if over is not (number in told):
            law = "draw_not_told" if over else "draw_told_early"
            found.append(Broken(law, {"duty": drawn.no, "draw": number}))
    return found
