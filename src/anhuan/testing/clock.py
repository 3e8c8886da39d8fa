"""A clock that stands still until a test moves it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass
class MovableClock:
    """Call it for the present; set `now` to travel."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now
