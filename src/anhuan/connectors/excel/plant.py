"""A workbook as a change to a plant: sheets, heads, names and values in, items and named problems out.

Nothing is applied here: the answer is what *would* change, checked as a whole, for a person to look at first. Reading
the same workbook again changes nothing.
"""

from datetime import datetime

from msgspec import Struct, structs

from anhuan.connectors.excel.folding import cell_text, fold_head
from anhuan.connectors.excel.plant_cells import is_rest, read_cell
from anhuan.connectors.excel.plant_columns import (
    CALENDAR_DAYS,
    OUTLINES,
    PROCESS_STEPS,
    READING_POINTS,
    REQUIRED_MARK,
    Column,
    fields_by_head,
    kind_of_sheet,
    sheet_columns,
)
from anhuan.connectors.excel.plant_names import ItemNames, id_from
from anhuan.connectors.excel.read import read_workbook
from anhuan.domain.item_faults import LONGEST_ID
from anhuan.domain.plant import Plant
from anhuan.domain.plant_checks import PlantChange, check_change
from anhuan.domain.plant_items import (
    ITEM_TYPES,
    Absence,
    Deputy,
    Holding,
    PlantItem,
    Roster,
)
from anhuan.domain.plant_reading import PlantProblem, decode_items, encode_item
from anhuan.ports.plant_sheets import PlantSheetsRead
from anhuan.ports.registers import Sheet, Workbook

HEAD_ROWS_MAX = 10
"""Rows at the top of a sheet among which the head is looked for."""

# What makes an item without a name the same item, where its row gives no id.
_SAME: dict[type[PlantItem], tuple[str, ...]] = {
    Holding: ("post", "person", "area", "shift"),
    Roster: ("team", "people"),
    Deputy: ("person", "deputy", "from_at"),
    Absence: ("person", "from_at"),
}


class _Row(Struct):
    """A row of a sheet, by field: only the fields whose columns are there."""

    number: int
    values: dict[str, object]


def read_plant(data: bytes, plant: Plant) -> PlantSheetsRead:
    """Read a workbook's bytes. Raises WorkbookRefused for what is no workbook."""
    return read_plant_book(read_workbook(data), plant)


def read_plant_book(book: Workbook, plant: Plant) -> PlantSheetsRead:
    """Read a workbook against the plant as it is.

    An id may be left out: the item is found again by number or name, or gets an id made from them. A column that is
    not there leaves its field as it is; an empty cell empties it. Codes beside those of `decode_items` and
    `check_change`: `name_unknown`, `name_ambiguous`, `rest_or_work_wanted`, `corners_unreadable`, `head_not_found`; as
    notes `sheet_unknown`, `column_unknown`.
    """
    reading = _Reading(plant)
    for sheet in book.sheets:
        reading.take(sheet)
    return reading.result()


class _Reading:
    """One workbook being read: rows first, then ids and names, then items."""

    def __init__(self, plant: Plant) -> None:
        self._plant = plant
        self._rows: dict[str, list[_Row]] = {}
        self._problems: list[PlantProblem] = []
        self._notes: list[PlantProblem] = []
        self._names = ItemNames(plant.items())
        self._rows_read = 0
        self._owners: dict[str, dict[str, _Row]] = {}

    # --- sheets to rows

    def take(self, sheet: Sheet) -> None:
        kind = kind_of_sheet(sheet.name)
        if kind is None:
            self._notes.append(PlantProblem("", "", "sheet_unknown", {"sheet": sheet.name}))
            return
        heads = fields_by_head(kind)
        for number, cells in enumerate(sheet.rows[:HEAD_ROWS_MAX], 1):
            fields = [heads.get(fold_head(cell_text(cell).rstrip(REQUIRED_MARK))) for cell in cells]
            if len([field for field in fields if field]) >= min(2, len(sheet_columns()[kind])):
                self._take_rows(kind, sheet, number, fields)
                return
        self._problems.append(PlantProblem(kind, "", "head_not_found", {"sheet": sheet.name}))

    def _take_rows(self, kind: str, sheet: Sheet, head: int, fields: list[str | None]) -> None:
        for cell, field in zip(sheet.rows[head - 1], fields, strict=True):
            if field is None and cell_text(cell):
                self._notes.append(PlantProblem(kind, "", "column_unknown", {"head": cell_text(cell)}, row=head))
        columns = {column.field: column for column in sheet_columns()[kind]}
        places = [(index, columns[field]) for index, field in enumerate(fields) if field]
        for number, cells in enumerate(sheet.rows[head:], head + 1):
            if any(cell_text(cells[index]) for index, _ in places):
                values = {column.field: read_cell(cells[index], column, self._plant.zone) for index, column in places}
                self._rows_read += 1
                self._rows.setdefault(kind, []).append(_Row(number, values))

    # --- rows to items

    def result(self) -> PlantSheetsRead:
        self._name_rows()
        self._resolve()
        self._gather_parts()
        items: dict[tuple[str, str], PlantItem] = {}
        places: dict[tuple[str, str], int] = {}
        for kind in ITEM_TYPES:
            for row in self._rows.get(kind, ()):
                item = self._decoded(kind, row)
                if item is not None and (kind, item.id) in items:
                    self._problem(kind, row, "id", "twice", id=item.id)
                elif item is not None:
                    items[kind, item.id] = item
                    places[kind, item.id] = row.number
        if not self._problems:
            for problem in check_change(self._plant, PlantChange(put=tuple(items.values()))):
                self._problems.append(structs.replace(problem, row=places[problem.kind, problem.item]))
        put = tuple(item for item in items.values() if self._plant.get(type(item), item.id) != item)
        return PlantSheetsRead(
            change=PlantChange(put=put),
            problems=tuple(self._problems),
            notes=tuple(self._notes),
            rows=self._rows_read,
            unchanged=len(items) - len(put),
        )

    def _name_rows(self) -> None:
        """Give each row of a named kind its id, and make the names of all known."""
        before = ItemNames(self._plant.items())
        for kind, item_type in ITEM_TYPES.items():
            for row in self._rows.get(kind, ()) if item_type not in _SAME else ():
                item_id = str(row.values.get("id") or self._id_of(kind, row, before))
                row.values["id"] = item_id
                words = (row.values.get("name"), row.values.get("number"), *_texts(row.values.get("aliases")))
                self._names.add(item_type, item_id, [str(word) for word in words if word])

    def _id_of(self, kind: str, row: _Row, before: ItemNames) -> str:
        """The id of the item that a row without one is about."""
        known_by = [text for field in ("number", "name") if (text := str(row.values.get(field) or ""))]
        for text in known_by:
            meant = before.meant(ITEM_TYPES[kind], text)
            if len(meant) == 1:
                return meant[0]
            if meant:
                self._problem(kind, row, "id", "name_ambiguous", given=text, candidates=list(meant))
        return id_from(known_by[0]) if known_by else ""

    def _resolve(self) -> None:
        """Put ids where rows name other items."""
        for kind, rows in self._rows.items():
            for column in sheet_columns()[kind]:
                for row in rows if column.refers_to else ():
                    value = row.values.get(column.field)
                    if isinstance(value, list):
                        row.values[column.field] = [
                            one and self._id_meant(kind, row, column, str(one)) for one in value
                        ]
                    elif value is not None:
                        row.values[column.field] = self._id_meant(kind, row, column, str(value))

    def _id_meant(self, kind: str, row: _Row, column: Column, text: str) -> str:
        meant = self._names.meant(column.refers_to, text) if column.refers_to else ()
        if len(meant) == 1:
            return meant[0]
        if meant:
            self._problem(kind, row, column.field, "name_ambiguous", given=text, candidates=list(meant))
        else:
            self._problem(kind, row, column.field, "name_unknown", given=text)
        return text

    def _gather_parts(self) -> None:
        """Lay the rows of the sheets of parts into the rows of the items that they belong to."""
        self._owners = {
            kind: {str(row.values.get("id")): row for row in self._rows.get(kind, ())}
            for kind in ("equipment", "calendar", "floor_plan", "process_map")
        }
        for sheet, kind, field in (
            (READING_POINTS, "equipment", "points"),
            (OUTLINES, "floor_plan", "outlines"),
            (PROCESS_STEPS, "process_map", "steps"),
        ):
            for row in self._rows.pop(sheet, ()):
                if "corners" in row.values:
                    row.values["corners"] = self._corners(row)
                part = {name: value for name, value in row.values.items() if name != kind and value is not None}
                self._part_of(kind, row, kind, field).append(part)
        for row in self._rows.pop(CALENDAR_DAYS, ()):
            free = is_rest(str(row.values.get("work")))
            if free is None:
                self._problem(CALENDAR_DAYS, row, "work", "rest_or_work_wanted", given=str(row.values.get("work")))
            else:
                holidays, worked = (
                    self._part_of("calendar", row, "calendar", field) for field in ("holidays", "shifted_workdays")
                )
                (holidays if free else worked).append(row.values.get("day"))

    def _corners(self, row: _Row) -> list[list[float]]:
        """Corners as a cell says them: `120,80 340,80 340,260`."""
        text = str(row.values["corners"] or "")
        try:
            return [[float(number) for number in corner.split(",")] for corner in text.split()]
        except ValueError:
            self._problem(OUTLINES, row, "corners", "corners_unreadable", given=text[:80])
            return []

    def _part_of(self, kind: str, part: _Row, owner_field: str, field: str) -> list[object]:
        """The list in an item's row that a part belongs to; a row is laid out for an item that has none."""
        owner = str(part.values.get(owner_field) or "")
        row = self._owners[kind].get(owner)
        if row is None:
            row = self._owners[kind][owner] = _Row(part.number, {"id": owner})
            self._rows.setdefault(kind, []).append(row)
        parts = row.values.setdefault(field, [])
        if not isinstance(parts, list):
            raise TypeError(field)
        return parts

    def _decoded(self, kind: str, row: _Row) -> PlantItem | None:
        item_type = ITEM_TYPES[kind]
        before = self._plant.get(item_type, str(row.values.get("id") or ""))
        values = {**(encode_item(before) if before else {}), **row.values}
        unnamed = item_type in _SAME and not values.get("id")
        if unnamed:
            values["id"] = f"row-{row.number}"
        read = decode_items(kind, [values], lax=True)
        self._problems += [structs.replace(problem, row=row.number) for problem in read.problems]
        for item in read.items:
            return structs.replace(item, id=self._same_id(item)) if unnamed else item
        return None

    def _same_id(self, item: PlantItem) -> str:
        """The id of the item that says the same, or one made from what it says."""
        fields = _SAME[type(item)]
        said = [getattr(item, field) for field in fields]
        for other in self._plant.every(type(item)).values():
            if [getattr(other, field) for field in fields] == said:
                return other.id
        return id_from("-".join(_plain(value) for value in said if value))[:LONGEST_ID]

    def _problem(self, kind: str, row: _Row, field: str, code: str, **params: object) -> None:
        self._problems.append(PlantProblem(kind, field, code, params, str(row.values.get("id") or ""), row.number))


def _texts(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _plain(value: object) -> str:
    """A value as a part of an id."""
    if isinstance(value, tuple):
        return str(value[0]) if value else ""
    return value.strftime("%Y%m%dT%H%M") if isinstance(value, datetime) else str(value)
