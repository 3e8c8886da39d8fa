"""Tenants, accounts, sessions and tokens in PostgreSQL (`sql/identity.sql`): the `IdentityStore` of the ports."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from msgspec import structs
from psycopg.errors import UniqueViolation

from anhuan.domain.ids import TenantId
from anhuan.ports.identity import (
    Account,
    AccountId,
    ApiToken,
    Attempt,
    LoginTaken,
    Session,
    SessionTimes,
    SlugTaken,
    Tenant,
)
from anhuan.storage.named_sql import load
from anhuan.storage.pool import Pool

_sql = load("identity")
_ACCOUNT_COLUMNS = 12
_SESSION_COLUMNS = 6


class StoredIdentity:
    """The identity tables behind a pool of the app's role."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def find_login(self, typed: str) -> list[tuple[TenantId, AccountId]]:
        async with self._pool.bare_connection() as connection:
            rows = await (await connection.execute(_sql["find_login"], {"typed": typed})).fetchall()
        return [(TenantId(tenant), AccountId(account)) for tenant, account in rows]

    async def begin_attempt(
        self, tenant: TenantId, account: AccountId, judge: Callable[[Account], Attempt | None]
    ) -> tuple[Account, Attempt | None] | None:
        key = {"tenant": tenant, "id": account}
        async with self._pool.tenant_connection(tenant) as connection:
            row = await (await connection.execute(_sql["account_for_attempt"], key)).fetchone()
            if row is None:
                return None
            found = _account(row)
            attempt = judge(found)
            if attempt is not None:
                await connection.execute(_sql["store_attempt"], {**key, **structs.asdict(attempt)})
        return found, attempt

    async def open_session(
        self, tenant: TenantId, account: AccountId, session: Session, replaced: bytes | None, password_hash: str | None
    ) -> None:
        async with self._pool.tenant_connection(tenant) as connection, connection.pipeline():
            await connection.execute(
                _sql["clear_attempts"], {"tenant": tenant, "id": account, "password_hash": password_hash}
            )
            await connection.execute(
                _sql["end_stale_sessions"],
                {"tenant": tenant, "account": account, "replaced": replaced, "at": session.created_at},
            )
            await connection.execute(
                _sql["open_session"], {"tenant": tenant, "account": account, **structs.asdict(session)}
            )

    async def session(
        self, tenant: TenantId, token_hash: bytes, times: SessionTimes
    ) -> tuple[Account, Session, Tenant] | None:
        params = {"tenant": tenant, "token_hash": token_hash, **structs.asdict(times)}
        rows = await self._pool.one_trip(tenant, _sql["find_session"], params)
        if not rows:
            return None
        account, session, of = _cut(rows[0], _ACCOUNT_COLUMNS, _SESSION_COLUMNS)
        return _account(account), _session(session), _tenant(of)

    async def end_session(self, tenant: TenantId, token_hash: bytes) -> None:
        await self._pool.one_trip(tenant, _sql["end_session"], {"tenant": tenant, "token_hash": token_hash})

    async def token(
        self, tenant: TenantId, token_hash: bytes, at: datetime, used_before: datetime
    ) -> tuple[Account, Tenant] | None:
        params = {"tenant": tenant, "token_hash": token_hash, "at": at, "used_before": used_before}
        rows = await self._pool.one_trip(tenant, _sql["find_token"], params)
        if not rows:
            return None
        account, of = _cut(rows[0], _ACCOUNT_COLUMNS)
        return _account(account), _tenant(of)

    async def tokens(self, tenant: TenantId, account: AccountId | None) -> list[ApiToken]:
        rows = await self._pool.one_trip(tenant, _sql["tokens"], {"tenant": tenant, "account": account})
        return [_token(row) for row in rows]

    async def add_token(self, tenant: TenantId, token: ApiToken) -> None:
        await self._pool.one_trip(tenant, _sql["add_token"], {"tenant": tenant, **structs.asdict(token)})

    async def revoke_token(self, tenant: TenantId, id: str, account: AccountId | None, at: datetime) -> bool:
        params = {"tenant": tenant, "id": id, "account": account, "at": at}
        return bool(await self._pool.one_trip(tenant, _sql["revoke_token"], params))

    async def accounts(self, tenant: TenantId, after: str, limit: int) -> list[Account]:
        params = {"tenant": tenant, "after": after, "limit": limit}
        return [_account(row) for row in await self._pool.one_trip(tenant, _sql["accounts"], params)]

    async def account(self, tenant: TenantId, id: AccountId) -> Account | None:
        rows = await self._pool.one_trip(tenant, _sql["account"], {"tenant": tenant, "id": id})
        return _account(rows[0]) if rows else None

    async def add_account(self, account: Account) -> None:
        try:
            await self._pool.one_trip(account.tenant, _sql["add_account"], _account_params(account))
        except UniqueViolation:
            raise LoginTaken(account.login) from None

    async def change_account(
        self,
        tenant: TenantId,
        id: AccountId,
        change: Callable[[Account, int], Account],
        *,
        keeps_session: bytes | None,
        ends_sessions: bool,
    ) -> Account | None:
        key = {"tenant": tenant, "id": id}
        async with self._pool.tenant_connection(tenant) as connection:
            held = await (await connection.execute(_sql["hold_administrators"], key)).fetchall()
            row = await (await connection.execute(_sql["account_for_attempt"], key)).fetchone()
            if row is None:
                return None
            changed = change(_account(row), sum(other != id for (other,) in held))
            await connection.execute(_sql["change_account"], _account_params(changed))
            if ends_sessions:
                ended = {"tenant": tenant, "account": id, "kept": keeps_session}
                await connection.execute(_sql["end_sessions_of"], ended)
        return changed

    async def tenant(self, id: TenantId) -> Tenant | None:
        rows = await self._pool.one_trip(id, _sql["tenant"], {"tenant": id})
        return _tenant(rows[0]) if rows else None

    async def add_tenant(self, tenant: Tenant) -> None:
        try:
            await self._pool.one_trip(tenant.id, _sql["add_tenant"], {"tenant": tenant.id, **structs.asdict(tenant)})
        except UniqueViolation:
            raise SlugTaken(tenant.slug) from None


def _cut(row: Sequence[Any], *widths: int) -> list[Sequence[Any]]:
    """A row in parts of these widths and the rest."""
    parts = []
    for width in widths:
        parts.append(row[:width])
        row = row[width:]
    return [*parts, row]


def _account(row: Sequence[Any]) -> Account:
    (
        tenant,
        id,
        login,
        password_hash,
        person,
        roles,
        language,
        is_demo,
        failed,
        locked_until,
        disabled_at,
        created_at,
    ) = row
    return Account(
        tenant=tenant,
        id=id,
        login=login,
        password_hash=password_hash,
        person=person,
        roles=tuple(roles),
        language=language,
        is_demo=is_demo,
        failed_logins=failed,
        locked_until=locked_until,
        disabled_at=disabled_at,
        created_at=created_at,
    )


def _account_params(account: Account) -> dict[str, object]:
    return {**structs.asdict(account), "roles": list(account.roles)}


def _session(row: Sequence[Any]) -> Session:
    token_hash, csrf, user_agent, created_at, last_seen_at, expires_at = row
    return Session(
        token_hash=token_hash,
        csrf=csrf,
        user_agent=user_agent,
        created_at=created_at,
        last_seen_at=last_seen_at,
        expires_at=expires_at,
    )


def _token(row: Sequence[Any]) -> ApiToken:
    id, token_hash, account, name, created_at, created_by, expires_at, last_used_at, revoked_at = row
    return ApiToken(
        id=id,
        token_hash=token_hash,
        account=account,
        name=name,
        created_at=created_at,
        created_by=created_by,
        expires_at=expires_at,
        last_used_at=last_used_at,
        revoked_at=revoked_at,
    )


def _tenant(row: Sequence[Any]) -> Tenant:
    return Tenant(*row)
