"""A few inspecting processes that live on, so that a photo costs its decoding and not a start of Python.

An upload is handed to an idle process. One that does not answer in time is replaced, and so is one that dies, after
which the upload gets one more; then that upload alone is refused, with a code that says so. A process is retired after
some hundreds of uploads, so that nothing an upload left behind lives long.
"""

import asyncio
import contextlib
import hashlib
import logging
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path
from typing import cast, get_args

import msgspec

import anhuan
from anhuan.connectors.photos.sniff import Format, names_format, sniff
from anhuan.connectors.photos.wire import (
    FRAME_BYTES_MAX,
    HEADER,
    Answer,
    Inspect,
    Inspected,
    Limits,
    Refused,
    Render,
    Rendered,
    Task,
    frame,
    read_answer,
)
from anhuan.domain.evidence import EvidenceKind, Sha256
from anhuan.ports.photos import Inspection, PhotoRefused, ProblemCode, Rendition, Watermark

logger = logging.getLogger(__name__)

_START = "import sys; sys.path.append(sys.argv[1]); from anhuan.connectors.photos.worker import main; main(sys.argv[2])"
_SOURCE = str(Path(anhuan.__file__).parents[1])


class PhotoWorkers:
    """`ports.photos.Photos` by processes. Belongs to one event loop; `close` it in the same."""

    def __init__(
        self,
        *,
        processes: int = 2,
        limits: Limits | None = None,
        answer_s_max: float = 30.0,
        wait_s_max: float = 20.0,
        start_s_max: float = 60.0,
        uploads_per_process: int = 500,
    ) -> None:
        """`answer_s_max` bounds one upload, `wait_s_max` the wait for an idle process, `start_s_max` its start."""
        self._limits = limits or Limits()
        self._answer_s_max = answer_s_max
        self._wait_s_max = wait_s_max
        self._start_s_max = start_s_max
        self._uploads_per_process = uploads_per_process
        self._closed = False
        self._places: asyncio.Queue[_Place] = asyncio.Queue()
        self._every = [_Place() for _ in range(processes)]
        for place in self._every:
            self._places.put_nowait(place)

    async def inspect(self, data: bytes, *, kind: EvidenceKind, file_name: str = "") -> Inspection:
        """See `Photos.inspect`."""
        found = self._admitted(data, kind)
        sha256 = Sha256(await asyncio.to_thread(lambda: hashlib.sha256(data).hexdigest()))
        matches = names_format(file_name, found)
        if found == "application/pdf":
            return Inspection(sha256=sha256, size_bytes=len(data), media_type=found, extension_matches=matches)
        answer = await self._ask(Inspect(data=data))
        if not isinstance(answer, Inspected):
            raise PhotoRefused("photo_inspection_failed")
        return Inspection(
            sha256=sha256,
            size_bytes=len(data),
            media_type=answer.media_type,
            extension_matches=matches,
            width_px=answer.width_px,
            height_px=answer.height_px,
            exif=answer.exif,
        )

    async def render(self, data: bytes, watermark: Watermark) -> Rendition:
        """See `Photos.render`."""
        self._admitted(data, "photo")
        answer = await self._ask(Render(data=data, watermark=watermark))
        if not isinstance(answer, Rendered):
            raise PhotoRefused("photo_inspection_failed")
        return Rendition(
            served=answer.served,
            thumbnail=answer.thumbnail,
            width_px=answer.width_px,
            height_px=answer.height_px,
        )

    async def close(self) -> None:
        """End all processes and wait until every upload under way has been refused. Nothing is taken afterwards."""
        if self._closed:
            return
        self._closed = True
        for place in self._every:
            await place.vacate()
        # A process that was just being started is known to its upload alone, which comes back when it sees the flag.
        for _ in self._every:
            await self._places.get()

    def _admitted(self, data: bytes, kind: EvidenceKind) -> Format:
        """What the first bytes say, or a refusal that needs no decoder."""
        if not data:
            raise PhotoRefused("upload_empty")
        if len(data) > self._limits.size_bytes_max:
            sizes: dict[str, str | int] = {"size_bytes": len(data), "size_bytes_max": self._limits.size_bytes_max}
            raise PhotoRefused("photo_too_large", sizes)
        found = sniff(data)
        if found == "image/heic":
            raise PhotoRefused("photo_format_heic")
        if found is None:
            raise PhotoRefused("photo_format_not_allowed")
        if found == "application/pdf" and kind not in ("scan", "document"):
            raise PhotoRefused("photo_is_document")
        return found

    async def _ask(self, task: Task) -> Answer:
        try:
            if self._closed:
                raise PhotoRefused("photo_busy")
            async with asyncio.timeout(self._wait_s_max):
                place = await self._places.get()
        except TimeoutError:
            raise PhotoRefused("photo_busy") from None
        try:
            # A process may have died by itself, unseen until it is asked: only the second death is the upload's.
            answer = await self._answer_at(place, task) or await self._answer_at(place, task)
        finally:
            self._places.put_nowait(place)
        if answer is None:
            raise PhotoRefused("photo_inspection_failed")
        if isinstance(answer, Refused):
            known = answer.code in get_args(ProblemCode)
            raise PhotoRefused(cast(ProblemCode, answer.code) if known else "photo_inspection_failed", answer.params)
        return answer

    async def _answer_at(self, place: "_Place", task: Task) -> Answer | None:
        """The answer; None: the process died. Raises PhotoRefused when it hung."""
        try:
            if self._closed:
                raise PhotoRefused("photo_busy")
            if not place.alive or place.uploads >= self._uploads_per_process:
                await place.vacate()
                async with asyncio.timeout(self._start_s_max):
                    await place.occupy(self._limits)
                if self._closed:
                    raise PhotoRefused("photo_busy")
            async with asyncio.timeout(self._answer_s_max):
                return await place.exchange(task)
        except TimeoutError:
            await place.vacate()
            logger.warning("a photo inspector did not answer in time and is replaced")
            raise PhotoRefused("photo_inspection_timed_out") from None
        except (OSError, EOFError, msgspec.MsgspecError) as error:
            await place.vacate()
            logger.warning("a photo inspector died and is replaced: %r", error)
            return None
        except BaseException:
            # Closed, or cancelled in mid-exchange: its answer would be taken for the next upload's.
            await place.vacate()
            raise


class _Place:
    """Room for one process."""

    def __init__(self) -> None:
        self.uploads = 0
        self._process: Process | None = None

    @property
    def alive(self) -> bool:
        """Whether there is a process that has not ended, as far as we know."""
        return self._process is not None and self._process.returncode is None

    async def occupy(self, limits: Limits) -> None:
        """Start a process, without environment or user's site folders, and wait until it has given up its rights."""
        limits_json = msgspec.json.encode(limits).decode()
        command = (sys.executable, "-I", "-c", _START, _SOURCE, limits_json)
        starting = asyncio.create_task(
            asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={})
        )
        try:
            self._process = await asyncio.shield(starting)
        except asyncio.CancelledError:
            # CPython 3.11 waits for ever for a child whose creation is cancelled between fork and pipes.
            self._process = await starting
            raise
        self.uploads = 0
        await self._read()

    async def vacate(self) -> None:
        """Kill the process, if any, and wait until it is gone."""
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def exchange(self, task: Task) -> Answer:
        """One question, one answer. Raises OSError or EOFError when the process is gone."""
        if self._process is None or self._process.stdin is None:
            raise EOFError
        self.uploads += 1
        self._process.stdin.write(frame(task))
        await self._process.stdin.drain()
        return read_answer(await self._read())

    async def _read(self) -> bytes:
        if self._process is None or self._process.stdout is None:
            raise EOFError
        (length,) = HEADER.unpack(await self._process.stdout.readexactly(HEADER.size))
        if length > FRAME_BYTES_MAX:
            raise EOFError
        return await self._process.stdout.readexactly(length)
