"""The plant through the API: looked at, edited item by item without losing anybody's change, and as a workbook."""

import asyncio
import io

import httpx
import jsonschema_rs
import openpyxl
import pytest
from plant_web import PlantWeb

from anhuan.app.handle import NewCase
from anhuan.domain.plant_items import ITEM_TYPES
from anhuan.testing.plants import GOOD_REPORT, TestHouse

PLANT = "/api/v1/plant"
NEW = {"If-Match": '"0"'}


@pytest.fixture
async def officer(plant_web: PlantWeb) -> httpx.AsyncClient:
    return await plant_web.of("p-017", "safety_officer")


async def get(browser: httpx.AsyncClient, path: str = "", **params: str | int) -> dict:  # type: ignore[type-arg]
    answer = await browser.get(PLANT + path, params=params)
    assert answer.status_code == 200, answer.text
    body: dict = answer.json()  # type: ignore[type-arg]
    return body


async def test_the_plant_says_what_it_is_made_of(officer: httpx.AsyncClient) -> None:
    whole = await get(officer)
    assert set(whole["counts"]) == set(ITEM_TYPES)
    assert whole["counts"]["person"] >= 150
    tree = (await get(officer, "/tree"))["items"]
    press = next(node for node in tree if node["id"] == "area-press")
    assert press["owners"]
    assert press["equipment"] > 0


async def test_the_tree_counts_what_is_open(plant_web: PlantWeb, officer: httpx.AsyncClient, house: TestHouse) -> None:
    await house.house.handler.open(house.tenant, house.reporter, NewCase(kind="finding", form=GOOD_REPORT))
    press = next(node for node in (await get(officer, "/tree"))["items"] if node["id"] == "area-press")
    assert (press["open_cases"], press["overdue_cases"]) == (1, 0)
    worker = await plant_web.of("p-001")
    press = next(node for node in (await get(worker, "/tree"))["items"] if node["id"] == "area-press")
    assert press["open_cases"] is None


async def test_who_answers_follows_the_shift(officer: httpx.AsyncClient) -> None:
    now = await get(officer, "/who", post="area_owner", area="area-press")
    assert now["holders"]
    assert all(holder["name"] for holder in now["holders"])
    assert (await officer.get(f"{PLANT}/who", params={"post": "nobody"})).status_code == 404


async def test_choices_are_answered_once_while_the_plant_is_the_same(officer: httpx.AsyncClient) -> None:
    first = await officer.get(f"{PLANT}/choices")
    assert {"areas", "equipment", "people", "teams", "posts"} == set(first.json())
    again = await officer.get(f"{PLANT}/choices", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    await officer.put(f"{PLANT}/site/second", json={"name": "二厂"}, headers=NEW)
    changed = await officer.get(f"{PLANT}/choices", headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200


@pytest.mark.parametrize("kind", ITEM_TYPES)
async def test_every_item_is_as_its_schema_says(officer: httpx.AsyncClient, kind: str) -> None:
    schema = await get(officer, f"/{kind}/schema")
    validator = jsonschema_rs.validator_for(schema)
    for item in (await get(officer, f"/{kind}", limit=200))["items"]:
        validator.validate(item["body"])
    titles = [part["title"] for part in schema["properties"].values()]
    assert all(title.isascii() is False for title in titles if title != "QR"), titles


async def test_a_schema_speaks_the_callers_language_and_names_what_ids_mean(plant_web: PlantWeb) -> None:
    english = await plant_web.of("p-017", "safety_officer", language="en")
    schema = await get(english, "/equipment/schema")
    assert schema["properties"]["number"]["title"] == "Equipment number"
    assert schema["properties"]["area"]["x-ref"] == "area"
    assert (await get(english, "/roster/schema"))["properties"]["cycle"]["items"]["x-ref"] == "shift"
    assert (await get(english, "/shift/schema"))["properties"]["starts"]["format"] == "time"


async def test_items_are_paged_and_found_by_name(officer: httpx.AsyncClient) -> None:
    seen: list[str] = []
    after = ""
    while True:
        page = await get(officer, "/person", limit=60, after=after)
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        after = page["next"]
    assert len(seen) == len(set(seen)) == (await get(officer))["counts"]["person"]
    found = (await get(officer, "/equipment", q="P-1601"))["items"]
    assert [item["body"]["number"] for item in found] == ["P-1601"]


async def test_a_change_rests_on_what_was_seen(officer: httpx.AsyncClient) -> None:
    path = f"{PLANT}/equipment/eq-P-1601"
    seen = await officer.get(path)
    body = {**seen.json()["body"], "name": "改名的冲床"}
    assert (await officer.put(path, json=body)).status_code == 428
    changed = await officer.put(path, json=body, headers={"If-Match": seen.headers["etag"]})
    assert changed.status_code == 200, changed.text
    late = await officer.put(path, json={**body, "name": "又改"}, headers={"If-Match": seen.headers["etag"]})
    assert late.status_code == 412
    assert late.headers["etag"] == changed.headers["etag"]
    assert (await officer.get(path)).json()["body"]["name"] == "改名的冲床"
    assert (await officer.put(path, json=body, headers=NEW)).status_code == 412


async def test_of_two_who_change_the_same_item_one_is_told(officer: httpx.AsyncClient) -> None:
    path = f"{PLANT}/team/safety_department"
    seen = await officer.get(path)
    bodies = [{**seen.json()["body"], "name": f"安全部 {number}"} for number in range(6)]
    headers = {"If-Match": seen.headers["etag"]}
    answers = await asyncio.gather(*(officer.put(path, json=body, headers=headers) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412, 412]


async def test_changes_of_different_items_do_not_stand_in_each_others_way(officer: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(
        *(officer.put(f"{PLANT}/site/s{number}", json={"name": f"厂 {number}"}, headers=NEW) for number in range(3))
    )
    assert [answer.status_code for answer in answers] == [200, 200, 200]


async def test_every_problem_is_named_with_its_field_in_words(plant_web: PlantWeb) -> None:
    officer = await plant_web.of("p-017", "safety_officer", language="en")
    body = {"number": "P-1601", "name": "", "area": "nowhere", "points": "x", "colour": "red"}
    answer = await officer.put(f"{PLANT}/equipment/eq-new", json=body, headers=NEW)
    assert answer.status_code == 422
    assert {(r["code"], r["field"]) for r in answer.json()["reasons"]} == {
        ("value_missing", "/name"),
        ("list_wanted", "/points"),
        ("field_unknown", "/colour"),
    }
    body = {"number": "P-1601", "name": "press", "area": "nowhere"}
    reasons = (await officer.put(f"{PLANT}/equipment/eq-new", json=body, headers=NEW)).json()["reasons"]
    assert {reason["code"] for reason in reasons} == {"reference_unknown", "number_taken"}
    assert all("“" in reason["text"] or "P-1601" in reason["text"] for reason in reasons)
    assert (await officer.get(f"{PLANT}/equipment/eq-new")).status_code == 404


async def test_a_day_off_in_a_rotation_is_no_shift(officer: httpx.AsyncClient) -> None:
    body = {"team": "safety_department", "from_on": "2026-01-05", "cycle": ["", "day", None]}
    shift = (await get(officer, "/shift"))["items"][0]["id"]
    body["cycle"] = ["", shift]
    answer = await officer.put(f"{PLANT}/roster/new", json=body, headers=NEW)
    assert answer.status_code == 200, answer.text
    assert answer.json()["body"]["cycle"] == [None, shift]


async def test_what_is_named_is_not_removed(officer: httpx.AsyncClient) -> None:
    answer = await officer.delete(f"{PLANT}/area/area-press", headers={"If-Match": "*"})
    assert (answer.status_code, answer.json()["code"]) == (409, "in_use")
    made = await officer.put(f"{PLANT}/site/second", json={"name": "二厂"}, headers=NEW)
    gone = await officer.delete(f"{PLANT}/site/second", headers={"If-Match": made.headers["etag"]})
    assert gone.status_code == 204
    assert (await officer.get(f"{PLANT}/site/second")).status_code == 404
    assert (await officer.delete(f"{PLANT}/site/second", headers={"If-Match": "*"})).status_code == 404


async def test_who_has_a_part_in_a_case_leaves_but_is_never_removed(
    officer: httpx.AsyncClient, house: TestHouse
) -> None:
    person = {"name": "临时工", "number": "T-1", "team": "safety_department"}
    made = await officer.put(f"{PLANT}/person/p-new", json=person, headers=NEW)
    assert made.status_code == 200, made.text
    report = NewCase(kind="finding", form={**GOOD_REPORT, "finder": "p-new"})
    await house.house.handler.open(house.tenant, house.reporter, report)
    refused = await officer.delete(f"{PLANT}/person/p-new", headers={"If-Match": made.headers["etag"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "person_named_by_cases")
    left = {**person, "left_on": "2026-11-24"}
    answer = await officer.put(f"{PLANT}/person/p-new", json=left, headers={"If-Match": made.headers["etag"]})
    assert answer.status_code == 200
    people = (await officer.get(f"{PLANT}/choices")).json()["people"]
    assert "p-new" not in {one["id"] for one in people}


async def test_equipment_named_by_a_case_is_never_removed(officer: httpx.AsyncClient, house: TestHouse) -> None:
    body = {"number": "N-1", "name": "新设备", "area": "area-press"}
    await officer.put(f"{PLANT}/equipment/eq-N-1", json=body, headers=NEW)
    report = NewCase(kind="finding", form={**GOOD_REPORT, "equipment": "eq-N-1"})
    await house.house.handler.open(house.tenant, house.reporter, report)
    refused = await officer.delete(f"{PLANT}/equipment/eq-N-1", headers={"If-Match": "*"})
    assert (refused.status_code, refused.json()["code"]) == (409, "named_by_cases")


async def test_a_plate_is_drawn(officer: httpx.AsyncClient) -> None:
    plate = await officer.get(f"{PLANT}/equipment/eq-P-1601/qr.svg")
    assert plate.headers["content-type"].startswith("image/svg+xml")
    assert "P-1601" in plate.text
    assert (await officer.get(f"{PLANT}/equipment/nothing/qr.svg")).status_code == 404


async def test_the_plant_goes_out_as_a_workbook_and_comes_back_changed(officer: httpx.AsyncClient) -> None:
    exported = (await officer.get(f"{PLANT}/export.xlsx")).content
    same = (await officer.post(f"{PLANT}/import", content=exported)).json()
    assert (same["added"], same["changed"], same["problems"]) == (0, 0, [])
    assert same["unchanged"] > 300
    book = openpyxl.load_workbook(io.BytesIO(exported))
    page = book["厂区"]
    page.append(["second", "二厂"])
    written = io.BytesIO()
    book.save(written)
    foreseen = (await officer.post(f"{PLANT}/import", params={"dry_run": "true"}, content=written.getvalue())).json()
    assert (foreseen["added"], foreseen["changed"]) == (1, 0)
    assert (await officer.get(f"{PLANT}/site/second")).status_code == 404
    done = (await officer.post(f"{PLANT}/import", content=written.getvalue())).json()
    assert done["version"] == foreseen["version"] + 1
    assert (await officer.get(f"{PLANT}/site/second")).json()["body"]["name"] == "二厂"


async def test_a_workbook_with_a_fault_changes_nothing_and_names_the_row(plant_web: PlantWeb) -> None:
    officer = await plant_web.of("p-017", "safety_officer", language="en")
    book = openpyxl.load_workbook(io.BytesIO((await officer.get(f"{PLANT}/template.xlsx")).content))
    book["Sites"].append(["second", "Second"])
    book["Areas"].append(["area-new", "New", "nowhere"])
    written = io.BytesIO()
    book.save(written)
    foreseen = await officer.post(f"{PLANT}/import", params={"dry_run": "true"}, content=written.getvalue())
    assert foreseen.status_code == 200
    assert foreseen.json()["problems"][0]["text"].startswith("Areas, row 2: ")
    refused = await officer.post(f"{PLANT}/import", content=written.getvalue())
    assert refused.status_code == 422
    assert refused.json()["reasons"] == foreseen.json()["problems"]
    assert (await officer.get(f"{PLANT}/site/second")).status_code == 404
    assert (await officer.post(f"{PLANT}/import", content=b"\x00")).json()["code"] == "file_not_a_workbook"


async def test_only_who_may_edit_does_and_another_tenant_has_a_plant_of_its_own(
    plant_web: PlantWeb, officer: httpx.AsyncClient, house: TestHouse
) -> None:
    worker = await plant_web.of("p-001")
    assert (await worker.put(f"{PLANT}/site/second", json={"name": "x"}, headers=NEW)).status_code == 403
    assert (await worker.delete(f"{PLANT}/site/site", headers={"If-Match": "*"})).status_code == 403
    assert (await worker.post(f"{PLANT}/import", content=b"x")).status_code == 403
    other = await house.another_tenant()
    await officer.put(f"{PLANT}/site/second", json={"name": "二厂"}, headers=NEW)
    stranger = await plant_web.of("p-017", "administrator", tenant=other)
    assert (await stranger.get(f"{PLANT}/site/second")).status_code == 404
    assert "second" not in {item["id"] for item in (await get(stranger, "/site"))["items"]}


async def test_what_is_no_kind_of_item_is_not_found(officer: httpx.AsyncClient) -> None:
    for path in ("/gold", "/gold/schema", "/gold/1"):
        assert (await officer.get(PLANT + path)).status_code == 404
    assert (await officer.put(f"{PLANT}/gold/1", json={}, headers=NEW)).status_code == 404
