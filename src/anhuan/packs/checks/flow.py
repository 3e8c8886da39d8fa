"""Whether a case can get lost between stages: each is reached, each outcome leads on, and every way ends in closure."""

from collections.abc import Iterable, Iterator, Mapping

from anhuan.core.case.rights import DECLINE
from anhuan.core.case.stages import CLOSE, DONE, INTAKE
from anhuan.core.policy import Deed, DutySpec, Enter, Kind, Stage
from anhuan.packs.checks.reading import place
from anhuan.packs.problems import PackProblem

GOOD_OUTCOMES = frozenset({DONE, "pass"})
"""Outcomes by which a duty is simply done; the stage goes on when all of its duties are."""


def check_flow(kind: Kind) -> Iterator[PackProblem]:
    """Stages, intake, and where outcomes lead."""
    yield from _targets(kind)
    for name, stage in kind.stages.items():
        yield from _stage(f"{place(kind)}/stages/{name}", stage)
    yield from _intake(kind)
    yield from _reached(kind)
    yield from _circles(kind)


def is_close(target: str) -> bool:
    """The target of an outcome ends the case."""
    return target == CLOSE or target.startswith(f"{CLOSE}:")


def good_target(stage: Stage) -> str | None:
    """Where the stage goes when all that gates it is done."""
    return stage.then.get(DONE) or stage.then.get("pass")


def ends_well(spec: DutySpec, outcome: str) -> bool:
    """An outcome that needs no way of its own."""
    return outcome in GOOD_OUTCOMES or outcome == DECLINE or (spec.deed is Deed.APPROVE and outcome == "approve")


def entries(kind: Kind) -> Iterator[tuple[str, str]]:
    """Every stage that something beside another stage enters, and where that is written."""
    for number, rule in enumerate(kind.intake, 1):
        yield f"{place(kind)}/intake/{number}/enter", rule.enter
    for name, move in kind.moves.items():
        if isinstance(move.effect, Enter):
            yield f"{place(kind)}/moves/{name}/effect", move.effect.stage
    for number, recurrence in enumerate(kind.recurrence, 1):
        yield f"{place(kind)}/recurrence/{number}/enter", recurrence.enter


def _targets(kind: Kind) -> Iterator[PackProblem]:
    known = [*kind.stages, INTAKE, CLOSE]
    for where, stage in entries(kind):
        if stage not in kind.stages:
            yield PackProblem("stage_unknown", where, {"stage": stage, "known": list(kind.stages)})
    for name, found in kind.stages.items():
        for outcome, target in found.then.items():
            if target not in known and not is_close(target):
                where = f"{place(kind)}/stages/{name}/then/{outcome}"
                yield PackProblem("stage_unknown", where, {"stage": target, "known": known})


def _stage(where: str, stage: Stage) -> Iterator[PackProblem]:
    """The stage knows where to go, whatever its duties answer."""
    if good_target(stage) is None:
        yield PackProblem("stage_without_done", f"{where}/then")
    if stage.then.keys() >= GOOD_OUTCOMES:
        yield PackProblem("then_ambiguous", f"{where}/then")
    if stage.duties and not any(spec.gates for spec in stage.duties):
        yield PackProblem("stage_waits_for_nothing", where)
    answered = {outcome for spec in stage.duties for outcome in spec.outcomes}
    for outcome in stage.then:
        if outcome == DECLINE or (outcome not in GOOD_OUTCOMES and outcome not in answered):
            yield PackProblem("then_idle", f"{where}/then/{outcome}", {"outcome": outcome})
    for spec in stage.duties:
        for outcome in spec.outcomes:
            if not ends_well(spec, outcome) and outcome not in stage.then:
                yield PackProblem("outcome_leads_nowhere", f"{where}/{spec.key}/outcomes", {"outcome": outcome})


def _intake(kind: Kind) -> Iterator[PackProblem]:
    """Some rule takes every case, and takes it somewhere new."""
    where = f"{place(kind)}/intake"
    if not kind.intake or kind.intake[-1].when is not None or kind.intake[-1].once:
        yield PackProblem("intake_without_end", where)
        return
    for number, rule in enumerate(kind.intake[:-1], 1):
        if rule.when is None and not rule.once:
            yield PackProblem("intake_rule_hidden", f"{where}/{number}", {"rule": number + 1})
    last = kind.stages.get(kind.intake[-1].enter)
    if last is not None and INTAKE in last.then.values():
        yield PackProblem("intake_leads_back", f"{where}/{len(kind.intake)}", {"stage": last.key})


def _reached(kind: Kind) -> Iterator[PackProblem]:
    """Every stage is entered by something, and from every stage the case can close."""
    after = {name: _next(kind, stage.then.values()) for name, stage in kind.stages.items()}
    reached = _closure({stage for _, stage in entries(kind)}, after)
    before: dict[str, set[str]] = {}
    for name, targets in after.items():
        for target in targets:
            before.setdefault(target, set()).add(name)
    closing = {name for name, stage in kind.stages.items() if any(map(is_close, stage.then.values()))}
    ending = _closure(closing, before)
    for name in kind.stages:
        if name not in reached:
            yield PackProblem("stage_unreachable", f"{place(kind)}/stages/{name}", {"stage": name})
        if name not in ending:
            yield PackProblem("stage_never_closes", f"{place(kind)}/stages/{name}", {"stage": name})


def _next(kind: Kind, targets: Iterable[str]) -> set[str]:
    """The stages that targets mean; `intake` may mean any that intake enters."""
    found = set()
    for target in targets:
        found |= {rule.enter for rule in kind.intake} if target == INTAKE else {target}
    return found & kind.stages.keys()


def _closure(start: set[str], onward: Mapping[str, set[str]]) -> set[str]:
    """Everything that is reached from `start`."""
    found, waiting = set(start), list(start)
    while waiting:
        fresh = onward.get(waiting.pop(), set()) - found
        found |= fresh
        waiting.extend(fresh)
    return found


def _circles(kind: Kind) -> Iterator[PackProblem]:
    """Stages that can all be passed at once must not pass a case round for ever."""
    idle = {
        name: _next(kind, (target,)) if (target := good_target(stage)) else set()
        for name, stage in kind.stages.items()
        if all(spec.when is not None for spec in stage.duties if spec.gates)
    }
    for name, onward in idle.items():
        if name in _closure(onward & idle.keys(), {key: targets & idle.keys() for key, targets in idle.items()}):
            yield PackProblem("stages_in_circle", f"{place(kind)}/stages/{name}", {"stage": name})
