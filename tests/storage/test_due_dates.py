"""Dates of the plant in the real house: raised once, caught up, moved, renewed, and never lost."""

from datetime import UTC, date, datetime, timedelta

from msgspec.structs import replace

from anhuan.core.case import commands as c
from anhuan.core.case.events import Proof
from anhuan.core.case.state import Case, CaseStatus
from anhuan.domain.evidence import Evidence, Sha256
from anhuan.domain.ids import CaseId, PersonId
from anhuan.domain.plant_items import Inspection
from anhuan.testing.plants import TestHouse

KIND = "inspection_due"
VALVE = "ins-CQ-01-valve"
OFFICER, DIRECTOR = PersonId("p-012"), PersonId("p-003")
SCAN = Proof(
    slot="certificate",
    evidence=Evidence(
        sha256=Sha256("ab" * 32),
        kind="photo",
        media_type="image/jpeg",
        size_bytes=1,
        received_at=datetime(2026, 11, 24, tzinfo=UTC),
    ),
)


async def raised(house: TestHouse) -> list[Case]:
    rows = await house.superuser("SELECT id FROM case_row WHERE kind = %s ORDER BY number", (KIND,))
    return [await house.house.handler.case(house.tenant, CaseId(id)) for (id,) in rows]


async def about(house: TestHouse, item: str) -> list[Case]:
    return [case for case in await raised(house) if case.form["item"] == item]


async def valve(house: TestHouse) -> Inspection:
    return (await house.house.snapshots.get(house.tenant, fresh=True)).plant.every(Inspection)[VALVE]


async def put(house: TestHouse, **changes: object) -> None:
    await house.house.editor.edit(house.tenant, None, put=[replace(await valve(house), **changes)])
    await house.run_effects()


async def renew(house: TestHouse, case: Case, until: str) -> Case:
    certificate = {
        "certificate_number": "AF-2026-9001",
        "inspected_by": "省特种设备检验研究院",
        "inspected_on": house.time.now.date().isoformat(),
        "good_until": until,
    }
    owed = case.open_duties()[0]
    done = c.Discharge(by=OFFICER, duty=owed.no, outcome="done", form=certificate, proofs=(SCAN,))
    case = (await house.house.handler.on(house.tenant, case.id, done)).case
    passed = c.Discharge(by=DIRECTOR, duty=case.open_duties()[0].no, outcome="pass", form={})
    case = (await house.house.handler.on(house.tenant, case.id, passed)).case
    await house.run_effects()
    return case


async def test_each_date_that_is_near_or_past_is_raised_once(house: TestHouse) -> None:
    step = house.house.due_dates.raise_due
    assert await step() == 4
    assert await step() == 0
    cases = await raised(house)
    limit = house.time.now.date() + timedelta(days=60)
    plant = (await house.house.snapshots.get(house.tenant)).plant
    near = {one.id for one in plant.every(Inspection).values() if one.due_on < limit}
    assert {case.form["item"] for case in cases} == near
    # Weeks without anybody looking: what came near meanwhile is raised then, and once.
    house.time.now += timedelta(days=70)
    later = house.time.now.date() + timedelta(days=60)
    more = {one.id for one in plant.every(Inspection).values() if one.due_on < later} - near
    assert more
    assert await step() == len(more)
    assert await step() == 0


async def test_a_renewal_writes_the_new_dates_to_the_plant_and_the_next_one_raises_anew(house: TestHouse) -> None:
    await house.house.due_dates.raise_due()
    (case,) = await about(house, VALVE)
    closed = await renew(house, case, "2027-12-04")
    assert (closed.status, closed.outcome) == (CaseStatus.CLOSED, "renewed")
    now = await valve(house)
    assert (now.due_on, now.done_on) == (date(2027, 12, 4), date(2026, 11, 24))
    assert (now.certificate_number, now.accessory) == ("AF-2026-9001", "AQF-CQ-01")
    (edit,) = await house.superuser("SELECT by_person FROM event WHERE stream = 'plant' ORDER BY version DESC LIMIT 1")
    assert edit == (DIRECTOR,)
    assert await house.house.due_dates.raise_due() == 0
    house.time.now = datetime(2027, 10, 10, tzinfo=UTC)
    await house.house.due_dates.raise_due()
    assert [case.form["due_on"] for case in await about(house, VALVE)] == ["2026-12-05", "2027-12-04"]


async def test_a_date_that_is_moved_forward_moves_the_deadline_and_one_put_off_does_not(house: TestHouse) -> None:
    await house.house.due_dates.raise_due()
    await put(house, due_on=date(2026, 12, 1))
    assert await house.house.due_dates.raise_due() == 0, "the open case is about it"
    (case,) = await about(house, VALVE)
    assert case.due_at == datetime(2026, 12, 1, 16, tzinfo=UTC)
    # Put off in the records without a certificate: what was owed is owed still.
    await put(house, due_on=date(2027, 6, 30))
    (case,) = await about(house, VALVE)
    assert (case.status, case.due_at) == (CaseStatus.OPEN, datetime(2026, 12, 1, 16, tzinfo=UTC))


async def test_what_is_removed_ends_by_a_decision_and_nothing_is_written(house: TestHouse) -> None:
    await house.house.due_dates.raise_due()
    (case,) = await about(house, VALVE)
    await house.house.editor.edit(house.tenant, None, remove=[("inspection", VALVE)])
    await house.run_effects()
    (case,) = await about(house, VALVE)
    assert case.status is CaseStatus.OPEN
    wish = {"no_renewal_reason": "scrapped", "reason": "储气罐已拆除报废，手续齐全"}
    asked = c.AskMove(by=OFFICER, move="no_renewal", duty=case.open_duties()[0].no, form=wish)
    case = (await house.house.handler.on(house.tenant, case.id, asked)).case
    decide = next(duty for duty in case.open_duties() if duty.move is not None)
    granted = c.Discharge(by=DIRECTOR, duty=decide.no, outcome="approve", form={})
    case = (await house.house.handler.on(house.tenant, case.id, granted)).case
    assert (case.status, case.outcome) == (CaseStatus.CLOSED, "no_renewal")


async def test_what_has_run_out_is_said_of_the_equipment(house: TestHouse) -> None:
    plant = (await house.house.snapshots.get(house.tenant)).plant
    today = house.time.now.date()
    assert [one.id for one in plant.lapsed("eq-CQ-02", today)] == ["ins-CQ-02-gauge"]  # type: ignore[arg-type]
    assert plant.lapsed("eq-CQ-02", date(2026, 11, 14)) == ()  # type: ignore[arg-type]
    assert plant.lapsed("eq-CQ-01", today) == ()  # type: ignore[arg-type]
