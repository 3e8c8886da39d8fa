"""Putting work off in a real browser: asked for with photos and papers, decided with them in sight."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from running_plant import DESK, PHONE, RunningPlant, visit
from test_loop import add_photo, pick, report

WORDS = {
    "reason": "光栅接收器缺货，到货前无法更换 / the receiver is out of stock",
    "containment": "停机断电挂牌，拉警戒线，专人看护 / out of service, tagged and fenced",
}


@pytest.mark.parametrize(
    ("language", "equipment", "size"), [("zh", "P-1601", DESK), ("en", "P-800", PHONE)], ids=["desk", "phone"]
)
def test_work_is_put_off_with_a_photo_of_its_containment(
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
    paper = tmp_path / "signed.pdf"
    paper.write_bytes(b"%PDF-1.4\n%%EOF\n")
    rectifier = plant.holders(number, "rectify", "lead")[0]
    with visit(browser, plant, rectifier, language, size) as visitor:
        page = visitor.open(f"/cases/{case}")
        page.locator("[data-duty=rectify] header button").last.click()
        name = next(one["name"] for one in _moves(plant, rectifier, language, case) if one["key"] == "defer")
        page.locator(".move-menu:visible").get_by_text(name, exact=True).click()
        form = page.get_by_role("dialog")
        pick(page, "deferral_reason", "waiting_parts")
        form.locator("[data-field=until] input").fill("2030-01-15 17:00")
        form.locator("[data-field=until] input").press("Enter")
        for field, text in WORDS.items():
            form.locator(f"[data-field={field}] textarea").fill(text)
        ask = form.locator(".ant-modal-footer .ant-btn-primary")
        ask.click()
        wrong = form.locator("[data-field=photo_containment] .field-wrong")
        expect(wrong).to_be_visible()
        assert plant.case(number)["moves"] == []
        assert visitor.violations() == [] and visitor.overflow() == 0
        add_photo(page, "photo_containment", photos["after"])
        form.locator("[data-slot=document] input[type=file]").set_input_files(paper)
        expect(form.locator("[data-slot=document] .paper")).to_have_count(1)
        expect(ask).to_be_enabled()
        ask.click()
        expect(form).to_have_count(0)
        expect(page.locator(".timeline-files img").first).to_be_visible()

    (wish,) = plant.case(number)["moves"]
    assert sorted(file["slot"] for file in wish["files"]) == ["document", "photo_containment"]
    head = plant.holders(number, "defer_approval")[0]
    with visit(browser, plant, head, language, size) as visitor:
        page = visitor.open(f"/cases/{case}")
        decision = page.locator("[data-duty=defer_approval]")
        expect(decision.locator(".wish-files img")).to_be_visible()
        expect(decision.locator(".wish-files a.evidence-file")).to_have_count(1)
        assert visitor.violations() == [] and visitor.overflow() == 0
        decision.locator(".outcome-approve").click()
        decision.locator(".my-duty-send").click()
        expect(page.locator("[data-duty=defer_approval]")).to_have_count(0)
    assert plant.case(number)["stage"] == "deferred"


def _moves(plant: RunningPlant, login: str, language: str, case: str) -> list[dict[str, str]]:
    answer = plant.api(login).get(f"/cases/{case}", headers={"Accept-Language": language})
    return [move for duty in answer.json()["duties"] for move in duty["may"]["moves"]]
