"""The demo plant on a database of its own, for tests and benchmarks."""

import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import psycopg

from anhuan import resources
from anhuan.bootstrap import House, open_house
from anhuan.connectors.pack_files import read_pack, shipped_packs
from anhuan.connectors.plant_files import read_folder
from anhuan.core.policy import Kind
from anhuan.domain.ids import PersonId, TenantId
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import PlantItem
from anhuan.packs.compile import Pack, compile_pack
from anhuan.testing.clock import MovableClock
from anhuan.testing.databases import Database

A_TUESDAY_MORNING = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
"""10:00 in the demo plant, day shift."""

GOOD_REPORT: dict[str, object] = {
    "description": "压力机控制柜接地线断开，有触电风险",
    "category": "electrical",
    "area": "area-press",
    "equipment": "eq-P-1601",
    "risk": {"method": "lec", "factors": {"l": 6, "e": 6, "c": 15}},
}
REPORTER = PersonId("p-001")


@cache
def demo_items() -> tuple[PlantItem, ...]:
    """Every item of the demo plant."""
    examples = resources.path("examples")
    read = read_folder(examples / "plant", examples / "calendars" / "cn.yaml")
    assert not read.problems, read.problems[0]
    return read.items


@cache
def demo_plant() -> Plant:
    """The demo plant, for tests on the pure core."""
    return Plant(demo_items(), 1)


@cache
def shipped_pack(name: str) -> Pack:
    """A shipped pack, compiled."""
    return compile_pack(read_pack(resources.path("packs") / name))


def shipped_kind(pack: str, kind: str) -> Kind:
    """A kind of a shipped pack."""
    return shipped_pack(pack).kinds[kind]


@dataclass(frozen=True)
class TestHouse:
    """The house with the demo plant in it, a clock that can be moved, and a look past row-level security."""

    __test__ = False

    house: House
    tenant: TenantId
    time: MovableClock
    database: Database
    reporter: PersonId = REPORTER

    async def superuser(self, query: str, params: Iterable[object] = ()) -> list[tuple[Any, ...]]:
        """Rows of a query that sees every tenant, for assertions."""
        async with await psycopg.AsyncConnection.connect(self.database.superuser) as connection:
            cursor = await connection.execute(query.encode(), tuple(params))
            return await cursor.fetchall()

    async def superuser_does(self, statement: str, *params: object) -> None:
        """A change that no role of Anhuan's may make: for tests of what is noticed."""
        async with await psycopg.AsyncConnection.connect(self.database.superuser, autocommit=True) as connection:
            await connection.execute(statement.encode(), params)

    async def another_tenant(self, slug: str = "other") -> TenantId:
        """A second enterprise with the same demo plant."""
        return await settle(self.house, slug)

    async def run_effects(self) -> None:
        """Let the worker do all that decisions want done outside."""
        while await self.house.sweep.effects():
            pass

    async def run_timers(self) -> None:
        """Let the worker look at everything that is due."""
        while await self.house.sweep.timers():
            pass


@asynccontextmanager
async def demo_house(database: Database) -> AsyncIterator[TestHouse]:
    """A house on a fresh database, with the demo plant and every shipped pack."""
    clock = MovableClock(A_TUESDAY_MORNING)
    with tempfile.TemporaryDirectory(prefix="anhuan-house-") as folder:
        async with open_house(database.of_role, data=Path(folder), clock=clock, pool_size=4) as house:
            tenant = await settle(house, "demo")
            yield TestHouse(house, tenant, clock, database)


async def settle(house: House, slug: str) -> TenantId:
    """A tenant with keys, the shipped packs and the demo plant."""
    created = await house.accounts.create_tenant(slug=slug, name=slug, language="zh", time_zone="Asia/Shanghai")
    house.secrets.add_signer(created.id)
    draw_key = house.secrets.add_draw_key(created.id, house.clock())
    await house.plants.commit_draw_key(created.id, draw_key, house.clock())
    for folder in shipped_packs(resources.path("packs")):
        await house.editor.publish(created.id, None, read_pack(folder))
    await house.editor.edit(created.id, None, put=demo_items())
    return created.id
