"""A notice in a real browser: issued, downloaded, signed on paper, photographed, and back in its case by its code."""

import re
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, expect
from running_plant import DESK, PHONE, RunningPlant, visit
from test_loop import report

OFFICER = "p-003"


def signed(pdf: Path, angle: float) -> Path:
    """A photo of the printed sheet with a name on it, lying askew on a table."""
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=2.2).to_pil().convert("RGB")
    ImageDraw.Draw(page).line((180, 1450, 260, 1390, 330, 1480, 420, 1400), fill="navy", width=7)
    photo = page.rotate(angle, expand=True, fillcolor=(84, 70, 58), resample=Image.Resampling.BICUBIC)
    written = pdf.with_suffix(".jpg")
    photo.save(written, "JPEG", quality=80)
    return written


@pytest.mark.parametrize(
    ("language", "equipment", "size"), [("zh", "P-1601", DESK), ("en", "P-800", PHONE)], ids=["desk", "phone"]
)
def test_a_notice_is_issued_signed_and_comes_back(
    browser: Browser,
    plant: RunningPlant,
    photos: dict[str, Path],
    tmp_path: Path,
    language: str,
    equipment: str,
    size: dict[str, int],
) -> None:
    number = report(browser, plant, language, photos["before"], equipment)
    case = plant.case(number)["id"]
    with visit(browser, plant, plant.login_of(OFFICER), language, size) as visitor:
        page = visitor.open(f"/cases/{case}")
        papers = page.locator(".papers")
        papers.scroll_into_view_if_needed()
        reply = papers.locator("[data-paper=rectification_reply]")
        expect(reply).to_have_attribute("aria-disabled", "true")
        papers.locator("[data-paper=rectification_notice]").click()
        issued = papers.locator("[data-number]")
        expect(issued).to_have_count(1)
        paper = issued.get_attribute("data-number") or ""
        assert re.fullmatch(r"ZGTZ-\d{4}-\d{6}", paper)
        with page.expect_download() as waiting:
            issued.locator("a[download]").click()
        pdf = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(pdf)
        assert pdf.name == f"{paper}.pdf"
        text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
        assert paper in text and number in text
        assert ("整改通知单" in text) is (language == "zh")
        papers.locator("input[type=file]").set_input_files(signed(pdf, 11 if language == "zh" else -24))
        expect(issued.locator(".evidence img")).to_be_visible()
        said = papers.inner_text()
        assert not re.search(r"\b(papers|paper|field)\.[a-z_]+", said), said
        assert bool(re.search(r"[\u4e00-\u9fff]", said.replace(_name(plant), ""))) is (language == "zh")
        page.locator(".timeline").get_by_text(paper).first.wait_for()
        assert visitor.violations() == [] and visitor.overflow() == 0
        page = visitor.open(f"/cases/{case}?paper={paper}")
        expect(page.locator(f"[data-number={paper}].wanted")).to_be_visible()
        whole = page.request.get(plant.address + (page.locator(".papers a").first.get_attribute("href") or ""))
        assert whole.ok and whole.headers["content-type"] == "application/pdf"
    (found,) = plant.get(plant.admin, f"/cases/{case}/papers")["issued"]
    assert [piece["slot"] for piece in found["returned"]] == ["signed_copy"]


def test_what_is_no_signed_paper_is_refused_in_words(
    browser: Browser, plant: RunningPlant, photos: dict[str, Path]
) -> None:
    number = report(browser, plant, "zh", photos["before"], "P-1601")
    case = plant.case(number)["id"]
    with visit(browser, plant, plant.login_of(OFFICER)) as visitor:
        page = visitor.open(f"/cases/{case}")
        page.locator("[data-paper=rectification_notice]").click()
        page.locator(".papers input[type=file]").set_input_files(photos["own"])
        expect(page.locator(".ant-message-error")).to_contain_text("找不到二维码")
        expect(page.locator(".papers-issued .evidence")).to_have_count(0)


def _name(plant: RunningPlant) -> str:
    people = plant.get(plant.admin, "/plant/choices")["people"]
    return next(str(one["name"]) for one in people if one["id"] == OFFICER)
