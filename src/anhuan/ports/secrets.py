"""The keys that a tenant's promises rest on. They live outside the database and its backups."""

from datetime import datetime
from typing import Protocol

from msgspec import Struct

from anhuan.domain.ids import TenantId
from anhuan.ledger.note import Signer


class DrawKey(Struct, frozen=True):
    """The key from which the seeds of blind draws come; its hash was put into the ledger before it was used."""

    id: str
    key: bytes
    from_at: datetime
    """Cases opened from here on draw with it."""


class DrawKeys(Protocol):
    """What drawing needs."""

    def draw_key(self, tenant: TenantId, opened_at: datetime) -> DrawKey:
        """The draw key for a case that was opened at that moment."""


class Secrets(DrawKeys, Protocol):
    """Where keys are kept."""

    def signer(self, tenant: TenantId) -> Signer:
        """The key that signs the tenant's checkpoints."""


class KeyRing(Protocol):
    """A tenant's draw keys over their lives: made, in force, retired."""

    def prepare_draw_key(self, tenant: TenantId, from_at: datetime) -> DrawKey:
        """Make a new draw key that nothing is drawn with yet."""

    def put_in_force(self, tenant: TenantId, key: DrawKey) -> None:
        """Let cases opened from the key's moment on draw with it."""

    def retire(self, tenant: TenantId, key: DrawKey) -> None:
        """Let nothing be drawn with the key any more."""

    def recall(self, tenant: TenantId, key: DrawKey) -> None:
        """Take a key back that was retired too early."""

    def draw_keys(self, tenant: TenantId) -> list[DrawKey]:
        """The keys in force, in the order of their moments."""

    def retired(self, tenant: TenantId) -> list[DrawKey]:
        """The keys that nothing is drawn with any more."""
