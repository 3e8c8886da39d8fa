"""Problems whose words come ready-made: rows of registers, items of plants and packs have their own."""

from collections.abc import Sequence

from anhuan.core.case.outcome import Reason
from anhuan.http.problems import Problem, ReasonBody


def worded(status: int, reasons: Sequence[ReasonBody]) -> Problem:
    """A problem with these reasons, at least one, as they are."""
    codes = [Reason(reason.code, reason.field, reason.params) for reason in reasons]
    detail = " ".join(reason.text for reason in reasons)
    return Problem(status, *codes, extra={"reasons": [r.model_dump() for r in reasons], "detail": detail})
