"""Writing tables: exports of a register, and the file of rows that came back.

Texts stay texts. Whatever a spreadsheet would take for a formula gets an apostrophe in front, as people type it, so
that it is none even after the file was saved as CSV; the reader takes it off again.
"""

import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta, tzinfo

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from anhuan.connectors.excel.folding import looks_like_formula
from anhuan.connectors.excel.heads import OWN_MARK
from anhuan.connectors.excel.reasons import labels_of, reason_text, text_of
from anhuan.packs.import_words import ImportSpec
from anhuan.ports.registers import Cell, Layout, Rejected, Sheet, Span, TableCell, TableColumn

FONT = "Microsoft YaHei"
TEXT_MAX = 32_767
"""What a cell can hold."""
SHEET_NAME_MAX = 31
_WIDTH_MIN, _WIDTH_MAX = 8, 60
_REASON_WIDTH = 60
_NOT_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def neutral(text: str) -> str:
    """The text as a cell may hold it: no formula, no control characters, not longer than a cell."""
    text = _CONTROL.sub("", text)
    return ("'" + text if looks_like_formula(text) else text)[:TEXT_MAX]


def write_table(columns: Sequence[TableColumn], rows: Iterable[Sequence[TableCell]], sheet: str, zone: tzinfo) -> bytes:
    """An xlsx with one sheet: head frozen, filters on, moments in the given zone. Rows are written as they come."""
    buffer = io.BytesIO()
    with new_book(buffer, constant_memory=True) as book:
        page = book.add_worksheet(sheet_name(sheet))
        formats = _Formats(book)
        for index, column in enumerate(columns):
            page.set_column(index, index, column.width or width_of(column.head))
            page.write_string(0, index, neutral(column.head), formats.head)
        last = 0
        for last, row in enumerate(rows, 1):
            for index, cell in enumerate(row):
                moment = cell.astimezone(zone).replace(tzinfo=None) if isinstance(cell, datetime) else cell
                if moment is not None:
                    _write(page, last, index, moment, formats)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, last, max(len(columns) - 1, 0))
    return buffer.getvalue()


def rejects_file(sheet: Sheet, layout: Layout, spec: ImportSpec, rejected: Sequence[Rejected], language: str) -> bytes:
    """An xlsx with the register's own head, the rows that came back, and why: to be corrected and imported again.

    `language` is `zh` or `en`. "As above" and merged cells are filled in, for the rows above are not there any more.
    """
    buffer = io.BytesIO()
    with new_book(buffer, constant_memory=False) as book:
        page = book.add_worksheet(sheet_name(layout.sheet))
        formats = _Formats(book)
        reason_column = len(layout.heads)
        first, last = layout.head_rows or (1, 0)
        spans = [span for span in sheet.spans if first - 1 <= span.top and span.bottom <= last - 1]
        for row in range(first - 1, last):
            for index, cell in enumerate(sheet.rows[row]):
                _write(page, row - first + 1, index, cell, formats, formats.head)
        for span in spans:
            _merge(page, span, first - 1, sheet, formats)
        head = max(last - first, 0)
        page.write_string(head, reason_column, OWN_MARK + text_of("rejects.reason", language), formats.head)
        page.write_string(head, reason_column + 1, OWN_MARK + text_of("rejects.row", language), formats.head)
        labels = labels_of(layout, spec)
        for index, column in enumerate(layout.heads):
            page.set_column(index, index, width_of(column))
        page.set_column(reason_column, reason_column, _REASON_WIDTH)
        for line, row_back in enumerate(rejected, head + 1):
            for index, cell in enumerate(row_back.raw):
                _write(page, line, index, cell, formats)
            why = "\n".join(reason_text(reason, labels, language) for reason in row_back.reasons)
            page.write_string(line, reason_column, neutral(why), formats.wrapped)
            page.write_number(line, reason_column + 1, row_back.row_no)
        page.freeze_panes(head + 1, 0)
    return buffer.getvalue()


def new_book(buffer: io.BytesIO, *, constant_memory: bool) -> xlsxwriter.Workbook:
    """A workbook in which texts stay texts."""
    options = {
        "constant_memory": constant_memory,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {"font_name": FONT, "font_size": 10},
    }
    return xlsxwriter.Workbook(buffer, options)


class _Formats:
    """The few formats that a table needs."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        head = {"bold": True, "bg_color": "#E8EEF4", "border": 1, "text_wrap": True, "valign": "vcenter"}
        self.head: Format = book.add_format({**head, "align": "center"})
        self.wrapped: Format = book.add_format({"text_wrap": True, "valign": "top"})
        self.quoted: Format = book.add_format({"quote_prefix": True})
        self.date: Format = book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment: Format = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self.time: Format = book.add_format({"num_format": "hh:mm:ss"})


def _write(
    page: Worksheet, row: int, column: int, cell: Cell | TableCell, formats: _Formats, style: Format | None = None
) -> None:
    """One cell by its type; an empty text leaves it empty."""
    if isinstance(cell, str):
        text = neutral(cell)
        if text:
            page.write_string(row, column, text, style or (formats.quoted if text != cell else None))
    elif isinstance(cell, bool):
        page.write_boolean(row, column, cell, style)
    elif isinstance(cell, (int, float)):
        page.write_number(row, column, cell, style)
    elif isinstance(cell, datetime):
        page.write_datetime(row, column, cell, style or formats.moment)
    elif isinstance(cell, date):
        page.write_datetime(row, column, cell, style or formats.date)
    elif isinstance(cell, (time, timedelta)):
        page.write_datetime(row, column, cell, style or formats.time)


def _merge(page: Worksheet, span: Span, above: int, sheet: Sheet, formats: _Formats) -> None:
    cell = sheet.rows[span.top][span.left]
    page.merge_range(span.top - above, span.left, span.bottom - above, span.right, "", formats.head)
    _write(page, span.top - above, span.left, cell, formats, formats.head)


def sheet_name(name: str) -> str:
    """What a sheet may be called."""
    return _NOT_IN_SHEET_NAME.sub(" ", name).strip("' ")[:SHEET_NAME_MAX] or "Sheet1"


def letters_of(text: str) -> int:
    """How many letters wide a text is: a Chinese one is as wide as two others."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def width_of(text: str) -> int:
    """How wide a column is for a text."""
    return min(max(letters_of(text) + 4, _WIDTH_MIN), _WIDTH_MAX)
