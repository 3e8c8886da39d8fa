"""What a report would lead to if it were sent now: decided like any report, and then kept nowhere."""

from collections.abc import Mapping

from anhuan.app.view.lens import Lens
from anhuan.app.view.page import table_view
from anhuan.app.view.shapes import DutyPreview, Preview
from anhuan.core.case.commands import OpenCase
from anhuan.core.case.decide import decide
from anhuan.core.case.events import TableAnswered
from anhuan.core.case.outcome import Decision, Facts, Reason, Refused
from anhuan.core.case.state import Case
from anhuan.domain.ids import CaseId

_NO_SEED = b""
"""Whatever is drawn or sampled must not be foreseen: the true seed is not asked for."""


def foreseen(lens: Lens, form: Mapping[str, object]) -> Preview | tuple[Reason, ...]:
    """Where the report would go, who would owe what by when, and which rows say so; or why it would be turned away.

    Duties whose holder is drawn by lot are left out, and so is what a sample decides.
    """
    command = OpenCase(
        by=lens.viewer, case=CaseId("foreseen"), kind=lens.kind.key, number="", form=dict(form), source="report"
    )
    outcome = decide(lens.kind, Case(), Facts(lens.plant, loads={}), command, lens.at, _NO_SEED)
    if not isinstance(outcome, Decision):
        return outcome.reasons if isinstance(outcome, Refused) else ()
    case = outcome.case
    return Preview(
        stage=case.stage,
        stage_name=lens.stage(case.stage),
        duties=[
            DutyPreview(
                key=duty.key,
                name=lens.duty(duty.key),
                party=lens.party(duty.party),
                part=duty.part,
                due_at=duty.due_at,
            )
            for duty in case.open_duties()
            if not duty.blind
        ],
        tables=[table_view(event, lens) for event in outcome.events if isinstance(event, TableAnswered)],
    )
