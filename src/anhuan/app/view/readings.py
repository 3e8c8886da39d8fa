"""The record of a round before it is filled in: one entry per piece of equipment and point, named, with its limits."""

from anhuan.app.view.lens import Lens
from anhuan.app.view.shapes import Json
from anhuan.core.case.state import Case
from anhuan.core.policy import DutySpec
from anhuan.domain.plant_items import Equipment


def prefilled(case: Case, spec: DutySpec | None, lens: Lens) -> Json:
    """What stands in an open duty's form already; only its `equipment` and `point` are sent back with what was read."""
    if spec is None or spec.readings is None:
        return {}
    field, of = spec.readings
    named = case.values().get(of) or case.subject.equipment
    pieces = (lens.plant.get(Equipment, str(key)) for key in (named if isinstance(named, list) else [named]))
    return {field: [entry for piece in pieces if piece for entry in _entries(piece)]}


def _entries(equipment: Equipment) -> list[Json]:
    return [
        {
            "equipment": equipment.id,
            "equipment_name": f"{equipment.number} {equipment.name}".strip(),
            "point": point.key,
            "point_name": point.name,
            "unit": point.unit,
            "low": point.low,
            "high": point.high,
            "is_check": point.is_check,
        }
        for point in equipment.points
    ]
