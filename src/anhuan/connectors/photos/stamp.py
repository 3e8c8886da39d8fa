"""The watermark: a dark strip along the foot of the picture with what the photo is evidence of.

The typeface travels with the program (docs/decisions/watermark-typeface.md), so that a machine without any font
draws Chinese names too, rare characters included.
"""

import io
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from anhuan.ports.photos import Watermark

TYPEFACE = Path(__file__).parent / "font" / "NotoSansSC-subset.woff2"
SIZES_PX = (13, 18, 26, 34)
"""The few sizes that are drawn: each costs a face in memory."""
LINES_MAX = 6


@cache
def _typeface_bytes() -> bytes:
    return TYPEFACE.read_bytes()


@cache
def typeface(size_px: int) -> ImageFont.FreeTypeFont:
    """The face at one size. The first call reads the file; later ones open nothing."""
    return ImageFont.truetype(io.BytesIO(_typeface_bytes()), size_px, layout_engine=ImageFont.Layout.BASIC)


def stamp(picture: Image.Image, watermark: Watermark) -> Image.Image:
    """The picture with the strip burnt in. The picture keeps its size; a narrow one gets more lines."""
    size_px = _size_for(picture.width)
    face, margin = typeface(size_px), max(3, size_px // 3)
    lines = _lines(watermark, face, picture.width - 2 * margin)
    line_px = round(size_px * 1.35)
    strip_px = min(picture.height, line_px * len(lines) + 2 * margin)
    stamped = picture.copy()
    top = picture.height - strip_px
    foot = stamped.crop((0, top, picture.width, picture.height))
    stamped.paste(Image.blend(foot, Image.new("RGB", foot.size, "black"), 0.6), (0, top))
    pen = ImageDraw.Draw(stamped)
    for row, line in enumerate(lines):
        pen.text((margin, top + margin + row * line_px), line, fill="white", font=face)
    return stamped


def _size_for(width_px: int) -> int:
    wanted = width_px / 46
    return min(SIZES_PX, key=lambda size: abs(size - wanted))


def _lines(watermark: Watermark, face: ImageFont.FreeTypeFont, width_px: int) -> list[str]:
    """The fields, as many to a line as fit; a field longer than a line is broken where it must."""
    lines: list[str] = []
    for field in (watermark.number, watermark.person, watermark.taken, watermark.place):
        text = "".join(c if c.isprintable() else " " for c in field).strip()[:120]
        if not text:
            continue
        if lines and face.getlength(f"{lines[-1]}  {text}") <= width_px:
            lines[-1] = f"{lines[-1]}  {text}"
        else:
            lines.extend(_broken(text, face, width_px))
    return lines[:LINES_MAX]


def _broken(text: str, face: ImageFont.FreeTypeFont, width_px: int) -> list[str]:
    lines = [""]
    for character in text:
        if lines[-1] and face.getlength(lines[-1] + character) > width_px:
            lines.append("")
        lines[-1] += character
    return lines
