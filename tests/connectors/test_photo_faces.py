"""Faces in what leaves the house: found upright, lying and small, averaged away beyond return, and only where asked."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio
from photo_files import MARK, picture
from PIL import Image

from anhuan.connectors.photos import Limits, PhotoWorkers, faces
from anhuan.connectors.photos.wire import Refused, Render
from anhuan.connectors.photos.worker import answer

PEOPLE = Path(__file__).parent / "people"
FACE = {"astronaut": (185, 65, 265, 170), "photographer": (205, 125, 250, 185)}
"""Within the face, in the upright picture of 512 x 512."""
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def photos() -> AsyncIterator[PhotoWorkers]:
    workers = PhotoWorkers(processes=1)
    yield workers
    await workers.close()


def person(name: str) -> Image.Image:
    return Image.open(PEOPLE / f"{name}.jpg").convert("RGB")


def detail(picture: Image.Image) -> float:
    """How much neighbouring pixels differ: what makes a face somebody's."""
    grey = np.asarray(picture.convert("L"), np.float64)
    return float(np.abs(np.diff(grey, axis=0)).mean() + np.abs(np.diff(grey, axis=1)).mean())


async def test_a_face_is_averaged_away_in_both_copies_and_the_rest_stays(photos: PhotoWorkers) -> None:
    data = (PEOPLE / "astronaut.jpg").read_bytes()
    left, inside = await photos.render(data, MARK, faces="blurred"), await photos.render(data, MARK)
    assert (left.faces_blurred, inside.faces_blurred) == (1, 0)
    blurred, shown = (Image.open(io.BytesIO(copy.served)) for copy in (left, inside))
    assert detail(blurred.crop(FACE["astronaut"])) < detail(shown.crop(FACE["astronaut"])) / 4
    patch = (60, 380, 130, 450)
    assert detail(blurred.crop(patch)) == pytest.approx(detail(shown.crop(patch)), rel=0.05)
    small, of = Image.open(io.BytesIO(left.thumbnail)), np.array(FACE["astronaut"]) * 480 / 512
    assert detail(small.crop(tuple(of.astype(int)))) < 6


@pytest.mark.parametrize(("name", "turn"), [("astronaut", 90), ("astronaut", 180), ("photographer", 0)])
async def test_people_are_found_however_the_camera_was_held(name: str, turn: int) -> None:
    upright = person(name)
    veiled, found = faces.veil(upright.rotate(turn))
    assert found >= 1
    assert detail(veiled.rotate(-turn).crop(FACE[name])) < detail(upright.crop(FACE[name])) / 3


async def test_a_bystander_far_away_is_found_too() -> None:
    room = Image.new("RGB", (1600, 1200), (150, 155, 150))
    room.paste(person("astronaut").resize((140, 140)), (1300, 200))
    (box,) = faces.find_faces(np.asarray(room))
    assert 1340 < box.left + box.width / 2 < 1380 and 215 < box.top + box.height / 2 < 250


async def test_what_is_blurred_has_no_more_in_it_than_a_few_colours() -> None:
    """Two different faces in one place that average alike leave alike: nothing is left by which to tell them."""
    one = person("astronaut")
    other = one.copy()
    (box,) = faces.find_faces(np.asarray(one))
    middle = (int(box.left + box.width / 2), int(box.top + box.height / 2))
    eyes = one.crop((middle[0] - 4, middle[1] - 4, middle[0] + 4, middle[1] + 4))
    other.paste(eyes.transpose(Image.Transpose.ROTATE_180), (middle[0] - 4, middle[1] - 4))
    assert np.abs(np.asarray(one, int) - np.asarray(other, int)).max() > 10
    for copy in (one, other):
        faces._blur(copy, box)
    assert np.abs(np.asarray(one, int) - np.asarray(other, int)).max() <= 3


async def test_a_picture_of_nobody_is_left_as_it_is() -> None:
    nobody = Image.open(io.BytesIO(picture(size=(640, 480))))
    veiled, found = faces.veil(nobody)
    assert found == 0 and veiled.tobytes() == nobody.tobytes()


async def test_where_faces_cannot_be_looked_for_there_is_no_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faces, "_weights", lambda: np.zeros(16, np.uint8))
    task = Render(data=(PEOPLE / "photographer.jpg").read_bytes(), watermark=MARK, faces="blurred")
    assert answer(task, Limits()) == Refused(code="photo_inspection_failed")
