"""The one table of what may happen when, for a case and for a duty; the docs' diagrams are drawn from it.

A pack decides which stages a kind has and who owes what in them. It cannot change this: an event that has no row here
for the status that a case or duty is in cannot happen.
"""

from collections.abc import Mapping

from anhuan.core.case import events as e
from anhuan.core.case.state import CaseStatus, DutyStatus

CASE: Mapping[CaseStatus, Mapping[type[e.Event], CaseStatus]] = {
    CaseStatus.ABSENT: {e.CaseOpened: CaseStatus.OPEN},
    CaseStatus.OPEN: {
        e.FormRevised: CaseStatus.OPEN,
        e.StageEntered: CaseStatus.OPEN,
        e.TableAnswered: CaseStatus.OPEN,
        e.DutyOpened: CaseStatus.OPEN,
        e.VerifierDrawn: CaseStatus.OPEN,
        e.DrawFellBack: CaseStatus.OPEN,
        e.DrawRevealed: CaseStatus.OPEN,
        e.DutyClaimed: CaseStatus.OPEN,
        e.DutyDischarged: CaseStatus.OPEN,
        e.DutyCancelled: CaseStatus.OPEN,
        e.DutyReassigned: CaseStatus.OPEN,
        e.DutyRescheduled: CaseStatus.OPEN,
        e.RungReached: CaseStatus.OPEN,
        e.DutyBreached: CaseStatus.OPEN,
        e.MoveAsked: CaseStatus.OPEN,
        e.MoveDecided: CaseStatus.OPEN,
        e.NoteAdded: CaseStatus.OPEN,
        e.PaperIssued: CaseStatus.OPEN,
        e.PaperReturned: CaseStatus.OPEN,
        e.CaseLinked: CaseStatus.OPEN,
        e.CasesCalledFor: CaseStatus.OPEN,
        e.PolicyChanged: CaseStatus.OPEN,
        e.CaseClosed: CaseStatus.CLOSED,
    },
    CaseStatus.CLOSED: {
        e.NoteAdded: CaseStatus.CLOSED,
        e.PaperIssued: CaseStatus.CLOSED,
        e.PaperReturned: CaseStatus.CLOSED,
        e.CaseLinked: CaseStatus.CLOSED,
        e.CaseReopened: CaseStatus.OPEN,
    },
}

DUTY: Mapping[DutyStatus, Mapping[type[e.Event], DutyStatus]] = {
    DutyStatus.ABSENT: {e.DutyOpened: DutyStatus.OPEN},
    DutyStatus.OPEN: {
        e.VerifierDrawn: DutyStatus.OPEN,
        e.DrawFellBack: DutyStatus.OPEN,
        e.DutyClaimed: DutyStatus.OPEN,
        e.DutyReassigned: DutyStatus.OPEN,
        e.DutyRescheduled: DutyStatus.OPEN,
        e.RungReached: DutyStatus.OPEN,
        e.DutyBreached: DutyStatus.OPEN,
        e.DrawRevealed: DutyStatus.OPEN,
        e.DutyDischarged: DutyStatus.DISCHARGED,
        e.DutyCancelled: DutyStatus.CANCELLED,
    },
    DutyStatus.DISCHARGED: {e.DrawRevealed: DutyStatus.DISCHARGED},
    DutyStatus.CANCELLED: {e.DrawRevealed: DutyStatus.CANCELLED},
}
