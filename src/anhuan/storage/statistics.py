"""Figures in PostgreSQL: a few statements over the cases of a period and the open ones, never over all of history.

Nothing that a caller sends becomes part of a statement's text; conditions are put in only where they are asked for, so
that the planner sees what is really wanted. `core.figures` says the same in words and code, from cases alone.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from psycopg.rows import TupleRow

from anhuan.core.figures import DIMENSIONS, PLACES_MOST, Group, Origin, Place, Question, Step, Tally
from anhuan.domain.ids import TenantId
from anhuan.ports.statistics import Among
from anhuan.storage.named_sql import load
from anhuan.storage.pool import Pool

_SQL = load("statistics")
_COHORT = b"/*one of the cohorts above, of one tenant*/"
_PERIOD = re.compile(rb"/\*registered_at:([a-z_.]+)\*/")
_ENDED: Mapping[Origin, bytes] = {"live": b"NOT c.imported", "register": b"c.imported AND c.source = 'import'"}
_ROOM = b"SET LOCAL work_mem = '64MB'"
"""A cohort is gone through several times: it is kept in memory, not on disk."""
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
        """What is counted of one population. Its statements run side by side: each looks at rows of its own."""
        given = _given(tenant, asked, among)
        is_live = origin == "live"
        cohort = _filled(_SQL["live_cohort" if is_live else "register_cohort"], asked, among)
        statements = [
            _SQL["counted"].replace(_COHORT, cohort),
            _filled(_SQL["ended"], asked, among).replace(b"/*origin*/", _ENDED[origin]),
        ]
        if is_live:
            statements.append(_filled(_SQL["owed"], asked, among))
        counted, ended, *owed = await asyncio.gather(*(self._rows(tenant, one, given) for one in statements))
        return _tally(asked, counted, ended, owed[0] if owed else ())

    async def _rows(self, tenant: TenantId, statement: bytes, given: Mapping[str, object]) -> Sequence[TupleRow]:
        async with self._pool.tenant_connection(tenant) as connection:
            await connection.execute(_ROOM)
            cursor = await connection.execute(statement, given, prepare=False)
            return await cursor.fetchall()


def _given(tenant: TenantId, asked: Question, among: Among) -> dict[str, object]:
    return {
        "tenant": tenant,
        "kind": asked.kind,
        "begin": asked.begin,
        "end": asked.end,
        "zone": asked.zone.key,
        "today": asked.today,
        "starts": list(asked.starts()),
        "source_field": asked.source_field,
        "due_field": asked.due_field,
        "places": PLACES_MOST,
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


def _tally(asked: Question, counted: Sequence[TupleRow], ended: Sequence[TupleRow], owed: Sequence[TupleRow]) -> Tally:
    rows: dict[str, list[TupleRow]] = {}
    for what, *values in counted:
        rows.setdefault(what, []).append(tuple(values))
    _, _, _, registered, closed, overdue, owed_steps, complete, deferred, hand_overs = rows["all"][0]
    whole = next(row for row in ended if row[0] is None)
    _, closed_in_period, mean, middle, *waited = whole
    recurring = {category: times for category, _, _, times, *_ in rows.get("recurring", ())}
    waiting: Counter[str] = Counter()
    opened: Counter[str] = Counter()
    late: Counter[str] = Counter()
    for wait, count, overdue_count, area in owed:
        opened[area] += count
        late[area] += overdue_count
        if wait is not None:
            waiting[wait] += count
    days = asked.steps()
    came = Counter({days[max(int(row[0]) - 1, 0)]: row[3] for row in rows.get("step", ())})
    went = Counter({days[max(row[0] - 1, 0)]: row[1] for row in ended if row[0] is not None})
    return Tally(
        registered=registered,
        closed=closed,
        overdue=overdue,
        deferred=deferred,
        hand_overs=hand_overs,
        steps=owed_steps,
        steps_complete=complete,
        closed_in_period=closed_in_period,
        cycle_days=None if mean is None else (mean, middle),
        waited_s=tuple(waited),
        open=sum(count for _, count, *_ in owed),
        open_overdue=sum(late for _, _, late, _ in owed),
        waiting=dict(waiting),
        open_in={area: (count, late[area]) for area, count in opened.items()},
        groups={
            dimension: tuple(sorted(Group(row[0], *row[3:8]) for row in rows.get(dimension, ())))
            for dimension in DIMENSIONS
        },
        places=tuple(Place(area, equipment, category, n) for area, equipment, category, n, *_ in rows.get("place", ())),
        recurring=sum(recurring.values()),
        recurring_by_category=recurring,
        recurring_at={(area, equipment): n for area, equipment, _, n, *_ in rows.get("recurring_at", ())},
        trend=tuple(Step(day, came[day], went[day]) for day in sorted(came.keys() | went.keys())),
    )
