"""The floor plan and the shift briefing: seen, drawn by keys, printed, in both languages, on a desk and a phone."""

import re

import pytest
from playwright.sync_api import Browser, expect
from running_plant import DESK, PHONE, RunningPlant, visit


@pytest.mark.parametrize(("language", "size"), [("zh", DESK), ("en", PHONE)], ids=["desk", "phone"])
def test_the_floor_and_the_briefing_are_for_everybody(
    browser: Browser, plant: RunningPlant, language: str, size: dict[str, int]
) -> None:
    with visit(browser, plant, plant.admin, language, size) as admin:
        page = admin.open("/dashboard")
        expect(page.locator(".floor canvas")).to_be_visible()
        expect(page.locator(".floor-table tbody tr")).to_have_count(11)
        assert admin.violations() == []
        assert admin.overflow() == 0
        link = page.locator(".floor-table td a").first
        count = link.inner_text()
        link.click()
        expect(page.locator(".page-head p")).to_contain_text(count)

        page = admin.open("/briefing?team=stamping")
        expect(page.locator(".briefing-tiles li")).to_have_count(6)
        assert admin.violations() == []
        assert admin.overflow() == 0
        page.emulate_media(media="print")
        expect(page.locator(".briefing-sign")).to_be_visible()
        expect(page.locator(".topbar")).to_be_hidden()


def test_an_area_is_drawn_by_keys_alone(browser: Browser, plant: RunningPlant) -> None:
    with visit(browser, plant, plant.admin) as admin:
        page = admin.open("/plant/floor_plan")
        expect(page.locator(".outline")).to_have_count(11)
        assert admin.violations() == []
        page.get_by_role("button", name="新建平面图").click()
        page.get_by_label("名称").fill("二层")
        page.get_by_label("画一个区域").fill("冲压")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="开始画").click()
        page.locator(".floor-frame svg").focus()
        for keys in ("Enter", "ArrowRight ArrowRight ArrowRight Enter", "ArrowDown ArrowDown ArrowDown Enter"):
            for key in keys.split():
                page.keyboard.press(key)
        assert admin.violations() == []
        page.get_by_role("button", name="画完了").click()
        expect(page.locator(".floor-outlines li")).to_have_count(1)
        page.get_by_role("button", name=re.compile("保存")).click()
        expect(page.locator(".floor-tab")).to_have_count(2)
        (item,) = [one for one in plant.get(plant.admin, "/plant/floor_plan")["items"] if one["id"] != "plan-main"]
        made = item["body"]
        assert (made["name"], made["outlines"]) == (
            "二层",
            [{"area": "area-press", "corners": [[800, 500], [848, 500], [848, 548]]}],
        )
        gone = plant.api(plant.admin).delete(
            f"/plant/floor_plan/{item['id']}", headers={"If-Match": f'"{item["version"]}"'}
        )
        assert gone.status_code == 204, gone.text
