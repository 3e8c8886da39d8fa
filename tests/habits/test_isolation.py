"""Tenants are kept apart by the database itself: forced row-level security on every table, and roles that own nothing.

What is looked at is the migrated database, not the schema's text.
"""

import re
from pathlib import Path

import psycopg
import pytest

from anhuan.storage.named_sql import load
from anhuan.storage.roles import APP, OWNER, WORKER
from anhuan.testing.databases import Database

HOUSEKEEPING = {"schema_migration"}
"""Tables of no tenant: the owner's own."""
ACROSS_TENANTS = {"tenant_slug"}
"""A slug is given by whoever sets up the installation, so that its being taken tells no tenant anything."""
OWN_TENANT = re.compile(r"\((\w+) = NULLIF\(current_setting\('anhuan\.tenant'::text, true\), ''::text\)\)")
IDS_AND_TIMES = {"timer", "outbox", "ledger_pending"}
"""What the worker sees of every tenant."""


def rows(database: Database, query: str, *params: object, dsn: str = "") -> list[tuple]:  # type: ignore[type-arg]
    with psycopg.connect(dsn or database.superuser) as connection:
        return connection.execute(query.encode(), params).fetchall()


def tables(database: Database) -> set[str]:
    query = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
    return {name for (name,) in rows(database, query)} - HOUSEKEEPING


def tenant_column(table: str) -> str:
    return "id" if table == "tenant" else "tenant_id"


def test_every_table_forces_row_level_security(database: Database) -> None:
    query = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
    assert {name for (name,) in rows(database, query)} == tables(database)
    assert len(tables(database)) > 15


def test_every_table_shows_only_the_tenant_of_the_setting(database: Database) -> None:
    for table in tables(database):
        query = (
            "SELECT qual, with_check, cmd, roles FROM pg_policies WHERE tablename = %s AND policyname = 'own_tenant'"
        )
        ((qual, check, command, roles),) = rows(database, query, table)
        match = OWN_TENANT.fullmatch(qual)
        assert match, f"{table}: {qual}"
        assert (match[1], check, command, roles) == (tenant_column(table), None, "ALL", ["public"])


def test_no_other_policy_opens_a_table_to_the_app(database: Database) -> None:
    query = "SELECT tablename, policyname, roles, cmd FROM pg_policies WHERE policyname <> 'own_tenant'"
    others = {(table, tuple(roles)): command for table, _, roles, command in rows(database, query)}
    allowed = {(table, (WORKER,)): "ALL" for table in IDS_AND_TIMES}
    allowed |= {("tenant", (OWNER,)): "SELECT", ("account", (OWNER,)): "SELECT", ("tenant", (WORKER,)): "SELECT"}
    assert others == allowed


def test_the_tenant_leads_every_primary_key_and_every_unique_index(database: Database) -> None:
    query = """
        SELECT tables.relname, indexes.relname, attname
        FROM pg_index
        JOIN pg_class tables ON tables.oid = indrelid
        JOIN pg_class indexes ON indexes.oid = indexrelid
        JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
        WHERE indisunique AND tables.relnamespace = 'public'::regnamespace
    """
    leading = {(table, index): column for table, index, column in rows(database, query) if table not in HOUSEKEEPING}
    assert {table for table, _ in leading} == tables(database)
    wrong = {index for (table, index), column in leading.items() if column != tenant_column(table)}
    assert wrong == ACROSS_TENANTS


def test_no_default_of_the_database_hides_a_missing_tenant(database: Database) -> None:
    query = """
        SELECT table_name FROM information_schema.columns
        WHERE table_schema = 'public' AND column_name = 'tenant_id'
          AND (is_nullable = 'YES' OR column_default IS NOT NULL)
    """
    assert not rows(database, query)


@pytest.mark.parametrize("role", [APP, WORKER])
def test_the_servers_roles_own_nothing_and_are_bound(database: Database, role: str) -> None:
    owned = """
        SELECT relname FROM pg_class WHERE relowner = %s::regrole
        UNION ALL SELECT proname FROM pg_proc WHERE proowner = %s::regrole
        UNION ALL SELECT nspname FROM pg_namespace WHERE nspowner = %s::regrole
        UNION ALL SELECT datname FROM pg_database WHERE datdba = %s::regrole
    """
    assert not rows(database, owned, role, role, role, role)
    attributes = "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = %s"
    assert rows(database, attributes, role) == [(False, False, False, False)]
    member = "SELECT 1 FROM pg_auth_members WHERE member = %s::regrole"
    assert not rows(database, member, role)
    can_create = "SELECT has_schema_privilege(%s, 'public', 'CREATE')"
    assert rows(database, can_create, role) == [(False,)]


def test_nothing_looks_at_rows_with_another_roles_eyes(database: Database) -> None:
    """Views and materialised views see what their owner sees; so do functions that run as their owner."""
    query = "SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace"
    assert not rows(database, query)
    definers = "SELECT proname, proconfig FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    assert rows(database, definers) == [("find_login", ["search_path=public, pg_temp"])]


def test_the_worker_sees_that_a_tenant_is_there_and_no_more(database: Database) -> None:
    query = """
        SELECT table_name, column_name FROM information_schema.column_privileges
        WHERE grantee = %s AND privilege_type = 'SELECT'
    """
    seen = set(rows(database, query, WORKER))
    assert {column for table, column in seen if table == "tenant"} == {"id"}
    assert {table for table, _ in seen} == IDS_AND_TIMES | {"tenant"}
    two_tenants(database)
    assert rows(database, "SELECT id FROM tenant ORDER BY id", dsn=database.worker) == [("t-a",), ("t-b",)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        rows(database, "SELECT name FROM tenant", dsn=database.worker)


def two_tenants(database: Database) -> None:
    with psycopg.connect(database.superuser) as connection:
        connection.execute(
            "INSERT INTO tenant (id, slug, name, language, time_zone, created_at) "
            "VALUES ('t-a', 'a', 'A', 'zh', 'Asia/Shanghai', now()), ('t-b', 'b', 'B', 'en', 'Europe/Berlin', now())"
        )
        connection.execute(
            "INSERT INTO account (tenant_id, id, login, roles, created_at) "
            "VALUES ('t-a', '1', 'wang', '{worker}', now()), ('t-b', '1', 'wang', '{worker}', now())"
        )


@pytest.mark.parametrize("role", ["app", "owner"])
def test_without_a_tenant_there_is_nothing_to_see(database: Database, role: str) -> None:
    two_tenants(database)
    with psycopg.connect(getattr(database, role)) as connection:
        assert not connection.execute("SELECT * FROM account").fetchall()
        assert bool(connection.execute("SELECT * FROM tenant").fetchall()) is (role == "owner")
        connection.commit()
        connection.execute("SELECT set_config('anhuan.tenant', 't-a', true)")
        assert connection.execute("SELECT tenant_id FROM account").fetchall() == [("t-a",)]
        connection.commit()
        assert not connection.execute("SELECT * FROM account").fetchall()


def test_nobody_writes_into_another_tenant(database: Database) -> None:
    with psycopg.connect(database.app) as connection:
        connection.execute("SELECT set_config('anhuan.tenant', 't-a', true)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            connection.execute(
                "INSERT INTO tenant (id, slug, name, language, time_zone, created_at) "
                "VALUES ('t-b', 'b', 'B', 'zh', 'Asia/Shanghai', now())"
            )


def test_looking_for_a_log_in_shows_who_has_it_and_no_more(database: Database) -> None:
    two_tenants(database)
    with psycopg.connect(database.app) as connection:
        found = connection.execute("SELECT * FROM find_login('wang') ORDER BY 1").fetchall()
        assert found == [("t-a", "1"), ("t-b", "1")]
        assert connection.execute("SELECT * FROM find_login('wang@b')").fetchall() == [("t-b", "1")]
        assert not connection.execute("SELECT * FROM find_login('wang@c')").fetchall()
        assert not connection.execute("SELECT * FROM find_login('%')").fetchall()
        assert not connection.execute("SELECT * FROM account").fetchall()
        connection.execute("SELECT set_config('anhuan.sought_login', 'wang', true)")
        assert not connection.execute("SELECT * FROM account").fetchall()
    with psycopg.connect(database.worker) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT * FROM find_login('wang')")


def test_every_named_statement_that_touches_rows_names_the_tenant() -> None:
    """So that the same SQL uses the index and runs on a database sharded by tenant."""
    folder = Path(__file__).parents[2] / "src/anhuan/storage/sql"
    without = {
        f"{path.stem}.{name}"
        for path in folder.glob("*.sql")
        for name, text in load(path.stem).items()
        if not re.search(rb"tenant|%\(t\)s|find_login", text)
    }
    assert not without


def test_every_named_statement_is_used() -> None:
    source = Path(__file__).parents[2] / "src/anhuan/storage"
    code = "\n".join(path.read_text(encoding="utf-8") for path in source.glob("*.py"))
    folder = source / "sql"
    assert not {
        f"{path.stem}.{name}" for path in folder.glob("*.sql") for name in load(path.stem) if f'"{name}"' not in code
    }
