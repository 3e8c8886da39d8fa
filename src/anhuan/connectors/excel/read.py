"""From the bytes of a file to sheets of cells: xlsx, xls and CSV."""

import csv
import io
from datetime import date, datetime, time, timedelta

import python_calamine

from anhuan.connectors.excel.archive import COMPOUND_MAGIC, ZIP_MAGIC, check_file, check_size
from anhuan.ports.registers import Cell, Sheet, Span, Workbook, WorkbookRefused

_CSV_ENCODINGS = ("utf-8-sig", "gb18030")
_DELIMITERS = ",\t;|"

CalamineCell = int | float | str | bool | time | date | datetime | timedelta


def read_workbook(data: bytes) -> Workbook:
    """Read a file's visible sheets.

    Raises WorkbookRefused: `file_empty`, `file_too_large`, `file_encrypted`, `file_damaged`, `file_not_a_workbook`,
    `file_unpacks_too_large`, `too_many_rows`, `too_many_columns`, `too_many_cells`, `no_cells`.
    An old xls declares its own size and is decoded whole: run this in a limited process where the file comes from
    outside.
    """
    check_file(data)
    sheets = _calamine_sheets(data) if data.startswith((ZIP_MAGIC, COMPOUND_MAGIC)) else (_csv_sheet(data),)
    filled = tuple(sheet for sheet in sheets if any(cell != "" for row in sheet.rows for cell in row))
    if not filled:
        raise WorkbookRefused("no_cells")
    return Workbook(filled)


def _calamine_sheets(data: bytes) -> tuple[Sheet, ...]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        with book:
            return tuple(
                _calamine_sheet(book, meta.name)
                for meta in book.sheets_metadata
                if meta.visible == python_calamine.SheetVisibleEnum.Visible
                and meta.typ == python_calamine.SheetTypeEnum.WorkSheet
            )
    except python_calamine.PasswordError as error:
        raise WorkbookRefused("file_encrypted") from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise WorkbookRefused("file_damaged") from error


def _calamine_sheet(book: python_calamine.CalamineWorkbook, name: str) -> Sheet:
    found = book.get_sheet_by_name(name)
    check_size(found.total_height, found.total_width)
    rows = tuple(tuple(row) for row in found.to_python(skip_empty_area=False))
    # An old xls whose sheet has no merged cells answers None.
    ranges = found.merged_cell_ranges or ()
    spans = tuple(Span(top, left, bottom, right) for (top, left), (bottom, right) in ranges)
    return Sheet(name, rows, spans)


def _csv_sheet(data: bytes) -> Sheet:
    text = _decoded(data)
    if "\x00" in text:
        raise WorkbookRefused("file_not_a_workbook")
    sample = text[:8192].split("\n", 20)
    delimiter = max(_DELIMITERS, key=lambda sign: sum(line.count(sign) for line in sample))
    rows: list[tuple[Cell, ...]] = []
    width = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(tuple(row))
            width = max(width, len(row))
            check_size(len(rows), width)
    except csv.Error as error:
        raise WorkbookRefused("file_damaged") from error
    return Sheet("CSV", tuple(row + ("",) * (width - len(row)) for row in rows))


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = _CSV_ENCODINGS
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WorkbookRefused("file_not_a_workbook")
