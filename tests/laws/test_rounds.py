"""Rounds of special equipment and vacant posts, as their packs tell them, on the pure core."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from anhuan.app.rounds import slot_form, slots
from anhuan.core.case import commands as c
from anhuan.core.case.decide import decide
from anhuan.core.case.outcome import Decision, Facts, Notify, RaiseCase, Refused
from anhuan.core.case.state import Case, CaseStatus, Duty
from anhuan.domain.ids import CaseId, PersonId
from anhuan.domain.party import PostParty
from anhuan.domain.plant_items import Equipment, Schedule
from anhuan.testing.plants import demo_plant, shipped_kind, shipped_pack

AT = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
ENDS = AT + timedelta(hours=3, minutes=30)
SEED = b"s" * 32
PLANT = demo_plant()
FACTS = Facts(PLANT, "key", {})
ROUND = shipped_kind("equipment_round", "equipment_round")
FINDING = shipped_kind("finding", "finding")
KINDS = [shipped_pack(name).kinds for name in ("equipment_round", "special_equipment", "safety_meeting")]
VESSEL = PLANT.every(Equipment)["eq-CQ-03"]
CRANE = PLANT.every(Equipment)["eq-QZ-03"]
OPERATOR = PLANT.holders(PostParty("equipment_operator", "area-welding"), AT)[0]  # type: ignore[arg-type]
ENGINEER = PLANT.holders(PostParty("equipment_engineer"), AT)[0]  # type: ignore[arg-type]


def after(case: Case, command: c.CaseCommand, at: datetime = AT, kind: Any = ROUND) -> Decision:
    outcome = decide(kind, case, FACTS, command, at, SEED)
    assert isinstance(outcome, Decision), outcome
    return outcome


def refused(
    case: Case, command: c.CaseCommand, at: datetime = AT, kind: Any = ROUND
) -> list[tuple[str, Mapping[str, Any]]]:
    outcome = decide(kind, case, FACTS, command, at, SEED)
    assert isinstance(outcome, Refused), outcome
    return [(reason.code, reason.params) for reason in outcome.reasons]


def begun() -> Case:
    form = {
        "name": "焊装车间特种设备点检",
        "schedule": "rounds-welding",
        "area": "area-welding",
        "equipment_list": [CRANE.id, VESSEL.id],
        "slot_starts_at": AT.isoformat(),
        "slot_ends_at": ENDS.isoformat(),
    }
    command = c.OpenCase(case=CaseId("r-1"), kind=ROUND.key, number="DJ-2026-1", form=form, source="schedule")
    return after(Case(), command).case


def owed(case: Case, key: str) -> Duty:
    return next(duty for duty in case.open_duties() if duty.key == key)


def readings(**other: dict[str, Any]) -> list[dict[str, Any]]:
    """Everything in order, but for the points that are named."""
    entries = []
    for equipment in (CRANE, VESSEL):
        for point in equipment.points:
            value = {"in_order": True} if point.is_check else {"value": ((point.low or 0) + (point.high or 0)) / 2}
            entries.append({"equipment": equipment.id, "point": point.key, **other.get(point.key, value)})
    return entries


def do(case: Case, key: str, by: PersonId, outcome: str = "done", **form: Any) -> c.Discharge:
    return c.Discharge(by=by, duty=owed(case, key).no, outcome=outcome, form=form, signature="signed")


def test_a_round_is_named_owed_on_shift_until_its_slot_ends_and_recorded_when_nothing_is_found() -> None:
    case = begun()
    assert case.title == "焊装车间特种设备点检"
    duty = owed(case, "round")
    assert (duty.party, duty.due_at) == (PostParty("equipment_operator", "area-welding"), ENDS)  # type: ignore[arg-type]
    done = after(case, do(case, "round", OPERATOR, readings=readings()))
    assert not [effect for effect in done.effects if isinstance(effect, RaiseCase)]
    assert done.case.stage == "review"
    closed = after(done.case, do(done.case, "look", ENGINEER, "pass")).case
    assert (closed.status, closed.outcome) == (CaseStatus.CLOSED, "reviewed")
    assert len(closed.duties[duty.no].form["readings"]) == len(CRANE.points) + len(VESSEL.points)  # type: ignore[arg-type]


def test_a_point_that_nobody_looked_at_is_refused_by_name() -> None:
    case = begun()
    some = [entry for entry in readings() if entry["point"] not in ("brake", "pressure")]
    some.append({"equipment": VESSEL.id, "point": "pressure"})
    found = refused(case, do(case, "round", OPERATOR, readings=some))
    assert {(code, params["point"]) for code, params in found} == {
        ("reading_missing", "制动器正常"),
        ("reading_missing", "压力"),
    }


def test_what_is_out_of_order_needs_a_note() -> None:
    case = begun()
    found = refused(case, do(case, "round", OPERATOR, readings=readings(brake={"in_order": False})))
    assert [code for code, _ in found] == ["what_is_wrong_needed"]


def test_each_reading_out_of_limits_raises_a_finding_that_is_taken_in() -> None:
    case = begun()
    bad = readings(
        pressure={"value": 0.95}, brake={"in_order": False, "note": "制动时下滑"}, rope_broken_wires={"value": 3}
    )
    done = after(case, do(case, "round", OPERATOR, readings=bad))
    raised = [effect for effect in done.effects if isinstance(effect, RaiseCase)]
    assert {effect.form["equipment"] for effect in raised} == {CRANE.id, VESSEL.id}
    told = {effect.form["equipment"]: effect.form["description"] for effect in raised}
    assert told[VESSEL.id] == "点检异常：焊装储气罐，压力： 0.95 MPa [0.2, 0.8]"
    assert told[CRANE.id] == f"点检异常：{CRANE.name}，制动器正常：制动时下滑"
    for number, effect in enumerate(raised):
        assert (effect.kind, effect.parent, effect.by) == (FINDING.key, case.id, OPERATOR)
        command = c.OpenCase(
            by=effect.by, case=CaseId(f"f-{number}"), kind=effect.kind, number="YH-1", form=effect.form, source="child"
        )
        finding = after(Case(), command, kind=FINDING).case
        assert (finding.stage, finding.subject.area) == ("triage", "area-welding")


def test_nobody_reviews_their_own_round() -> None:
    case = begun()
    done = after(case, do(case, "round", OPERATOR, readings=readings())).case
    assert refused(done, do(done, "look", OPERATOR, "pass"))[0][0] in ("not_yours", "own_work")


def test_a_round_that_does_not_pass_is_walked_again_within_a_time_of_its_own() -> None:
    case = begun()
    done = after(case, do(case, "round", OPERATOR, readings=readings())).case
    late = ENDS + timedelta(hours=5)
    again = after(done, do(done, "look", ENGINEER, "fail", to_mend="照片与读数不符，请重新点检"), late).case
    assert owed(again, "again").due_at == late + timedelta(hours=4)
    assert after(again, do(again, "again", OPERATOR, readings=readings()), late).case.stage == "review"


def test_a_missed_round_climbs_and_ends_only_by_a_decision_with_a_reason() -> None:
    case = begun()
    duty = owed(case, "round")
    told: list[Notify] = []
    for hours in (2, 4, 6, 30):
        now = owed(case, "round")
        passed = c.TimePassed(duty=now.no, step=now.step, generation=now.generation)
        decision = after(case, passed, AT + timedelta(hours=hours))
        told += [effect for effect in decision.effects if isinstance(effect, Notify)]
        case = decision.case
    assert [notice.template for notice in told if notice.template.startswith("rung:")] == [
        *("rung:remind", "rung:leader", "rung:equipment_engineer", "rung:safety_head")
    ]
    assert case.status is CaseStatus.OPEN and case.overdue_at is not None
    ask = c.AskMove(
        by=OPERATOR,
        move="not_carried_out",
        duty=duty.no,
        form={"not_carried_out_reason": "out_of_service", "reason": "设备大修停用，已挂牌"},
    )
    asked = after(case, ask, AT + timedelta(hours=31)).case
    approval = do(asked, "not_carried_out_approval", ENGINEER, "approve")
    closed = after(asked, approval, AT + timedelta(hours=32)).case
    assert (closed.status, closed.outcome) == (CaseStatus.CLOSED, "not_carried_out")


def test_every_schedule_of_the_demo_plant_raises_a_case_that_somebody_owes() -> None:
    for schedule in PLANT.every(Schedule).values():
        kind = next(kinds[schedule.raises] for kinds in KINDS if schedule.raises in kinds)
        for of_day in schedule.slots:
            starts_at = datetime.combine(AT.date(), of_day, PLANT.zone)
            form = slot_form(schedule, starts_at, starts_at + timedelta(minutes=schedule.slot_minutes))
            command = c.OpenCase(case=CaseId("r"), kind=schedule.raises, number="1", form=form, source="schedule")
            duties = after(Case(), command, starts_at, kind).case.open_duties()
            assert duties and all(PLANT.holders(duty.party, starts_at) for duty in duties)


def test_a_monthly_schedule_opens_on_its_days_and_on_the_last_of_a_month_that_lacks_them() -> None:
    monthly = Schedule(id="m", name="m", raises="k", slots=(time(8, 30),), slot_minutes=60, month_days=(1, 31))
    since, until = datetime(2027, 1, 15, tzinfo=PLANT.zone), datetime(2027, 3, 31, 8, tzinfo=PLANT.zone)
    days = [slot.date() for slot in slots(monthly, since, until, PLANT.zone)]
    assert days == [date(2027, 1, 31), date(2027, 2, 1), date(2027, 2, 28), date(2027, 3, 1)]
    assert all(slot.hour == 8 for slot in slots(monthly, since, until, PLANT.zone))


def test_a_vacant_post_is_a_case_of_its_own_that_the_safety_head_closes() -> None:
    kind = shipped_kind("plant_care", "post_vacancy")
    assert kind.raised_by == ("signal:post_vacant",)
    form = {"party": "post:fire_warden@area-press", "area": "area-press"}
    command = c.OpenCase(case=CaseId("v"), kind=kind.key, number="KQ-1", form=form, source="signal:post_vacant")
    case = after(Case(), command, kind=kind).case
    assert case.title == "post:fire_warden@area-press"
    duty = owed(case, "fill")
    assert (duty.party, duty.due_at) == (PostParty("safety_head"), AT + timedelta(days=2))  # type: ignore[arg-type]
    head = PLANT.holders(duty.party, AT)[0]
    filled = c.Discharge(by=head, duty=duty.no, outcome="done", form={"measure": "由张伟自明日起任义务消防员"})
    assert after(case, filled, kind=kind).case.outcome == "filled"


@pytest.mark.parametrize("form", [{"description": "三号冲床光栅被短接，可伸手入模"}])
def test_an_unfinished_report_is_not_dispatched_by_saying_that_it_is_complete(form: dict[str, object]) -> None:
    reporter = PersonId("p-023")
    command = c.OpenCase(by=reporter, case=CaseId("f"), kind=FINDING.key, number="YH-1", form=form)
    case = after(Case(), command, kind=FINDING).case
    duty = owed(case, "complete")
    officer = PLANT.holders(duty.party, AT)[0]
    said = c.Discharge(by=officer, duty=duty.no, outcome="done", form={})
    assert [code for code, _ in refused(case, said, kind=FINDING)] == ["report_incomplete"]


def test_whoever_asks_to_reopen_a_case_does_not_decide_it() -> None:
    past = c.RecordHistory(
        by=None,
        case=CaseId("h"),
        kind=FINDING.key,
        number="YH-1",
        form={"description": "三号冲床光栅被短接", "area": "area-press"},
        found_at=AT - timedelta(days=9),
        closed_at=AT - timedelta(days=2),
    )
    closed = after(Case(), past, kind=FINDING).case
    officer = PLANT.holders(PostParty("safety_officer"), AT)[0]  # type: ignore[arg-type]
    ask = c.AskMove(by=officer, move="reopen", form={"reason": "光栅又被短接，整改无效"})
    asked = after(closed, ask, kind=FINDING).case
    codes = [code for code, _ in refused(asked, do(asked, "decide", officer, "approve"), kind=FINDING)]
    assert codes == ["own_wish"]
