"""Papers: given out under a number that they keep, and taken back signed.

A paper changes nothing about what is owed. That it was issued, by whom, and with which bytes stands in the ledger like
everything else, so that nobody can show another paper under its number.
"""

from anhuan.core.case import events as e
from anhuan.core.case.commands import IssuePaper, ReturnPaper
from anhuan.core.case.draft import Draft, Refusal
from anhuan.core.case.outcome import Reason
from anhuan.core.case.rights import answers
from anhuan.core.case.state import Case, CaseStatus, DutyStatus
from anhuan.core.policy import Deed, Paper
from anhuan.domain.ids import PersonId

PERFORMERS = "performers"
"""In a paper's `issued_by`: everybody who did or owes the work."""
SIGNED_COPY = "signed_copy"
"""The slot of a picture of a signed paper."""


def issue(draft: Draft, command: IssuePaper) -> None:
    """Give the paper out."""
    paper = draft.kind.papers.get(command.paper)
    if paper is None:
        raise Refusal(Reason("paper_not_of_kind", "/paper", {"paper": command.paper}))
    if reason := why_not_issue(draft, paper, command.by):
        raise Refusal(reason)
    if command.number in draft.case.papers:
        raise Refusal(Reason("paper_number_taken", "/number", {"number": command.number}))
    draft.emit(
        e.PaperIssued(
            at=draft.at,
            by=command.by,
            paper=paper.key,
            number=command.number,
            language=command.language,
            sha256=command.sha256,
            size_bytes=command.size_bytes,
        )
    )


def why_not_issue(draft: Draft, paper: Paper, by: PersonId | None) -> Reason | None:
    """Why somebody may not issue the paper now; None: they may."""
    case = draft.case
    if case.status is CaseStatus.ABSENT or case.imported:
        return Reason("paper_of_history", "/paper", {"paper": paper.key})
    if paper.stages and case.stage not in paper.stages:
        return Reason("paper_not_at_this_stage", "/paper", {"paper": paper.key})
    if any(not _done(case, key) for key in paper.after):
        return Reason("paper_before_its_time", "/paper", {"paper": paper.key})
    if by is None:
        return Reason("person_needed")
    return None if _may_issue(draft, paper, by) else Reason("may_not_issue", "/paper", {"paper": paper.key})


def _done(case: Case, key: str) -> bool:
    return any(duty.key == key and duty.status is DutyStatus.DISCHARGED for duty in case.duties.values())


def _may_issue(draft: Draft, paper: Paper, by: PersonId) -> bool:
    if not draft.plant.is_here(by, draft.at):
        return False
    if "anyone" in paper.issued_by:
        return True
    if PERFORMERS in paper.issued_by and _performs(draft, by):
        return True
    words = [word for word in paper.issued_by if word != PERFORMERS]
    return any(draft.plant.answers_for(by, party, draft.at) for party in draft.parties(words))


def _performs(draft: Draft, by: PersonId) -> bool:
    """Whether somebody owes work on the case or has done some, leading or assisting."""
    return any(
        duty.ended_by == by or (duty.status is DutyStatus.OPEN and answers(duty, by, draft.plant, draft.at))
        for duty in draft.case.duties.values()
        if duty.deed is Deed.PERFORM
    )


def take_back(draft: Draft, command: ReturnPaper) -> None:
    """Keep a picture of the signed paper; the same picture again changes nothing."""
    paper = draft.case.papers.get(command.number)
    if paper is None:
        raise Refusal(Reason("paper_unknown", "/sha256", {"number": command.number}))
    if command.by is None:
        raise Refusal(Reason("person_needed"))
    if any(piece.evidence.sha256 == command.proof.evidence.sha256 for piece in paper.returned):
        return
    draft.emit(e.PaperReturned(at=draft.at, by=command.by, number=paper.number, proofs=(command.proof,)))
