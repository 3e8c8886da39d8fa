"""The verifier's look at photos: a slider for hand and keyboard, and in words what was found and what it rests on."""

import hashlib
import io
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageOps
from playwright.sync_api import Browser, Page, expect
from running_plant import API, DESK, PHONE, RunningPlant, visit

from anhuan.testing.scenes import Shot, photo, scene

DRAWING = {"width": 100, "height": 50, "strokes": [[[1, 1, 0], [90, 40, 200]]]}
SAID = {
    "zh": ("前后照片拍的是同一处", "整改后照片：以前用过的照片 · 左右翻转", "另一张单中用过", "仅供核验人参考"),
    "en": (
        "Before and after show the same place",
        "this photo was used before · mirrored",
        "Used in another case",
        "For the verifier to judge",
    ),
}
_PLACES = iter(range(70, 90))


def jpeg(image: Image.Image) -> bytes:
    written = io.BytesIO()
    image.save(written, "JPEG", quality=85)
    return written.getvalue()


def shot(place: int, **how: Any) -> Image.Image:
    return Image.fromarray(photo(scene(place), Shot(**how))[:, :, ::-1].copy())


def repaired(plant: RunningPlant, equipment: str, before: bytes, after: bytes) -> Any:
    """A finding reported and rectified over the API with two photos; the case, waiting to be verified."""
    found = next(one for one in plant.get(plant.admin, "/plant/choices")["equipment"] if one["number"] == equipment)
    form = {
        "description": f"防护罩固定螺栓松动，运转时晃动 {hashlib.sha256(after).hexdigest()[:6]}",
        "category": "mechanical",
        "area": found["area"],
        "equipment": found["id"],
        "risk": {"method": "lec", "factors": {"l": 3, "e": 6, "c": 7}},
    }
    report = plant.api(plant.worker()).post("/cases", json={"kind": "finding", "form": form})
    report.raise_for_status()
    number = report.json()["number"]
    for login in plant.holders(number, "receipt"):
        plant.do(number, "receipt", login)
    login = plant.holders(number, "rectify", "lead")[0]
    files = []
    for slot, data in (("photo_before", before), ("photo_after", after)):
        name = hashlib.sha256(data).hexdigest()
        plant.api(login).put(f"/files/{name}", content=data).raise_for_status()
        files.append({"slot": slot, "sha256": name})
    duty = next(
        d
        for d in plant.get(login, f"/cases/{report.json()['id']}")["duties"]
        if (d["key"], d["part"], d["status"]) == ("rectify", "lead", "open")
    )
    body = {
        "outcome": "done",
        "form": {
            "containment": "停机挂牌，禁止启动。",
            "root_cause": "螺栓未按扭矩紧固。",
            "measure": "更换螺栓并按扭矩紧固，加防松垫圈。",
        },
        "files": files,
        "signature": {"drawing": DRAWING, "statement": "本人确认整改属实。"},
    }
    plant.api(login).post(f"/cases/{report.json()['id']}/duties/{duty['no']}/discharge", json=body).raise_for_status()
    for helper in plant.holders(number, "rectify", "assist"):
        plant.do(number, "rectify", helper, {"done": "停机断电并现场监护，配合紧固。"})
    return plant.case(number)


def reused(plant: RunningPlant, equipment: str) -> Any:
    """Two repairs at two places; the photo after the second is the first one's, mirrored. The second case."""
    place = next(_PLACES)
    after = shot(place, seed=2, step_m=0.3, changed=1)
    repaired(plant, equipment, jpeg(shot(place)), jpeg(after))
    mirror = ImageOps.mirror(after)
    beside = ImageOps.mirror(shot(place, seed=4, step_m=-0.3, light=0.8))
    return repaired(plant, equipment, jpeg(beside), jpeg(mirror))


def slid(page: Page) -> str:
    """How far the photo after is cut off."""
    style = page.locator(".before-after .after").get_attribute("style") or ""
    return re.search(r"inset\((.*?)\)", style)[1]  # type: ignore[index]


@pytest.mark.parametrize(("language", "equipment"), [("zh", "P-1601"), ("en", "P-2501")])
def test_the_verifier_slides_and_reads(browser: Browser, plant: RunningPlant, language: str, equipment: str) -> None:
    case = reused(plant, equipment)
    checker = plant.drawn(case["id"], "desk")
    for size in (DESK, PHONE):
        with visit(browser, plant, checker, language, size) as visitor:
            page = visitor.open(f"/cases/{case['id']}")
            check = page.get_by_test_id("photo-check")
            for said in SAID[language]:
                expect(check).to_contain_text(said)
            expect(check.locator("a, img")).to_have_count(0)
            slider = page.locator(".before-after input[type=range]")
            slider.scroll_into_view_if_needed()
            slider.focus()
            begun = slid(page)
            page.keyboard.press("ArrowRight")
            assert slid(page) != begun
            page.keyboard.press("End")
            assert slid(page).endswith("100%")
            page.keyboard.press("Home")
            assert slid(page).endswith(" 0%") or slid(page).endswith("0px")
            box = page.locator(".before-after").bounding_box()
            assert box
            at = (box["x"] + box["width"] * 0.75, box["y"] + box["height"] / 2)
            page.touchscreen.tap(*at) if size is PHONE else page.mouse.click(*at)
            assert 70 <= float(slid(page).split()[-1].rstrip("%")) <= 80
            assert visitor.overflow() <= 0
            assert visitor.violations() == []


def test_whoever_may_see_the_other_case_gets_to_it(browser: Browser, plant: RunningPlant) -> None:
    case = reused(plant, "P-1602")
    with visit(browser, plant, plant.admin, "zh") as visitor:
        page = visitor.open(f"/cases/{case['id']}")
        check = page.get_by_test_id("photo-check")
        expect(check.locator(".photo-reuse img")).to_have_js_property("complete", True)
        link = check.locator(".photo-reuse a")
        number = link.inner_text()
        assert number != case["number"]
        link.click()
        expect(page.locator(".case-number")).to_contain_text(number)
    answer = plant.get(plant.admin, f"/cases/{case['id']}/photos")
    (repeat,) = next(one for one in answer["photos"] if one["slot"] == "photo_after")["repeats"]
    assert plant.api(plant.admin).get(repeat["thumb_url"].removeprefix(API)).headers["content-type"] == "image/jpeg"


def test_an_honest_repair_is_told_so(browser: Browser, plant: RunningPlant, tmp_path: Path) -> None:
    place = next(_PLACES)
    case = repaired(plant, "P-1601", jpeg(shot(place)), jpeg(shot(place, seed=3, step_m=0.4, changed=1)))
    with visit(browser, plant, plant.admin, "zh") as visitor:
        page = visitor.open(f"/cases/{case['id']}")
        expect(page.get_by_test_id("photo-check")).to_contain_text("2 张照片均未发现与全厂以往照片重复")
