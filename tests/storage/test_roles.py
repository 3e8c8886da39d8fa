"""A database of somebody else's: made ready by whoever may, and refused with what to do by whoever may not."""

import asyncio

import psycopg
import pytest

from anhuan.bootstrap import open_house
from anhuan.cli.database import database
from anhuan.settings import Settings
from anhuan.storage.embedded import SUPERUSER, Running
from anhuan.storage.roles import APP, OWNER, RolesMissing, become, prepare


def _foreign(postgres: Running, name: str, role: str = SUPERUSER) -> str:
    """An empty database that Anhuan did not make, owned by somebody else."""
    with psycopg.connect(postgres.dsn(SUPERUSER, SUPERUSER), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} OWNER {SUPERUSER}".encode())
    return postgres.dsn(role, name)


def test_an_empty_database_is_made_ready_and_served(postgres: Running, tmp_path) -> None:  # type: ignore[no-untyped-def]
    url = _foreign(postgres, "foreign_one")

    async def look() -> str:
        with database(Settings(database_url=url, data=tmp_path)) as dsn:
            async with open_house(dsn, data=tmp_path) as house:
                created = await house.accounts.create_tenant(
                    slug="works", name="Works", language="zh", time_zone="Asia/Shanghai"
                )
                return created.slug

    assert asyncio.run(look()) == "works"
    with psycopg.connect(url) as connection:
        owners = connection.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert owners == [(OWNER,)]


def test_twice_is_no_harm(postgres: Running) -> None:
    url = _foreign(postgres, "foreign_two")
    prepare(url)
    prepare(url)
    with psycopg.connect(become(url, APP)) as connection:
        assert connection.execute("SELECT current_user").fetchone() == (APP,)


def test_whoever_may_not_is_told_what_an_administrator_must_do(postgres: Running) -> None:
    url = _foreign(postgres, "foreign_three", APP)
    with pytest.raises(RolesMissing, match=r"CREATE ROLE anhuan_owner"):
        prepare(url)
