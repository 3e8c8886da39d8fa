"""What the core once got wrong, or could: each as a short history on a small plant."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from core_forms import form_of, proofs_of
from core_plants import all_kinds
from msgspec.structs import replace

from anhuan.core.case import commands as c
from anhuan.core.case import events as e
from anhuan.core.case.outcome import Decision, Notify, RaiseSignal, TieOther
from anhuan.core.case.state import Case, CaseStatus, Duty, DutyStatus
from anhuan.core.invariants import broken_draws, broken_over
from anhuan.core.policy import Kind
from anhuan.core.terms import Named
from anhuan.domain.ids import AreaId, CaseId, PersonId, PostId, TeamId
from anhuan.domain.party import PersonParty
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import Absence, Area, Deputy, Holding, Person, PlantItem, Post, Site, Team, WorkCalendar
from anhuan.testing.core_world import CoreWorld, codes
from anhuan.testing.signed import signed

START = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
CASE = CaseId("case-1")
PEOPLE = ("owner", "officer", "officer2", "head", "boss", "worker", "judge1", "judge2", "judge3")
REPORT: dict[str, object] = {
    "description": "安全通道被料架占用一半",
    "category": "building_passages",
    "area": "a1",
    "equipment": "none",
    "risk": {"method": "lec", "factors": {"l": 6, "e": 6, "c": 15}},
}


def items() -> dict[str, PlantItem]:
    """Everything held, everybody in a team of their own, three judges."""
    people = [
        Person(
            id=PersonId(one),
            name=one,
            team=TeamId(f"t-{one}"),
            competences=("building_passages",) if one.startswith("judge") else (),
        )
        for one in PEOPLE
    ]
    held = [
        ("area_owner", "owner", "a1"),
        ("safety_officer", "officer", None),
        ("safety_officer", "officer2", None),
        ("safety_head", "head", None),
        ("principal", "boss", None),
        ("triage_officer", "officer", None),
    ]
    found: list[PlantItem] = [
        Site(id="s", name="s"),
        Area(id=AreaId("a1"), name="a1", site="s"),
        Team(id=TeamId("safety_department"), name="safety", leader=PersonId("officer2")),
        *(Team(id=TeamId(f"t-{one}"), name=one) for one in PEOPLE),
        *(Post(id=PostId(post), name=post, per_area=area is not None) for post, _, area in held),
        *(
            Holding(id=f"{post}-{who}", post=PostId(post), person=PersonId(who), area=AreaId(area) if area else None)
            for post, who, area in held
        ),
        WorkCalendar(id="c", name="c"),
        *people,
    ]
    return {item.id if not isinstance(item, Person) else f"person:{item.id}": item for item in found}


@pytest.fixture
def world() -> CoreWorld:
    return CoreWorld(all_kinds(), Plant(items().values(), 1), START)


def case_of(world: CoreWorld) -> Case:
    return world.cases[CASE]


def owed(world: CoreWorld, key: str) -> Duty:
    return next(duty for duty in case_of(world).open_duties() if duty.key == key)


def do(world: CoreWorld, by: str, duty: Duty, outcome: str = "", to: str = "", **more: object) -> tuple[str, ...]:
    case = case_of(world)
    spec = world.kinds[case.kind].duty(duty.stage, duty.key)
    assert spec is not None
    outcome = outcome or spec.outcomes[0]
    form = form_of(spec.form, outcome, to, world.now)
    proofs = proofs_of(spec, world.now, duty.part)
    command = c.Discharge(by=PersonId(by), duty=duty.no, outcome=outcome, form=form, proofs=proofs, **more)  # type: ignore[arg-type]
    return codes(world.carry_out(CASE, signed(command, CASE, spec, duty.part, world.now)))


def wish(world: CoreWorld, by: str, move: str, duty: Duty | None = None, to: str = "") -> tuple[str, ...]:
    asked = world.kinds[case_of(world).kind].moves[move]
    command = c.AskMove(
        by=PersonId(by),
        move=move,
        duty=duty.no if duty else None,
        form=form_of(asked.form, "", to, world.now),
        proofs=proofs_of(asked, world.now),
    )
    return codes(world.carry_out(CASE, command))


def reported(world: CoreWorld, by: str = "worker") -> CoreWorld:
    assert codes(world.open("finding", PersonId(by), REPORT)) == ()
    return world


def rectified(world: CoreWorld) -> CoreWorld:
    reported(world)
    while case_of(world).stage == "rectify":
        duty = case_of(world).open_duties()[-1]
        by = "officer2" if "safety" in repr(duty.party) else "owner"
        assert do(world, by, duty) == ()
    assert case_of(world).stage == "verify"
    return world


def changed(world: CoreWorld, *put: PlantItem, drop: tuple[str, ...] = ()) -> None:
    now = {**items(), **{item.id if not isinstance(item, Person) else f"person:{item.id}": item for item in put}}
    world.wake_all(Plant([item for key, item in now.items() if key not in drop], world.plant.version + 1))


def history(world: CoreWorld, kind: type[e.Event]) -> list[e.CaseEvent]:
    return [event for event in world.events[CASE] if isinstance(event, kind)]


# --- timers


def test_a_late_timer_of_an_ended_duty_does_nothing_even_when_its_post_is_vacant(world: CoreWorld) -> None:
    duty = owed(reported(world), "receipt")
    late = world.timer(CASE, duty.no)
    for one in case_of(world).open_duties():
        if one.key == "receipt":
            do(world, "owner" if "owner" in repr(one.party) else "officer2", one)
    changed(world, drop=("area_owner-owner",))
    outcome = world.decide(CASE, case_of(world), late)
    assert isinstance(outcome, Decision)
    assert not outcome.events and not outcome.effects


def test_a_timer_delivered_twice_tells_once(world: CoreWorld) -> None:
    duty = owed(reported(world), "receipt")
    world.now += timedelta(hours=3)
    command = world.timer(CASE, duty.no)
    first = world.carry_out(CASE, command)
    assert isinstance(first, Decision)
    assert [effect for effect in first.effects if isinstance(effect, Notify)]
    second = world.decide(CASE, case_of(world), command)
    assert isinstance(second, Decision)
    assert not second.events and not second.effects


def test_a_vacant_rung_passes_the_word_on_at_once(world: CoreWorld) -> None:
    reported(world)
    duty = owed(world, "rectify")
    changed(world, drop=("safety_head-head",))
    world.now = duty.due_at + timedelta(hours=4)
    world.run_timers()
    reached = [event for event in history(world, e.RungReached) if event.no == duty.no]  # type: ignore[union-attr]
    assert ("principal", e.UNHELD) in [(event.rung, event.because) for event in reached]  # type: ignore[union-attr]


# --- calendars


def test_waking_decides_nothing_when_nothing_changed(world: CoreWorld) -> None:
    reported(world)
    outcome = world.decide(CASE, case_of(world), c.WakeUp())
    assert isinstance(outcome, Decision)
    assert not outcome.events and not outcome.effects


def test_a_decline_does_not_lengthen_the_deadline_when_something_in_the_plant_changes(world: CoreWorld) -> None:
    rectified(world)
    site = owed(world, "site")
    world.now += timedelta(hours=20)
    assert do(world, "worker", site, "decline") == ()
    again = owed(world, "site")
    assert again.due_at == site.due_at
    changed(world, Area(id=AreaId("a9"), name="a9", site="s"))
    assert owed(world, "site").due_at == site.due_at


def test_a_deadline_is_counted_again_at_every_change_of_the_calendar_unless_somebody_named_it(
    world: CoreWorld,
) -> None:
    low = {**REPORT, "risk": {"method": "lec", "factors": {"l": 3, "e": 6, "c": 7}}}
    world.open("finding", PersonId("worker"), low)
    before = owed(world, "rectify").due_at
    days = [datetime(2026, 11, day, tzinfo=UTC).date() for day in (26, 27)]
    changed(world, WorkCalendar(id="c", name="c", holidays=(days[0],)))
    changed(world, WorkCalendar(id="c", name="c", holidays=tuple(days)))
    assert owed(world, "rectify").due_at == before + timedelta(days=2)
    assert wish(world, "worker", "shorten", owed(world, "rectify")) == ()
    named = owed(world, "rectify").due_at
    changed(world)
    assert owed(world, "rectify").due_at == named


def test_a_breach_stays_marked_however_the_deadline_moves(world: CoreWorld) -> None:
    low = {**REPORT, "risk": {"method": "lec", "factors": {"l": 3, "e": 6, "c": 7}}}
    world.open("finding", PersonId("worker"), low)
    world.now = owed(world, "rectify").due_at + timedelta(hours=1)
    world.run_timers()
    breached_at = owed(world, "rectify").breached_at
    assert breached_at is not None
    changed(world, WorkCalendar(id="c", name="c", holidays=(datetime(2026, 11, 26, tzinfo=UTC).date(),)))
    assert owed(world, "rectify").due_at > world.now
    assert wish(world, "owner", "extension", owed(world, "rectify")) == ()
    assert do(world, "officer", owed(world, "extension_approval"), "approve") == ()
    assert owed(world, "rectify").generation == 2
    assert owed(world, "rectify").breached_at == breached_at == case_of(world).overdue_at


# --- wishes


def test_a_wish_about_a_duty_that_ended_meanwhile_is_not_granted(world: CoreWorld) -> None:
    reported(world)
    receipt = next(d for d in case_of(world).open_duties() if d.key == "receipt" and "owner" in repr(d.party))
    assert wish(world, "owner", "send_back", receipt) == ()
    assert do(world, "owner", receipt) == ()
    assert case_of(world).moves[1].granted is False
    assert not [duty for duty in case_of(world).open_duties() if duty.move == 1]


def test_nobody_grants_the_wish_that_led_into_a_stage(world: CoreWorld) -> None:
    closed_well(world)
    assert wish(world, "officer", "reopen") == ()
    assert do(world, "officer", owed(world, "decide"), "approve") == ("own_wish",)
    assert do(world, "officer2", owed(world, "decide"), "approve") == ()


def closed_well(world: CoreWorld) -> CoreWorld:
    rectified(world)
    judge = next(duty for duty in case_of(world).open_duties() if duty.draw is not None)
    assert isinstance(judge.party, PersonParty)
    assert do(world, judge.party.person, judge, "pass") == ()
    assert do(world, "worker", owed(world, "site"), "pass") == ()
    assert case_of(world).status is CaseStatus.CLOSED
    return world


def test_a_case_that_was_not_to_live_again_is_closed_as_it_was(world: CoreWorld) -> None:
    before = case_of(closed_well(world))
    world.now += timedelta(days=40)
    assert wish(world, "officer", "reopen") == ()
    assert do(world, "officer2", owed(world, "decide"), "refuse") == ()
    after = case_of(world)
    assert (after.outcome, after.closed_at, after.cycle_s) == (before.outcome, before.closed_at, before.cycle_s)
    assert after.cycle_working_days == before.cycle_working_days


def test_an_unfinished_report_that_was_withdrawn_is_not_dispatched_by_opening_it_again(world: CoreWorld) -> None:
    world.open("finding", PersonId("worker"), {"description": "安全通道被料架占用一半"})
    assert wish(world, "worker", "withdraw") == ()
    assert do(world, "officer2", owed(world, "withdraw_approval"), "approve") == ()
    assert wish(world, "worker", "reopen") == ()
    assert do(world, "officer", owed(world, "decide"), "approve") == ()
    assert case_of(world).stage == "triage"


def test_the_only_one_who_could_grant_a_wish_being_the_asker_the_next_is_told(world: CoreWorld) -> None:
    changed(world, drop=("safety_officer-officer2",))
    reported(world, by="officer")
    world.kinds = {**world.kinds, "finding": approved_by(world.kinds["finding"], "post:safety_officer@plant")}
    assert wish(world, "officer", "withdraw") == ()
    told = [event for event in history(world, e.RungReached) if event.because == e.BARRED]  # type: ignore[union-attr]
    assert told


def approved_by(kind: Kind, *parties: str, quorum: int | None = None) -> Kind:
    """The kind, with withdrawing approved by these."""
    move = kind.moves["withdraw"]
    assert move.approve is not None
    approve = dataclasses.replace(move.approve, who=Named(parties), quorum=quorum)
    return dataclasses.replace(kind, moves={**kind.moves, "withdraw": dataclasses.replace(move, approve=approve)})


@pytest.mark.parametrize(("quorum", "closed"), [(None, False), (1, True)])
def test_an_approval_by_several_waits_for_as_many_as_the_pack_says(
    world: CoreWorld, quorum: int | None, closed: bool
) -> None:
    parties = ("post:safety_officer@plant", "post:safety_head@plant")
    world.kinds = {**world.kinds, "finding": approved_by(world.kinds["finding"], *parties, quorum=quorum)}
    reported(world)
    assert wish(world, "worker", "withdraw") == ()
    assert do(world, "officer", owed(world, "withdraw_approval"), "approve") == ()
    assert (case_of(world).status is CaseStatus.CLOSED) is closed
    if not closed:
        assert do(world, "head", owed(world, "withdraw_approval"), "approve") == ()
        assert case_of(world).status is CaseStatus.CLOSED


# --- draws


def test_a_drawn_person_who_is_away_is_drawn_anew_though_somebody_stands_in_for_them(world: CoreWorld) -> None:
    rectified(world)
    drawn = next(duty for duty in case_of(world).open_duties() if duty.draw is not None)
    assert isinstance(drawn.party, PersonParty)
    gone, until = drawn.party.person, START + timedelta(days=30)
    away = Absence(id="x", person=gone, from_at=START, until_at=until)
    deputy = Deputy(id="x", person=gone, deputy=PersonId("head"), from_at=START, until_at=until)
    changed(world, replace(away, id="away"), replace(deputy, id="deputy"))
    again = case_of(world).duties[drawn.no]
    assert again.party != drawn.party and again.draw == 2
    assert len(history(world, e.DrawRevealed)) == 1
    assert not broken_draws(world.events[CASE])


def test_a_drawn_person_who_is_no_longer_competent_is_drawn_anew(world: CoreWorld) -> None:
    rectified(world)
    drawn = next(duty for duty in case_of(world).open_duties() if duty.draw is not None)
    assert isinstance(drawn.party, PersonParty)
    changed(world, Person(id=drawn.party.person, name="x"))
    assert case_of(world).duties[drawn.no].party != drawn.party


def test_when_all_have_declined_the_fallback_is_asked_and_the_case_says_so(world: CoreWorld) -> None:
    rectified(world)
    for _ in range(3):
        desk = owed(world, "desk")
        assert isinstance(desk.party, PersonParty)
        assert do(world, desk.party.person, desk, "decline") == ()
    assert owed(world, "desk").draw is None
    assert len(history(world, e.DrawFellBack)) == 1
    assert not broken_over(world.events[CASE], world.kinds["finding"], world.plant)


def test_a_check_cannot_be_handed_over_whatever_the_pack_says(world: CoreWorld) -> None:
    kind = world.kinds["finding"]
    move = dataclasses.replace(kind.moves["hand_over"], asked_by=("anyone",), duties=("desk", "receipt"))
    world.kinds = {**world.kinds, "finding": dataclasses.replace(kind, moves={**kind.moves, "hand_over": move})}
    rectified(world)
    assert wish(world, "worker", "hand_over", owed(world, "desk"), to="head") == ("move_not_for_duty",)


def test_whoever_did_the_work_does_not_verify_it_by_signing_for_somebody_else(world: CoreWorld) -> None:
    rectified(world)
    until = START + timedelta(days=30)
    worker = PersonId("worker")
    changed(
        world,
        Absence(id="away", person=worker, from_at=START, until_at=until),
        Deputy(id="deputy", person=worker, deputy=PersonId("owner"), from_at=START, until_at=until),
    )
    assert do(world, "owner", owed(world, "site"), "pass", on_behalf_of=worker) == ("own_work",)
    assert do(world, "owner", owed(world, "site"), "pass") == ("own_work",)


def test_a_case_is_overdue_since_its_first_missed_deadline(world: CoreWorld) -> None:
    reported(world)
    world.now += timedelta(days=4)
    world.run_timers()
    first = case_of(world).overdue_at
    assert first is not None
    while case_of(world).stage == "rectify":
        duty = case_of(world).open_duties()[-1]
        assert do(world, "officer2" if "safety" in repr(duty.party) else "owner", duty) == ()
    assert do(world, "worker", owed(world, "site"), "fail") == ()
    world.now += timedelta(days=4)
    world.run_timers()
    assert owed(world, "rectify").breached_at == world.now
    assert case_of(world).overdue_at == first


# --- slots


def test_what_returns_returns_to_the_one_who_did_it_and_does_not_multiply(world: CoreWorld) -> None:
    kind = world.kinds["finding"]
    stage = kind.stages["deferred"]
    spec = next(duty for duty in stage.duties if duty.key == "reconfirm")
    two = dataclasses.replace(spec, who=Named(("post:area_owner", "post:safety_head@plant")))
    duties = tuple(two if duty.key == "reconfirm" else duty for duty in stage.duties)
    stages = {**kind.stages, "deferred": dataclasses.replace(stage, duties=duties)}
    world.kinds = {**world.kinds, "finding": dataclasses.replace(kind, stages=stages)}
    reported(world)
    assert wish(world, "owner", "defer", owed(world, "rectify")) == ()
    assert do(world, "head", owed(world, "defer_approval"), "approve") == ()
    for _ in range(3):
        mine = next(d for d in case_of(world).open_duties() if d.key == "reconfirm" and "owner" in repr(d.party))
        assert do(world, "owner", mine, "done") == ()
        assert len([d for d in case_of(world).open_duties() if d.key == "reconfirm"]) == 2


def test_a_deferral_ends_when_it_said_and_not_when_an_earlier_wish_said(world: CoreWorld) -> None:
    reported(world)
    rectify = owed(world, "rectify")
    assert wish(world, "owner", "defer", rectify) == ()
    deferred_until = world.now + timedelta(days=3)
    world.now += timedelta(hours=1)
    assert wish(world, "owner", "extension", rectify) == ()
    assert do(world, "officer", owed(world, "extension_approval"), "approve") == ()
    assert do(world, "head", owed(world, "defer_approval"), "approve") == ()
    assert owed(world, "resume").due_at == deferred_until


# --- mergers


def test_a_duplicate_lives_again_when_its_original_closed_in_the_same_moment(world: CoreWorld) -> None:
    reported(world)
    reported(world, by="boss")
    other = CaseId("case-2")
    assert wish(world, "worker", "merge", to=other) == ()
    assert do(world, "officer", owed(world, "merge_approval"), "approve") == ()
    assert case_of(world).outcome == "merged"
    closed = replace(world.cases[other], status=CaseStatus.CLOSED, outcome="withdrawn", closed_at=START)
    told = world.decide(other, closed, c.LinkCase(relation="duplicate", other=CASE))
    assert isinstance(told, Decision)
    (back,) = told.effects
    assert back == TieOther(CASE, "merge_failed", other)
    world.carry_out(CASE, c.LinkCase(relation="merge_failed", other=other))
    assert case_of(world).status is CaseStatus.OPEN
    assert case_of(world).stage == "rectify"
    assert case_of(world).open_duties()


def test_two_cases_cannot_be_merged_into_each_other(world: CoreWorld) -> None:
    reported(world)
    reported(world, by="boss")
    assert wish(world, "worker", "merge", to="case-2") == ()
    assert do(world, "officer", owed(world, "merge_approval"), "approve") == ()
    refused = world.carry_out(
        CaseId("case-2"), c.AskMove(by=PersonId("boss"), move="merge", form=form_of("merge", "", CASE, world.now))
    )
    assert codes(refused) == ("other_case_not_open",)


# --- reports


def test_an_unfinished_report_is_not_dispatched_by_a_word(world: CoreWorld) -> None:
    world.open("finding", PersonId("worker"), {"description": "安全通道被料架占用一半"})
    assert do(world, "officer", owed(world, "complete")) == ("report_incomplete",)
    assert case_of(world).stage == "triage"


def test_whoever_is_named_as_finder_when_the_report_is_completed_is_the_finder(world: CoreWorld) -> None:
    world.open("finding", PersonId("worker"), {"description": "安全通道被料架占用一半"})
    world.carry_out(CASE, c.ReviseForm(by=PersonId("officer"), form={**REPORT, "finder": "judge1"}))
    assert case_of(world).finder == "judge1"
    assert ("judge1", "found") in case_of(world).acts


def test_history_from_the_future_is_refused(world: CoreWorld) -> None:
    command = c.RecordHistory(
        case=CASE, kind="finding", number="1", form={}, found_at=START, closed_at=START + timedelta(days=1)
    )
    assert codes(world.carry_out(CASE, command)) == ("time_in_future",)


def test_a_vacant_post_is_signalled_once(world: CoreWorld) -> None:
    changed(world, drop=("area_owner-owner",))
    reported(world)
    signals = [effect for effect in world.waiting if isinstance(effect, RaiseSignal)]
    assert signals
    world.waiting.clear()
    world.carry_out(CASE, c.WakeUp())
    assert not world.waiting


def test_a_duty_that_was_done_stays_done_when_its_words_come_again(world: CoreWorld) -> None:
    reported(world)
    duty = next(d for d in case_of(world).open_duties() if d.key == "receipt")
    by = "owner" if "owner" in repr(duty.party) else "officer2"
    assert do(world, by, duty) == ()
    assert do(world, by, duty) == ("duty_not_open",)
    assert case_of(world).duties[duty.no].status is DutyStatus.DISCHARGED
