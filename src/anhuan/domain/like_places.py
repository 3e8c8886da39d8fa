"""Where else the same could be: places of the plant that are like one in which something was found (举一反三).

Equipment is like equipment of its class; where no equipment is meant, an area is like areas of its class. What has no
class is like nothing: a list of everything would be looked at by nobody.
"""

from msgspec import Struct

from anhuan.domain.ids import AreaId, EquipmentId
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import Area, Equipment

UNCLASSED = frozenset({"", "general"})
"""Classes that say nothing."""


class LikePlace(Struct, frozen=True):
    """An area in which like equipment stands, or that is itself alike."""

    area: AreaId
    equipment: tuple[EquipmentId, ...] = ()
    """The like equipment there; empty: the area as a whole is meant."""


def like_places(plant: Plant, equipment: EquipmentId | None, area: AreaId | None) -> tuple[LikePlace, ...]:
    """Places like the one named, in the order of the plant's areas, the area itself first.

    With equipment: every area that has other pieces of the same class, its own included. Without: every other area of
    the same class. Empty where nothing is known to be alike.
    """
    piece = plant.get(Equipment, equipment)
    if piece is not None:
        return _with_equipment(plant, piece)
    found = plant.get(Area, area)
    if found is None or found.area_class in UNCLASSED:
        return ()
    others = plant.every(Area).values()
    return tuple(LikePlace(a.id) for a in others if a.area_class == found.area_class and a.id != found.id)


def _with_equipment(plant: Plant, piece: Equipment) -> tuple[LikePlace, ...]:
    if piece.equipment_class in UNCLASSED:
        return ()
    by_area: dict[AreaId, list[EquipmentId]] = {}
    for other in plant.every(Equipment).values():
        if other.equipment_class == piece.equipment_class and other.id != piece.id:
            by_area.setdefault(other.area, []).append(other.id)
    areas = sorted(plant.every(Area), key=lambda area: area != piece.area)
    return tuple(LikePlace(AreaId(area), tuple(by_area[AreaId(area)])) for area in areas if area in by_area)
