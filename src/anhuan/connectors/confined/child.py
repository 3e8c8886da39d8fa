"""The confined process: takes one question after another from stdin, answers on stdout, and can do little else.

Before the first question it gives up, for good, what an attacked decoder would want: no file may grow, no file or
socket may be opened (the descriptor limit is what is open already), address space and CPU time are capped, and the
environment it was started with is empty. So whatever Python loads on first use must be loaded by a rehearsal before.
"""

import os
import resource
import struct
import sys
from collections.abc import Callable
from typing import BinaryIO

from msgspec import Struct

HEADER = struct.Struct(">I")
READY = HEADER.pack(0)
"""An empty frame: the process has confined itself and takes questions."""


class Limits(Struct, frozen=True, kw_only=True):
    """What a confined process may use."""

    memory_bytes_max: int
    """Address space."""
    cpu_s_max: int
    """Per question."""


def run(limits: Limits, rehearse: Callable[[], None], answer: Callable[[bytes], bytes]) -> None:
    """The life of the process."""
    rehearse()
    os.chdir("/")
    confine(limits)
    serve(sys.stdin.buffer, sys.stdout.buffer, limits, answer)


def confine(limits: Limits) -> None:
    """Give up rights, for good."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes_max, limits.memory_bytes_max))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    # One above the highest open descriptor (0, 1, 2): the next open() fails.
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


def serve(questions: BinaryIO, answers: BinaryIO, limits: Limits, answer: Callable[[bytes], bytes]) -> None:
    """Say that all is ready, then answer until the server closes the pipe."""
    answers.write(READY)
    answers.flush()
    while (question := _read(questions)) is not None:
        allow_cpu(limits.cpu_s_max)
        said = answer(question)
        answers.write(HEADER.pack(len(said)))
        answers.write(said)
        answers.flush()


def _read(pipe: BinaryIO) -> bytes | None:
    """The next question; None when the server has closed the pipe."""
    header = pipe.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    (length,) = HEADER.unpack(header)
    body = pipe.read(length)
    return body if len(body) == length else None


def allow_cpu(seconds: int) -> None:
    """From now on, this much more CPU time; past it the kernel ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds, hard))
