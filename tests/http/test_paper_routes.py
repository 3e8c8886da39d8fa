"""Papers over HTTP: issued and kept byte for byte, read against the case, blind without names, back by their code."""

import io
import random
from dataclasses import dataclass, field
from typing import Any

import httpx
import pypdfium2
import pytest
import segno
from PIL import Image, ImageChops, ImageDraw, ImageFilter
from plant_web import PlantWeb
from test_file_routes import named

from anhuan.domain.ids import PersonId
from anhuan.testing.plants import demo_plant

API = "/api/v1"
NOTICE, REPLY = "rectification_notice", "rectification_reply"
NASTY = '#set text(fill: red) *粗* $x$ <标签> \\ "引号" [#panic("no")] @ref'
OFFICER = "p-003"


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_range() for page in document).replace("\r", "")


def bare(text: str) -> str:
    return "".join(text.split()).replace("\u200b", "")


def first_page(pdf: bytes, scale: float = 2.2) -> Image.Image:
    return pypdfium2.PdfDocument(pdf)[0].render(scale=scale).to_pil().convert("RGB")


def scanned(page: Image.Image, angle: float = 0, *, dim: bool = False) -> bytes:
    """A phone's photo of a sheet on a table: turned, seen from aside, soft, grainy, and unevenly lit if `dim`."""
    width, height = page.size
    aside = (1.0, 0.08, -0.04 * width, 0.03, 1.05, -0.02 * height, 0.00004, 0.00002)
    photo = page.transform(
        page.size, Image.Transform.PERSPECTIVE, aside, Image.Resampling.BICUBIC, fillcolor=(70, 60, 50)
    )
    photo = photo.rotate(angle, expand=True, fillcolor=(70, 60, 50), resample=Image.Resampling.BICUBIC)
    photo = photo.filter(ImageFilter.GaussianBlur(0.9))
    if dim:
        light = Image.linear_gradient("L").resize(photo.size).point(lambda value: 70 + value // 2)
        photo = ImageChops.multiply(photo, Image.merge("RGB", [light] * 3))
    grain = random.Random(1)
    noise = Image.frombytes("L", (256, 256), bytes(grain.randrange(120, 137) for _ in range(256 * 256)))
    photo = ImageChops.add(photo, Image.merge("RGB", [noise.resize(photo.size)] * 3), 1, -128)
    return jpeg(photo)


def jpeg(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=80)
    return written.getvalue()


def photo(colour: str) -> bytes:
    picture = Image.new("RGB", (1200, 900), colour)
    ImageDraw.Draw(picture).ellipse((300, 200, 800, 700), fill="white")
    return jpeg(picture)


@dataclass
class Desk:
    """The safety officer's browser and a case with a photo in it."""

    plant: PlantWeb
    officer: httpx.AsyncClient
    case: str
    number: str
    form: dict[str, Any] = field(default_factory=dict)

    async def issue(self, paper: str = NOTICE, **headers: str) -> httpx.Response:
        body = {"paper": paper}
        return await self.officer.post(f"{API}/cases/{self.case}/papers", json=body, headers=headers)

    async def issued(self, paper: str = NOTICE) -> dict[str, Any]:
        answer = await self.issue(paper)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def back(self, data: bytes, browser: httpx.AsyncClient | None = None, kind: str = "scan") -> httpx.Response:
        browser = browser or self.officer
        sent = await browser.put(f"{API}/files/{named(data)}", params={"kind": kind}, content=data)
        assert sent.status_code in (200, 201), sent.text
        return await browser.post(f"{API}/papers/returns", json={"sha256": named(data)})


@pytest.fixture
async def desk(plant: PlantWeb) -> Desk:
    """A finding with a photo, a clause, and texts that a typesetter could trip over."""
    reporter = await plant.of("p-023")
    data = photo("darkred")
    await reporter.put(f"{API}/files/{named(data)}", content=data)
    form = {
        "description": f"控制柜接地线断开 {NASTY}",
        "category": "electrical",
        "area": "area-press",
        "equipment": "eq-P-1601",
        "risk": {"method": "lec", "factors": {"l": 6, "e": 6, "c": 15}},
        "legal_clause": "GB/T 13869-2017 第 5.1.3 条",
        "finder": "p-024",
    }
    body = {"kind": "finding", "form": form, "files": [{"slot": "photo", "sha256": named(data)}]}
    answer = await reporter.post(f"{API}/cases", json=body)
    assert answer.status_code == 201, answer.text
    officer = await plant.of(OFFICER, "safety_officer")
    return Desk(plant, officer, answer.json()["id"], answer.json()["number"], form)


async def test_a_paper_is_issued_once_and_handed_out_byte_for_byte(desk: Desk) -> None:
    issued = await desk.issued()
    assert issued["number"] == "ZGTZ-2026-000001" and issued["by"]["id"] == OFFICER
    pdf = await desk.officer.get(issued["url"])
    assert pdf.headers["content-type"] == "application/pdf"
    assert (named(pdf.content), len(pdf.content)) == (issued["sha256"], issued["size"])
    note = {"text": "后来的一句话"}
    assert (await desk.officer.post(f"{API}/cases/{desk.case}/notes", json=note)).status_code == 200
    assert (await desk.officer.get(issued["url"])).content == pdf.content
    events = await desk.plant.house.superuser(
        "SELECT by_person, payload::jsonb->>'number', payload::jsonb->>'sha256' FROM event WHERE type = 'PaperIssued'"
    )
    assert events == [(OFFICER, issued["number"], issued["sha256"])]
    assert (await desk.issued())["number"] == "ZGTZ-2026-000002"
    listed = (await desk.officer.get(f"{API}/cases/{desk.case}/papers")).json()
    assert [paper["number"] for paper in listed["issued"]] == ["ZGTZ-2026-000002", "ZGTZ-2026-000001"]


async def test_the_same_key_issues_one_paper(desk: Desk) -> None:
    first, again = [await desk.issue(**{"Idempotency-Key": "once"}) for _ in range(2)]
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    listed = (await desk.officer.get(f"{API}/cases/{desk.case}/papers")).json()
    assert len(listed["issued"]) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_notice_says_what_the_case_says_letter_by_letter(desk: Desk, language: str) -> None:
    desk.officer.headers["Accept-Language"] = language
    issued = await desk.issued()
    page = (await desk.officer.get(f"{API}/cases/{desk.case}")).json()
    text = bare(text_of((await desk.officer.get(issued["url"])).content))
    kind = next(one for one in (await desk.officer.get(f"{API}/kinds")).json()["items"] if one["key"] == page["kind"])
    words = kind["words"]
    said = [
        NASTY,
        desk.form["legal_clause"],
        issued["number"],
        desk.number,
        words["paper.finding.rectification_notice"],
    ]
    said += [page["area"]["name"], page["equipment"]["name"], page["finder"]["name"], issued["by"]["name"]]
    said += [words["category.electrical"], words["risk_level.red"], words["blank.issuer"], words["blank.receiver"]]
    said += [duty["party"]["text"] for duty in page["duties"]] + [duty["name"] for duty in page["duties"]]
    assert [one for one in said if bare(one) not in text] == []
    assert "{" not in text and "…" not in text
    assert ("整改通知单" in text) is (language == "zh")


async def test_who_may_not_issue_is_told_why_in_the_list_and_on_trying(desk: Desk) -> None:
    listed = (await desk.officer.get(f"{API}/cases/{desk.case}/papers")).json()
    offers = {offer["key"]: offer["may"] for offer in listed["offers"]}
    assert offers[NOTICE] == {"ok": True, "why": None}
    early = await desk.issue(REPLY)
    assert (early.status_code, early.json()["code"]) == (409, "paper_before_its_time")
    assert offers[REPLY]["why"] == early.json()["detail"]
    worker = await desk.plant.of("p-023")
    refused = await worker.post(f"{API}/cases/{desk.case}/papers", json={"paper": NOTICE})
    assert (refused.status_code, refused.json()["code"]) == (403, "may_not_issue")
    assert (await desk.issue("poster")).json()["code"] == "paper_not_of_kind"


async def test_who_does_not_see_the_case_gets_none_of_its_papers(desk: Desk) -> None:
    issued = await desk.issued()
    stranger = await desk.plant.of("p-050")
    for path in (issued["url"], f"{API}/cases/{desk.case}/papers", f"{API}/cases/{desk.case}/papers/whole.pdf"):
        assert (await stranger.get(path)).status_code == 404, path
    gone = f"{API}/cases/{desk.case}/papers/ZGTZ-2026-999999.pdf"
    assert (await desk.officer.get(gone)).status_code == 404


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_the_whole_case_tells_everything_that_happened(desk: Desk, language: str) -> None:
    await desk.plant.rectified(desk.case)
    issued = await desk.issued(REPLY)
    desk.officer.headers["Accept-Language"] = language
    answer = await desk.officer.get(f"{API}/cases/{desk.case}/papers/whole.pdf")
    assert answer.status_code == 200
    text = bare(text_of(answer.content))
    history = (await desk.officer.get(f"{API}/cases/{desk.case}/timeline")).json()["items"]
    assert [item["text"] for item in history if bare(item["text"]) not in text] == []
    assert issued["sha256"] in text and "更换接地线并紧固端子" in text
    assert bare(NASTY) in text


async def test_the_reply_shows_what_was_done(desk: Desk) -> None:
    await desk.plant.rectified(desk.case)
    text = bare(text_of((await desk.officer.get((await desk.issued(REPLY))["url"])).content))
    for said in ("停机挂牌，禁止启动。", "接地线压接端子松动疲劳断裂。", "更换接地线并紧固端子", "照片原件已丢失"):
        assert bare(said) in text


# --- blind


def names_in(text: str, people: frozenset[PersonId]) -> list[str]:
    records = [record for person in people if (record := demo_plant().person(person))]
    return [record.name for record in records if record.name in text]


async def test_a_blind_checker_gets_every_paper_without_a_name(desk: Desk) -> None:
    issued = await desk.issued()
    await desk.plant.rectified(desk.case)
    scan = scanned(first_page((await desk.officer.get(issued["url"])).content))
    assert (await desk.back(scan)).status_code == 200
    checker = await desk.plant.of(await desk.plant.checker(desk.case))
    case = await desk.plant.house.house.handler.case(desk.plant.house.tenant, desk.case)  # type: ignore[arg-type]
    actors = case.actors() | case.noted_by
    assert len(actors) >= 4
    listed = (await checker.get(f"{API}/cases/{desk.case}/papers")).json()
    assert [(paper["number"], paper["by"], paper["returned"]) for paper in listed["issued"]] == [
        (issued["number"], None, [])
    ]
    for path in (issued["url"], listed["whole_url"]):
        answer = await checker.get(path)
        assert answer.status_code == 200, answer.text
        text = bare(text_of(answer.content))
        assert desk.number in text and "控制柜接地线断开" in text
        assert names_in(text, actors) == []
        assert named(answer.content) != issued["sha256"]
    assert names_in(text_of((await desk.officer.get(issued["url"])).content), actors) != []


async def test_a_blind_checker_issues_none_and_brings_none_back(desk: Desk) -> None:
    issued = await desk.issued()
    scan = scanned(first_page((await desk.officer.get(issued["url"])).content))
    await desk.plant.rectified(desk.case)
    checker = await desk.plant.of(await desk.plant.checker(desk.case))
    offers = (await checker.get(f"{API}/cases/{desk.case}/papers")).json()["offers"]
    assert {offer["may"]["ok"] for offer in offers} == {False}
    refused = await checker.post(f"{API}/cases/{desk.case}/papers", json={"paper": REPLY})
    assert (refused.status_code, refused.json()["code"]) == (403, "paper_hidden_while_blind")
    back = await desk.back(scan, checker)
    assert (back.status_code, back.json()["code"]) == (403, "paper_hidden_while_blind")


# --- coming back


@pytest.mark.parametrize(("angle", "dim"), [(0, False), (9, True), (-38, False), (90, True), (172, False)])
async def test_a_signed_sheet_finds_its_case_however_it_was_photographed(desk: Desk, angle: float, dim: bool) -> None:
    issued = await desk.issued()
    page = first_page((await desk.officer.get(issued["url"])).content)
    ImageDraw.Draw(page).line((200, 1500, 420, 1430, 300, 1560), fill="navy", width=6)
    worker = await desk.plant.of("p-023")
    back = await desk.back(scanned(page, angle, dim=dim), worker)
    assert back.status_code == 200, back.text
    assert back.json()["case"]["id"] == desk.case
    (piece,) = back.json()["paper"]["returned"]
    assert (piece["slot"], piece["kind"], piece["captured_by"]["id"]) == ("signed_copy", "scan", "p-023")
    shown = await desk.officer.get(piece["url"])
    assert shown.status_code == 200 and shown.headers["content-type"] == "image/jpeg"
    told = (await desk.officer.get(f"{API}/cases/{desk.case}/timeline")).json()["items"][-1]
    assert told["type"] == "PaperReturned" and issued["number"] in told["text"] and told["by"]["id"] == "p-023"


async def test_what_is_no_paper_of_ours_is_refused_and_says_why(desk: Desk) -> None:
    issued = await desk.issued()
    page = first_page((await desk.officer.get(issued["url"])).content)
    plain = scanned(Image.new("RGB", page.size, "white"))
    both = Image.new("RGB", (page.width * 2, page.height), "white")
    other = first_page((await desk.officer.get((await desk.issued())["url"])).content)
    both.paste(page, (0, 0))
    both.paste(other, (page.width, 0))
    for data, code in (
        (plain, "scan_without_code"),
        (qr("https://example.com/menu?table=4"), "scan_code_foreign"),
        (qr(f"https://x/cases/{desk.case}?paper={issued['number']}&of=elsewhere"), "paper_of_other_plant"),
        (qr(f"https://x/cases/{desk.case}?paper=ZGTZ-2026-777777&of={desk.plant.house.tenant}"), "paper_unknown"),
        (qr(f"https://x/cases/no-such-case?paper=ZGTZ-1&of={desk.plant.house.tenant}"), "paper_unknown"),
        (jpeg(both), "scan_of_several"),
    ):
        refused = await desk.back(data)
        assert (refused.status_code, refused.json()["code"]) == (422, code)
        assert refused.json()["detail"]
    pdf = await desk.back((await desk.officer.get(issued["url"])).content)
    assert (pdf.status_code, pdf.json()["code"]) == (422, "scan_is_no_picture")
    unsent = await desk.officer.post(f"{API}/papers/returns", json={"sha256": "0" * 64})
    assert (unsent.status_code, unsent.json()["code"]) == (422, "file_not_sent")
    listed = (await desk.officer.get(f"{API}/cases/{desk.case}/papers")).json()["issued"]
    assert {len(paper["returned"]) for paper in listed} == {0}


async def test_who_does_not_see_the_case_cannot_hang_a_scan_into_it(desk: Desk) -> None:
    issued = await desk.issued()
    scan = scanned(first_page((await desk.officer.get(issued["url"])).content))
    refused = await desk.back(scan, await desk.plant.of("p-050"))
    assert (refused.status_code, refused.json()["code"]) == (422, "paper_unknown")


async def test_another_tenants_sheet_is_not_taken(desk: Desk) -> None:
    issued = await desk.issued()
    scan = scanned(first_page((await desk.officer.get(issued["url"])).content))
    other = await desk.plant.house.another_tenant()
    neighbour = await desk.plant.of(OFFICER, "safety_officer", tenant=other)
    refused = await desk.back(scan, neighbour)
    assert (refused.status_code, refused.json()["code"]) == (422, "paper_of_other_plant")


def qr(text: str) -> bytes:
    written = io.BytesIO()
    segno.make(text, error="m").save(written, kind="png", scale=6, border=4)
    return written.getvalue()
