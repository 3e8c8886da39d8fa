"""Floor plans through the API: what is sent is made anew or refused, and nothing else can be shown as a picture."""

import io

import httpx
import pytest
from PIL import Image
from plant_web import PlantWeb

from anhuan.testing.plants import TestHouse

PLANS = "/api/v1/plant/floor_plan"
NEW = {"If-Match": '"0"'}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300">{}</svg>'
OUTSIDE = (
    SVG.format('<image href="file:///etc/hostname" width="9" height="9"/>'),
    SVG.format('<image href="etc/hostname" width="9" height="9"/>'),
    SVG.format('<image href="http://127.0.0.1:1/x.png" width="9" height="9"/>'),
    '<svg xmlns="http://www.w3.org/2000/svg" width="1000000" height="2"/>',
    "<svg",
)
OUTLINES = [{"area": "area-press", "corners": [[0, 0], [100, 0], [100, 90]]}]


@pytest.fixture
async def officer(plant_web: PlantWeb) -> httpx.AsyncClient:
    return await plant_web.of("p-017", "safety_officer")


def plan(**more: object) -> dict[str, object]:
    said = {"name": "一层", "site": "site-main", "width": 400, "height": 300, "outlines": OUTLINES}
    return {**said, **more}


async def test_a_drawing_becomes_pixels_and_its_scripts_are_gone(officer: httpx.AsyncClient) -> None:
    drawing = SVG.format('<rect width="400" height="300" fill="#00f"/><script>alert(1)</script>')
    answer = await officer.post(f"{PLANS}/pictures", content=drawing.encode())
    assert answer.status_code == 201, answer.text
    taken = answer.json()
    assert (taken["width"], taken["height"]) == (1600, 1200)
    shown = await officer.get(taken["url"])
    assert (shown.headers["content-type"], shown.headers["x-content-type-options"]) == ("image/jpeg", "nosniff")
    assert b"script" not in shown.content
    with Image.open(io.BytesIO(shown.content)) as picture:
        red, green, blue = picture.convert("RGB").getpixel((800, 600))  # type: ignore[misc]
    assert blue > 240 and red + green < 20
    put = await officer.put(f"{PLANS}/first", json=plan(picture=taken["sha256"]), headers=NEW)
    assert put.status_code == 200, put.text
    written = io.BytesIO()
    Image.new("RGB", (640, 400), "teal").save(written, "PNG")
    photo = await officer.post(f"{PLANS}/pictures", content=written.getvalue())
    assert (photo.status_code, photo.json()["width"]) == (201, 640)
    figures = (await officer.get("/api/v1/statistics/finding")).json()
    (drawn,) = [one for one in figures["floor_plans"] if one["id"] == "first"]
    assert drawn["picture_url"] == taken["url"]
    assert [one["id"] for one in figures["plan_figures"]] == [one["key"] for one in drawn["areas"][0]["figures"]]


async def test_whatever_else_is_sent_is_refused_and_shows_nothing(
    officer: httpx.AsyncClient, plant_web: PlantWeb, house: TestHouse
) -> None:
    for drawing in OUTSIDE:
        answer = await officer.post(f"{PLANS}/pictures", content=drawing.encode())
        assert (answer.status_code, answer.json()["code"]) == (422, "drawing_unreadable"), drawing
    for sent, code in ((b"GIF89a....", "photo_format_not_allowed"), (b"", "upload_empty")):
        assert (await officer.post(f"{PLANS}/pictures", content=sent)).json()["code"] == code
    other = await house.house.objects.put(house.tenant, b"a photo of somebody")
    refused = await officer.put(f"{PLANS}/second", json=plan(picture=other), headers=NEW)
    assert (refused.status_code, refused.json()["reasons"][0]["code"]) == (422, "picture_unknown")
    assert (await officer.get(f"{PLANS}/pictures/{other}")).status_code == 404
    worker = await plant_web.of("p-001")
    answer = await worker.post(f"{PLANS}/pictures", content=SVG.format("").encode())
    assert answer.status_code == 403
