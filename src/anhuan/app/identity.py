"""Signing in, and knowing afterwards who asks.

A person gets an opaque session in a cookie, a machine an API token; both read `<tenant>.<secret>` with a secret of 256
bits of which only the hash is stored. Who asks is remembered in memory for REMEMBER_S, so that a session costs no query
per request and its end is visible everywhere within that time. Whatever was wrong about a log-in, the answer is the
same and takes as long.
"""

import base64
import hashlib
import re
import secrets
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from anhuan.app.account_lock import UnknownLogins, count_on, waits
from anhuan.app.attempts import Attempts
from anhuan.app.passwords import Busy, Passwords
from anhuan.app.permission import Permission, permissions_of
from anhuan.core.account.events import AccountUnlocked, Actor
from anhuan.domain.ids import AccountId, PersonId, TenantId
from anhuan.ports.identity import Account, IdentityStore, Language, Session, SessionTimes, Tenant

REMEMBER_S = 4.0
IDLE = timedelta(hours=12)
"""A session ends when it was not used for so long: a shift with its hand-over."""
LONGEST = timedelta(days=7)
"""A session ends after so long however much it is used."""
SLIDE_EVERY = timedelta(minutes=1)
"""A session's last use is stored at most this often."""
REMEMBERED_MAX = 20_000

_Key = tuple[Literal["session", "token"], TenantId, bytes]
_NOBODY = (TenantId("nobody"), AccountId("nobody"))
_TEXT = re.compile(r"(?P<tenant>[A-Za-z0-9_-]{1,64})\.(?P<secret>[A-Za-z0-9_-]{43})")


class Caller(Struct, frozen=True, kw_only=True):
    """Who asks: an account that is signed in, and what it may."""

    account: Account
    """Without its password's hash."""
    tenant: Tenant
    permissions: frozenset[Permission]
    expires_at: datetime | None
    """When the session ends if nothing more is asked; None for a token without end."""
    csrf: str | None = None
    """What a browser must repeat; None: asked with a token, which no browser sends by itself."""
    session_hash: bytes | None = None
    """Which session; None: asked with a token."""

    @property
    def actor(self) -> Actor:
        """Who does what this caller asks for."""
        return Actor(self.account.id, self.account.person)

    @property
    def tenant_id(self) -> TenantId:
        return self.tenant.id

    @property
    def person(self) -> PersonId | None:
        return self.account.person

    @property
    def language(self) -> Language:
        return self.account.language or self.tenant.language


class SignInRefused(Exception):
    """Not signed in.

    `sign_in_wrong`: log-in or password, or the account is disabled. `sign_in_locked`, `sign_in_too_many`,
    `sign_in_busy`: not looked at; come again after `wait_s` seconds.
    """

    def __init__(self, code: str, wait_s: float | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that was just made. `secret_text` is for the cookie and is nowhere else."""

    secret_text: str
    caller: Caller


class Identity:
    """Signs in and out, and says who asks. One per process."""

    def __init__(
        self,
        store: IdentityStore,
        passwords: Passwords,
        clock: Callable[[], datetime],
        *,
        monotonic: Callable[[], float] = time.monotonic,
        attempts: Attempts | None = None,
    ) -> None:
        self._store = store
        self._passwords = passwords
        self._clock = clock
        self._monotonic = monotonic
        self._attempts = attempts or Attempts()
        self._unknown = UnknownLogins()
        self._remembered: dict[_Key, tuple[float, Caller]] = {}

    async def sign_in(
        self, login: str, password: str, *, address: str, user_agent: str = "", replaces: str | None = None
    ) -> SignedIn:
        """Opens a session for `login` or `login@slug`. `replaces`: the browser's session until now, which ends.

        Raises SignInRefused, StoreAway.
        """
        try:
            async with self._passwords.turn() as turn:
                wait_s = self._attempts.take(address, self._monotonic())
                if wait_s is not None:
                    raise SignInRefused("sign_in_too_many", wait_s)
                account = await self._count_attempt(normal_login(login))
                usable = account is not None and account.disabled_at is None
                fits = await turn.verify(account.password_hash if account and usable else None, password)
                if not account or not fits or not account.password_hash:
                    raise SignInRefused("sign_in_wrong")
                renewed = await turn.renewed(account.password_hash, password)
                signed_in = await self._open(account, user_agent, replaces, renewed)
        except Busy:
            raise SignInRefused("sign_in_busy", 5.0) from None
        self._attempts.give_back(address, self._monotonic())
        return signed_in

    async def _count_attempt(self, typed: str) -> Account | None:
        """The account that is meant, its attempt counted; None: there is none. Raises SignInRefused while it waits."""
        at = self._clock()
        found = await self._store.find_login(typed)
        tenant, id = found[0] if len(found) == 1 else _NOBODY
        judged = await self._store.begin_attempt(tenant, id, lambda account: count_on(account, at))
        if judged is None:
            wait = self._unknown.count(typed, at)
            if wait:
                raise SignInRefused("sign_in_locked", wait.total_seconds())
            return None
        account, attempt = judged
        if attempt is None:
            wait = waits(account.locked_until, at) or timedelta(seconds=1)
            raise SignInRefused("sign_in_locked", wait.total_seconds())
        return account

    async def _open(self, account: Account, user_agent: str, replaces: str | None, new_hash: str | None) -> SignedIn:
        at = self._clock()
        text, token_hash = new_secret(account.tenant)
        session = Session(
            token_hash=token_hash,
            csrf=secrets.token_urlsafe(24),
            user_agent=user_agent[:400],
            created_at=at,
            last_seen_at=at,
            expires_at=at + IDLE,
        )
        old = split_secret(replaces)
        old_hash = old[1] if old and old[0] == account.tenant else None
        await self._store.open_session(
            account.tenant,
            account.id,
            session,
            replaced=old_hash,
            password_hash=new_hash,
            if_locked=AccountUnlocked(at=at, by=account.person, by_account=account.id),
        )
        if old_hash:
            self._forget(("session", account.tenant, old_hash))
        caller = await self.by_session(text)
        if caller is None:
            raise SignInRefused("sign_in_wrong")  # disabled in this very moment
        return SignedIn(text, caller)

    async def by_session(self, text: str | None) -> Caller | None:
        """Who a cookie's text stands for; None: nobody, any more. Raises StoreAway."""
        parts = split_secret(text)
        if parts is None:
            return None
        tenant, token_hash = parts
        key: _Key = ("session", tenant, token_hash)
        remembered = self._recall(key)
        if remembered:
            return remembered
        at = self._clock()
        times = SessionTimes(at=at, born_after=at - LONGEST, seen_before=at - SLIDE_EVERY, slide_to=at + IDLE)
        found = await self._store.session(tenant, token_hash, times)
        if found is None:
            return None
        account, session, of = found
        return self._remember(
            key,
            Caller(
                account=replace(account, password_hash=None),
                tenant=of,
                permissions=permissions_of(account.roles),
                expires_at=min(session.expires_at, session.created_at + LONGEST),
                csrf=session.csrf,
                session_hash=token_hash,
            ),
        )

    async def by_token(self, text: str) -> Caller | None:
        """Which machine an API token stands for; None: none, any more. Raises StoreAway."""
        parts = split_secret(text)
        if parts is None:
            return None
        tenant, token_hash = parts
        key: _Key = ("token", tenant, token_hash)
        remembered = self._recall(key)
        if remembered:
            return remembered
        at = self._clock()
        found = await self._store.token(tenant, token_hash, at, at - SLIDE_EVERY)
        if found is None:
            return None
        account, of = found
        permissions = permissions_of(account.roles, by_token=True)
        account = replace(account, password_hash=None)
        return self._remember(key, Caller(account=account, tenant=of, permissions=permissions, expires_at=None))

    async def sign_out(self, caller: Caller) -> None:
        """Ends the caller's session."""
        if caller.session_hash:
            self._forget(("session", caller.tenant_id, caller.session_hash))
            await self._store.end_session(caller.tenant_id, caller.session_hash)

    def forget_account(self, tenant: TenantId, account: AccountId) -> None:
        """Looks the account up anew at its next request, in this process; others do within REMEMBER_S."""
        self._remembered = {
            key: (until, caller)
            for key, (until, caller) in self._remembered.items()
            if (caller.tenant_id, caller.account.id) != (tenant, account)
        }

    def forget_tokens(self, tenant: TenantId) -> None:
        """Looks every token of the tenant up anew, in this process; others do within REMEMBER_S."""
        self._remembered = {
            key: (until, caller)
            for key, (until, caller) in self._remembered.items()
            if caller.tenant_id != tenant or caller.session_hash
        }

    def _recall(self, key: _Key) -> Caller | None:
        until_and_caller = self._remembered.get(key)
        if until_and_caller is None or until_and_caller[0] < self._monotonic():
            return None
        return until_and_caller[1]

    def _remember(self, key: _Key, caller: Caller) -> Caller:
        if len(self._remembered) >= REMEMBERED_MAX:
            self._remembered.clear()
        self._remembered[key] = (self._monotonic() + REMEMBER_S, caller)
        return caller

    def _forget(self, key: _Key) -> None:
        self._remembered.pop(key, None)


def normal_login(typed: str) -> str:
    """A log-in as it is stored and looked for, whatever keyboard typed it."""
    return unicodedata.normalize("NFKC", typed).strip().lower()


def new_secret(tenant: TenantId) -> tuple[str, bytes]:
    """A new secret text and the hash to store."""
    secret = base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()
    return f"{tenant}.{secret}", hash_of(secret)


def split_secret(text: str | None) -> tuple[TenantId, bytes] | None:
    """Tenant and hash of a secret text; None: it is not one."""
    match = _TEXT.fullmatch(text) if text else None
    return (TenantId(match["tenant"]), hash_of(match["secret"])) if match else None


def hash_of(secret: str) -> bytes:
    """What is stored of a secret. A plain hash will do: 256 random bits cannot be guessed."""
    return hashlib.sha256(secret.encode()).digest()
