"""An account as its events leave it. What only counts (wrong passwords, last uses) and every secret is left out."""

from datetime import datetime

from msgspec import Struct

from anhuan.domain.ids import AccountId, PersonId


class TokenState(Struct, frozen=True, kw_only=True):
    """A machine's key to the account."""

    id: str
    name: str
    created_at: datetime
    created_by: AccountId
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    """When somebody ended it, or it was put away after its time."""


class AccountState(Struct, frozen=True, kw_only=True):
    """What somebody, or a machine, signs in with."""

    id: AccountId
    login: str
    roles: tuple[str, ...]
    person: PersonId | None = None
    language: str | None = None
    is_demo: bool = False
    has_password: bool = False
    disabled_at: datetime | None = None
    locked_until: datetime | None = None
    created_at: datetime
    tokens: tuple[TokenState, ...] = ()
    """By id."""
