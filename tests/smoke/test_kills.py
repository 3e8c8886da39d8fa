"""Whatever is killed, and whenever: every report that was answered is there with its tasks, once.

Server and worker are killed with -9, PostgreSQL is stopped at once, while reports come in. Each cycle must make
progress, or it would prove nothing, and a server that answers before it has stored must be caught losing.
"""

import asyncio
import os
import random
import sys
from pathlib import Path

import psycopg
from plant_under_load import REPORTERS, PlantUnderLoad, plant_under_load

from anhuan.storage.embedded import SUPERUSER

CYCLES = int(os.environ.get("ANHUAN_KILLS", "21"))
VICTIMS = ("serve", "postgres", "worker")
ANSWERS_PER_CYCLE = 5


async def test_killed_at_any_instant_nothing_that_was_answered_is_lost(tmp_path: Path) -> None:
    async with plant_under_load(tmp_path) as plant:
        await _kill_in_turn(plant, VICTIMS, CYCLES)
        lost, without_tasks, doubled = _account_for(plant)
        assert len(plant.answered) >= CYCLES * ANSWERS_PER_CYCLE
        assert (lost, without_tasks, doubled) == (set(), set(), 0)


async def test_a_server_that_answers_before_it_has_stored_is_caught_losing(tmp_path: Path) -> None:
    careless = [sys.executable, str(Path(__file__).with_name("careless_serve.py"))]
    async with plant_under_load(tmp_path, serve_as=careless) as plant:
        await _kill_in_turn(plant, ("serve",), 4)
        lost, _, _ = _account_for(plant)
        assert lost


async def _kill_in_turn(plant: PlantUnderLoad, victims: tuple[str, ...], cycles: int) -> None:
    stop = asyncio.Event()
    chance = random.Random(20261124)
    async with asyncio.TaskGroup() as reporters:
        for _ in range(REPORTERS):
            reporters.create_task(plant.report_until(stop))
        for cycle in range(cycles):
            await plant.progress(ANSWERS_PER_CYCLE)
            await asyncio.sleep(chance.random() * 0.05)
            plant.kill(victims[cycle % len(victims)])
        await plant.ready()
        await plant.progress(ANSWERS_PER_CYCLE)
        stop.set()


def _account_for(plant: PlantUnderLoad) -> tuple[set[str], set[str], int]:
    """Answered cases that are not there, answered cases without open tasks, and cases that no key accounts for."""
    with psycopg.connect(plant.database.dsn(SUPERUSER)) as connection:
        there = {row[0] for row in connection.execute("SELECT id FROM case_row WHERE source = 'report'")}
        owed = {row[0] for row in connection.execute("SELECT DISTINCT case_id FROM duty_row WHERE status = 'open'")}
        keyed = {row[0] for row in connection.execute("SELECT case_id FROM command_key")}
    answered = set(plant.answered.values())
    return answered - there, (answered & there) - owed, len(there - keyed)
