"""The inspecting process: takes one upload after another from stdin, answers on stdout, and can do little else.

Before the first upload it gives up, for good, what an attacked decoder would want: no file may grow, no file or socket
may be opened (the descriptor limit is what is open already), address space and CPU time are capped, and the environment
it was started with is empty. Started by pool.py; see there for what happens when it dies.
"""

import io
import os
import resource
import sys
from typing import BinaryIO

import msgspec
from PIL import Image
from PIL.ExifTags import Base

from anhuan.connectors.photos.decode import Refusal, inspect_picture, render_picture
from anhuan.connectors.photos.wire import READY, Answer, Inspect, Limits, Refused, Render, Task, frame, read_task
from anhuan.ports.photos import Watermark


def confine(limits: Limits) -> None:
    """Give up rights, for good."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes_max, limits.memory_bytes_max))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    # One above the highest open descriptor (0, 1, 2): the next open() fails.
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


def rehearse(limits: Limits) -> None:
    """Do every kind of task once, so that whatever Python loads on first use is loaded while it still can be."""
    exif = Image.Exif()
    exif[Base.DateTime] = "2026:01:01 08:00:00"
    for image_format in ("JPEG", "PNG", "WEBP"):
        written = io.BytesIO()
        Image.new("RGB", (64, 64)).save(written, image_format, exif=exif)
        answer(Inspect(data=written.getvalue()), limits)
        answer(Render(data=written.getvalue(), watermark=Watermark(number="YH-2026-000001")), limits)


def allow_cpu(seconds: int) -> None:
    """From now on, this much more CPU time; past it the kernel ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds, hard))


def answer(task: Task, limits: Limits) -> Answer:
    """Do one task. A picture that needs more memory than there may be is one that we do not take."""
    try:
        match task:
            case Inspect(data=data):
                return inspect_picture(data, limits)
            case Render(data=data, watermark=watermark):
                return render_picture(data, watermark, limits)
    except Refusal as refusal:
        return refusal.answer
    except MemoryError:
        return Refused(code="photo_inspection_failed")


def serve(tasks: BinaryIO, answers: BinaryIO, limits: Limits) -> None:
    """Say that all is ready, then answer until the server closes the pipe."""
    answers.write(READY)
    answers.flush()
    while (task := read_task(tasks)) is not None:
        allow_cpu(limits.cpu_s_max)
        answers.write(frame(answer(task, limits)))
        answers.flush()


def main(limits_json: str) -> None:
    """Entry of the process. `limits_json` is a `Limits`."""
    limits = msgspec.json.decode(limits_json, type=Limits)
    rehearse(limits)
    os.chdir("/")
    confine(limits)
    serve(sys.stdin.buffer, sys.stdout.buffer, limits)
