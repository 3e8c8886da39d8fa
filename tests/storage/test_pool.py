"""The pool: one tenant a transaction, never a role that could see them all, and few round trips."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest
from psycopg.types.json import Jsonb
from wire import tapped

from anhuan.domain.ids import TenantId
from anhuan.ports.faults import StoreAway
from anhuan.storage.pool import Pool, RoleTooStrong
from anhuan.testing.databases import Database

A, B = TenantId("t-a"), TenantId("t-b")
ADD = b"INSERT INTO tenant (id, slug, name, language, time_zone, created_at) VALUES (%s, %s, 'A', 'zh', 'UTC', now())"


@pytest.fixture
async def pool(database: Database) -> AsyncIterator[Pool]:
    """A pool of the app's role."""
    async with await Pool.open(database.app, size_max=2) as pool:
        yield pool


async def seen(pool: Pool, tenant: TenantId) -> list[str]:
    return [id for (id,) in await pool.one_trip(tenant, b"SELECT id FROM tenant", ())]


async def test_a_transaction_sees_its_own_tenant_only(pool: Pool) -> None:
    for tenant in (A, B):
        async with pool.tenant_connection(tenant) as connection:
            await connection.execute(ADD, (tenant, tenant))
    assert await seen(pool, A) == ["t-a"]
    assert await seen(pool, B) == ["t-b"]
    async with pool.tenant_connection(A) as connection:
        assert await (await connection.execute("SELECT id FROM tenant")).fetchall() == [("t-a",)]
    async with pool.bare_connection() as connection:
        assert await (await connection.execute("SELECT id FROM tenant")).fetchall() == []


async def test_what_raises_leaves_nothing_and_the_connection_goes_on(pool: Pool) -> None:
    for _ in range(4):
        with pytest.raises(ZeroDivisionError):
            async with pool.tenant_connection(A) as connection:
                await connection.execute(ADD, (A, "a"))
                raise ZeroDivisionError
        with pytest.raises(psycopg.errors.UndefinedTable):
            async with pool.tenant_connection(A) as connection:
                await connection.execute("SELECT FROM nowhere")
        with pytest.raises(psycopg.errors.UndefinedTable):
            await pool.one_trip(A, b"SELECT FROM nowhere", ())
    assert await seen(pool, A) == []


async def test_a_block_may_have_transactions_within(pool: Pool) -> None:
    async with pool.tenant_connection(A) as connection:
        await connection.execute(ADD, (A, "a"))
        with pytest.raises(psycopg.errors.UniqueViolation):
            async with connection.transaction():
                await connection.execute(ADD, (A, "a"))
    assert await seen(pool, A) == ["t-a"]


async def test_a_statement_alone_takes_one_round_trip_and_a_transaction_two_more(
    database: Database, tmp_path: Path
) -> None:
    async with tapped(database.app, tmp_path) as wire, await Pool.open(wire.dsn, size_max=1) as pool:

        async def transaction(statements: int) -> None:
            async with pool.tenant_connection(A) as connection:
                for _ in range(statements):
                    await connection.execute(b"SELECT 1")

        for _ in range(8):  # until the statement is a prepared one
            await pool.one_trip(A, b"SELECT 1", ())
            await transaction(1)
        for _ in range(3):
            assert await wire.trips_of(pool.one_trip(A, b"SELECT 1", ())) == 1
            assert await wire.trips_of(transaction(1)) == 3
            assert await wire.trips_of(transaction(4)) == 6


async def test_sessions_speak_utc_and_json_quickly(pool: Pool) -> None:
    assert await pool.one_trip(A, b"SELECT current_setting('timezone'), current_user", ()) == [("UTC", "anhuan_app")]
    ((value,),) = await pool.one_trip(A, b"SELECT %s", (Jsonb({"a": ["字", 1]}),))
    assert value == {"a": ["字", 1]}


async def test_a_superuser_is_refused(database: Database) -> None:
    with pytest.raises(RoleTooStrong, match="postgres may look past row-level security"):
        await Pool.open(database.superuser, role="postgres")


async def test_a_role_that_may_bypass_is_refused(database: Database) -> None:
    with psycopg.connect(database.superuser, autocommit=True) as connection:
        connection.execute("CREATE ROLE passer BYPASSRLS")
        try:
            with pytest.raises(RoleTooStrong, match="passer"):
                await Pool.open(database.superuser, role="passer")
        finally:
            connection.execute("DROP ROLE passer")


async def test_whoever_connects_becomes_the_apps_role(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    async with await Pool.open(database.superuser) as pool:
        assert await pool.one_trip(A, b"SELECT current_user", ()) == [("anhuan_app",)]
        await pool.one_trip(A, ADD, (A, "a"))
        assert await seen(pool, B) == []
    assert "a superuser" in caplog.text
    assert caplog.records[0].levelno == logging.WARNING


async def test_a_role_that_one_is_no_member_of_is_not_taken(database: Database) -> None:
    with pytest.raises(StoreAway, match="permission denied to set role"):
        await Pool.open(database.app, role="anhuan_owner")


async def test_a_database_that_is_away_is_said_in_the_ports_words(pool: Pool, database: Database) -> None:
    async with pool.tenant_connection(A) as connection:
        backend = connection.info.backend_pid
    with psycopg.connect(database.superuser, autocommit=True) as other, pytest.raises(StoreAway):
        async with pool.tenant_connection(A) as connection:
            backend = connection.info.backend_pid
            other.execute("SELECT pg_terminate_backend(%s)", (backend,))
            await connection.execute("SELECT 1")
    assert await seen(pool, A) == []
