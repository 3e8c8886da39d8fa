"""Decide: from policy, case, facts and a command to what happens. Pure; makes no use of clock, chance or database.

`decide` answers `Decision` (events, effects, what it relied on), `Refused` (reasons) or `Need` (facts to load before
asking again). Each command has one short function here; all of them speak in the primitives of `draft`.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from anhuan.core.case import commands as c
from anhuan.core.case import events as e
from anhuan.core.case import finding, issuing, moves, papers, revising, stages
from anhuan.core.case.closing import close
from anhuan.core.case.discharge import discharge
from anhuan.core.case.draft import CLOCK_SLACK, Draft, Missing, Refusal
from anhuan.core.case.outcome import Facts, LookForEarlier, Need, Outcome, Reason, Refused, TieOther
from anhuan.core.case.rights import answers, why_not_claim
from anhuan.core.case.state import REPORT, Case, CaseStatus, Duty, DutyStatus
from anhuan.core.case.subject import subject_of, title_of, told_finder
from anhuan.core.obligation.ladder import current_rung
from anhuan.core.policy import Kind
from anhuan.core.terms import Incomplete
from anhuan.domain.ids import DutyNo, PersonId

IMPORT = "import"
"""The source of a case that was taken over from a register."""


def decide(kind: Kind, case: Case, facts: Facts, command: c.CaseCommand, at: datetime, seed: bytes) -> Outcome:
    """What a command does to a case.

    `seed` is the case's secret from which draws are made. Refusals are answers, not errors.
    """
    draft = Draft(kind, case, facts, at, command.by, seed)
    try:
        _HANDLERS[type(command)](draft, command)
    except Missing as missing:
        return Need(missing.keys)
    except Refusal as refusal:
        return Refused(refusal.reasons)
    return draft.decision()


# --- opening


def _open(draft: Draft, command: c.OpenCase) -> None:
    if draft.case.status is not CaseStatus.ABSENT:
        raise Refusal(Reason("case_exists"))
    _take_form(draft, command)
    if command.parent is not None and command.source == REPORT:
        finding.report_to_parent(draft, command.parent)
    if draft.kind.recurrence:
        draft.effect(LookForEarlier(draft.case.id))
    stages.take_in(draft)


def _take_form(draft: Draft, command: c.OpenCase) -> None:
    values, computed = revising.checked(draft, command.form, command.source)
    if reasons := tuple(papers.misplaced(draft.kind.forms[draft.kind.form], command.proofs)):
        raise Refusal(*reasons)
    if command.finder is not None and draft.plant.person(command.finder) is None:
        raise Refusal(Reason("person_unknown", "/finder", {"value": command.finder}))
    finder = command.finder or told_finder(draft.kind, values) or _found_by(command)
    found_at = revising.not_later(draft, command.found_at) or revising.told_before_now(draft, values) or draft.at
    opened = _opened(draft, command, values, computed, finder, found_at)
    draft.emit(
        replace(
            opened,
            source=command.source,
            proofs=command.proofs,
            parent=command.parent,
            fold_key=command.fold_key,
        )
    )


def _opened(
    draft: Draft,
    command: c.OpenCase | c.RecordHistory,
    values: dict[str, object],
    computed: dict[str, object],
    finder: PersonId | None,
    found_at: datetime,
) -> e.CaseOpened:
    """What is the same of every case that is born, whether it begins to run or is history from the start."""
    return e.CaseOpened(
        at=draft.at,
        by=command.by,
        case=command.case,
        kind=draft.kind.key,
        pack=draft.kind.pack,
        pack_version=draft.kind.version,
        number=command.number,
        form=values,
        computed=computed,
        subject=subject_of(draft.kind, {**values, **computed}, draft.plant),
        title=title_of(draft.kind, values, draft.plant),
        source=IMPORT,
        reporter=command.by,
        finder=finder,
        found_at=found_at,
    )


def _found_by(command: c.OpenCase) -> PersonId | None:
    """Who reports has found it, unless they only took over what somebody else wrote down."""
    return None if command.source == IMPORT else command.by


def _record_history(draft: Draft, command: c.RecordHistory) -> None:
    if draft.case.status is not CaseStatus.ABSENT:
        raise Refusal(Reason("case_exists"))
    if command.closed_at < command.found_at:
        raise Refusal(Reason("closed_before_found", "/closed_at"))
    if command.closed_at > draft.at + CLOCK_SLACK:
        raise Refusal(Reason("time_in_future", "/closed_at", {"value": command.closed_at.isoformat()}))
    form = dict(command.form)
    computed = dict(draft.kind.compute(form))
    draft.emit(replace(_opened(draft, command, form, computed, command.finder, command.found_at), imported=True))
    close(draft, "history", found_at=command.found_at, closed_at=command.closed_at)


def _revise(draft: Draft, command: c.ReviseForm) -> None:
    """Complete the report while it is not dispatched; completing it discharges the duty to do so by itself."""
    if reason := why_not_revise(draft, command.by):
        raise Refusal(reason)
    revising.revise(draft, {**draft.case.form, **command.form}, command.proofs)
    if draft.kind.recurrence:
        draft.effect(LookForEarlier(draft.case.id))
    if draft.case.stage in stages.waiting_for_form(draft) and not draft.holds(Incomplete(), "intake"):
        stages.leave(draft, "report_completed")
        stages.take_in(draft)


def why_not_revise(draft: Draft, person: PersonId | None) -> Reason | None:
    """Why somebody may not change the report now; None: they may."""
    if draft.case.status is not CaseStatus.OPEN:
        return Reason("case_is_closed")
    if not draft.holds(Incomplete(), "intake"):
        return Reason("already_dispatched")
    return None if _may_revise(draft, person) else Reason("may_not_revise")


def _may_revise(draft: Draft, person: PersonId | None) -> bool:
    """Whoever reported or found it, and whoever owes anything on it now."""
    if person is None:
        return False
    told = draft.parties(("reporter", "finder"))
    return any(draft.plant.answers_for(person, p, draft.at) for p in told) or any(
        answers(duty, person, draft.plant, draft.at) for duty in draft.case.open_duties()
    )


# --- duties


def _claim(draft: Draft, command: c.Claim) -> None:
    duty = _open_duty(draft, command.duty)
    if reason := why_not_claim(duty, command.by, draft.plant, draft.at):
        raise Refusal(reason)
    if duty.claimed_by == command.by:
        return
    draft.emit(e.DutyClaimed(at=draft.at, by=command.by, no=duty.no))


def _discharge(draft: Draft, command: c.Discharge) -> None:
    discharge(draft, _open_duty(draft, command.duty), command)


def _open_duty(draft: Draft, number: DutyNo) -> Duty:
    _must_be_open(draft)
    duty = draft.case.duties.get(number)
    if duty is None or duty.status is not DutyStatus.OPEN:
        raise Refusal(Reason("duty_not_open", params={"duty": number}))
    return duty


def _must_be_open(draft: Draft) -> None:
    if draft.case.status is not CaseStatus.OPEN:
        raise Refusal(Reason("case_is_closed"))


def _ask_move(draft: Draft, command: c.AskMove) -> None:
    moves.ask(draft, command)


# --- words and ties


def _note(draft: Draft, command: c.AddNote) -> None:
    if not command.text.strip() and not command.proofs:
        raise Refusal(Reason("note_empty", "/text"))
    draft.emit(e.NoteAdded(at=draft.at, by=command.by, text=command.text.strip(), proofs=command.proofs))


def _issue_paper(draft: Draft, command: c.IssuePaper) -> None:
    issuing.issue(draft, command)


def _return_paper(draft: Draft, command: c.ReturnPaper) -> None:
    issuing.take_back(draft, command)


def _link(draft: Draft, command: c.LinkCase) -> None:
    """Tie the case to another. A duplicate that was merged into a case which had closed meanwhile lives again."""
    if (command.relation, command.other) in draft.case.links:
        return
    draft.emit(e.CaseLinked(at=draft.at, by=command.by, relation=command.relation, other=command.other))
    if command.relation == moves.DUPLICATE and draft.case.status is not CaseStatus.OPEN:
        draft.effect(TieOther(command.other, moves.MERGE_FAILED, draft.case.id))
    if command.relation == moves.MERGE_FAILED and draft.case.outcome == moves.MERGED:
        draft.emit(e.CaseReopened(at=draft.at, because=moves.MERGE_FAILED))
        stages.take_in(draft)


def _recur(draft: Draft, command: c.Recur) -> None:
    """The same came back: this case's measure did not last, so it lives again."""
    if ("recurred_as", command.other) in draft.case.links:
        return
    draft.emit(e.CaseLinked(at=draft.at, relation="recurred_as", other=command.other))
    draft.effect(TieOther(command.other, "recurrence_of", draft.case.id))
    known = command.rule < len(draft.kind.recurrence)  # the rule is of the later case's pack, which may be newer
    if known and draft.case.status is CaseStatus.CLOSED and not draft.case.imported:
        draft.emit(e.CaseReopened(at=draft.at, because="measure_ineffective"))
        stages.enter(draft, draft.kind.recurrence[command.rule].enter, "measure_ineffective")


# --- time and change


def _time_passed(draft: Draft, command: c.TimePassed) -> None:
    """Climb the ladder as far as time has come; a timer that was overtaken does nothing."""
    duty = draft.case.duties.get(command.duty)
    if duty is None or duty.generation != command.generation or duty.step != command.step:
        return
    if current_rung(duty, draft.at) is None:
        return
    while rung := current_rung(duty, draft.at):
        _climb(draft, duty, rung)
        duty = draft.case.duties[duty.no]
    draft.look_again(duty.no)


def _climb(draft: Draft, duty: Duty, rung: e.ArmedRung) -> None:
    """Reach one rung. When none of those whom it names is there, the next is told with it."""
    if rung.breach and duty.breached_at is None:
        draft.emit(e.DutyBreached(at=draft.at, no=duty.no))
    to = draft.parties(rung.to, duty)
    step = min(duty.step + 1, len(duty.rungs))
    draft.emit(e.RungReached(at=draft.at, no=duty.no, rung=rung.key, step=step, to=to, because=e.SILENCE))
    draft.notify(f"rung:{rung.key}", to, duty.no, rung.urgent)
    if to and not any(draft.is_held(party) for party in to):
        draft.tell_next(draft.case.duties[duty.no], e.UNHELD)
        for party in to:
            draft.post_vacant(party)


def _wake_up(draft: Draft, command: c.WakeUp) -> None:
    """Look at every open duty again: does anybody answer, and is it due when the calendar says?"""
    for duty in draft.case.open_duties():
        draft.look_again(duty.no)
        draft.recount(draft.case.duties[duty.no])


def _change_policy(draft: Draft, command: c.ChangePolicy) -> None:
    """The kind given is the new version already; the case must be able to go on in it."""
    _must_be_open(draft)
    if command.version != draft.kind.version:
        raise Refusal(Reason("version_unknown", params={"version": command.version}))
    if draft.case.stage not in draft.kind.stages:
        raise Refusal(Reason("stage_gone", params={"stage": draft.case.stage}))
    for duty in draft.case.open_duties():
        draft.spec_of(duty)
    draft.emit(e.PolicyChanged(at=draft.at, by=command.by, version=command.version))


_HANDLERS: Mapping[type[c.Command], Callable[[Draft, Any], None]] = {
    c.OpenCase: _open,
    c.RecordHistory: _record_history,
    c.ReviseForm: _revise,
    c.Claim: _claim,
    c.Discharge: _discharge,
    c.AskMove: _ask_move,
    c.AddNote: _note,
    c.IssuePaper: _issue_paper,
    c.ReturnPaper: _return_paper,
    c.LinkCase: _link,
    c.Recur: _recur,
    c.TimePassed: _time_passed,
    c.WakeUp: _wake_up,
    c.ChangePolicy: _change_policy,
}
