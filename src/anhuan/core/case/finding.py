"""What people find while they are at a case, on a walk say: each is a case of its own, tied to where it was found."""

from anhuan.core.case.draft import Draft, Refusal
from anhuan.core.case.outcome import Reason, TieOther
from anhuan.core.case.state import CHILD, Case, CaseStatus
from anhuan.core.policy import Kind
from anhuan.domain.ids import CaseId

_FROM_CASE = "$case."


def report_to_parent(draft: Draft, parent: CaseId) -> None:
    """Tie what is reported to the case it was found at; refused when that one is not there or is closed."""
    other = draft.other(parent)
    if other is None:
        raise Refusal(Reason("parent_unknown", "/parent", {"case": parent}))
    if other.status is not CaseStatus.OPEN:
        raise Refusal(Reason("parent_closed", "/parent", {"number": other.number}))
    draft.effect(TieOther(parent, CHILD, draft.case.id))


def why_not_find(kind: Kind, case: Case) -> Reason | None:
    """Why nothing can be found at the case now; None: it can."""
    if kind.finds is None:
        return Reason("parent_takes_none", "/parent")
    if case.status is not CaseStatus.OPEN:
        return Reason("parent_closed", "/parent", {"number": case.number})
    if not any(duty.key in kind.finds.during for duty in case.open_duties()):
        return Reason("parent_not_now", "/parent", {"number": case.number})
    return None


def begun_form(kind: Kind, case: Case) -> dict[str, object]:
    """What a report of something found at the case begins with: what is the same for all that is found there."""
    values = case.values()
    taken = {name: _taken(given, values) for name, given in (kind.finds.form if kind.finds else {}).items()}
    return {name: value for name, value in taken.items() if value is not None}


def _taken(given: object, values: dict[str, object]) -> object:
    if isinstance(given, str) and given.startswith(_FROM_CASE):
        return values.get(given.removeprefix(_FROM_CASE))
    return given
