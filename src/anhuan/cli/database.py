"""Finding the database: the embedded one in the data folder, or the one that DATABASE_URL names."""

import ctypes
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager

from anhuan.bootstrap import House, open_house
from anhuan.settings import Settings
from anhuan.storage import embedded
from anhuan.storage.migrate import migrate
from anhuan.storage.roles import OWNER, become, prepare

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


def settled_house(dsn: Dsn, settings: Settings) -> AbstractAsyncContextManager[House]:
    """The house as the settings want it."""
    return open_house(dsn, data=settings.data, secrets=settings.secrets_folder, pool_size=settings.pool_size)
