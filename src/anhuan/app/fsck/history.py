"""A stream's events read from what is stored: each version once, and beside it what the event itself says."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar

import msgspec

from anhuan.app.fsck.report import Findings
from anhuan.ports.fsck import StoredEvent


class Event(Protocol):
    """What every event says: when, and which person did it."""

    @property
    def at(self) -> datetime: ...
    @property
    def by(self) -> str | None: ...


E = TypeVar("E", bound=Event)


def read_history(
    stream: str, events: Sequence[StoredEvent], decoder: msgspec.json.Decoder[E], findings: Findings
) -> list[E]:
    """The events of a stream up to the first that is missing or cannot be read, which is noted."""
    history = []
    for place, stored in enumerate(events, start=1):
        if stored.version != place:
            findings.add("version_missing", stream=stream, version=place, found=stored.version)
            break
        try:
            event = decoder.decode(stored.payload)
        except msgspec.MsgspecError as error:
            findings.add("events_unreadable", stream=stream, version=stored.version, why=str(error))
            break
        said = {"type": type(event).__name__, "at": event.at, "by_person": event.by}
        for column, value in {"type": stored.type, "at": stored.at, "by_person": stored.by}.items():
            if value != said[column]:
                findings.add("event_column_differs", stream=stream, version=stored.version, column=column)
        history.append(event)
    return history
