"""What a report to a meeting or an authority is made of: figures and texts in chapters, to be written as several files.

A report is put together once, and every writer shows the same values: as a typeset PDF, a Word document, a workbook.
Numbers stay numbers until they are written, so that a workbook can go on counting with them.
"""

from typing import Literal, Protocol

from msgspec import Struct

from anhuan.ports.identity import Language
from anhuan.ports.papers import Blanks, Line, Lines, Pictures, Prose

Unit = Literal["count", "share", "points", "working_days", "hours"]
"""`share` of one; `points`: a difference of two shares; the others as they are called."""
NOTHING = "—"
"""Where there is nothing to say a figure of."""


class Amount(Struct, frozen=True, kw_only=True, tag="amount"):
    """A number with its unit."""

    value: int | float | None
    """None: there is nothing to say it of."""
    unit: Unit = "count"
    is_change: bool = False
    """Against another period: with its sign."""


Cell = str | Amount


class Table(Struct, frozen=True, kw_only=True, tag="table"):
    """A table; columns of amounts stand to the right."""

    title: str
    heads: tuple[str, ...]
    widths: tuple[int, ...]
    """Of the columns, as shares."""
    rows: tuple[tuple[Cell, ...], ...]
    empty: str
    """Said where there is no row."""
    note: str = ""
    """Below it."""


Block = Prose | Lines | Table | Pictures | Blanks


class Chapter(Struct, frozen=True, kw_only=True):
    """What belongs together: a heading on paper, a sheet of a workbook."""

    title: str
    blocks: tuple[Block, ...]


class Report(Struct, frozen=True, kw_only=True):
    """A report as every file shows it."""

    language: Language
    house: str
    """The enterprise's name, above the title."""
    title: str
    head: tuple[Line, ...]
    chapters: tuple[Chapter, ...]
    page: str
    """`{page}` and `{pages}` stand for the numbers."""
    code: str = ""
    """Text of a QR code; empty: none."""
    code_note: str = ""


def shown(cell: Cell, language: Language) -> str:
    """A cell as text, the same in every file that is read by people."""
    if isinstance(cell, str):
        return cell
    value = cell.value
    if value is None:
        return NOTHING
    sign = "+" if cell.is_change and value else ""
    match cell.unit:
        case "share":
            return f"{value:{sign}.1%}"
        case "points":
            return f"{value * 100:{sign}.1f} {'个百分点' if language == 'zh' else 'pp'}"
        case "working_days":
            return f"{value:{sign}.2f}"
        case "hours":
            return f"{value:{sign}.1f}"
        case _:
            return f"{value:{sign}g}"


class ReportWriter(Protocol):
    """Writes a report as a file of one kind."""

    def write_report(self, report: Report) -> bytes:
        """The file; the same report gives the same contents."""
