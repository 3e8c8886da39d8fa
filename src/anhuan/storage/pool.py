"""Connections for the servers: asynchronous, pooled, as a role that owns nothing, and always inside one tenant.

    pool = await Pool.open(dsn)
    async with pool.tenant_connection(tenant) as connection:       # a transaction; commits at the end
        await connection.execute(statements["close_duty"], {...})

Row-level security is only as good as the role: a superuser, or a role that may bypass it, sees every tenant, forced or
not. So the pool refuses to open as one.
"""

import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self

import orjson
from psycopg import AsyncConnection, OperationalError
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import TupleRow
from psycopg.types.json import set_json_dumps, set_json_loads
from psycopg_pool import AsyncConnectionPool

from anhuan.domain.ids import TenantId
from anhuan.ports.faults import StoreAway

log = logging.getLogger(__name__)

Connection = AsyncConnection[TupleRow]
Params = Mapping[str, object] | Sequence[object]

CONNECT_WITHIN_S = 10
WAIT_FOR_CONNECTION_S = 10.0
"""How long a request waits for a free connection before it is told to come back."""
SESSION_SETTINGS = {
    "timezone": "UTC",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
    "lock_timeout": "10s",
    "jit": "off",  # no statement here runs long enough to be worth compiling
}

_SET_TENANT = b"SELECT set_config('anhuan.tenant', %s, true)"
_WHO_AM_I = b"""
SELECT current_user, me.rolsuper OR me.rolbypassrls, session_user, login.rolsuper OR login.rolbypassrls
FROM pg_roles me, pg_roles login
WHERE me.rolname = current_user AND login.rolname = session_user
"""


class RoleTooStrong(Exception):
    """The database role could see every tenant; the message says how to mend it."""


class Pool:
    """An open pool. Make one with `Pool.open`, one per process and role."""

    def __init__(self, connections: AsyncConnectionPool[Connection]) -> None:
        self._connections = connections

    @classmethod
    async def open(cls, dsn: str, *, role: str = "anhuan_app", size_min: int = 1, size_max: int = 8) -> Self:
        """Connects and becomes `role` (which the connecting role must be, or be a member of).

        Raises RoleTooStrong when that role is a superuser or may bypass row-level security, StoreAway with the
        server's or the network's own words when it cannot connect.
        """
        given = str(conninfo_to_dict(dsn).get("options") or "")
        settings = {"role": role, **SESSION_SETTINGS}
        options = " ".join([given, *(f"-c {name}={value}" for name, value in settings.items())]).strip()
        keywords: dict[str, Any] = {"autocommit": True, "options": options, "application_name": f"anhuan {role}"}
        try:
            async with await AsyncConnection.connect(dsn, connect_timeout=CONNECT_WITHIN_S, **keywords) as first:
                await refuse_strong_role(first)
        except OperationalError as fault:
            raise StoreAway(str(fault)) from fault
        connections: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            dsn,
            kwargs=keywords,
            min_size=size_min,
            max_size=size_max,
            timeout=WAIT_FOR_CONNECTION_S,
            configure=_configure,
            name=role,
            open=False,
        )
        await connections.open()
        return cls(connections)

    async def close(self) -> None:
        """Closes every connection; waits for those in use."""
        await self._connections.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @asynccontextmanager
    async def tenant_connection(self, tenant: TenantId) -> AsyncIterator[Connection]:
        """A transaction that sees one tenant: committed at the end, rolled back when the block raises.

        Two round trips beside those of its statements: opening, with the setting in the same trip, and committing.
        """
        async with self.bare_connection() as connection:
            async with connection.pipeline():
                await connection.execute(b"BEGIN", prepare=False)
                await connection.execute(_SET_TENANT, (tenant,))
            try:
                yield connection
            except BaseException:
                if not connection.closed:
                    await connection.rollback()
                raise
            await connection.commit()

    async def one_trip(self, tenant: TenantId, statement: bytes, params: Params) -> list[TupleRow]:
        """One statement in a transaction of its own under the tenant's setting, in a single round trip; its rows.

        There is no BEGIN: what a pipeline sends up to its end is one transaction to the server, and `transaction()`
        would wait for the answer to each of its commands.
        """
        async with self.bare_connection() as connection:
            async with connection.pipeline():
                await connection.execute(_SET_TENANT, (tenant,))
                cursor = await connection.execute(statement, params)
            return await cursor.fetchall() if cursor.description else []

    @asynccontextmanager
    async def bare_connection(self) -> AsyncIterator[Connection]:
        """A connection outside any tenant and transaction, which sees no tenant's rows: for the owner's functions.

        That the database is away is said as the ports' own StoreAway.
        """
        try:
            async with self._connections.connection() as connection:
                yield connection
        except OperationalError as fault:
            if not is_away(fault):
                raise
            raise StoreAway(str(fault)) from fault

    def statistics(self) -> dict[str, int]:
        """The pool's own counters, as psycopg_pool names them."""
        return self._connections.get_stats()


def is_away(fault: OperationalError) -> bool:
    """Whether the database cannot be reached or is going down, as against a fault of one statement."""
    return (
        fault.sqlstate is None or fault.sqlstate[:2] == "08" or fault.sqlstate in {"57P01", "57P02", "57P03", "53300"}
    )


async def refuse_strong_role(connection: AsyncConnection[Any]) -> None:
    """Raises RoleTooStrong when row-level security would not bind the connection's role."""
    row = await (await connection.execute(_WHO_AM_I)).fetchone()
    if row is None:
        raise RoleTooStrong("The database does not say which role this is; connect as anhuan_app or a member of it.")
    role, strong, login, login_strong = row
    if strong:
        raise RoleTooStrong(
            f"The database role {role} may look past row-level security (a superuser or BYPASSRLS), so tenants would "
            f"see each other. Let DATABASE_URL connect as a plain role that is a member of anhuan_app, anhuan_worker "
            f"and anhuan_owner."
        )
    if login_strong:
        log.warning(
            "DATABASE_URL connects as %s, a superuser; Anhuan works as %s, but give it a plain role of its own.",
            login,
            role,
        )


async def _configure(connection: Connection) -> None:
    set_json_dumps(orjson.dumps, connection)
    set_json_loads(orjson.loads, connection)
