"""Figures: what SQL counts under row-level security is what the pure module counts of the cases' events.

Whole histories are driven through the real core by the machine that breaks no law (`test_core_machine`); at the end of
each its cases are folded from their events, stored as the write path stores them, and counted both ways.
"""

import asyncio
import itertools
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import psycopg
import pytest
from core_plants import all_kinds
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test
from test_core_machine import START, Machine

from anhuan.app.figure_words import dimension_name, figure_name, formula, wait_name
from anhuan.app.projection import case_row, duty_row
from anhuan.core.case import commands as c
from anhuan.core.case.evolve import fold
from anhuan.core.case.state import Case
from anhuan.core.counting import tally_live, tally_register
from anhuan.core.figures import DIMENSIONS, Figures, Question, Tally, figures, waited_hours
from anhuan.core.policy import Wait
from anhuan.core.waiting import ORDER, seconds
from anhuan.domain.ids import CaseId, PersonId, TenantId
from anhuan.ports.statistics import Among
from anhuan.storage.pool import Pool
from anhuan.storage.statistics import PostgresStatistics
from anhuan.testing.databases import Database

ZONE = ZoneInfo("Asia/Shanghai")
KIND = "finding"
SUBJECT = all_kinds()[KIND].subject
_tenants = itertools.count(1)


def question(begin: datetime | None = None, end: datetime | None = None, **more: object) -> Question:
    asked: dict[str, object] = {
        "kind": KIND,
        "begin": begin,
        "end": end,
        "zone": ZONE,
        "today": date(2026, 12, 24),
        "source_field": SUBJECT["source"],
        "due_field": SUBJECT["due_on"],
    }
    return Question(**{**asked, **more})  # type: ignore[arg-type]


class Both:
    """Counts in a database, from outside of any event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._runner = asyncio.Runner()
        self._pool = self._runner.run(Pool.open(database.app, size_max=1))
        self._store = PostgresStatistics(self._pool)

    def close(self) -> None:
        self._runner.run(self._pool.close())
        self._runner.close()

    def keep(self, cases: list[Case]) -> TenantId:
        """A tenant of its own with these cases, stored as the write path stores them."""
        tenant = TenantId(f"tenant-{next(_tenants)}")
        rows = [case_row(tenant, case) for case in cases]
        duties = [duty_row(tenant, case, duty) for case in cases for duty in case.duties.values()]
        with psycopg.connect(self._database.superuser, autocommit=True) as connection:
            for table, stored in (("case_row", rows), ("duty_row", duties)):
                connection.execute(
                    f"INSERT INTO {table} SELECT * FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)".encode(),
                    (msgspec.json.encode(stored).decode(),),
                )
        return tenant

    def compare(self, tenant: TenantId, cases: list[Case], asked: Question, among: Among | None = None) -> None:
        of_sql = [self._runner.run(self._store.tally(tenant, asked, among or Among(), o)) for o in ("live", "register")]
        of_events = [tally_live(cases, asked), tally_register(cases, asked)]
        for found, wanted in zip(of_sql, of_events, strict=True):
            assert figures(found) == figures(wanted)
            assert _plain(found) == _plain(wanted)


def _plain(tally: Tally) -> dict[str, object]:
    """A tally without its means, which add up in another order here and there."""
    return {**msgspec.structs.asdict(tally), "cycle_days": tally.cycle_days is None}


@pytest.fixture
def both(database: Database) -> Iterator[Both]:
    counting = Both(database)
    yield counting
    counting.close()


def test_figures_of_whole_histories_are_the_same_from_sql_and_from_events(both: Both) -> None:
    seen: set[str] = set()

    class Counted(Machine):
        """The machine, with a register that is taken over, and everything counted at the end."""

        data = st.data()

        @precondition(lambda self: len(self.world.cases) < 8)
        @rule(data=data, done_after=st.sampled_from([None, 0, 2, 9]), source=st.sampled_from(["daily", "expert"]))
        def a_row_is_taken_over(self, data: st.DataObject, done_after: int | None, source: str) -> None:
            number = len(self.world.cases) + 1
            found = self.world.now - timedelta(days=data.draw(st.integers(1, 40)))
            form: dict[str, object] = {
                "description": "旧台账里的一条隐患",
                "category": data.draw(st.sampled_from(["electrical", "fire"])),
                "area": data.draw(st.sampled_from(self.setting.areas)),
                SUBJECT["source"]: source,
                SUBJECT["due_on"]: (found + timedelta(days=3)).date().isoformat(),
            }
            if done_after is None:
                self.send_new(KIND, None, form, source="import", found_at=found)
                return
            case, closed = CaseId(f"case-{number}"), found + timedelta(days=min(done_after, 1))
            self.send(
                case,
                c.RecordHistory(
                    by=None, case=case, kind=KIND, number=f"N-{number}", form=form, found_at=found, closed_at=closed
                ),
            )

        def teardown(self) -> None:
            if not hasattr(self, "world"):
                return
            cases = [fold(events) for events in self.world.events.values()]
            tenant = both.keep(cases)
            moments = sorted(
                {at for case in cases for at in (case.opened_at, case.found_at, case.closed_at) if at is not None}
            )
            today = {"today": (self.world.now + timedelta(days=1)).date()}
            both.compare(tenant, cases, question(**today))
            both.compare(tenant, cases, question(moments[0], moments[-1], bucket="month", **today))
            both.compare(tenant, cases, question(moments[len(moments) // 2], **today))
            both.compare(tenant, cases, question(None, moments[len(moments) // 2], kind="equipment_round", **today))
            live = tally_live(cases, question())
            seen.update(live.waiting, (wait for wait, hours in waited_hours(live).items() if hours))
            if 0 < live.steps_complete < live.steps:
                seen.add("neither none nor all complete")
            for tally in (live, tally_register(cases, question(**today))):
                seen.update(name for name, value in msgspec.structs.asdict(figures(tally)).items() if value)

    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Counted,
        settings=settings(
            max_examples=90,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert {"receipt", "work", "verification", "registered", "closed", "overdue", "recurring", "hand_overs"} <= seen
    assert {"steps", "completeness", "neither none nor all complete"} <= seen


AT = START


def _at(hours: float) -> datetime:
    return AT + timedelta(hours=hours)


def test_each_second_of_waiting_counts_once() -> None:
    """Two receipts and the work at once, then nothing, then a verification beside a signature."""
    spells = [
        (Wait.RECEIPT, _at(0), _at(2)),
        (Wait.RECEIPT, _at(0), _at(1)),
        (Wait.WORK, _at(0), _at(5)),
        (Wait.VERIFICATION, _at(6), _at(9)),
        (Wait.APPROVAL, _at(7), _at(8)),
        (Wait.WORK, _at(9), _at(9)),
    ]
    hours = dict(zip(ORDER, (s / 3600 for s in seconds(spells)), strict=True))
    assert hours == {Wait.DEFERRAL: 0, Wait.APPROVAL: 1, Wait.RECEIPT: 2, Wait.VERIFICATION: 2, Wait.WORK: 3}


def test_the_register_counts_as_it_stood_whatever_is_done_here_afterwards() -> None:
    form = {SUBJECT["due_on"]: "2026-11-20", "category": "fire"}
    row = Case(id=CaseId("a"), kind=KIND, source="import", found_at=_at(-240), opened_at=AT, form=form)
    late = msgspec.structs.replace(row, status="open")
    done_here = msgspec.structs.replace(row, status="closed", closed_at=_at(3), cycle_working_days=0.4, outcome="x")
    for case in (late, done_here):
        tally = tally_register([case], question(_at(-300), _at(-200)))
        assert (tally.registered, tally.closed, tally.overdue, tally.closed_in_period) == (1, 0, 1, 0)
    live = tally_live([done_here], question())
    assert (live.registered, live.closed_in_period, live.cycle_days) == (0, 1, (0.4, 0.4))


async def test_nobody_counts_what_they_may_not_see(database: Database) -> None:
    store_pool = await Pool.open(database.app, size_max=1)
    async with store_pool as pool:
        store = PostgresStatistics(pool)
        rows = [
            case_row(
                "t",
                Case(
                    id=CaseId(str(n)),
                    kind=KIND,
                    number=f"N-{n}",
                    source="report",
                    status="open",
                    reporter=PersonId(f"p-{n}"),
                    found_at=AT,
                    opened_at=AT,
                ),
            )
            for n in range(3)
        ]
        async with await psycopg.AsyncConnection.connect(database.superuser) as connection:
            await connection.execute(
                "INSERT INTO case_row SELECT * FROM jsonb_populate_recordset(NULL::case_row, %s::jsonb)",
                (msgspec.json.encode(rows).decode(),),
            )
        asked = question()
        alone = Among(seen_by=frozenset({"person:p-1"}))
        assert (await store.tally(TenantId("t"), asked, alone, "live")).registered == 1
        assert (await store.tally(TenantId("t"), asked, Among(reported_by=frozenset()), "live")).registered == 0
        assert (await store.tally(TenantId("other"), asked, Among(), "live")) == tally_live([], asked)
        assert (await store.tally(TenantId("t"), asked, Among(), "live")).open == 3


def test_every_figure_has_its_words_and_its_place_in_the_reference() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "figures.md").read_text(encoding="utf-8")
    for key in Figures.__struct_fields__:
        assert figure_name(key, "zh") != figure_name(key, "en")
        assert formula(key, "zh").endswith("。") and formula(key, "en").endswith(".")
        assert f"`{key}`" in page
    for wait in Wait:
        assert wait_name(wait, "zh") != wait_name(wait, "en")
        assert f"`{wait}`" in page
    for dimension in DIMENSIONS:
        assert dimension_name(dimension, "zh") != dimension_name(dimension, "en")
