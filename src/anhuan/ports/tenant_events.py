"""What happens to a tenant itself: the events on its own stream.

Edits of the plant are on another, and what happens to an account is on a stream of that account's.
"""

from datetime import datetime

from msgspec import Struct

from anhuan.domain.ids import AccountId, PersonId

PLANT_STREAM = "plant"
TENANT_STREAM = "tenant"
ACCOUNT_STREAMS = "account:"
"""What the streams of accounts begin with."""


def account_stream(account: AccountId) -> str:
    """The stream of what happens to an account: its id, which names nobody."""
    return f"{ACCOUNT_STREAMS}{account}"


def is_case(stream: str) -> bool:
    """Whether a stream is a case's, and none of the tenant's or an account's."""
    return stream not in (PLANT_STREAM, TENANT_STREAM) and not stream.startswith(ACCOUNT_STREAMS)


class PackPublished(Struct, frozen=True, kw_only=True, tag=True):
    """A version of a pack came into force."""

    at: datetime
    by: PersonId | None
    name: str
    version: str
    files: dict[str, str]


class DrawKeyCommitted(Struct, frozen=True, kw_only=True, tag=True):
    """A draw key may be used from now on: told beforehand by its hash, so that it can be told whole afterwards."""

    at: datetime
    key: str
    sha256: str


class DrawKeyRevealed(Struct, frozen=True, kw_only=True, tag=True):
    """A draw key, told whole: nothing is drawn with it any more, and whoever likes can repeat what was."""

    at: datetime
    key: str
    secret: str
    """The key's bytes, hex."""


TenantEvent = PackPublished | DrawKeyCommitted | DrawKeyRevealed
