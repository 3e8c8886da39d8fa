"""Starting the server, keeping it up, attaching to it, taking it over, stopping it."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from anhuan.storage.roles import OWNER, SUPERUSER, make_roles

from .account import Account, account_for, spawn
from .cluster import check_version, last_words, let_in, make_cluster, server_command
from .fault import EmbeddedPostgresError
from .folder import FolderLock, Holder, holder_of, open_in, settle, socket_folder
from .software import software_for

log = logging.getLogger(__name__)

DATABASE = "anhuan"
READY_WITHIN_S = 600.0
"""Long, because recovery after a crash may have much to replay; a server that ends is noticed at once."""
ATTACH_WITHIN_S = 60.0
INHERIT_PAUSE_S = 0.5
"""How often an attached process looks whether the server's holder has gone."""
STOP_WITHIN_S = 30.0
FAILED_STARTS = 5
"""So many starts in a row that never came to take connections, and the server is given up."""
LARGEST_LOG_BYTES = 16 * 1024 * 1024


class Running:
    """A server that takes connections: started by this process, or found running and attached to."""

    def __init__(self, folder: Path, account: Account, holder: Holder, keeper: "_Keeper | None" = None) -> None:
        self._socket_folder = socket_folder(folder / "cluster")
        self._account = account
        self._keeper = keeper
        self._holder = holder
        self._heir: _Heir | None = None

    @property
    def attached(self) -> bool:
        """Whether another process ran the server when this one came; see `inherit`."""
        return self._keeper is None

    def inherit(self, folder: Path, settings: Mapping[str, str]) -> Self:
        """Where attached: take the server over as soon as the process that runs it has gone."""
        if self.attached:
            self._heir = _Heir(folder, settings)
        return self

    @property
    def holder(self) -> str:
        """The process that runs the server, in words for a person."""
        return str(self._holder)

    @property
    def postmaster(self) -> int | None:
        """The server's pid as its holder knows it; None between a death and the restart, and to those attached."""
        return self._keeper.pid if self._keeper else None

    def dsn(self, role: str, database: str = DATABASE) -> str:
        """A connection URL for a role.

        It insists on the server's being run by the cluster's user (`requirepeer`), so that nobody can put another
        server in its place. It stays right over restarts.
        """
        host = quote(str(self._socket_folder), safe="")
        return f"postgresql://{role}@/{database}?host={host}&requirepeer={quote(self._account.name, safe='')}"

    def stop(self) -> None:
        """Stops the server; what runs is rolled back. Does nothing while another process runs it, or a second time."""
        for stays in (self._keeper, self._heir):
            if stays:
                stays.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start(data: Path, *, postgres_settings: Mapping[str, str] | None = None, inherit: bool = True) -> Running:
    """Starts the server on `data/postgres`, or attaches to it where another process runs it.

    Whoever attached takes the server over when that process goes, and its connections come back after a moment; with
    `inherit` false it is left without one, as befits a process that ends with the other.

    The cluster, Anhuan's roles and the empty database `anhuan` (UTF-8, collation C.UTF-8) are made when they are not
    there. `postgres_settings` are PostgreSQL's own, by name, for tests and tuning; they count only for the process
    that starts the server.

    Raises EmbeddedPostgresError, which says what to do.
    """
    if not sys.platform.startswith("linux"):
        raise EmbeddedPostgresError(
            "embedded_postgres_needs_linux",
            "The embedded database runs on Linux only: set DATABASE_URL to a PostgreSQL 15 or newer.",
        )
    folder = _made(data.absolute() / "postgres")
    settings = dict(postgres_settings or {})
    pause = threading.Event()
    give_up_at = time.monotonic() + ATTACH_WITHIN_S
    while True:
        lock = FolderLock.take(folder)
        if lock:
            return _hold(folder, lock, settings)
        holder = holder_of(folder)
        if holder and holder.ready and holder.lives:
            running = Running(folder, account_for(data, folder / "cluster"), holder)
            return running.inherit(folder, settings) if inherit else running
        if time.monotonic() > give_up_at:
            raise EmbeddedPostgresError(
                "database_held",
                f"The database in {folder} is held by {holder or 'another process'}, "
                f"whose server did not become ready within {ATTACH_WITHIN_S:.0f} s: stop that process and start again.",
                holder=str(holder),
            )
        pause.wait(0.05)


def holder(data: Path) -> Holder | None:
    """The living process that runs the server on a data folder; None: nobody does."""
    found = holder_of(data.absolute() / "postgres")
    return found if found and found.lives else None


def _made(folder: Path) -> Path:
    """The folder, made where it is missing; as the data folder's owner's, where that is another."""
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            owner = folder.parent.stat()
            os.chown(folder, owner.st_uid, owner.st_gid, follow_symlinks=False)
    return folder


def _hold(folder: Path, lock: FolderLock, settings: Mapping[str, str]) -> Running:
    holder = Holder(
        pid=os.getpid(), command=_own_command(), since=datetime.now(UTC).isoformat(timespec="seconds"), ready=False
    )
    lock.say(holder)
    keeper: _Keeper | None = None
    try:
        cluster = folder / "cluster"
        account = account_for(folder.parent, cluster)
        software = software_for(account, folder)
        if not cluster.exists():
            make_cluster(account, software, folder, durable=settings.get("fsync") != "off")
        check_version(cluster)
        let_in(account, cluster)
        keeper = _Keeper(folder, account, server_command(account, software, cluster, settings), lock)
        keeper.begin()
        holder = replace(holder, ready=True)
        running = Running(folder, account, holder, keeper)
        _make_roles_and_database(running)
        lock.say(holder)
        return running
    except BaseException:
        if keeper:
            keeper.stop()
        else:
            lock.release()
        raise


def _own_command() -> str:
    words = [Path(sys.argv[0] or "python").name, *sys.argv[1:]]
    return " ".join(words)[:80]


def _make_roles_and_database(running: Running) -> None:
    """Makes what is missing of Anhuan's roles and its database."""
    with psycopg.connect(running.dsn(SUPERUSER, SUPERUSER), autocommit=True) as connection:
        make_roles(connection)
        if not connection.execute("SELECT FROM pg_database WHERE datname = %s", (DATABASE,)).rowcount:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
            )


class _Heir:
    """Waits, in a thread of its own, until the process that runs the server has gone, and then runs it here.

    The holder may be a command that ends in a moment; a worker that attached to its server must not be left without.
    """

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self._folder = folder
        self._settings = settings
        self._told_to_stop = threading.Event()
        self._running: Running | None = None
        self._thread = threading.Thread(target=self._wait, name="anhuan-postgres-heir", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Wait no more, and stop the server where it was taken over."""
        self._told_to_stop.set()
        self._thread.join()
        if self._running:
            self._running.stop()

    def _wait(self) -> None:
        while not self._told_to_stop.wait(INHERIT_PAUSE_S):
            lock = FolderLock.take(self._folder)
            if not lock:
                continue
            try:
                self._running = _hold(self._folder, lock, self._settings)
            except (EmbeddedPostgresError, OSError, psycopg.Error) as fault:
                log.critical("The database server cannot be taken over: %s", fault)
            else:
                log.warning("The process that ran the database server has gone; it runs here now.")
                return


class _Keeper:
    """Runs the server, and runs it again when it dies without having been told to.

    A thread of its own starts the server and waits for it: Linux sends the death signal when the thread that started a
    program ends, so that thread must live as long as the server.
    """

    def __init__(self, folder: Path, account: Account, command: list[str], lock: FolderLock) -> None:
        self._folder = folder
        self._cluster = folder / "cluster"
        self._account = account
        self._command = command
        self._lock = lock
        self._thread = threading.Thread(target=self._keep, name="anhuan-postgres", daemon=True)
        self._told_to_stop = threading.Event()
        self._stop_once = threading.Lock()
        self._first = threading.Event()
        self._fault: BaseException | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        process = self._process
        return process.pid if process and process.poll() is None else None

    def begin(self) -> None:
        """Starts the server and waits until it takes connections. Raises EmbeddedPostgresError when it ends instead."""
        self._thread.start()
        self._first.wait()
        if self._fault:
            raise self._fault

    def stop(self) -> None:
        with self._stop_once:
            if self._told_to_stop.is_set():
                return
            self._told_to_stop.set()
            for sign, patience_s in ((signal.SIGINT, STOP_WITHIN_S), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0)):
                self._send(sign)
                self._thread.join(patience_s)
                if not self._thread.is_alive():
                    break
            self._lock.release()

    def _send(self, sign: signal.Signals) -> None:
        process = self._process
        if process:
            with suppress(ProcessLookupError):
                process.send_signal(sign)

    def _keep(self) -> None:
        failed = 0
        try:
            while not self._told_to_stop.is_set():
                failed = 0 if self._run_once() else failed + 1
                if self._told_to_stop.is_set():
                    break
                if not self._first.is_set() or failed >= FAILED_STARTS:
                    raise EmbeddedPostgresError(
                        "server_ended",
                        f"The database server ended at once: {last_words(self._folder / 'server.log')}",
                        log=str(self._folder / "server.log"),
                    )
                log.warning("The database server died; starting it again. Its words: %s", self._folder / "server.log")
        except Exception as fault:  # noqa: BLE001 - told to whoever started the server
            self._fault = fault
            if self._first.is_set():
                log.critical("The database server is given up: %s", fault)
        finally:
            self._first.set()

    def _run_once(self) -> bool:
        """Starts the server, says when it is ready, and returns when it has ended and nothing of it is left.

        The answer is whether it ever took connections.
        """
        settle(self._cluster)
        with self._open_log() as output:
            process = spawn(self._account, self._cluster, self._command, death_signal=signal.SIGINT, output=output)
        self._process = process
        if self._told_to_stop.is_set():  # stop() may have looked before there was a process
            self._send(signal.SIGINT)
        give_up_at = time.monotonic() + READY_WITHIN_S
        while not self._is_ready(process.pid) and time.monotonic() < give_up_at:
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.01)
                return False
        self._first.set()
        process.wait()
        return True

    def _open_log(self) -> BinaryIO:
        path = self._folder / "server.log"
        with suppress(FileNotFoundError):
            if path.stat().st_size > LARGEST_LOG_BYTES:
                path.replace(path.with_suffix(".log.1"))
        return os.fdopen(open_in(self._folder, path.name, os.O_WRONLY | os.O_APPEND), "ab")

    def _is_ready(self, pid: int) -> bool:
        """Whether postmaster.pid is this server's and says so in its last line."""
        try:
            lines = (self._cluster / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"
