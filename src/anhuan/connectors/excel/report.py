"""A report as a workbook: a sheet for each chapter, amounts as numbers that one can go on counting with.

Photos and room for signatures are for paper: they are left out here.
"""

import io
from collections.abc import Iterable
from datetime import UTC, datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from anhuan.connectors.excel.write import letters_of, neutral, new_book, sheet_name, width_of
from anhuan.ports.papers import Blanks, Line, Lines, Pictures, Prose
from anhuan.ports.reports import Amount, Block, Cell, Chapter, Report, Table, Unit

_FORMATS: dict[Unit, str] = {"count": "0", "share": "0.0%", "points": "0.0", "working_days": "0.00", "hours": "0.0"}
_MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)
"""What the file says of itself; when it was made stands in its text, and the same report gives the same workbook."""
_TEXT_WIDTH_MAX = 48
_LABEL_WIDTH, _PLAIN_WIDTH = 22, 16
LINE_LETTERS = 50
"""So many letters, a Chinese one counted twice, stand at least on a line of a text over several columns."""


def write_report(report: Report) -> bytes:
    """The workbook."""
    buffer = io.BytesIO()
    with new_book(buffer, constant_memory=False) as book:
        book.set_properties({"title": report.title, "author": report.house, "created": _MADE_AT})
        writer = _Writer(book)
        for place, chapter in enumerate(report.chapters):
            if any(_is_told(block) for block in chapter.blocks):
                writer.sheet(chapter, report, is_first=place == 0)
    return buffer.getvalue()


def _is_told(block: Block) -> bool:
    return not isinstance(block, Pictures | Blanks)


class _Writer:
    """The few formats, and sheets written with them."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        top = {"valign": "top"}
        self._title: Format = book.add_format({"bold": True, "font_size": 16})
        self._part: Format = book.add_format({"bold": True, "font_size": 12})
        self._soft: Format = book.add_format({"font_color": "#5F6670", **top})
        self._text: Format = book.add_format({"text_wrap": True, "border": 1, "border_color": "#C9D1DA", **top})
        head = {"bold": True, "bg_color": "#E8EEF4", "border": 1, "border_color": "#C9D1DA", "text_wrap": True}
        self._head: Format = book.add_format({**head, "valign": "vcenter"})
        self._numbers: dict[str, Format] = {}

    def sheet(self, chapter: Chapter, report: Report, *, is_first: bool) -> None:
        """One chapter."""
        page = self._book.add_worksheet(sheet_name(chapter.title))
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.set_footer("&L" + neutral(f"{report.house} · {report.title}").replace("&", "&&") + "&R&P/&N")
        row = 0
        if is_first:
            page.write_string(row, 0, neutral(report.title), self._title)
            page.write_string(row + 1, 0, neutral(report.house), self._soft)
            row = self._lines(page, row + 3, report.head) + 1
        for block in chapter.blocks:
            if _is_told(block):
                page.write_string(row, 0, neutral(block.title), self._part)
                row = self._block(page, row + 1, block) + 1
        for column, width in enumerate(_widths(chapter, report.head if is_first else ())):
            page.set_column(column, column, width)

    def _block(self, page: Worksheet, row: int, block: Block) -> int:
        """The row behind the block."""
        match block:
            case Table():
                return self._table(page, row, block)
            case Lines(lines=lines):
                return self._lines(page, row, lines)
            case Prose(text=text):
                page.write_string(row, 0, neutral(text), self._soft)
        return row + 1

    def _lines(self, page: Worksheet, row: int, lines: Iterable[Line]) -> int:
        for line in lines:
            page.write_string(row, 0, neutral(line.label), self._head)
            page.merge_range(row, 1, row, 5, neutral(line.text), self._text)
            depth = sum(1 + letters_of(part) // LINE_LETTERS for part in line.text.split("\n"))
            page.set_row(row, 15 * max(depth, 1))
            row += 1
        return row

    def _table(self, page: Worksheet, row: int, table: Table) -> int:
        if not table.rows:
            page.write_string(row, 0, neutral(table.empty), self._soft)
            return row + 1
        for column, head in enumerate(table.heads):
            page.write_string(row, column, neutral(head), self._head)
        for cells in table.rows:
            row += 1
            for column, cell in enumerate(cells):
                self._cell(page, row, column, cell)
        if table.note:
            row += 1
            page.write_string(row, 0, neutral(table.note), self._soft)
        return row + 1

    def _cell(self, page: Worksheet, row: int, column: int, cell: Cell) -> None:
        if isinstance(cell, str):
            page.write_string(row, column, neutral(cell), self._text)
        elif cell.value is None:
            page.write_blank(row, column, None, self._text)
        else:
            value = cell.value * 100 if cell.unit == "points" else cell.value
            page.write_number(row, column, value, self._number(cell))

    def _number(self, cell: Amount) -> Format:
        plain = "0.0#" if cell.unit == "count" and isinstance(cell.value, float) else _FORMATS[cell.unit]
        key = f"+{plain};-{plain};{plain}" if cell.is_change else plain
        if key not in self._numbers:
            looks = {"num_format": key, "border": 1, "border_color": "#C9D1DA", "valign": "top"}
            self._numbers[key] = self._book.add_format(looks)
        return self._numbers[key]


def _widths(chapter: Chapter, head: tuple[Line, ...]) -> list[int]:
    """As wide as what stands in each column, within bounds."""
    tables = [block for block in chapter.blocks if isinstance(block, Table)]
    wide = [] if tables else [_LABEL_WIDTH, *([_PLAIN_WIDTH] * 5)]
    if head:
        wide = [_LABEL_WIDTH]
    for table in tables:
        for row in (table.heads, *table.rows):
            for column, cell in enumerate(row):
                wide += [0] * (column + 1 - len(wide))
                wide[column] = max(wide[column], width_of(cell) if isinstance(cell, str) else 10)
    return [min(width, _TEXT_WIDTH_MAX) for width in wide]
