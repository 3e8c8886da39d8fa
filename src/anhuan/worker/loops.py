"""The worker's loops: each does one kind of due work again and again, and none can stop another.

A loop that found nothing waits a little; one that failed waits longer each time and says so. Any number of workers may
run: the work is claimed in the database.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)

_LONGEST_PAUSE_S = 60.0


@dataclass(frozen=True)
class Loop:
    """One kind of due work."""

    name: str
    step: Callable[[], Awaitable[int]]
    """Does some of it and says how much there was."""
    pause_s: float
    """How long to wait when there was nothing."""


async def run_loops(loops: list[Loop], stop: asyncio.Event) -> None:
    """Run all loops until told to stop; each finishes the step that it is in."""
    await asyncio.gather(*(_run(loop, stop) for loop in loops))


async def _run(loop: Loop, stop: asyncio.Event) -> None:
    failures = 0
    while not stop.is_set():
        try:
            found = await loop.step()
            failures = 0
        except Exception:
            failures += 1
            found = 0
            log.exception("%s failed, %s times in a row", loop.name, failures)
        if not found:
            await _pause(stop, min(loop.pause_s * 2**failures, _LONGEST_PAUSE_S))


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
