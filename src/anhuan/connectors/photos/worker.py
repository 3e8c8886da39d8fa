"""The inspecting process: one upload after another, confined as connectors/confined/child.py says; see pool.py."""

import io

import msgspec
from PIL import Image
from PIL.ExifTags import Base

from anhuan.connectors.confined import child
from anhuan.connectors.photos.codes import read_codes
from anhuan.connectors.photos.decode import Refusal, inspect_picture, render_picture
from anhuan.connectors.photos.wire import Answer, Inspect, Limits, ReadCodes, Refused, Render, Task, encode, read_task
from anhuan.ports.photos import Watermark


def rehearse(limits: Limits) -> None:
    """Do every kind of task once, so that whatever Python loads on first use is loaded while it still can be."""
    exif = Image.Exif()
    exif[Base.DateTime] = "2026:01:01 08:00:00"
    for image_format in ("JPEG", "PNG", "WEBP"):
        written = io.BytesIO()
        Image.new("RGB", (64, 64)).save(written, image_format, exif=exif)
        answer(Inspect(data=written.getvalue()), limits)
        answer(Render(data=written.getvalue(), watermark=Watermark(number="YH-2026-000001")), limits)
        answer(ReadCodes(data=written.getvalue()), limits)


def answer(task: Task, limits: Limits) -> Answer:
    """Do one task. A picture that needs more memory than there may be is one that we do not take."""
    try:
        match task:
            case Inspect(data=data):
                return inspect_picture(data, limits)
            case Render(data=data, watermark=watermark):
                return render_picture(data, watermark, limits)
            case ReadCodes(data=data):
                return read_codes(data, limits)
    except Refusal as refusal:
        return refusal.answer
    except MemoryError:
        return Refused(code="photo_inspection_failed")


def main(limits_json: str) -> None:
    """Entry of the process. `limits_json` is a `Limits`."""
    limits = msgspec.json.decode(limits_json, type=Limits)
    bounds = child.Limits(memory_bytes_max=limits.memory_bytes_max, cpu_s_max=limits.cpu_s_max)
    child.run(bounds, lambda: rehearse(limits), lambda question: encode(answer(read_task(question), limits)))
