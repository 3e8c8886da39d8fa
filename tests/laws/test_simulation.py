"""The simulated plant: repeatable, calibrated on paper alone, and with no outcome written into it anywhere."""

import asyncio
from functools import cache

import pytest
from msgspec.structs import replace

from anhuan.app.simulation.assumptions import FREE, Assumptions
from anhuan.app.simulation.calibrate import SEEDS, target_of
from anhuan.app.simulation.desk import RunClock, desk_in_memory
from anhuan.app.simulation.memory import SeededDraws
from anhuan.app.simulation.people import moment
from anhuan.app.simulation.report import FIGURES, report_of, spread
from anhuan.app.simulation.runs import Reached, compiled, live, run_in_memory, run_paper, setting_of
from anhuan.app.simulation.world import World
from anhuan.cli.simulation_pool import shipped_world
from anhuan.core.case.state import CaseStatus

NOBODY = {"diligence_mean": 0.0, "acts_when_spoken_to": 0.0}
PERFECT = {
    "diligence_mean": 1.0,
    "looks_per_hour": 4.0,
    "order_half_life_h": 1e6,
    "paper_chase_share": 1.0,
    "paper_update_days": 1.0,
    "acts_when_spoken_to": 1.0,
    "reads_messages": 1.0,
    "message_delay_h": 0.2,
    "takes_shared_task": 1.0,
    "absences_per_day": 0.0,
    "gamers_share": 0.0,
    "bad_repair": 0.0,
    "waves_through": 0.0,
    "doubts_good_work": 0.0,
    "declines_check": 0.0,
    "parts_factor": 0.0,
}


@cache
def world() -> World:
    return shipped_world()


@cache
def _both(seed: int, days: int, changes: tuple[tuple[str, float], ...]) -> tuple[Reached, Reached]:
    setting = setting_of(world(), seed, days, dict(changes), _packs())
    return run_paper(setting), asyncio.run(run_in_memory(setting))


@cache
def _packs():  # type: ignore[no-untyped-def]
    return compiled(world())


def both(seed: int = 1, days: int = 24, **changes: float) -> tuple[Reached, Reached]:
    """Paper and the rules."""
    return _both(seed, days, tuple(sorted(changes.items())))


def test_the_same_seed_comes_to_the_same_and_another_to_something_else() -> None:
    again = setting_of(world(), 1, 24, {}, _packs())
    assert (run_paper(again), asyncio.run(run_in_memory(again))) == both()
    paper, rules = both(seed=2)
    assert paper.figures != both()[0].figures
    assert rules.figures != both()[1].figures


def test_both_processes_get_the_same_findings() -> None:
    paper, rules = both()
    assert paper.figures.registered == rules.figures.registered > 40


def test_paper_comes_to_the_figures_of_the_article_over_seeds_that_it_was_not_fitted_to() -> None:
    seeds = range(1, 7)
    assert not set(seeds) & set(SEEDS)
    came_to = target_of([run_paper(setting_of(world(), seed, 92, {}, _packs())) for seed in seeds])
    target = world().mix.target
    assert came_to.closure_rate == pytest.approx(target.closure_rate, abs=0.05)
    assert came_to.overdue_rate == pytest.approx(target.overdue_rate, abs=0.05)
    assert came_to.cycle_working_days_mean == pytest.approx(target.cycle_working_days_mean, abs=1.2)


def test_what_was_fitted_is_kept_with_its_residuals_and_nothing_else_was_fitted() -> None:
    fit = world().fit
    assert fit is not None
    assert set(fit.values) == set(FREE) == {key for key, told in world().told.items() if told.basis == "fitted"}
    for figure in FIGURES:
        missed = getattr(fit.reached, figure) - getattr(fit.target, figure)
        assert getattr(fit.residuals, figure) == pytest.approx(missed, abs=1e-3)
    assert abs(fit.residuals.closure_rate) < 0.02
    assert abs(fit.residuals.overdue_rate) < 0.02
    assert abs(fit.residuals.cycle_working_days_mean) < 0.2


def test_where_nobody_ever_acts_nothing_closes_on_paper_or_under_the_rules() -> None:
    paper, rules = both(**NOBODY)
    assert paper.figures.registered > 40
    assert (paper.figures.closed, rules.figures.closed) == (0, 0)
    assert rules.figures.overdue_rate is not None
    assert rules.figures.overdue_rate > 0.5
    assert rules.messages > 1000


def test_perfect_people_close_nearly_everything_either_way() -> None:
    paper, rules = both(**PERFECT)
    for reached in (paper, rules):
        assert reached.figures.closure_rate is not None
        assert reached.figures.closure_rate > 0.85
        assert reached.closed_unmended == 0


def test_where_nobody_reads_messages_more_is_late_and_paper_knows_no_difference() -> None:
    paper, rules = both(reads_messages=0.0)
    expected_paper, expected = both()
    assert paper == expected_paper
    assert (rules.figures.overdue, rules.figures.closed) != (expected.figures.overdue, expected.figures.closed)
    assert rules.figures.overdue > expected.figures.overdue
    assert rules.waited_hours["receipt"] > expected.waited_hours["receipt"]


def test_where_everybody_waves_through_what_is_not_mended_closes() -> None:
    gaming = {"gamers_share": 0.6, "games_per_job": 0.8}
    strict = both(waves_through=0.0, **gaming)
    lax = both(waves_through=1.0, **gaming)
    assert lax[1].closed_unmended > 2 * strict[1].closed_unmended
    assert lax[0] == strict[0]


def test_parts_that_take_longer_hold_cases_up() -> None:
    paper, rules = both(parts_factor=4.0)
    assert rules.figures.open >= both()[1].figures.open
    assert rules.figures.deferred > both()[1].figures.deferred
    assert paper.figures.closed <= both()[0].figures.closed


def test_the_ladders_of_the_pack_make_the_difference_and_no_constant_here() -> None:
    """Where silence is told to nobody but a month later, more is late."""
    *needed, files = world().packs
    name, text = next((name, text) for name, text in files.items() if name.endswith("ladders.yaml"))
    assert "at: 50%" in text
    late = text.replace("at: 50%, to: [holders]", "after: P30D, to: [holders]")
    assert late != text
    patient = replace(world(), packs=(*needed, {**files, name: late}))
    rules = asyncio.run(run_in_memory(setting_of(patient, 1, 24)))
    assert rules.figures.registered == both()[1].figures.registered
    assert rules.messages < both()[1].messages
    assert rules.waited_hours != both()[1].waited_hours


def test_the_world_has_the_pack_of_the_kind_and_each_that_it_needs_before_it() -> None:
    packs = _packs()
    assert world().mix.kind in packs[-1].kinds
    names = [pack.name for pack in packs]
    assert len(names) > 1
    for place, pack in enumerate(packs):
        assert set(pack.needs) <= set(names[:place])
    assert set(names) == {packs[-1].name}.union(*(pack.needs for pack in packs))


def test_people_act_on_what_comes_out_of_findings_and_the_figures_are_of_findings_alone() -> None:
    setting = setting_of(world(), 1, 24, {}, _packs())
    draws = SeededDraws(setting.seed, moment(setting.begin))
    desk, _ = desk_in_memory(setting.items, setting.packs, world().packs, draws, RunClock(moment(setting.begin)))
    life = asyncio.run(live(setting, desk))
    of_kind = {key: [case for case in life.cases.values() if case.kind == key] for key in setting.kinds}
    assert all(of_kind.values())
    assert all(any(case.status is CaseStatus.CLOSED for case in cases) for cases in of_kind.values())
    figures = both()[1].figures
    assert len(of_kind[setting.kind.key]) == figures.registered == len(setting.findings)
    assert sum(case.status is CaseStatus.CLOSED for case in of_kind[setting.kind.key]) == figures.closed


def test_what_comes_out_of_findings_of_a_kind_that_is_not_there_is_left_and_the_run_goes_on() -> None:
    alone = replace(world(), packs=world().packs[-1:])
    rules = asyncio.run(run_in_memory(setting_of(alone, 1, 24)))
    assert rules.figures.registered == both()[1].figures.registered
    assert rules.figures.closed > 0
    assert rules.decisions < both()[1].decisions


def test_nothing_that_people_send_is_refused() -> None:
    """What people do here is what the rules let them do; a refusal would mean that they are not played rightly."""
    assert both()[1].commands_refused == {}


def test_every_parameter_is_told_in_both_languages_and_whose_word_it_is() -> None:
    assert set(world().told) == set(Assumptions.__struct_fields__)
    assert all(told.zh and told.en for told in world().told.values())
    for variant in world().variants:
        assert variant.changes(world().assumptions)
        assert variant.zh
        assert variant.en


def test_an_interval_is_of_the_mean_and_stays_within_what_can_be() -> None:
    found = spread([0.9, 1.0, 0.8], 1.0)
    assert found.mean == pytest.approx(0.9)
    assert found.low == pytest.approx(0.9 - 4.3 * 0.1 / 3**0.5, abs=1e-3)
    assert found.high == 1.0
    assert spread([0.4]).low == spread([0.4]).high == 0.4


def test_the_report_says_which_claims_are_not_reached() -> None:
    pairs = [both(), both(seed=2)]
    report = report_of(world(), 24, pairs, {world().variants[0].key: [both(reads_messages=0.0)]}, "en")
    claims = {claim.figure: claim for claim in report.claims}
    cycles = [rules.figures.cycle_working_days_mean or 0.0 for _, rules in pairs]
    assert claims["cycle_working_days_mean"].reached == pytest.approx(sum(cycles) / 2)
    assert set(report.claims_not_reached) == {figure for figure, claim in claims.items() if not claim.met}
    assert "overdue_rate" in report.claims_not_reached
    assert [question.key for question in report.sensitivity] == [world().variants[0].key]
    assert {assumed.key for assumed in report.assumptions} == set(Assumptions.__struct_fields__)
