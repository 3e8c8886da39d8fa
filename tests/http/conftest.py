"""One web process on the test's own database, or as many as a test makes."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from plant_web import PlantWeb, plant_web
from web_processes import Web, web_processes

from anhuan.testing.databases import Database


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
    async with plant_web(database) as web:
        yield web
