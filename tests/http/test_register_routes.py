"""The register over HTTP: filters, words, order, pages, and the same as an Excel file."""

import io
from datetime import timedelta

import openpyxl
import pytest
from plant_web import PlantWeb

from anhuan.ports.register import SORTS

API = "/api/v1"
OTHERS = (
    {"category": "fire", "area": "area-welding", "equipment": "none", "description": "灭火器压力不足，指针在红区"},
    {
        "category": "mechanical",
        "risk": {"method": "ls", "factors": {"l": 2, "s": 2}},
        "description": "防护罩螺栓缺失两颗",
    },
    {"category": "environment", "equipment": "none", "description": "通道堆放托盘，宽度不足一米"},
)


@pytest.fixture
async def numbers(plant: PlantWeb) -> list[str]:
    """Numbers of four reports, in order of time."""
    found = []
    for form in ({}, *OTHERS):
        found.append((await plant.report(**form))["number"])
        plant.house.time.now += timedelta(minutes=10)
    return found


async def listed(plant: PlantWeb, by: str = "p-003", role: str = "safety_officer", **query: object) -> list[str]:
    answer = await (await plant.of(by, role)).get(f"{API}/cases", params=query)
    assert answer.status_code == 200, answer.text
    return [item["number"] for item in answer.json()["items"]]


async def test_newest_first_and_how_many(plant: PlantWeb, numbers: list[str]) -> None:
    answer = (await (await plant.of("p-003", "safety_officer")).get(f"{API}/cases")).json()
    assert [item["number"] for item in answer["items"]] == numbers[::-1] and answer["total"] == 4
    assert answer["items"][-1]["owners"] == ["安全环保部", "属地主管（冲压车间）", "电工班"]


QUERIES: list[tuple[dict[str, object], list[int]]] = [
    ({"category": "fire"}, [1]),
    ({"area": "area-press"}, [3, 2, 0]),
    ({"equipment": "eq-P-1601"}, [2, 0]),
    ({"risk": "red"}, [3, 1, 0]),
    ({"q": "螺栓"}, [2]),
    ({"q": "防护罩 缺失"}, [2]),
    ({"q": "没有这个词"}, []),
    ({"kind": "finding", "status": "open", "stage": "rectify"}, [3, 2, 1, 0]),
    ({"status": "closed"}, []),
    ({"imported": True}, []),
    ({"overdue": True}, []),
    ({"sort": "opened_at"}, [0, 1, 2, 3]),
    ({"sort": "-number"}, [3, 2, 1, 0]),
    ({"from": "2026-11-24T10:05:00", "sort": "opened_at"}, [1, 2, 3]),
    ({"to": "2026-11-24T02:05:00Z"}, [0]),
]


async def test_filters(plant: PlantWeb, numbers: list[str]) -> None:
    for query, which in QUERIES:
        assert await listed(plant, **query) == [numbers[place] for place in which], query


async def test_pages_hold_every_case_once_in_any_order(plant: PlantWeb, numbers: list[str]) -> None:
    browser = await plant.of("p-003", "safety_officer")
    for sort in (direction + column for direction in ("", "-") for column in SORTS):
        whole = await listed(plant, sort=sort)
        seen, after = [], None
        while True:
            query = {"sort": sort, "limit": 1} | ({"after": after} if after else {})
            page = (await browser.get(f"{API}/cases", params=query)).json()
            seen += [item["number"] for item in page["items"]]
            after = page["next"]
            if after is None:
                break
        assert seen == whole and sorted(seen) == sorted(numbers), sort


async def test_a_worker_sees_what_they_or_their_team_have_a_part_in(plant: PlantWeb, numbers: list[str]) -> None:
    assert await listed(plant, "p-023", "worker") == numbers[::-1]
    assert await listed(plant, "p-113", "worker") == numbers[:1]
    assert await listed(plant, "p-140", "worker") == []
    assert await listed(plant, "p-113", "safety_officer", mine=True) == numbers[:1]


async def test_the_file_holds_what_the_register_shows(plant: PlantWeb, numbers: list[str]) -> None:
    browser = await plant.of("p-003", "safety_officer")
    answer = await browser.get(f"{API}/cases/export.xlsx", params={"kind": "finding", "area": "area-press"})
    assert answer.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:3] == ("编号", "类型", "内容") and rows[0][-1] == "隐患来源"
    assert [row[0] for row in rows[1:]] == [numbers[3], numbers[2], numbers[0]]
    assert rows[3][rows[0].index("上报时间")].hour == 10
    assert (await (await plant.of("p-023")).get(f"{API}/cases/export.xlsx")).status_code == 403


async def test_a_register_that_is_asked_wrongly_says_so(plant: PlantWeb, numbers: list[str]) -> None:
    assert numbers
    browser = await plant.of("p-003", "safety_officer")
    assert (await browser.get(f"{API}/cases", params={"sort": "title"})).status_code == 422
    assert (await browser.get(f"{API}/cases", params={"after": "nonsense"})).status_code == 400
    begun = (await browser.get(f"{API}/cases", params={"sort": "number", "limit": 1})).json()["next"]
    assert (await browser.get(f"{API}/cases", params={"sort": "-due_at", "after": begun})).status_code == 400
    for text in ("%", "_", "'; DROP TABLE case_row; --", "\\", "🔥"):
        assert (await browser.get(f"{API}/cases", params={"q": text})).status_code == 200
