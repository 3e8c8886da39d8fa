"""Bytes to pixels and back, within limits. Runs in the inspecting process only: here a decoder may be attacked."""

import contextlib
import io
import struct
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

# Pillow imports its plugins while it works, which a process that may open no file could not do: they come first.
from PIL import Image, ImageFile, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin
from PIL.ExifTags import Base

from anhuan.connectors.photos import alike, prints
from anhuan.connectors.photos.exif import exif_claims
from anhuan.connectors.photos.faces import veil
from anhuan.connectors.photos.stamp import stamp
from anhuan.connectors.photos.wire import Compared, Inspected, Limits, Refused, Rendered
from anhuan.domain.evidence import ExifClaims
from anhuan.ports.photos import Faces, Watermark

PLUGINS = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin)
SERVED_PX = 1600
THUMBNAIL_PX = 480

Image.preinit()
Image.MAX_IMAGE_PIXELS = None  # our own limit counts, and its refusal names the numbers
ImageFile.LOAD_TRUNCATED_IMAGES = False

_MEDIA_TYPES = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_RESIZABLE = ("L", "RGB", "RGBA", "CMYK", "YCbCr")
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What undoes each EXIF orientation."""


class Refusal(Exception):
    """The picture is not taken, for a reason that its sender can mend."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.answer = Refused(code=code, params=params)


def inspect_picture(data: bytes, limits: Limits) -> Inspected:
    """Decode the whole picture, say what it is, and take its fingerprints. Raises Refusal."""
    with _damage_refused():
        picture = _open(data, limits)
        width, height = picture.size
        _decode(picture)
    orientation, claims = _exif(picture)
    if orientation >= 5:  # the sensor lay on its side
        width, height = height, width
    return Inspected(
        media_type=_MEDIA_TYPES[picture.format or ""],
        width_px=width,
        height_px=height,
        exif=claims,
        prints=prints.prints_of(_brightness(picture, orientation, prints.SIDE_PX)),
    )


def compare_pictures(one: bytes, other: bytes, limits: Limits) -> Compared:
    """How alike two pictures are; one is decoded after the other. Raises Refusal."""
    seen = []
    for data in (one, other):
        with _damage_refused():
            picture = _open(data, limits)
            _decode(picture)
        seen.append(_brightness(picture, _exif(picture)[0], alike.DETAIL_PX))
    return Compared(likeness=alike.compare(*seen))


def render_picture(data: bytes, watermark: Watermark | None, faces: Faces, limits: Limits) -> Rendered:
    """New pixels, upright, small enough to be sent, with the watermark (if any) in them. Raises Refusal."""
    with _damage_refused():
        picture = _open(data, limits)
        _decode(picture)
    orientation, _ = _exif(picture)
    upright = _upright(_shrunk(picture), orientation)
    picture.close()
    upright, found = veil(upright) if faces == "blurred" else (upright, 0)
    small = upright.copy()
    small.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX), Image.Resampling.LANCZOS)
    return Rendered(
        served=_jpeg(stamp(upright, watermark) if watermark else upright, quality=85),
        thumbnail=_jpeg(stamp(small, watermark) if watermark else small, quality=80),
        width_px=upright.width,
        height_px=upright.height,
        faces_blurred=found,
    )


def grey_picture(data: bytes, limits: Limits, side_px_max: int) -> Image.Image:
    """All of the picture in shades of grey, upright, at most so large. Raises Refusal."""
    with _damage_refused():
        picture = _open(data, limits)
        picture.draft("L", (side_px_max, side_px_max))
        picture.load()
    orientation, _ = _exif(picture)
    return _upright(_shrunk(picture, side_px_max).convert("L"), orientation)


@contextlib.contextmanager
def _damage_refused() -> Iterator[None]:
    """Whatever a decoder raises on bad bytes becomes one refusal; running out of memory stays what it is."""
    try:
        yield
    except (Refusal, MemoryError):
        raise
    except Exception as error:
        raise Refusal("photo_damaged") from error


def _open(data: bytes, limits: Limits) -> Image.Image:
    picture = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP"))
    width, height = picture.size
    if width * height > limits.pixels_max:
        raise Refusal("photo_too_many_pixels", width_px=width, height_px=height, pixels_max=limits.pixels_max)
    if min(width, height) < limits.side_px_min:
        raise Refusal("photo_too_small", width_px=width, height_px=height, side_px_min=limits.side_px_min)
    # A phone's MPO carries a second picture (depth, a portrait's other half) behind the first; it is one photo.
    if picture.format != "MPO" and getattr(picture, "n_frames", 1) > 1:
        raise Refusal("photo_animated")
    return picture


def _decode(picture: Image.Image) -> None:
    """Read every byte. A JPEG is decoded straight to about the size it is served at, which reads all of it too."""
    picture.draft("RGB", (SERVED_PX, SERVED_PX))
    picture.load()


def _exif(picture: Image.Image) -> tuple[int, ExifClaims | None]:
    """Orientation (1 to 8) and claims. A broken EXIF block spoils no photo: it claims nothing."""
    try:
        exif = picture.getexif()
        orientation = exif.get(Base.Orientation)
        return orientation if orientation in _UPRIGHT else 1, exif_claims(exif)
    except (ArithmeticError, LookupError, OSError, SyntaxError, TypeError, ValueError, struct.error):
        return 1, None


def _brightness(picture: Image.Image, orientation: int, side_px: int) -> NDArray[np.uint8]:
    """Upright, at most so large, without colour: what fingerprints and comparisons are made of."""
    if picture.mode in ("L", "RGB") and "transparency" not in picture.info:
        # Averaged in whole steps first, and without colour: a third of the time that a good small copy takes.
        small = picture.reduce(max(1, 2 * max(picture.size) // (3 * side_px))).convert("L")
        small.thumbnail((side_px, side_px), Image.Resampling.LANCZOS, reducing_gap=2.0)
    else:
        small = _shrunk(picture, side_px).convert("L")
    return np.array(_upright(small, orientation))


def _shrunk(picture: Image.Image, side_px: int = SERVED_PX) -> Image.Image:
    """At most so large, in RGB on white. Shrunk before it is copied: memory holds a large one only so often."""
    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    elif picture.mode not in _RESIZABLE or "transparency" in picture.info:
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    picture.thumbnail((side_px, side_px), Image.Resampling.LANCZOS, reducing_gap=2.0)
    # A new picture, not a copy: comments, profiles and text chunks ride along with a copy.
    clean = Image.new("RGB", picture.size, "white")
    clean.paste(picture.convert("RGB"), mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    return clean


def _upright(picture: Image.Image, orientation: int) -> Image.Image:
    turn = _UPRIGHT.get(orientation)
    return picture if turn is None else picture.transpose(turn)


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=quality)
    return written.getvalue()
