"""The database roles: one owns the schema, two use it and own nothing, so that row-level security binds them."""

import psycopg
from psycopg import sql

SUPERUSER = "postgres"
"""The embedded server's own, for maintenance and for making the others; no part of Anhuan runs as it."""
OWNER = "anhuan_owner"
"""Owns the schema and migrates it."""
APP = "anhuan_app"
"""The web server's role."""
WORKER = "anhuan_worker"
"""The workers' role."""
ROLES = (SUPERUSER, OWNER, APP, WORKER)


def make_roles(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Makes those of Anhuan's roles that are missing, without passwords. Needs a role that may create roles."""
    for role in (OWNER, APP, WORKER):
        if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,)).rowcount:
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS").format(
                    sql.Identifier(role)
                )
            )
