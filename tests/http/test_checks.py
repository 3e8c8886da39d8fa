"""A check over HTTP: one walk, several findings, each a case of its own that keeps area and source."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from plant_web import PlantWeb
from test_paper_routes import bare, text_of

from anhuan.testing.plants import GOOD_REPORT

API = "/api/v1"
CHECK = {
    "name": "冲压车间节前检查",
    "check_type": "pre_holiday",
    "area": "area-press",
    "leader": "p-004",
    "participants": ["p-021"],
}
FOUND = {key: value for key, value in GOOD_REPORT.items() if key != "area"}


async def begun(plant: PlantWeb, **form: object) -> tuple[httpx.AsyncClient, str]:
    """The leader's browser and the check that they opened."""
    leader = await plant.of("p-004", "safety_officer")
    body = {"kind": "safety_check", "form": {**CHECK, **form}}
    answer = await leader.post(f"{API}/cases", json=body)
    assert answer.status_code == 201, answer.text
    return leader, answer.json()["id"]


async def found(browser: httpx.AsyncClient, check: str, key: str, **form: object) -> httpx.Response:
    """Something found on the walk, reported with what the check's page gives to begin with."""
    page = (await browser.get(f"{API}/cases/{check}")).json()
    body: dict[str, Any] = {"kind": page["finds"]["kind"], "form": {**page["finds"]["form"], **FOUND, **form}}
    return await browser.post(f"{API}/cases", json={**body, "parent": check}, headers={"Idempotency-Key": key})


async def written(plant: PlantWeb, check: str, **form: object) -> httpx.Response:
    """The record of the walk, written by one of those who went."""
    browser = await plant.of("p-021")
    page = (await browser.get(f"{API}/cases/{check}")).json()
    own = next(duty["no"] for duty in page["duties"] if duty["may"]["do"]["ok"])
    body = {"form": {"summary": "走了全部工位", **form}}
    return await browser.post(f"{API}/cases/{check}/duties/{own}/discharge", json=body)


async def test_a_walk_yields_many_findings_each_with_its_source(plant: PlantWeb) -> None:
    leader, check = await begun(plant)
    participant = await plant.of("p-021")
    answers = [
        await found(leader, check, "one"),
        await found(leader, check, "two", description="安全出口指示灯不亮，夜班看不清"),
        await found(participant, check, "three", description="配电箱门未关，内有积尘"),
    ]
    assert [answer.status_code for answer in answers] == [201] * 3, [answer.text for answer in answers]
    untold = await written(plant, check, nothing_found=True)
    assert untold.status_code == 422 and untold.json()["code"] == "something_was_found"
    await plant.house.run_effects()
    page = (await leader.get(f"{API}/cases/{check}")).json()
    assert {link["id"] for link in page["links"] if link["relation"] == "child"} == {a.json()["id"] for a in answers}
    one = (await leader.get(f"{API}/cases/{answers[0].json()['id']}")).json()
    assert (one["form"]["finding_source"], one["area"]["id"]) == ("pre_holiday", "area-press")
    refused = await written(plant, check, nothing_found=True)
    assert refused.status_code == 422 and refused.json()["code"] == "something_was_found"
    done = await written(plant, check)
    assert (done.json()["status"], done.json()["outcome"]) == ("closed", "checked")


async def test_nothing_found_is_a_record_too_and_must_be_said(plant: PlantWeb) -> None:
    _, check = await begun(plant)
    unsaid = await written(plant, check)
    assert unsaid.status_code == 422 and unsaid.json()["reasons"][0]["field"] == "/nothing_found"
    said = await written(plant, check, nothing_found=True)
    assert said.json()["outcome"] == "checked"


async def test_an_ended_check_takes_nothing_more_yet_answers_what_was_sent_before(plant: PlantWeb) -> None:
    leader, check = await begun(plant)
    first = await found(leader, check, "once")
    await plant.house.run_effects()
    await written(plant, check)
    late = await found(leader, check, "late")
    assert late.status_code == 422 and late.json()["code"] == "parent_closed"
    again = await found(leader, check, "once")
    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])


async def test_only_who_sees_the_check_and_only_what_it_takes(plant: PlantWeb) -> None:
    leader, check = await begun(plant)
    stranger = await plant.of("p-100")
    body = {"kind": "finding", "form": GOOD_REPORT, "parent": check}
    hidden = await stranger.post(f"{API}/cases", json=body)
    assert hidden.status_code == 422 and hidden.json()["code"] == "parent_unknown"
    wrong = await leader.post(f"{API}/cases", json={"kind": "safety_check", "form": CHECK, "parent": check})
    assert wrong.status_code == 422 and wrong.json()["code"] == "parent_takes_none"
    finding = await plant.report()
    none = await leader.post(f"{API}/cases", json={**body, "parent": finding["id"]})
    assert none.status_code == 422 and none.json()["code"] == "parent_takes_none"


async def test_an_authoritys_check_hands_document_and_deadline_on(plant: PlantWeb) -> None:
    paper = {
        "issuer": "某区应急管理局",
        "document_number": "应急检〔2026〕9号",
        "issuer_due_at": "2027-01-05T09:00:00Z",
    }
    leader, check = await begun(plant, check_type="government", **paper)
    answer = await found(leader, check, "gov")
    page = (await leader.get(f"{API}/cases/{answer.json()['id']}")).json()
    assert {key: page["form"][key] for key in paper} == paper


async def test_the_record_lists_what_was_found_and_counts_what_its_issuer_may_not_see(plant: PlantWeb) -> None:
    leader, check = await begun(plant)
    one = (await found(leader, check, "one", description="安全出口被料架挡住", suggested_measure="移走料架")).json()
    await found(
        leader,
        check,
        "two",
        area="area-sewage",
        equipment="none",
        location_detail="二号门旁",
        description="配电箱门未关严，内有积尘",
    )
    await plant.house.run_effects()
    await written(plant, check)
    issued = await leader.post(f"{API}/cases/{check}/papers", json={"paper": "check_record"})
    assert issued.status_code == 201, issued.text
    text = bare(text_of((await leader.get(issued.json()["url"])).content))
    said = ("检查发现的隐患", one["number"], "安全出口被料架挡住", "移走料架", "二号门旁", "配电箱门未关严")
    assert [part for part in said if part not in text] == []
    due = (await leader.get(f"{API}/cases/{one['id']}")).json()["due_at"]
    assert local(due) in text
    participant = await plant.of("p-021")
    theirs = await participant.post(f"{API}/cases/{check}/papers", json={"paper": "check_record"})
    narrow = bare(text_of((await participant.get(theirs.json()["url"])).content))
    assert "安全出口被料架挡住" in narrow and "配电箱门未关严" not in narrow and "另有1条无权查看" in narrow


async def test_a_check_without_findings_says_so_on_its_record(plant: PlantWeb) -> None:
    leader, check = await begun(plant)
    await written(plant, check, nothing_found=True)
    issued = await leader.post(f"{API}/cases/{check}/papers", json={"paper": "check_record"})
    assert "没有登记" in bare(text_of((await leader.get(issued.json()["url"])).content))


def local(instant: str) -> str:
    """An instant of the API as a paper of the demo plant writes it, without blanks."""
    return datetime.fromisoformat(instant).astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%d%H:%M")
