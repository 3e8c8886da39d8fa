"""The register at 100,000 cases: how long its pages take under row-level security, for the queries that people make."""

import asyncio
import shutil
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import psycopg
from bench.results import Section

from anhuan import resources
from anhuan.app.handle import NewCase
from anhuan.bootstrap import open_house
from anhuan.connectors.pack_files import shipped_packs
from anhuan.domain.ids import TenantId
from anhuan.ports.register import CaseFilter, PageEnd, Sort, TaskQuery, Viewing
from anhuan.storage.embedded import OWNER, SUPERUSER, Running, start
from anhuan.storage.migrate import migrate
from anhuan.storage.register import PostgresRegister
from anhuan.testing.plants import GOOD_REPORT, REPORTER, settle, shipped_pack

CASES = 100_000
ROUNDS = 40
PAGE = 50
SEES_ALL = Viewing(parts=None, answering=frozenset())
WORKER = Viewing(parts=frozenset({"person:p-140", "team:security"}), answering=frozenset({"person:p-140"}))
TEAM = frozenset({"team:electricians"})
FAR_DOWN = PageEnd("2025-06-01 00:00:00+00", "copy-1")


def measure() -> Section:
    """The figures."""
    section = Section(
        "Register",
        f"{CASES:,} cases, a page of {PAGE} with owners, under row-level security as the app's role; p95 of {ROUNDS}.",
    )
    print(section.title, flush=True)
    data = Path(tempfile.mkdtemp(prefix="anhuan-bench-"))
    try:
        with start(data) as server:
            migrate(server.dsn(OWNER))
            asyncio.run(_measure(server, data, section))
    finally:
        shutil.rmtree(data, ignore_errors=True)
    return section


async def _measure(server: Running, data: Path, section: Section) -> None:
    async with open_house(server.dsn, data=data) as house:
        tenant = await settle(house, "demo")
        kind = next(iter(shipped_pack(reporting_pack()).kinds))
        await house.handler.open(tenant, REPORTER, NewCase(kind=kind, form=GOOD_REPORT))
        _multiply(server)
        register = PostgresRegister(house.app_pool)
        for what, query in register_queries(register, tenant, kind).items():
            taken_ms = await p95_ms(query)
            section.add(f"p95, {what}", f"{taken_ms:.0f} ms", "at most 150 ms", taken_ms <= 150)


def reporting_pack() -> str:
    """The pack that people report to."""
    names = (folder.name for folder in shipped_packs(resources.path("packs")))
    return next(n for n in names if any("report" in k.raised_by for k in shipped_pack(n).kinds.values()))


def _multiply(server: Running) -> None:
    """Copies of the one case and its duties over two years, of many places, states and texts."""
    replaced = {
        "id": "'copy-' || n",
        "number": "'YH-2026-' || n",
        "opened_at": "opened_at - n * interval '10 minutes'",
        "found_at": "found_at - n * interval '10 minutes'",
        "status": "CASE WHEN n % 8 = 0 THEN 'open' ELSE 'closed' END",
        "closed_at": "CASE WHEN n % 8 = 0 THEN NULL ELSE opened_at - n * interval '9 minutes' END",
        "category": "(ARRAY['electrical', 'mechanical', 'fire', 'environment', 'other'])[1 + n % 5]",
        "risk_level": "(ARRAY['red', 'orange', 'yellow', 'blue'])[1 + n % 4]",
        "search": "search || ' ' || md5(n::text)",
        "overdue_at": "CASE WHEN n % 3 = 0 THEN opened_at END",
    }
    with psycopg.connect(server.dsn(SUPERUSER), autocommit=True) as connection:
        copy_rows(connection, "case_row", replaced, CASES)
        copy_rows(connection, "duty_row", {"case_id": "'copy-' || n", "status": replaced["status"]}, CASES)
        connection.execute("VACUUM ANALYZE case_row")
        connection.execute("VACUUM ANALYZE duty_row")


def copy_rows(
    connection: psycopg.Connection[tuple[object, ...]], table: str, replaced: dict[str, str], count: int
) -> None:
    """Copies of all rows of a table, numbered `n`; `replaced`: column -> its value in a copy."""
    rows = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 ORDER BY attnum", (table,)
    )
    columns = [str(name) for (name,) in rows]
    values = ", ".join(replaced.get(column, f'"{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    query = f"INSERT INTO {table} ({names}) SELECT {values} FROM {table}, generate_series(1, {count}) n"
    connection.execute(query.encode())


Query = Callable[[], Awaitable[object]]


def register_queries(register: PostgresRegister, tenant: TenantId, kind: str) -> dict[str, Query]:
    """What people ask of a register."""
    newest = Sort()

    def page(wanted: CaseFilter, sort: Sort = newest) -> Query:
        return lambda: register.cases(tenant, SEES_ALL, wanted, sort, PAGE, None)

    return {
        "newest": page(CaseFilter(kind=kind)),
        "open, most urgent": page(CaseFilter(kind=kind, status="open"), Sort("due_at", descending=False)),
        "of one category and risk": page(CaseFilter(kind=kind, category="fire", risk_level="red")),
        "text that is rare": page(CaseFilter(kind=kind, words=("c4ca4238",))),
        "text that is everywhere": page(CaseFilter(kind=kind, words=("yh-2026",))),
        "overdue": page(CaseFilter(kind=kind, overdue=True)),
        "as a worker with few parts sees it": lambda: register.cases(tenant, WORKER, CaseFilter(), newest, PAGE, None),
        "far down": lambda: register.cases(tenant, SEES_ALL, CaseFilter(kind=kind), newest, PAGE, FAR_DOWN),
        "open tasks of the tenant": lambda: register.tasks(tenant, TaskQuery(parties=None), PAGE, None),
        "open tasks of a team": lambda: register.tasks(tenant, TaskQuery(parties=TEAM), PAGE, None),
        "count, no further than 10,000": lambda: register.count(tenant, SEES_ALL, CaseFilter(kind=kind), 10_000),
    }


async def p95_ms(query: Query) -> float:
    """How long it takes, once warm, in 19 of 20 times at most."""
    await query()
    taken = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        await query()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.quantiles(taken, n=20)[-1]


if __name__ == "__main__":
    measure()
