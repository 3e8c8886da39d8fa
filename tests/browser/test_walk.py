"""A check walk as a safety officer does it: many findings in a row, then its record; and how long that takes."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from running_plant import PHONE, RunningPlant, visit
from test_loop import pick, rate

FINDINGS = 25
MINUTES_MAX = 10.0
TAP_S, LETTER_S, LOOK_S = 1.1, 0.28, 1.35
"""A tap, a letter, a thought: the operators of the keystroke-level model (Card, Moran, Newell 1980)."""
SEEN = (
    ("mechanical", "{n}号冲床光幕被短接，手可伸入", "6"),
    ("fire", "{n}号灭火器压力不足，指针在红区", "3"),
    ("electrical", "{n}号配电箱门未关，内有积尘", "3"),
)


def officer_of(plant: RunningPlant) -> str:
    """The log-in of a safety officer."""
    return next(str(one["login"]) for one in plant.accounts[1:] if "safety_officer" in one["roles"])


def begin(plant: RunningPlant, officer: str) -> dict[str, Any]:
    """A check that its leader opened, as it is answered."""
    people = plant.get(plant.admin, "/plant/choices")["people"]
    leader = next(one["id"] for one in people if str(one["number"]) == officer)
    form = {"name": "冲压车间专项检查", "check_type": "special", "area": "area-press", "leader": leader}
    answer = plant.api(officer).post("/cases", json={"kind": "safety_check", "form": form})
    answer.raise_for_status()
    return dict(answer.json())


def write_down(page: Page, number: int) -> tuple[int, int]:
    """One finding on the walk; the taps and letters that it took."""
    category, text, likelihood = SEEN[number % len(SEEN)]
    text = text.format(n=number + 1)
    page.locator("[data-field=description] textarea").fill(text)
    pick(page, "category", category)
    if category == "fire":
        page.locator("[data-field=equipment] .ant-btn").click()
        place = 1
    else:
        page.locator("[data-field=equipment] .ant-select").click()
        page.locator(".ant-select-dropdown:visible .ant-select-item-option").first.click()
        place = 2
    rate(page, likelihood, "6", "7")
    ready = page.locator(".check .check-ready")
    expect(ready).to_be_visible()
    page.locator(".report-foot .ant-btn-primary").click()
    expect(page.get_by_test_id("found")).to_contain_text(str(number + 1))
    return 1 + 1 + place + 3 + 1, len(text)


def test_twenty_five_findings_are_written_down_in_under_ten_minutes(browser: Browser, plant: RunningPlant) -> None:
    officer = officer_of(plant)
    check = begin(plant, officer)
    taps, letters = 0, 0
    with visit(browser, plant, officer, size=PHONE) as visitor:
        page = visitor.open(f"/cases/{check['id']}")
        page.locator(".finds button, .finds a").first.click()
        for number in range(FINDINGS):
            more = write_down(page, number)
            taps, letters = taps + more[0], letters + more[1]
        assert visitor.overflow() <= 0
        assert visitor.violations() == []
    minutes = (taps * TAP_S + letters * LETTER_S + FINDINGS * LOOK_S * 3) / 60
    assert minutes < MINUTES_MAX, f"{taps} taps and {letters} letters: {minutes:.1f} min"
    case = plant.case(check["number"])
    assert sum(link["relation"] == "child" for link in case["links"]) == FINDINGS


@pytest.mark.parametrize(("language", "said"), [("zh", "未发现隐患"), ("en", "Nothing was found")])
def test_nothing_found_must_be_said(browser: Browser, plant: RunningPlant, language: str, said: str) -> None:
    officer = officer_of(plant)
    check = begin(plant, officer)
    with visit(browser, plant, officer, language) as visitor:
        page = visitor.open(f"/cases/{check['id']}")
        page.locator("[data-field=summary] textarea").fill("走了全部工位，看了光幕与配电箱")
        page.locator(".my-duty-send").first.click()
        expect(page.locator("[data-field=nothing_found]")).to_contain_text(said)
        expect(page.locator("[data-field=nothing_found] .field-wrong")).to_be_visible()
        page.locator("[data-field=nothing_found] button, [data-field=nothing_found] input").first.click()
        page.locator(".my-duty-send").first.click()
        expect(page.locator(".my-duty")).to_have_count(0)
    assert plant.case(check["number"])["outcome"] == "checked"


@pytest.mark.parametrize(
    ("language", "typed", "filled"), [("zh", "光幕", "光电保护装置"), ("en", "light curtain", "light curtain")]
)
def test_one_tap_takes_a_finding_from_the_library(
    browser: Browser, plant: RunningPlant, language: str, typed: str, filled: str
) -> None:
    with visit(browser, plant, plant.worker(), language, PHONE) as visitor:
        page = visitor.open("/report")
        description = page.locator("[data-field=description] textarea")
        description.fill(typed)
        page.locator("[data-offered=description] button").first.click()
        expect(description).to_have_value(re.compile(filled, re.IGNORECASE))
        expect(page.locator("[data-field=category] input[value=mechanical]")).to_be_checked()
        expect(page.locator("[data-offered=description]")).to_have_count(0)
        assert visitor.violations() == []
