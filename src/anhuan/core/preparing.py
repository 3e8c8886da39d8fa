"""How long preparing something took, from the events of its case alone.

It begins when somebody took the duty to prepare on, or, where nobody did, with the first thing that a person did on the
case; it ends when the duty was done. Time in which the case lay untouched before is not preparation.
"""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from anhuan.core.case import events as e


class Preparation(Struct, frozen=True):
    """When preparing began and ended."""

    begun_at: datetime
    done_at: datetime | None
    """None: it is being prepared."""

    @property
    def minutes(self) -> int | None:
        """Whole minutes, at least one; None: it is being prepared."""
        return None if self.done_at is None else max(1, round((self.done_at - self.begun_at).total_seconds() / 60))


def preparation(events: Iterable[e.CaseEvent], duty: str) -> Preparation | None:
    """How long the duty of that key took when it was first done; None: nobody has begun, or did it at once."""
    numbers: set[int] = set()
    first: datetime | None = None
    claimed: datetime | None = None
    for event in events:
        match event:
            case e.DutyOpened(no=number, key=key) if key == duty:
                numbers.add(number)
            case e.DutyClaimed(no=number) if number in numbers:
                claimed = claimed or event.at
            case e.DutyDischarged(no=number) if number in numbers:
                begun = claimed or first
                return None if begun is None else Preparation(begun, event.at)
        if event.by is not None:
            first = first or event.at
    begun = claimed or first
    return None if begun is None else Preparation(begun, None)
