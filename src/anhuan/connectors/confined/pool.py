"""Confined processes, a few side by side: each is handed questions as bytes and gives answers as bytes.

One that does not answer in time is killed, and so is whatever an earlier question left behind: a process is retired
after as many questions as it was made for.
"""

import asyncio
import contextlib
import logging
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path

from msgspec import Struct

import anhuan
from anhuan.connectors.confined.child import HEADER

logger = logging.getLogger(__name__)

_SOURCE = str(Path(anhuan.__file__).parents[1])


class Bounds(Struct, frozen=True, kw_only=True):
    """How long, and how much, is waited for."""

    answer_bytes_max: int
    answer_s_max: float
    """Of one question."""
    wait_s_max: float = 20.0
    """For an idle process."""
    start_s_max: float = 60.0
    """Of a process."""


class ChildBusy(Exception):
    """No process came free in time."""


class ChildHung(Exception):
    """The process did not answer in time and was killed."""


class ChildDied(Exception):
    """The process ended, or said what is no answer."""


class ConfinedPool:
    """Processes that run `main(argument)` of a module. Belongs to one event loop; `close` it in the same."""

    def __init__(
        self,
        module: str,
        argument: str,
        *,
        processes: int = 2,
        bounds: Bounds,
        questions_per_process: int = 1,
        tries: int = 1,
    ) -> None:
        """`tries`: a process may have died by itself, unseen until asked; so many deaths are the question's fault."""
        self._bounds = bounds
        self._questions_per_process = questions_per_process
        self._tries = tries
        self._closed = False
        self._every = [_Place(module, argument) for _ in range(processes)]
        self._idle: asyncio.Queue[_Place] = asyncio.Queue()
        for place in self._every:
            self._idle.put_nowait(place)

    async def ask(self, question: bytes) -> bytes:
        """The answer. Raises ChildBusy, ChildHung, ChildDied."""
        try:
            async with asyncio.timeout(self._bounds.wait_s_max):
                place = await self._idle.get()
        except TimeoutError:
            raise ChildBusy from None
        try:
            for _ in range(self._tries - 1):
                with contextlib.suppress(ChildDied):
                    return await self._ask_at(place, question)
            return await self._ask_at(place, question)
        finally:
            self._idle.put_nowait(place)

    async def _ask_at(self, place: "_Place", question: bytes) -> bytes:
        stays = False
        try:
            if not place.alive and not self._closed:
                async with asyncio.timeout(self._bounds.start_s_max):
                    await place.occupy()
            if self._closed:
                raise ChildBusy
            async with asyncio.timeout(self._bounds.answer_s_max):
                answer = await place.exchange(question, self._bounds.answer_bytes_max)
            stays = place.questions < self._questions_per_process and not self._closed
            return answer
        except TimeoutError:
            logger.warning("a confined process did not answer in time and is replaced")
            raise ChildHung from None
        except (OSError, EOFError) as error:
            logger.warning("a confined process died and is replaced: %r", error)
            raise ChildDied(repr(error)) from None
        finally:
            # Also when cancelled in mid-exchange: its answer would be taken for the next question's.
            if not stays:
                await place.vacate()

    async def close(self) -> None:
        """End all processes; who still waits for one is told that none is free."""
        self._closed = True
        for place in self._every:
            await place.vacate()


class _Place:
    """Room for one process."""

    def __init__(self, module: str, argument: str) -> None:
        start = f"import sys; sys.path.append(sys.argv[1]); from {module} import main; main(sys.argv[2])"
        self._command = (sys.executable, "-I", "-c", start, _SOURCE, argument)
        self._process: Process | None = None
        self.questions = 0

    @property
    def alive(self) -> bool:
        """Whether there is a process that has not ended, as far as we know."""
        return self._process is not None and self._process.returncode is None

    async def occupy(self) -> None:
        """Start a process, without environment or user's site folders, and wait until it has given up its rights."""
        await self.vacate()
        self._process = await asyncio.create_subprocess_exec(
            *self._command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={}
        )
        self.questions = 0
        await self._read(0)

    async def vacate(self) -> None:
        """Kill the process, if any, and wait until it is gone."""
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def exchange(self, question: bytes, answer_bytes_max: int) -> bytes:
        """One question, one answer. Raises OSError or EOFError when the process is gone or says too much."""
        if self._process is None or self._process.stdin is None:
            raise EOFError
        self.questions += 1
        self._process.stdin.write(HEADER.pack(len(question)))
        self._process.stdin.write(question)
        await self._process.stdin.drain()
        return await self._read(answer_bytes_max)

    async def _read(self, bytes_max: int) -> bytes:
        if self._process is None or self._process.stdout is None:
            raise EOFError
        (length,) = HEADER.unpack(await self._process.stdout.readexactly(HEADER.size))
        if length > bytes_max:
            raise EOFError
        return await self._process.stdout.readexactly(length)
