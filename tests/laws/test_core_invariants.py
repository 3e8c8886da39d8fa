"""The laws see what breaks them: real histories and cases, each spoilt in one place."""

from datetime import UTC, datetime, timedelta

import pytest
from core_forms import form_of, proofs_of
from msgspec.structs import replace

from anhuan.core.case import commands as c
from anhuan.core.case import events as e
from anhuan.core.case.evolve import evolve, fold
from anhuan.core.case.state import Case, CaseStatus, DutyStatus
from anhuan.core.draw import commitment, pick
from anhuan.core.invariants import Broken, broken_by, broken_draws, broken_in, broken_over, check_draw
from anhuan.core.policy import Kind
from anhuan.domain.ids import CaseId, DutyNo, PersonId
from anhuan.domain.party import PersonParty, PostParty
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import Person
from anhuan.testing.core_world import CoreWorld
from anhuan.testing.plants import GOOD_REPORT, demo_items, demo_plant, shipped_kind
from anhuan.testing.signed import signed

START = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
CASE = CaseId("case-1")


@pytest.fixture(scope="module")
def kind() -> Kind:
    return shipped_kind("finding", "finding")


@pytest.fixture(scope="module")
def history(kind: Kind) -> list[e.CaseEvent]:
    """A finding on its way: rectified, its verifier drawn, some rungs reached."""
    world = CoreWorld({"finding": kind}, demo_plant(), START)
    world.open("finding", PersonId("p-023"), GOOD_REPORT)
    world.now += timedelta(hours=3)
    world.run_timers()
    while world.cases[CASE].stage == "rectify":
        duty = world.cases[CASE].open_duties()[-1]
        spec = kind.duty("rectify", duty.key)
        assert spec is not None
        name = spec.assist_form if duty.part == "assist" and spec.assist_form else spec.form
        by = world.plant.holders(duty.party, world.now)[0]
        form = form_of(name, "done", "", world.now)
        proofs = proofs_of(spec, world.now, duty.part)
        command = c.Discharge(by=by, duty=duty.no, form=form, proofs=proofs)
        world.carry_out(CASE, signed(command, CASE, spec, duty.part, world.now))
    assert world.cases[CASE].stage == "verify"
    return world.events[CASE]


@pytest.fixture(scope="module")
def case(history: list[e.CaseEvent]) -> Case:
    return fold(history)


def laws(found: list[Broken]) -> set[str]:
    return {broken.law for broken in found}


def test_a_lawful_history_breaks_nothing(history: list[e.CaseEvent], kind: Kind) -> None:
    assert not broken_over(history, kind, demo_plant())


def with_duty(case: Case, number: int, **changes: object) -> Case:
    return replace(case, duties={**case.duties, DutyNo(number): replace(case.duties[DutyNo(number)], **changes)})


def last(case: Case) -> int:
    return max(case.duties)


@pytest.mark.parametrize(
    ("law", "spoil"),
    [
        (
            "open_without_duty",
            lambda k: replace(k, duties={n: d for n, d in k.duties.items() if d.status is not DutyStatus.OPEN}),
        ),
        ("closed_with_duty", lambda k: replace(k, status=CaseStatus.CLOSED)),
        ("closing_not_said", lambda k: replace(k, outcome="verified")),
        ("duties_not_counted", lambda k: replace(k, duties=dict(reversed(k.duties.items())))),
        ("overdue_not_marked", lambda k: with_duty(k, last(k), breached_at=START, of_case=True)),
        ("wish_without_answer", lambda k: with_duty(k, last(k), move=7)),
        ("rungs_out_of_order", lambda k: with_duty(k, last(k), rungs=tuple(reversed(k.duties[last(k)].rungs)))),
        ("deadline_not_on_ladder", lambda k: with_duty(k, last(k), due_at=START - timedelta(days=9))),
        ("step_off_ladder", lambda k: with_duty(k, last(k), step=99)),
        ("breach_not_marked", lambda k: with_duty(k, last(k), step=4, breached_at=None)),
        ("duty_without_alarm", lambda k: with_duty(k, last(k), step=4, last_rung_at=None, breached_at=START)),
        ("duty_outlives_stage", lambda k: replace(k, stage="rectify")),
        ("end_not_said", lambda k: with_duty(k, 1, ended_at=None)),
        ("done_by_nobody", lambda k: with_duty(k, 1, ended_by=None, status=DutyStatus.DISCHARGED)),
        ("draw_without_person", lambda k: with_duty(k, last(k), draw=1, party=PostParty(post="x"))),
    ],
)
def test_a_spoilt_case_is_seen(case: Case, law: str, spoil) -> None:  # type: ignore[no-untyped-def]
    assert law not in laws(broken_in(case))
    assert law in laws(broken_in(spoil(case)))


def drawn(history: list[e.CaseEvent]) -> e.VerifierDrawn:
    return next(event for event in history if isinstance(event, e.VerifierDrawn))


def done(case: Case, number: int, by: str) -> e.DutyDischarged:
    return e.DutyDischarged(
        at=START,
        by=PersonId(by),
        no=DutyNo(number),
        outcome="pass",
        form={},
        proofs=(),
        done_at=START,
        on_behalf_of=None,
        signature=None,
        comparison=None,
    )


def judged(case: Case, event: e.CaseEvent, kind: Kind, plant: Plant) -> set[str]:
    return laws(broken_by(case, event, evolve(case, event), kind, plant))


def test_verifying_ones_own_and_a_subordinates_work_is_seen(case: Case, kind: Kind) -> None:
    performer = next(person for person, deed in case.acts if deed == "perform")
    plant = demo_plant()
    superior = next(plant.superiors(performer))
    assert "own_work_verified" in judged(case, done(case, last(case), performer), kind, plant)
    assert "subordinates_work_verified" in judged(case, done(case, last(case), superior), kind, plant)
    twin = Person(id=PersonId("p-999"), name="twin", same_as=performer)
    double = Plant((*demo_items(), twin), 2)
    assert "own_work_verified" in judged(case, done(case, last(case), "p-999"), kind, double)


def test_doing_what_was_drawn_for_another_is_seen(case: Case, kind: Kind) -> None:
    lot = next(duty for duty in case.open_duties() if duty.draw is not None)
    assert "drawn_for_another" in judged(case, done(case, lot.no, "p-001"), kind, demo_plant())


def test_a_blind_duty_that_is_reassigned_is_seen(case: Case, kind: Kind) -> None:
    lot = next(duty for duty in case.open_duties() if duty.draw is not None)
    event = e.DutyReassigned(at=START, no=lot.no, party=PersonParty(PersonId("p-001")), because="hand_over")
    assert "blind_duty_reassigned" in judged(case, event, kind, demo_plant())


def test_rungs_and_breaches_before_their_time_are_seen(case: Case, kind: Kind) -> None:
    number = DutyNo(last(case))
    early = e.RungReached(at=START, no=number, rung="remind", step=1, to=(), because=e.SILENCE)
    assert "rung_before_its_time" in judged(case, early, kind, demo_plant())
    skipped = e.RungReached(at=START + timedelta(days=9), no=number, rung="x", step=3, to=(), because=e.SILENCE)
    assert "rung_skipped" in judged(case, skipped, kind, demo_plant())
    breached = e.DutyBreached(at=START, no=number)
    assert "breached_before_deadline" in judged(case, breached, kind, demo_plant())


def test_marks_that_are_erased_are_seen(case: Case, kind: Kind) -> None:
    marked = replace(with_duty(case, last(case), breached_at=START), overdue_at=START)
    event = e.NoteAdded(at=START, text="x")
    assert laws(broken_by(marked, event, case, kind)) == {"overdue_erased", "breach_erased"}
    assert laws(broken_by(case, event, replace(case, acts=frozenset()), kind)) == {"acts_erased"}


def test_what_nobody_granted_is_seen(case: Case, kind: Kind) -> None:
    asked = evolve(case, e.MoveAsked(at=START, by=PersonId("p-023"), move=1, key="withdraw", duty=None, form={}))
    granted = e.MoveDecided(at=START, move=1, granted=True, form={})
    assert judged(asked, granted, kind, demo_plant()) == {"granted_by_nobody", "granted_without_approval"}
    assert "decided_twice" in judged(evolve(asked, granted), granted, kind, demo_plant())


def test_an_auditor_sees_a_draw_that_was_steered(history: list[e.CaseEvent]) -> None:
    seed = bytes.fromhex("11" * 32)
    fair = replace(drawn(history), person=pick(seed, drawn(history).candidates), seed_commitment=commitment(seed))
    other = next(person for person in fair.candidates if person != fair.person)
    assert check_draw(fair, seed) is None
    assert check_draw(fair, bytes(32)) == Broken("seed_not_as_committed", {"duty": fair.no, "draw": fair.draw})
    steered = check_draw(replace(fair, person=other), seed)
    assert steered is not None
    assert steered.law == "drawn_person_not_picked"


def test_a_draw_that_is_told_before_it_is_over_is_seen(history: list[e.CaseEvent]) -> None:
    seed = bytes.fromhex("11" * 32)
    lot = drawn(history)
    fair = replace(lot, person=pick(seed, lot.candidates), seed_commitment=commitment(seed))
    told = [fair if event is lot else event for event in history]
    early = e.DrawRevealed(at=START, no=fair.no, draw=fair.draw, seed=seed.hex())
    assert laws(broken_draws([*told, early])) == {"draw_told_early"}
    assert laws(broken_draws([*told, early, early])) == {"draw_told_early", "draw_told_twice"}


def test_a_draw_that_was_never_told_is_seen(history: list[e.CaseEvent]) -> None:
    lot = drawn(history)
    assert "draw_not_told" in laws(broken_draws([*history, e.DutyCancelled(at=START, no=lot.no, because="x")]))
