"""One cell of a plant's sheet, both ways: what a person writes there and the plain value of a field."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

from anhuan.app.plant_words import LANGUAGES, value_word, weekday_names
from anhuan.connectors.excel.dates import DateRead, read_date
from anhuan.connectors.excel.folding import cell_text, fold
from anhuan.connectors.excel.plant_columns import Column
from anhuan.ports.registers import Cell

_SEPARATORS = re.compile(r"[、,，;；\n]+")
_YES = {"是", "有", "√", "y", "yes", "true", "1", *(fold(value_word("yes", language)) for language in LANGUAGES)}
_NO = {"否", "无", "×", "x", "n", "no", "false", "0", *(fold(value_word("no", language)) for language in LANGUAGES)}
_REST = {"休", "休息", "off", "-", "rest", *(fold(value_word("rest", language)) for language in LANGUAGES)}
_WORK = {"班", "上班", "work", *(fold(value_word("work", language)) for language in LANGUAGES)}
_WEEKDAYS = {
    fold(name): day
    for names in (*(weekday_names(language) for language in LANGUAGES), [f"星期{sign}" for sign in "一二三四五六日"])
    for day, name in enumerate(names)
}


def read_cell(cell: Cell, column: Column, zone: ZoneInfo) -> object:
    """The plain value in a cell: what cannot be understood stays the text that it is, for the check to name."""
    if cell_text(cell) == "":
        return None
    wanted = _inner(column.value_type)
    if is_list(column.value_type):
        may_rest = type(None) in get_args(get_args(column.value_type)[0])
        parts = [None if may_rest and is_rest(cell_text(part)) else part for part in _parts(cell)]
        return [None if part is None else _read_one(part, wanted, zone) for part in parts]
    return _read_one(cell, wanted, zone)


def write_cell(value: object, column: Column, zone: ZoneInfo, language: str) -> Cell:
    """The cell that says a value; `read_cell` reads the same value from it."""
    if isinstance(value, list | tuple):
        parts = [_write_one(part, column, zone, language) for part in value]
        return ("、" if language == "zh" else ", ").join(cell_text(part) for part in parts)
    return "" if value is None else _write_one(value, column, zone, language)


def is_list(wanted: object) -> bool:
    """Whether a field holds several values."""
    return str(wanted).startswith("tuple[")


def is_rest(text: str) -> bool | None:
    """Whether a word says that a day is free; None: it says neither that nor that it is worked."""
    folded = fold(text)
    return True if folded in _REST else False if folded in _WORK else None


def _inner(wanted: object) -> object:
    """The type of one value: of `date | None` and of `tuple[date, ...]` it is `date`."""
    kinds = [kind for kind in get_args(wanted) if kind not in (type(None), Ellipsis)]
    return _inner(kinds[0]) if kinds else wanted


def _parts(cell: Cell) -> Iterable[Cell]:
    return [part.strip() for part in _SEPARATORS.split(cell) if part.strip()] if isinstance(cell, str) else [cell]


def _read_one(cell: Cell, wanted: object, zone: ZoneInfo) -> object:
    text = cell_text(cell)
    folded = fold(text)
    if wanted is bool:
        return True if folded in _YES else False if folded in _NO else text
    if wanted is int and folded in _WEEKDAYS:
        return _WEEKDAYS[folded]
    if wanted in (int, float):
        return cell if isinstance(cell, int | float) and not isinstance(cell, bool) else text
    if wanted is date:
        found = read_date(cell)
        return found.on.isoformat() if isinstance(found, DateRead) and found.year_written else text
    if wanted is datetime:
        return _moment(cell, zone)
    if wanted is time:
        return _time_text(cell)
    return text


def _moment(cell: Cell, zone: ZoneInfo) -> str:
    if isinstance(cell, str):
        try:
            moment = datetime.fromisoformat(cell.strip())
        except ValueError:
            moment = None
        if moment is not None and moment.tzinfo is not None:
            return moment.isoformat()
    found = read_date(cell)
    if isinstance(found, DateRead) and found.year_written:
        return datetime.combine(found.on, found.at or time(0), zone).isoformat()
    return cell_text(cell)


def _time_text(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.time().isoformat("seconds")
    if isinstance(cell, timedelta):
        return _of_day(cell.total_seconds())
    if isinstance(cell, float) and 0 <= cell <= 1:
        # Excel keeps a time of day as a share of the day.
        return _of_day(cell * 24 * 60 * 60)
    return cell_text(cell)


def _of_day(seconds: float) -> str:
    """A time of day counted from midnight; the end of the day is midnight again."""
    minutes, second = divmod(round(seconds), 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour % 24:02}:{minute:02}:{second:02}"


def _write_one(value: object, column: Column, zone: ZoneInfo, language: str) -> Cell:
    if isinstance(value, bool):
        return value_word("yes" if value else "no", language)
    if value is None:
        return value_word("rest", language)
    if column.field in ("weekdays", "rest_weekdays") and isinstance(value, int):
        return weekday_names(language)[value]
    if isinstance(value, datetime):
        return value.astimezone(zone).replace(tzinfo=None)
    if isinstance(value, time):
        return value.isoformat("minutes" if value.second == 0 else "seconds")
    if isinstance(value, int | float | date):
        return value
    return str(value)
