"""The record of a round: one entry per piece of equipment and point, named, before it is filled in and afterwards."""

from dataclasses import asdict

from anhuan.app.view.lens import Lens
from anhuan.app.view.shapes import Json
from anhuan.core.case.state import Case
from anhuan.core.policy import DutySpec
from anhuan.domain.plant_items import Equipment, ReadingPoint


def prefilled(case: Case, spec: DutySpec | None, lens: Lens) -> Json:
    """What stands in an open duty's form already; only its `equipment` and `point` are sent back with what was read."""
    if spec is None or spec.readings is None:
        return {}
    field, of = spec.readings
    named = case.values().get(of) or case.subject.equipment
    pieces = (lens.plant.get(Equipment, str(key)) for key in (named if isinstance(named, list) else [named]))
    return {field: [entry for piece in pieces if piece for entry in _entries(piece, lens)]}


def as_read(form: Json, spec: DutySpec | None, lens: Lens) -> Json:
    """A form that was handed in, each of its readings with the names of what was read.

    `out_of_limits` marks what is not in order by what was said of it, or by the limits that are on record now.
    """
    if spec is None or spec.readings is None or not isinstance(form.get(spec.readings[0]), list):
        return form
    field = spec.readings[0]
    return {**form, field: [_read(entry, lens) if isinstance(entry, dict) else entry for entry in form[field]]}


def _read(entry: Json, lens: Lens) -> Json:
    piece = lens.plant.get(Equipment, str(entry.get("equipment")))
    point = next((one for one in piece.points if one.key == entry.get("point")), None) if piece else None
    if piece is None or point is None:
        return entry
    out = entry.get("in_order") is False or point.is_out(entry.get("value"))
    return {**_names(piece, point), **entry, "out_of_limits": out}


def _entries(equipment: Equipment, lens: Lens) -> list[Json]:
    lapsed = [asdict(one) for one in lens.lapsed(equipment.id)]
    return [
        {
            "equipment": equipment.id,
            "point": point.key,
            **_names(equipment, point),
            "low": point.low,
            "high": point.high,
            **({"lapsed": lapsed} if lapsed else {}),
        }
        for point in equipment.points
    ]


def _names(equipment: Equipment, point: ReadingPoint) -> Json:
    return {
        "equipment_name": f"{equipment.number} {equipment.name}".strip(),
        "point_name": point.name,
        "unit": point.unit,
        "is_check": point.is_check,
    }
