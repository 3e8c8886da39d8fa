"""The dashboard: figures that say how they are computed and open their rows, by role; and when there is nothing."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from running_plant import DESK, PHONE, RunningPlant, visit

KIND = "finding"
FORM = {
    "description": "冲压车间压力机光栅失效，仍在运行",
    "category": "mechanical",
    "area": "area-press",
    "equipment": "eq-P-1601",
    "risk": {"method": "lec", "factors": {"l": 6, "e": 6, "c": 15}},
}


@pytest.fixture(scope="module")
def again(plant: RunningPlant) -> None:
    """The same at the same machine, twice."""
    for number in ("1", "2"):
        sent = plant.api(plant.worker()).post(
            "/cases", json={"kind": KIND, "form": FORM}, headers={"Idempotency-Key": f"browser-dashboard-{number}"}
        )
        assert sent.status_code == 201, sent.text


def number_in(page: Page, selector: str) -> int:
    return int(re.sub(r"\D", "", page.locator(selector).first.inner_text()))


@pytest.mark.usefixtures("again")
@pytest.mark.parametrize(("language", "size"), [("zh", DESK), ("en", PHONE)], ids=["desk", "phone"])
def test_a_figure_says_its_formula_and_opens_its_rows(
    browser: Browser, plant: RunningPlant, language: str, size: dict[str, int]
) -> None:
    with visit(browser, plant, plant.admin, language, size) as admin:
        page = admin.open("/dashboard")
        expect(page.locator("canvas").first).to_be_visible()
        page.locator("[data-figure=open] .formula-button").click()
        expect(page.locator(".ant-popover .formula")).to_contain_text("现在" if language == "zh" else "open now")
        page.keyboard.press("Escape")
        expect(page.locator(".ant-popover")).to_be_hidden()
        assert admin.violations() == []
        assert admin.overflow() == 0
        wanted = number_in(page, "[data-figure=open] .figure-value")
        page.locator("[data-figure=open] .figure-value a").click()
        expect(page.locator("h1")).to_have_text("台账" if language == "zh" else "Register")
        expect(page.locator(".page-head p")).to_contain_text(f"{wanted:,}")


@pytest.mark.usefixtures("again")
def test_what_came_back_and_what_waits_lead_to_their_rows(browser: Browser, plant: RunningPlant) -> None:
    with visit(browser, plant, plant.admin) as admin:
        page = admin.open("/dashboard")
        place = page.locator(".places li").filter(has_text="P-1601")
        times = int(re.sub(r"\D", "", place.locator(".num").inner_text()))
        place.locator("a").click()
        expect(page.locator("[role=row][data-index]")).to_have_count(times)
        expect(page.locator(".narrowed")).to_contain_text("在线登记")
        page.go_back()
        waits = page.locator(".waits-list a").first
        waiting = int(re.sub(r"\D", "", waits.inner_text()))
        waits.click()
        expect(page.locator(".narrowed")).to_contain_text("在等")
        expect(page.locator(".page-head p")).to_contain_text(f"{waiting:,}")
        page.locator(".narrowed .ant-tag-close-icon").first.click()
        expect(page.locator(".narrowed")).to_have_count(0)


def test_the_old_register_stands_beside_and_apart(browser: Browser, plant: RunningPlant) -> None:
    counted = plant.get(plant.admin, f"/statistics/{KIND}")["imported"]["figures"]
    registered = next(one["value"] for one in counted if one["key"] == "registered")
    with visit(browser, plant, plant.admin) as admin:
        page = admin.open("/dashboard?days=30")
        before = page.locator(".before div").filter(has_text="登记").first
        expect(before).to_contain_text(str(registered))
        before.locator("a").click()
        expect(page.locator(".narrowed")).to_contain_text("旧台账")
        expect(page.locator(".page-head p")).to_contain_text(str(registered))


@pytest.mark.usefixtures("again")
def test_a_worker_sees_their_tasks_and_what_became_of_what_they_reported(browser: Browser, plant: RunningPlant) -> None:
    with visit(browser, plant, plant.worker()) as worker:
        page = worker.open("/dashboard")
        expect(page.locator(".figure-cards.mine")).to_contain_text("我的任务")
        expect(page.locator(".dashboard-tools")).not_to_contain_text("全厂")
        assert number_in(page, "[data-figure=closure_rate] .figure-parts > span:last-child") >= 2
        page.locator(".ant-segmented-item").filter(has_text="我的班组").click()
        expect(page).to_have_url(re.compile("of=team"))


def test_nothing_in_the_period_and_no_answer_are_said(browser: Browser, plant: RunningPlant) -> None:
    with visit(browser, plant, plant.admin) as admin:
        admin.open(f"/dashboard?kind={other_kind(plant)}&from=2001-01-01&to=2001-01-31&of=reported")
        expect(admin.page.locator(".empty h2")).to_have_text("期间内没有案件")
        admin.page.route("**/api/v1/statistics/**", lambda route: route.abort())
        admin.page.goto(f"{plant.address}/dashboard")
        expect(admin.page.get_by_role("alert")).to_be_visible(timeout=30_000)
        admin.page.unroute("**/api/v1/statistics/**")
        admin.page.get_by_role("alert").locator("button").click()
        expect(admin.page.locator("[data-figure=closure_rate]")).to_be_visible()


def other_kind(plant: RunningPlant) -> str:
    return next(str(one["key"]) for one in plant.get(plant.admin, "/kinds")["items"] if one["key"] != KIND)
