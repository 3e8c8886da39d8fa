"""Runs in memory, on the cores that the run in the database leaves free: other seeds, and other assumptions."""

import asyncio
import multiprocessing
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager

from anhuan import resources
from anhuan.app.simulation.report import Pair
from anhuan.app.simulation.runs import compiled, run_in_memory, run_paper, setting_of
from anhuan.app.simulation.world import World
from anhuan.connectors.simulated_plant import read_world
from anhuan.packs.compile import Pack

_FOLDER = "simulated-plant"


def shipped_world() -> World:
    """The simulated plant among the examples."""
    examples = resources.path("examples")
    calendar = examples / "calendars" / "cn.yaml"
    return read_world(examples / _FOLDER, examples / "plant", calendar, resources.path("packs"))


class _Ready:
    """What a process of the pool has read once."""

    world: World
    packs: tuple[Pack, ...]


def _prepare() -> None:
    _Ready.world = shipped_world()
    _Ready.packs = compiled(_Ready.world)


def _pair(seed: int, days: int, changes: Mapping[str, float]) -> Pair:
    setting = setting_of(_Ready.world, seed, days, changes, _Ready.packs)
    return run_paper(setting), asyncio.run(run_in_memory(setting))


class SimulationPool:
    """Processes that run what they are given."""

    def __init__(self, executor: ProcessPoolExecutor) -> None:
        self._executor = executor

    def pair(self, seed: int, days: int, changes: Mapping[str, float] | None = None) -> "Future[Pair]":
        """Both processes of one seed."""
        return self._executor.submit(_pair, seed, days, dict(changes or {}))


@contextmanager
def simulation_pool() -> Iterator[SimulationPool]:
    """The pool; what it has not begun when one leaves is dropped."""
    workers = max(1, (os.cpu_count() or 2) - 1)
    spawn = multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(workers, mp_context=spawn, initializer=_prepare)
    try:
        yield SimulationPool(executor)
    finally:
        executor.shutdown(cancel_futures=True)
