"""Figures over HTTP: of whom, over which days, and that each figure's filters open just its rows."""

from datetime import timedelta
from typing import Any

import pytest
from plant_web import PlantWeb

from anhuan.app.handle import NewCase, PastCase
from anhuan.app.statistics import KindUnknown, kind_meant

API = "/api/v1"
PATH = f"{API}/statistics/finding"
FIRE = {"category": "fire", "area": "area-welding", "equipment": "none", "description": "灭火器压力不足，指针在红区"}


@pytest.fixture
async def reported(plant: PlantWeb) -> None:
    """Three reports (two of the same place and category, one week apart), one of them overdue; and an old register."""
    await plant.report()
    await plant.report(**FIRE)
    plant.house.time.now += timedelta(days=8)
    await plant.house.run_timers()
    await plant.report()
    found = plant.house.time.now - timedelta(days=40)
    form = {"description": "旧台账里的一条隐患", "category": "fire", "area": "area-press", "finding_source": "expert"}
    for days, due_on in ((2, "2026-10-20"), (9, "2026-11-30")):
        past = PastCase(
            kind="finding",
            form={**form, "register_due_on": due_on},
            found_at=found,
            closed_at=found + timedelta(days=days),
        )
        await plant.house.house.handler.record_history(plant.house.tenant, None, past)
    taken = NewCase(
        kind="finding",
        form={**form, "risk": {"method": "register", "factors": {"colour": 2}}},
        source="import",
        found_at=found,
    )
    await plant.house.house.handler.open(plant.house.tenant, None, taken)


async def page(plant: PlantWeb, by: str = "p-003", role: str = "safety_officer", **query: str) -> dict[str, Any]:
    answer = await (await plant.of(by, role)).get(PATH, params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def value(population: dict[str, Any], key: str) -> float | None:
    return next(figure["value"] for figure in population["figures"] if figure["key"] == key)


@pytest.mark.usefixtures("reported")
async def test_live_cases_and_the_old_register_stand_apart(plant: PlantWeb) -> None:
    found = await page(plant)
    live, register = found["live"], found["imported"]
    assert (value(live, "registered"), value(live, "closed"), value(live, "closure_rate")) == (3, 0, 0)
    assert (value(live, "overdue"), value(live, "overdue_rate")) == (2, 0.667)
    assert (value(live, "open"), value(live, "open_overdue")) == (4, 2)
    assert (value(live, "recurring"), live["places"][0]["equipment"]["id"]) == (1, "eq-P-1601")
    assert (value(register, "registered"), value(register, "closed"), value(register, "closure_rate")) == (3, 2, 0.667)
    assert value(register, "overdue") == 1
    assert register["by"][0]["groups"][0]["name"] == "专家诊断"
    assert value(live, "cycle_working_days_mean") is None
    receipt = next(wait for wait in live["waits"] if wait["key"] == "receipt")
    assert (receipt["name"], receipt["cases"], receipt["hours"]) == ("签收", 4, None)


def on_floor_plans(found: dict[str, Any]) -> list[dict[str, Any]]:
    figures = [one for plan in found["floor_plans"] for area in plan["areas"] for one in area["figures"]]
    return [one for one in figures if one["value"] and one["key"] != "recurring"]


@pytest.mark.usefixtures("reported")
async def test_every_figure_opens_just_its_rows(plant: PlantWeb) -> None:
    """Whatever has filters: as many rows come of them as the figure counts (a rate's filters are its parts')."""
    browser = await plant.of("p-003", "safety_officer")
    checked = 0
    for query in ({}, {"from": "2026-11-25", "to": "2026-12-02"}, {"from": "2026-10-01", "to": "2026-10-31"}):
        found = await page(plant, **query)
        on_plans = [
            (one["key"], one["value"], one["rows"]) for one in on_floor_plans(found) if one["key"] != "recurring"
        ]
        assert any(count for _, count, _ in on_plans)
        for population in filter(None, (found["live"], found["imported"])):
            counted = on_plans if population is found["live"] else []
            counted += [
                (one["key"], one["value"], one["rows"]) for one in population["figures"] if one["unit"] == "count"
            ]
            counted += [(g["key"], g["registered"], g["rows"]) for by in population["by"] for g in by["groups"]]
            counted += [(wait["key"], wait["cases"], wait["rows"]) for wait in population["waits"]]
            counted += [(place["category_name"], place["registered"], place["rows"]) for place in population["places"]]
            for key, wanted, rows in counted:
                if rows is None:
                    continue
                answer = await browser.get(f"{API}/cases", params=as_instants(rows))
                assert answer.status_code == 200, answer.text
                assert answer.json()["total"] == wanted, (key, rows)
                checked += wanted > 0
    assert checked > 30


def as_instants(rows: dict[str, str]) -> dict[str, str]:
    """The console's days as the API's instants: the last day is included."""
    last = {name: f"{day}T23:59:59.999999" for name, day in rows.items() if name == "to" or name.endswith("_to")}
    return {**rows, **last}


@pytest.mark.usefixtures("reported")
async def test_each_counts_what_they_may_see(plant: PlantWeb) -> None:
    of_worker = await page(plant, "p-113", "worker")
    assert value(of_worker["live"], "registered") == 2
    assert of_worker["imported"] is None
    assert value((await page(plant, "p-113", "worker", reach="reported"))["live"], "registered") == 0
    reporter = await page(plant, "p-023", "worker", reach="reported")
    assert value(reporter["live"], "registered") == 3
    assert reporter["live"]["figures"][0]["rows"]["reported"] == "true"
    team = await page(plant, "p-113", "team_leader", reach="team")
    assert value(team["live"], "registered") == 2
    rows = await (await plant.of("p-113", "team_leader")).get(
        f"{API}/cases", params={"team_parts": "true", "origin": "live", "status": "all"}
    )
    assert rows.json()["total"] == 2


async def test_what_is_asked_wrongly_says_why(plant: PlantWeb) -> None:
    browser = await plant.of("p-003", "safety_officer")
    assert (await browser.get(f"{API}/statistics/nothing")).status_code == 404
    reversed_ = await browser.get(PATH, params={"from": "2026-11-25", "to": "2026-11-24"})
    assert (reversed_.status_code, reversed_.json()["code"]) == (400, "period_reversed")
    assert (await browser.get(PATH, params={"from": "yesterday"})).status_code == 422
    assert (await browser.get(PATH, params={"from": "0001-01-01", "to": "9999-12-31"})).status_code == 200
    assert (await browser.get(f"{API}/cases/export.xlsx", params={"kind": "nothing"})).status_code == 404


async def test_words_and_formulas_in_both_languages(plant: PlantWeb) -> None:
    chinese = await page(plant)
    browser = await plant.of("p-003", "safety_officer", language="en")
    english = (await browser.get(PATH)).json()
    for one, other in zip(chinese["live"]["figures"], english["live"]["figures"], strict=True):
        assert one["key"] == other["key"] and one["name"] != other["name"] and one["formula"] != other["formula"]
    assert english["kind_name"] == "Finding"


async def test_a_kind_is_meant_by_its_key_its_name_or_their_plural(plant: PlantWeb) -> None:
    snapshot = await plant.house.house.snapshots.get(plant.house.tenant)
    for word in ("finding", "findings", "Finding", "隐患"):
        assert kind_meant(snapshot, word) == "finding"
    assert kind_meant(snapshot, "equipment-rounds") == "equipment_round"
    assert kind_meant(snapshot, "post_vacancies") == "post_vacancy"
    with pytest.raises(KindUnknown) as unknown:
        kind_meant(snapshot, "find")
    assert "finding" in unknown.value.known
