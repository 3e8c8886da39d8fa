"""The simulated plant in the database: the same as in memory, figure by figure and event by event."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from anhuan.app.simulation.desk import RunClock, desk_in_memory
from anhuan.app.simulation.memory import TENANT, SeededDraws
from anhuan.app.simulation.people import moment
from anhuan.app.simulation.runs import live, run_in_memory, setting_of
from anhuan.cli.simulation_database import desk_in_database, run_in_database
from anhuan.cli.simulation_pool import shipped_world
from anhuan.core.case.events import CaseEvent
from anhuan.testing.databases import Database

DAYS = 10


async def test_a_run_in_the_database_comes_to_the_same_figures_as_one_in_memory(
    database: Database, tmp_path: Path
) -> None:
    setting = setting_of(shipped_world(), 3, DAYS)
    stored = await run_in_database(setting, database.of_role, tmp_path)
    assert stored == await run_in_memory(setting)
    assert stored.figures.registered > 15
    assert stored.figures.closed > 0


async def test_every_event_is_the_same_in_the_database_and_in_memory(database: Database, tmp_path: Path) -> None:
    setting = setting_of(shipped_world(), 4, DAYS)
    clock = RunClock(moment(setting.begin))
    draws = SeededDraws(setting.seed, clock.now)
    desk, kept = desk_in_memory(setting.items, setting.packs, setting.world.packs, draws, clock)
    in_memory = await live(setting, desk)
    async with desk_in_database(setting, database.of_role, tmp_path) as (house, real):
        stored = await live(setting, real)
        assert list(stored.cases) == list(in_memory.cases)
        assert {case.kind for case in stored.cases.values()} > {setting.kind.key}
        for case in stored.cases:
            theirs = await house.cases.events(real.tenant, case)
            assert in_order(theirs) == in_order(await kept.events(TENANT, case))


def in_order(events: Sequence[CaseEvent]) -> list[dict[str, Any]]:
    """By moment; what several timers of one moment do has no order of its own."""
    plain = [msgspec.to_builtins(event) for event in events]
    return sorted(plain, key=lambda event: (event["at"], event["type"], event.get("no") or 0))
