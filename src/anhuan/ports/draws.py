"""What is needed of the store to audit draws and to change the keys that they come from."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from anhuan.domain.ids import TenantId
from anhuan.ports.secrets import DrawKey


class Entered(Struct, frozen=True):
    """An event as it is stored, with its entry in the ledger."""

    stream: str
    version: int
    payload: str
    salt: bytes
    position: int | None
    """Of its entry in the log, from 0; None: it has none yet."""
    entry: bytes | None


class DrawStore(Protocol):
    """Where draws and draw keys are recorded."""

    async def commit_draw_key(self, tenant: TenantId, key: DrawKey, at: datetime) -> None:
        """Put a key's hash on record."""

    async def reveal_draw_key(self, tenant: TenantId, key: DrawKey, at: datetime) -> None:
        """Put a whole key on record."""


class DrawRecords(Protocol):
    """What an auditor looks at."""

    async def key_events(self, tenant: TenantId) -> Sequence[Entered]:
        """Commitments and revelations of draw keys, in order."""

    async def draw_events(self, tenant: TenantId) -> Sequence[Entered]:
        """Of each case that drew: its draws, what was told of them, and the ends of duties; in order by case."""

    async def open_before(self, tenant: TenantId, at: datetime) -> int:
        """How many cases are open that were opened before a moment."""
