"""A form's fields in words, as they are printed: the value of every widget as one text."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from anhuan.app.view.kinds import party_word_text
from anhuan.app.view.lens import Lens
from anhuan.domain.ids import AreaId, EquipmentId, PersonId
from anhuan.packs.forms import Form
from anhuan.ports.papers import Line

NOTHING = "—"
Values = Mapping[str, object]


def field_lines(form: Form, names: tuple[str, ...], values: Values, lens: Lens) -> tuple[Line, ...]:
    """These fields, empty ones with a dash."""
    return tuple(Line(_label(form, name, lens), field_text(form, name, values, lens) or NOTHING) for name in names)


def filled_lines(form: Form, values: Values, lens: Lens) -> tuple[Line, ...]:
    """Every field that was filled in, in the order of the form."""
    properties: Mapping[str, Mapping[str, Any]] = form.schema["properties"]
    ordered = sorted(properties, key=lambda name: properties[name]["x-order"])
    said = ((name, field_text(form, name, values, lens)) for name in ordered)
    return tuple(Line(_label(form, name, lens), text) for name, text in said if text)


def field_text(form: Form, name: str, values: Values, lens: Lens) -> str:
    """A field's value in words; empty where nothing was said."""
    part: Mapping[str, Any] = form.schema["properties"].get(name, {})
    value = values.get(name)
    if value is None or value in ("", [], {}):
        return ""
    if name in form.computed:
        return _computed(form, name, value, values, lens)
    return _WIDGETS.get(part.get("x-widget", ""), _plain)(value, name, part, lens)


def _label(form: Form, name: str, lens: Lens) -> str:
    part = form.schema["properties"].get(name, {})
    return lens.word(str(part.get("x-words", f"field.{name}")))


def _plain(value: object, name: str, part: Mapping[str, Any], lens: Lens) -> str:
    if isinstance(value, bool):
        return lens.word("bool.yes" if value else "bool.no")
    return f"{value:g}" if isinstance(value, float) else str(value)


def _choice(value: object, name: str, part: Mapping[str, Any], lens: Lens) -> str:
    chosen = value if isinstance(value, list | tuple) else [value]
    return lens.listed(lens.word(f"{part.get('x-values', name)}.{one}") for one in chosen)


def _place(value: object, name: str, part: Mapping[str, Any], lens: Lens) -> str:
    """Areas, equipment and people by name, one or several."""
    named = value if isinstance(value, list | tuple) else [value]
    return lens.listed(_named(str(one), part, lens) for one in named)


def _named(id: str, part: Mapping[str, Any], lens: Lens) -> str:
    if id == part.get("x-none"):
        return lens.word("paper.none")
    match part["x-widget"]:
        case "area":
            area = lens.area(AreaId(id))
            return area.name if area else id
        case "equipment":
            piece = lens.equipment(EquipmentId(id))
            return f"{piece.number} {piece.name}".strip() if piece else id
        case "party" if ":" in id:
            return party_word_text(id, lens)
        case _:
            return lens.plant.name_of(PersonId(id))


def _instant(value: object, name: str, part: Mapping[str, Any], lens: Lens) -> str:
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return lens.local(at if at.tzinfo else at.replace(tzinfo=lens.plant.zone))


def _risk(value: object, name: str, part: Mapping[str, Any], lens: Lens) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    method, factors = str(value.get("method", "")), value.get("factors", {})
    rated = lens.listed(f"{factor.upper()} = {rating:g}" for factor, rating in factors.items())
    return lens.word("paper.rated", method=lens.word(f"{name}.{method}"), factors=rated)


def _readings(value: object, name: str, part: Mapping[str, Any], lens: Lens) -> str:
    """What was read, a line for each point."""
    rows = value if isinstance(value, list | tuple) else []
    return "\n".join(_reading(row, lens) for row in rows if isinstance(row, Mapping))


def _reading(row: Mapping[str, Any], lens: Lens) -> str:
    where = " · ".join(str(row.get(f"{key}_name") or row.get(key, "")) for key in ("equipment", "point"))
    in_order = row.get("in_order")
    if isinstance(in_order, bool):
        said = lens.word("paper.in_order" if in_order else "paper.not_in_order")
    else:
        said = f"{row.get('value', NOTHING)} {row.get('unit') or ''}".strip()
    note = f" ({row['note']})" if row.get("note") else ""
    return f"{where}: {said}{note}"


def _computed(form: Form, name: str, value: object, values: Values, lens: Lens) -> str:
    """A computed value with how it came about."""
    said = lens.word(f"{name}.{value}")
    how = values.get(f"{name}_by")
    if not isinstance(how, Mapping):
        return said
    params = dict(_how(form, name, how, lens))
    return lens.word("paper.computed", value=said, **params)


def _how(form: Form, name: str, how: Mapping[str, Any], lens: Lens) -> Iterator[tuple[str, str]]:
    yield "method", lens.word(f"{form.computed[name].origin}.{how.get('method')}")
    yield "score", f"{how.get('score'):g}"
    yield "band", lens.word(f"band.{how.get('band')}")


_Said = Callable[[object, str, Mapping[str, Any], Lens], str]
_WIDGETS: Mapping[str, _Said] = {
    "choice": _choice,
    "choices": _choice,
    "area": _place,
    "equipment": _place,
    "person": _place,
    "party": _place,
    "date_time": _instant,
    "risk": _risk,
    "readings": _readings,
}
"""Widget -> how its value is said; the others are said as they stand."""
