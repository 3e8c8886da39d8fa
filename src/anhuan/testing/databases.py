"""Databases for tests and benchmarks: one embedded server, a migrated template, and copies of it in milliseconds."""

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from anhuan.storage.embedded import APP, OWNER, SUPERUSER, THROW_AWAY, WORKER, Running, start
from anhuan.storage.migrate import migrate

CARELESS = {**THROW_AWAY, "max_connections": "200"}
"""Settings for the run's server, which many tests share."""

TEMPLATE = "anhuan_template"


@dataclass(frozen=True)
class Database:
    """One migrated database. `owner`, `app` and `worker` are connection URLs for the three roles."""

    name: str
    owner: str
    app: str
    worker: str
    superuser: str
    """For looking past row-level security in a test's assertions; nothing of Anhuan connects like this."""

    def of_role(self, role: str) -> str:
        """The connection URL for a role."""
        return {OWNER: self.owner, APP: self.app, WORKER: self.worker, SUPERUSER: self.superuser}[role]

    @classmethod
    def on(cls, server: Running, name: str) -> "Database":
        return cls(
            name=name,
            owner=server.dsn(OWNER, name),
            app=server.dsn(APP, name),
            worker=server.dsn(WORKER, name),
            superuser=server.dsn(SUPERUSER, name),
        )


def start_careless(data: Path) -> Running:
    """Starts the throw-away server on a data folder, or attaches to it, and makes the template where it is missing."""
    server = start(data, postgres_settings=CARELESS)
    if not server.attached:
        _make_template(server)
    return server


def _make_template(server: Running) -> None:
    with psycopg.connect(server.dsn(SUPERUSER, SUPERUSER), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(TEMPLATE), sql.Identifier(OWNER))
        )
    migrate(server.dsn(OWNER, TEMPLATE))


_numbers = itertools.count(1)


@contextmanager
def fresh_database(server: Running, *, template: str = TEMPLATE) -> Iterator[Database]:
    """A database of the caller's own, copied from the template, dropped afterwards whoever is still connected."""
    name = f"t_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server.dsn(SUPERUSER, SUPERUSER), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template)
            )
        )
        try:
            yield Database.on(server, name)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
