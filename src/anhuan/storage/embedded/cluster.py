"""Creating a cluster, and what its server is told at each start.

A cluster is made in a draft folder and renamed when it is whole, so that a kill half way leaves no half cluster. All
that matters is said on the server's command line, not in files, so that an upgrade of Anhuan changes it everywhere.
"""

import os
import pwd
import shutil
import signal
from collections.abc import Mapping
from pathlib import Path

from anhuan.storage.roles import ROLES, SUPERUSER

from .account import Account, reaches, spawn
from .fault import EmbeddedPostgresError
from .folder import open_in, settle
from .software import major_version

SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_directories": ".",
    "unix_socket_permissions": "0700",
    "port": "5432",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "logging_collector": "off",
    "log_destination": "stderr",
}


def make_cluster(account: Account, software: Path, folder: Path, *, durable: bool) -> None:
    """Creates `folder/cluster`. `durable`: wait until it is on disk.

    Raises EmbeddedPostgresError with initdb's last words.
    """
    draft = folder / "draft"
    settle(draft)
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    if account.is_another:
        os.chown(draft, account.uid, account.gid)
    log = folder / "initdb.log"
    with os.fdopen(open_in(folder, log.name, os.O_WRONLY | os.O_TRUNC), "wb") as output:
        command = [
            str(software / "bin" / "initdb"),
            f"--pgdata={data_argument(account, draft)}",
            f"--username={SUPERUSER}",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--auth-local=peer",
            "--auth-host=reject",
            "--no-instructions",
            *([] if durable else ["--no-sync"]),
        ]
        failed = spawn(account, draft, command, death_signal=signal.SIGKILL, output=output).wait()
    if failed:
        raise EmbeddedPostgresError(
            "cluster_not_created",
            f"A database could not be created in {draft}: {last_words(log)}",
            cluster=str(draft),
        )
    draft.rename(folder / "cluster")
    if durable:
        _flush(folder)
    log.unlink()


def check_version(cluster: Path) -> None:
    """Raises EmbeddedPostgresError when the cluster is of another major version than the programs."""
    found = (cluster / "PG_VERSION").read_text().strip()
    if found != major_version():
        raise EmbeddedPostgresError(
            "cluster_of_another_version",
            f"The database in {cluster} is PostgreSQL {found}'s, and this Anhuan brings PostgreSQL {major_version()}: "
            f"dump it with the Anhuan that made it and restore the dump into a new data folder.",
            cluster=str(cluster),
            found=found,
            wanted=major_version(),
        )


def let_in(account: Account, cluster: Path) -> None:
    """Writes who may connect, over the socket only: the launching user, the server's own and root.

    Each may be any of Anhuan's roles. Written at each start, as the launching user may be another one this time.
    """
    users = {account.name, pwd.getpwuid(os.geteuid()).pw_name, pwd.getpwuid(0).pw_name}
    _write(account, cluster / "pg_hba.conf", f"local all {','.join(ROLES)} peer map=anhuan\n")
    lines = [f'anhuan "{user}" {role}\n' for user in sorted(users) for role in ROLES]
    _write(account, cluster / "pg_ident.conf", "".join(lines))


def server_command(account: Account, software: Path, cluster: Path, postgres_settings: Mapping[str, str]) -> list[str]:
    """The server's command line; the cluster's path stands in it as a name, for whoever lists processes."""
    settings = {**SETTINGS, "cluster_name": f"anhuan {cluster}", **postgres_settings}
    return [
        str(software / "bin" / "postgres"),
        "-D",
        data_argument(account, cluster),
        *(word for name, value in settings.items() for word in ("-c", f"{name}={value}")),
    ]


def data_argument(account: Account, cluster: Path) -> str:
    """How the server is told where its cluster is.

    Where its user cannot walk to the cluster (a data folder in a closed home), it is told to take its working folder,
    which the launcher entered before dropping to that user: the kernel follows `/proc/self/cwd` without looking at
    the folders above.
    """
    return str(cluster) if reaches(account, cluster) else "/proc/self/cwd"


def last_words(log: Path, lines: int = 5) -> str:
    """The end of a log, for an error's message."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 4096))
            return " | ".join(file.read().decode(errors="replace").strip().splitlines()[-lines:])
    except OSError as fault:
        return f"(no log: {fault})"


def _write(account: Account, path: Path, text: str) -> None:
    """Replaces a file in the cluster. The cluster is another user's to write in, so no link found there is followed."""
    draft = path.with_name(path.name + ".draft")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        if account.is_another:
            os.fchown(descriptor, account.uid, account.gid)
        file.write(text)
    draft.replace(path)


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
