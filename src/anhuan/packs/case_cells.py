"""Cell words: where a cell of a table about cases comes from. Papers list a case's children by them, registers cases.

row                  the running number of the row
case:number          what every case has, one of CASE
field:description    the case's own form
form:rectify/measure the form of a duty as it was last done
by:rectify, at:rectify, due:rectify, party:rectify, result:rectify
                     who did that duty, when, by when and by whom it was owed, how it ended

Of several words the first that has something to say counts.
"""

import re
from typing import Literal, cast

from msgspec import Struct

Of = Literal["row", "case", "field", "form", "by", "at", "due", "party", "result"]
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
_OF_DUTY = ("by", "at", "due", "party", "result")
SPELLINGS = ("row", "case:<name>", "field:<field>", "form:<duty>/<field>", *(f"{of}:<duty>" for of in _OF_DUTY))
_WORD = re.compile(r"(case|field|by|at|due|party|result):([a-z][a-z0-9_]*)|form:([a-z][a-z0-9_]*)/([a-z][a-z0-9_]*)")


class Cell(Struct, frozen=True):
    """A cell word, read."""

    of: Of
    name: str = ""
    """Of the case's own, or of a form's field."""
    duty: str = ""


CellWords = str | tuple[str, ...]
"""One word, or several of which the first counts that says something."""


class CellUnreadable(ValueError):
    """The word is none."""


def words_in(words: CellWords) -> tuple[str, ...]:
    """The words, one by one."""
    return (words,) if isinstance(words, str) else words


def read_cells(words: CellWords) -> tuple[Cell, ...]:
    """The cells that a place in a table may come from. Raises CellUnreadable."""
    return tuple(read_cell(word) for word in words_in(words))


def read_cell(word: str) -> Cell:
    """The cell that a word names. Raises CellUnreadable."""
    if word == "row":
        return Cell("row")
    match = _WORD.fullmatch(word)
    if match is None or (match[1] == "case" and match[2] not in CASE):
        raise CellUnreadable(word)
    if match[3]:
        return Cell("form", match[4], match[3])
    if match[1] in ("case", "field"):
        return Cell(cast(Of, match[1]), match[2])
    return Cell(cast(Of, match[1]), duty=match[2])
