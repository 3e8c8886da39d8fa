"""From a case to the rows that are read: the one place that says what is stored beside the events.

The write path stores these rows together with the events; `anhuan fsck` builds them again from the events and compares.
"""

from datetime import datetime

from msgspec import Struct

from anhuan.core.case.state import Case, CaseStatus, Duty, DutyStatus
from anhuan.core.completeness import steps
from anhuan.core.counting import teams_of
from anhuan.core.obligation.ladder import next_alarm
from anhuan.core.waiting import deferrals, waited_s, waits_for
from anhuan.domain.party import PersonParty, party_text
from anhuan.ports.rows import CaseRow

RISK_LEVEL = "risk_level"
SHORT = 60
"""Letters that a text of the form has at most to be kept beside the row."""
_NUMBERS = (bool, int, float)
DRAWN = "drawn"
"""A part that only the drawn person sees the case by: their team must not learn who checks."""


class EventRow(Struct, frozen=True, kw_only=True):
    """One row of the table `event`."""

    tenant_id: str
    stream: str
    version: int
    type: str
    at: datetime
    by_person: str | None
    payload: str
    salt: str
    """As `bytea` is written in text."""


class DutyRow(Struct, frozen=True, kw_only=True):
    """One row of the table `duty_row`."""

    tenant_id: str
    case_id: str
    no: int
    key: str
    stage: str
    deed: str
    part: str
    party: str
    told: tuple[str, ...] | None
    status: str
    opened_at: datetime
    due_at: datetime
    breached_at: datetime | None
    ended_at: datetime | None
    claimed_by: str | None
    blind: bool


class TimerRow(Struct, frozen=True, kw_only=True):
    """One row of the table `timer`."""

    tenant_id: str
    case_id: str
    duty_no: int
    step: int
    generation: int
    due_at: datetime


def case_row(tenant: str, case: Case) -> CaseRow:
    """The row of a case that has been opened."""
    assert case.found_at is not None and case.opened_at is not None
    risk = case.computed.get(RISK_LEVEL)
    owed, complete = steps(case)
    return CaseRow(
        tenant_id=tenant,
        id=case.id,
        version=case.version,
        kind=case.kind,
        pack=case.pack,
        pack_version=case.pack_version,
        number=case.number,
        title=case.title,
        status=case.status,
        stage=case.stage,
        area=case.subject.area,
        equipment=case.subject.equipment,
        category=case.subject.category,
        risk_level=risk if isinstance(risk, str) else None,
        source=case.source,
        reporter=case.reporter,
        finder=case.finder,
        found_at=case.found_at,
        opened_at=case.opened_at,
        stage_entered_at=case.stage_entered_at,
        due_at=case.due_at,
        overdue_at=case.overdue_at,
        closed_at=case.closed_at,
        outcome=case.outcome,
        cycle_s=case.cycle_s,
        cycle_working_days=case.cycle_working_days,
        imported=case.imported,
        reopened=case.reopened,
        parent=case.parent,
        fold_key=case.fold_key,
        fields=_scalars(case),
        search=f"{case.number} {case.title}".lower(),
        parts=parts(case),
        teams=tuple(sorted(teams_of(case))),
        waits_for=waits_for(case),
        waited_s=waited_s(case),
        deferrals=deferrals(case),
        hand_overs=case.hand_overs,
        steps=owed,
        steps_complete=complete,
    )


def parts(case: Case) -> tuple[str, ...]:
    """Who has a part in a case: whoever acted or said something, owed a duty or was told of it by a ladder."""
    people = {case.reporter, case.finder, *case.actors(), *case.noted_by}
    found = {f"person:{person}" for person in people if person}
    for duty in case.duties.values():
        if duty.draw is not None and isinstance(duty.party, PersonParty):
            found.add(f"{DRAWN}:{duty.party.person}")
        else:
            found.add(party_text(duty.party))
        found.update(party_text(party) for party in duty.told)
        if duty.claimed_by and duty.draw is None:
            found.add(f"person:{duty.claimed_by}")
    return tuple(sorted(found))


def _scalars(case: Case) -> dict[str, object]:
    """Short values of the form, for the kind's own columns of the register."""
    return {
        key: value
        for key, value in case.form.items()
        if (len(value) <= SHORT if isinstance(value, str) else isinstance(value, _NUMBERS))
    }


def duty_row(tenant: str, case: Case, duty: Duty) -> DutyRow:
    """The row of a duty."""
    return DutyRow(
        tenant_id=tenant,
        case_id=case.id,
        no=duty.no,
        key=duty.key,
        stage=duty.stage,
        deed=duty.deed,
        part=duty.part,
        party=party_text(duty.party),
        told=tuple(party_text(party) for party in duty.told) or None,
        status=duty.status,
        opened_at=duty.opened_at,
        due_at=duty.due_at,
        breached_at=duty.breached_at,
        ended_at=duty.ended_at,
        claimed_by=duty.claimed_by,
        blind=duty.blind,
    )


def timer_row(tenant: str, case: Case, duty: Duty) -> TimerRow | None:
    """The row of a duty's timer; None: nothing more will come."""
    due_at = next_alarm(duty) if case.status is CaseStatus.OPEN and duty.status is DutyStatus.OPEN else None
    if due_at is None:
        return None
    return TimerRow(
        tenant_id=tenant,
        case_id=case.id,
        duty_no=duty.no,
        step=duty.step,
        generation=duty.generation,
        due_at=due_at,
    )
