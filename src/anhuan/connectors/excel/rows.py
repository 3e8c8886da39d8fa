"""From the rows of a sheet to outcomes: each row is accepted, comes back, is a duplicate, or is no row at all."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from anhuan.connectors.excel.dates import DateRead, read_date
from anhuan.connectors.excel.folding import cell_text, column_index, fold, fold_head
from anhuan.connectors.excel.heads import covering
from anhuan.connectors.excel.values import NOTHING, CellRead, FieldReader
from anhuan.packs.import_words import STATUS, FieldWords, ImportSpec
from anhuan.ports.registers import (
    Accepted,
    Cell,
    Context,
    Duplicate,
    Layout,
    Named,
    Outcome,
    Reason,
    Rejected,
    Sheet,
    Skipped,
    Value,
)

TITLE_SPAN_MIN = 3
"""A lone text merged over so many columns is a title."""
SUB_TOTAL_CHARS_MAX = 12
"""`2025年10月份小计` is one; a sentence with 合计 in it is none."""
_KEY_CHARS = 32

Row = tuple[Cell, ...]


def read_rows(sheet: Sheet, layout: Layout, spec: ImportSpec, context: Context) -> Iterator[Outcome]:
    """One outcome for each row from `layout.first_row` on, in order."""
    yield from _RowReader(sheet, layout, spec, context).outcomes()


def raw_texts(layout: Layout, raw: Row) -> dict[str, str]:
    """A row's cells as texts under the heads of its register; columns without a head are left out."""
    return {head: text for head, cell in zip(layout.heads, raw, strict=True) if head and (text := cell_text(cell))}


class _RowReader:
    """Goes down a sheet; remembers only what a row may refer to: the row above, and rows already seen."""

    def __init__(self, sheet: Sheet, layout: Layout, spec: ImportSpec, context: Context) -> None:
        self.sheet, self.layout, self.spec, self.context = sheet, layout, spec, context
        self.columns: dict[str, int] = {
            name: index
            for name, guess in layout.columns.items()
            if name in spec.fields and (index := column_index(guess.column)) is not None
        }
        self.serial = self.columns.get(spec.serial) if spec.serial else None
        self.readers = {
            name: FieldReader(name, field, spec, layout.values.get(name, {})) for name, field in spec.fields.items()
        }
        self.fill_down = [self.columns[name] for name, guess in layout.columns.items() if guess.fill_down]
        self.ditto = {fold(word) for word in spec.ditto} - {""}
        self.sub_totals = {fold(word) for word in spec.sub_total}
        self.notes = tuple(fold(word) for word in spec.note)
        self.origins = covering(sheet, layout.first_row - 1, len(sheet.rows) - 1)
        self.wide = {(span.top, span.left) for span in sheet.spans if span.right - span.left + 1 >= TITLE_SPAN_MIN}
        self.head_lines = self._head_lines()
        self.above: Row | None = None
        self.last_dates: dict[str, date] = {}
        self.seen: dict[tuple[str, str], int] = {}
        self.times_seen: dict[str, int] = {}
        self.first_of: dict[str, int] = {}

    def outcomes(self) -> Iterator[Outcome]:
        for index in range(self.layout.first_row - 1, len(self.sheet.rows)):
            cells = self.sheet.rows[index]
            if why := self._is_no_row(index, cells):
                if why == "sub_total":
                    self.above = None
                yield Skipped(index + 1, why, cells)
                continue
            yield self._outcome(index, self._filled_in(index, cells))

    # --- rows that are none

    def _head_lines(self) -> list[dict[int, str]]:
        if self.layout.head_rows is None:
            return []
        first, last = self.layout.head_rows
        return [
            {column: fold_head(cell_text(cell)) for column, cell in enumerate(row) if cell != ""}
            for row in self.sheet.rows[first - 1 : last]
        ]

    def _is_no_row(self, index: int, cells: Row) -> str | None:
        filled = {column: text for column, cell in enumerate(cells) if cell != "" and (text := cell_text(cell))}
        inherited = any(self.origins.get((index, c), (index, c))[0] != index for c in self.columns.values())
        if not filled or (self._is_serial_only(filled) and not inherited):
            return "blank"
        if self._is_sub_total(filled):
            return "sub_total"
        if self._is_head(filled):
            return "repeated_head"
        if len(filled) >= 3 and [*filled.values()] == [str(number) for number in range(1, len(filled) + 1)]:
            return "column_numbers"
        return self._is_aside(index, filled)

    def _is_serial_only(self, filled: Mapping[int, str]) -> bool:
        """A row that was numbered beforehand and never used."""
        return set(filled) == {self.serial} and all(text.isdecimal() for text in filled.values())

    def _is_sub_total(self, filled: Mapping[int, str]) -> bool:
        if 2 * len(filled) > len(self.columns) + 1:
            return False
        word = fold(next(iter(filled.values())))
        return len(word) <= SUB_TOTAL_CHARS_MAX and any(total in word for total in self.sub_totals)

    def _is_head(self, filled: Mapping[int, str]) -> bool:
        for line in self.head_lines:
            same = sum(1 for column, text in filled.items() if line.get(column) == fold_head(text))
            if same >= 2 and 2 * same > len(filled):
                return True
        return False

    def _is_aside(self, index: int, filled: Mapping[int, str]) -> str | None:
        first_column, first = next(iter(filled.items()))
        if len(filled) <= 2:
            word = fold(first.replace("：", ":").split(":", 1)[0])
            if (":" in first or "：" in first) and any(word.startswith(note) for note in self.notes):
                return "note"
        if len(filled) == 1 and ((index, first_column) in self.wide or first_column == self.serial):
            return "title"
        return None

    # --- cells that speak of other cells

    def _filled_in(self, index: int, cells: Row) -> Row:
        """Cells with merged ones, "as above" and columns to be filled down resolved."""
        found = list(cells)
        for column in range(len(cells)):
            if (origin := self.origins.get((index, column))) and origin[1] == column and origin[0] < index:
                found[column] = self.sheet.rows[origin[0]][column]
        if self.above is not None:
            for column in self.fill_down:
                if found[column] == "":
                    found[column] = self.above[column]
            for column, cell in enumerate(found):
                if isinstance(cell, str) and fold(cell) in self.ditto:
                    found[column] = self.above[column]
        return tuple(found)

    # --- a row

    def _outcome(self, index: int, cells: Row) -> Outcome:
        reads = self._read_cells(cells)
        # What follows may refer to this row, and must find whole dates in it.
        cells = self._with_whole_dates(cells, reads)
        self.above = cells
        status, faults = self._status(reads)
        notes = [note for read in reads.values() for note in read.notes]
        faults += self._unread(reads)
        faults += self._missing(reads, status)
        faults += self._out_of_order(reads)
        values = {name: read.value for name, read in reads.items()}
        content = self._content(cells, values)
        serial = "" if self.serial is None else fold(cell_text(cells[self.serial]))
        if content and (earlier := self.seen.get((content, serial))) is not None:
            return Duplicate(index + 1, earlier, cells)
        if content:
            self.seen[content, serial] = index + 1
        if faults:
            return Rejected(index + 1, status, tuple(faults), values, cells)
        if content in self.first_of:
            notes.append(Reason("like_an_earlier_row", None, {"row": self.first_of[content]}))
        self.first_of.setdefault(content, index + 1)
        return Accepted(index + 1, self._row_key(content), status, values, tuple(notes), cells)

    def _read_cells(self, cells: Row) -> dict[str, CellRead]:
        reads: dict[str, CellRead] = {}
        year = self.layout.year or self.context.today.year
        area: str | None = None
        for name, reader in self.readers.items():
            cell = self._cell(name, cells)
            if cell is None:
                continue
            if isinstance(cell, str) and fold(cell) in self.ditto:
                reads[name] = CellRead(faults=(Reason("nothing_above", name, {"text": cell_text(cell)}),))
                continue
            read = reads[name] = reader.read(cell, self.context, self._reference(name, reads), year, area)
            if isinstance(read.value, Named) and self._is_area(name):
                area = read.value.id
            elif (on := _day(read.value)) is not None:
                self.last_dates[name] = on
        return reads

    def _cell(self, name: str, cells: Row) -> Cell | None:
        """The row's cell for a field, or what a person said for all rows; None: the register has neither."""
        column = self.columns.get(name)
        return cells[column] if column is not None else self.layout.constants.get(name)

    def _is_area(self, name: str) -> bool:
        return self.spec.fields[name].type == "area"

    def _reference(self, name: str, reads: Mapping[str, CellRead]) -> date | None:
        """What the year of a date without one is told by: the date it cannot precede, else the one above."""
        base = self.spec.fields[name].not_before
        if base and (on := _day(reads.get(base, NOTHING).value)) is not None:
            return on
        return self.last_dates.get(name)

    def _with_whole_dates(self, cells: Row, reads: Mapping[str, CellRead]) -> Row:
        found = list(cells)
        for name, read in reads.items():
            column = self.columns.get(name)
            if column is None or not isinstance(read.value, date):
                continue
            written = read_date(found[column])
            if isinstance(written, DateRead) and not written.year_written:
                on = read.value
                found[column] = on.replace(tzinfo=None) if isinstance(on, datetime) else on
        return tuple(found)

    def _status(self, reads: Mapping[str, CellRead]) -> tuple[str, list[Reason]]:
        said = {name: read.status for name, read in reads.items() if read.status is not None}
        rules = self.spec.status
        if len(set(said.values())) > 1:
            texts = {name: str(status) for name, status in said.items()}
            return rules.default, [Reason("status_contradicts", next(iter(said)), {"said": texts})]
        if said:
            return next(iter(said.values())) or rules.default, []
        for rule in rules.filled:
            if rule.unless_column not in self.columns and reads.get(rule.field, NOTHING).value is not None:
                return rule.status, []
        return rules.default, []

    def _unread(self, reads: Mapping[str, CellRead]) -> list[Reason]:
        """What cells were at fault for. Where equipment is known and the area is not, the plant knows a likely one."""
        places = [read.place for read in reads.values() if read.place]
        return [
            Reason(fault.code, fault.field, {**fault.params, "candidates": fault.params.get("candidates") or places})
            if places and fault.field and self._is_area(fault.field)
            else fault
            for read in reads.values()
            for fault in read.faults
        ]

    def _missing(self, reads: Mapping[str, CellRead], status: str) -> list[Reason]:
        faults: list[Reason] = []
        for name, field in self.spec.fields.items():
            read = reads.get(name, NOTHING)
            if read.value is not None or read.faults:
                continue
            if self._needed_here(field, reads, status):
                faults.append(Reason("none_is_no_answer" if read.said_none else "missing", name))
            elif field.required and not read.said_none:
                params: dict[str, object] = {"none_word": field.none_words[0]} if field.none_words else {}
                faults.append(Reason("missing_or_none" if field.none_words else "missing", name, params))
        return faults

    def _needed_here(self, field: FieldWords, reads: Mapping[str, CellRead], status: str) -> bool:
        return bool(field.required_when) and all(
            (status if other == STATUS else reads.get(other, NOTHING).value) in wanted
            for other, wanted in field.required_when.items()
        )

    def _out_of_order(self, reads: Mapping[str, CellRead]) -> list[Reason]:
        faults: list[Reason] = []
        for name, field in self.spec.fields.items():
            on = _day(reads.get(name, NOTHING).value)
            base = _day(reads.get(field.not_before, NOTHING).value) if field.not_before else None
            if on is not None and base is not None and on < base:
                params: dict[str, object] = {
                    "on": on.isoformat(),
                    "before": base.isoformat(),
                    "other": field.not_before,
                }
                faults.append(Reason("date_too_early", name, params))
        return faults

    # --- the same row again

    def _content(self, cells: Row, values: Mapping[str, Value]) -> str:
        """What makes the row this row, independent of the plant: ids may come and go, the text stays."""
        parts: list[str] = []
        for name in self.spec.identity:
            cell = self._cell(name, cells)
            on = _day(values.get(name))
            text = "" if cell is None or self.readers[name].is_empty(cell) else fold(cell_text(cell))
            parts.append(text if on is None else on.isoformat())
        return json.dumps([self.spec.kind, *parts], ensure_ascii=False) if any(parts) else ""

    def _row_key(self, content: str) -> str:
        """Like rows with another serial are told apart by their order, so that renumbering changes no key."""
        self.times_seen[content] = times = self.times_seen.get(content, 0) + 1
        return hashlib.sha256(f"{content}#{times}".encode()).hexdigest()[:_KEY_CHARS]


def _day(value: Value) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None
