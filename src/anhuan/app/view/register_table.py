"""The register as a table for Excel: what every case has, then the kind's own columns."""

from anhuan.app.view.lens import Lens
from anhuan.app.view.shapes import CaseBrief
from anhuan.ports.registers import TableCell, TableColumn
from anhuan.ports.rows import CaseRow

_HEADS = (
    *("number", "kind", "title", "status", "stage", "risk_level", "grade", "category", "area", "equipment"),
    *("reporter", "finder", "found_at", "opened_at", "due_at", "overdue_at", "closed_at", "outcome"),
    *("cycle_working_days", "owners", "imported"),
)
_WIDE = {"title": 50, "owners": 24}


def register_columns(lens: Lens, *, with_own: bool) -> list[TableColumn]:
    """The heads; the kind's own columns only where all rows are of one kind."""
    own = [TableColumn(lens.word(f"field.{field}")) for field in _own(lens)] if with_own else []
    return [*(TableColumn(lens.word(f"column.{head}"), _WIDE.get(head)) for head in _HEADS), *own]


def register_cells(brief: CaseBrief, row: CaseRow, lens: Lens, *, with_own: bool) -> list[TableCell]:
    """One row, in the order of the heads."""
    equipment = brief.equipment
    cells: list[TableCell] = [
        brief.number,
        brief.kind_name,
        brief.title,
        lens.word(f"status.{brief.status}"),
        brief.stage_name,
        lens.pack_word(f"risk_level.{brief.risk_level}") or brief.risk_level,
        lens.choice(lens.kind.subject.get("grade", "grade"), brief.grade),
        brief.category_name,
        brief.area.name if brief.area else None,
        f"{equipment.number} {equipment.name}".strip() if equipment else None,
        brief.reporter.name if brief.reporter else None,
        brief.finder.name if brief.finder else None,
        brief.found_at,
        brief.opened_at,
        brief.due_at,
        brief.overdue_at,
        brief.closed_at,
        brief.outcome_name,
        brief.cycle_working_days,
        lens.listed(brief.owners),
        lens.word("bool.yes" if brief.imported else "bool.no"),
    ]
    if with_own:
        cells += [None if brief.blind else _own_cell(row.fields.get(field), field, lens) for field in _own(lens)]
    return cells


def _own(lens: Lens) -> tuple[str, ...]:
    """The kind's own columns but for its grade, which every case has."""
    grade = lens.kind.subject.get("grade")
    return tuple(field for field in lens.pack.texts[lens.kind.key].columns if field != grade)


def _own_cell(value: object, field: str, lens: Lens) -> TableCell:
    if isinstance(value, bool):
        return lens.word("bool.yes" if value else "bool.no")
    if isinstance(value, int | float):
        return value
    return lens.choice(field, value) if isinstance(value, str) else None
