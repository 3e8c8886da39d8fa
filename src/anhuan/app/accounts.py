"""Accounts and tokens: who may sign in, made and changed by administrators and by oneself."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from anhuan.app.identity import Caller, Identity, new_secret, normal_login
from anhuan.app.passwords import Passwords, fault_of
from anhuan.app.permission import ROLES, Permission, Role
from anhuan.core.account.changes import Change, changes, creation
from anhuan.core.account.events import INSTALLATION, AccountEvent, Actor, TokenCreated, TokenRevoked
from anhuan.core.account.state import AccountState
from anhuan.core.case.outcome import Reason
from anhuan.domain.ids import AccountId, PersonId, TenantId
from anhuan.ports.identity import (
    Account,
    ApiToken,
    IdentityStore,
    Language,
    LoginTaken,
    SlugTaken,
    Tenant,
)

_LOGIN = re.compile(r"[^@\s/]{1,64}")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class AccountRefused(Exception):
    """Nothing was changed; carries the reasons."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__(", ".join(reason.code for reason in reasons))
        self.reasons = reasons


class NewAccount(Struct, frozen=True, kw_only=True):
    """An account to be made. Without a password nobody signs in with one (machines, external log-ins)."""

    login: str
    roles: tuple[str, ...]
    password: str | None = None
    person: PersonId | None = None
    language: Language | None = None
    is_demo: bool = False


class AccountChange(Struct, frozen=True, kw_only=True):
    """What is to be changed of an account; what is UNSET stays."""

    roles: tuple[str, ...] | UnsetType = UNSET
    password: str | UnsetType = UNSET
    person: PersonId | UnsetType | None = UNSET
    language: Language | UnsetType | None = UNSET
    disabled: bool | UnsetType = UNSET


class Accounts:
    """Makes and changes tenants, accounts and tokens."""

    def __init__(
        self,
        store: IdentityStore,
        passwords: Passwords,
        identity: Identity,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._passwords = passwords
        self._identity = identity
        self._clock = clock
        self._new_id = new_id

    async def create_tenant(self, *, slug: str, name: str, language: Language, time_zone: str) -> Tenant:
        """A new, empty tenant. Raises AccountRefused."""
        if not _SLUG.fullmatch(slug):
            raise AccountRefused(Reason("slug_malformed", "/slug", {"value": slug}))
        tenant = Tenant(TenantId(self._new_id()), slug, name, language, time_zone, self._clock())
        try:
            await self._store.add_tenant(tenant)
        except SlugTaken:
            raise AccountRefused(Reason("slug_taken", "/slug", {"value": slug})) from None
        return tenant

    async def create(self, tenant: TenantId, new: NewAccount, *, by: Actor = INSTALLATION) -> Account:
        """A new account. Raises AccountRefused."""
        login = normal_login(new.login)
        reasons = [*_faults_of_roles(new.roles), *_faults_of_password(new.password, login)]
        if not _LOGIN.fullmatch(login):
            reasons.append(Reason("login_malformed", "/login", {"value": new.login}))
        if reasons:
            raise AccountRefused(*reasons)
        account = Account(
            tenant=tenant,
            id=AccountId(self._new_id()),
            login=login,
            password_hash=await self._passwords.hash(new.password) if new.password is not None else None,
            person=new.person,
            roles=tuple(dict.fromkeys(new.roles)),
            language=new.language,
            is_demo=new.is_demo,
            created_at=self._clock(),
        )
        try:
            await self._store.add_account(account, creation(state_of(account), by))
        except LoginTaken:
            raise AccountRefused(Reason("login_taken", "/login", {"value": login})) from None
        return account

    async def listed(self, tenant: TenantId, *, after: str, limit: int) -> list[Account]:
        """Accounts by log-in, those after `after`."""
        return await self._store.accounts(tenant, after, limit)

    async def change(
        self, tenant: TenantId, id: AccountId, change: AccountChange, *, by: Actor = INSTALLATION
    ) -> Account | None:
        """Changes an account; None: there is none. Its sessions end where its rights or its password changed.

        Raises AccountRefused: the last administrator cannot be taken away.
        """
        account = await self._store.account(tenant, id)
        if account is None:
            return None
        reasons: list[Reason] = []
        if not isinstance(change.roles, UnsetType):
            reasons += _faults_of_roles(change.roles)
        if not isinstance(change.password, UnsetType):
            reasons += _faults_of_password(change.password, account.login)
        if reasons:
            raise AccountRefused(*reasons)
        return await self._store_change(tenant, id, change, by, keeps=None)

    async def change_own(
        self, caller: Caller, *, password: str | None, current_password: str | None, language: Language | None
    ) -> None:
        """Changes one's own password (with the one until now) or language; other sessions end with the old password.

        Raises AccountRefused, passwords.Busy.
        """
        changed = AccountChange(language=language or UNSET, password=password or UNSET)
        if password is not None:
            account = await self._store.account(caller.tenant_id, caller.account.id)
            async with self._passwords.turn() as turn:
                fits = await turn.verify(account.password_hash if account else None, current_password or "")
            if not fits:
                raise AccountRefused(Reason("current_password_wrong", "/current_password"))
            reasons = _faults_of_password(password, caller.account.login)
            if reasons:
                raise AccountRefused(*reasons)
        await self._store_change(caller.tenant_id, caller.account.id, changed, caller.actor, keeps=caller.session_hash)

    async def _store_change(
        self, tenant: TenantId, id: AccountId, change: AccountChange, by: Actor, *, keeps: bytes | None
    ) -> Account | None:
        new_hash = None if isinstance(change.password, UnsetType) else await self._passwords.hash(change.password)
        ends = new_hash is not None or change.roles is not UNSET or change.disabled is True
        said = Change(at=self._clock(), actor=by, new_password=new_hash is not None, ends_sessions=ends)

        def apply(account: Account, other_administrators: int) -> tuple[Account, tuple[AccountEvent, ...]]:
            changed = replace(
                account,
                password_hash=new_hash or account.password_hash,
                is_demo=account.is_demo and new_hash is None,
                failed_logins=0 if new_hash else account.failed_logins,
                locked_until=None if new_hash else account.locked_until,
                roles=account.roles if isinstance(change.roles, UnsetType) else tuple(dict.fromkeys(change.roles)),
                person=account.person if isinstance(change.person, UnsetType) else change.person,
                language=account.language if isinstance(change.language, UnsetType) else change.language,
                disabled_at=_disabled_at(account, change, said.at),
            )
            if _is_administrator(account) and not _is_administrator(changed) and not other_administrators:
                raise AccountRefused(Reason("last_administrator", "/roles"))
            return changed, changes(state_of(account), state_of(changed), said)

        stored = await self._store.change_account(tenant, id, apply, keeps_session=keeps, ends_sessions=ends)
        self._identity.forget_account(tenant, id)
        return stored

    async def tokens(self, caller: Caller) -> list[ApiToken]:
        """One's own live tokens; an administrator's list has everybody's."""
        everybodys = Permission.ACCOUNTS_MANAGE in caller.permissions
        return await self._store.tokens(caller.tenant_id, None if everybodys else caller.account.id)

    async def create_token(
        self, caller: Caller, *, name: str, account: AccountId | None, expires_at: datetime | None
    ) -> tuple[ApiToken, str]:
        """A token and its secret text, which is nowhere else. Raises AccountRefused.

        An administrator may make one for a machine's account; nobody may make one for another person's.
        """
        owner = caller.account
        if account is not None and account != owner.id:
            machine = await self._store.account(caller.tenant_id, account)
            if Permission.ACCOUNTS_MANAGE not in caller.permissions or not machine or machine.roles != (Role.MACHINE,):
                raise AccountRefused(Reason("token_not_for_account", "/account"))
            owner = machine
        at = self._clock()
        if expires_at is not None and expires_at <= at:
            raise AccountRefused(Reason("time_is_past", "/expires_at"))
        text, token_hash = new_secret(caller.tenant_id)
        token = ApiToken(
            id=self._new_id(),
            token_hash=token_hash,
            account=owner.id,
            name=name,
            created_at=at,
            created_by=caller.account.id,
            expires_at=expires_at,
        )
        event = TokenCreated(
            at=at,
            by=caller.account.person,
            by_account=caller.account.id,
            token=token.id,
            name=name,
            roles=owner.roles,
            expires_at=expires_at,
        )
        await self._store.add_token(caller.tenant_id, token, event)
        return token, text

    async def revoke_token(self, caller: Caller, id: str) -> bool:
        """Whether there was such a token to revoke."""
        everybodys = Permission.ACCOUNTS_MANAGE in caller.permissions
        owner = None if everybodys else caller.account.id
        at = self._clock()
        event = TokenRevoked(at=at, by=caller.account.person, by_account=caller.account.id, token=id)
        revoked = await self._store.end_token(caller.tenant_id, id, owner, at, event)
        self._identity.forget_tokens(caller.tenant_id)
        return revoked


def state_of(account: Account) -> AccountState:
    """The account as its events tell of it, without its tokens."""
    return AccountState(
        id=account.id,
        login=account.login,
        roles=account.roles,
        person=account.person,
        language=account.language,
        is_demo=account.is_demo,
        has_password=account.password_hash is not None,
        disabled_at=account.disabled_at,
        locked_until=account.locked_until,
        created_at=account.created_at,
    )


def _is_administrator(account: Account) -> bool:
    return Role.ADMINISTRATOR in account.roles and account.disabled_at is None


def _disabled_at(account: Account, change: AccountChange, at: datetime) -> datetime | None:
    if isinstance(change.disabled, UnsetType):
        return account.disabled_at
    return (account.disabled_at or at) if change.disabled else None


def _faults_of_roles(roles: Iterable[str]) -> list[Reason]:
    named = list(roles)
    unknown = [role for role in named if role not in ROLES]
    if unknown or not named:
        return [Reason("role_unknown", "/roles", {"value": unknown, "values": [str(role) for role in ROLES]})]
    return []


def _faults_of_password(password: str | None, login: str) -> list[Reason]:
    fault = fault_of(password, login) if password is not None else None
    return [Reason(fault[0], "/password", fault[1])] if fault else []
