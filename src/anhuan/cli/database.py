"""Finding the database: the embedded one in the data folder, or the one that DATABASE_URL names."""

from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager

from anhuan.bootstrap import House, open_house
from anhuan.settings import Settings
from anhuan.storage import embedded
from anhuan.storage.migrate import migrate
from anhuan.storage.roles import OWNER, become, prepare

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
    with embedded.start(settings.data) as running:
        if bring_up_to_date:
            migrate(running.dsn(OWNER))
        yield running.dsn


def settled_house(dsn: Dsn, settings: Settings) -> AbstractAsyncContextManager[House]:
    """The house as the settings want it."""
    return open_house(dsn, data=settings.data, secrets=settings.secrets_folder, pool_size=settings.pool_size)
