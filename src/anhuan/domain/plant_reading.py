"""From rows to the items of a plant, with every problem named by row and field; one way in for all sources.

The console's editing, YAML files, Excel sheets and the database's own bodies all pass through `decode_items`. What an
item alone can be wrong in is said here; what only the whole plant can tell (plant_checks.py) comes after.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from functools import cache
from types import NoneType
from typing import get_args

import msgspec
from msgspec import Struct
from msgspec.structs import FieldInfo

from anhuan.domain.item_faults import Fault, item_faults
from anhuan.domain.plant_items import ITEM_TYPES, PlantItem

ItemRow = Mapping[str, object]
"""One item as plain values: what JSON, YAML or a sheet gives."""

LONGEST_TEXT = 400
_TIME = re.compile(r"(\d{1,2}):(\d\d)")
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class PlantProblem(Struct, frozen=True):
    """One thing wrong with a plant's row: which row and field, why; `code` and `params` make the words."""

    kind: str
    field: str
    code: str
    """Stable, snake_case; its words are `plant.problem.<code>`."""
    params: dict[str, object] = {}
    item: str = ""
    """The item's id where one can be read."""
    row: int = 0
    """Place of the row among those given, from 1; 0 when it came from no row."""


class ItemsRead(Struct, frozen=True):
    """What could be read, and what could not. A row with any problem gives no item."""

    items: tuple[PlantItem, ...]
    problems: tuple[PlantProblem, ...]


def decode_items(kind: str, rows: Iterable[ItemRow], *, lax: bool = False) -> ItemsRead:
    """Read rows as items of a kind. `lax` also takes figures and yes/no written as text, as sheets have them.

    Codes: `kind_unknown`, `field_unknown`, `value_missing`, `text_wanted`, `number_wanted`, `date_wanted`,
    `time_wanted`, `instant_wanted`, `yes_or_no_wanted`, `list_wanted`, `text_unfit`, `text_too_long`, `id_unfit`,
    `row_wanted`, `twice`, and those of `item_faults`.
    """
    item_type = ITEM_TYPES.get(kind)
    if item_type is None:
        return ItemsRead((), (PlantProblem(kind, "", "kind_unknown", {"known": sorted(ITEM_TYPES)}),))
    items: dict[str, PlantItem] = {}
    problems: list[PlantProblem] = []
    for number, row in enumerate(rows, 1):
        item, faults = _decode(item_type, row, lax)
        if item is not None and item.id in items:
            faults.append(Fault("id", "twice", {"id": item.id}))
        if faults:
            name = row.get("id") if isinstance(row, Mapping) else None
            known = _shown(name) if isinstance(name, str) else ""
            problems += [PlantProblem(kind, f.field, f.code, f.params, known, number) for f in faults]
        elif item is not None:
            items[item.id] = item
    return ItemsRead(tuple(items.values()), tuple(problems))


def encode_item(item: PlantItem) -> dict[str, object]:
    """The row of an item, without what stands at its default; `decode_items` reads the same item from it."""
    row: dict[str, object] = {}
    for name, field in _fields(type(item)).items():
        value = getattr(item, name)
        if field.required or value != field.default:
            row[name] = msgspec.to_builtins(value)
    return row


def _decode(item_type: type[PlantItem], row: ItemRow, lax: bool) -> tuple[PlantItem | None, list[Fault]]:
    if not isinstance(row, Mapping):
        return None, [Fault("", "row_wanted")]
    values, faults = _decode_fields(item_type, row, lax)
    if faults:
        return None, faults
    item = msgspec.convert(values, item_type)
    return item, list(item_faults(item))


def _decode_fields(item_type: type[PlantItem], row: ItemRow, lax: bool) -> tuple[dict[str, object], list[Fault]]:
    """Values by field; each field is read by itself, so that all of a row's faults are named at once."""
    fields = _fields(item_type)
    faults = [Fault(_shown(key), "field_unknown") for key in row if key not in fields and key != "type"]
    values: dict[str, object] = {}
    for name, field in fields.items():
        given = row.get(name)
        given = given.strip() if isinstance(given, str) else given
        if given is None or given == "":
            if field.required:
                faults.append(Fault(name, "value_missing"))
            continue
        faults += [Fault(name, code, params) for code, params in _text_faults(given)]
        try:
            value = _with_seconds(given) if time in (field.type, *get_args(field.type)) else given
            values[name] = msgspec.convert(value, field.type, strict=not lax)
        except msgspec.ValidationError as error:
            faults.append(Fault(name, _wanted(field.type), {"given": _shown(given), "at": _place(error)}))
    return values, faults


def _shown(value: object) -> str:
    """A value as a problem shows it: short, and fit to be sent."""
    return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", str(value))[:80]


def _with_seconds(given: object) -> object:
    """Times of day as people write them, `8:30` and `24:00`, in the form of RFC 3339."""
    if isinstance(given, list | tuple):
        return [_with_seconds(one) for one in given]
    if isinstance(given, str) and (found := _TIME.fullmatch(given)):
        return "00:00:00" if given == "24:00" else f"{int(found[1]):02}:{found[2]}:00"
    return given


def _text_faults(value: object) -> Iterator[tuple[str, dict[str, object]]]:
    """What no text of an item may hold: signs that jsonb or UTF-8 cannot hold, or a whole essay."""
    if isinstance(value, str):
        if _UNFIT.search(value):
            yield "text_unfit", {}
        if len(value) > LONGEST_TEXT:
            yield "text_too_long", {"longest": LONGEST_TEXT}
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _text_faults(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _text_faults(inner)


def _wanted(wanted: object) -> str:
    """The code for a value of the wrong type."""
    types = [kind for kind in get_args(wanted) or (wanted,) if kind is not NoneType]
    return _WANTED.get(types[0], "text_wanted") if len(types) == 1 else "list_wanted"


def _place(error: msgspec.ValidationError) -> str:
    """Where inside the value the error lies: `[0].low`; empty for the value itself."""
    return str(error).partition(" - at `$")[2].rstrip("`")


_WANTED: dict[object, str] = {
    bool: "yes_or_no_wanted",
    int: "number_wanted",
    float: "number_wanted",
    date: "date_wanted",
    time: "time_wanted",
    datetime: "instant_wanted",
}


@cache
def _fields(item_type: type[PlantItem]) -> dict[str, FieldInfo]:
    return {field.name: field for field in msgspec.structs.fields(item_type)}
