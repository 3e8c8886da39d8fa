"""What somebody may do with a case now, and why not: asked by pages, answered by the functions that decide.

A page never judges by itself. Whatever it shows as possible is asked here, and `decide` asks the same functions again
when it is done.
"""

from datetime import datetime

from anhuan.core.case.decide import why_not_revise
from anhuan.core.case.draft import Draft, Refusal
from anhuan.core.case.issuing import why_not_issue
from anhuan.core.case.moves import why_not_ask
from anhuan.core.case.outcome import Facts, Reason
from anhuan.core.case.rights import why_not, why_not_claim
from anhuan.core.case.state import Case, CaseStatus, Duty, DutyStatus
from anhuan.core.policy import Kind, Move, Paper
from anhuan.domain.ids import PersonId
from anhuan.domain.plant import Plant


class May:
    """One person before one case at one moment. Each answer is a reason why not, or None: they may."""

    def __init__(self, kind: Kind, case: Case, plant: Plant, person: PersonId | None, at: datetime) -> None:
        self._draft = Draft(kind, case, Facts(plant), at, person, b"")
        self._case = case
        self._person = person

    def discharge(self, duty: Duty) -> Reason | None:
        """Do what the duty asks for, in one's own name."""
        if reason := self._not_open(duty):
            return reason
        if self._person is None:
            return Reason("person_needed")
        try:
            spec = self._draft.spec_of(duty)
        except Refusal as refusal:
            return refusal.reasons[0]
        return why_not(self._case, duty, spec, self._person, self._draft.plant, self._draft.at)

    def claim(self, duty: Duty) -> Reason | None:
        """Take the duty on."""
        return self._not_open(duty) or why_not_claim(duty, self._person, self._draft.plant, self._draft.at)

    def ask(self, move: Move, duty: Duty | None = None) -> Reason | None:
        """Ask for a move, of a duty or of the case as a whole."""
        if duty is not None and (reason := self._not_open(duty)):
            return reason
        return why_not_ask(self._draft, move, duty, self._person)

    def revise(self) -> Reason | None:
        """Complete or correct the report."""
        return why_not_revise(self._draft, self._person)

    def note(self) -> Reason | None:
        """Add a word: everybody who sees the case may, closed or not."""
        return None if self._person is not None else Reason("person_needed")

    def issue(self, paper: Paper) -> Reason | None:
        """Issue a paper of the case."""
        return why_not_issue(self._draft, paper, self._person)

    def _not_open(self, duty: Duty) -> Reason | None:
        if self._case.status is not CaseStatus.OPEN:
            return Reason("case_is_closed")
        return None if duty.status is DutyStatus.OPEN else Reason("duty_not_open", params={"duty": duty.no})
