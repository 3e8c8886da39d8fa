"""`anhuan simulate-plant`: what a quarter comes to on paper and under the rules, with the same people and findings.

The first seed goes through the real house on a database of its own; further seeds and the sensitivity are run beside it
in memory, by the same handler, sweep and core.
"""

import asyncio
import sys
from typing import Annotated

import msgspec
import typer

from anhuan import resources
from anhuan.app.simulation.calibrate import calibrate
from anhuan.app.simulation.people import DAY_S, Seconds
from anhuan.app.simulation.report import Pair, Report, report_of
from anhuan.app.simulation.runs import Setting, run_paper, setting_of
from anhuan.app.simulation.world import World
from anhuan.cli.simulation_database import run_in_database, server_of_its_own
from anhuan.cli.simulation_pool import shipped_world, simulation_pool
from anhuan.cli.simulation_text import tell
from anhuan.cli.speech import Progress, say, spoken
from anhuan.connectors.simulated_plant import FITTED, write_fit

SEEDS = 4
ASKED_OF = 1
"""Seeds without being asked, and of how many of them the sensitivity asks: 90 days fit into a minute on two cores."""


def simulate_plant(
    days: Annotated[int, typer.Option("--days", min=1, max=366, help="How long.")] = 90,
    seed: Annotated[int, typer.Option("--seed", min=0, help="What people and findings are drawn from.")] = 1,
    seeds: Annotated[int, typer.Option("--seeds", min=1, max=100, help="So many seeds, from --seed on.")] = SEEDS,
    asked_of: Annotated[
        int, typer.Option("--sensitivity", min=0, help="Of how many of the seeds to ask what if; 0: not at all.")
    ] = ASKED_OF,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    recalibrate: Annotated[bool, typer.Option("--calibrate", help="Fit the paper process anew and keep it.")] = False,
) -> None:
    """A plant's quarter on paper and under Anhuan, with the same people and findings, and everything assumed."""
    world = shipped_world()
    if recalibrate:
        _calibrate(world)
        return
    found = _simulate(world, days, tuple(range(seed, seed + seeds)), asked_of)
    if as_json:
        typer.echo(msgspec.json.encode(found).decode())
    else:
        tell(found, spoken())


def _simulate(world: World, days: int, seeds: tuple[int, ...], asked_of: int) -> Report:
    first, *others = seeds
    progress = Progress()
    with simulation_pool() as pool:
        more = [pool.pair(seed, days) for seed in others]
        asked = world.variants if asked_of else ()
        variants = {
            variant.key: [pool.pair(seed, days, variant.changes(world.assumptions)) for seed in seeds[:asked_of]]
            for variant in asked
        }
        main = [_in_database(setting_of(world, first, days), progress)]
        waiting = [*more, *(run for runs in variants.values() for run in runs)]
        for number, run in enumerate(waiting, 1):
            run.result()
            progress("simulating_others", number, len(waiting))
        main += [run.result() for run in more]
        found = {key: [run.result() for run in runs] for key, runs in variants.items()}
        return report_of(world, days, main, found, spoken())


def _in_database(setting: Setting, progress: Progress) -> Pair:
    """The first seed; its run under the rules is the real one."""

    def passed(at: Seconds) -> None:
        progress("simulating", (at - setting.begin) // DAY_S, (setting.end - setting.begin) // DAY_S)

    paper = run_paper(setting)
    with server_of_its_own() as (dsn, folder):
        return paper, asyncio.run(run_in_database(setting, dsn, folder, passed))


def _calibrate(world: World) -> None:
    def told(values: dict[str, float], reached: object) -> None:
        print(" ".join(f"{key} {value:.4g}" for key, value in values.items()), reached, file=sys.stderr, flush=True)

    fit = calibrate(world, told)
    path = resources.path("examples") / "simulated-plant" / FITTED
    write_fit(path, fit)
    say("calibrated", path=path)
