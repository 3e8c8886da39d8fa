"""What is burnt into the copy of a picture: number, person, time and place, each with where it comes from.

A time is the device's claim, so it says so and names a clock that was off; without one, when the picture arrived is
said instead. A place is the scanned plate, else the device's position, else that there is none and why.
"""

from collections.abc import Mapping
from datetime import timedelta

from anhuan.app.view.lens import Lens, house_words
from anhuan.core.case.state import Case
from anhuan.core.proof import clock_drift
from anhuan.domain.evidence import Evidence, GpsFix, NotPermitted
from anhuan.domain.ids import EquipmentId
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import Area, Equipment
from anhuan.ports.files import StoredFile
from anhuan.ports.identity import Language
from anhuan.ports.photos import Watermark

DRIFT_SHOWN = timedelta(minutes=2)
"""A clock that was off by less is as good as ours."""


def case_watermark(case: Case, evidence: Evidence, lens: Lens) -> Watermark:
    """What a case knows of one of its pictures."""
    words = house_words(lens.language)
    return Watermark(
        number=case.number,
        person=lens.plant.name_of(evidence.captured_by) if evidence.captured_by else "",
        taken=_taken(evidence, lens, words),
        place=" ".join(part for part in (_subject(case, lens.plant), _place(evidence, lens.plant, words)) if part),
    )


def loose_watermark(file: StoredFile, plant: Plant, language: Language) -> Watermark:
    """For a picture that belongs to no case yet: whoever sent it looks at it."""
    words = house_words(language)
    received = file.uploaded_at.astimezone(plant.zone).strftime("%Y-%m-%d %H:%M")
    return Watermark(
        number=words["watermark.no_case"],
        person=plant.name_of(file.uploaded_by) if file.uploaded_by else "",
        taken=words["watermark.received"].format(at=received),
    )


def _taken(evidence: Evidence, lens: Lens, words: Mapping[str, str]) -> str:
    if evidence.captured_at is None:
        return words["watermark.received"].format(at=lens.local(evidence.received_at))
    at, drift = lens.local(evidence.captured_at), clock_drift(evidence)
    if drift is None:
        return words["watermark.taken_unchecked"].format(at=at)
    if abs(drift) < DRIFT_SHOWN:
        return words["watermark.taken"].format(at=at)
    minutes = f"{round(drift.total_seconds() / 60):+d}"
    return words["watermark.taken_drift"].format(at=at, minutes=minutes)


def _subject(case: Case, plant: Plant) -> str:
    """Where the case is: its area."""
    area = plant.get(Area, case.subject.area)
    return area.name if area else ""


def _place(evidence: Evidence, plant: Plant, words: Mapping[str, str]) -> str:
    """Where the picture says it was taken."""
    where = evidence.captured_where
    if where.scan is not None:
        return words["watermark.scanned"].format(equipment=_equipment(where.scan.equipment, plant))
    match where.fix:
        case GpsFix(lat=lat, lon=lon, accuracy_m=None):
            return words["watermark.position"].format(lat=f"{lat:.5f}", lon=f"{lon:.5f}")
        case GpsFix(lat=lat, lon=lon, accuracy_m=accuracy_m):
            position = words["watermark.position"].format(lat=f"{lat:.5f}", lon=f"{lon:.5f}")
            return f"{position} ±{accuracy_m:.0f} m"
        case NotPermitted():
            return words["watermark.not_permitted"]
        case _:
            return words["watermark.no_fix"]


def _equipment(equipment: EquipmentId, plant: Plant) -> str:
    found = plant.get(Equipment, equipment)
    return f"{found.number} {found.name}".strip() if found else equipment
