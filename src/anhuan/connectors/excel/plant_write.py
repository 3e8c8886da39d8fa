"""A plant as a workbook: the empty template, or what there is, ready to be corrected and imported again."""

import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime

import xlsxwriter
from msgspec import Struct
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from anhuan.app.plant_words import kind_name, value_word
from anhuan.connectors.excel import plant_columns as sheets
from anhuan.connectors.excel.plant_cells import write_cell
from anhuan.connectors.excel.plant_columns import Column, head_of, sheet_columns
from anhuan.connectors.excel.plant_names import ItemNames
from anhuan.connectors.excel.write import FONT, neutral
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import ITEM_TYPES, Equipment, FloorPlan, ProcessMap, WorkCalendar
from anhuan.ports.registers import Cell

YES_NO_ROWS = 2000
"""Down to which row a yes-or-no column offers its two words."""

AUTOFIT_PIXELS = 300
"""No column is made wider than this."""


def plant_workbook(plant: Plant, language: str) -> bytes:
    """An xlsx with a sheet for every kind of item; of an empty plant it is the template to fill in.

    `language` is `zh` or `en`. What an item names is written by name where that is unambiguous, else by number or id.
    """
    buffer = io.BytesIO()
    names = ItemNames(plant.items())
    options = {"default_format_properties": {"font_name": FONT, "font_size": 10}}
    with xlsxwriter.Workbook(buffer, options) as book:
        bold = {"bold": True, "bg_color": "#E8EEF4", "border": 1}
        head_format = book.add_format(bold)
        needed_format = book.add_format({**bold, "font_color": "#B42318"})
        day_format = book.add_format({"num_format": "yyyy-mm-dd"})
        moment_format = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for kind, columns in sheet_columns().items():
            page = book.add_worksheet(kind_name(kind, language))
            page.freeze_panes(1, 0)
            for index, column in enumerate(columns):
                page.write_string(
                    0, index, head_of(kind, column, language), needed_format if column.required else head_format
                )
                if column.value_type is bool:
                    words = [value_word("yes", language), value_word("no", language)]
                    page.data_validation(1, index, YES_NO_ROWS, index, {"validate": "list", "source": words})
            for line, row in enumerate(_rows(plant, kind), 1):
                for index, column in enumerate(columns):
                    cell = _cell(row.get(column.field), column, plant, names, language)
                    _write(page, line, index, cell, moment_format if isinstance(cell, datetime) else day_format)
            page.autofit(AUTOFIT_PIXELS)
    return buffer.getvalue()


def _write(page: Worksheet, line: int, index: int, cell: Cell, of_time: Format) -> None:
    if isinstance(cell, date):
        page.write_datetime(line, index, cell, of_time)
    elif isinstance(cell, int | float):
        page.write_number(line, index, cell)
    elif cell != "":
        page.write_string(line, index, neutral(str(cell)))


def _rows(plant: Plant, kind: str) -> Iterable[dict[str, object]]:
    """The rows of a sheet: field -> value."""
    match kind:
        case sheets.READING_POINTS:
            return (
                {"equipment": e.id, **_fields(point)} for e in plant.every(Equipment).values() for point in e.points
            )
        case sheets.CALENDAR_DAYS:
            return _days(plant)
        case sheets.OUTLINES:
            return _outlines(plant)
        case sheets.PROCESS_STEPS:
            return (
                {"process_map": m.id, **_fields(step)} for m in plant.every(ProcessMap).values() for step in m.steps
            )
        case _:
            return (_fields(item) for item in plant.every(ITEM_TYPES[kind]).values())


def _fields(said: Struct) -> dict[str, object]:
    return {name: getattr(said, name) for name in said.__struct_fields__}


def _days(plant: Plant) -> Iterator[dict[str, object]]:
    for calendar in plant.every(WorkCalendar).values():
        days = [(day, "rest") for day in calendar.holidays] + [(day, "work") for day in calendar.shifted_workdays]
        for day, work in sorted(days):
            yield {"calendar": calendar.id, "day": day, "work": work}


def _outlines(plant: Plant) -> Iterator[dict[str, object]]:
    for plan in plant.every(FloorPlan).values():
        for outline in plan.outlines:
            corners = " ".join(f"{x:.12g},{y:.12g}" for x, y in outline.corners)
            yield {"floor_plan": plan.id, "area": outline.area, "corners": corners}


def _cell(value: object, column: Column, plant: Plant, names: ItemNames, language: str) -> Cell:
    if column.field == "work":
        return value_word(str(value), language)
    if column.refers_to and value is not None:
        target = column.refers_to
        if isinstance(value, tuple):
            value = tuple(one if one is None else names.shown(target, one) for one in value)
        else:
            value = names.shown(target, str(value))
    return write_cell(value, column, plant.zone, language)
