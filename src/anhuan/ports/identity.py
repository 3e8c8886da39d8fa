"""Who can sign in, and where that is kept: tenants, accounts, sessions and tokens as the use cases see them.

Secrets never come here: a store is given hashes only. A session or a token is looked for inside one tenant, which its
text names (`<tenant>.<secret>`), so that no query ever goes across tenants.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal, Protocol

from msgspec import Struct

from anhuan.core.account.events import AccountCreated, AccountEvent, AccountUnlocked, TokenCreated
from anhuan.domain.ids import AccountId, PersonId, TenantId

Language = Literal["zh", "en"]


class Tenant(Struct, frozen=True):
    """An enterprise whose data is its own."""

    id: TenantId
    slug: str
    """What stands behind the @ of a log-in; unique in the installation."""
    name: str
    language: Language
    time_zone: str
    """IANA name, such as Asia/Shanghai."""
    created_at: datetime


class Account(Struct, frozen=True, kw_only=True):
    """What somebody, or a machine, signs in with."""

    tenant: TenantId
    id: AccountId
    login: str
    """Lower case, unique in the tenant."""
    password_hash: str | None = None
    """argon2id in its encoded form; None: no password opens this account."""
    person: PersonId | None = None
    """Who of the plant this is; None for machines."""
    roles: tuple[str, ...] = ()
    language: Language | None = None
    """None: the tenant's."""
    is_demo: bool = False
    """Made with a demonstration plant."""
    failed_logins: int = 0
    """Wrong passwords since the last right one."""
    locked_until: datetime | None = None
    disabled_at: datetime | None = None
    created_at: datetime


class Session(Struct, frozen=True, kw_only=True):
    """A person signed in with one browser."""

    token_hash: bytes
    csrf: str
    """What the browser must repeat with everything that changes something."""
    user_agent: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


class ApiToken(Struct, frozen=True, kw_only=True):
    """A machine's key to an account."""

    id: str
    token_hash: bytes
    account: AccountId
    name: str
    created_at: datetime
    created_by: AccountId
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None


class SessionTimes(Struct, frozen=True, kw_only=True):
    """When a session is looked for, and what that means for it."""

    at: datetime
    """Now: what expires until now is over."""
    born_after: datetime
    """A session opened until then is over too, however much it is used."""
    seen_before: datetime
    """One last seen before this slides."""
    slide_to: datetime
    """Where it slides to: its new `expires_at`."""


class Attempt(Struct, frozen=True):
    """The state of an account's lock, as an attempt to sign in leaves it."""

    failed_logins: int
    locked_until: datetime | None


class LoginTaken(Exception):
    """Another account of the tenant has this log-in."""


class SlugTaken(Exception):
    """Another tenant of the installation has this slug."""


class IdentityStore(Protocol):
    """All methods raise StoreAway when the database cannot be reached.

    Events that a method is given, or that a judgement gives it, are stored with the change or not at all.
    """

    async def find_login(self, typed: str) -> list[tuple[TenantId, AccountId]]:
        """The accounts that `login` or `login@slug` may mean, of all tenants."""

    async def begin_attempt(
        self,
        tenant: TenantId,
        account: AccountId,
        judge: Callable[[Account], tuple[Attempt, Sequence[AccountEvent]] | None],
    ) -> tuple[Account, Attempt | None] | None:
        """Reads the account, stores what `judge` makes of it, one caller at a time; None: there is no such account.

        Where `judge` gives None nothing is stored.
        """

    async def open_session(
        self,
        tenant: TenantId,
        account: AccountId,
        session: Session,
        *,
        replaced: bytes | None,
        password_hash: str | None,
        if_locked: AccountUnlocked,
    ) -> None:
        """Stores a session, clears the account's lock, ends the replaced and the expired sessions.

        `password_hash` replaces the stored one where given; `if_locked` is stored where there was a lock to clear.
        """

    async def session(
        self, tenant: TenantId, token_hash: bytes, times: SessionTimes
    ) -> tuple[Account, Session, Tenant] | None:
        """A live session of an enabled account."""

    async def end_session(self, tenant: TenantId, token_hash: bytes) -> None: ...
    async def token(
        self, tenant: TenantId, token_hash: bytes, at: datetime, used_before: datetime
    ) -> tuple[Account, Tenant] | None:
        """The enabled account behind a live token; its use is noted where the last was before `used_before`."""

    async def tokens(self, tenant: TenantId, account: AccountId | None) -> list[ApiToken]:
        """The tokens that were not revoked, of one account or (None) of all, oldest first."""

    async def add_token(self, tenant: TenantId, token: ApiToken, event: TokenCreated) -> None: ...
    async def end_token(
        self, tenant: TenantId, id: str, account: AccountId | None, at: datetime, event: AccountEvent
    ) -> bool:
        """Whether there was such a token, of that account where one is given, and it was live."""

    async def expired_tokens(self, tenant: TenantId, at: datetime, limit: int) -> list[str]:
        """Ids of live tokens whose time has come."""

    async def end_expired_sessions(self, tenant: TenantId, at: datetime, born_until: datetime) -> int:
        """Ends the sessions that have expired, or were opened so long ago; how many."""

    async def accounts(self, tenant: TenantId, after: str, limit: int) -> list[Account]:
        """The accounts whose log-ins come after `after`, by log-in."""

    async def account(self, tenant: TenantId, id: AccountId) -> Account | None: ...
    async def add_account(self, account: Account, event: AccountCreated) -> None:
        """Raises LoginTaken."""

    async def change_account(
        self,
        tenant: TenantId,
        id: AccountId,
        change: Callable[[Account, int], tuple[Account, Sequence[AccountEvent]]],
        *,
        keeps_session: bytes | None,
        ends_sessions: bool,
    ) -> Account | None:
        """Stores what `change` makes of the account; None: there is none.

        `change` is also given how many other enabled administrators there are, who cannot change meanwhile; what it
        raises comes out, and nothing is stored. `ends_sessions`: all but `keeps_session` end.
        """

    async def tenant(self, id: TenantId) -> Tenant | None: ...
    async def add_tenant(self, tenant: Tenant) -> None:
        """Raises SlugTaken."""
