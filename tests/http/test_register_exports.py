"""The register in the columns that inspectors ask for, and in the plant's own layout."""

import io
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from plant_web import PlantWeb

API = "/api/v1"
OFFICIAL = {"kind": "finding", "register": "official"}


def sheet_of(content: bytes) -> Worksheet:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert isinstance(sheet, Worksheet)
    return sheet


def rows_of(content: bytes) -> list[dict[str, Any]]:
    heads, *rows = sheet_of(content).iter_rows(values_only=True)
    return [dict(zip(map(str, heads), row, strict=True)) for row in rows]


async def test_the_official_register_tells_a_finding_from_its_discovery_to_its_acceptance(plant: PlantWeb) -> None:
    case = await plant.report()
    await plant.rectified(case["id"])
    open_one = await plant.report(description="安全出口指示灯不亮，夜班看不清")
    officer = await plant.of("p-003", "safety_officer")
    answer = await officer.get(f"{API}/cases/export.xlsx", params={**OFFICIAL, "sort": "opened_at"})
    assert answer.status_code == 200, answer.text
    done, still = rows_of(answer.content)
    assert list(done)[:4] == ["序号", "编号", "排查时间", "排查人"] and list(done)[-1] == "状态"
    assert (done["序号"], done["编号"], still["序号"], still["编号"]) == (1, case["number"], 2, open_one["number"])
    page = (await officer.get(f"{API}/cases/{case['id']}")).json()
    assert done["隐患部位"] == page["area"]["name"] and done["整改措施"] == "更换接地线并紧固端子，复测接地电阻。"
    assert done["整改期限"].hour is not None and done["完成时间"] is not None and done["整改人"]
    assert still["整改责任人/部门"] and still["完成时间"] is None and still["验收结论"] is None
    assert "整改" in still["状态"]


async def test_the_notice_board_names_who_mends_it_and_nobody_who_reported_it(plant: PlantWeb) -> None:
    case = await plant.report()
    await plant.rectified(case["id"])
    officer = await plant.of("p-003", "safety_officer")
    query = {"kind": "finding", "register": "notice_board"}
    (row,) = rows_of((await officer.get(f"{API}/cases/export.xlsx", params=query)).content)
    assert (
        row["编号"] == case["number"]
        and row["责任岗位/班组"]
        and row["整改期限"]
        and "整改" not in (row["销号时间"] or "")
    )
    page = (await officer.get(f"{API}/cases/{case['id']}")).json()
    people = {page["reporter"]["name"], page["finder"]["name"]}
    assert not [text for text in map(str, row.values()) if any(name in text for name in people)]


async def test_there_is_no_register_that_the_kind_does_not_have(plant: PlantWeb) -> None:
    officer = await plant.of("p-003", "safety_officer")
    for params in ({"register": "official"}, {"kind": "finding", "register": "golden"}, {**OFFICIAL, "kind": "none"}):
        assert (await officer.get(f"{API}/cases/export.xlsx", params=params)).status_code == 404, params
    kinds = (await officer.get(f"{API}/kinds")).json()["items"]
    register, board = next(kind for kind in kinds if kind["key"] == "finding")["registers"]
    assert (board["key"], board["name"]) == ("notice_board", "隐患公示表")
    assert (register["key"], register["name"]) == ("official", "隐患排查治理台账")
    assert {"field": "funds", "name": "资金（元）"} in register["columns"]


async def test_more_than_can_be_read_whole_is_refused_and_never_cut_short(
    plant: PlantWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anhuan.app.register.RECKONED_MOST", 1)
    monkeypatch.setattr("anhuan.app.register.EXPORT_PAGE", 1)
    await plant.report()
    await plant.report(description="安全出口指示灯不亮，夜班看不清")
    officer = await plant.of("p-003", "safety_officer")
    refused = await officer.get(f"{API}/cases/export.xlsx", params=OFFICIAL)
    assert (refused.status_code, refused.json()["code"]) == (422, "export_too_long")
