"""What happens to an account. Its events stand in a stream of the account's own, in the tenant's ledger.

No event holds a secret: neither a password, nor a token's text, nor the hash of either. Signing in is no event; that an
account was locked is one. `by` is the person and `by_account` the account that did it; both None: the installation
itself, from a terminal or because a time had come.
"""

from datetime import datetime

from msgspec import Struct

from anhuan.domain.ids import AccountId, PersonId


class Actor(Struct, frozen=True):
    """Who changes an account. Without an account: the installation itself."""

    account: AccountId | None = None
    person: PersonId | None = None


INSTALLATION = Actor()


class AccountHappening(Struct, frozen=True, kw_only=True, tag=True):
    """What every event says."""

    at: datetime
    by: PersonId | None
    by_account: AccountId | None


class AccountBegun(AccountHappening, frozen=True, kw_only=True):
    """What both first events say of an account."""

    account: AccountId
    login: str
    roles: tuple[str, ...]
    person: PersonId | None
    language: str | None
    is_demo: bool
    has_password: bool


class AccountCreated(AccountBegun, frozen=True, kw_only=True):
    """The account is there. Always the first event."""


class AdoptedToken(Struct, frozen=True, kw_only=True):
    """A token as it was found."""

    token: str
    name: str
    created_at: datetime
    created_by: AccountId
    expires_at: datetime | None
    revoked_at: datetime | None


class AccountAdopted(AccountBegun, frozen=True, kw_only=True):
    """The account was there before accounts had events: what it was at that moment. Then it is the first event."""

    created_at: datetime
    disabled_at: datetime | None
    locked_until: datetime | None
    tokens: tuple[AdoptedToken, ...]


class RolesChanged(AccountHappening, frozen=True, kw_only=True):
    """The account has these roles from now on."""

    roles: tuple[str, ...]


class PersonLinked(AccountHappening, frozen=True, kw_only=True):
    """Whoever signs in with the account is this person of the plant; None: nobody of it."""

    person: PersonId | None


class LanguageChosen(AccountHappening, frozen=True, kw_only=True):
    """The account is spoken to in this language; None: the tenant's."""

    language: str | None


class AccountDeactivated(AccountHappening, frozen=True, kw_only=True):
    """Nobody signs in with the account any more."""


class AccountReactivated(AccountHappening, frozen=True, kw_only=True):
    """The account can be signed in with again."""


class PasswordSet(AccountHappening, frozen=True, kw_only=True):
    """Somebody else gave the account a password, its first or a new one."""


class PasswordChanged(AccountHappening, frozen=True, kw_only=True):
    """Its owner changed the account's password."""


class SessionsEnded(AccountHappening, frozen=True, kw_only=True):
    """Somebody else ended every session of the account."""


class AccountLocked(AccountHappening, frozen=True, kw_only=True):
    """After wrong passwords the account waits; the attempt that is looked at meanwhile may still be right."""

    until: datetime
    failed_logins: int
    """Attempts in a row, this one included."""


class AccountUnlocked(AccountHappening, frozen=True, kw_only=True):
    """A lock is forgotten: the password was right, or there is a new one. A lock that runs out needs no event."""


class TokenCreated(AccountHappening, frozen=True, kw_only=True):
    """A key to the account was made, for a machine. It acts with the roles that the account has at the time."""

    token: str
    name: str
    roles: tuple[str, ...]
    """The account's when the token was made."""
    expires_at: datetime | None


class TokenRevoked(AccountHappening, frozen=True, kw_only=True):
    """Somebody ended a token."""

    token: str


class TokenExpired(AccountHappening, frozen=True, kw_only=True):
    """A token's time has come and it was put away."""

    token: str


AccountEvent = (
    AccountCreated
    | AccountAdopted
    | RolesChanged
    | PersonLinked
    | LanguageChosen
    | AccountDeactivated
    | AccountReactivated
    | PasswordSet
    | PasswordChanged
    | SessionsEnded
    | AccountLocked
    | AccountUnlocked
    | TokenCreated
    | TokenRevoked
    | TokenExpired
)
