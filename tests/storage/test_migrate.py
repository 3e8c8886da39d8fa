"""Migrations: applied once, in order, by one process at a time; a changed or missing one is named."""

import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from anhuan.storage.embedded import Running
from anhuan.storage.migrate import MigrationError, migrate, migrations, pending
from anhuan.testing.databases import Database, fresh_database


@pytest.fixture
def empty(postgres: Running) -> Iterator[Database]:
    """A database with nothing in it."""
    with fresh_database(postgres, template="template0") as database:
        yield database


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name.removeprefix('n')}.sql").write_text(text)
    return folder


def test_each_is_applied_once_in_order(empty: Database, tmp_path: Path) -> None:
    write(
        tmp_path, n0001_first="CREATE TABLE a (x int); INSERT INTO a VALUES (1)", n0002_next="ALTER TABLE a ADD y int"
    )
    assert pending(empty.owner, tmp_path) == ["0001_first", "0002_next"]
    assert migrate(empty.owner, tmp_path) == ["0001_first", "0002_next"]
    assert migrate(empty.owner, tmp_path) == []
    write(tmp_path, n0003_last="INSERT INTO a VALUES (2, 3)")
    assert migrate(empty.owner, tmp_path) == ["0003_last"]
    assert pending(empty.owner, tmp_path) == []
    with psycopg.connect(empty.owner) as connection:
        assert connection.execute("SELECT x, y FROM a ORDER BY x").fetchall() == [(1, None), (2, 3)]


def test_a_failing_one_leaves_no_trace(empty: Database, tmp_path: Path) -> None:
    write(tmp_path, n0001_first="CREATE TABLE a (x int)", n0002_bad="CREATE TABLE b (x int); SELECT 1 / 0")
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(empty.owner, tmp_path)
    assert pending(empty.owner, tmp_path) == ["0002_bad"]
    with psycopg.connect(empty.owner) as connection:
        assert connection.execute("SELECT to_regclass('a') IS NULL, to_regclass('b') IS NULL").fetchone() == (
            False,
            True,
        )


def test_a_changed_one_is_named(empty: Database, tmp_path: Path) -> None:
    write(tmp_path, n0001_first="CREATE TABLE a (x int)")
    migrate(empty.owner, tmp_path)
    write(tmp_path, n0001_first="CREATE TABLE a (x bigint)")
    with pytest.raises(MigrationError, match="0001_first was changed"):
        migrate(empty.owner, tmp_path)


def test_a_newer_database_is_refused(empty: Database, tmp_path: Path) -> None:
    write(tmp_path, n0001_first="SELECT 1", n0002_next="SELECT 2")
    migrate(empty.owner, tmp_path)
    (tmp_path / "0002_next.sql").unlink()
    with pytest.raises(MigrationError, match="newer than this Anhuan"):
        migrate(empty.owner, tmp_path)


@pytest.mark.parametrize("name", ["n0003_gap", "n0001_double", "nnonsense"])
def test_files_that_do_not_count_up_are_refused(name: str, tmp_path: Path) -> None:
    write(tmp_path, n0001_first="SELECT 1", **{name: "SELECT 2"})
    with pytest.raises(MigrationError):
        migrations(tmp_path)


def test_many_at_once_apply_each_once(empty: Database, tmp_path: Path) -> None:
    write(tmp_path, n0001_first="CREATE TABLE a (x int)", n0002_next="INSERT INTO a SELECT 1 FROM pg_sleep(0.1)")
    done: list[list[str]] = []
    threads = [threading.Thread(target=lambda: done.append(migrate(empty.owner, tmp_path))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done, key=len) == [[], [], [], ["0001_first", "0002_next"]]
    with psycopg.connect(empty.owner) as connection:
        assert connection.execute("SELECT count(*) FROM a").fetchone() == (1,)
