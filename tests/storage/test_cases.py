"""Cases in a real database: stored whole or not at all, once per key, and seen by their own tenant only."""

import asyncio
from datetime import timedelta

import pytest

from anhuan.app.handle import CommandRefused, Handled, NewCase
from anhuan.core.case import commands as c
from anhuan.core.case.state import CaseStatus
from anhuan.domain.ids import CaseId, TenantId
from anhuan.domain.party import party_text
from anhuan.ports.cases import CommandKey, KeyConflict
from anhuan.ports.plants import PlantEdit
from anhuan.testing.plants import GOOD_REPORT, TestHouse

KIND = "finding"


async def test_a_report_is_there_with_its_tasks(house: TestHouse) -> None:
    handled = await house.house.handler.open(house.tenant, house.reporter, NewCase(kind=KIND, form=GOOD_REPORT))
    case = await house.house.handler.case(house.tenant, handled.case.id)
    assert case == handled.case
    assert case.status is CaseStatus.OPEN
    assert {duty.key for duty in case.open_duties()} == {"receipt", "rectify"}
    row, duties, timers = await house.house.cases.stored_rows(house.tenant, case.id)
    assert row["number"] == case.number
    assert len(duties) == len(case.duties) == len(timers)


async def test_sent_twice_under_one_key_is_one_case(house: TestHouse) -> None:
    new, key = NewCase(kind=KIND, form=GOOD_REPORT), CommandKey("k1", "hash")
    handler = house.house.handler
    answers = await asyncio.gather(*(handler.open(house.tenant, house.reporter, new, key) for _ in range(8)))
    assert len({answer.case.id for answer in answers}) == 1
    assert sum(not answer.repeated for answer in answers) == 1


async def test_the_same_key_with_another_body_is_a_conflict_and_both_are_kept(house: TestHouse) -> None:
    new = NewCase(kind=KIND, form=GOOD_REPORT)
    first = await house.house.handler.open(house.tenant, house.reporter, new, CommandKey("k1", "hash"))
    with pytest.raises(KeyConflict) as conflict:
        other = CommandKey("k1", "other", '{"form": "x"}')
        await house.house.handler.open(house.tenant, house.reporter, new, other)
    assert conflict.value.case == first.case.id
    kept = await house.superuser("SELECT key, body FROM command_conflict")
    assert kept == [("k1", {"form": "x"})]


async def test_two_who_decide_at_once_both_succeed_one_after_the_other(house: TestHouse) -> None:
    case = (await house.house.handler.open(house.tenant, house.reporter, NewCase(kind=KIND, form=GOOD_REPORT))).case
    notes = [c.AddNote(by=house.reporter, text=f"note {n}") for n in range(6)]
    await asyncio.gather(*(house.house.handler.on(house.tenant, case.id, note) for note in notes))
    assert (await house.house.handler.case(house.tenant, case.id)).version == case.version + 6


async def test_numbers_are_unique_and_of_the_plants_year(house: TestHouse) -> None:
    new = NewCase(kind=KIND, form=GOOD_REPORT)
    cases = await asyncio.gather(*(house.house.handler.open(house.tenant, house.reporter, new) for _ in range(60)))
    numbers = {handled.case.number for handled in cases}
    assert len(numbers) == 60
    assert all(number.startswith("YH-2026-0000") for number in numbers)


async def test_another_tenant_sees_nothing(house: TestHouse) -> None:
    case = (await house.house.handler.open(house.tenant, house.reporter, NewCase(kind=KIND, form=GOOD_REPORT))).case
    other = await house.another_tenant()
    assert await house.house.cases.load(other, case.id) is None
    assert await house.house.cases.loads(other) == {}


async def test_silence_climbs_the_ladder_and_marks_the_breach(house: TestHouse) -> None:
    case = (await house.house.handler.open(house.tenant, house.reporter, NewCase(kind=KIND, form=GOOD_REPORT))).case
    house.time.now += timedelta(days=3)
    await house.run_timers()
    later = await house.house.handler.case(house.tenant, case.id)
    assert all(duty.breached_at for duty in later.open_duties())
    assert later.overdue_at == house.time.now
    await house.run_effects()
    told = await house.superuser("SELECT DISTINCT template FROM notice")
    assert ("rung:principal",) in told


async def test_a_refusal_stores_nothing(house: TestHouse) -> None:
    with pytest.raises(CommandRefused):
        await house.house.handler.open(house.tenant, house.reporter, NewCase(kind=KIND, form={}))
    assert await house.superuser("SELECT count(*) FROM event WHERE type = 'CaseOpened'") == [(0,)]


async def test_a_decision_on_a_plant_that_has_moved_on_is_made_again(house: TestHouse) -> None:
    plant = (await house.house.snapshots.get(house.tenant)).plant
    nobody = PlantEdit(at=house.time.now, by=None, remove=(("holding", "h-001"),))
    await house.house.plants.edit(house.tenant, nobody, plant.version)
    case = (await house.house.handler.open(house.tenant, house.reporter, NewCase(kind=KIND, form=GOOD_REPORT))).case
    receipt = next(d for d in case.open_duties() if party_text(d.party) == "post:area_owner@area-press")
    assert receipt.told, "nobody owns the area any more, so the ladder was told at once"


async def test_changes_of_the_plant_one_after_another_wake_the_open_cases_once(
    house: TestHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.run_effects()
    await house.house.handler.open(house.tenant, house.reporter, NewCase(kind=KIND, form=GOOD_REPORT))
    await house.run_effects()
    version = (await house.house.snapshots.get(house.tenant)).plant.version
    for more, holding in enumerate(("h-001", "h-002", "h-003")):
        edit = PlantEdit(at=house.time.now, by=None, remove=(("holding", holding),))
        await house.house.plants.edit(house.tenant, edit, version + more)
    woken = []
    carried_out = house.house.handler.on

    async def listen(tenant: TenantId, case: CaseId, command: c.CaseCommand) -> Handled:
        woken.append(type(command))
        return await carried_out(tenant, case, command)

    monkeypatch.setattr(house.house.handler, "on", listen)
    await house.run_effects()
    assert woken == [c.WakeUp]
