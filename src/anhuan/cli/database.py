"""Finding the database: the embedded one in the data folder, or the one that DATABASE_URL names."""

import asyncio
import ctypes
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager

from anhuan.bootstrap import House, open_house
from anhuan.connectors.webhook import HttpSender
from anhuan.ports.faults import StoreAway
from anhuan.settings import Settings
from anhuan.storage import embedded
from anhuan.storage.migrate import migrate
from anhuan.storage.roles import OWNER, become, prepare

COMES_AGAIN_WITHIN_S = 30.0
"""Where the process that ran the embedded server goes, another takes it over in a second or two."""
_PR_SET_PDEATHSIG = 1
_PR_GET_PDEATHSIG = 2

Dsn = Callable[[str], str]
"""How to connect as a role."""


@contextmanager
def database(settings: Settings, *, bring_up_to_date: bool = True) -> Iterator[Dsn]:
    """The database, migrated. The embedded server is started here, or attached to where another process runs it."""
    if settings.database_url is not None:
        url = settings.database_url

        def same(role: str) -> str:
            return url

        if bring_up_to_date:
            prepare(url)
            migrate(become(url, OWNER))
        yield same
        return
    with embedded.start(settings.data, inherit=not _tied()) as running:
        if bring_up_to_date:
            migrate(running.dsn(OWNER))
        yield running.dsn


def tie_to_parent(parent: int) -> None:
    """Let this process, a child just forked, end with its parent, however that one ends."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def _tied() -> bool:
    """Whether this process ends with its parent, which then has the database."""
    tied = ctypes.c_int(0)
    ctypes.CDLL(None).prctl(_PR_GET_PDEATHSIG, ctypes.byref(tied), 0, 0, 0)
    return tied.value != 0


@asynccontextmanager
async def settled_house(dsn: Dsn, settings: Settings) -> AsyncIterator[House]:
    """The house as the settings want it. A database that goes away just now, and comes again, is waited for."""
    give_up_at = time.monotonic() + COMES_AGAIN_WITHIN_S
    async with AsyncExitStack() as stack:
        while True:
            house = open_house(
                dsn,
                data=settings.data,
                secrets=settings.secrets_folder,
                pool_size=settings.pool_size,
                sender=HttpSender(settings.webhook_networks, plain_http=settings.webhook_http),
            )
            try:
                opened = await stack.enter_async_context(house)
                break
            except StoreAway:
                if time.monotonic() > give_up_at:
                    raise
                await asyncio.sleep(0.1)
        yield opened
