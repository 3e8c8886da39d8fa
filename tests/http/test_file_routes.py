"""Files over HTTP: what is taken, what is refused and how it is mended, and which copy of a photo who gets to see."""

import hashlib
import io
import struct
import zlib
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest
from PIL import Image
from PIL.ExifTags import Base
from plant_web import PlantWeb

from anhuan.bootstrap import web_app
from anhuan.connectors.photos import Limits
from anhuan.http.files import BYTES_MAX
from anhuan.ports.photos import Watermark
from anhuan.testing.plants import REPORTER, TestHouse

DRAWING = {"width": 100, "height": 50, "strokes": [[[1, 1, 0], [90, 40, 200]]]}
CAMERA = "Telltale 9000"
PDF = b"%PDF-1.4\n%%EOF\n"
REPORT = {
    "description": "通道内堆放纸箱，挡住安全出口",
    "category": "mechanical",
    "area": "area-press",
    "equipment": "eq-P-1601",
    "risk": {"method": "lec", "factors": {"l": 1, "e": 2, "c": 7}},
}
DEEDS = {
    "rectify": {"containment": "已拉警戒线隔离", "measure": "更换防护罩并固定螺栓", "root_cause": "点检周期过长"},
    "assist": {"done": "已配合断电挂牌"},
}


def photo(shade: int, image_format: str = "JPEG") -> bytes:
    """A plain picture with a camera's name in it."""
    exif = Image.Exif()
    exif[Base.Make] = CAMERA
    written = io.BytesIO()
    Image.new("RGB", (800, 600), (255, 255, 9 * shade)).save(written, image_format, exif=exif)
    return written.getvalue()


def bomb(side: int = 30_000) -> bytes:
    """A PNG of a few kB that would unpack to 900 megapixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = zlib.compress(b"\0" * (side // 8 + 1) * 1000, 9)
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


REFUSED = [
    (b"", "photo", "upload_empty"),
    (photo(5)[:1500], "photo", "photo_damaged"),
    (bomb(), "photo", "photo_too_many_pixels"),
    (PDF, "photo", "photo_is_document"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "scan", "photo_format_not_allowed"),
    (b"\0\0\0\x18ftypheic" + b"\0" * 64, "photo", "photo_format_heic"),
]


def named(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


async def sent(browser: httpx.AsyncClient, data: bytes, kind: str = "photo", **said: str) -> httpx.Response:
    return await browser.put(f"/api/v1/files/{named(data)}", content=data, params={"kind": kind, **said})


@pytest.fixture
def web(house: TestHouse) -> PlantWeb:
    return PlantWeb(web_app(house.house), house)


@pytest.fixture
async def worker(web: PlantWeb) -> httpx.AsyncClient:
    return await web.of(REPORTER)


# --- what is taken, and what is not


async def test_a_photo_is_taken_once_and_answers_the_same_again(web: PlantWeb, worker: httpx.AsyncClient) -> None:
    data = photo(1)
    first, again = await sent(worker, data, file_name="IMG_1.JPG"), await sent(worker, data)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    answer = first.json()
    assert (answer["sha256"], answer["kind"], answer["media_type"]) == (named(data), "photo", "image/jpeg")
    assert (answer["width"], answer["height"], answer["size"]) == (800, 600, len(data))
    assert await web.house.superuser("SELECT uploaded_by FROM stored_file") == [(REPORTER,)]


async def test_the_original_is_kept_to_the_byte(web: PlantWeb, worker: httpx.AsyncClient) -> None:
    data = photo(2)
    await sent(worker, data)
    original = await worker.get(f"/api/v1/files/{named(data)}/original")
    assert original.content == data
    assert original.headers["content-disposition"].startswith("attachment")
    assert original.headers["x-content-type-options"] == "nosniff"
    assert await web.house.house.objects.exists(web.house.tenant, named(data))


async def test_bytes_under_another_name_are_refused(web: PlantWeb, worker: httpx.AsyncClient) -> None:
    refused = await worker.put(f"/api/v1/files/{named(photo(3))}", content=photo(4))
    assert (refused.status_code, refused.json()["code"]) == (422, "file_hash_wrong")
    assert refused.json()["reasons"][0]["params"] == {"found": named(photo(4))}
    assert await web.house.superuser("SELECT count(*) FROM stored_file") == [(0,)]


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_what_proves_nothing_is_refused_and_says_how_to_mend_it(web: PlantWeb, language: str) -> None:
    worker = await web.of(REPORTER, language=language)
    told = set()
    for data, kind, code in REFUSED:
        refused = await sent(worker, data, kind)
        assert (refused.status_code, refused.json()["code"]) == (422, code)
        told.add(refused.json()["detail"])
    assert len(told) == len(REFUSED)
    assert all(text.endswith("。" if language == "zh" else ".") for text in told)
    assert await web.house.superuser("SELECT count(*) FROM stored_file") == [(0,)]


async def test_a_request_may_be_as_large_as_a_photo() -> None:
    assert Limits().size_bytes_max == BYTES_MAX


async def test_no_more_than_the_cap_is_read(web: PlantWeb, worker: httpx.AsyncClient) -> None:
    read = 0

    async def endless():  # type: ignore[no-untyped-def]
        nonlocal read
        while read < 4 * BYTES_MAX:
            read += 2**20
            yield b"x" * 2**20

    refused = await worker.put(f"/api/v1/files/{'0' * 64}", content=endless())
    assert (refused.status_code, refused.json()["code"]) == (413, "body_too_large")
    assert read <= BYTES_MAX + 2 * 2**20


async def test_a_document_sent_before_is_no_photo_now(worker: httpx.AsyncClient) -> None:
    assert (await sent(worker, PDF, "document")).status_code == 201
    refused = await sent(worker, PDF, "photo")
    assert refused.json()["code"] == "photo_is_document"


async def test_a_document_comes_only_as_an_attachment(worker: httpx.AsyncClient) -> None:
    await sent(worker, PDF, "document")
    shown = await worker.get(f"/api/v1/files/{named(PDF)}")
    assert shown.headers["content-disposition"].startswith("attachment")
    assert shown.headers["content-security-policy"].startswith("default-src 'none'")
    assert shown.content == PDF
    assert (await worker.get(f"/api/v1/files/{named(PDF)}/thumb")).status_code == 404


# --- who sees it outside of a case


async def test_only_its_sender_sees_a_file_that_is_in_no_case(web: PlantWeb, worker: httpx.AsyncClient) -> None:
    data = photo(6)
    await sent(worker, data)
    for what in ("", "/thumb", "/original"):
        assert (await worker.get(f"/api/v1/files/{named(data)}{what}")).status_code == 200
        for other in (await web.of("p-002"), await web.of("p-003", "safety_officer")):
            assert (await other.get(f"/api/v1/files/{named(data)}{what}")).status_code == 404


async def test_whoever_knows_a_hash_alone_cannot_put_the_file_into_a_case(
    web: PlantWeb, worker: httpx.AsyncClient
) -> None:
    data = photo(7)
    await sent(worker, data)
    other = await web.of("p-002")
    use = {"kind": "finding", "form": REPORT, "files": [{"slot": "photo", "sha256": named(data)}]}
    refused = await other.post("/api/v1/cases", json=use)
    assert (refused.status_code, refused.json()["code"]) == (422, "file_not_sent")
    await sent(other, data)
    assert (await other.post("/api/v1/cases", json=use)).status_code == 201


async def test_another_tenant_sees_nothing(web: PlantWeb, worker: httpx.AsyncClient) -> None:
    data = photo(8)
    await sent(worker, data)
    case = await reported(worker, data)
    stranger = await web.of(REPORTER, "safety_officer", tenant=await web.house.another_tenant())
    for what in ("", "/thumb", "/original"):
        for params in ({}, {"case": case}):
            answer = await stranger.get(f"/api/v1/files/{named(data)}{what}", params=params)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (await sent(stranger, data)).status_code == 201, "nor does it learn that somebody else has the file"


# --- what is seen through a case


async def reported(browser: httpx.AsyncClient, data: bytes) -> str:
    use = {"slot": "photo", "sha256": named(data), "captured_at": "2026-11-24T01:30:00Z"}
    answer = await browser.post("/api/v1/cases", json={"kind": "finding", "form": REPORT, "files": [use]})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_the_copy_has_no_metadata_and_says_what_it_proves(web: PlantWeb, worker: httpx.AsyncClient) -> None:
    data = photo(9)
    await sent(worker, data)
    case = await reported(worker, data)
    copy = await worker.get(f"/api/v1/files/{named(data)}", params={"case": case})
    assert copy.headers["content-type"] == "image/jpeg"
    assert CAMERA.encode() in data and CAMERA.encode() not in copy.content
    shown = Image.open(io.BytesIO(copy.content))
    assert not shown.getexif()
    assert shown.getpixel((400, 20))[0] > 240, "the picture is as it was"  # type: ignore[index]
    assert shown.getpixel((790, 597))[0] < 140, "but for the strip at its foot"  # type: ignore[index]
    number = (await worker.get(f"/api/v1/cases/{case}")).json()["number"]
    person = (await web.house.house.snapshots.get(web.house.tenant)).plant.name_of(REPORTER)
    mark = Watermark(
        number=number, person=person, taken="2026-11-24 09:30 拍摄（手机时间，未核对）", place="冲压车间 无定位"
    )
    assert copy.content == (await web.house.house.photos.render(data, mark)).served


async def test_a_copy_is_made_once_and_made_again_when_it_is_lost(web: PlantWeb, worker: httpx.AsyncClient) -> None:
    data = photo(10)
    await sent(worker, data)
    case = await reported(worker, data)
    address = f"/api/v1/files/{named(data)}/thumb"
    first = await worker.get(address, params={"case": case})
    small = Image.open(io.BytesIO(first.content))
    assert max(small.size) == 480
    made = "SELECT served, thumbnail FROM file_rendition"
    ((served, thumbnail),) = await web.house.superuser(made)
    assert thumbnail == named(first.content)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"
    unchanged = await worker.get(address, params={"case": case}, headers={"If-None-Match": tag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    path = web.house.house.objects._root / web.house.tenant / thumbnail[:2] / thumbnail[2:]
    path.unlink()
    again = await worker.get(address, params={"case": case})
    assert again.content == first.content and path.exists()
    assert await web.house.superuser(made) == [(served, thumbnail)]


async def test_a_case_opens_only_its_own_files(web: PlantWeb, worker: httpx.AsyncClient) -> None:
    mine, other = photo(11), photo(12)
    for data in (mine, other):
        await sent(worker, data)
    case = await reported(worker, mine)
    assert (await worker.get(f"/api/v1/files/{named(other)}", params={"case": case})).status_code == 404
    officer = await web.of("p-003", "safety_officer")
    assert (await officer.get(f"/api/v1/files/{named(mine)}", params={"case": case})).status_code == 200
    assert (await officer.get(f"/api/v1/files/{named(mine)}/original", params={"case": case})).content == mine


# --- what proves a wish


@dataclass
class Wish:
    """A deferral as its page offers it: who may ask, where, and all but the files."""

    browser: httpx.AsyncClient
    path: str
    body: dict[str, object]
    by: str


async def wish_to_wait(web: PlantWeb, case: str) -> Wish:
    page = (await (await web.of("p-003", "safety_officer")).get(f"/api/v1/cases/{case}")).json()
    duty = next(d for d in page["duties"] if d["key"] == "rectify" and d["part"] == "lead")
    assert [m["prove"] for m in duty["may"]["moves"] if m["key"] == "defer"] == [["photo_containment"]]
    form = {
        "until": (web.house.time() + timedelta(days=9)).isoformat(),
        "deferral_reason": "waiting_parts",
        "reason": "等待备件到货",
        "containment": "停机挂牌，拉警戒线隔离",
    }
    by = duty["holders"][0]["id"]
    body: dict[str, object] = {"move": "defer", "duty": duty["no"], "form": form}
    return Wish(await web.of(by), f"/api/v1/cases/{case}/moves", body, by)


def use(slot: str, data: bytes) -> dict[str, object]:
    at = "2026-11-24T01:45:00Z"
    return {"slot": slot, "sha256": named(data), "captured_at": at, "device": "phone-7"}


async def test_a_wish_is_proven_by_files_of_whoever_asks_in_places_that_its_form_has(
    web: PlantWeb, worker: httpx.AsyncClient
) -> None:
    await sent(worker, photo(13))
    case = await reported(worker, photo(13))
    wish = await wish_to_wait(web, case)

    async def asked(*files: dict[str, object]) -> list[tuple[str, str]]:
        answer = await wish.browser.post(wish.path, json={**wish.body, "files": list(files)})
        reasons = answer.json().get("reasons", [])
        assert answer.status_code == (422 if reasons else 200), answer.text
        assert not [reason for reason in reasons if "photo_containment" in reason["text"]], "it is named in words"
        return [(reason["code"], reason["field"]) for reason in reasons]

    missing = ("proof_missing", "/proofs/photo_containment")
    assert await asked() == [missing]
    assert await asked(use("photo_containment", photo(13))) == [("file_not_sent", "/files/0")]
    await sent(wish.browser, photo(14))
    assert await asked(use("trousers", photo(14))) == [missing, ("slot_unknown", "/proofs/trousers")]
    assert (await wish.browser.get(wish.path[: -len("/moves")])).json()["moves"] == []
    await sent(wish.browser, PDF, "scan")
    assert await asked(use("photo_containment", photo(14)), use("document", PDF)) == []

    head = await web.of("p-002", "manager")
    page = (await head.get(f"/api/v1/cases/{case}")).json()
    shown = {file["slot"]: file for file in page["moves"][0]["files"]}
    assert shown.keys() == {"photo_containment", "document"}
    items = (await head.get(f"/api/v1/cases/{case}/timeline")).json()["items"]
    (told,) = (item for item in items if item["type"] == "MoveAsked")
    assert told["detail"]["files"] == page["moves"][0]["files"]
    assert (await head.get(shown["photo_containment"]["url"])).headers["content-type"] == "image/jpeg"
    assert (await head.get(shown["document"]["url"])).content == PDF
    original = {"case": case}
    address = f"/api/v1/files/{named(photo(14))}/original"
    assert (await head.get(address, params=original)).content == photo(14)
    assert (await (await web.of("p-140")).get(address, params=original)).status_code == 404


# --- the blind copy


@dataclass
class Rectified:
    """A case that was rectified and waits for a blind check."""

    id: str
    performer: str
    verifier: str
    photos: tuple[bytes, bytes]
    """Of what was rectified, and of the containment that a deferral was asked with."""
    paper: bytes


async def rectified(web: PlantWeb, worker: httpx.AsyncClient) -> Rectified:
    """Report, ask for more time in vain, acknowledge and rectify until somebody was drawn to check blind."""
    before, after, contained = photo(20), photo(21), photo(22)
    await sent(worker, photo(19))
    case = await reported(worker, photo(19))
    wish = await wish_to_wait(web, case)
    await sent(wish.browser, contained)
    await sent(wish.browser, PDF, "scan")
    files = [use("photo_containment", contained), use("document", PDF)]
    assert (await wish.browser.post(wish.path, json={**wish.body, "files": files})).status_code == 200
    refused = await web.discharge(case, "defer_approval", outcome="refuse", form={"reason": "备件库存充足，无需等待。"})
    assert refused.status_code == 200, refused.text
    officer = await web.of("p-003", "safety_officer")
    performer = ""
    duties = "SELECT party FROM duty_row WHERE case_id = %s AND status = 'open' AND blind"
    while not (drawn := await web.house.superuser(duties, (case,))):
        page = (await officer.get(f"/api/v1/cases/{case}")).json()
        duty = next(d for d in page["duties"] if d["status"] == "open" and d["holders"])
        who = duty["holders"][0]["id"]
        browser = await web.of(who)
        body: dict[str, object] = {"form": DEEDS.get(duty["form_key"], {}), "outcome": "done"}
        if duty["form_key"] == "rectify":
            performer = who
            for data in (before, after):
                assert (await sent(browser, data)).status_code == 201
            body["files"] = [
                {"slot": slot, "sha256": named(data), "captured_at": at, "device": "phone-7"}
                for slot, data, at in (
                    ("photo_before", before, "2026-11-24T01:40:00Z"),
                    ("photo_after", after, "2026-11-24T01:55:00Z"),
                )
            ]
            body["signature"] = {"drawing": DRAWING, "statement": "以上整改属实。"}
        done = await browser.post(f"/api/v1/cases/{case}/duties/{duty['no']}/discharge", json=body)
        assert done.status_code == 200, (duty["key"], done.text)
    return Rectified(case, performer, drawn[0][0].removeprefix("person:"), (after, contained), PDF)


@pytest.mark.parametrize(("number_of_photo", "taken"), [(0, "09:55"), (1, "09:45")], ids=["duty", "move"])
async def test_the_blind_copy_names_nobody_and_has_no_original(
    web: PlantWeb, worker: httpx.AsyncClient, number_of_photo: int, taken: str
) -> None:
    case = await rectified(web, worker)
    data = case.photos[number_of_photo]
    performer, verifier = await web.of(case.performer), await web.of(case.verifier)
    plant = (await web.house.house.snapshots.get(web.house.tenant)).plant
    number = (await verifier.get(f"/api/v1/cases/{case.id}")).json()["number"]
    mark = Watermark(
        number=number,
        person=plant.name_of(case.performer),
        taken=f"2026-11-24 {taken} 拍摄（手机时间，未核对）",
        place="冲压车间 无定位",
    )
    render = web.house.house.photos.render
    open_copy, blind_copy = await render(data, mark), await render(data, mark.blind())
    assert open_copy.served != blind_copy.served
    for what, seen in (("", "served"), ("/thumb", "thumbnail")):
        address = f"/api/v1/files/{named(data)}{what}"
        told = await performer.get(address, params={"case": case.id})
        untold = await verifier.get(address, params={"case": case.id})
        assert told.content == getattr(open_copy, seen)
        assert untold.content == getattr(blind_copy, seen)
    refused = await verifier.get(f"/api/v1/files/{named(data)}/original", params={"case": case.id})
    assert (refused.status_code, refused.json()["code"]) == (403, "file_hidden_while_blind")
    assert (await verifier.get(f"/api/v1/files/{named(data)}/original")).status_code == 404
    for what in ("", "/original"):
        address = f"/api/v1/files/{named(case.paper)}{what}"
        assert (await verifier.get(address, params={"case": case.id})).status_code == 404
        assert (await performer.get(address, params={"case": case.id})).content == case.paper
    page = (await verifier.get(f"/api/v1/cases/{case.id}")).text
    assert "photo_containment" in page and "phone-7" not in page and named(case.paper) not in page
