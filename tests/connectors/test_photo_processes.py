"""The processes that look into uploads: they live on, are replaced when they die or hang, and can do little."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from photo_files import MARK, flat_rgba, picture, refusal

from anhuan.connectors.photos import Limits, PhotoWorkers
from anhuan.ports.photos import Rendition


def _children() -> list[int]:
    """The living inspectors of this process; the event loop starts them from its own, the main, thread."""
    found = []
    for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if b"anhuan.connectors.photos.worker" in command:
            found.append(int(pid))
    return found


@pytest.fixture
async def lone() -> AsyncIterator[tuple[PhotoWorkers, int]]:
    """One process of its own that has inspected one picture, and its id."""
    before = set(_children())
    workers = PhotoWorkers(processes=1, answer_s_max=2, wait_s_max=20)
    await workers.inspect(picture(), kind="photo")
    (pid,) = set(_children()) - before
    yield workers, pid
    await workers.close()
    assert set(_children()) == before, "closing leaves no process"


async def test_one_process_serves_many(lone: tuple[PhotoWorkers, int]) -> None:
    workers, pid = lone
    for _ in range(5):
        await workers.inspect(picture(), kind="photo")
    assert pid in _children()


async def test_a_process_that_died_idle_is_replaced_unseen(lone: tuple[PhotoWorkers, int]) -> None:
    workers, pid = lone
    os.kill(pid, signal.SIGKILL)
    while pid in _children():
        await asyncio.sleep(0)
    assert (await workers.inspect(picture(), kind="photo")).width_px == 640


async def stuck(workers: PhotoWorkers, pid: int, data: bytes) -> "asyncio.Task[Rendition]":
    """A render that has reached the process, which is stopped and will not answer."""
    os.kill(pid, signal.SIGSTOP)
    asked = asyncio.create_task(workers.render(data, MARK))
    # A render asks its process at once: nothing before that waits.
    await asyncio.sleep(0)
    return asked


async def test_a_process_that_dies_under_an_upload_is_replaced_unseen(lone: tuple[PhotoWorkers, int]) -> None:
    workers, pid = lone
    asked = await stuck(workers, pid, picture(size=(320, 240)))
    os.kill(pid, signal.SIGKILL)
    assert (await asked).width_px == 320


async def test_an_upload_that_kills_every_process_is_refused_alone(lone: tuple[PhotoWorkers, int]) -> None:
    workers, pid = lone
    asked = await stuck(workers, pid, picture())
    next_one = asyncio.create_task(workers.render(picture(size=(320, 240)), MARK))
    os.kill(pid, signal.SIGKILL)
    while not (second := set(_children()) - {pid}):
        await asyncio.sleep(0)
    os.kill(second.pop(), signal.SIGKILL)
    assert (await refusal(asked)).code == "photo_inspection_failed"
    assert (await next_one).width_px == 320


async def test_a_hung_process_is_replaced(lone: tuple[PhotoWorkers, int]) -> None:
    workers, pid = lone
    os.kill(pid, signal.SIGSTOP)
    assert (await refusal(workers.inspect(picture(), kind="photo"))).code == "photo_inspection_timed_out"
    assert pid not in _children()
    assert (await workers.inspect(picture(), kind="photo")).width_px == 640


async def test_who_waits_too_long_is_told_to_come_again() -> None:
    workers = PhotoWorkers(processes=1, wait_s_max=0.2)
    await workers.inspect(picture(), kind="photo")
    (pid,) = _children()
    first = await stuck(workers, pid, picture())
    assert (await refusal(workers.render(picture(), MARK))).code == "photo_busy"
    os.kill(pid, signal.SIGCONT)
    assert (await first).width_px == 640
    await workers.close()


async def test_a_cancelled_upload_leaves_its_answer_to_nobody(lone: tuple[PhotoWorkers, int]) -> None:
    workers, pid = lone
    asked = await stuck(workers, pid, picture(size=(320, 240)))
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert pid not in _children()
    assert (await workers.render(picture(size=(1280, 960)), MARK)).width_px == 1280


async def test_closing_refuses_what_is_under_way_and_leaves_no_process() -> None:
    for turns in (0, 1, 5, 20):
        workers = PhotoWorkers(processes=1)
        asked = [asyncio.create_task(workers.render(picture(), MARK)) for _ in range(2)]
        for _ in range(turns):
            await asyncio.sleep(0)
        await workers.close()
        for one in asked:
            assert (await refusal(one)).code in ("photo_busy", "photo_inspection_failed")
        assert _children() == []
        await workers.close()
        assert (await refusal(workers.render(picture(), MARK))).code == "photo_busy"


async def test_answers_are_not_mixed_up() -> None:
    workers = PhotoWorkers(processes=2)
    widths = [100 + 10 * n for n in range(12)]
    try:
        found = await asyncio.gather(*(workers.inspect(picture(size=(w, 90)), kind="photo") for w in widths))
    finally:
        await workers.close()
    assert [one.width_px for one in found] == widths


async def test_a_process_retires() -> None:
    workers = PhotoWorkers(processes=1, uploads_per_process=2)
    before, seen = set(_children()), set()
    try:
        for _ in range(5):
            await workers.inspect(picture(), kind="photo")
            seen |= set(_children()) - before
    finally:
        await workers.close()
    assert len(seen) == 3


async def test_too_little_memory_refuses_the_upload_and_no_more() -> None:
    workers = PhotoWorkers(processes=1, limits=Limits(memory_bytes_max=256 * 1024 * 1024))
    try:
        assert (await refusal(workers.render(flat_rgba(7000), MARK))).code == "photo_inspection_failed"
        assert (await workers.inspect(picture(), kind="photo")).width_px == 640
    finally:
        await workers.close()


CONFINED = """
import os, resource, socket, sys
from anhuan.connectors.photos.wire import Limits
from anhuan.connectors.confined.child import allow_cpu, confine
from anhuan.connectors.photos.worker import rehearse

limits = Limits()
rehearse(limits)
scratch = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT)
os.dup2(scratch, 2)
os.close(scratch)
confine(limits)

def tried(name, deed):
    try:
        deed()
        print(name, "done", flush=True)
    except (OSError, MemoryError) as error:
        print(name, type(error).__name__, flush=True)

import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
tried("open", lambda: open("/etc/passwd"))
tried("connect", lambda: socket.socket())
tried("fork", lambda: os.pipe())
tried("write", lambda: os.write(2, b"grow"))
tried("allocate", lambda: bytearray(2 * 1024**3))
allow_cpu(1)
while True:
    pass
"""


async def test_the_process_can_do_little(tmp_path: Path) -> None:
    command = [sys.executable, "-c", CONFINED, str(tmp_path / "file")]
    ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=60, check=False)
    assert ended.stdout.splitlines() == [
        "open OSError",
        "connect OSError",
        "fork OSError",
        "write OSError",
        "allocate MemoryError",
    ]
    assert ended.returncode == -signal.SIGXCPU, "CPU time is capped"
