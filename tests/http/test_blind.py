"""The blind copy over HTTP: whatever the drawn checker asks for names nobody who acted, until they have decided."""

import re

import pytest
from plant_web import DEVICE, PlantWeb

from anhuan.domain.ids import PersonId
from anhuan.testing.plants import demo_plant

API = "/api/v1"


@pytest.fixture
async def case(plant: PlantWeb) -> str:
    """A rectified finding whose description names people."""
    report = await plant.report(description="曹艳红（10023）发现控制柜接地线断开，已告知高峰", finder="p-024")
    note = await (await plant.of("p-023")).post(f"{API}/cases/{report['id']}/notes", json={"text": "彭建华当时也在"})
    assert note.status_code == 200
    await plant.rectified(report["id"])
    return str(report["id"])


async def everything(plant: PlantWeb, checker: str, case: str) -> str:
    """All that the API tells the checker about the case, on every way there is."""
    browser = await plant.of(checker)
    await plant.house.run_effects()
    paths = (
        f"/cases/{case}",
        f"/cases/{case}/timeline",
        "/cases",
        "/cases?mine=true",
        "/tasks",
        "/tasks?scope=team",
        "/tasks?scope=all",
        "/notices",
        "/cases/similar?kind=finding&equipment=eq-P-1601&category=electrical&text=接地线",
    )
    answers = [await browser.get(API + path) for path in paths]
    assert all(answer.status_code == 200 for answer in answers), [answer.text for answer in answers]
    return "\n".join(answer.text for answer in answers)


async def actors(plant: PlantWeb, case: str) -> frozenset[PersonId]:
    return (await plant.house.house.handler.case(plant.house.tenant, case)).actors()  # type: ignore[arg-type]


def named(people: frozenset[PersonId], text: str) -> list[str]:
    records = [record for person in people if (record := demo_plant().person(person))]
    marks = [mark for record in records for mark in (record.name, rf"\b{record.number}\b", rf"\b{record.id}\b")]
    return [mark for mark in marks if re.search(mark, text)]


async def test_nobody_who_acted_is_named_on_any_way(plant: PlantWeb, case: str) -> None:
    checker = await plant.checker(case)
    text = await everything(plant, checker, case)
    assert case in text and "更换接地线" in text
    assert named(await actors(plant, case) | {PersonId("p-003")}, text) == []
    for secret in (DEVICE, "strokes", "electricians", "电工班"):
        assert secret not in text


async def test_looking_for_a_name_does_not_find_the_blind_case(plant: PlantWeb, case: str) -> None:
    browser = await plant.of(await plant.checker(case))
    for word, found in (("曹艳红", 0), ("10023", 0), ("控制柜", 1)):
        items = (await browser.get(f"{API}/cases", params={"q": word})).json()["items"]
        assert len(items) == found, word
    officer = await plant.of("p-003", "safety_officer")
    assert len((await officer.get(f"{API}/cases", params={"q": "曹艳红"})).json()["items"]) == 1


async def test_a_checker_who_sees_every_case_is_blind_to_this_one_all_the_same(plant: PlantWeb, case: str) -> None:
    checker = await plant.checker(case)
    browser = await plant.of(checker, "administrator")
    page = (await browser.get(f"{API}/cases/{case}")).json()
    assert page["blind"] is True and page["reporter"] is None and page["owners"] == []
    export = await browser.get(f"{API}/cases/export.xlsx")
    assert export.status_code == 200
    assert (await browser.get(f"{API}/cases", params={"q": "曹艳红"})).json()["items"] == []


async def test_nobody_learns_who_checks_until_it_is_decided(plant: PlantWeb, case: str) -> None:
    checker = PersonId(await plant.checker(case))
    for person in ("p-023", "p-113"):
        browser = await plant.of(person)
        page = (await browser.get(f"{API}/cases/{case}")).json()
        desk = next(duty for duty in page["duties"] if duty["blind"])
        assert (desk["party"]["kind"], desk["holders"], desk["claimed_by"]) == ("hidden", [], None)
        items = (await browser.get(f"{API}/cases/{case}/timeline")).json()["items"]
        drawn = next(item for item in items if item["type"] == "VerifierDrawn")
        assert not named(frozenset({checker}), str(drawn))
        tasks = (await browser.get(f"{API}/tasks", params={"scope": "team"})).json()["items"]
        assert not [task for task in tasks if task["duty"]["blind"]]


async def test_once_decided_the_names_are_there(plant: PlantWeb, case: str) -> None:
    checker = await plant.checker(case)
    note = {"note": "照片前后一致，接地电阻复测合格。"}
    done = await plant.discharge_as(checker, case, "desk", outcome="pass", form=note)
    assert done.status_code == 200, done.text
    page = (await (await plant.of(checker)).get(f"{API}/cases/{case}")).json()
    assert page["blind"] is False and page["reporter"]["name"] == "曹艳红" and "曹艳红" in page["title"]
    told = (await (await plant.of("p-023")).get(f"{API}/cases/{case}")).json()
    assert next(duty for duty in told["duties"] if duty["blind"])["ended_by"]["id"] == checker
