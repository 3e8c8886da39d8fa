"""What a check found: differences with codes and parameters, to be put into words by whoever shows them."""

from collections.abc import Callable

import msgspec
from msgspec import Struct

MOST = 1000
"""Differences that are listed; further ones are counted."""
Progress = Callable[[str, int, int], None]
"""Called with what is gone through (`cases` or `entries`), how many of it were, and how many there are."""


class Difference(Struct, frozen=True):
    """One thing that is not as it must be: a stable code, and where."""

    code: str
    params: dict[str, object]


class FsckReport(Struct, frozen=True, kw_only=True):
    """The outcome for one tenant."""

    tenant: str
    streams: int
    """Cases, accounts, and the tenant's two own streams."""
    events: int
    entries: int
    pending: int
    """Events that wait for their entry: normally those of the last second."""
    differences: tuple[Difference, ...]
    further: int

    @property
    def sound(self) -> bool:
        """Whether nothing at all differs."""
        return not self.differences


class Findings:
    """Collects differences."""

    def __init__(self) -> None:
        self.listed: list[Difference] = []
        self.further = 0

    def add(self, code: str, **params: object) -> None:
        """Note a difference."""
        if len(self.listed) < MOST:
            self.listed.append(Difference(code, params))
        else:
            self.further += 1


def shown(value: object, longest: int = 200) -> str:
    """A value on one line, cut where it is long."""
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= longest else text[: longest - 1] + "…"
