"""The whole loop over HTTP: report, receipts, rectification, blind check, closure; and what is refused on the way."""

import asyncio
import re
from datetime import timedelta

import pytest
from plant_web import DRAWING, PlantWeb

from anhuan.testing.plants import GOOD_REPORT

API = "/api/v1"


async def test_a_finding_goes_from_report_to_closure(plant: PlantWeb) -> None:
    case = await plant.report()
    assert re.fullmatch(r"YH-2026-\d{6}", case["number"]) and case["incomplete"] == []
    assert (case["risk_level"], case["stage"], case["status"]) == ("red", "rectify", "open")
    await plant.rectified(case["id"])
    checker = await plant.checker(case["id"])
    note = {"note": "照片前后一致，接地电阻复测合格。"}
    answer = await plant.discharge_as(checker, case["id"], "desk", outcome="pass", form=note)
    assert answer.status_code == 200, answer.text
    desk = await plant.of("p-003", "safety_officer")
    page = (await desk.get(f"{API}/cases/{case['id']}")).json()
    site = next(duty for duty in page["duties"] if duty["key"] == "site")
    rechecker = site["holders"][0]["id"]
    browser = await plant.of(rechecker)
    photo = {"slot": "own_photo", "sha256": await plant.photo(browser, "own")}
    answer = await plant.discharge_as(rechecker, case["id"], "site", outcome="pass", form=note, files=[photo])
    assert answer.status_code == 200, answer.text
    closed = answer.json()
    assert (closed["status"], closed["outcome"], closed["stage"]) == ("closed", "verified", "")
    items = (await desk.get(f"{API}/cases/{case['id']}/timeline")).json()["items"]
    assert items[-1]["type"] == "CaseClosed" and "销号" in items[-1]["text"]
    assert [item["version"] for item in items] == list(range(1, closed["version"] + 1))


async def test_the_page_tells_who_owes_what_by_when_and_by_which_rule(plant: PlantWeb) -> None:
    case = await plant.report()
    answer = await (await plant.of("p-003", "safety_officer", language="en")).get(f"{API}/cases/{case['id']}")
    assert answer.headers["etag"] == f'"{case["version"]}"'
    page = answer.json()
    assert {duty["key"] for duty in page["duties"]} == {"receipt", "rectify"}
    lead = next(duty for duty in page["duties"] if duty["key"] == "rectify" and duty["part"] == "lead")
    assert lead["party"] == {"text": "电工班", "kind": "team", "id": "electricians"}
    assert lead["holders"] and lead["rungs"][0]["to_text"] and lead["due_at"].endswith("Z")
    tables = {table["table"]: table for table in page["tables"]}
    assert tables["rectifiers"]["row_name"].startswith("Electrical") and tables["deadlines"]["outputs"]
    gate = lead["may"]["do"]
    assert not gate["ok"] and "not yours" in gate["why"]
    assert page["form"]["category"] == "electrical" and page["computed"]["risk_level"] == "red"


@pytest.mark.parametrize(("language", "said"), [("zh", "整改后照片"), ("en", "Photos after")])
async def test_what_is_missing_is_refused_with_field_and_cure(plant: PlantWeb, language: str, said: str) -> None:
    case = await plant.report()
    desk = await plant.of("p-003", "safety_officer")
    page = (await desk.get(f"{API}/cases/{case['id']}")).json()
    duty = next(d for d in page["duties"] if d["key"] == "rectify" and d["part"] == "lead")
    browser = await plant.of(duty["holders"][0]["id"], language=language)
    body = {"form": {"measure": "已整改", "containment": "停机挂牌"}}
    answer = await browser.post(f"{API}/cases/{case['id']}/duties/{duty['no']}/discharge", json=body)
    assert answer.status_code == 422 and answer.headers["content-type"] == "application/problem+json"
    reasons = {(reason["field"], reason["code"]): reason["text"] for reason in answer.json()["reasons"]}
    assert ("/proofs/photo_after", "proof_missing") in reasons
    assert ("/measure", "too_short") in reasons or ("/measure", "vague") in reasons
    assert said in reasons["/proofs/photo_after", "proof_missing"]
    assert (await desk.get(f"{API}/cases/{case['id']}")).json()["version"] == page["version"]


async def test_strokes_that_are_no_name_and_files_of_others_are_refused(plant: PlantWeb) -> None:
    case = await plant.report()
    desk = await plant.of("p-003", "safety_officer")
    page = (await desk.get(f"{API}/cases/{case['id']}")).json()
    duty = next(d for d in page["duties"] if d["key"] == "rectify" and d["part"] == "lead")
    browser = await plant.of(duty["holders"][0]["id"])
    work = await plant.work(browser, "lead")
    path = f"{API}/cases/{case['id']}/duties/{duty['no']}/discharge"
    dot = {**DRAWING, "strokes": [[[1, 1, 0]]]}
    answer = await browser.post(path, json={**work, "signature": {"drawing": dot, "statement": "s"}})
    assert (answer.status_code, answer.json()["code"]) == (422, "drawing_too_short")
    foreign = {"slot": "photo_after", "sha256": await plant.photo(desk, "another's")}
    answer = await browser.post(path, json={**work, "files": [*work["files"], foreign]})
    assert answer.status_code == 422 and answer.json()["reasons"][0]["field"].startswith("/files/2")
    done = (await browser.post(path, json=work)).json()
    assert done["stage"] == "rectify"
    shown = next(d for d in (await desk.get(f"{API}/cases/{case['id']}")).json()["duties"] if d["no"] == duty["no"])
    assert shown["signature"]["statement"] == "本人确认整改属实。" and len(shown["signature"]["signed_hash"]) == 64
    assert "电子签名法" in shown["signature"]["legal_note"] and shown["comparison"]["verdict"] in (
        "pass",
        "cannot_tell",
    )
    assert all(remark["text"] and "{" not in remark["text"] for remark in shown["comparison"]["remarks"])


@pytest.mark.parametrize(("language", "said"), [("zh", "请写作 2026-01-31T08:00:00+08:00"), ("en", "like 2026-01-31")])
async def test_a_clock_without_a_zone_tells_no_time(plant: PlantWeb, language: str, said: str) -> None:
    browser = await plant.of("p-001", language=language)
    photo = {"slot": "photo", "sha256": await plant.photo(browser, "zone"), "captured_at": "2026-01-05T09:00:00"}
    body = {"kind": "finding", "form": GOOD_REPORT, "files": [photo], "found_at": "yesterday"}
    answer = await browser.post(f"{API}/cases", json=body, headers={"Idempotency-Key": "zone"})
    reasons = {reason["field"]: reason for reason in answer.json()["reasons"]}
    assert answer.status_code == 422 and reasons.keys() == {"/files/0/captured_at", "/found_at"}
    assert {reason["code"] for reason in reasons.values()} == {"time_unreadable"}
    assert said in reasons["/found_at"]["text"] and "2026-01-05T09:00:00" in reasons["/files/0/captured_at"]["text"]


async def test_what_the_case_itself_knows_and_what_nobody_asked_for_is_refused(plant: PlantWeb) -> None:
    browser = await plant.of("p-001")
    form = {**GOOD_REPORT, "case": {"source": "import"}}
    for path in ("/cases", "/cases/check"):
        answer = await browser.post(f"{API}{path}", json={"kind": "finding", "form": form})
        assert (answer.status_code, answer.json()["reasons"][0]["field"]) == (422, "/case")
    where = {"slot": "photo", "sha256": await plant.photo(browser, "where"), "captured_where": {"place": "hall 3"}}
    answer = await browser.post(f"{API}/cases", json={"kind": "finding", "form": GOOD_REPORT, "files": [where]})
    assert (answer.status_code, answer.json()["reasons"][0]["field"]) == (422, "/files/0/captured_where/place")


async def test_an_unfinished_report_is_taken_in_and_can_be_completed(plant: PlantWeb) -> None:
    browser = await plant.of("p-023")
    answer = await browser.post(f"{API}/cases", json={"kind": "finding", "form": {"description": "漏油"}})
    assert answer.status_code == 201
    case = answer.json()
    assert case["stage"] == "triage" and {r["field"] for r in case["incomplete"]} >= {
        "/category",
        "/equipment",
        "/risk",
    }
    page = (await browser.get(f"{API}/cases/{case['id']}")).json()
    assert page["may"]["revise"]["ok"]
    answer = await browser.post(f"{API}/cases/{case['id']}/form", json={"form": GOOD_REPORT})
    assert answer.json()["stage"] == "rectify"
    page = (await browser.get(f"{API}/cases/{case['id']}")).json()
    assert not page["may"]["revise"]["ok"] and page["may"]["revise"]["why"] and page["incomplete"] == []
    empty = await browser.post(f"{API}/cases", json={"kind": "finding", "form": {}})
    assert (empty.status_code, empty.json()["code"]) == (422, "nothing_said")


async def test_a_report_is_judged_and_foreseen_before_it_is_sent(plant: PlantWeb) -> None:
    browser = await plant.of("p-023")
    checked = (await browser.post(f"{API}/cases/check", json={"kind": "finding", "form": GOOD_REPORT})).json()
    assert checked["intake"] == checked["dispatch"] == [] and checked["computed"]["risk_level"] == "red"
    assert {duty["key"] for duty in checked["preview"]["duties"]} == {"receipt", "rectify"}
    assert checked["preview"]["stage_name"] == "整改" and checked["preview"]["tables"]
    elsewhere = {"kind": "finding", "form": {**GOOD_REPORT, "equipment": "P-9999"}}
    checked = (await browser.post(f"{API}/cases/check", json=elsewhere)).json()
    assert [(one["code"], one["field"]) for one in checked["intake"]] == [("equipment_unknown", "/equipment")]
    assert checked["preview"] is None
    refused = (await browser.post(f"{API}/cases", json=elsewhere)).json()
    assert refused["reasons"] == checked["intake"], "what the check foretells is what the report is told"
    vague = await browser.post(f"{API}/cases/check", json={"kind": "finding", "form": {"description": "待完善"}})
    assert {"/description", "/category"} <= {reason["field"] for reason in vague.json()["dispatch"]}
    assert await plant.house.superuser("SELECT count(*) FROM case_row") == [(0,)]


async def test_sent_twice_under_one_key_it_is_one_case_and_answers_the_same(plant: PlantWeb) -> None:
    browser = await plant.of("p-023")
    body, key = {"kind": "finding", "form": GOOD_REPORT}, {"Idempotency-Key": "tap-1"}
    answers = await asyncio.gather(*(browser.post(f"{API}/cases", json=body, headers=key) for _ in range(4)))
    assert {answer.json()["id"] for answer in answers} == {answers[0].json()["id"]}
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    other = {**body, "form": {**GOOD_REPORT, "category": "fire"}}
    conflict = await browser.post(f"{API}/cases", json=other, headers=key)
    assert (conflict.status_code, conflict.json()["code"]) == (409, "idempotency_conflict")
    assert conflict.json()["case"] == answers[0].json()["id"]
    assert len(await plant.house.superuser("SELECT 1 FROM command_conflict")) == 1
    another = await (await plant.of("p-024")).post(f"{API}/cases", json=body, headers=key)
    assert another.status_code == 201 and another.json()["id"] != answers[0].json()["id"]


async def test_a_duty_done_twice_under_one_key_answers_the_same(plant: PlantWeb) -> None:
    case = await plant.report()
    desk = await plant.of("p-003", "safety_officer")
    page = (await desk.get(f"{API}/cases/{case['id']}")).json()
    duty = next(d for d in page["duties"] if d["key"] == "receipt")
    browser = await plant.of(duty["holders"][0]["id"])
    path, key = f"{API}/cases/{case['id']}/duties/{duty['no']}/discharge", {"Idempotency-Key": "tap-2"}
    first = await browser.post(path, json={"form": {}}, headers=key)
    again = await browser.post(path, json={"form": {}}, headers=key)
    assert (first.status_code, again.status_code) == (200, 200) and again.json()["version"] == first.json()["version"]
    bare = await browser.post(path, json={"form": {}})
    assert (bare.status_code, bare.json()["code"]) == (409, "duty_not_open")


async def test_a_stale_version_is_refused(plant: PlantWeb) -> None:
    browser = await plant.of("p-023")
    case = (await browser.post(f"{API}/cases", json={"kind": "finding", "form": {"description": "漏油"}})).json()
    path = f"{API}/cases/{case['id']}/form"
    answer = await browser.post(path, json={"form": {"category": "fire"}}, headers={"If-Match": '"1"'})
    assert answer.status_code == 412 and answer.headers["etag"] == f'"{case["version"]}"'
    fresh = {"If-Match": f'"{case["version"]}"'}
    assert (await browser.post(path, json={"form": {"category": "fire"}}, headers=fresh)).status_code == 200


async def test_asking_for_more_time_needs_the_safety_officer(plant: PlantWeb) -> None:
    case = await plant.report()
    desk = await plant.of("p-003", "safety_officer")
    page = (await desk.get(f"{API}/cases/{case['id']}")).json()
    duty = next(d for d in page["duties"] if d["key"] == "rectify" and d["part"] == "lead")
    browser = await plant.of(duty["holders"][0]["id"])
    until = (plant.house.time() + timedelta(days=3)).isoformat()
    body = {
        "move": "extension",
        "duty": duty["no"],
        "form": {"until": until, "reason": "等待备件到货", "containment": "停机挂牌"},
    }
    answer = await browser.post(f"{API}/cases/{case['id']}/moves", json=body)
    assert answer.status_code == 200, answer.text
    page = (await browser.get(f"{API}/cases/{case['id']}")).json()
    assert page["moves"][0]["granted"] is None and page["moves"][0]["name"]
    again = next(m for m in page["duties"][duty["no"] - 1]["may"]["moves"] if m["key"] == "extension")
    assert not again["ok"] and again["why"]
    granted = await plant.discharge(case["id"], "extension_approval", outcome="approve", form={})
    assert granted.status_code == 200, granted.text
    page = (await desk.get(f"{API}/cases/{case['id']}")).json()
    assert page["moves"][0]["granted"] is True and page["due_at"][:16] == until[:16]


async def test_a_note_joins_and_a_stranger_sees_only_what_they_have_a_part_in(plant: PlantWeb) -> None:
    case = await plant.report()
    stranger = await plant.of("p-140")
    assert (await stranger.get(f"{API}/cases/{case['id']}")).status_code == 404
    assert (await stranger.get(f"{API}/cases")).json()["items"] == []
    assert (await stranger.post(f"{API}/cases/{case['id']}/notes", json={"text": "看到了"})).status_code == 404
    found = (
        await stranger.get(
            f"{API}/cases/similar",
            params={"kind": "finding", "equipment": "eq-P-1601", "category": "electrical", "text": "接地线断开"},
        )
    ).json()
    assert found["items"][0]["id"] == case["id"] and found["items"][0]["reporter"] is None
    joined = await stranger.post(f"{API}/cases/{case['id']}/join", json={"text": "我也看到接地线断了"})
    assert joined.status_code == 200
    assert (await stranger.get(f"{API}/cases/{case['id']}")).status_code == 200


async def test_another_tenant_sees_nothing(plant: PlantWeb) -> None:
    case = await plant.report()
    other = await plant.of("p-003", "administrator", tenant=await plant.house.another_tenant())
    for path in (f"/cases/{case['id']}", f"/cases/{case['id']}/timeline"):
        assert (await other.get(API + path)).status_code == 404
    assert (await other.get(f"{API}/cases")).json() == {"items": [], "next": None, "total": 0}
    assert (await other.get(f"{API}/tasks", params={"scope": "all"})).json()["items"] == []
    for path, body in (
        ("/notes", {"text": "x"}),
        ("/join", {"text": "x"}),
        ("/form", {"form": {}}),
        ("/moves", {"move": "reopen"}),
        ("/duties/1/claim", None),
        ("/duties/1/discharge", {}),
    ):
        answer = await other.post(f"{API}/cases/{case['id']}{path}", json=body)
        assert answer.status_code == 404, (path, answer.text)


async def test_kinds_tell_everything_a_client_needs(plant: PlantWeb) -> None:
    browser = await plant.of("p-003", "safety_officer", language="en")
    kinds = (await browser.get(f"{API}/kinds")).json()["items"]
    finding = next(kind for kind in kinds if kind["key"] == "finding")
    assert finding == (await browser.get(f"{API}/kinds/finding")).json()
    assert finding["name"] == "Finding" and finding["form"]["properties"]["description"]
    assert finding["computed"][0]["methods"][0]["factors"][0]["ratings"][0]["text"]
    assert {"rectify", "verify"} <= {stage["key"] for stage in finding["stages"]} and finding["words"]["field.area"]
    tables = (await browser.get(f"{API}/kinds/finding/tables")).json()["items"]
    assert all(len(row["cells"]) == len(table["columns"]) for table in tables for row in table["rows"])
    picture = await browser.get(f"{API}/kinds/finding/diagram.svg")
    assert picture.headers["content-type"] == "image/svg+xml" and picture.text.startswith("<svg")
    assert (await browser.get(f"{API}/kinds/nothing")).status_code == 404
