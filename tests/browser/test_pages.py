"""Every page, in both languages, at desk and phone width: it fits, it can be read and worked by everybody."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect
from running_plant import DESK, PHONE, RunningPlant, Visitor, visit

ROOT = Path(__file__).parents[2]
PAGES = (
    "/tasks",
    "/tasks?scope=team",
    "/report",
    "/register",
    "/dashboard",
    "/imports",
    "/plant",
    "/plant/area",
    "/plant/equipment",
    "/plant/person",
    "/plant/roster",
    "/packs",
    "/accounts",
    "/tokens",
)
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize(("language", "size"), [("zh", DESK), ("en", PHONE)], ids=["desk", "phone"])
def test_every_page_fits_and_is_accessible(
    browser: Browser, plant: RunningPlant, language: str, size: dict[str, int]
) -> None:
    with visit(browser, plant, plant.admin, language, size) as admin:
        kinds = plant.get(plant.admin, "/kinds")["items"]
        cases = plant.get(plant.admin, "/cases", status="all", limit="2")["items"]
        more = [*(f"/packs/{kind['key']}" for kind in kinds), *(f"/cases/{case['id']}" for case in cases)]
        wrong = {path: problems for path in (*PAGES, *more) if (problems := _problems(admin, path))}
    assert wrong == {}


def _problems(visitor: Visitor, path: str) -> list[str]:
    visitor.open(path)
    found = visitor.violations()
    if visitor.overflow() > 0:
        found.append(f"wider than the screen by {visitor.overflow()}")
    return found


def test_english_pages_have_english_heads_buttons_and_links(browser: Browser, plant: RunningPlant) -> None:
    with visit(browser, plant, plant.admin, "en") as admin:
        untranslated: list[str] = []
        for path in PAGES:
            page = admin.open(path)
            places = page.locator("h1, .nav-link, .plant-kinds a, .page-head button, .filters, .field-name, thead th")
            untranslated += _chinese(places, path)
    assert untranslated == []


def _chinese(places: Locator, path: str) -> list[str]:
    return [f"{path}: {text}" for text in places.all_inner_texts() if CHINESE.search(text)]


def test_the_language_changes_on_the_spot(browser: Browser, plant: RunningPlant) -> None:
    with visit(browser, plant, plant.admin, "zh") as admin:
        page = admin.open("/register")
        expect(page.locator("h1")).to_have_text("台账")
        page.locator("header .language").click()
        expect(page.locator("h1")).to_have_text("Register")
        assert page.locator("html").get_attribute("lang") == "en"


def test_a_button_that_is_off_says_why_on_tap(browser: Browser, plant: RunningPlant) -> None:
    with visit(browser, plant, plant.worker()) as worker:
        page = worker.open("/plant/area")
        page.locator(".is-off").first.click(force=True)
        expect(page.locator(".ant-message")).to_contain_text("您的角色不能修改工厂数据")


def test_what_others_do_shows_without_a_reload(browser: Browser, plant: RunningPlant) -> None:
    with visit(browser, plant, plant.admin) as admin:
        page = admin.open("/register")
        form = {"description": "空压站北墙消防沙箱被杂物围住，无法取用", "area": "area-compressors"}
        made = plant.api(plant.worker()).post(
            "/cases", json={"kind": "finding", "form": form}, headers={"Idempotency-Key": "browser-live-1"}
        )
        assert made.status_code == 201, made.text
        expect(page.locator(".rows")).to_contain_text(made.json()["number"])


def test_being_offline_is_shown_and_what_is_typed_stays(browser: Browser, plant: RunningPlant) -> None:
    with visit(browser, plant, plant.worker()) as worker:
        page = worker.open("/report")
        page.locator("[data-field=description] textarea").fill("配电室门口绝缘垫缺失，地面潮湿")
        worker.context.set_offline(True)
        expect(page.locator(".connection.broken")).to_be_visible()
        page.locator(".report-foot button").filter(has_text="稍后补全").click()
        expect(page.locator(".ant-message")).to_be_visible()
        expect(page.locator("[data-field=description] textarea")).to_have_value("配电室门口绝缘垫缺失，地面潮湿")
        worker.context.set_offline(False)
        expect(page.locator(".connection.broken")).to_have_count(0)
        page.locator(".report-foot button").filter(has_text="稍后补全").click()
        expect(page.get_by_test_id("number")).to_be_visible()


def test_the_register_filters_on_the_server_and_exports_what_is_filtered(browser: Browser, plant: RunningPlant) -> None:
    with visit(browser, plant, plant.admin) as admin:
        page = admin.open("/register?status=all")
        page.locator(".filters-search input").fill("二号压力机一定没有的词")
        expect(page.locator(".empty")).to_be_visible()
        page.locator(".filters-search input").fill("")
        expect(page.locator("[role=row][data-index]").first).to_be_visible()
        for choice in ("按当前列表", "隐患排查治理台账"):
            page.locator(".page-head button").filter(has_text="导出").click()
            with page.expect_download() as saved:
                page.locator(".ant-dropdown:not(.ant-dropdown-hidden) li").filter(has_text=choice).click()
            assert saved.value.path().read_bytes()[:2] == b"PK"


def test_a_register_is_imported_with_a_preview(browser: Browser, plant: RunningPlant) -> None:
    register = ROOT / "examples" / "finding-register-2025Q4.xlsx"
    with visit(browser, plant, plant.admin) as admin:
        page = admin.open("/imports")
        page.locator(".wizard input[type=file]").set_input_files(register)
        expect(page.locator(".figures")).to_be_visible(timeout=60_000)
        page.locator(".columns summary").click()
        expect(page.locator(".columns-field").first).to_be_visible()
        assert admin.violations() == []


def test_the_plant_is_edited_in_the_console(browser: Browser, plant: RunningPlant) -> None:
    with visit(browser, plant, plant.admin) as admin:
        page = admin.open("/plant/competence")
        page.locator(".items-tools .ant-btn-primary").click()
        drawer = page.locator(".ant-drawer")
        drawer.locator("[data-field=id] input").fill("lifting")
        drawer.locator("[data-field=name] input").fill("起重吊装")
        drawer.locator(".ant-drawer-footer .ant-btn-primary").click()
        expect(page.locator(".items")).to_contain_text("起重吊装")
    assert plant.get(plant.admin, "/plant/competence/lifting")["body"]["name"] == "起重吊装"
