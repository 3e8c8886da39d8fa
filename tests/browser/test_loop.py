"""The whole loop in a real browser: reported, acknowledged, rectified with proof, checked blind, closed."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from running_plant import DESK, PHONE, RunningPlant, visit

DROPDOWN = ".ant-select-dropdown:visible"
WHAT = {
    "zh": "二号压力机右侧光栅接收器被胶带遮住，滑块下行时手可以伸入模区",
    "en": "The receiver of the right light curtain of press 2 is taped over, a hand can reach the die while it runs",
}


def choose(page: Page, field: str, text: str) -> None:
    """Search in a picker and take what is found."""
    box = page.locator(f"[data-field={field}] input[role=combobox]")
    box.click()
    box.fill(text)
    found = page.locator(".ant-select-item-option, .ant-select-tree-treenode:not([aria-hidden])")
    found.filter(has_text=text).first.click()
    box.blur()
    expect(page.locator(DROPDOWN)).to_have_count(0)


def pick(page: Page, field: str, value: str) -> None:
    """Choose one of a field's pills."""
    page.locator(f"[data-field={field}] label:has(input[value={value}])").click()


def rate(page: Page, *ratings: str) -> None:
    """Choose the ratings of the risk's factors, one after another."""
    for place, rating in enumerate(ratings):
        box = page.locator("[data-field=risk] .factor").nth(place).locator("input[role=combobox]")
        box.click()
        options = page.locator(f"{DROPDOWN} .ant-select-item-option")
        options.filter(has_text=re.compile(f"^{rating}\\b")).first.click()
        box.blur()
        expect(page.locator(DROPDOWN)).to_have_count(0)


def add_photo(page: Page, slot: str, photo: Path) -> None:
    page.get_by_test_id(f"photos-{slot}").set_input_files(photo)
    sent = page.locator(f"[data-slot={slot}] figure")
    expect(sent.locator("img")).to_be_visible()
    expect(sent.locator(".photo-share")).to_have_count(0)
    expect(sent.locator("figcaption")).to_have_count(0)


def sign(page: Page) -> None:
    pad = page.get_by_test_id("signature")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 12):
        page.mouse.move(box["x"] + 40 + step * 18, box["y"] + 60 + (step % 3) * 22)
    page.mouse.up()


def report(browser: Browser, plant: RunningPlant, language: str, photo: Path, equipment: str) -> str:
    """A worker reports; answers the number."""
    with visit(browser, plant, plant.worker(), language, PHONE) as worker:
        page = worker.open("/report")
        page.locator("[data-field=description] textarea").fill(WHAT[language])
        pick(page, "category", "mechanical")
        choose(page, "equipment", equipment)
        rate(page, "3", "6", "7")
        add_photo(page, "photo", photo)
        expect(page.locator(".check-ready")).to_be_visible()
        page.locator(".report-foot .ant-btn-primary").click()
        number = page.get_by_test_id("number")
        expect(number).to_be_visible()
        return number.inner_text()


@pytest.mark.parametrize(("language", "equipment"), [("zh", "P-1602"), ("en", "P-2501")])
def test_a_finding_goes_from_report_to_closure(
    browser: Browser, plant: RunningPlant, photos: dict[str, Path], language: str, equipment: str
) -> None:
    number = report(browser, plant, language, photos["before"], equipment)
    case: Any = plant.case(number)
    assert case["equipment"]["number"] == equipment and case["risk_level"] == "yellow"

    owner = plant.holders(number, "receipt")[0]
    with visit(browser, plant, owner, language) as visitor:
        page = visitor.open("/tasks")
        task = page.locator(".task").filter(has_text=number)
        task.locator(".task-do button").first.click()
        expect(page.locator(".task").filter(has_text=number).locator(".task-do button")).to_have_count(0)
    assert owner not in plant.holders(number, "receipt")
    for login in plant.holders(number, "receipt"):
        plant.do(number, "receipt", login)

    rectifier = plant.holders(number, "rectify", "lead")[0]
    rectifier_name = next(one["name"] for one in plant.accounts if one["login"] == rectifier)
    with visit(browser, plant, rectifier, language) as visitor:
        page = visitor.open(f"/cases/{case['id']}")
        duty = page.locator("[data-duty=rectify]")
        duty.locator("[data-field=containment] textarea").fill("停机挂牌，专人看护 / out of service and tagged")
        duty.locator("[data-field=measure] textarea").fill(
            "清除胶带，更换接收器并试运行二十次 / receiver replaced and tried"
        )
        duty.locator(".my-duty-send").click()
        expect(duty.locator("[data-field=photo_before] .field-wrong")).to_be_visible()
        add_photo(page, "photo_before", photos["before"])
        expect(duty.locator("[data-field=photo_before] .field-wrong")).to_have_count(0)
        expect(duty.locator("[data-field=photo_after] .field-wrong")).to_be_visible()
        add_photo(page, "photo_after", photos["after"])
        sign(page)
        duty.locator(".my-duty-send").click()
        expect(page.locator("[data-duty=rectify]")).to_have_count(0)
    for login in plant.holders(number, "rectify", "assist"):
        plant.do(number, "rectify", login, {"done": "停机断电并现场监护，配合更换接收器"})

    checker = plant.drawn(case["id"], "desk")
    assert checker not in (rectifier, owner)
    with visit(browser, plant, checker, language, DESK) as visitor:
        page = visitor.open(f"/cases/{case['id']}")
        expect(page.locator(".blind")).to_be_visible()
        expect(page.locator("body")).not_to_contain_text(rectifier_name)
        expect(page.locator("[data-section=done]")).to_contain_text("停机挂牌")
        assert visitor.violations() == []
        duty = page.locator("[data-duty=desk]")
        duty.locator(".outcome").first.click()
        duty.locator("[data-field=note] textarea").fill("前后两张照片对照，接收器已更换，胶带已清除 / it is replaced")
        duty.locator(".my-duty-send").click()
        expect(page.locator("[data-duty=desk]")).to_have_count(0)

    closed = plant.case(number)
    for duty_left in [one for one in closed["duties"] if one["status"] == "open" and one["key"] == "site"]:
        recheck(browser, plant, number, language, photos["own"], duty_left)
    closed = plant.case(number)
    assert (closed["status"], closed["outcome"]) == ("closed", "verified")
    with visit(browser, plant, owner, language) as visitor:
        page = visitor.open(f"/cases/{case['id']}")
        expect(page.locator(".steps .end")).to_be_visible()
        expect(page.locator(".timeline")).to_contain_text(rectifier_name)
        expect(page.locator(".before-after")).to_be_visible()
        page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
        crushed = [text for link in page.locator(".decided a").all() if (text := _crushed(link))]
        assert crushed == []


def _crushed(link: Locator) -> str:
    """Its text, where it stands in a column that is higher than wide."""
    box = link.bounding_box()
    assert box
    return link.inner_text() if box["height"] > box["width"] else ""


def recheck(browser: Browser, plant: RunningPlant, number: str, language: str, photo: Path, duty: Any) -> None:
    """The on-site recheck that falls on a share of the cases."""
    login = plant.login_of(duty["holders"][0]["id"])
    case = plant.case(number)
    with visit(browser, plant, login, language, PHONE) as visitor:
        page = visitor.open(f"/cases/{case['id']}")
        form = page.locator("[data-duty=site]")
        form.locator(".outcome").first.click()
        form.locator("[data-field=note] textarea").fill("现场试运行三次，遮挡光栅即停机 / tried on site, it stops")
        add_photo(page, "own_photo", photo)
        if page.get_by_test_id("signature").count():
            sign(page)
        form.locator(".my-duty-send").click()
        expect(page.locator("[data-duty=site]")).to_have_count(0)
