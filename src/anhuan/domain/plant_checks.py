"""A change to a plant, made and checked as a whole: nothing dangles, no tree bites its tail, nothing is held twice.

Only what a change touches is checked, so that an old fault elsewhere never stands in the way of mending another.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import singledispatch
from typing import TypeVar

from msgspec import Struct

from anhuan.domain.ids import PersonId
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import (
    ITEM_TYPES,
    Absence,
    Area,
    Competence,
    Deputy,
    Equipment,
    FloorPlan,
    Holding,
    Inspection,
    Person,
    PlantItem,
    Post,
    Roster,
    Schedule,
    Shift,
    Site,
    Team,
    Workstation,
    item_kind,
)
from anhuan.domain.plant_reading import PlantProblem

REFERENCES: dict[type[PlantItem], tuple[tuple[str, type[PlantItem]], ...]] = {
    Area: (("site", Site), ("parent", Area)),
    Workstation: (("area", Area),),
    Equipment: (("area", Area), ("workstation", Workstation)),
    Inspection: (("equipment", Equipment),),
    Team: (("parent", Team), ("leader", Person)),
    Person: (("team", Team), ("superior", Person), ("same_as", Person), ("competences", Competence)),
    Holding: (("post", Post), ("person", Person), ("area", Area), ("shift", Shift)),
    Roster: (("team", Team), ("cycle", Shift), ("people", Person)),
    Deputy: (("person", Person), ("deputy", Person)),
    Absence: (("person", Person),),
    Schedule: (("area", Area), ("equipment", Equipment)),
    FloorPlan: (("site", Site), ("outlines.area", Area)),
}
"""Which fields of an item name other items; lists name several, and `parts.field` is a field of each part."""

TREES: dict[type[PlantItem], tuple[str, ...]] = {Area: ("parent",), Team: ("parent",), Person: ("superior", "same_as")}
"""Fields by which items of one kind hang on each other."""

SHOWN = 5
"""How many users of a thing are named when it cannot be removed."""


class PlantChange(Struct, frozen=True):
    """What shall become of a plant: items written anew or over, and items taken away."""

    put: tuple[PlantItem, ...] = ()
    remove: tuple[tuple[str, str], ...] = ()
    """(kind, id)"""


def changed(plant: Plant, change: PlantChange) -> Plant:
    """The plant after a change, one version on."""
    gone = set(change.remove)
    kept = (item for item in plant.items() if (item_kind(item), item.id) not in gone)
    return Plant((*kept, *change.put), plant.version + 1)


def check_change(plant: Plant, change: PlantChange) -> tuple[PlantProblem, ...]:
    """What is wrong with a change, nothing when it may be made.

    Codes: `kind_unknown`, `not_there`, `in_use` (params: `count`, and `by`, the first few users with kind, id and
    name), `reference_unknown`, `cycle`, `twice`, `held_twice`, `post_of_whole_plant`, `number_taken`, `site_differs`,
    `workstation_elsewhere`, `held_per_area`, `not_of_team`, `rostered_twice`, `area_of_other_site`.
    """
    after = changed(plant, change)
    return (*_removals(plant, after, change), *_repeated(change.put), *_puts(after, change.put))


def dangling(plant: Plant) -> Iterator[tuple[PlantItem, str, str]]:
    """Each (item, field, id) that names something the plant does not have."""
    for item in plant.items():
        for field, target, name in references(item):
            if plant.get(target, name) is None:
                yield item, field, name


def references(item: PlantItem) -> Iterator[tuple[str, type[PlantItem], str]]:
    """Each (field, type, id) that an item names."""
    for field, target in REFERENCES.get(type(item), ()):
        whole, _, inner = field.partition(".")
        value = getattr(item, whole)
        for one in value if isinstance(value, tuple) else (value,):
            name = getattr(one, inner) if inner else one
            if name is not None:
                yield whole, target, name


def users(plant: Plant, kind: type[PlantItem], item_id: str) -> Iterator[tuple[PlantItem, str]]:
    """Each (item, field) that names a thing."""
    for item in plant.items():
        for field, target, name in references(item):
            if target is kind and name == item_id:
                yield item, field


def _removals(plant: Plant, after: Plant, change: PlantChange) -> Iterator[PlantProblem]:
    for kind, item_id in change.remove:
        item_type = ITEM_TYPES.get(kind)
        if item_type is None:
            yield PlantProblem(kind, "", "kind_unknown", {"known": sorted(ITEM_TYPES)}, item_id)
        elif plant.get(item_type, item_id) is None:
            yield PlantProblem(kind, "id", "not_there", {"id": item_id}, item_id)
        elif after.get(item_type, item_id) is None and (by := {user for user, _ in users(after, item_type, item_id)}):
            named = sorted((item_kind(user), user.id, str(getattr(user, "name", user.id))) for user in by)
            shown = [{"kind": k, "id": i, "name": n} for k, i, n in named[:SHOWN]]
            yield PlantProblem(kind, "id", "in_use", {"count": len(by), "by": shown}, item_id)


def _repeated(put: Iterable[PlantItem]) -> Iterator[PlantProblem]:
    seen: set[tuple[str, str]] = set()
    for item in put:
        if (key := (item_kind(item), item.id)) in seen:
            yield PlantProblem(key[0], "id", "twice", {"id": item.id}, item.id)
        seen.add(key)


def _puts(after: Plant, put: Iterable[PlantItem]) -> Iterator[PlantProblem]:
    against = _Against(after)
    for item in put:
        kind = item_kind(item)
        for field, target, name in references(item):
            if after.get(target, name) is None:
                wanted = str(target.__struct_config__.tag)
                yield PlantProblem(kind, field, "reference_unknown", {"kind": wanted, "id": name}, item.id)
        for field in TREES.get(type(item), ()):
            if path := _cycle(after, item, field):
                yield PlantProblem(kind, field, "cycle", {"path": path}, item.id)
        for field, code, params in _conflicts(item, against):
            yield PlantProblem(kind, field, code, params, item.id)


def _cycle(plant: Plant, item: PlantItem, field: str) -> list[str]:
    """The ids from an item back to itself along a field; empty when the field leads out."""
    path = [item.id]
    above = getattr(item, field)
    while above is not None and (found := plant.get(type(item), above)):
        path.append(above)
        if above == item.id:
            return path
        if above in path[:-1]:
            return []
        above = getattr(found, field)
    return []


Key = TypeVar("Key")
Conflict = tuple[str, str, dict[str, object]]
"""Field, code, parameters."""


class _Against:
    """The plant after the change, with what is looked up for every item put."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant
        self.held = _by(((h.post, h.person, h.area, h.shift), h.id) for h in plant.every(Holding).values())
        self.equipment_numbers = _by((_plain(e.number), e.id) for e in plant.every(Equipment).values())
        self.person_numbers = _by((_plain(p.number), p.id) for p in plant.every(Person).values() if p.number)
        self.rostered = _by((key, r.id) for r in plant.every(Roster).values() for key in _rostered(r))


@singledispatch
def _conflicts(item: PlantItem, against: _Against) -> Iterable[Conflict]:
    """What an item contradicts in the rest of the plant."""
    return ()


@_conflicts.register
def _area(area: Area, against: _Against) -> Iterator[Conflict]:
    parent = against.plant.get(Area, area.parent)
    if parent and parent.site != area.site:
        yield "site", "site_differs", {"parent": parent.name}


@_conflicts.register
def _equipment(equipment: Equipment, against: _Against) -> Iterator[Conflict]:
    if others := _others(against.equipment_numbers, _plain(equipment.number), equipment.id):
        yield "number", "number_taken", {"number": equipment.number, "by": others[0]}
    workstation = against.plant.get(Workstation, equipment.workstation)
    if workstation and workstation.area not in against.plant.areas_within(equipment.area):
        yield "workstation", "workstation_elsewhere", {"workstation": workstation.name}


@_conflicts.register
def _person(person: Person, against: _Against) -> Iterator[Conflict]:
    if person.number and (others := _others(against.person_numbers, _plain(person.number), person.id)):
        yield "number", "number_taken", {"number": person.number, "by": others[0]}


@_conflicts.register
def _post(post: Post, against: _Against) -> Iterator[Conflict]:
    by_area = [h.id for h in against.plant.every(Holding).values() if h.post == post.id and h.area]
    if by_area and not post.per_area:
        yield "per_area", "held_per_area", {"count": len(by_area)}


@_conflicts.register
def _holding(holding: Holding, against: _Against) -> Iterator[Conflict]:
    key = (holding.post, holding.person, holding.area, holding.shift)
    if others := _others(against.held, key, holding.id):
        yield "person", "held_twice", {"by": others[0]}
    post = against.plant.get(Post, holding.post)
    if post and not post.per_area and holding.area:
        yield "area", "post_of_whole_plant", {"post": post.name}


@_conflicts.register
def _roster(roster: Roster, against: _Against) -> Iterator[Conflict]:
    strangers = [p for p in roster.people if (found := against.plant.person(p)) and found.team != roster.team]
    if strangers:
        yield "people", "not_of_team", {"people": [against.plant.name_of(person) for person in strangers]}
    twice = [key for key in _rostered(roster) if _others(against.rostered, key, roster.id)]
    if twice:
        names = [against.plant.name_of(PersonId(person)) for _, person in twice if person]
        yield "people" if names else "team", "rostered_twice", {"people": names}


@_conflicts.register
def _floor_plan(plan: FloorPlan, against: _Against) -> Iterator[Conflict]:
    areas = {name: area for outline in plan.outlines if (area := against.plant.get(Area, name := outline.area))}
    if elsewhere := [area.name for area in areas.values() if area.site != plan.site]:
        yield "outlines", "area_of_other_site", {"areas": elsewhere}


def _rostered(roster: Roster) -> list[tuple[str, str]]:
    """Whom a roster is for: each person of the crew, or the team as a whole."""
    return [(roster.team, person) for person in roster.people] or [(roster.team, "")]


def _by(pairs: Iterable[tuple[Key, str]]) -> Mapping[Key, list[str]]:
    found: dict[Key, list[str]] = {}
    for key, item_id in pairs:
        found.setdefault(key, []).append(item_id)
    return found


def _others(found: Mapping[Key, list[str]], key: Key, item_id: str) -> list[str]:
    return [other for other in found.get(key, ()) if other != item_id]


def _plain(number: str) -> str:
    return "".join(number.split()).casefold()
