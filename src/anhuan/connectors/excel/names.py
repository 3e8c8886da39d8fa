"""What a register's words name in a plant: areas, equipment and people by name, number and alias.

A text that fits one thing is that thing; one that fits several, or only a part of a name, is never decided here: the
candidates are shown to a person.
"""

from collections.abc import Iterable
from datetime import date, tzinfo

from anhuan.connectors.excel.folding import bare, fold
from anhuan.domain.ids import AreaId, EquipmentId
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import Area, Equipment, Person
from anhuan.ports.registers import Candidate, Lookup

CANDIDATES_MAX = 5

Keys = dict[str, dict[str, Candidate]]
"""Folded text -> id -> what it names."""


class PlantNames:
    """The `Context` of an import: one plant at one version. Answers are remembered, registers repeat themselves."""

    def __init__(self, plant: Plant, today: date, zone: tzinfo | None = None) -> None:
        self.today = today
        self.zone: tzinfo = zone or plant.zone
        self._plant = plant
        self._areas: Keys = {}
        self._equipment: Keys = {}
        self._people: Keys = {}
        for area in plant.every(Area).values():
            _add(self._areas, Candidate(area.id, area.name), (area.name, *area.aliases))
        for thing in plant.every(Equipment).values():
            spoken = f"{thing.number} {thing.name}"
            words = (thing.number, thing.name, spoken, f"{thing.name}{thing.number}", *thing.aliases)
            area_of = plant.get(Area, thing.area)
            _add(self._equipment, Candidate(thing.id, spoken, area_of.name if area_of else ""), words)
        for person in plant.every(Person).values():
            # Somebody with two numbers is one human, whichever name or number a register uses.
            known = plant.get(Person, person.same_as) or person
            spoken = f"{known.name} {known.number}".strip()
            _add(self._people, Candidate(known.id, spoken), (person.name, person.number, *person.aliases))
        self._found: dict[tuple[str, str, str | None], Lookup] = {}

    def area(self, text: str) -> Lookup:
        """By name or alias."""
        return self._remembered("area", text, None)

    def equipment(self, text: str, area: str | None) -> Lookup:
        """By number, name or alias; within the area (and what lies in it) where one is given.

        A thing that stands elsewhere is only a candidate: either the area or the number is wrong, a person knows which.
        """
        return self._remembered("equipment", text, area)

    def person(self, text: str) -> Lookup:
        """By name or number; remarks in brackets are ignored where the name alone is known."""
        return self._remembered("person", text, None)

    def _remembered(self, kind: str, text: str, area: str | None) -> Lookup:
        key = (kind, text, area)
        if key not in self._found:
            if kind == "area":
                self._found[key] = _look_up(self._areas, text)
            elif kind == "person":
                self._found[key] = _look_up(self._people, text)
            else:
                self._found[key] = self._equipment_in(text, area)
        return self._found[key]

    def _equipment_in(self, text: str, area: str | None) -> Lookup:
        if area is None:
            return _look_up(self._equipment, text)
        inside = {
            key: here
            for key in _keys(text)
            if (here := {id: found for id, found in self._equipment.get(key, {}).items() if self._stands_in(id, area)})
        }
        return _look_up(inside, text) if inside else Lookup(None, _look_up(self._equipment, text).candidates)

    def _stands_in(self, equipment: str, area: str) -> bool:
        place = self._plant.equipment_area(EquipmentId(equipment))
        return AreaId(area) in self._plant.area_chain(place)


def names_of(plant: Plant, today: date) -> PlantNames:
    """What the plant's names mean, for registers read on that day."""
    return PlantNames(plant, today)


def _add(keys: Keys, thing: Candidate, words: Iterable[str]) -> None:
    for word in words:
        if folded := fold(word):
            keys.setdefault(folded, {})[thing.id] = thing


def _keys(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((fold(text), fold(bare(text)))))


def _look_up(names: Keys, text: str) -> Lookup:
    for key in _keys(text):
        if exact := names.get(key):
            found = _in_order(exact)
            return Lookup(found[0].id if len(exact) == 1 else None, found)
    part = fold(bare(text))
    near: dict[str, Candidate] = {}
    for key, things in names.items():
        if len(part) > 1 and len(key) > 1 and (part in key or key in part):
            near.update(things)
    return Lookup(None, _in_order(near))


def _in_order(things: dict[str, Candidate]) -> tuple[Candidate, ...]:
    return tuple(things[id] for id in sorted(things))[:CANDIDATES_MAX]
