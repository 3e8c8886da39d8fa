"""Doing a duty: who may, with what form and proof, and what follows from it."""

from collections.abc import Iterator

import msgspec

from anhuan.core import proof
from anhuan.core.case import dated, moves, papers, stages
from anhuan.core.case import events as e
from anhuan.core.case.commands import Discharge
from anhuan.core.case.draft import CLOCK_SLACK, Draft, Refusal
from anhuan.core.case.opening import raise_from_entries
from anhuan.core.case.outcome import Reason
from anhuan.core.case.rights import DECLINE, barred, why_not
from anhuan.core.case.state import Duty
from anhuan.core.policy import Deed, DutySpec, Part
from anhuan.domain.evidence import Evidence
from anhuan.domain.ids import PersonId
from anhuan.domain.plant_items import Area, Equipment
from anhuan.domain.position import Position


def discharge(draft: Draft, duty: Duty, command: Discharge) -> None:
    """Discharge a duty and follow what its outcome leads to."""
    spec = draft.spec_of(duty)
    _check_person(draft, duty, spec, command)
    _check_report(draft, duty)
    _check_content(draft, duty, spec, command)
    discharged = e.DutyDischarged(
        at=draft.at,
        by=command.by,
        no=duty.no,
        outcome=command.outcome,
        form=dict(command.form),
        proofs=command.proofs,
        done_at=command.done_at or draft.at,
        on_behalf_of=command.on_behalf_of,
        signature=command.signature,
        comparison=_comparison(draft, spec, command) if duty.part is Part.LEAD else None,
    )
    draft.emit(discharged)
    done = draft.case.duties[duty.no]
    draft.reveal(done)
    draft.overtake_moves(done)
    _take_as_received(draft, done)
    if (write := dated.written(draft.kind, spec.key, draft.case, discharged)) is not None:
        draft.effect(write)
    if spec.key in draft.kind.opens:
        raise_from_entries(draft, draft.kind.opens[spec.key], done)
    if done.move is not None:
        moves.decide(draft, done, command.form)
    elif done.round == draft.case.round:
        stages.after_discharge(draft, done, spec)


def _take_as_received(draft: Draft, done: Duty) -> None:
    """Whoever has done the work has received it: their party's receipts in this stage fall away."""
    if done.deed is Deed.PERFORM:
        mine = (d for d in draft.case.open_duties() if d.deed is Deed.ACKNOWLEDGE and d.party == done.party)
        draft.cancel(tuple(d for d in mine if d.round == done.round), "work_done")


def _check_person(draft: Draft, duty: Duty, spec: DutySpec, command: Discharge) -> None:
    if command.by is None:
        raise Refusal(Reason("person_needed"))
    signer = command.on_behalf_of or command.by
    if reason := why_not(draft.case, duty, spec, signer, draft.plant, draft.at):
        raise Refusal(reason)
    if command.on_behalf_of is None:
        return
    if duty.blind or not _may_sign_for(draft, command.by, command.on_behalf_of):
        raise Refusal(Reason("may_not_sign_for", "/on_behalf_of", {"person": command.on_behalf_of}))
    if reason := barred(draft.case, spec, command.by, draft.plant, duty):
        raise Refusal(reason)


def _check_report(draft: Draft, duty: Duty) -> None:
    """Where a case waits for its report, a word does not do: the report itself must be completed."""
    if duty.move is not None or not duty.gates or draft.case.stage not in stages.waiting_for_form(draft):
        return
    if problems := draft.report_levels(draft.case.form, draft.case.source)[1]:
        raise Refusal(Reason("report_incomplete", params={"fields": [problem.field for problem in problems]}))


def _may_sign_for(draft: Draft, signer: PersonId, absent: PersonId) -> bool:
    """A deputy named for the time, or the direct superior."""
    deputy = draft.plant.standing_in(absent, draft.at)
    superior = next(draft.plant.superiors(absent), None)
    return draft.plant.is_here(signer, draft.at) and signer in (deputy, superior)


def _check_content(draft: Draft, duty: Duty, spec: DutySpec, command: Discharge) -> None:
    reasons = []
    if command.outcome not in spec.outcomes:
        reasons.append(
            Reason("outcome_unknown", "/outcome", {"outcome": command.outcome, "outcomes": list(spec.outcomes)})
        )
    if command.done_at and command.done_at > draft.at + CLOCK_SLACK:
        reasons.append(Reason("time_in_future", "/done_at", {"value": command.done_at.isoformat()}))
    declined = command.outcome == DECLINE
    name = spec.assist_form if duty.part is Part.ASSIST and spec.assist_form else spec.form
    form = draft.kind.forms[name] if name is not None else None
    if form is not None and not declined:
        values = {**command.form, "outcome": command.outcome, "case": draft.values_of_case(counted=True)}
        problems = form(values, at=draft.at)
        reasons += [Reason(p.code, p.field, p.params) for p in problems]
    if not declined and duty.part is Part.LEAD:
        reasons += papers.missing(spec.prove, command.proofs, signed=command.signature is not None)
        reasons += _missing_readings(draft, spec, command)
        if command.outcome in dated.ENDS_WELL:
            reasons += dated.unwritable(draft.kind, spec.key, command.form, draft.case, draft.plant)
    reasons += papers.misplaced(form, command.proofs)
    if reasons:
        raise Refusal(*reasons)


def _missing_readings(draft: Draft, spec: DutySpec, command: Discharge) -> Iterator[Reason]:
    """Points of the equipment on the round that nobody read or looked at."""
    if spec.readings is None:
        return
    field, of = spec.readings
    entries = command.form.get(field)
    read = {
        (entry.get("equipment"), entry.get("point"))
        for entry in (entries if isinstance(entries, list) else [])
        if isinstance(entry, dict) and ("value" in entry or "in_order" in entry)
    }
    named = draft.case.values().get(of)
    for equipment in (draft.plant.get(Equipment, str(key)) for key in (named if isinstance(named, list) else [named])):
        for point in equipment.points if equipment else ():
            if (equipment and equipment.id, point.key) not in read:
                yield Reason(
                    "reading_missing",
                    f"/{field}",
                    {"equipment": equipment.name if equipment else "", "point": point.name},
                )


def _comparison(draft: Draft, spec: DutySpec, command: Discharge) -> dict[str, object] | None:
    """Times and places of the photos before and after, compared for whoever verifies."""
    if spec.compare is None:
        return None
    before, after = (
        [piece.evidence for piece in command.proofs if piece.slot == slot and _is_photo(piece.evidence)]
        for slot in spec.compare
    )
    subject = draft.case.subject
    equipment = draft.plant.get(Equipment, subject.equipment)
    area = draft.plant.get(Area, subject.area)
    verdict = proof.compare(
        before,
        after,
        proof.Subject(
            equipment=subject.equipment,
            position=_position(equipment) or _position(area),
            found_at=draft.case.found_at,
            recording_permitted=area.photos_allowed if area else None,
        ),
        zone=draft.plant.zone,
        limits=proof.ProofLimits(near_m=draft.kind.photo_metres),
    )
    compared: dict[str, object] = msgspec.json.decode(msgspec.json.encode(verdict))  # as it will be read back
    return compared


def _is_photo(evidence: Evidence) -> bool:
    return evidence.kind == "photo"


def _position(place: Equipment | Area | None) -> Position | None:
    if place is None or place.latitude is None or place.longitude is None:
        return None
    return Position(lat=place.latitude, lon=place.longitude, datum="wgs84")
