"""A pack is published from the console: checked first, its changes read, and only then confirmed."""

import io
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from running_plant import DESK, PHONE, RunningPlant, Visitor, visit

from anhuan import resources
from anhuan.connectors.pack_files import read_pack

NAME = "plant_care"
KIND = "kinds/post_vacancy.yaml"


def archive(folder: Path, version: str, old: str, new: str) -> Path:
    """The shipped pack as another version with something else in its kind."""
    parts = read_pack(resources.path("packs") / NAME)
    parts["pack.yaml"] = parts["pack.yaml"].replace('version: "1.0"', f'version: "{version}"')
    assert old in parts[KIND]
    parts[KIND] = parts[KIND].replace(old, new)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as packed:
        for path, text in parts.items():
            packed.writestr(path, text)
    made = folder / f"{NAME}-{version}.zip"
    made.write_bytes(written.getvalue())
    return made


def opened(visitor: Visitor) -> Page:
    page = visitor.open("/packs")
    page.locator(".page-head button").last.click()
    expect(page.locator(".publish .ant-drawer-body")).to_be_visible()
    return page


def give(page: Page, pack: Path) -> None:
    page.locator(".publish input[type=file]").set_input_files(pack)
    expect(page.get_by_test_id("problems")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "size", "version", "within"),
    [("zh", DESK, "8.1", "P3D"), ("en", PHONE, "8.2", "P4D")],
    ids=["desk", "phone"],
)
def test_a_pack_is_checked_compared_and_published(
    browser: Browser,
    plant: RunningPlant,
    tmp_path: Path,
    language: str,
    size: dict[str, int],
    version: str,
    within: str,
) -> None:
    before = {(one["name"], one["version"]) for one in plant.get(plant.admin, "/packs")["items"]}
    with visit(browser, plant, plant.admin, language, size) as admin:
        page = opened(admin)
        publish = page.locator(".publish .ant-drawer-footer button")
        expect(publish).to_have_attribute("aria-disabled", "true")
        give(page, archive(tmp_path, "0.1", "form: filled", "form: nowhere"))
        expect(page.get_by_test_id("problems").locator("li").first).to_be_visible()
        expect(publish).to_have_attribute("aria-disabled", "true")
        give(page, archive(tmp_path, version, "within: P2D", f"within: {within}"))
        changed = page.get_by_test_id("changes").locator("[data-where^=kinds] .change-facts").first
        expect(changed.locator("del")).to_be_visible()
        expect(changed.locator("ins")).to_be_visible()
        assert admin.violations() == [] and admin.overflow() == 0
        publish.click()
        sure = page.locator(".ant-modal-confirm")
        expect(sure).to_contain_text(version)
        sure.locator(".ant-btn-primary").click()
        expect(page.locator(".publish")).to_have_count(0)
        expect(page.locator(".decided").get_by_text(version)).to_be_visible()
    items = plant.get(plant.admin, "/packs")["items"]
    assert {(one["name"], one["version"]) for one in items} - before == {(NAME, version)}
    assert [one["version"] for one in items if one["current"] and one["name"] == NAME] == [version]


def test_whoever_may_not_publish_is_told_so(browser: Browser, plant: RunningPlant) -> None:
    officer = next(one for one in plant.accounts if one["roles"] == ["safety_officer"])
    with visit(browser, plant, str(officer["login"])) as visitor:
        page = visitor.open("/packs")
        page.locator(".page-head .is-off").click(force=True)
        expect(page.locator(".ant-message")).to_contain_text("只有管理员可以发布规则包")
        expect(page.locator(".publish")).to_have_count(0)
