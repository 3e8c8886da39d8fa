"""The pack of a safety meeting and the statistics over HTTP: one value in three files, and the meeting as a case."""

import io
from datetime import timedelta
from typing import Any

import docx
import httpx
import openpyxl
import pytest
from plant_web import PlantWeb
from test_file_routes import named
from test_paper_routes import bare, photo, text_of

from anhuan.app.figure_words import figure_name
from anhuan.app.handle import PastCase
from anhuan.app.reports.figures import FIGURES
from anhuan.ports.reports import Amount, shown

API = "/api/v1"
MONTH = "2026-11"
OFFICER, HEAD, PRINCIPAL, OWNER = "p-004", "p-003", "p-001", "p-021"
SHARES, DAYS = ("rate",), ("cycle",)
FIRE = {"category": "fire", "area": "area-welding", "equipment": "none", "description": "灭火器压力不足，指针在红区"}


async def fetched(browser: httpx.AsyncClient, path: str, **query: str) -> bytes:
    answer = await browser.get(f"{API}/reports/{path}", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].endswith(f'.{path.rpartition("/")[2]}"')
    return answer.content


async def pack(browser: httpx.AsyncClient, month: str = MONTH, **query: str) -> tuple[str, Any, Any]:
    """Text of the PDF, the Word document, the workbook."""
    pdf, word, book = [
        await fetched(browser, f"meeting/{month}/{ending}", **query) for ending in ("pdf", "docx", "xlsx")
    ]
    return text_of(pdf), docx.Document(io.BytesIO(word)), openpyxl.load_workbook(io.BytesIO(book))


def table_under(document: Any, head: str) -> list[list[str]]:
    """The rows of the Word table whose first head is this one."""
    return next(
        [[cell.text for cell in row.cells] for row in table.rows]
        for table in document.tables
        if table.rows[0].cells[0].text == head
    )


def book_rows(book: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Sheet -> its rows that hold something."""
    return {
        sheet.title: [row for row in sheet.iter_rows(values_only=True) if any(cell is not None for cell in row)]
        for sheet in book
    }


def unit_of(key: str) -> Any:
    return "share" if key.endswith("_rate") else "working_days" if key.startswith("cycle") else "count"


@pytest.fixture
async def figures(plant: PlantWeb) -> PlantWeb:
    """Three findings of November, one overdue and one with a photo; one of October; two rows of an old register."""
    plant.house.time.now -= timedelta(days=30)
    await plant.report("p-021", **FIRE)
    plant.house.time.now += timedelta(days=14)
    reporter, data = await plant.of("p-023"), photo("darkred")
    await reporter.put(f"{API}/files/{named(data)}", content=data)
    form = {**FIRE, "area": "area-press", "description": "压力机旁灭火器被物料遮挡"}
    form["risk"] = {"method": "lec", "factors": {"l": 6, "e": 6, "c": 15}}
    body = {"kind": "finding", "form": form, "files": [{"slot": "photo", "sha256": named(data)}]}
    assert (await reporter.post(f"{API}/cases", json=body)).status_code == 201
    await plant.report()
    plant.house.time.now += timedelta(days=14)
    await plant.house.run_timers()
    await plant.report("p-022")
    for days in (2, 9):
        found = plant.house.time.now - timedelta(days=365)
        past = PastCase(
            kind="finding",
            form={
                "description": "旧台账里的一条隐患",
                "category": "fire",
                "area": "area-press",
                "finding_source": "expert",
            },
            found_at=found,
            closed_at=found + timedelta(days=days),
        )
        await plant.house.house.handler.record_history(plant.house.tenant, None, past)
    return plant


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_the_three_files_tell_the_figures_of_the_dashboard(figures: PlantWeb, language: str) -> None:
    browser = await figures.of(HEAD, "safety_officer", language=language)
    period = {"from": "2026-11-01", "to": "2026-11-30"}
    told = (await browser.get(f"{API}/statistics/finding", params=period)).json()["live"]["figures"]
    values = {figure["key"]: figure["value"] for figure in told}
    assert (values["registered"], values["overdue"], values["recurring"]) == (3, 2, 1)
    pdf, word, book = await pack(browser)
    rows = book_rows(book)
    first = next(iter(rows.values()))
    heads = next(row for row in first if MONTH in row)
    written = table_under(word, str(heads[0]))
    assert [head for head in heads if head] == written[0]
    assert written[0][1] == MONTH and written[0][3] == "2026-10" and "2025-11" in written[0][4]
    for key in FIGURES:
        name = figure_name(key, language)  # type: ignore[arg-type]
        amount = Amount(value=values[key], unit=unit_of(key))
        text = shown(amount, language)  # type: ignore[arg-type]
        assert next(row for row in written if row[0] == name)[1] == text, key
        assert next(row for row in first if row[0] == name)[1] == values[key], key
        assert bare(name + text) in bare(pdf), key
    row = next(row for row in written if row[0] == figure_name("registered", language))  # type: ignore[arg-type]
    assert row[1:] == ["3", "+2", "1", "2"]
    for told_there in (bare(pdf), bare(" ".join(p.text for p in word.paragraphs))):
        assert ("11月安全例会材料" in told_there) is (language == "zh")
    assert len(word.inline_shapes) == 1
    everything = (
        pdf + str(rows) + "".join(cell.text for table in word.tables for row in table.rows for cell in row.cells)
    )
    assert "压力机旁灭火器被物料遮挡" in everything
    reporter = figures.house.house.snapshots
    name = (await reporter.get(figures.house.tenant)).plant.name_of("p-023")  # type: ignore[arg-type]
    assert name not in everything


async def test_a_quarter_and_a_year_have_a_line_for_the_principals_signature(figures: PlantWeb) -> None:
    browser = await figures.of(HEAD, "safety_officer")
    for period, registered in (("2026-Q4", 4), ("2026", 4)):
        pdf = bare(text_of(await fetched(browser, f"statistics/{period}/pdf")))
        assert "主要负责人" in pdf and "签字：" in pdf and f"登记{registered}" in pdf
        book = openpyxl.load_workbook(io.BytesIO(await fetched(browser, f"statistics/{period}/xlsx")))
        told = [row for rows in book_rows(book).values() for row in rows]
        assert next(row[1] for row in told if row[0] == "登记" and isinstance(row[1], int)) == registered
        steps = [row for row in told if str(row[0]).startswith("2026-") and isinstance(row[1], int)]
        assert sum(row[1] for row in steps) == registered
    assert (await browser.get(f"{API}/reports/statistics/2026-11/pdf")).status_code == 422
    assert (await browser.get(f"{API}/reports/meeting/2026/pdf")).status_code == 422


async def test_whoever_may_not_export_gets_no_pack_and_another_enterprise_sees_nothing(figures: PlantWeb) -> None:
    worker = await figures.of("p-023")
    assert (await worker.get(f"{API}/reports/meeting/{MONTH}/pdf")).status_code == 403
    assert (await worker.get(f"{API}/reports/statistics/2026/pdf")).status_code == 403
    other = await figures.house.another_tenant()
    browser = await figures.of(HEAD, "safety_officer", tenant=other)
    pdf, word, _ = await pack(browser)
    assert next(row for row in table_under(word, "指标") if row[0] == "登记")[1] == "0"
    assert "压力机" not in pdf and "没有超期未销号的案件" in bare(pdf)
    assert (await browser.get(f"{API}/reports/meeting/{MONTH}/pdf", params={"kind": "nothing"})).status_code == 404


# --- the meeting as a case


async def raised(plant: PlantWeb, month: str, **form: object) -> str:
    officer = await plant.of(OFFICER, "safety_officer")
    body = {"kind": "safety_meeting", "form": {"name": f"{month} 例会", "month": month, **form}}
    answer = await officer.post(f"{API}/cases", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def done(plant: PlantWeb, case: str, key: str, by: str = OFFICER, **body: object) -> None:
    answer = await plant.discharge(case, key, by=by, **body)
    assert answer.status_code == 200, answer.text


async def remarked(plant: PlantWeb, case: str, **form: object) -> httpx.Response:
    officer = await plant.of(OFFICER, "safety_officer")
    return await officer.post(f"{API}/cases/{case}/moves", json={"move": "remarks", "form": form})


async def held(plant: PlantWeb, month: str, *actions: str) -> str:
    """A meeting that was prepared in half an hour, decided these actions, and was confirmed."""
    case = await raised(plant, month)
    plant.house.time.now += timedelta(minutes=30)
    await done(plant, case, "prepare")
    officer = await plant.of(OFFICER, "safety_officer")
    for action in actions:
        due_at = (plant.house.time() + timedelta(hours=3)).isoformat()
        form = {"action": action, "owner": f"person:{OWNER}", "due_at": due_at, "month": month}
        body = {"kind": "meeting_action", "form": form, "parent": case}
        assert (await officer.post(f"{API}/cases", json=body)).status_code == 201
    await plant.house.run_effects()
    minutes = {"chair": HEAD, "attendees": [OFFICER, OWNER], "minutes": "通报数据，逐条过了超期隐患。"}
    await done(plant, case, "minutes", form=minutes)
    await done(plant, case, "confirm", by=PRINCIPAL, outcome="approve")
    return case


async def test_actions_are_carried_over_by_what_their_cases_say(plant: PlantWeb) -> None:
    plant.house.time.now -= timedelta(days=35)
    await held(plant, "2026-09", "配电箱全部加锁", "补齐灭火器")
    officer = await plant.of(OFFICER, "safety_officer")
    pdf = bare(text_of(await fetched(officer, "meeting/2026-09/pdf")))
    assert "本次会议的措施" in pdf and "通报数据" in pdf and "30分钟" in pdf
    plant.house.time.now += timedelta(hours=4)
    await plant.house.run_timers()
    found = (await officer.get(f"{API}/cases", params={"kind": "meeting_action"})).json()["items"]
    locked = next(brief["id"] for brief in found if brief["title"] == "配电箱全部加锁")
    await done(plant, locked, "do", by=OWNER, form={"what_was_done": "全部加锁"}, files=[await proof(plant)])
    await done(plant, locked, "accept", form={"note": "逐个看过，锁齐全"}, outcome="pass")
    meeting = await raised(plant, "2026-10")
    page = (await officer.get(f"{API}/reports/meeting", params={"month": "2026-10"})).json()
    assert (page["meeting"]["id"], page["decided"]) == (meeting, [])
    assert [(one["title"], one["status"]) for one in page["carried"]] == [
        ("补齐灭火器", "open"),
        ("配电箱全部加锁", "closed"),
    ]
    _, word, _ = await pack(officer, "2026-10")
    rows = table_under(word, "编号")
    owed = next(
        row for table in word.tables for row in table.rows if len(row.cells) == 5 and row.cells[1].text == "补齐灭火器"
    )
    assert rows and [cell.text for cell in owed.cells][2] == "韩兴旺"
    assert "曾超期" in owed.cells[4].text


async def proof(plant: PlantWeb) -> dict[str, str]:
    owner, data = await plant.of(OWNER), photo("green")
    await owner.put(f"{API}/files/{named(data)}", content=data)
    return {"slot": "proof", "sha256": named(data)}


async def test_remarks_are_edited_until_the_meeting_is_over_and_stand_in_the_pack(plant: PlantWeb) -> None:
    case = await raised(plant, MONTH, assessment="第一稿评价")
    assert (await remarked(plant, case, assessment="超期比上月少。", focus="下月抓电气。")).status_code == 200
    officer = await plant.of(OFFICER, "safety_officer")
    page = (await officer.get(f"{API}/cases/{case}")).json()
    gate = next(move for move in page["may"]["moves"] if move["key"] == "remarks")
    assert gate["begins"] == {"assessment": "超期比上月少。", "focus": "下月抓电气。"}
    assert page["reviews"] == MONTH
    assert (await remarked(plant, case, focus="下月抓电气。")).status_code == 200
    pdf, word, book = await pack(officer)
    said = bare(pdf)
    assert "下月重点下月抓电气。" in said and "第一稿" not in said and "超期比上月少" not in said
    assert ["下月重点", "下月抓电气。"] in [
        [cell.text for cell in row.cells] for table in word.tables for row in table.rows if len(row.cells) == 2
    ]
    assert any("下月抓电气。" in row for row in book_rows(book)["会议"])
    worker = await plant.of("p-023")
    answer = await worker.post(f"{API}/cases/{case}/moves", json={"move": "remarks", "form": {"focus": "别的"}})
    assert answer.status_code in (403, 404, 422)
    await done(plant, case, "prepare")
    minutes = {"chair": HEAD, "attendees": [OFFICER], "minutes": "通报数据，定了下月重点。"}
    await done(plant, case, "minutes", form=minutes)
    await done(plant, case, "confirm", by=PRINCIPAL, outcome="approve")
    assert (await remarked(plant, case, focus="会后改口")).status_code == 409


async def test_a_schedule_of_the_first_of_the_month_raises_the_meeting_about_the_month_before(plant: PlantWeb) -> None:
    plant.house.time.now += timedelta(days=6)  # the evening of 30 November to the morning of 1 December
    await plant.house.house.rounds.raise_due()
    plant.house.time.now += timedelta(days=1)
    await plant.house.house.rounds.raise_due()
    officer = await plant.of(OFFICER, "safety_officer")
    page = (await officer.get(f"{API}/reports/meeting", params={"month": MONTH})).json()
    assert page["meeting"]["source"] == "schedule"
    assert (page["meeting"]["stage"], page["preparation"], page["remarks_move"]) == ("prepare", None, "remarks")
    duty = (await officer.get(f"{API}/cases/{page['meeting']['id']}")).json()["duties"][0]
    claimed = await officer.post(f"{API}/cases/{page['meeting']['id']}/duties/{duty['no']}/claim")
    assert claimed.status_code == 200, claimed.text
    plant.house.time.now += timedelta(minutes=26)
    await done(plant, page["meeting"]["id"], "prepare")
    page = (await officer.get(f"{API}/reports/meeting", params={"month": MONTH})).json()
    assert page["preparation"]["minutes"] == 26
    assert "17.5" in page["preparation"]["elsewhere"]
