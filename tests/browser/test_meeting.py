"""The safety meeting's pack as a safety officer makes it: remarks in place, three files, statistics."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from running_plant import PHONE, RunningPlant, visit
from test_walk import officer_of

MAGIC = {"pdf": b"%PDF", "docx": b"PK", "xlsx": b"PK"}
SPOKEN = {
    "zh": {
        "month": "2026-08",
        "pack": "安全例会材料",
        "assessment": "总体评价",
        "saved": "评述已保存",
        "kept": "超期少了。",
    },
    "en": {
        "month": "2026-07",
        "pack": "Safety meeting pack",
        "assessment": "Assessment",
        "saved": "Saved",
        "kept": "Better.",
    },
}


def begin(plant: RunningPlant, officer: str, month: str) -> dict[str, Any]:
    """A meeting about a month, as it is answered."""
    form = {"name": f"{month} 例会", "month": month}
    answer = plant.api(officer).post("/cases", json={"kind": "safety_meeting", "form": form})
    answer.raise_for_status()
    return dict(answer.json())


def fetched(page: Page, card: str, ending: str) -> bytes:
    """A file as the browser saves it."""
    with page.expect_download() as waiting:
        page.locator(card).locator(f"[data-ending={ending}]").click()
    return waiting.value.path().read_bytes()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pack_is_one_click_from_the_dashboard(browser: Browser, plant: RunningPlant, language: str) -> None:
    officer, said = officer_of(plant), SPOKEN[language]
    case = begin(plant, officer, said["month"])
    with visit(browser, plant, officer, language) as visitor:
        page = visitor.open("/dashboard")
        page.get_by_role("link", name=said["pack"]).click()
        expect(page.get_by_role("heading", level=1, name=said["pack"])).to_be_visible()
        page = visitor.open(f"/cases/{case['id']}")
        page.locator(f"a[href='/meeting?month={said['month']}']").click()
        remark = page.locator("[data-field=assessment] textarea")
        remark.fill(said["kept"])
        page.locator("section[aria-labelledby=remarks] .ant-btn-primary").click()
        expect(page.get_by_text(said["saved"])).to_be_visible()
        expect(remark).to_have_value(said["kept"])
        for ending, magic in MAGIC.items():
            assert fetched(page, ".fetching >> nth=0", ending).startswith(magic)
        assert fetched(page, ".fetching >> nth=1", "pdf").startswith(b"%PDF")
        assert visitor.violations() == []
        assert visitor.overflow() <= 0
    seen = plant.case(case["number"])
    assert seen["form"]["assessment"] == said["kept"]
    with visit(browser, plant, officer, language, size=PHONE) as visitor:
        page = visitor.open(f"/meeting?month={said['month']}")
        expect(page.locator("[data-field=assessment] textarea")).to_have_value(said["kept"])
        assert visitor.overflow() <= 0
        assert visitor.violations() == []
