"""What all tests share: one embedded PostgreSQL, and a database of its own for each test that asks."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from anhuan.storage.embedded import Running
from anhuan.testing.databases import Database, fresh_database, start_careless
from anhuan.testing.plants import TestHouse, demo_house

DATA = pytest.StashKey[Path]()
SERVER = pytest.StashKey[Running]()


def pytest_configure(config: pytest.Config) -> None:
    """Chooses the run's data folder; under xdist the controller does it for all workers."""
    given = getattr(config, "workerinput", {}).get("anhuan_data")
    config.stash[DATA] = Path(given or tempfile.mkdtemp(prefix="anhuan-tests-"))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:  # type: ignore[no-untyped-def]
    """Before a worker starts: the controller, which outlives every worker, runs the server."""
    if SERVER not in node.config.stash:
        node.config.stash[SERVER] = start_careless(node.config.stash[DATA])
    node.workerinput["anhuan_data"] = str(node.config.stash[DATA])


def pytest_unconfigure(config: pytest.Config) -> None:
    server = config.stash.get(SERVER, None)
    if server:
        server.stop()
    if not hasattr(config, "workerinput"):
        shutil.rmtree(config.stash[DATA], ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Running:
    """The run's server, started when the first test asks; it keeps nothing and survives no power cut."""
    if SERVER not in pytestconfig.stash:
        pytestconfig.stash[SERVER] = start_careless(pytestconfig.stash[DATA])
    return pytestconfig.stash[SERVER]


@pytest.fixture
def database(postgres: Running) -> Iterator[Database]:
    """A migrated, empty database that no other test sees."""
    with fresh_database(postgres) as database:
        yield database


@pytest.fixture
async def house(database: Database) -> AsyncIterator[TestHouse]:
    """A house on a fresh database, with the demo plant and every shipped pack, and a clock that can be moved."""
    async with demo_house(database) as house:
        yield house
