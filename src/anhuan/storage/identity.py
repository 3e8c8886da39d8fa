"""Tenants, accounts, sessions and tokens in PostgreSQL (`sql/identity.sql`): the `IdentityStore` of the ports."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from msgspec import structs
from psycopg.errors import UniqueViolation

from anhuan.core.account.events import AccountCreated, AccountEvent, AccountUnlocked, TokenCreated
from anhuan.domain.ids import AccountId, TenantId
from anhuan.ports.identity import (
    Account,
    ApiToken,
    Attempt,
    LoginTaken,
    Session,
    SessionTimes,
    SlugTaken,
    Tenant,
)
from anhuan.ports.tenant_events import account_stream
from anhuan.storage.named_sql import load
from anhuan.storage.plants import add_event
from anhuan.storage.pool import Connection, Pool

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
        self,
        tenant: TenantId,
        account: AccountId,
        judge: Callable[[Account], tuple[Attempt, Sequence[AccountEvent]] | None],
    ) -> tuple[Account, Attempt | None] | None:
        key = {"tenant": tenant, "id": account}
        async with self._pool.tenant_connection(tenant) as connection:
            row = await (await connection.execute(_sql["account_for_attempt"], key)).fetchone()
            if row is None:
                return None
            found = _account(row)
            judged = judge(found)
            if judged is None:
                return found, None
            attempt, events = judged
            await connection.execute(_sql["store_attempt"], {**key, **structs.asdict(attempt)})
            await _add(connection, tenant, account, *events)
        return found, attempt

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
        async with self._pool.tenant_connection(tenant) as connection, connection.pipeline():
            cleared = {"tenant": tenant, "id": account, "password_hash": password_hash}
            row = await (await connection.execute(_sql["clear_attempts"], cleared)).fetchone()
            if row is not None and row[0] is not None:
                await _add(connection, tenant, account, if_locked)
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

    async def add_token(self, tenant: TenantId, token: ApiToken, event: TokenCreated) -> None:
        async with self._pool.tenant_connection(tenant) as connection:
            await connection.execute(_sql["account_for_attempt"], {"tenant": tenant, "id": token.account})
            await connection.execute(_sql["add_token"], {"tenant": tenant, **structs.asdict(token)})
            await _add(connection, tenant, token.account, event)

    async def end_token(
        self, tenant: TenantId, id: str, account: AccountId | None, at: datetime, event: AccountEvent
    ) -> bool:
        params = {"tenant": tenant, "id": id, "account": account, "at": at}
        async with self._pool.tenant_connection(tenant) as connection:
            held = await (await connection.execute(_sql["hold_owner_of_token"], params)).fetchone()
            ended = held and (await connection.execute(_sql["end_token"], params)).rowcount
            if not held or not ended:
                return False
            await _add(connection, tenant, held[0], event)
        return True

    async def expired_tokens(self, tenant: TenantId, at: datetime, limit: int) -> list[str]:
        params = {"tenant": tenant, "at": at, "limit": limit}
        return [id for (id,) in await self._pool.one_trip(tenant, _sql["expired_tokens"], params)]

    async def end_expired_sessions(self, tenant: TenantId, at: datetime, born_until: datetime) -> int:
        params = {"tenant": tenant, "at": at, "born_until": born_until}
        return len(await self._pool.one_trip(tenant, _sql["end_expired_sessions"], params))

    async def accounts(self, tenant: TenantId, after: str, limit: int) -> list[Account]:
        params = {"tenant": tenant, "after": after, "limit": limit}
        return [_account(row) for row in await self._pool.one_trip(tenant, _sql["accounts"], params)]

    async def account(self, tenant: TenantId, id: AccountId) -> Account | None:
        rows = await self._pool.one_trip(tenant, _sql["account"], {"tenant": tenant, "id": id})
        return _account(rows[0]) if rows else None

    async def add_account(self, account: Account, event: AccountCreated) -> None:
        try:
            async with self._pool.tenant_connection(account.tenant) as connection:
                await connection.execute(_sql["add_account"], _account_params(account))
                await _add(connection, account.tenant, account.id, event)
        except UniqueViolation:
            raise LoginTaken(account.login) from None

    async def change_account(
        self,
        tenant: TenantId,
        id: AccountId,
        change: Callable[[Account, int], tuple[Account, Sequence[AccountEvent]]],
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
            changed, events = change(_account(row), sum(other != id for (other,) in held))
            await connection.execute(_sql["change_account"], _account_params(changed))
            await _add(connection, tenant, id, *events)
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


async def _add(connection: Connection, tenant: TenantId, account: AccountId, *events: AccountEvent) -> None:
    """Adds events to the account's stream. The account's row is held, so that nobody else is adding to it."""
    for event in events:
        await add_event(connection, tenant, account_stream(account), event, event.at, event.by)


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
