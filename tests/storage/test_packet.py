"""Several statements in one packet: one transaction, one round trip, prepared once per connection."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest
from wire import tapped

from anhuan.storage.packet import Packets, Statement
from anhuan.storage.pool import Connection, Pool
from anhuan.testing.databases import Database

TENANT = b"00000000-0000-7000-8000-00000000000a"
SET_TENANT = Statement(b"t_set", b"SELECT set_config('anhuan.tenant', $1::text, true)")
ADD = Statement(
    b"t_add",
    b"INSERT INTO number_block (tenant_id, series, next) VALUES ($1::text, $2::text, 1)",
)
WAIT = Statement(b"t_wait", b"SELECT pg_sleep($1::float)")


@pytest.fixture
async def pool(database: Database) -> AsyncIterator[Pool]:
    async with await Pool.open(database.app, size_max=2) as pool:
        yield pool


async def added(connection: Connection, packets: Packets, *series: bytes) -> None:
    await packets.send(connection, [(SET_TENANT, (TENANT,)), *((ADD, (TENANT, name)) for name in series)])


async def kept(pool: Pool) -> list[str]:
    rows = await pool.one_trip(TENANT.decode(), b"SELECT series FROM number_block ORDER BY series", ())  # type: ignore[arg-type]
    return [series for (series,) in rows]


async def test_all_calls_are_one_transaction_and_leave_the_connection_as_it_was(pool: Pool) -> None:
    packets = Packets()
    async with pool.bare_connection() as connection:
        await added(connection, packets, b"a", b"b")
        with pytest.raises(psycopg.errors.UniqueViolation):
            await added(connection, packets, b"c", b"a", b"d")
        await added(connection, packets, b"e")
        row = await (await connection.execute("SELECT current_setting('anhuan.tenant', true)")).fetchone()
        assert row is not None and not row[0], "the tenant's setting ends with the packet"
    assert await kept(pool) == ["a", "b", "e"]


async def test_statements_that_were_deallocated_are_prepared_again(pool: Pool) -> None:
    packets = Packets()
    async with pool.bare_connection() as connection:
        await added(connection, packets, b"a")
        await connection.execute("DEALLOCATE ALL")
        await added(connection, packets, b"b")
    assert await kept(pool) == ["a", "b"]


async def test_a_packet_takes_one_round_trip(database: Database, tmp_path: Path) -> None:
    packets = Packets()
    async with (
        tapped(database.app, tmp_path) as wire,
        await Pool.open(wire.dsn, size_max=1) as pool,
        pool.bare_connection() as connection,
    ):
        for name in (b"a", b"b", b"c"):
            assert await wire.trips_of(added(connection, packets, name, name + b"2")) == 1


async def test_a_packet_whose_wait_is_cancelled_leaves_no_half_used_connection(pool: Pool) -> None:
    packets = Packets()
    async with pool.bare_connection() as connection:
        sending = asyncio.create_task(packets.send(connection, [(WAIT, (b"60",))]))
        await asyncio.sleep(0)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
    async with pool.bare_connection() as connection:
        await added(connection, packets, b"a")
    assert await kept(pool) == ["a"]
