"""A case's page: what is known, who owes what by when, and what the viewer may do, or why not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from anhuan.app.reports.reviewed import month_reviewed
from anhuan.app.view.blind import HIDDEN, blind_case, is_hidden, own_blind
from anhuan.app.view.brief import case_fields, owners_of
from anhuan.app.view.lens import Lens
from anhuan.app.view.proofs import comparison_view, file_views, signature_view
from anhuan.app.view.readings import as_read, prefilled
from anhuan.app.view.shapes import (
    AskedMoveView,
    CaseBrief,
    CaseMay,
    CasePage,
    DutyMay,
    DutyView,
    FindsView,
    Gate,
    Holder,
    LinkView,
    MoveGate,
    Outcome,
    ReasonText,
    RungView,
    TableAnswerView,
)
from anhuan.core.case.events import ArmedRung, CaseEvent, TableAnswered
from anhuan.core.case.finding import begun_form, why_not_find
from anhuan.core.case.may import May
from anhuan.core.case.moves import GRANT
from anhuan.core.case.outcome import Reason
from anhuan.core.case.stages import INTAKE
from anhuan.core.case.state import AskedMove, Case, CaseStatus, Duty, DutyStatus
from anhuan.core.obligation.party import parties
from anhuan.core.policy import Deed, DutySpec, Enter, Move, Part, Revise
from anhuan.domain.ids import CaseId, DutyNo
from anhuan.domain.party import PersonParty

PARENT = "parent"
"""How a case is tied to the one that it came out of."""


@dataclass(frozen=True)
class Looked:
    """A case as one viewer sees it: the whole, for judging what they may do, and what is shown of it."""

    whole: Case
    shown: Case
    own: frozenset[DutyNo]
    """The viewer's open blind duties; while there is one, `shown` is the blind copy."""
    lens: Lens

    @cached_property
    def may(self) -> May:
        """What the viewer may do with it."""
        return May(self.lens.kind, self.whole, self.lens.plant, self.lens.viewer, self.lens.at)

    @property
    def blind(self) -> bool:
        """Whether the viewer sees the blind copy."""
        return bool(self.own)


def look_at(case: Case, lens: Lens) -> Looked:
    """The case through a lens."""
    own = own_blind(case, lens.viewer, lens.plant, lens.at)
    shown = blind_case(case, own, lens.plant) if own else case
    return Looked(case, shown, own, lens)


def brief_view(looked: Looked) -> CaseBrief:
    """The brief of a case that is looked at."""
    return CaseBrief(**brief_values(looked))


def brief_values(looked: Looked) -> dict[str, Any]:
    """What the brief of a case that is looked at says, for longer shapes built on it."""
    owners = [] if looked.blind else owners_of(looked.whole, looked.own)
    return case_fields(looked.shown, owners, looked.lens, looked.blind)


def case_page(looked: Looked, events: Sequence[CaseEvent], linked: Mapping[CaseId, CaseBrief]) -> CasePage:
    """The whole page. `linked`: briefs of the tied cases that the viewer may see."""
    case, lens = looked.shown, looked.lens
    answers = [] if looked.blind else [event for event in events if isinstance(event, TableAnswered)]
    return CasePage(
        **brief_values(looked),
        form=case.form,
        computed=case.computed,
        incomplete=[] if looked.blind else gaps(case, lens),
        files=file_views(case.id, case.proofs, lens),
        duties=[duty_view(looked, duty) for duty in case.duties.values()],
        moves=[
            AskedMoveView(
                no=asked.no,
                key=asked.key,
                name=lens.move(asked.key),
                duty=asked.duty,
                by=lens.person(asked.by),
                asked_at=asked.asked_at,
                form=asked.form,
                files=file_views(case.id, asked.proofs, lens),
                granted=_granted(looked, asked),
            )
            for asked in case.moves.values()
        ],
        links=[
            LinkView(
                relation=relation, relation_name=lens.word(f"relation.{relation}"), id=other, case=linked.get(other)
            )
            for relation, other in ties(looked)
        ],
        tables=[table_view(event, lens) for event in answers],
        finds=_finds(looked),
        looks_back=lens.kind.looks_back is not None and not looked.blind,
        reviews=_reviews(looked),
        may=_case_may(looked),
    )


def _granted(looked: Looked, asked: AskedMove) -> bool | None:
    """Whether what was asked for was granted. What was asked of a closed case only opened it for somebody to decide: it
    is granted once the stage that it led into says so."""
    move = looked.lens.kind.moves.get(asked.key)
    if move is None or not move.on_closed or not isinstance(move.effect, Enter) or not asked.granted:
        return asked.granted
    deciding = [
        duty
        for duty in looked.whole.duties.values()
        if duty.stage == move.effect.stage and duty.deed is Deed.APPROVE and duty.opened_at >= asked.asked_at
    ]
    if not deciding:
        return asked.granted
    return None if deciding[0].outcome is None else deciding[0].outcome == GRANT


def ties(looked: Looked) -> tuple[tuple[str, CaseId], ...]:
    """The cases that one is tied to, what it came out of first; a blind check is not told that: it leads to people."""
    parent = looked.shown.parent
    if parent is None or looked.blind:
        return looked.shown.links
    return ((PARENT, parent), *looked.shown.links)


def _reviews(looked: Looked) -> str | None:
    """The month whose figures it looks back on."""
    reviews = looked.lens.kind.reviews
    found = month_reviewed(looked.whole, reviews, looked.lens.plant.zone) if reviews is not None else None
    return found.key if found else None


def _finds(looked: Looked) -> FindsView | None:
    kind, case = looked.lens.kind, looked.whole
    if kind.finds is None or looked.blind:
        return None
    gate = looked.lens.gate(why_not_find(kind, case))
    return FindsView(kind=kind.finds.kind, form=begun_form(kind, case), ok=gate.ok, why=gate.why)


def gaps(case: Case, lens: Lens) -> list[ReasonText]:
    """What an open report still lacks before it can be dispatched."""
    stage = lens.kind.stages.get(case.stage)
    if case.status is not CaseStatus.OPEN or stage is None or INTAKE not in stage.then.values():
        return []
    missing = lens.pack.forms[lens.kind.form].gaps({**case.form, "case": {"source": case.source}})
    return [lens.reason(Reason(problem.code, problem.field, problem.params)) for problem in missing]


def _case_may(looked: Looked) -> CaseMay:
    lens, may = looked.lens, looked.may
    closed = looked.whole.status is CaseStatus.CLOSED
    moves = [move for move in lens.kind.moves.values() if not move.duties and move.on_closed is closed]
    return CaseMay(
        revise=lens.gate(may.revise()),
        note=lens.gate(may.note()),
        moves=[_move_gate(looked, move, None) for move in moves],
    )


def _move_gate(looked: Looked, move: Move, duty: Duty | None) -> MoveGate:
    gate = looked.lens.gate(looked.may.ask(move, duty))
    name = looked.lens.move(move.key)
    return MoveGate(
        key=move.key,
        name=name,
        form=move.form,
        prove=list(move.prove),
        duty=duty.no if duty else None,
        begins=_begins(looked, move),
        ok=gate.ok,
        why=gate.why,
    )


def _begins(looked: Looked, move: Move) -> dict[str, object]:
    """What its form begins with: what stands in the case now, where it changes just that."""
    named = move.effect.fields if isinstance(move.effect, Revise) else ()
    return {name: looked.shown.form[name] for name in named if name in looked.shown.form}


# --- duties


def duty_view(looked: Looked, duty: Duty) -> DutyView:
    """One duty; `duty` is the one of the case as it is shown."""
    lens, hidden = looked.lens, is_hidden(duty, looked.own)
    whole = looked.whole.duties[duty.no]
    spec = lens.kind.duty(duty.stage, duty.key)
    is_open = duty.status is DutyStatus.OPEN
    return DutyView(
        no=duty.no,
        key=duty.key,
        name=lens.duty(duty.key),
        stage=duty.stage,
        stage_name=lens.stage(duty.stage),
        round=duty.round,
        deed=duty.deed,
        part=duty.part,
        party=lens.party(PersonParty(HIDDEN) if hidden else duty.party),
        holders=_holders(looked, duty) if is_open and not hidden else [],
        status=duty.status,
        opened_at=duty.opened_at,
        due_at=duty.due_at,
        breached_at=duty.breached_at,
        overdue=is_open and (duty.breached_at is not None or duty.due_at < lens.at),
        claimed_by=None if hidden else lens.person(duty.claimed_by),
        ended_at=duty.ended_at,
        ended_by=lens.person(duty.ended_by),
        on_behalf_of=lens.person(duty.on_behalf_of),
        outcome=duty.outcome,
        outcome_name=lens.outcome(duty.outcome),
        form=prefilled(looked.whole, spec, lens) if is_open else as_read(duty.form, spec, lens),
        files=file_views(looked.whole.id, duty.proofs, lens, duty.comparison),
        comparison=comparison_view(duty.comparison, lens),
        signature=signature_view(duty.signature, lens),
        blind=duty.blind,
        gates=duty.gates,
        form_key=form_key(spec, duty),
        prove=list(spec.prove) if spec and duty.part is Part.LEAD else [],
        outcomes=[Outcome(key=key, name=lens.word(f"outcome.{key}")) for key in (spec.outcomes if spec else ())],
        rungs=[] if hidden else _rungs(looked, duty),
        move=duty.move,
        may=_duty_may(looked, whole),
    )


def form_key(spec: DutySpec | None, duty: Duty) -> str | None:
    """The form that is filled in for a duty; assisting parties may have their own."""
    if spec is None:
        return None
    return spec.assist_form if duty.part is Part.ASSIST and spec.assist_form else spec.form


def _holders(looked: Looked, duty: Duty) -> list[Holder]:
    plant, at = looked.lens.plant, looked.lens.at
    if duty.party == PersonParty(HIDDEN):
        return []
    return [
        Holder(id=person, name=plant.name_of(person), on_duty=plant.on_duty(person, at))
        for person in plant.holders(duty.party, at)
    ]


def _rungs(looked: Looked, duty: Duty) -> list[RungView]:
    return [
        RungView(
            key=rung.key,
            name=looked.lens.word(f"rung.{rung.key}"),
            at=rung.at,
            to_text=_told(looked, duty, rung),
            reached=number < duty.step,
        )
        for number, rung in enumerate(duty.rungs)
    ]


def _told(looked: Looked, duty: Duty, rung: ArmedRung) -> str:
    lens = looked.lens
    return lens.listed(lens.party(party).text for party in parties(rung.to, looked.shown, lens.plant, duty))


def _duty_may(looked: Looked, duty: Duty) -> DutyMay:
    may, lens = looked.may, looked.lens
    moves: Iterable[Move] = lens.kind.moves.values() if duty.status is DutyStatus.OPEN else ()
    return DutyMay(
        do=lens.gate(may.discharge(duty)),
        claim=_claim_gate(looked, duty),
        moves=[_move_gate(looked, move, duty) for move in moves if duty.key in move.duties],
    )


def _claim_gate(looked: Looked, duty: Duty) -> Gate:
    """Taking on is for duties that several could do and that one has not taken on already."""
    lens = looked.lens
    gate = lens.gate(looked.may.claim(duty))
    if not gate.ok:
        return gate
    if isinstance(duty.party, PersonParty) and not duty.told:
        return Gate(ok=False, why=lens.word("gate.only_yours"))
    if duty.claimed_by == lens.viewer:
        return Gate(ok=False, why=lens.word("gate.claimed_already"))
    return gate


def table_view(event: TableAnswered, lens: Lens) -> TableAnswerView:
    """Which row of which table decided; the row is named while the case is in the version that was asked."""
    return TableAnswerView(
        table=event.table,
        table_name=lens.word(f"table.{event.table}"),
        version=event.version,
        row=event.row,
        row_name=row_name(event, lens),
        outputs=event.outputs,
        purpose=event.purpose,
        purpose_name=lens.purpose(event.purpose),
        at=event.at,
    )


def row_name(event: TableAnswered, lens: Lens) -> str | None:
    """What the row that decided says, in words."""
    table = lens.pack.tables.get(event.table)
    if table is None or table.version != event.version or event.row > len(table.rows):
        return None
    return lens.pack_word(f"row.{event.table}.{table.rows[event.row - 1].id}")
