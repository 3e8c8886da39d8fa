"""One web process on the test's own database, or as many as a test makes."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from plant_web import PlantWeb
from plant_web import plant_web as plant_on
from web_processes import Web, web_processes

from anhuan.bootstrap import web_app
from anhuan.testing.databases import Database
from anhuan.testing.plants import TestHouse


@pytest.fixture
async def new_web(database: Database) -> AsyncIterator[Callable[..., Awaitable[Web]]]:
    """Makes web processes on the test's database."""
    async with web_processes(database) as make:
        yield make


@pytest.fixture
async def web(new_web: Callable[..., Awaitable[Web]]) -> Web:
    """One web process with one tenant and no account."""
    return await new_web()


@pytest.fixture
async def plant(database: Database) -> AsyncIterator[PlantWeb]:
    """One web process over the whole house with the demo plant."""
    async with plant_on(database) as web:
        yield web


@pytest.fixture
async def plant_web(house: TestHouse) -> AsyncIterator[PlantWeb]:
    """One web process over the same house that the test itself looks into."""
    web = PlantWeb(web_app(house.house), house)
    yield web
    for browser in web.browsers.values():
        await browser.aclose()
