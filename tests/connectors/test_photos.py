"""Uploads that nobody can be trusted for: what is taken, what is refused and how, and what is left of the rest."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from photo_files import MARK, flat_rgba, picture, refusal
from PIL import Image

from anhuan.connectors.photos import Limits, PhotoWorkers
from anhuan.connectors.photos.stamp import SIZES_PX, typeface
from anhuan.ports.photos import PhotoRefused, Photos, Watermark


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared() -> AsyncIterator[PhotoWorkers]:
    workers = PhotoWorkers(processes=2)
    yield workers
    await workers.close()


@pytest.fixture
def photos(shared: PhotoWorkers) -> Photos:
    return shared


pytestmark = pytest.mark.asyncio(loop_scope="module")


def png(width: int, height: int, *chunks: tuple[bytes, bytes]) -> bytes:
    """A 1-bit PNG by hand: small in bytes, as large in pixels as wanted."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = zlib.compress(b"\0" * ((width + 7) // 8 + 1) * height, 9)
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = [(b"IHDR", header), *chunks, (b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, body) for kind, body in parts)


# --- what is taken


@pytest.mark.parametrize(
    ("image_format", "media_type", "name"),
    [("JPEG", "image/jpeg", "IMG_1.JPG"), ("PNG", "image/png", "a.png"), ("WEBP", "image/webp", "a.b.webp")],
)
async def test_common_pictures_are_taken(photos: Photos, image_format: str, media_type: str, name: str) -> None:
    data = picture(image_format)
    found = await photos.inspect(data, kind="photo", file_name=name)
    assert (found.media_type, found.width_px, found.height_px) == (media_type, 640, 480)
    assert found.size_bytes == len(data) and found.extension_matches and found.exif is None


@pytest.mark.parametrize(
    ("image_format", "mode"),
    [
        ("JPEG", "L"),
        ("JPEG", "CMYK"),
        ("PNG", "1"),
        ("PNG", "L"),
        ("PNG", "LA"),
        ("PNG", "P"),
        ("PNG", "RGBA"),
        ("PNG", "I;16"),
        ("WEBP", "RGBA"),
    ],
)
async def test_every_kind_of_pixel_can_be_shown(photos: Photos, image_format: str, mode: str) -> None:
    data = picture(image_format, mode=mode) if mode != "I;16" else _grey_16()
    copies = await photos.render(data, MARK)
    shown = Image.open(io.BytesIO(copies.served))
    assert (shown.format, shown.mode, shown.size) == ("JPEG", "RGB", (640, 480))
    assert 60 < shown.convert("L").resize((1, 1)).getpixel((0, 0)) < 200, "neither black nor white"


def _grey_16() -> bytes:
    written = io.BytesIO()
    Image.frombytes("I;16", (640, 480), struct.pack("<H", 32768) * 640 * 480).save(written, "PNG")
    return written.getvalue()


async def test_a_phones_second_picture_does_no_harm(photos: Photos) -> None:
    depth = Image.new("RGB", (320, 240))
    written = io.BytesIO()
    Image.effect_noise((640, 480), 80).convert("RGB").save(written, "MPO", save_all=True, append_images=[depth])
    found = await photos.inspect(written.getvalue(), kind="photo")
    assert (found.media_type, found.width_px) == ("image/jpeg", 640)
    assert (await photos.render(written.getvalue(), MARK)).width_px == 640


async def test_the_largest_picture_fits_the_memory(photos: Photos) -> None:
    data = flat_rgba(7000)
    assert (await photos.inspect(data, kind="photo")).width_px == 7000
    assert (await photos.render(data, MARK)).width_px == 1600


async def test_the_name_decides_nothing(photos: Photos) -> None:
    found = await photos.inspect(picture("PNG"), kind="photo", file_name="photo.jpg")
    assert found.media_type == "image/png" and not found.extension_matches
    assert (await photos.inspect(picture("PNG"), kind="photo", file_name="no ending")).extension_matches


async def test_a_pdf_is_taken_as_a_scan_and_not_as_a_photo(photos: Photos) -> None:
    pdf = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF"
    found = await photos.inspect(pdf, kind="scan", file_name="reply.pdf")
    assert found.media_type == "application/pdf" and found.width_px is None
    assert (await refusal(photos.inspect(pdf, kind="photo"))).code == "photo_is_document"
    assert (await refusal(photos.render(pdf, MARK))).code == "photo_is_document"


# --- what is refused


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "upload_empty"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "photo_format_not_allowed"),
        (b"<!doctype html><script>alert(1)</script>", "photo_format_not_allowed"),
        (b"#!/bin/sh\nid\n", "photo_format_not_allowed"),
        (b"\x7fELF" + b"\0" * 60, "photo_format_not_allowed"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "photo_format_heic"),
        (b"\xff\xd8\xff", "photo_damaged"),
        (b"\xff\xd8\xff\xe0<script>alert(1)</script>", "photo_damaged"),
        (b"\x89PNG\r\n\x1a\n", "photo_damaged"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "photo_damaged"),
    ],
)
async def test_what_is_no_photo_is_refused(photos: Photos, data: bytes, code: str) -> None:
    assert (await refusal(photos.inspect(data, kind="photo", file_name="a.jpg"))).code == code


@pytest.mark.parametrize("image_format", ["GIF", "BMP", "TIFF", "ICO", "PPM"])
async def test_other_formats_are_refused(photos: Photos, image_format: str) -> None:
    data = picture(image_format, (64, 64))
    assert (await refusal(photos.inspect(data, kind="photo", file_name="a.jpg"))).code == "photo_format_not_allowed"


async def test_a_pixel_bomb_is_refused_before_it_is_decoded(photos: Photos) -> None:
    bomb = png(9000, 9000)
    assert len(bomb) < 12_000
    refused = await refusal(photos.inspect(bomb, kind="photo"))
    assert refused.code == "photo_too_many_pixels"
    assert refused.params == {"width_px": 9000, "height_px": 9000, "pixels_max": 50_000_000}
    assert (await refusal(photos.render(png(30_000, 30_000), MARK))).code == "photo_too_many_pixels"


@pytest.mark.parametrize("kind", [b"zTXt", b"iCCP"])
async def test_a_text_that_unpacks_without_end_is_refused(photos: Photos, kind: bytes) -> None:
    bomb = png(64, 64, (kind, b"Comment\0\0" + zlib.compress(b"\0" * 100_000_000, 9)))
    assert len(bomb) < 200_000
    assert (await refusal(photos.inspect(bomb, kind="photo"))).code == "photo_damaged"


async def test_a_webp_that_needs_more_memory_than_there_may_be_is_refused(photos: Photos) -> None:
    header = b"VP8X" + struct.pack("<I", 10) + b"\x02\0\0\0" + (16382).to_bytes(3, "little") * 2
    bomb = b"RIFF" + struct.pack("<I", len(header) + 4) + b"WEBP" + header
    code = (await refusal(photos.inspect(bomb, kind="photo"))).code
    assert code in ("photo_damaged", "photo_too_many_pixels", "photo_inspection_failed")
    assert (await photos.inspect(picture(), kind="photo")).width_px == 640


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.99])
@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
async def test_a_file_that_ends_early_is_told(photos: Photos, image_format: str, share: float) -> None:
    data = picture(image_format, (1200, 900))
    cut = data[: int(len(data) * share)]
    assert (await refusal(photos.inspect(cut, kind="photo"))).code == "photo_damaged"
    assert (await refusal(photos.render(cut, MARK))).code == "photo_damaged"


async def test_a_moving_picture_is_no_evidence(photos: Photos) -> None:
    for image_format in ("PNG", "WEBP"):
        second = Image.new("RGB", (640, 480), "red")
        moving = picture(image_format, save_all=True, append_images=[second])
        assert (await refusal(photos.inspect(moving, kind="photo"))).code == "photo_animated"


async def test_a_speck_is_refused(photos: Photos) -> None:
    refused = await refusal(photos.inspect(picture("PNG", (400, 8)), kind="photo"))
    assert (refused.code, refused.params["side_px_min"]) == ("photo_too_small", 16)


async def test_a_file_too_large_is_refused_unread() -> None:
    workers = PhotoWorkers(limits=Limits(size_bytes_max=1000))
    refused = await refusal(workers.inspect(b"\xff" * 1001, kind="photo"))
    assert refused.code == "photo_too_large" and refused.params == {"size_bytes": 1001, "size_bytes_max": 1000}


async def test_broken_bytes_get_an_answer_and_harm_nobody(photos: Photos) -> None:
    dice = random.Random(20260305)
    originals = [picture(f, (200, 150)) for f in ("JPEG", "PNG", "WEBP")] + [_with_exif()]
    refused = 0
    for turn in range(200):
        data = bytearray(originals[turn % len(originals)])
        for _ in range(dice.randint(1, 30)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        try:
            found = await photos.inspect(bytes(data), kind="photo")
            assert found.width_px is not None
            await photos.render(bytes(data), MARK)
        except PhotoRefused as error:
            assert error.code != "photo_inspection_failed", "a process died"
            refused += 1
    assert 20 < refused < 200
    assert (await photos.inspect(picture(), kind="photo")).width_px == 640


# --- what is served


def _with_exif(orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F], exif[0x0110], exif[0x0131] = "HUAWEI", "Mate 70", "Editor\x07 9"
    details = exif.get_ifd(0x8769)
    details[0x9003], details[0x9011] = "2026:03:05 12:00:01", "+08:00"
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (31.0, 13.0, 49.44)
    place[3], place[4] = "E", (121.0, 28.0, 25.32)
    place[18], place[31] = "WGS-84", 12.5
    halves = Image.new("RGB", (800, 400), "red")
    halves.paste("blue", (400, 0, 800, 400))
    written = io.BytesIO()
    halves.save(written, "JPEG", exif=exif, comment=b"SECRET COMMENT", xmp=b"<x>SECRET XMP</x>", quality=95)
    return written.getvalue()


async def test_what_the_file_claims_is_read(photos: Photos) -> None:
    claims = (await photos.inspect(_with_exif(), kind="photo")).exif
    assert claims is not None and claims.gps is not None
    assert (claims.taken_local, claims.utc_offset_minutes) == ("2026-03-05T12:00:01", 480)
    assert (claims.camera, claims.software) == ("HUAWEI Mate 70", "Editor 9")
    assert (claims.gps.lat, claims.gps.lon) == pytest.approx((31.2304, 121.4737))
    assert (claims.gps.accuracy_m, claims.gps.datum) == (12.5, "wgs84")


async def test_broken_claims_spoil_no_photo(photos: Photos) -> None:
    exif = Image.Exif()
    exif[0x0132] = "yesterday"
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (931.0, 13.0, 49.44), "E", (121.0, 28.0, 25.32)
    found = await photos.inspect(picture(exif=exif), kind="photo")
    assert found.width_px == 640 and found.exif is None
    torn = picture(exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")
    assert (await photos.inspect(torn, kind="photo")).exif is None


CORNERS = {
    1: ("red", "blue"),
    2: ("blue", "red"),
    3: ("blue", "red"),
    4: ("red", "blue"),
    5: ("red", "red"),
    6: ("red", "red"),
    7: ("blue", "blue"),
    8: ("blue", "blue"),
}
"""Of a picture red on the left and blue on the right: top left and top right after each EXIF orientation is undone."""


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_a_turned_photo_is_shown_upright(photos: Photos, orientation: int) -> None:
    data = _with_exif(orientation)
    found = await photos.inspect(data, kind="photo")
    size = (800, 400) if orientation < 5 else (400, 800)
    assert (found.width_px, found.height_px) == size
    shown = Image.open(io.BytesIO((await photos.render(data, MARK)).served))
    assert shown.size == size
    corners = tuple(_colour(shown, x) for x in (10, size[0] - 10))
    assert corners == CORNERS[orientation]


def _colour(shown: Image.Image, x: int) -> str:
    pixel = shown.getpixel((x, 10))
    assert isinstance(pixel, tuple)
    return "red" if pixel[0] > pixel[2] else "blue"


async def test_nothing_but_pixels_gets_through(photos: Photos) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("evil.html", "<script>alert(1)</script>")
    polyglot = _with_exif() + b"<html><script>alert(1)</script></html>" + archive.getvalue()
    assert zipfile.is_zipfile(io.BytesIO(polyglot)), "it is both"
    assert (await photos.inspect(polyglot, kind="photo", file_name="a.jpg")).media_type == "image/jpeg"
    copies = await photos.render(polyglot, MARK)
    for copy in (copies.served, copies.thumbnail):
        for trace in (b"script", b"PK\x03\x04", b"SECRET", b"Exif", b"HUAWEI", b"http"):
            assert trace not in copy
        assert not zipfile.is_zipfile(io.BytesIO(copy)) and copy.endswith(b"\xff\xd9")
        assert set(Image.open(io.BytesIO(copy)).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


async def test_copies_are_small_and_marked(photos: Photos) -> None:
    copies = await photos.render(picture(size=(4000, 3000)), MARK)
    served, thumbnail = (Image.open(io.BytesIO(copy)) for copy in (copies.served, copies.thumbnail))
    assert served.size == (copies.width_px, copies.height_px) == (1600, 1200)
    assert thumbnail.size == (480, 360)
    for shown in (served, thumbnail):
        grey = shown.convert("L")
        strip = grey.crop((0, round(shown.height * 0.95), shown.width // 2, shown.height))
        assert strip.getextrema()[1] > 230, "white letters"
        assert strip.resize((1, 1)).getpixel((0, 0)) < 110, "on a dark strip"


async def test_the_blind_copy_is_the_same_without_the_person(photos: Photos) -> None:
    data = picture()
    open_copy = await photos.render(data, MARK)
    blind_copy = await photos.render(data, MARK.blind())
    assert MARK.blind() == Watermark(number=MARK.number, taken=MARK.taken, place=MARK.place)
    assert blind_copy.served != open_copy.served
    nameless = await photos.render(data, Watermark(number=MARK.number, taken=MARK.taken, place=MARK.place))
    assert blind_copy == nameless, "the same input gives the same bytes"


async def test_any_text_fits_any_picture(photos: Photos) -> None:
    long = Watermark(number="YH-2026-000123", person="欧阳" * 40, taken="\0\n\t", place="冲压区" * 60)
    for size in ((16, 16), (60, 900), (3000, 20)):
        copies = await photos.render(picture("PNG", size), long)
        assert Image.open(io.BytesIO(copies.served)).format == "JPEG"


async def test_the_typeface_draws_every_character_a_name_may_hold() -> None:
    face = typeface(SIZES_PX[0])
    unknown = bytes(face.getmask("\U000e0000"))
    pairs = [bytes([high, low]) for high in range(0x81, 0xFE) for low in (*range(0x40, 0x7F), *range(0x80, 0xFF))]
    hanzi = [c for pair in pairs if (c := pair.decode("gbk", "ignore")) and "\u4e00" <= c <= "\u9fa5"]
    assert len(hanzi) == 20_902
    missing = [
        c for c in (*hanzi[::7], *"燊堃喆翀頔昇甦䶮𬭎㛃", *"£°µ·（），。：／") if bytes(face.getmask(c)) == unknown
    ]
    assert missing == []
