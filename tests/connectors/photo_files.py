"""Pictures that tests upload, and how a refusal is caught."""

import io
from collections.abc import Awaitable
from functools import cache

import pytest
from PIL import Image

from anhuan.ports.photos import PhotoRefused, Watermark

MARK = Watermark(number="YH-2026-000123", person="张堃", taken="2026-03-05 12:00", place="冲压区 P1-300T")


def picture(
    image_format: str = "JPEG", size: tuple[int, int] = (640, 480), mode: str = "RGB", **options: object
) -> bytes:
    written = io.BytesIO()
    Image.effect_noise(size, 80).convert(mode).save(written, image_format, **options)
    return written.getvalue()


@cache
def flat_rgba(side: int) -> bytes:
    written = io.BytesIO()
    Image.new("RGBA", (side, side), (200, 30, 30, 128)).save(written, "PNG", compress_level=1)
    return written.getvalue()


async def refusal(asked: Awaitable[object]) -> PhotoRefused:
    with pytest.raises(PhotoRefused) as refused:
        await asked
    return refused.value
