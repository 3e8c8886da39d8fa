"""How a plant stands in a workbook: one sheet per kind, one column per field, lists of parts on sheets of their own.

Whatever the template writes the reader reads; the columns are taken from the items' own fields, so that a new field
needs no line here.
"""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import msgspec
from msgspec import Struct

from anhuan.app.plant_words import LANGUAGES, field_name, kind_name
from anhuan.connectors.excel.folding import fold_head
from anhuan.domain.plant_checks import REFERENCES
from anhuan.domain.plant_items import (
    ITEM_TYPES,
    Area,
    Equipment,
    FloorPlan,
    PlantItem,
    ProcessMap,
    ProcessStep,
    ReadingPoint,
    WorkCalendar,
)

REQUIRED_MARK = "*"
"""Stands behind the heads of fields that must be filled in."""

READING_POINTS = "reading_point"
CALENDAR_DAYS = "calendar_day"
OUTLINES = "outline"
PROCESS_STEPS = "process_step"

# Fields whose value is a list of parts with fields of their own: they stand on a sheet of parts.
_ON_SHEETS_OF_PARTS = {
    (Equipment, "points"),
    (WorkCalendar, "holidays"),
    (WorkCalendar, "shifted_workdays"),
    (FloorPlan, "outlines"),
    (ProcessMap, "steps"),
}


class Column(NamedTuple):
    """One column of a sheet."""

    field: str
    value_type: object
    """The field's type."""
    required: bool
    refers_to: type[PlantItem] | None = None
    """Kind of item that the cell names."""


@cache
def sheet_columns() -> dict[str, tuple[Column, ...]]:
    """The columns of each sheet, by kind word, in the order of the sheets."""
    sheets: dict[str, tuple[Column, ...]] = {}
    for kind, item_type in ITEM_TYPES.items():
        sheets[kind] = tuple(_columns(item_type, dict(REFERENCES.get(item_type, ()))))
        if item_type is Equipment:
            sheets[READING_POINTS] = (Column("equipment", str, True, Equipment), *_columns(ReadingPoint, {}))
        elif item_type is WorkCalendar:
            sheets[CALENDAR_DAYS] = (
                Column("calendar", str, True, WorkCalendar),
                Column("day", str, True),
                Column("work", str, True),
            )
        elif item_type is FloorPlan:
            sheets[OUTLINES] = (
                Column("floor_plan", str, True, FloorPlan),
                Column("area", str, True, Area),
                Column("corners", str, True),
            )
        elif item_type is ProcessMap:
            sheets[PROCESS_STEPS] = (Column("process_map", str, True, ProcessMap), *_columns(ProcessStep, {}))
    return sheets


def _columns(struct: type[Struct], targets: dict[str, type[PlantItem]]) -> Iterator[Column]:
    for field in msgspec.structs.fields(struct):
        if (struct, field.name) not in _ON_SHEETS_OF_PARTS:
            # An id may be left to the reader, which finds the item again by number, name or what it says.
            required = field.required and field.name != "id"
            yield Column(field.name, field.type, required, targets.get(field.name))


def head_of(kind: str, column: Column, language: str) -> str:
    """The head of a column as the template writes it."""
    return field_name(kind, column.field, language) + (REQUIRED_MARK if column.required else "")


def kind_of_sheet(title: str) -> str | None:
    """The kind that a sheet's title names in either language; None: no sheet of ours."""
    folded = fold_head(title)
    for kind in sheet_columns():
        if folded in {fold_head(kind), *(fold_head(kind_name(kind, language)) for language in LANGUAGES)}:
            return kind
    return None


@cache
def fields_by_head(kind: str) -> dict[str, str]:
    """Folded head in either language, or the field's own name -> field."""
    heads: dict[str, str] = {}
    for column in sheet_columns()[kind]:
        for head in (column.field, *(field_name(kind, column.field, language) for language in LANGUAGES)):
            heads.setdefault(fold_head(head), column.field)
    return heads
