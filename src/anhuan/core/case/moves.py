"""Asking for something other than doing it: more time, hand over, send back, withdraw, defer, re-open, merge.

Every move is pack data: who may ask, who approves, and which of the few effects it has. None of them touches a blind
verification, and no silence ever grants one.
"""

import dataclasses

from msgspec.structs import replace

from anhuan.core.case import events as e
from anhuan.core.case import papers, revising
from anhuan.core.case.closing import announce, close
from anhuan.core.case.commands import AskMove
from anhuan.core.case.draft import Draft, Refusal
from anhuan.core.case.outcome import Reason, TieOther
from anhuan.core.case.rights import answers, barred
from anhuan.core.case.stages import follow, leave
from anhuan.core.case.state import AskedMove, CaseStatus, Duty, DutyStatus
from anhuan.core.obligation.party import UnknownPartyWord
from anhuan.core.policy import Close, DutySpec, Enter, Merge, Move, Reassign, Reschedule, Revise, Values
from anhuan.domain.ids import CaseId, DutyNo, PersonId
from anhuan.domain.party import Party, PersonParty, party_text

GRANT = "approve"
MERGED = "merged"
"""The outcome of a duplicate."""
DUPLICATE, MERGE_FAILED = "duplicate", "merge_failed"
"""What a case is told of another that was merged into it, and that one if this could not be."""


def ask(draft: Draft, command: AskMove) -> None:
    """Carry out a wish: at once, or by opening the duty to approve it."""
    move = draft.kind.moves.get(command.move)
    if move is None:
        raise Refusal(Reason("move_unknown", "/move", {"move": command.move}))
    duty = _duty_in_question(draft, move, command.duty)
    if reason := why_not_ask(draft, move, duty, command.by):
        raise Refusal(reason)
    _check_form(draft, move, command, duty)
    number = len(draft.case.moves) + 1
    if move.on_closed:
        draft.emit(e.CaseReopened(at=draft.at, by=command.by, because=move.key))
    draft.emit(
        e.MoveAsked(
            at=draft.at,
            by=command.by,
            move=number,
            key=move.key,
            duty=duty.no if duty else None,
            form=dict(command.form),
            proofs=command.proofs,
        )
    )
    if move.approve is None:
        _grant(draft, move, draft.case.moves[number], {})
    else:
        draft.open_duty(_approval(draft, move), move=number, extra=command.form)


def _duty_in_question(draft: Draft, move: Move, number: DutyNo | None) -> Duty | None:
    if not move.duties:
        return None
    if number is None:
        raise Refusal(Reason("duty_needed", "/duty", {"move": move.key, "duties": list(move.duties)}))
    duty = draft.case.duties.get(number)
    if duty is None or duty.status is not DutyStatus.OPEN:
        raise Refusal(Reason("duty_not_open", "/duty", {"duty": number}))
    return duty


def why_not_ask(draft: Draft, move: Move, duty: Duty | None, by: PersonId | None) -> Reason | None:
    """Why somebody may not ask for a move now; None: they may."""
    case = draft.case
    if (case.status is CaseStatus.CLOSED) is not move.on_closed:
        return Reason("case_is_closed" if case.status is CaseStatus.CLOSED else "case_is_open")
    if duty is not None and (duty.key not in move.duties or duty.draw is not None or duty.blind):
        return Reason("move_not_for_duty", "/move", {"move": move.key, "duty": duty.key})
    if not draft.holds(move.when, move.key):
        return Reason("move_not_for_case", "/move", {"move": move.key})
    if any(asked.granted is None and asked.key == move.key for asked in case.moves.values()):
        return Reason("already_asked", "/move", {"move": move.key})
    if move.until_after is not None and case.closed_at is not None and draft.at > case.closed_at + move.until_after:
        until = (case.closed_at + move.until_after).astimezone(draft.plant.zone)
        return Reason("asked_too_late", "/move", {"move": move.key, "until": until.strftime("%Y-%m-%d %H:%M")})
    if move.at_most is not None and sum(asked.key == move.key for asked in case.moves.values()) >= move.at_most:
        return Reason("asked_often_enough", "/move", {"move": move.key, "at_most": move.at_most})
    if by is None or not _may_ask(draft, move, duty, by):
        return Reason("may_not_ask", "/move", {"move": move.key})
    return None


def _may_ask(draft: Draft, move: Move, duty: Duty | None, by: PersonId) -> bool:
    if not draft.plant.is_here(by, draft.at):
        return False
    if "anyone" in move.asked_by:
        return True
    if "holders" in move.asked_by:
        owed = (duty,) if duty else draft.case.open_duties()
        if any(answers(one, by, draft.plant, draft.at) for one in owed if not one.blind):
            return True
    words = [word for word in move.asked_by if word != "holders"]
    return any(draft.plant.answers_for(by, p, draft.at) for p in draft.parties(words, duty))


def _check_form(draft: Draft, move: Move, command: AskMove, duty: Duty | None) -> None:
    form = draft.kind.forms[move.form] if move.form is not None else None
    problems = form({**command.form, "case": draft.values_of_case()}, at=draft.at) if form is not None else ()
    reasons = [Reason(p.code, p.field, p.params) for p in problems]
    reasons += papers.missing(move.prove, command.proofs)
    reasons += papers.misplaced(form, command.proofs)
    if reasons:
        raise Refusal(*reasons)
    if isinstance(move.effect, Reschedule):
        until = draft.instant(move.effect.field, command.form)
        if until <= draft.at:
            raise Refusal(Reason("time_is_past", f"/{move.effect.field}"))
        if move.earlier_only and duty is not None and until >= duty.due_at:
            raise Refusal(Reason("only_earlier", f"/{move.effect.field}", {"due_at": duty.due_at.isoformat()}))
        if not move.earlier_only and duty is not None and until <= duty.due_at:
            raise Refusal(Reason("only_later", f"/{move.effect.field}", {"due_at": duty.due_at.isoformat()}))
    if isinstance(move.effect, Reassign) and move.approve is None:
        party = _new_party(draft, move.effect, command.form, duty)
        own = command.by is not None and party == PersonParty(command.by)
        if duty is not None and (party == duty.party or own):
            raise Refusal(Reason("already_theirs", f"/{move.effect.field}", {"party": party_text(party)}))
    if isinstance(move.effect, Merge):
        _other_case(draft, move.effect, command.form)
    if isinstance(move.effect, Revise):
        revising.checked(draft, revising.revised_form(draft, move.effect, command.form), draft.case.source)


def _other_case(draft: Draft, effect: Merge, values: Values) -> CaseId:
    """The open case of the same kind in a field; refused when this one would be lost with it."""
    pointer = f"/{effect.field}"
    other = CaseId(str(values.get(effect.field) or ""))
    if not other or other == draft.case.id:
        raise Refusal(Reason("other_case_missing", pointer))
    found = draft.other(other)
    if found is None or found.status is not CaseStatus.OPEN or found.kind != draft.case.kind:
        raise Refusal(Reason("other_case_not_open", pointer, {"case": other}))
    return other


def _approval(draft: Draft, move: Move) -> DutySpec:
    """The duty to approve a move; from the pack's count on it is the arbiter's."""
    assert move.approve is not None
    asked_so_far = sum(1 for asked in draft.case.moves.values() if asked.key == move.key)
    if move.arbiter is not None and asked_so_far >= move.arbiter_from:
        return dataclasses.replace(move.approve, who=move.arbiter)
    return move.approve


def decide(draft: Draft, duty: Duty, form: Values) -> None:
    """An approval was discharged: grant or refuse what was asked."""
    assert duty.move is not None
    asked = draft.case.moves[duty.move]
    mine = [d for d in draft.case.duties.values() if d.move == asked.no]
    waiting = [d for d in mine if d.status is DutyStatus.OPEN]
    signed = sum(d.status is DutyStatus.DISCHARGED for d in mine)
    granted = duty.outcome == GRANT
    quorum = draft.spec_of(duty).quorum
    if granted and waiting and (quorum is None or signed < quorum):
        for other in waiting:
            draft.look_whether_held(other.no)
        return
    if granted:
        draft.cancel(waiting, "quorum_reached")
        _grant(draft, draft.kind.moves[asked.key], asked, form)
    else:
        draft.refuse_move(asked, dict(form), draft.by)
    if asked.by:
        draft.notify("move_granted" if granted else "move_refused", (PersonParty(asked.by),), asked.duty)


def _grant(draft: Draft, move: Move, asked: AskedMove, form: Values) -> None:
    values = {**asked.form, **form}
    duty = draft.case.duties[asked.duty] if asked.duty is not None else None
    draft.emit(e.MoveDecided(at=draft.at, by=draft.by, move=asked.no, granted=True, form=dict(form)))
    match move.effect:
        case Reschedule(field) if duty is not None:
            draft.reschedule(duty, draft.spec_of(duty), draft.instant(field, values), move.key)
        case Reassign() as effect if duty is not None:
            party = _new_party(draft, effect, values, duty)
            draft.emit(e.DutyReassigned(at=draft.at, by=draft.by, no=duty.no, party=party, because=move.key))
            draft.notify(f"duty:{duty.deed}", (party,), duty.no)
            draft.look_whether_held(duty.no)
        case Enter(stage):
            follow(draft, stage, move.key)
        case Close(outcome):
            follow(draft, f"close:{outcome}", move.key)
        case Revise() as effect:
            revising.revise(draft, revising.revised_form(draft, effect, values))
        case Merge() as merge:
            other = _other_case(draft, merge, values)
            draft.emit(e.CaseLinked(at=draft.at, by=draft.by, relation="merged_into", other=other))
            draft.effect(TieOther(other, DUPLICATE, draft.case.id))
            leave(draft, move.key)
            close(draft, MERGED)
            announce(draft)
        case effect:
            raise TypeError(f"{effect} needs a duty")


def _new_party(draft: Draft, effect: Reassign, values: Values, duty: Duty | None) -> Party:
    """The party in a field; refused when nobody there may do the duty."""
    word = str(values.get(effect.field) or "")
    pointer = f"/{effect.field}"
    try:
        found = draft.parties((word if ":" in word else f"person:{word}",), duty)
    except UnknownPartyWord:
        raise Refusal(Reason("party_unknown", pointer, {"party": word})) from None
    if not found or not draft.is_held(found[0]):
        raise Refusal(Reason("party_unheld", pointer, {"party": word}))
    if duty is not None:
        spec = draft.spec_of(duty)
        reasons = [barred(draft.case, spec, p, draft.plant, duty) for p in draft.plant.holders(found[0], draft.at)]
        if reasons and all(reasons):
            raise Refusal(replace(reasons[0] or Reason("party_unheld"), field=pointer))
    return found[0]
