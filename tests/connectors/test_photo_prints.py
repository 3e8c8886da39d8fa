"""Fingerprints and comparisons: what re-saving, brightness, mirroring and cutting leave alone, and what they do not."""

import io
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from photo_files import picture, refusal
from PIL import Image, ImageEnhance, ImageOps

from anhuan.connectors.photos import PhotoWorkers, alike, prints
from anhuan.connectors.photos.decode import compare_pictures, inspect_picture
from anhuan.connectors.photos.stamp import stamp
from anhuan.connectors.photos.wire import Limits
from anhuan.ports.photos import FrameHashes, Prints, Watermark
from anhuan.testing.scenes import Shot, photo, scene

LIMITS = Limits()
HALL = Image.fromarray(np.ascontiguousarray(photo(scene(31), Shot())[:, :, ::-1]))
OTHER_HALL = Image.fromarray(np.ascontiguousarray(photo(scene(32), Shot())[:, :, ::-1]))


def jpeg(image: Image.Image, quality: int = 85) -> bytes:
    written = io.BytesIO()
    image.convert("RGB").save(written, "JPEG", quality=quality)
    return written.getvalue()


def taken(image: Image.Image, quality: int = 85) -> Prints:
    return inspect_picture(jpeg(image, quality), LIMITS).prints


def apart(one: FrameHashes, other: FrameHashes) -> tuple[int, int]:
    return (one.dhash ^ other.dhash).bit_count(), (one.phash ^ other.phash).bit_count()


def shared(one: Prints, other: Prints) -> int:
    return len(set(one.words) & set(other.words))


def test_the_hashes_are_what_their_definition_says() -> None:
    rising = np.tile(np.linspace(0, 255, 640, dtype=np.uint8), (480, 1))
    assert prints.frame_hashes(rising).dhash == 2**64 - 1
    assert prints.frame_hashes(np.ascontiguousarray(rising[:, ::-1])).dhash == 0
    left_half = np.zeros((480, 640), np.uint8)
    left_half[:, :320] = 200
    assert prints.frame_hashes(left_half).dhash == 0, "brighter to the left is no bit"
    phash = prints.frame_hashes(left_half).phash
    assert phash >> 63 == 1, "the mean is the largest of the cosines"
    assert phash.bit_count() <= 32, "half of them lie above the median at most"


def test_a_picture_without_anything_in_it_has_no_words() -> None:
    assert taken(Image.new("RGB", (800, 600), (120, 120, 120))).words == ()


def test_a_mirrored_picture_has_the_prints_that_were_kept_for_its_mirror() -> None:
    there, here = taken(HALL, 95), taken(ImageOps.mirror(HALL), 95)
    assert apart(there.mirrored, here.plain) <= (2, 4)
    assert apart(there.plain, here.plain) > (10, 10)
    assert len(set(there.mirrored_words) & set(here.words)) >= 30


def test_without_its_bar_a_picture_is_as_it_was() -> None:
    framed = Image.new("RGB", (HALL.width, HALL.height + HALL.height // 9), "white")
    framed.paste(HALL)
    assert apart(taken(framed).barless, taken(HALL).plain)[0] <= 7 < apart(taken(framed).plain, taken(HALL).plain)[0]
    strip = stamp(HALL, Watermark(number="YH-2026-000001", person="张堃", taken="2026-03-05 12:00", place="冲压区"))
    assert apart(taken(strip).barless, taken(HALL).barless) <= (2, 4)


def test_a_piece_keeps_words_of_the_whole_and_another_place_has_none() -> None:
    whole = taken(HALL)
    piece = HALL.crop((60, 50, 60 + 800, 50 + 600))
    assert shared(whole, taken(piece, 70)) >= 4
    assert shared(whole, taken(OTHER_HALL)) <= 1


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_how_the_camera_was_held_makes_no_difference(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    turns = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
    written = io.BytesIO()
    HALL.transpose(turns[orientation]).save(written, "JPEG", quality=95, exif=exif)
    held = inspect_picture(written.getvalue(), LIMITS).prints
    assert apart(held.plain, taken(HALL, 95).plain) <= (2, 4)


@settings(max_examples=10, deadline=None)
@given(
    quality=st.integers(45, 95),
    brightness=st.floats(0.6, 1.3),
    scale=st.floats(0.5, 1.0),
    is_mirrored=st.booleans(),
)
def test_saving_it_again_brighter_or_smaller_changes_no_verdict(
    quality: int, brightness: float, scale: float, is_mirrored: bool
) -> None:
    again = ImageEnhance.Brightness(HALL).enhance(brightness)
    again = again.resize((round(HALL.width * scale), round(HALL.height * scale)))
    again = ImageOps.mirror(again) if is_mirrored else again
    copy = jpeg(again, quality)
    likeness = compare_pictures(jpeg(HALL), copy, LIMITS).likeness
    assert (likeness.reuse, likeness.ways) == ("same", ("mirrored",) if is_mirrored else ())


def test_two_places_are_neither_one_picture_nor_one_place() -> None:
    halls = [seen(Shot(), place) for place in range(41, 46)]
    found = [compare_pictures(one, other, LIMITS).likeness for one, other in itertools.pairwise(halls)]
    assert {likeness.reuse for likeness in found} == {"different"}
    assert "same" not in {likeness.place for likeness in found}
    assert "different" in {likeness.place for likeness in found}


def seen(shot: Shot, place: int = 31) -> bytes:
    return jpeg(Image.fromarray(np.ascontiguousarray(photo(scene(place), shot)[:, :, ::-1])))


def test_taken_again_from_the_same_stand_is_never_surely_the_same_picture() -> None:
    for shot in (Shot(seed=5), Shot(seed=6, changed=1, light=0.8), Shot(seed=7, step_m=0.02)):
        likeness = compare_pictures(jpeg(HALL), seen(shot), LIMITS).likeness
        assert (likeness.reuse, likeness.place) == ("cannot_tell", "same"), shot


def test_one_place_is_known_from_another_side_and_in_other_light() -> None:
    for shot in (Shot(seed=5, step_m=0.5, turn_deg=-5, light=0.7, changed=2), Shot(seed=6, step_m=0.3, zoom=2)):
        likeness = compare_pictures(jpeg(HALL), seen(shot), LIMITS).likeness
        assert (likeness.reuse, likeness.place) == ("different", "same"), shot
        assert likeness.inliers >= alike.PLACE_INLIERS_MIN


def test_where_there_is_little_to_see_nothing_is_said_for_sure() -> None:
    wall = Image.linear_gradient("L").resize((800, 600))
    likeness = compare_pictures(jpeg(wall), jpeg(wall, 60), LIMITS).likeness
    assert (likeness.reuse, likeness.place) == ("cannot_tell", "cannot_tell")
    blank = jpeg(Image.new("RGB", (800, 600), "grey"))
    assert compare_pictures(blank, blank, LIMITS).likeness.reuse == "different"


async def test_the_confined_process_says_the_same_and_survives_bad_pictures() -> None:
    workers = PhotoWorkers(processes=1)
    try:
        found = await workers.inspect(jpeg(HALL), kind="photo")
        assert found.prints == taken(HALL)
        assert (await workers.compare(jpeg(HALL), jpeg(HALL, 60))).reuse == "same"
        broken = await refusal(workers.compare(jpeg(HALL), jpeg(HALL)[:5000]))
        assert broken.code == "photo_damaged"
        assert (await refusal(workers.compare(b"%PDF-1.4", jpeg(HALL)))).code == "photo_is_document"
        assert (await workers.inspect(b"%PDF-1.4\n", kind="scan")).prints is None
        for odd in (picture("PNG", (16, 16), "1"), picture("WEBP", (3000, 16)), picture("PNG", (200, 150), "RGBA")):
            assert (await workers.inspect(odd, kind="photo")).prints is not None
            await workers.compare(odd, jpeg(HALL))
    finally:
        await workers.close()
