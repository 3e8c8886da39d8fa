"""The inspecting process: one upload after another, confined as connectors/confined/child.py says; see pool.py."""

import io

import cv2
import msgspec
from PIL import Image
from PIL.ExifTags import Base

from anhuan.connectors.confined import child
from anhuan.connectors.photos.codes import read_codes
from anhuan.connectors.photos.decode import Refusal, compare_pictures, inspect_picture, render_picture
from anhuan.connectors.photos.wire import (
    Answer,
    Compare,
    Inspect,
    Limits,
    ReadCodes,
    Refused,
    Render,
    Task,
    encode,
    read_task,
)
from anhuan.ports.photos import Watermark


def rehearse(limits: Limits) -> None:
    """Do every kind of task once, so that whatever Python loads on first use is loaded while it still can be."""
    exif = Image.Exif()
    exif[Base.DateTime] = "2026:01:01 08:00:00"
    for image_format in ("JPEG", "PNG", "WEBP"):
        written = io.BytesIO()
        picture = Image.linear_gradient("L").resize((64, 64))
        picture.paste(255, (20, 20, 40, 40))
        picture.convert("RGB").save(written, image_format, exif=exif)
        answer(Inspect(data=written.getvalue()), limits)
        mark = Watermark(number="YH-2026-000001")
        answer(Render(data=written.getvalue(), watermark=mark, faces="blurred"), limits)
        answer(ReadCodes(data=written.getvalue()), limits)
        answer(Compare(one=written.getvalue(), other=written.getvalue()), limits)


def answer(task: Task, limits: Limits) -> Answer:
    """Do one task. A picture that needs more memory than there may be, or that OpenCV fails at, is not taken."""
    try:
        match task:
            case Inspect(data=data):
                return inspect_picture(data, limits)
            case Render(data=data, watermark=watermark, faces=faces):
                return render_picture(data, watermark, faces, limits)
            case ReadCodes(data=data):
                return read_codes(data, limits)
            case Compare(one=one, other=other):
                return compare_pictures(one, other, limits)
    except Refusal as refusal:
        return refusal.answer
    except (MemoryError, cv2.error):
        return Refused(code="photo_inspection_failed")


def main(limits_json: str) -> None:
    """Entry of the process. `limits_json` is a `Limits`."""
    limits = msgspec.json.decode(limits_json, type=Limits)
    bounds = child.Limits(memory_bytes_max=limits.memory_bytes_max, cpu_s_max=limits.cpu_s_max)
    child.run(bounds, lambda: rehearse(limits), lambda question: encode(answer(read_task(question), limits)))
