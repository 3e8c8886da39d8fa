"""Waiting for something to become true, with a limit, looking often enough not to slow a test down."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(look: Callable[[], T | None], *, within_s: float = 20.0, what: str = "") -> T:
    """The first true answer of `look`. Raises TimeoutError, naming `what`, when none came in time."""
    pause = threading.Event()
    end = time.monotonic() + within_s
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > end:
            raise TimeoutError(f"not within {within_s:g} s: {what or look}")
        pause.wait(0.01)
