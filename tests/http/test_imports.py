"""A register through the API: looked at, corrected, taken in once, and seen by its own tenant only."""

import asyncio
import io
from datetime import timedelta

import httpx
import openpyxl
import pytest
import xlsxwriter
from plant_web import PlantWeb

from anhuan import resources
from anhuan.testing.plants import TestHouse

KIND = "finding"
REGISTER = resources.path("examples") / "finding-register-2025Q4.xlsx"
IMPORTS = "/api/v1/imports"
HEADS = ("序号", "发现日期", "发现人", "区域", "设备编号", "隐患类别", "隐患描述", "风险等级", "责任人", "验收情况")
ROW = (1, "2026-11-02", "外来检查员", "冲压车间", "P-1601", "电气", "控制柜接地线断开", "红", "许文", "未完成")


@pytest.fixture
async def officer(plant_web: PlantWeb) -> httpx.AsyncClient:
    return await plant_web.of("p-017", "safety_officer")


def sheet(*rows: tuple[object, ...], heads: tuple[str, ...] = HEADS) -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        page = book.add_worksheet("台账")
        for number, row in enumerate((heads, *rows)):
            page.write_row(number, 0, row)
    return written.getvalue()


async def send(browser: httpx.AsyncClient, data: bytes, key: str | None = None) -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    return await browser.post(IMPORTS, params={"kind": KIND, "file_name": "台账.xlsx"}, content=data, headers=headers)


async def test_a_register_is_looked_at_and_then_taken_in_once(officer: httpx.AsyncClient, house: TestHouse) -> None:
    seen = await send(officer, REGISTER.read_bytes())
    assert seen.status_code == 201, seen.text
    body = seen.json()
    counts = {name: body["counts"][name] for name in ("rows", "accepted", "rejected", "duplicates", "skipped")}
    assert counts == {"rows": 297, "accepted": 268, "rejected": 19, "duplicates": 6, "skipped": 4}
    assert body["layout"]["head_rows"] == [3, 4]
    assert body["layout"]["columns"]["found_at"] == {"column": 1, "head": "发现/日期", "confidence": 1.0}
    assert await house.superuser("SELECT count(*) FROM case_row") == [(0,)]
    back = next(row for row in body["sample"] if not row["accepted"] and not row["duplicate"])
    assert back["reasons"][0]["text"].startswith("「")

    done = await officer.post(f"{IMPORTS}/{body['id']}/commit")
    assert (done.status_code, done.json()["state"]) == (200, "done")
    assert (done.json()["accepted"], done.json()["open"], done.json()["history"]) == (268, 145, 123)
    again = await officer.post(f"{IMPORTS}/{body['id']}/commit")
    assert again.json() == done.json()

    second = (await send(officer, REGISTER.read_bytes())).json()
    assert (second["counts"]["accepted"], second["counts"]["duplicates"]) == (0, 274)
    assert (await officer.post(f"{IMPORTS}/{second['id']}/commit")).json()["accepted"] == 0
    rows = await house.superuser("SELECT status, imported, count(*) FROM case_row GROUP BY 1, 2 ORDER BY 1")
    assert rows == [("closed", True, 123), ("open", False, 145)]


async def test_open_rows_are_live_cases_with_owners_and_deadlines(officer: httpx.AsyncClient, house: TestHouse) -> None:
    run = (await send(officer, sheet(ROW))).json()
    assert (await officer.post(f"{IMPORTS}/{run['id']}/commit")).json()["open"] == 1
    brief = (await officer.get("/api/v1/cases")).json()["items"][0]
    assert brief["source"] == "import"
    assert brief["risk_level"] == "red"
    assert brief["owners"]
    assert brief["due_at"] > house.time().isoformat()
    # Nobody on record found it, so it is nobody's who is: least of all the officer's who imported it.
    assert brief["finder"] is None
    form = (await officer.get(f"/api/v1/cases/{brief['id']}")).json()["form"]
    assert form["register_owner"] == "许文"
    assert "发现人: 外来检查员" in form["register_row"]


async def test_a_correction_is_used_and_remembered_by_the_plant(plant_web: PlantWeb, house: TestHouse) -> None:
    officer = await plant_web.of("p-017", "safety_officer")
    heads = tuple("甲" if head == "隐患描述" else "乙" if head == "风险等级" else head for head in HEADS)
    first = (await send(officer, sheet(ROW, heads=heads))).json()
    assert first["counts"]["accepted"] == 0
    layout = first["layout"]
    layout["columns"]["description"] = {"column": 6, "head": "甲", "confidence": 1}
    layout["columns"]["risk_level"] = {"column": 7, "head": "乙", "confidence": 1}
    mended = await officer.put(f"{IMPORTS}/{first['id']}/layout", json={"layout": layout})
    assert mended.status_code == 200, mended.text
    assert mended.json()["counts"]["accepted"] == 1
    assert (await officer.post(f"{IMPORTS}/{first['id']}/commit")).json()["accepted"] == 1
    refused = await officer.put(f"{IMPORTS}/{first['id']}/layout", json={"layout": layout})
    assert (refused.status_code, refused.json()["code"]) == (409, "import_begun")

    other_row = (2, "2026-11-03", *ROW[2:6], "压力表超过检定期", *ROW[7:])
    next_quarter = (await send(officer, sheet(ROW, other_row, heads=heads))).json()
    assert (next_quarter["counts"]["accepted"], next_quarter["counts"]["duplicates"]) == (1, 1)
    other = await house.another_tenant()
    stranger = await plant_web.of("p-017", "safety_officer", tenant=other)
    assert (await send(stranger, sheet(ROW, heads=heads))).json()["counts"]["accepted"] == 0


async def test_what_comes_back_is_corrected_and_taken_in(officer: httpx.AsyncClient) -> None:
    vague = (*ROW[:6], "不安全", *ROW[7:])
    run = (await send(officer, sheet(vague))).json()
    done = (await officer.post(f"{IMPORTS}/{run['id']}/commit")).json()
    assert (done["accepted"], done["rejected"]) == (0, 1)
    answer = await officer.get(f"{IMPORTS}/{run['id']}/rejects.xlsx", headers={"Accept-Language": "en"})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    page = book.worksheets[0]
    assert [cell.value for cell in page[2]][6] == "不安全"
    assert "tells nothing" in str(page.cell(2, len(HEADS) + 1).value)
    page.cell(2, 7).value = "防护罩缺失，手可伸入"
    corrected = io.BytesIO()
    book.save(corrected)
    again = (await send(officer, corrected.getvalue())).json()
    assert (await officer.post(f"{IMPORTS}/{again['id']}/commit")).json()["accepted"] == 1


async def test_sent_twice_under_one_key_is_one_import(officer: httpx.AsyncClient) -> None:
    data = sheet(ROW)
    first, second = await send(officer, data, "k-1"), await send(officer, data, "k-1")
    assert second.status_code == 201, second.text
    assert first.json()["id"] == second.json()["id"]
    other = await send(officer, sheet(ROW, ROW), "k-1")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")
    assert len((await officer.get(IMPORTS)).json()["items"]) == 1


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "file_empty"), (b"PK\x03\x04 no zip", "file_damaged"), (b"\x00\x01", "file_not_a_workbook")],
)
async def test_what_is_no_register_is_refused_in_words(officer: httpx.AsyncClient, data: bytes, code: str) -> None:
    answer = await send(officer, data)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["reasons"][0]["text"]


async def test_a_register_without_a_head_waits_for_a_person(officer: httpx.AsyncClient, house: TestHouse) -> None:
    run = (await send(officer, sheet(("a", "b"), heads=("x", "y")))).json()
    assert run["layout"]["problems"]
    answer = await officer.post(f"{IMPORTS}/{run['id']}/commit")
    assert (answer.status_code, answer.json()["code"]) == (422, "import_layout_unclear")
    assert await house.superuser("SELECT count(*) FROM case_row") == [(0,)]


async def test_only_who_may_import_does_and_another_tenant_sees_nothing(
    plant_web: PlantWeb, officer: httpx.AsyncClient, house: TestHouse
) -> None:
    run = (await send(officer, sheet(ROW))).json()
    worker = await plant_web.of("p-001")
    assert (await send(worker, sheet(ROW))).status_code == 403
    other = await house.another_tenant()
    stranger = await plant_web.of("p-017", "administrator", tenant=other)
    assert (await stranger.get(IMPORTS)).json()["items"] == []
    for method, path in (
        ("GET", f"{IMPORTS}/{run['id']}"),
        ("GET", f"{IMPORTS}/{run['id']}/progress"),
        ("GET", f"{IMPORTS}/{run['id']}/rejects.xlsx"),
        ("POST", f"{IMPORTS}/{run['id']}/commit"),
        ("PUT", f"{IMPORTS}/{run['id']}/layout"),
    ):
        answer = await stranger.request(method, path, json={"layout": {}} if method == "PUT" else None)
        assert answer.status_code == 404, path
    assert (await officer.post(f"{IMPORTS}/{run['id']}/commit")).json()["accepted"] == 1


async def test_imports_are_listed_with_who_and_when(officer: httpx.AsyncClient) -> None:
    for number in range(3):
        row = (number, "2026-11-02", *ROW[2:6], f"第 {number} 处漏油，地面湿滑", *ROW[7:])
        await send(officer, sheet(row))
    page = (await officer.get(IMPORTS, params={"limit": 2})).json()
    assert [run["by"]["id"] for run in page["items"]] == ["p-017", "p-017"]
    rest = (await officer.get(IMPORTS, params={"limit": 2, "after": page["next"]})).json()
    assert len(rest["items"]) == 1
    assert rest["next"] is None


async def test_a_long_import_goes_on_while_others_are_served(
    officer: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anhuan.http.imports.WAIT_S", 0)
    run = (await send(officer, REGISTER.read_bytes())).json()
    begun = await officer.post(f"{IMPORTS}/{run['id']}/commit")
    assert (begun.status_code, begun.json()["state"]) == (202, "running")
    while (now := (await officer.get(f"{IMPORTS}/{run['id']}/progress")).json())["state"] == "running":
        await asyncio.sleep(0)
    assert (now["accepted"], now["done"]) == (268, 297)


async def test_an_import_that_is_cut_short_goes_on_when_it_is_asked_for_again(
    officer: httpx.AsyncClient, house: TestHouse
) -> None:
    run = (await send(officer, REGISTER.read_bytes())).json()
    imports = house.house.imports
    kept = await imports.run(house.tenant, run["id"])
    assert kept is not None
    assert await imports.start(house.tenant, None, kept, wait_s=0) is None
    while not (taken := (await house.superuser("SELECT count(*) FROM case_row"))[0][0]):
        await asyncio.sleep(0)
    await imports.close()
    assert 0 < taken < 268

    commit = f"{IMPORTS}/{run['id']}/commit"
    too_soon = await officer.post(commit)
    assert (too_soon.status_code, too_soon.json()["code"]) == (409, "import_running")
    house.time.now += timedelta(minutes=2)
    done = (await officer.post(commit)).json()
    assert done["state"] == "done"
    assert done["accepted"] + done["duplicates"] == 274
    assert await house.superuser("SELECT count(*) FROM case_row") == [(268,)]
