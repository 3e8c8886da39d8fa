"""The event loop for what runs long or does much: uvloop, which costs a fraction of Python's own."""

import asyncio
from collections.abc import Coroutine

import uvloop


def run_fast(work: Coroutine[None, None, None]) -> None:
    """`asyncio.run` on uvloop."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)
