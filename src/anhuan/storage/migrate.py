"""Brings a database's schema up to date: numbered SQL files, applied in order, each in a transaction of its own.

    schema/migrations/0001_the_house.sql

What was applied is recorded in `schema_migration`, with the file's hash: a migration that changed after it was applied
is a mistake that is named, never run again. Any number of processes may call `migrate` at once; an advisory lock
lets one work while the others wait.
"""

import hashlib
import logging
import re
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from anhuan import resources
from anhuan.storage.pool import is_away

log = logging.getLogger(__name__)

CONNECT_WITHIN_S = 30.0
"""How long a server that does not answer is waited for: long enough for one that recovers after a crash."""

_FILE = re.compile(r"(?P<number>\d{4})_(?P<what>[a-z0-9_]+)\.sql")
_LOCK = int.from_bytes(b"anhuan-m")
"""The advisory lock's key, the same for every Anhuan."""
_RECORD = """
CREATE TABLE IF NOT EXISTS schema_migration (
    number     integer PRIMARY KEY,
    what       text NOT NULL,
    sha256     text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""


class MigrationError(Exception):
    """The schema cannot be brought up to date; the message says why and what to do."""


@dataclass(frozen=True)
class Migration:
    """One step of the schema's history."""

    number: int
    what: str
    text: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def name(self) -> str:
        return f"{self.number:04}_{self.what}"


def migrations(folder: Path | None = None) -> list[Migration]:
    """The migrations in order, from `schema/migrations` unless told otherwise.

    Raises MigrationError when a file's name is no migration's or the numbers do not run 1, 2, 3 without a gap.
    """
    found = []
    for path in sorted((folder or resources.path("schema") / "migrations").glob("*.sql")):
        match = _FILE.fullmatch(path.name)
        if not match:
            raise MigrationError(f"{path.name} is not named like a migration: NNNN_what.sql.")
        found.append(Migration(int(match["number"]), match["what"], path.read_text(encoding="utf-8")))
    if [migration.number for migration in found] != list(range(1, len(found) + 1)):
        raise MigrationError(f"The migrations' numbers have a gap or a double: {', '.join(m.name for m in found)}.")
    return found


def migrate(dsn: str, folder: Path | None = None) -> list[str]:
    """Applies what is missing and returns the names of what it applied.

    `dsn` connects as the role that owns the schema (`anhuan_owner`). A server that is starting up, or goes and starts
    again meanwhile, is waited for. Raises MigrationError, or psycopg.Error from a migration's own SQL, which then left
    no trace.
    """
    wanted = migrations(folder)
    give_up_at = time.monotonic() + CONNECT_WITHIN_S
    told = False
    while True:
        try:
            return _migrate(dsn, wanted)
        except psycopg.OperationalError as error:
            if not is_away(error) or time.monotonic() > give_up_at:
                raise
            if not told:
                log.warning("the database does not answer, waiting up to %.0f s: %s", CONNECT_WITHIN_S, error)
            told = True
            time.sleep(0.1)


def _migrate(dsn: str, wanted: list[Migration]) -> list[str]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("SET lock_timeout = 0")
        connection.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        try:
            connection.execute(_RECORD)
            applied = _applied(connection)
            _check_history(wanted, applied)
            return [_apply(connection, migration) for migration in wanted if migration.number not in applied]
        finally:
            if not connection.closed:
                connection.execute("SELECT pg_advisory_unlock(%s)", (_LOCK,))


def pending(dsn: str, folder: Path | None = None) -> list[str]:
    """The names of the migrations that the database still lacks; looks only, changes nothing."""
    wanted = migrations(folder)
    with psycopg.connect(dsn, autocommit=True) as connection:
        there = connection.execute("SELECT to_regclass('schema_migration') IS NOT NULL").fetchone()
        applied = _applied(connection) if there and there[0] else {}
    return [migration.name for migration in wanted if migration.number not in applied]


def _applied(connection: psycopg.Connection[tuple[object, ...]]) -> dict[int, str]:
    rows = connection.execute("SELECT number, sha256 FROM schema_migration").fetchall()
    return {int(str(number)): str(digest) for number, digest in rows}


def _check_history(wanted: list[Migration], applied: dict[int, str]) -> None:
    newest = wanted[-1].number if wanted else 0
    if applied and max(applied) > newest:
        raise MigrationError(
            f"The database is newer than this Anhuan: it has migration {max(applied)}, this Anhuan knows {newest}. "
            f"Install the Anhuan that migrated it, or a newer one."
        )
    for migration in wanted:
        if applied.get(migration.number, migration.sha256) != migration.sha256:
            raise MigrationError(
                f"Migration {migration.name} was changed after this database applied it. "
                f"Put the file back as it was and say the change in a new migration."
            )


def _apply(connection: psycopg.Connection[tuple[object, ...]], migration: Migration) -> str:
    with connection.transaction():
        connection.execute(sql.SQL(migration.text))
        connection.execute(
            "INSERT INTO schema_migration (number, what, sha256) VALUES (%s, %s, %s)",
            (migration.number, migration.what, migration.sha256),
        )
    return migration.name
