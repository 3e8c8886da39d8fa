"""The cells of a table about cases, in words: what a cell word of the pack names, of one case as its viewer sees it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from anhuan.app.papers.fields import field_text
from anhuan.app.view.lens import Lens
from anhuan.app.view.page import Looked, form_key
from anhuan.core.case.state import Case, Duty, DutyStatus
from anhuan.core.policy import Part, Values
from anhuan.domain.ids import PersonId
from anhuan.packs.case_cells import Cell
from anhuan.ports.registers import TableCell

_VALUES = frozenset({"found_at", "opened_at", "due_at", "overdue_at", "closed_at", "cycle_working_days"})
"""What a spreadsheet can reckon with."""


def cells_text(cells: Iterable[Cell], looked: Looked, row: int) -> str:
    """What the first of the cells says that says something."""
    return next((text for cell in cells if (text := cell_text(cell, looked, row))), "")


def cells_value(cells: Iterable[Cell], looked: Looked, row: int) -> TableCell:
    """The same for a spreadsheet: moments and numbers stay what they are."""
    for cell in cells:
        value = _typed(cell, looked, row)
        if value not in (None, ""):
            return value
    return None


def cell_text(cell: Cell, looked: Looked, row: int) -> str:
    """The cell of this case in a table's `row`-th row; empty where there is nothing to say."""
    case, lens = looked.shown, looked.lens
    if cell.of == "row":
        return str(row)
    if cell.of == "case":
        return case_text(cell.name, case, lens)
    if cell.of == "field":
        form = lens.pack.forms.get(lens.kind.form)
        return field_text(form, cell.name, known_values(case, lens), lens) if form else ""
    duty = _meant(cell, case)
    return _of_duty(cell, duty, lens) if duty else ""


def case_text(name: str, case: Case, lens: Lens) -> str:
    """What every case has, by its name in packs.case_cells.CASE."""
    return _CASE[name](case, lens)


def known_values(case: Case, lens: Lens) -> Values:
    """The case's form; who found it and when also where nobody wrote it, since the case knows."""
    subject = lens.kind.subject
    known: dict[str, object] = {}
    if case.found_at and "found_at" in subject:
        known[subject["found_at"]] = case.found_at.isoformat()
    if case.finder and "finder" in subject:
        known[subject["finder"]] = case.finder
    return {**known, **case.values()}


def last_done(case: Case, key: str) -> Duty | None:
    """The duty as it was last done by whoever led it."""
    done = [duty for duty in case.duties.values() if duty.key == key and duty.status is DutyStatus.DISCHARGED]
    leading = [duty for duty in done if duty.part is Part.LEAD]
    return leading[-1] if leading else None


def _meant(cell: Cell, case: Case) -> Duty | None:
    """What was done is told of the duty as it was last done, what is owed of the one that was given last."""
    if cell.of not in ("due", "party"):
        return last_done(case, cell.duty)
    owed = [duty for duty in case.duties.values() if duty.key == cell.duty and duty.part is Part.LEAD]
    owed = [duty for duty in owed if duty.status is not DutyStatus.CANCELLED] or owed
    return owed[-1] if owed else None


def _typed(cell: Cell, looked: Looked, row: int) -> TableCell:
    case = looked.shown
    if cell.of == "row":
        return row
    if cell.of == "case" and cell.name in _VALUES:
        value: TableCell = getattr(case, cell.name)
        return value
    if cell.of in ("at", "due"):
        duty = _meant(cell, case)
        if duty is None:
            return None
        return duty.ended_at if cell.of == "at" else duty.due_at
    return cell_text(cell, looked, row)


def area_text(case: Case, lens: Lens) -> str:
    """Where the case is."""
    area = lens.area(case.subject.area)
    return area.name if area else ""


def equipment_text(case: Case, lens: Lens) -> str:
    """What it is at."""
    piece = lens.equipment(case.subject.equipment)
    return f"{piece.number} {piece.name}".strip() if piece else ""


def _of_duty(cell: Cell, duty: Duty, lens: Lens) -> str:
    match cell.of:
        case "form":
            spec = lens.kind.duty(duty.stage, duty.key)
            form = lens.pack.forms.get(form_key(spec, duty) or "")
            return field_text(form, cell.name, duty.form, lens) if form else ""
        case "by":
            return _name(duty.on_behalf_of or duty.ended_by, lens)
        case "at":
            return _local(duty.ended_at, lens)
        case "due":
            return _local(duty.due_at, lens)
        case "party":
            return lens.party(duty.party).text
        case _:
            return lens.outcome(duty.outcome) or ""


def _local(at: datetime | None, lens: Lens) -> str:
    return lens.local(at) if at else ""


def _name(person: PersonId | None, lens: Lens) -> str:
    named = lens.person(person)
    return named.name if named else ""


def _status(case: Case, lens: Lens) -> str:
    status, stage = lens.word(f"status.{case.status}"), lens.stage(case.stage)
    return f"{status} · {stage}" if stage else status


_CASE: Mapping[str, Callable[[Case, Lens], str]] = {
    "number": lambda case, lens: case.number,
    "title": lambda case, lens: case.title,
    "kind": lambda case, lens: lens.kind_name(),
    "status": _status,
    "reporter": lambda case, lens: _name(case.reporter, lens),
    "finder": lambda case, lens: _name(case.finder, lens),
    "found_at": lambda case, lens: _local(case.found_at, lens),
    "opened_at": lambda case, lens: _local(case.opened_at, lens),
    "due_at": lambda case, lens: _local(case.due_at, lens),
    "overdue_at": lambda case, lens: _local(case.overdue_at, lens),
    "closed_at": lambda case, lens: _local(case.closed_at, lens),
    "outcome": lambda case, lens: lens.outcome(case.outcome) or "",
    "cycle_working_days": lambda case, lens: "" if case.cycle_working_days is None else f"{case.cycle_working_days:g}",
    "area": area_text,
    "equipment": equipment_text,
}
