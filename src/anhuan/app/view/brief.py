"""A case as lists show it, from its row or as it stands."""

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from anhuan.app.projection import RISK_LEVEL
from anhuan.app.view.blind import is_hidden
from anhuan.app.view.lens import Lens
from anhuan.core.case.state import Case
from anhuan.core.policy import Part
from anhuan.domain.ids import AreaId, DutyNo, EquipmentId, PersonId
from anhuan.domain.party import party_text, read_party
from anhuan.ports.rows import CaseRow

HIDDEN_OWNER = ""
"""Stands for an owner whom the viewer must not know."""


class About(Struct, frozen=True, kw_only=True):
    """What a case is about, which its row says otherwise than the case itself."""

    area: str | None
    equipment: str | None
    category: str | None
    risk_level: object
    grade: object


def row_fields(row: CaseRow, owners: Iterable[str], lens: Lens, blind: bool) -> dict[str, Any]:
    """What a brief says of a row; see `_fields`."""
    about = About(
        area=row.area,
        equipment=row.equipment,
        category=row.category,
        risk_level=row.risk_level,
        grade=row.fields.get(lens.kind.subject.get("grade", "")),
    )
    return _fields(row, about, owners, lens, blind)


def case_fields(case: Case, owners: Iterable[str], lens: Lens, blind: bool) -> dict[str, Any]:
    """What a brief says of a case; see `_fields`."""
    about = About(
        area=case.subject.area,
        equipment=case.subject.equipment,
        category=case.subject.category,
        risk_level=case.computed.get(RISK_LEVEL),
        grade=case.form.get(lens.kind.subject.get("grade", "")),
    )
    return _fields(case, about, owners, lens, blind)


def _fields(row: CaseRow | Case, about: About, owners: Iterable[str], lens: Lens, blind: bool) -> dict[str, Any]:
    """A brief's fields, also for longer shapes built on it, of what is redacted already where it is `blind`.

    `owners` are the parties of its open duties as texts, HIDDEN_OWNER for one who is not told.
    """
    category_field = lens.kind.subject.get("category", "category")
    return {
        "id": row.id,
        "version": row.version,
        "kind": row.kind,
        "kind_name": lens.kind_name(),
        "number": row.number,
        "title": row.title,
        "status": row.status,
        "stage": row.stage,
        "stage_name": lens.stage(row.stage),
        "risk_level": about.risk_level if isinstance(about.risk_level, str) else None,
        "grade": about.grade if isinstance(about.grade, str) else None,
        "area": lens.area(AreaId(about.area) if about.area else None),
        "equipment": lens.equipment(EquipmentId(about.equipment) if about.equipment else None),
        "category": about.category,
        "category_name": lens.choice(category_field, about.category),
        "source": row.source,
        "reporter": lens.person(_person(row.reporter)),
        "finder": lens.person(_person(row.finder)),
        "found_at": row.found_at,
        "opened_at": row.opened_at,
        "due_at": row.due_at,
        "overdue_at": row.overdue_at,
        "closed_at": row.closed_at,
        "outcome": row.outcome,
        "outcome_name": lens.outcome(row.outcome),
        "imported": row.imported,
        "reopened": row.reopened,
        "owners": list(dict.fromkeys(_owner(text, lens) for text in dict.fromkeys(owners))),
        "cycle_working_days": row.cycle_working_days,
        "blind": blind,
    }


def owners_of(case: Case, own: frozenset[DutyNo]) -> list[str]:
    """Who owes something now, the leading parties only."""
    leading = [duty for duty in case.open_duties() if duty.part is Part.LEAD]
    return [HIDDEN_OWNER if is_hidden(duty, own) else party_text(duty.party) for duty in leading]


def _owner(text: str, lens: Lens) -> str:
    return lens.party(read_party(text)).text if text else lens.word("hidden")


def _person(text: str | None) -> PersonId | None:
    return PersonId(text) if text else None
