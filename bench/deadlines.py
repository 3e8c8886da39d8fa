"""A million open deadlines: how long a worker takes to look for what is due, and to claim 200 of them."""

import asyncio
import shutil
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from bench.results import Section

from anhuan.storage.due import PostgresDue
from anhuan.storage.embedded import APP, OWNER, SUPERUSER, WORKER, Running, start
from anhuan.storage.migrate import migrate
from anhuan.storage.pool import Pool

PENDING = 1_000_000
TENANTS = 16
CLAIMED = 200
ROUNDS = 25
NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)


def measure() -> Section:
    """The figures."""
    section = Section(
        "Open deadlines",
        f"{PENDING:,} timers of {TENANTS} tenants, most not due; a worker's poll and claim, medians of {ROUNDS}.",
    )
    print(section.title, flush=True)
    data = Path(tempfile.mkdtemp(prefix="anhuan-bench-"))
    try:
        with start(data) as server:
            migrate(server.dsn(OWNER))
            _fill(server)
            idle_ms, claim_ms = asyncio.run(_claim(server))
    finally:
        shutil.rmtree(data, ignore_errors=True)
    section.add("poll that finds nothing", f"{idle_ms:.2f} ms")
    section.add(f"poll and claim of {CLAIMED}", f"{claim_ms:.1f} ms", "at most 10 ms", claim_ms <= 10)
    return section


def _fill(server: Running) -> None:
    """Timers spread over a year to come; at each of the rounds' moments another 200 are due, of a few tenants."""
    with psycopg.connect(server.dsn(SUPERUSER), autocommit=True) as connection:
        connection.execute(
            """
            INSERT INTO timer SELECT 'tenant-' || n %% %(tenants)s, 'case-' || n, 1, 0, 0,
                CASE WHEN n <= %(due)s THEN %(now)s + ((n - 1) / %(claimed)s) * interval '1 hour'
                     ELSE %(now)s + interval '60 days' + n * interval '20 seconds' END
            FROM generate_series(1, %(pending)s) n
            """,
            {"tenants": TENANTS, "due": ROUNDS * CLAIMED, "now": NOW, "claimed": CLAIMED, "pending": PENDING},
        )
        connection.execute("VACUUM ANALYZE timer")


async def _claim(server: Running) -> tuple[float, float]:
    """Milliseconds of a poll that finds nothing, and of one that claims; medians."""
    async with (
        await Pool.open(server.dsn(WORKER), role=WORKER) as worker,
        await Pool.open(server.dsn(APP), role=APP) as app,
    ):
        due = PostgresDue(worker, app)
        await due.timers(NOW - timedelta(days=1), CLAIMED)
        idle, claims = [], []
        for number in range(ROUNDS):
            begun = time.perf_counter()
            assert not await due.timers(NOW - timedelta(days=1), CLAIMED)
            between = time.perf_counter()
            claimed = await due.timers(NOW + timedelta(hours=number), CLAIMED)
            claims.append(time.perf_counter() - between)
            idle.append(between - begun)
            assert len(claimed) == CLAIMED, len(claimed)
            for timer in claimed:
                await due.timer_done(timer)
        return statistics.median(idle) * 1000, statistics.median(claims) * 1000


if __name__ == "__main__":
    measure()
