"""A sheet of paper as plain values, and what the app asks of whoever typesets it.

A `Sheet` holds finished texts in one language and pictures as they are to be printed. Nothing in it is markup: whatever
a person typed comes out letter by letter.
"""

from typing import Literal, Protocol

from msgspec import Struct

from anhuan.ports.identity import Language

PaperFault = Literal["paper_busy", "paper_failed", "paper_timed_out"]
"""Why there is no paper.

`paper_busy` no typesetter came free in time: ask again; `paper_failed` it died of the sheet; `paper_timed_out` it took
too long.
"""


class PaperNotMade(Exception):
    """The sheet was not typeset."""

    def __init__(self, code: PaperFault) -> None:
        super().__init__(code)
        self.code = code


class Line(Struct, frozen=True):
    """A label with what stands beside it."""

    label: str
    text: str


class Picture(Struct, frozen=True, kw_only=True):
    """A photo with the line below it."""

    caption: str
    jpeg: bytes = b""
    absent: str = ""
    """Said where it would stand when there is no `jpeg`: why."""


class PictureGroup(Struct, frozen=True):
    """Photos under a common heading, such as "before"."""

    heading: str
    pictures: tuple[Picture, ...]


class Heading(Struct, frozen=True, kw_only=True, tag="heading"):
    """Where a chapter begins."""

    title: str


class Prose(Struct, frozen=True, kw_only=True, tag="prose"):
    """Running text."""

    title: str
    text: str


class Lines(Struct, frozen=True, kw_only=True, tag="lines"):
    """Labels and texts, one below the other."""

    title: str
    lines: tuple[Line, ...]


class Grid(Struct, frozen=True, kw_only=True, tag="grid"):
    """A table whose heads are repeated on every page."""

    title: str
    heads: tuple[str, ...]
    widths: tuple[int, ...]
    """Of the columns, as shares."""
    rows: tuple[tuple[str, ...], ...]
    empty: str = ""
    """Said where there is no row."""
    numbers: tuple[int, ...] = ()
    """Columns, from 0, that stand at the right edge."""
    note: str = ""
    """Below the table, small."""


class Pictures(Struct, frozen=True, kw_only=True, tag="pictures"):
    """Groups of photos beside each other."""

    title: str
    groups: tuple[PictureGroup, ...]
    none: str
    """Said where a group has none."""
    note: str = ""
    """Said below them."""
    height_mm: int = 82
    """A photo is at most so high: a tall one is held to a wide one's share of the page."""


class Blank(Struct, frozen=True, kw_only=True):
    """Room for a signature with its date, and for a stamp where there is one."""

    label: str
    stamp: bool = False


class Blanks(Struct, frozen=True, kw_only=True, tag="blanks"):
    """What is left free to be filled in by hand."""

    title: str
    blanks: tuple[Blank, ...]
    signature: str
    """The word for a signature."""
    date: str
    """The word for a date."""
    stamp: str
    """The word in the box of a stamp."""


Section = Heading | Prose | Lines | Grid | Pictures | Blanks


class Sheet(Struct, frozen=True, kw_only=True, tag="sheet"):
    """A paper as it is to be typeset, A4."""

    language: Language
    house: str
    """The enterprise's name, above the title."""
    title: str
    head: tuple[Line, ...]
    """Beside the code: numbers, dates."""
    code: str
    """Text of the QR code at the upper right; empty: none."""
    code_note: str
    """The line below the code."""
    foot: str
    """Left of the page number on every page."""
    page: str
    """`{page}` and `{pages}` stand for the numbers."""
    sections: tuple[Section, ...]


class Typesetter(Protocol):
    """Makes a PDF of a sheet."""

    async def typeset(self, sheet: Sheet) -> bytes:
        """The PDF; the same sheet gives the same bytes. Raises PaperNotMade."""
