"""What telling other systems needs: where they are, a queue of what they are owed, and a way to send it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from anhuan.domain.ids import TenantId


class Webhook(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where an enterprise wants to be told of closed cases. It lies with the keys, never in the database."""

    url: str
    secret: str
    """That bodies are signed with; at least 32 characters."""
    kinds: dict[str, tuple[str, ...]]
    """Kind -> columns of its records; without any all of the case's own form."""


class Delivery(Struct, frozen=True, kw_only=True):
    """A record that is owed to the other system."""

    id: str
    """The same however often it is sent."""
    body: str
    attempts: int


class Undelivered(Exception):
    """It was not taken; the message says why, in words for whoever operates the server."""


class Webhooks(Protocol):
    """Where the addresses are."""

    def webhook(self, tenant: TenantId) -> Webhook | None:
        """The enterprise's; None: it wants none, or what is written there cannot be used."""


class DeliveryStore(Protocol):
    """The queue."""

    async def owe(self, tenant: TenantId, delivery: str, body: str, at: datetime) -> None:
        """A record is owed; one that is known under that id is not owed twice."""

    async def due(self, tenant: TenantId, now: datetime, limit: int) -> Sequence[Delivery]:
        """Claim what is due, the oldest first; a claim lapses when its worker dies."""

    async def delivered(self, tenant: TenantId, delivery: str, at: datetime) -> None:
        """It was taken."""

    async def failed(self, tenant: TenantId, delivery: str, why: str, again_at: datetime) -> None:
        """It was not taken; try again later."""


class Sender(Protocol):
    """Sends a body to an address."""

    async def send(self, webhook: Webhook, delivery: Delivery, at: datetime) -> None:
        """Returns once it was taken. Raises Undelivered."""
