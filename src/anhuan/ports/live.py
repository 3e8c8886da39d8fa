"""What the live stream needs of the store: news as it is called out, and what was entered since a place in the log."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from msgspec import Struct

from anhuan.domain.ids import PersonId, TenantId


class Called(Struct, frozen=True):
    """One call on the channel, as it came."""

    tenant: TenantId
    changed: tuple[tuple[str, int, int], ...] = ()
    """Streams at their newest version, and that entry's place in the log; in the order of places."""
    noticed: tuple[PersonId, ...] = ()
    """Who has something new in the inbox."""


class Change(Struct, frozen=True):
    """A stream that has moved on."""

    stream: str
    version: int
    position: int
    """Of that version's entry in the log, from 0."""
    kind: str | None
    """Of a case; None: the stream is the plant's or the tenant's own."""
    parts: frozenset[str] = frozenset()
    """Who has a part in the case, as `case_row.parts` says it."""


class Since(Struct, frozen=True):
    """What was entered after a place in the log."""

    changes: Sequence[Change]
    reached: int
    """The last place in the log that is looked at; -1: the log is empty."""
    missed: bool
    """More happened than is told again: whoever asks must read everything anew."""


class LiveStore(Protocol):
    """Where news comes from."""

    def listen(self) -> AsyncIterator[Called | None]:
        """Calls for ever; None each time that listening begins (anew), before which calls may have been missed."""

    async def changes(self, called: Called) -> Sequence[Change]:
        """The called streams with what must be known of them."""

    async def since(self, tenant: TenantId, position: int | None, limit: int) -> Since:
        """What was entered after `position` (None: only where the log ends now), at most `limit` entries back."""
