"""What a case is about: read from its form by the kind's words, and checked against the plant."""

from datetime import datetime

from anhuan.core.case.events import Subject
from anhuan.core.case.outcome import Reason
from anhuan.core.policy import Kind, Values
from anhuan.domain.ids import AreaId, EquipmentId, PersonId
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import Area, Equipment

NONE = "none"
"""The explicit value of "there is no equipment", which is not the same as not saying."""
_TITLE_LENGTH = 120


def subject_of(kind: Kind, values: Values, plant: Plant) -> Subject:
    """Area, equipment, category and people of a form; equipment alone tells the area."""
    equipment = _text(kind, values, "equipment")
    known = EquipmentId(equipment) if equipment and equipment != NONE else None
    area = _text(kind, values, "area") or plant.equipment_area(known)
    person, performer = _text(kind, values, "person"), _text(kind, values, "performer")
    return Subject(
        area=AreaId(area) if area else None,
        equipment=known,
        category=_text(kind, values, "category"),
        person=PersonId(person) if person else None,
        performer=PersonId(performer) if performer else None,
    )


def told_finder(kind: Kind, values: Values) -> PersonId | None:
    """Who found it, where the form says so."""
    finder = _text(kind, values, "finder")
    return PersonId(finder) if finder else None


def told_at(kind: Kind, values: Values, plant: Plant) -> datetime | None:
    """When it was found, where the form says so readably."""
    text = _text(kind, values, "found_at")
    try:
        told = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return told.replace(tzinfo=plant.zone) if told is not None and told.tzinfo is None else told


def title_of(kind: Kind, values: Values, plant: Plant) -> str:
    """One line that names the case in lists; falls back to where it is."""
    text = str(values.get(kind.title) or "").strip()
    if not text:
        subject = subject_of(kind, values, plant)
        place = plant.get(Equipment, subject.equipment) or plant.get(Area, subject.area)
        text = place.name if place else ""
    return text if len(text) <= _TITLE_LENGTH else text[: _TITLE_LENGTH - 1] + "…"


def problems_of_place(kind: Kind, values: Values, plant: Plant) -> list[Reason]:
    """What the form names that the plant does not have, or that does not fit together."""
    reasons = []
    subject = subject_of(kind, values, plant)
    if subject.area and plant.get(Area, subject.area) is None:
        reasons.append(Reason("area_unknown", _pointer(kind, "area"), {"value": subject.area}))
    if subject.equipment and plant.get(Equipment, subject.equipment) is None:
        reasons.append(Reason("equipment_unknown", _pointer(kind, "equipment"), {"value": subject.equipment}))
    for word, person in (
        ("person", subject.person),
        ("performer", subject.performer),
        ("finder", told_finder(kind, values)),
    ):
        if person and plant.person(person) is None:
            reasons.append(Reason("person_unknown", _pointer(kind, word), {"value": person}))
    return reasons


def _text(kind: Kind, values: Values, word: str) -> str | None:
    value = values.get(kind.subject.get(word, word))
    return value if isinstance(value, str) and value else None


def _pointer(kind: Kind, word: str) -> str:
    return f"/{kind.subject.get(word, word)}"
