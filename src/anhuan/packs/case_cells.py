"""Cell words: where a cell of a table about cases comes from. Papers list a case's children by them.

case:number          what every case has, one of CASE
field:description    the case's own form
form:rectify/measure the form of a duty as it was last done
by:rectify, at:rectify, due:rectify, party:rectify, result:rectify
                     who did that duty, when, by when and by whom it was owed, how it ended
"""

import re
from typing import Literal, cast

from msgspec import Struct

Of = Literal["case", "field", "form", "by", "at", "due", "party", "result"]
CASE = (
    "number",
    "title",
    "kind",
    "status",
    "reporter",
    "finder",
    "found_at",
    "opened_at",
    "due_at",
    "overdue_at",
    "closed_at",
    "outcome",
    "cycle_working_days",
    "area",
    "equipment",
)
"""What every case has."""
SPELLINGS = ("case:<name>", "field:<field>", "form:<duty>/<field>", *(f"{of}:<duty>" for of in ("by", "at", "due")))
_WORD = re.compile(r"(case|field|by|at|due|party|result):([a-z][a-z0-9_]*)|form:([a-z][a-z0-9_]*)/([a-z][a-z0-9_]*)")


class Cell(Struct, frozen=True):
    """A cell word, read."""

    of: Of
    name: str = ""
    """Of the case's own, or of a form's field."""
    duty: str = ""


class CellUnreadable(ValueError):
    """The word is none."""


def read_cell(word: str) -> Cell:
    """The cell that a word names. Raises CellUnreadable."""
    match = _WORD.fullmatch(word)
    if match is None or (match[1] == "case" and match[2] not in CASE):
        raise CellUnreadable(word)
    if match[3]:
        return Cell("form", match[4], match[3])
    if match[1] in ("case", "field"):
        return Cell(cast(Of, match[1]), match[2])
    return Cell(cast(Of, match[1]), duty=match[2])
