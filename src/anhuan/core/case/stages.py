"""Moving through the stages of a kind: entering one, seeing that it is done, and where an outcome leads."""

from anhuan.core.case import events as e
from anhuan.core.case.closing import announce, close
from anhuan.core.case.draft import Draft, Refusal
from anhuan.core.case.opening import raise_on_closing
from anhuan.core.case.outcome import Reason
from anhuan.core.case.rights import DECLINE
from anhuan.core.case.state import Duty, DutyStatus
from anhuan.core.policy import DutySpec, Stage
from anhuan.core.terms import Drawn, Incomplete
from anhuan.domain.party import PersonParty

CLOSE = "close"
INTAKE = "intake"
DONE = "done"
_MOST_STAGES_AT_ONCE = 12
"""A pack whose stages pass one another on without ever opening a duty is refused rather than followed for ever."""


def take_in(draft: Draft) -> None:
    """Send the case where the first intake rule that holds sends it."""
    been = {duty.stage for duty in draft.case.duties.values()}
    for rule in draft.kind.intake:
        fresh = rule.enter not in been if rule.once else rule.enter != draft.case.stage
        if fresh and draft.holds(rule.when, INTAKE):
            enter(draft, rule.enter, INTAKE)
            return
    raise Refusal(Reason("no_intake_rule"))


def waiting_for_form(draft: Draft) -> frozenset[str]:
    """Stages in which a case waits for its report to be completed."""
    return frozenset(rule.enter for rule in draft.kind.intake if isinstance(rule.when, Incomplete))


def enter(draft: Draft, stage_key: str, because: str, depth: int = 0) -> None:
    """Enter a stage: open what it asks for; a stage that asks for nothing is passed at once."""
    if depth >= _MOST_STAGES_AT_ONCE:
        raise Refusal(Reason("stages_in_a_circle", params={"stage": stage_key}))
    stage = draft.kind.stages[stage_key]
    draft.emit(e.StageEntered(at=draft.at, by=draft.by, stage=stage_key, because=because))
    _open_ready(draft, stage)
    _look_whether_done(draft, depth)


def _open_ready(draft: Draft, stage: Stage) -> None:
    """Open every duty of the stage whose time has come and that was not opened in this round."""
    for spec in stage.duties:
        opened = [duty for duty in draft.case.stage_duties() if duty.key == spec.key]
        ready = all(_ended_well(draft, key) for key in spec.after if _asked_for(draft, stage, key))
        if not opened and ready and draft.holds(spec.when, spec.key):
            draft.open_duty(spec)


def _asked_for(draft: Draft, stage: Stage, key: str) -> bool:
    spec = next(spec for spec in stage.duties if spec.key == key)
    return draft.holds(spec.when, key)


def _ended_well(draft: Draft, key: str) -> bool:
    """Whether a duty of this round was opened and nothing of it is open any more."""
    mine = [duty for duty in draft.case.stage_duties() if duty.key == key]
    return bool(mine) and all(duty.status is not DutyStatus.OPEN for duty in mine)


def after_discharge(draft: Draft, duty: Duty, spec: DutySpec) -> None:
    """What follows once a duty of the present stage was discharged."""
    stage = draft.kind.stages[draft.case.stage]
    if duty.outcome == DECLINE:
        _ask_another(draft, duty, spec)
        return
    if duty.outcome in stage.then and duty.outcome not in (DONE, "pass"):
        follow(draft, stage.then[str(duty.outcome)], str(duty.outcome))
        return
    if spec.every is not None:
        draft.open_duty(spec, slots=((duty.party, duty.part),), deadline=(draft.at + spec.every, None))
    if spec.quorum is not None:
        _see_quorum(draft, spec)
    for owed in draft.case.open_duties():
        draft.look_whether_held(owed.no)
    _open_ready(draft, stage)
    _look_whether_done(draft)


def _ask_another(draft: Draft, duty: Duty, spec: DutySpec) -> None:
    """Somebody declined: another is asked in their place, by the same deadline (or a new one if it has passed)."""
    deadline = (duty.due_at, duty.term) if duty.due_at > draft.at else None
    if isinstance(spec.who, Drawn):
        draft.open_duty(spec, deadline=deadline)
    else:
        asked = {d.party for d in draft.case.stage_duties() if d.key == spec.key and d.status is DutyStatus.OPEN}
        others = [p for p, _ in draft.slots(spec.who, spec) if p not in asked and draft.somebody_may(p, spec)]
        if not others:
            raise Refusal(Reason("nobody_else_to_ask", params={"duty": duty.key}))
        draft.open_duty(spec, slots=((others[0], duty.part),), deadline=deadline)
    opened = draft.case.open_duties()[-1]
    if not draft.is_able(opened, opened.party):
        raise Refusal(Reason("nobody_else_to_ask", params={"duty": duty.key}))


def _see_quorum(draft: Draft, spec: DutySpec) -> None:
    mine = [duty for duty in draft.case.stage_duties() if duty.key == spec.key]
    done = [duty for duty in mine if duty.status is DutyStatus.DISCHARGED and duty.outcome != DECLINE]
    if spec.quorum is not None and len(done) >= spec.quorum:
        draft.cancel((duty for duty in mine if duty.status is DutyStatus.OPEN), "quorum_reached")


def _look_whether_done(draft: Draft, depth: int = 0) -> None:
    stage = draft.kind.stages[draft.case.stage]
    gating = [duty for duty in draft.case.stage_duties() if duty.gates]
    if all(duty.status is not DutyStatus.OPEN for duty in gating):
        outcome = "pass" if "pass" in stage.then and DONE not in stage.then else DONE
        follow(draft, stage.then[outcome], outcome, depth + 1)


def follow(draft: Draft, target: str, outcome: str, depth: int = 0) -> None:
    """Leave the stage for where an outcome leads; what was still owed in it falls away in the same step."""
    leave(draft, "stage_left")
    if target == INTAKE:
        take_in(draft)
    elif target == CLOSE or target.startswith(f"{CLOSE}:"):
        end = target.partition(":")[2] or outcome
        raise_on_closing(draft, end)
        close(draft, end)
        announce(draft)
        concerned = draft.case.subject.person
        told = (*draft.parties(("finder", "reporter")), *((PersonParty(concerned),) if concerned else ()))
        draft.notify(f"closed:{end}", told)
    else:
        enter(draft, target, outcome, depth)


def leave(draft: Draft, because: str) -> None:
    """Cancel all that is owed; a move that waited for approval is thereby not granted."""
    for asked in tuple(draft.case.moves.values()):
        if asked.granted is None:
            draft.refuse_move(asked, {"because": because})
    draft.cancel(draft.case.open_duties(), because)
