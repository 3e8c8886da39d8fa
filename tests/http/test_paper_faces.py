"""Faces on papers: whoever stands on a photo cannot be recognised on what leaves the house; inside nothing changes."""

import io
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pypdfium2
import pytest
from PIL import Image
from plant_web import PlantWeb
from test_file_routes import named
from test_paper_routes import API, NOTICE, OFFICER, bare, text_of

from anhuan.ports.photos import Faces, PhotoRefused, Rendition, Watermark
from anhuan.testing.plants import GOOD_REPORT

PERSON = (Path(__file__).parent.parent / "connectors" / "people" / "astronaut.jpg").read_bytes()
FACE = (185 / 512, 65 / 512, 265 / 512, 170 / 512)


async def with_bystander(plant: PlantWeb) -> tuple[httpx.AsyncClient, str]:
    """The officer's browser, and a finding with a photo of somebody."""
    reporter = await plant.of("p-023")
    await reporter.put(f"{API}/files/{named(PERSON)}", content=PERSON)
    body = {"kind": "finding", "form": GOOD_REPORT, "files": [{"slot": "photo", "sha256": named(PERSON)}]}
    answer = await reporter.post(f"{API}/cases", json=body)
    assert answer.status_code == 201, answer.text
    return await plant.of(OFFICER, "safety_officer"), str(answer.json()["id"])


def detail(picture: Image.Image) -> float:
    """How much neighbouring pixels of the face differ."""
    width, height = picture.size
    box = tuple(int(share * side) for share, side in zip(FACE, (width, height) * 2, strict=True))
    return float(np.abs(np.diff(np.asarray(picture.convert("L").crop(box), np.float64), axis=1)).mean())


def photos_in(pdf: bytes) -> list[Image.Image]:
    """The pictures on its pages that are as square as the photo."""
    document = pypdfium2.PdfDocument(pdf)
    raw = [
        piece for page in document for piece in page.get_objects(max_depth=6) if isinstance(piece, pypdfium2.PdfImage)
    ]
    return [piece.get_bitmap().to_pil() for piece in raw]


async def test_papers_show_no_face_and_say_so_while_inside_it_stays(plant: PlantWeb) -> None:
    officer, case = await with_bystander(plant)
    issued = await officer.post(f"{API}/cases/{case}/papers", json={"paper": NOTICE})
    assert issued.status_code == 201, issued.text
    copy = await officer.get(f"{API}/files/{named(PERSON)}", params={"case": case})
    inside = detail(Image.open(io.BytesIO(copy.content)))
    for path in (issued.json()["url"], f"{API}/cases/{case}/papers/whole.pdf"):
        pdf = (await officer.get(path)).content
        assert "照片上的人脸已作不可辨认处理" in bare(text_of(pdf))
        (shown,) = photos_in(pdf)
        assert detail(shown) < inside / 3
    original = await officer.get(f"{API}/files/{named(PERSON)}/original", params={"case": case})
    assert original.content == PERSON


async def test_a_photo_whose_faces_cannot_be_looked_for_is_left_out_and_said(
    plant: PlantWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer, case = await with_bystander(plant)
    photos: Any = plant.house.house.photos
    render = photos.render

    async def blind(data: bytes, watermark: Watermark, *, faces: Faces = "as_taken") -> Rendition:
        if faces == "blurred":
            raise PhotoRefused("photo_inspection_failed")
        return await render(data, watermark)

    monkeypatch.setattr(photos, "render", blind)
    pdf = (await officer.get(f"{API}/cases/{case}/papers/whole.pdf")).content
    text = bare(text_of(pdf))
    assert "未能处理人脸，此照片未印出" in text and "已作不可辨认处理" not in text
    assert photos_in(pdf) == []
