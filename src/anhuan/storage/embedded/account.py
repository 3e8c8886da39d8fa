"""The operating system's user that a cluster's server runs as, and starting programs as that user.

PostgreSQL refuses to run as root. Started by root, the server runs as the owner of the data folder when that is an
ordinary user, otherwise as `nobody`; no user is created and no folder's mode is changed on the way.
"""

import os
import pwd
import signal
import stat
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from . import launch
from .fault import EmbeddedPostgresError

ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}
"""What the server's programs see; a PGDATA or PGOPTIONS of the caller's must not reach them."""


@dataclass(frozen=True)
class Account:
    """The user that the server runs as."""

    uid: int
    gid: int
    name: str
    """Its name in the system's user list: peer authentication goes by names."""

    @property
    def is_another(self) -> bool:
        """Whether it is somebody else than the user of this process (who is root then)."""
        return self.uid != os.geteuid()


def named(uid: int) -> Account:
    """The account of a uid. Raises EmbeddedPostgresError when the system has no name for it."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise EmbeddedPostgresError(
            "user_without_name",
            f"The user with uid {uid} has no name on this system, and PostgreSQL needs one: "
            f"add a line for it to /etc/passwd (in a container: run as a user that is listed there).",
            uid=uid,
        ) from None
    return Account(uid=uid, gid=entry.pw_gid, name=entry.pw_name)


def account_for(folder: Path, cluster: Path) -> Account:
    """The account for the cluster: its owner where it exists, otherwise as the module says.

    Raises EmbeddedPostgresError when the cluster belongs to somebody that this process cannot become.
    """
    me = os.geteuid()
    if cluster.exists():
        owner = cluster.stat().st_uid
        if me in (owner, 0):
            return named(owner)
        raise EmbeddedPostgresError(
            "cluster_of_another_user",
            f"The database in {cluster} belongs to {_name_or_number(owner)}, and you are {_name_or_number(me)}: "
            f"start it as the user who set it up (root, if that was root).",
            cluster=str(cluster),
        )
    if me != 0:
        return named(me)
    owner = folder.stat().st_uid
    return named(owner) if owner != 0 else _nobody()


def _nobody() -> Account:
    try:
        return named(pwd.getpwnam("nobody").pw_uid)
    except KeyError:
        return named(65534)


def _name_or_number(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"


def reaches(account: Account, path: Path) -> bool:
    """Whether the account may walk down to `path` and into it, going by the modes of the folders on the way."""
    real = path.resolve()
    return all(_may_enter(account, part) for part in (*reversed(real.parents), real))


def _may_enter(account: Account, folder: Path) -> bool:
    status = folder.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def spawn(
    account: Account,
    folder: Path,
    command: Sequence[str],
    *,
    death_signal: signal.Signals,
    output: IO[Any],
    environment: Mapping[str, str] = ENVIRONMENT,
) -> subprocess.Popen[bytes]:
    """Starts a program as the account, with `folder` as its working folder and in a session of its own.

    It is sent `death_signal` when the *thread* that called this ends, which is how Linux counts parents: call
    it from a thread that lives as long as the program should. A session of its own keeps the terminal's
    Ctrl-C from reaching the server before its clients are done.
    """
    uid, gid = (account.uid, account.gid) if account.is_another else (-1, -1)
    words = [os.getpid(), int(death_signal), uid, gid, folder, *command]
    return subprocess.Popen(
        [sys.executable, "-IS", launch.__file__, *(str(word) for word in words)],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=dict(environment),
        start_new_session=True,
    )
