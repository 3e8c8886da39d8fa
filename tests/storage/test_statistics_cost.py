"""What figures cost follows the period and what is open, not how much history lies around them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg

from anhuan.core.figures import Question
from anhuan.domain.ids import TenantId
from anhuan.ports.statistics import Among
from anhuan.storage.pool import Pool
from anhuan.storage.statistics import PostgresStatistics
from anhuan.testing.databases import Database

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
HISTORY, A_DAY, OPEN, TAKEN_OVER = 40_000, 20, 200, 100
FILL = """
INSERT INTO case_row (tenant_id, id, version, kind, pack, pack_version, number, title, status, stage, source, area,
    category, found_at, opened_at, closed_at, imported, reopened, fields, search, parts, teams, waited_s, deferrals,
    hand_overs, steps, steps_complete)
SELECT 't', n::text, 1, 'k', 'p', '1', n::text, '', CASE WHEN n %% %(apart)s = 0 THEN 'open' ELSE 'closed' END, '',
    CASE WHEN n <= %(taken)s THEN 'import' ELSE 'report' END, 'area-' || n %% 9, 'category-' || n %% 5, at, at,
    CASE WHEN n %% %(apart)s = 0 THEN NULL ELSE at + interval '3 days' END, n <= %(taken)s, 0, '{}', '', '{}', '{}',
    '{0,0,60,60,60}', 0, 0, 0, 0
FROM (SELECT n, %(now)s::timestamptz - n * %(step)s::interval AS at FROM generate_series(1, %(history)s) AS n) AS cases
"""


async def test_history_around_a_period_is_not_read(database: Database) -> None:
    with psycopg.connect(database.superuser, autocommit=True) as connection:
        step = timedelta(days=1) / A_DAY
        given = {"now": NOW, "step": step, "history": HISTORY, "apart": HISTORY // OPEN, "taken": TAKEN_OVER}
        connection.execute(FILL, given)
        connection.execute("VACUUM ANALYZE case_row")
    scans, fetched = _reads(database)
    asked = Question(
        kind="k", begin=NOW - timedelta(days=400), end=NOW - timedelta(days=370), zone=ZoneInfo("UTC"), today=NOW.date()
    )
    async with await Pool.open(database.app, size_max=3) as pool:
        store = PostgresStatistics(pool)
        live = await store.tally(TenantId("t"), asked, Among(), "live")
        register = await store.tally(TenantId("t"), asked, Among(), "register")
    assert (live.registered, live.closed_in_period, live.open, register.registered) == (600, 597, OPEN, 0)
    scans_after, fetched_after = _reads(database)
    assert scans_after == scans
    assert 1000 < fetched_after - fetched < 600 * 2 + OPEN + TAKEN_OVER * 2 + 200


def _reads(database: Database) -> tuple[int, int]:
    """Sequential scans of the cases so far, and rows of them fetched by an index; sessions that are over have told."""
    query = "SELECT seq_scan, idx_tup_fetch FROM pg_stat_user_tables WHERE relname = 'case_row'"
    with psycopg.connect(database.superuser) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0]), int(row[1] or 0)
