"""From an accepted row of a register to what opens a case: the kind's form filled in, and when it was found and closed.

Nothing here knows a pack: which value goes where follows from the pack's import words and the annotations of its form.
"""

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct

from anhuan.core.case.outcome import Reason as CaseReason
from anhuan.core.case.subject import problems_of_place, told_at, told_finder
from anhuan.core.policy import Kind
from anhuan.domain.ids import PersonId
from anhuan.domain.plant import Plant
from anhuan.packs.forms import IMPORT, Form
from anhuan.packs.import_form import form_field
from anhuan.packs.import_words import NAMED_TYPES, ImportSpec
from anhuan.ports.registers import Accepted, Named, Reason, Value

_INSTANT_WIDGET = "date_time"
_ID_WIDGETS = frozenset({"area", "equipment", "person"})


class RowForm(Struct, frozen=True):
    """A row as the kind takes it."""

    form: dict[str, object]
    found_at: datetime | None
    finder: PersonId | None
    closed_at: datetime
    """For history; where the register does not tell, when it was found."""


class RowTaking:
    """How rows of one kind's registers become cases of one plant, at one moment."""

    def __init__(self, spec: ImportSpec, kind: Kind, form: Form, plant: Plant, at: datetime) -> None:
        self._spec = spec
        self._kind = kind
        self._form = form
        self._plant = plant
        self._at = at
        self._fields = form.schema["properties"]
        targets = ((name, form_field(name, words, form)) for name, words in spec.fields.items())
        self._targets = {name: target for name, target in targets if target is not None}

    def take(self, row: Accepted, cells: Mapping[str, str]) -> RowForm:
        """The row's form. `cells`: the row as it stood, head -> text."""
        filled: dict[str, object] = {}
        for name, target in self._targets.items():
            filled.update(self._filled(name, target, row.values.get(name)))
        if self._spec.whole_row is not None:
            filled[self._spec.whole_row] = self._whole(self._spec.whole_row, cells)
        found_at = told_at(self._kind, filled, self._plant)
        return RowForm(
            form=filled,
            found_at=found_at,
            finder=told_finder(self._kind, filled),
            closed_at=self._closed_at(row, found_at),
        )

    def is_live(self, row: Accepted) -> bool:
        """Whether the row becomes a live case; else it becomes history."""
        return row.status in self._spec.live

    def problems(self, row: Accepted, taken: RowForm) -> tuple[Reason, ...]:
        """Why the kind would not take a live row in, as reasons of the register's field; empty: it will."""
        if not self.is_live(row):
            return ()
        values = {**taken.form, "case": {"source": IMPORT}}
        found = [CaseReason(p.code, p.field, p.params) for p in self._form(values, complete=False, at=self._at)]
        found += problems_of_place(self._kind, taken.form, self._plant)
        return tuple(self.reason(reason) for reason in found)

    def reason(self, reason: CaseReason) -> Reason:
        """A refusal of the kind's, said of the register's field."""
        pointed = reason.field.strip("/").split("/")[0]
        field = next((name for name, target in self._targets.items() if target == pointed), None)
        if reason.code == "too_long":
            return Reason("too_long_for_form", field, {"chars_max": reason.params.get("limit", "?")})
        return Reason("form_refuses", field, {"code": reason.code, "form_field": pointed})

    def _filled(self, name: str, target: str, value: Value) -> dict[str, object]:
        """What a value puts into the form."""
        part = self._fields[target]
        widget = part["x-widget"]
        if value is None:
            none_said = self._spec.fields[name].type in NAMED_TYPES and "x-none" in part
            return {target: part["x-none"]} if none_said else {}
        if isinstance(value, Named):
            said = value.id if widget in _ID_WIDGETS else value.text
            return {target: said} if said else {}
        if isinstance(value, date):
            written = self._instant(value).isoformat() if widget == _INSTANT_WIDGET else _day(value).isoformat()
            return {target: written}
        return self._form.taken_over(target, value) if "x-computed" in part else {target: value}

    def _whole(self, target: str, cells: Mapping[str, str]) -> str:
        longest = int(self._fields[target].get("maxLength", 4000))
        text = "\n".join(f"{head}: {cell}" for head, cell in cells.items())
        return text if len(text) <= longest else text[: longest - 1] + "…"

    def _instant(self, value: date) -> datetime:
        """A moment in the plant's zone: a day alone means when its work begins, but never the future."""
        if isinstance(value, datetime):
            return value
        begins = datetime.combine(value, self._plant.calendar.day_starts, self._plant.zone)
        return min(begins, self._at.astimezone(self._plant.zone)) if value <= self._today() else begins

    def _today(self) -> date:
        return self._at.astimezone(self._plant.zone).date()

    def _closed_at(self, row: Accepted, found_at: datetime | None) -> datetime:
        closed = row.values.get(self._spec.closed_at or "")
        told = self._instant(closed) if isinstance(closed, date) else None
        start = found_at or told or self._at
        return max(told or start, start)


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value
