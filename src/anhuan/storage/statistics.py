"""Figures in PostgreSQL: a few statements over the cases of a period and the open ones, never over all of history.

Nothing that a caller sends becomes part of a statement's text; conditions are put in only where they are asked for, so
that the planner sees what is really wanted. `core.figures` says the same in words and code, from cases alone.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from psycopg.rows import TupleRow

from anhuan.core.figures import DIMENSIONS, PLACES_MOST, Group, Origin, Place, Question, Step, Tally
from anhuan.core.waiting import ORDER
from anhuan.domain.ids import TenantId
from anhuan.ports.statistics import Among
from anhuan.storage.named_sql import load
from anhuan.storage.pool import Pool

_SQL = load("statistics")
_PERIOD = re.compile(rb"/\*registered_at:([a-z_.]+)\*/")
_AMONG: Mapping[str, str] = {
    "seen_by": "c.parts && %(seen_by)s",
    "parts": "c.parts && %(parts)s",
    "reported_by": "c.reporter = ANY(%(reported_by)s)",
}


class PostgresStatistics:
    """`ports.statistics.StatisticsStore` on PostgreSQL."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def tally(self, tenant: TenantId, asked: Question, among: Among, origin: Origin) -> Tally:
        """What is counted of one population, in one transaction."""
        is_live = origin == "live"
        given = _given(tenant, asked, among) | {"imported": not is_live}
        cohort = _filled(_SQL["live_cohort" if is_live else "register_cohort"], asked, among)
        statements = [
            b"WITH cohort AS MATERIALIZED (" + cohort + b")" + _SQL["counted"],
            _filled(_SQL["ended"], asked, among),
        ]
        if is_live:
            statements.append(_filled(_SQL["owed"], asked, among))
        answers: list[Sequence[TupleRow]] = []
        async with self._pool.tenant_connection(tenant) as connection:
            for statement in statements:
                cursor = await connection.execute(statement, given, prepare=False)
                answers.append(await cursor.fetchall())
        return _tally(answers[0], answers[1], answers[2] if is_live else ())


def _given(tenant: TenantId, asked: Question, among: Among) -> dict[str, object]:
    return {
        "tenant": tenant,
        "kind": asked.kind,
        "begin": asked.begin,
        "end": asked.end,
        "zone": asked.zone.key,
        "today": asked.today,
        "bucket": asked.bucket,
        "source_field": asked.source_field,
        "due_field": asked.due_field,
        "places": PLACES_MOST,
        "order": list(ORDER),
        **{name: list(value) for name in _AMONG if (value := getattr(among, name)) is not None},
    }


def _filled(statement: bytes, asked: Question, among: Among) -> bytes:
    """The statement with the conditions that are asked for."""

    def within(found: re.Match[bytes]) -> bytes:
        column = found[1]
        since = b"" if asked.begin is None else b" AND " + column + b" >= %(begin)s"
        before = b"" if asked.end is None else b" AND " + column + b" < %(end)s"
        return since + before

    conditions = "".join(f" AND {text}" for name, text in _AMONG.items() if getattr(among, name) is not None)
    return _PERIOD.sub(within, statement).replace(b"/*conditions*/", conditions.encode())


def _tally(counted: Sequence[TupleRow], ended: Sequence[TupleRow], owed: Sequence[TupleRow]) -> Tally:
    rows: dict[str, list[TupleRow]] = {}
    for what, *values in counted:
        rows.setdefault(what, []).append(tuple(values))
    _, _, _, registered, closed, overdue, deferred, hand_overs = rows["all"][0]
    whole = next(row for row in ended if row[0] is None)
    _, closed_in_period, mean, middle, *waited = whole
    recurring = {category: times for category, _, _, times, *_ in rows.get("recurring", ())}
    came = {row[0]: row[3] for row in rows.get("bucket", ())}
    went = {row[0].isoformat(): row[1] for row in ended if row[0] is not None}
    return Tally(
        registered=registered,
        closed=closed,
        overdue=overdue,
        deferred=deferred,
        hand_overs=hand_overs,
        closed_in_period=closed_in_period,
        cycle_days=None if mean is None else (mean, middle),
        waited_s=tuple(waited),
        open=sum(count for _, count, _ in owed),
        open_overdue=sum(late for _, _, late in owed),
        waiting={wait: count for wait, count, _ in owed if wait is not None},
        groups={
            dimension: tuple(sorted(Group(row[0], row[3], row[4], row[5]) for row in rows.get(dimension, ())))
            for dimension in DIMENSIONS
        },
        places=tuple(Place(area, equipment, category, n) for area, equipment, category, n, *_ in rows.get("place", ())),
        recurring=sum(recurring.values()),
        recurring_by_category=recurring,
        trend=tuple(
            Step(date.fromisoformat(day), came.get(day, 0), went.get(day, 0))
            for day in sorted(came.keys() | went.keys())
        ),
    )
