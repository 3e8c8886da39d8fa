"""The database roles: one owns the schema, two use it and own nothing, so that row-level security binds them."""

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

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


class RolesMissing(Exception):
    """The database lacks Anhuan's roles, or lets us not become them; the message says what an administrator must do."""


def prepare(url: str) -> None:
    """Makes a foreign database ready: the roles are there, the owner may make the schema, we may become them.

    Does what the connecting role may do itself, and changes nothing where all is in place. Raises RolesMissing.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        try:
            make_roles(connection)
            for role in (OWNER, APP, WORKER):
                member = connection.execute("SELECT pg_has_role(current_user, %s, 'MEMBER')", (role,)).fetchone()
                if member is None or not member[0]:
                    connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(role)))
            may = connection.execute("SELECT has_schema_privilege(%s, 'public', 'CREATE')", (OWNER,)).fetchone()
            if may is None or not may[0]:
                connection.execute(sql.SQL("GRANT USAGE, CREATE ON SCHEMA public TO {}").format(sql.Identifier(OWNER)))
        except psycopg.errors.InsufficientPrivilege as error:
            raise RolesMissing(
                f"The role of DATABASE_URL may not prepare it ({error.diag.message_primary}). Let an administrator "
                f"run, in this database: CREATE ROLE {OWNER}; CREATE ROLE {APP}; CREATE ROLE {WORKER}; "
                f"GRANT {OWNER}, {APP}, {WORKER} TO <that role>; GRANT USAGE, CREATE ON SCHEMA public TO {OWNER};"
            ) from error


def become(url: str, role: str) -> str:
    """The connection URL with which a connection works as a role."""
    return make_conninfo(url, options=f"-c role={role}")
