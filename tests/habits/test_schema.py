"""schema/schema.sql, which people read, and schema/migrations, which databases go through, come to the same."""

import re
import subprocess

import psycopg
from psycopg import sql

from anhuan import resources
from anhuan.storage.embedded import Running
from anhuan.storage.embedded.software import wheel_folder
from anhuan.testing.databases import Database, fresh_database


def described(database: Database) -> list[str]:
    """The schema as statements in an order of their own, since a migration may add a column only at a table's end."""
    dump = subprocess.run(
        [
            wheel_folder() / "bin" / "pg_dump",
            "--schema-only",
            "--exclude-table=schema_migration",
            f"--dbname={database.superuser}",
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    text = "\n".join(
        line for line in dump.splitlines() if line.strip() and not re.match(r"--|\\|SET |SELECT pg_cat", line)
    )
    return sorted(in_order(statement) for statement in text.split(";\n"))


def in_order(statement: str) -> str:
    if not statement.startswith("CREATE TABLE"):
        return statement
    first, *columns = statement.splitlines()
    return "\n".join([first, *sorted(column.rstrip(",") for column in columns)])


def test_the_schema_file_and_the_migrations_come_to_the_same(postgres: Running, database: Database) -> None:
    with fresh_database(postgres, template="template0") as read:
        with psycopg.connect(read.owner) as connection:
            connection.execute(sql.SQL((resources.path("schema") / "schema.sql").read_text(encoding="utf-8")))
        wanted, found = described(read), described(database)
    assert any(statement.startswith("CREATE TABLE") for statement in found)
    assert found == wanted
