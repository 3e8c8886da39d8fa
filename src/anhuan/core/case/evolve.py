"""Fold an event into a case. Knows neither policy nor clock: all that it needs stands in the event."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from anhuan.core.case import events as e
from anhuan.core.case import transitions
from anhuan.core.case.state import AskedMove, Case, Closure, Duty, DutyStatus, IssuedPaper
from anhuan.core.policy import Deed
from anhuan.domain.ids import PersonId
from anhuan.domain.party import PersonParty


class IllegalTransition(Exception):
    """An event that the transition table does not allow; only a defect or a tampered log brings it about."""


Changes = dict[str, Any]
"""Fields of a case and what they are after an event."""


def evolve(case: Case, event: e.CaseEvent) -> Case:
    """The case after the event.

    Raises IllegalTransition when the table has no row for it.
    """
    status = transitions.CASE[case.status].get(type(event))
    if status is None:
        raise IllegalTransition(f"{type(event).__name__} cannot happen to a case that is {case.status}")
    return replace(case, version=case.version + 1, status=status, **_FOLDS[type(event)](case, event))


def fold(events: Iterable[e.CaseEvent], case: Case | None = None) -> Case:
    """The case after all events, beginning with `case` or with nothing."""
    state = case or Case()
    for event in events:
        state = evolve(state, event)
    return state


def _duty(case: Case, event: Any, /, **changes: object) -> Changes:
    """The duties with the event's changed and moved on by the table."""
    duty = case.duties[event.no]
    status = transitions.DUTY[duty.status].get(type(event))
    if status is None:
        raise IllegalTransition(f"{type(event).__name__} cannot happen to a duty that is {duty.status}")
    return {"duties": {**case.duties, duty.no: replace(duty, status=status, **changes)}}


def _acted(case: Case, *acts: tuple[PersonId | None, str]) -> frozenset[tuple[PersonId, str]]:
    return case.acts | {(person, deed) for person, deed in acts if person}


def _opened(case: Case, event: e.CaseOpened) -> Changes:
    return {
        "id": event.case,
        "kind": event.kind,
        "pack": event.pack,
        "pack_version": event.pack_version,
        "number": event.number,
        "title": event.title,
        "source": event.source,
        "reporter": event.reporter,
        "finder": event.finder,
        "found_at": event.found_at,
        "opened_at": event.at,
        "form": event.form,
        "computed": event.computed,
        "subject": event.subject,
        "proofs": event.proofs,
        "parent": event.parent,
        "fold_key": event.fold_key,
        "imported": event.imported,
        "acts": _acted(
            case, (event.reporter, "reported"), (event.finder, "found"), (event.subject.performer, Deed.PERFORM)
        ),
    }


def _form_revised(case: Case, event: e.FormRevised) -> Changes:
    return {
        "form": event.form,
        "computed": event.computed,
        "subject": event.subject,
        "title": event.title,
        "proofs": (*case.proofs, *event.proofs),
        "finder": event.finder or case.finder,
        "found_at": event.found_at or case.found_at,
        "acts": _acted(case, (event.by, "revised"), (event.finder, "found"), (event.subject.performer, Deed.PERFORM)),
    }


def _stage_entered(case: Case, event: e.StageEntered) -> Changes:
    granted = [asked.by for asked in case.moves.values() if asked.granted and asked.key == event.because]
    return {
        "stage": event.stage,
        "stage_entered_at": event.at,
        "round": case.round + 1,
        "wished_by": granted[-1] if granted else None,
    }


def _duty_opened(case: Case, event: e.DutyOpened) -> Changes:
    if event.no in case.duties:
        raise IllegalTransition(f"duty {event.no} is there already")
    duty = Duty(
        no=event.no,
        key=event.key,
        stage=event.stage,
        round=case.round,
        deed=event.deed,
        part=event.part,
        party=event.party,
        opened_at=event.at,
        due_at=event.due_at,
        rungs=event.rungs,
        repeat_s=event.repeat_s,
        gates=event.gates,
        blind=event.blind,
        of_case=event.of_case,
        move=event.move,
        term=event.term,
        stage_wait=event.wait,
        prove=event.prove,
    )
    due_at = event.due_at if event.of_case else case.due_at
    return {"duties": {**case.duties, duty.no: duty}, "due_at": due_at}


def _verifier_drawn(case: Case, event: e.VerifierDrawn) -> Changes:
    drawn = _duty(case, event, draw=event.draw, party=PersonParty(event.person), claimed_by=None, unanswered=False)
    return {**drawn, "draws": max(case.draws, event.draw)}


def _draw_fell_back(case: Case, event: e.DrawFellBack) -> Changes:
    return {**_duty(case, event, draw=None, claimed_by=None), "draws": max(case.draws, event.draw)}


def _duty_claimed(case: Case, event: e.DutyClaimed) -> Changes:
    return _duty(case, event, claimed_by=event.by)


def _duty_discharged(case: Case, event: e.DutyDischarged) -> Changes:
    done = _duty(
        case,
        event,
        ended_at=event.at,
        ended_by=event.by,
        on_behalf_of=event.on_behalf_of,
        outcome=event.outcome,
        form=event.form,
        proofs=event.proofs,
        comparison=event.comparison,
        signature=event.signature,
    )
    deed = case.duties[event.no].deed
    return {**done, "acts": _acted(case, (event.by, deed), (event.on_behalf_of, deed))}


def _duty_cancelled(case: Case, event: e.DutyCancelled) -> Changes:
    return _duty(case, event, ended_at=event.at)


def _duty_reassigned(case: Case, event: e.DutyReassigned) -> Changes:
    given_by_a_person = case.hand_overs + (event.by is not None)
    return {**_duty(case, event, party=event.party, claimed_by=None, unanswered=False), "hand_overs": given_by_a_person}


def _duty_rescheduled(case: Case, event: e.DutyRescheduled) -> Changes:
    duty = case.duties[event.no]
    moved = _duty(
        case,
        event,
        due_at=event.due_at,
        rungs=event.rungs,
        step=0,
        last_rung_at=None,
        generation=duty.generation + 1,
        term=duty.term if event.because == e.CALENDAR_CHANGED else None,
    )
    return {**moved, "due_at": event.due_at if duty.of_case else case.due_at}


def _rung_reached(case: Case, event: e.RungReached) -> Changes:
    told = case.duties[event.no].told
    return _duty(
        case,
        event,
        step=event.step,
        last_rung_at=event.at,
        told=(*told, *(party for party in event.to if party not in told)),
        unanswered=event.because != e.SILENCE and not event.to,
    )


def _duty_breached(case: Case, event: e.DutyBreached) -> Changes:
    duty = case.duties[event.no]
    breached = _duty(case, event, breached_at=duty.breached_at or event.at)
    overdue_at = (case.overdue_at or event.at) if duty.of_case else case.overdue_at
    return {**breached, "overdue_at": overdue_at}


def _move_asked(case: Case, event: e.MoveAsked) -> Changes:
    asked = AskedMove(
        no=event.move,
        key=event.key,
        duty=event.duty,
        by=event.by,
        asked_at=event.at,
        form=event.form,
        proofs=event.proofs,
    )
    return {"moves": {**case.moves, asked.no: asked}}


def _move_decided(case: Case, event: e.MoveDecided) -> Changes:
    asked = replace(case.moves[event.move], granted=event.granted)
    earlier = {no: move for no, move in case.moves.items() if no != asked.no}
    return {"moves": {**earlier, asked.no: asked}}


def _noted(case: Case, event: e.Event) -> frozenset[PersonId]:
    return case.noted_by | {event.by} if event.by else case.noted_by


def _note_added(case: Case, event: e.NoteAdded) -> Changes:
    return {"proofs": (*case.proofs, *event.proofs), "noted_by": _noted(case, event)}


def _paper_issued(case: Case, event: e.PaperIssued) -> Changes:
    if event.number in case.papers:
        raise IllegalTransition(f"paper {event.number} was issued already")
    issued = IssuedPaper(
        number=event.number,
        paper=event.paper,
        issued_at=event.at,
        by=event.by,
        language=event.language,
        sha256=event.sha256,
        size_bytes=event.size_bytes,
        version=case.version,
    )
    return {"papers": {**case.papers, issued.number: issued}, "noted_by": _noted(case, event)}


def _paper_returned(case: Case, event: e.PaperReturned) -> Changes:
    paper = case.papers[event.number]
    returned = replace(paper, returned=(*paper.returned, *event.proofs))
    return {"papers": {**case.papers, event.number: returned}, "noted_by": _noted(case, event)}


def _case_linked(case: Case, event: e.CaseLinked) -> Changes:
    return {"links": (*case.links, (event.relation, event.other))}


def _cases_called_for(case: Case, event: e.CasesCalledFor) -> Changes:
    targets = (*event.areas, *event.people) or ("",)
    return {"called_for": case.called_for | {(event.rule, target) for target in targets}}


def _case_closed(case: Case, event: e.CaseClosed) -> Changes:
    if any(duty.status is DutyStatus.OPEN for duty in case.duties.values()):
        raise IllegalTransition("a case cannot close with an open duty")
    earlier = case.closed_before.closed_at if event.as_before and case.closed_before else None
    return {
        "closed_at": earlier or event.closed_at or event.at,
        "outcome": event.outcome,
        "cycle_s": event.cycle_s,
        "cycle_working_days": event.cycle_working_days,
        "stage": "",
    }


def _case_reopened(case: Case, event: e.CaseReopened) -> Changes:
    assert case.closed_at is not None and case.outcome is not None
    closed_before = Closure(
        closed_at=case.closed_at,
        outcome=case.outcome,
        cycle_s=case.cycle_s or 0,
        cycle_working_days=case.cycle_working_days or 0.0,
    )
    return {
        "closed_at": None,
        "outcome": None,
        "cycle_s": None,
        "cycle_working_days": None,
        "reopened": case.reopened + 1,
        "closed_before": closed_before,
    }


def _policy_changed(case: Case, event: e.PolicyChanged) -> Changes:
    return {"pack_version": event.version}


def _draw_revealed(case: Case, event: e.DrawRevealed) -> Changes:
    return _duty(case, event)


def _table_answered(case: Case, event: e.TableAnswered) -> Changes:
    return {}


_FOLDS: Mapping[type[e.Event], Callable[[Case, Any], Changes]] = {
    e.CaseOpened: _opened,
    e.FormRevised: _form_revised,
    e.StageEntered: _stage_entered,
    e.TableAnswered: _table_answered,
    e.DutyOpened: _duty_opened,
    e.VerifierDrawn: _verifier_drawn,
    e.DrawFellBack: _draw_fell_back,
    e.DrawRevealed: _draw_revealed,
    e.DutyClaimed: _duty_claimed,
    e.DutyDischarged: _duty_discharged,
    e.DutyCancelled: _duty_cancelled,
    e.DutyReassigned: _duty_reassigned,
    e.DutyRescheduled: _duty_rescheduled,
    e.RungReached: _rung_reached,
    e.DutyBreached: _duty_breached,
    e.MoveAsked: _move_asked,
    e.MoveDecided: _move_decided,
    e.NoteAdded: _note_added,
    e.PaperIssued: _paper_issued,
    e.PaperReturned: _paper_returned,
    e.CaseLinked: _case_linked,
    e.CasesCalledFor: _cases_called_for,
    e.CaseClosed: _case_closed,
    e.CaseReopened: _case_reopened,
    e.PolicyChanged: _policy_changed,
}
