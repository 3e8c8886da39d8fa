"""Reporting: what is vague is said field by field, what is unfinished is taken in, what was typed is not lost."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from running_plant import PHONE, RunningPlant, visit
from test_loop import add_photo, choose, pick, rate


@pytest.mark.parametrize(
    ("language", "vague", "named"), [("zh", "待整改", "隐患描述"), ("en", "to be improved", "Description")]
)
def test_a_vague_description_is_refused_beside_its_field(
    browser: Browser, plant: RunningPlant, language: str, vague: str, named: str
) -> None:
    with visit(browser, plant, plant.worker(), language) as worker:
        page = worker.open("/report")
        page.locator("[data-field=description] textarea").fill(vague)
        expect(page.locator(".check-missing li").first).to_be_visible()
        page.locator(".report-foot .ant-btn-primary").click()
        wrong = page.locator("[data-field=description] .field-wrong")
        expect(wrong).to_be_visible()
        expect(wrong).to_contain_text(named)


def test_an_unfinished_report_is_taken_in_and_somebody_has_to_complete_it(
    browser: Browser, plant: RunningPlant
) -> None:
    with visit(browser, plant, plant.worker(), size=PHONE) as worker:
        page = worker.open("/report")
        page.locator("[data-field=description] textarea").fill("叉车充电区北侧第三个插座外壳裂开，能看到铜片")
        expect(page.locator(".check-missing li").first).to_be_visible()
        page.locator(".report-foot button").filter(has_text="稍后补全").click()
        number = page.get_by_test_id("number").inner_text()
    case = plant.case(number)
    assert case["stage"] == "triage" and case["incomplete"]
    officer = plant.holders(number, "complete")[0]
    with visit(browser, plant, officer) as visitor:
        page = visitor.open(f"/cases/{case['id']}")
        page.get_by_test_id("completion").locator("button").click()
        drawer = page.locator(".ant-drawer")
        pick(page, "category", "electrical")
        choose(page, "equipment", "CD-")
        rate(page, "3", "6", "7")
        drawer.locator(".ant-drawer-footer button").click()
        expect(drawer).to_have_count(0)
        expect(page.get_by_test_id("completion")).to_have_count(0)
    assert not plant.case(number)["incomplete"]


def test_imminent_danger_is_one_button_and_reaches_the_area_owner(browser: Browser, plant: RunningPlant) -> None:
    with visit(browser, plant, plant.worker(), size=PHONE) as worker:
        page = worker.open("/report")
        page.locator("button.alarm").click()
        expect(page.locator("[data-field=category]")).to_have_count(0)
        choose(page, "area", "涂装车间")
        page.locator(".report-foot .ant-btn-primary").click()
        number = page.get_by_test_id("number").inner_text()
    case = plant.case(number)
    assert case["stage"] == "contain"
    assert plant.holders(number, "contain")


def test_what_was_typed_survives_a_reload(browser: Browser, plant: RunningPlant, photos: dict[str, Path]) -> None:
    with visit(browser, plant, plant.worker()) as worker:
        page = worker.open("/report")
        page.locator("[data-field=description] textarea").fill("二号门内侧消火栓玻璃破损，水带缺失")
        add_photo(page, "photo", photos["before"])
        page.reload()
        expect(page.locator("[data-field=description] textarea")).to_have_value("二号门内侧消火栓玻璃破损，水带缺失")
        expect(page.locator("[data-slot=photo] figure img")).to_be_visible()


def test_the_same_thing_again_is_joined_by_one_tap(browser: Browser, plant: RunningPlant) -> None:
    text = "三号弧焊机焊接电缆绝缘层破损，露出铜芯约三厘米"
    form = {
        "description": text,
        "category": "electrical",
        "area": "area-welding",
        "equipment": "eq-W-HJ3",
        "risk": {"method": "lec", "factors": {"l": 3, "e": 6, "c": 7}},
    }
    made = plant.api(plant.worker()).post(
        "/cases", json={"kind": "finding", "form": form}, headers={"Idempotency-Key": "browser-join-1"}
    )
    assert made.status_code == 201, made.text
    with visit(browser, plant, plant.worker()) as worker:
        page = worker.open("/report")
        page.locator("[data-field=description] textarea").fill(text)
        pick(page, "category", "electrical")
        choose(page, "equipment", "W-HJ3")
        likely = page.locator(".likely li").filter(has_text=made.json()["number"])
        likely.locator("button").click()
        expect(page.locator(".case-number")).to_have_text(made.json()["number"])


def test_a_photo_that_cannot_be_read_says_so_beside_it(browser: Browser, plant: RunningPlant, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0 this is no photo")
    with visit(browser, plant, plant.worker()) as worker:
        page = worker.open("/report")
        page.get_by_test_id("photos-photo").set_input_files(broken)
        expect(page.locator("[data-slot=photo] figcaption")).to_be_visible()
