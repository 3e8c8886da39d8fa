"""Puts the house together: the one place that knows which store, connector and key folder the use cases work with."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import uuid_utils

from anhuan.app.accounts import Accounts
from anhuan.app.handle import CaseHandler
from anhuan.app.identity import Identity
from anhuan.app.passwords import Passwords
from anhuan.app.rounds import Rounds
from anhuan.app.setup import PlantEditor
from anhuan.app.snapshot import Snapshots
from anhuan.app.sweep import Sweep
from anhuan.ports.clock import Clock
from anhuan.storage.cases import PostgresCases
from anhuan.storage.due import PostgresDue
from anhuan.storage.group import GroupWriter
from anhuan.storage.identity import StoredIdentity
from anhuan.storage.objects import FileObjects
from anhuan.storage.plants import PostgresPlants
from anhuan.storage.pool import Pool
from anhuan.storage.roles import APP, WORKER
from anhuan.storage.secrets import SecretFiles


def system_clock() -> datetime:
    """Now, by this machine's clock."""
    return datetime.now(UTC)


def new_id() -> str:
    """A new UUIDv7."""
    return str(uuid_utils.uuid7())


@dataclass(frozen=True, kw_only=True)
class House:
    """Everything that a process works with, connected."""

    app_pool: Pool
    worker_pool: Pool
    clock: Clock
    secrets: SecretFiles
    cases: PostgresCases
    plants: PostgresPlants
    due: PostgresDue
    snapshots: Snapshots
    handler: CaseHandler
    editor: PlantEditor
    sweep: Sweep
    rounds: Rounds
    identity_store: StoredIdentity
    identity: Identity
    accounts: Accounts
    objects: FileObjects


@asynccontextmanager
async def open_house(
    dsn: Callable[[str], str],
    *,
    data: Path,
    secrets: Path | None = None,
    clock: Clock = system_clock,
    pool_size: int = 8,
) -> AsyncIterator[House]:
    """The house on a migrated database.

    `dsn` says how to connect as a role, `data` holds files, `secrets` (default: `data`/secrets) holds the keys.
    """
    async with AsyncExitStack() as stack:
        app_pool = await stack.enter_async_context(await Pool.open(dsn(APP), role=APP, size_max=pool_size))
        worker_pool = await stack.enter_async_context(await Pool.open(dsn(WORKER), role=WORKER, size_max=4))
        writer = await stack.enter_async_context(GroupWriter(app_pool))
        secret_files = SecretFiles(secrets or data / "secrets")
        cases = PostgresCases(app_pool, writer, new_id)
        plants = PostgresPlants(app_pool)
        snapshots = Snapshots(plants, clock)
        handler = CaseHandler(cases, snapshots, secret_files, clock, new_id)
        due = PostgresDue(worker_pool, app_pool)
        identity_store = StoredIdentity(app_pool)
        passwords = Passwords()
        identity = Identity(identity_store, passwords, clock)
        yield House(
            app_pool=app_pool,
            worker_pool=worker_pool,
            clock=clock,
            secrets=secret_files,
            cases=cases,
            plants=plants,
            due=due,
            snapshots=snapshots,
            handler=handler,
            editor=PlantEditor(plants, snapshots, clock),
            sweep=Sweep(due, handler, snapshots, clock),
            rounds=Rounds(due, handler, snapshots, clock),
            identity_store=identity_store,
            identity=identity,
            accounts=Accounts(identity_store, passwords, identity, clock, new_id),
            objects=FileObjects(data / "objects"),
        )
