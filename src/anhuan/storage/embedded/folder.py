"""The data folder's `postgres`: who holds it, where its socket is, and what still runs in it.

lock        held with flock by the process that runs the server; says who that is
cluster/    PostgreSQL's data (PGDATA)
draft/      a cluster being created; whatever is found here at a start is what a kill left behind
server.log  the server's words
"""

import fcntl
import hashlib
import json
import os
import signal
import stat
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107
"""Bytes of a Unix socket's path that Linux takes, its closing zero left out."""


@dataclass(frozen=True)
class Holder:
    """The process that runs a folder's server."""

    pid: int
    command: str
    since: str
    """When it took the folder, as ISO 8601 in UTC."""
    ready: bool
    """Whether its server takes connections."""

    def __str__(self) -> str:
        return f"process {self.pid} ({self.command}, since {self.since})"

    @property
    def lives(self) -> bool:
        return Path(f"/proc/{self.pid}").exists()


def open_in(folder: Path, name: str, flags: int) -> int:
    """Opens a file of the folder, made where it is missing, and returns its descriptor.

    Where root works in another user's folder the file becomes that user's, who must be able to go on without root; so
    no link that the user may have laid is followed.
    """
    descriptor = os.open(folder / name, flags | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
    if os.geteuid() == 0:
        owner = folder.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)
    return descriptor


class FolderLock:
    """The lock on a folder. Released by the system when the process ends, however it ends."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    def take(cls, folder: Path) -> Self | None:
        """The lock, or None when another process has it."""
        descriptor = open_in(folder, "lock", os.O_RDWR)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return cls(descriptor)

    def say(self, holder: Holder | None) -> None:
        """Writes who holds the folder, for those who find it locked."""
        text = json.dumps(asdict(holder)).encode() if holder else b""
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text, 0)

    def release(self) -> None:
        self.say(None)
        os.close(self._descriptor)


def holder_of(folder: Path) -> Holder | None:
    """Who says to hold the folder, or None (nobody, or they are just about to say it)."""
    try:
        return Holder(**json.loads((folder / "lock").read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def servers_in(cluster: Path) -> Iterator[int]:
    """Pids of the PostgreSQL processes whose working folder is the cluster.

    PostgreSQL's processes never leave their cluster, and a pid in postmaster.pid may by now be anybody's.
    """
    try:
        wanted = cluster.stat()
    except FileNotFoundError:
        return
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        with suppress(OSError):  # gone meanwhile, or another user's
            if (entry / "comm").read_text().strip() not in ("postgres", "initdb"):
                continue
            if os.path.samestat(os.stat(entry / "cwd"), wanted):
                yield int(entry.name)


SETTLING: tuple[tuple[float, signal.Signals | None], ...] = (
    (5, None),
    (10, signal.SIGINT),
    (10, signal.SIGQUIT),
    (5, signal.SIGKILL),
)
"""How long those left over are left alone (their holder's death told them to stop), then asked ever less kindly."""


def settle(cluster: Path) -> None:
    """Waits until no process of an earlier holder's server is left in the cluster, then clears its stale lock files.

    Called with the lock held. PostgreSQL would clear most of them itself, but takes the pid in them for alive when it
    has come to somebody else, or is a dead process that nobody has reaped (in a container whose first process does
    not). A server that lost its postmaster is left alone while it winds up by itself.
    """
    pause = threading.Event()
    for patience_s, sign in SETTLING:
        left = list(servers_in(cluster))
        if sign is not None:
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, sign)
        end = time.monotonic() + patience_s
        while left and time.monotonic() < end:
            pause.wait(0.02)
            left = list(servers_in(cluster))
        if not left:
            break
    for name in ("postmaster.pid", SOCKET, f"{SOCKET}.lock"):
        (cluster / name).unlink(missing_ok=True)


def socket_folder(cluster: Path) -> Path:
    """A folder to reach the cluster's socket by, short enough for the system's limit.

    The server opens its socket as `./.s.PGSQL.5432`, whatever its path's length. A client whose path would be too
    long goes through a symbolic link in a private folder; the link is laid anew at each start.
    """
    if len(os.fsencode(cluster / SOCKET)) <= LONGEST_SOCKET_PATH:
        return cluster
    home = _private_folder()
    link = home / hashlib.sha256(os.fsencode(cluster)).hexdigest()[:16]
    draft = link.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
    draft.symlink_to(cluster)
    draft.replace(link)
    return link


def _private_folder() -> Path:
    """A folder that only this user can write: in the runtime folder where there is one, else in the temporary one."""
    runtime = os.environ.get("XDG_RUNTIME_DIR") or ("/run" if os.geteuid() == 0 else "")
    for parent in filter(None, (runtime, tempfile.gettempdir())):
        folder = Path(parent) / f"anhuan-{os.geteuid()}"
        with suppress(OSError):
            folder.mkdir(mode=0o700, exist_ok=True)
            status = folder.lstat()
            if stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and stat.S_IMODE(status.st_mode) == 0o700:
                return folder
    return Path(tempfile.mkdtemp(prefix="anhuan-"))
