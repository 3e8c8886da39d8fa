"""The blind copy: what the holder of an open blind check must not see of its case, in this one place.

Whoever checks blind sees what was done and never by whom: no person, signature or device, not the team that performed,
not who sent a file or wrote a note. So case, events and rows are redacted here *before* a view looks at them, and every
view (page, timeline, files, tasks, register, search, notices, live) is made of the redacted value; a view cannot leak
what it was not given.

Redaction is by field: every field that can name somebody is emptied, whatever struct it stands in; every other text is
masked, for names stand in free texts too. Of those only names, numbers and phones on the plant's own roster can be
found. Signed papers are left out whole, because nobody can tell what is written on a picture.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar, cast

from msgspec import Struct
from msgspec.structs import fields, replace

from anhuan.core.case.events import CaseEvent, CaseOpened, DrawRevealed, DutyOpened, Proof, TableAnswered, VerifierDrawn
from anhuan.core.case.rights import answers
from anhuan.core.case.state import Case, Duty
from anhuan.domain.ids import DutyNo, PersonId
from anhuan.domain.party import PersonParty
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import Person
from anhuan.ports.rows import CaseRow

HIDDEN = PersonId("hidden")
"""Stands for somebody whom the viewer must not know."""
MASK = "＊＊"

_NOBODY = PersonParty(HIDDEN)
_EMPTIED: Mapping[str, object] = {
    **dict.fromkeys(("by", "reporter", "finder", "person", "performer", "on_behalf_of", "captured_by")),
    **dict.fromkeys(("claimed_by", "ended_by", "device", "file_name", "exif", "signature")),
    **dict.fromkeys(("candidates", "told", "to", "rungs"), ()),
    **dict.fromkeys(("acts", "noted_by"), frozenset()),
    "outputs": {},
    "party": _NOBODY,
}
"""Field -> what stands there instead, in whatever struct."""
_KEPT = frozenset({"id", "case", "other", "parent", "number", "kind", "pack", "pack_version", "sha256", "fold_key"})
"""Texts that are no words."""
_PAPERS = frozenset({"scan", "signature"})
_REFERENCE = re.compile(r"(?:person|team|unit|post):.+")
_NUMBER_MIN = 3
_NAME_MIN = 2

Value = TypeVar("Value")


def own_blind(case: Case, viewer: PersonId | None, plant: Plant, at: datetime) -> frozenset[DutyNo]:
    """The open blind duties that the viewer may do; while there is one, the viewer sees the blind copy."""
    if viewer is None:
        return frozenset()
    return frozenset(duty.no for duty in case.open_duties() if duty.blind and answers(duty, viewer, plant, at))


def is_hidden(duty: Duty, own: frozenset[DutyNo]) -> bool:
    """Who checks blind is known to nobody else until it is decided: an actor could speak to them."""
    return duty.blind and duty.ended_at is None and duty.no not in own


def blind_case(case: Case, own: frozenset[DutyNo], plant: Plant) -> Case:
    """The case as the holder of the blind duties `own` may see it."""
    mask = mask_of(plant)
    redacted = mask.struct(case)
    duties = {no: replace(duty, **_kept(case.duties[no], no in own)) for no, duty in redacted.duties.items()}
    return replace(redacted, duties=duties)


def _kept(duty: Duty, own: bool) -> dict[str, Any]:
    """What one's own duty still says of itself."""
    return {"party": duty.party, "rungs": duty.rungs} if own else {}


def blind_events(events: Sequence[CaseEvent], own: frozenset[DutyNo], plant: Plant) -> list[tuple[int, CaseEvent]]:
    """The events with their versions; which row of a table named the performers is left out, and so are draws."""
    mask = mask_of(plant)
    shown = []
    for version, event in enumerate(events, 1):
        if isinstance(event, TableAnswered | VerifierDrawn | DrawRevealed):
            continue
        redacted = mask.struct(event)
        if isinstance(event, DutyOpened) and event.no in own:
            redacted = replace(redacted, party=event.party)
        shown.append((version, _with_nobody(redacted)))
    return shown


def _with_nobody(event: CaseEvent) -> CaseEvent:
    """Done by somebody who is not told, rather than by the system."""
    finder = {"finder": HIDDEN, "reporter": HIDDEN} if isinstance(event, CaseOpened) else {}
    return replace(event, by=HIDDEN, **finder)


def blind_row(row: CaseRow, plant: Plant) -> CaseRow:
    """A row of the register as the holder of a blind duty may see it."""
    return replace(mask_of(plant).struct(row), search="", parts=())


class Mask:
    """Empties and masks; made once for each version of a plant."""

    def __init__(self, plant: Plant) -> None:
        people = plant.every(Person).values()
        self._ids = frozenset(str(person.id) for person in people)
        names = {name for person in people for name in (person.name, *person.aliases) if len(name) >= _NAME_MIN}
        numbers = {text for person in people for text in (person.number, person.phone) if len(text) >= _NUMBER_MIN}
        tokens = sorted({*names, *numbers, *self._ids}, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_token, tokens)) or r"(?!)")

    def text(self, text: str) -> str:
        """The text with every name, number, phone and id of the plant's people masked."""
        return self._pattern.sub(MASK, text)

    def form(self, values: Mapping[str, object]) -> dict[str, object]:
        """A form without the fields that name somebody, its texts masked."""
        return {name: self.value(value) for name, value in values.items() if not self._names_somebody(value)}

    def value(self, value: Any) -> Any:
        """Any value of a struct or form."""
        match value:
            case Struct():
                return self.struct(value)
            case Enum():
                return value
            case str():
                return self.text(value)
            case dict():
                return self.form(value)
            case list() | tuple():
                return type(value)(self.value(part) for part in value if not _is_paper(part))
            case _:
                return value

    def struct(self, struct: Value) -> Value:
        """A struct with every field emptied that can name somebody."""
        changes: dict[str, Any] = {}
        for field in fields(cast(Struct, struct)):
            name, value = field.name, getattr(struct, field.name)
            if name in _EMPTIED:
                changes[name] = _EMPTIED[name]
            elif name not in _KEPT and value is not None:
                changes[name] = self.value(value)
        return cast(Value, replace(cast(Struct, struct), **changes))

    def _names_somebody(self, value: object) -> bool:
        return isinstance(value, str) and (value in self._ids or bool(_REFERENCE.fullmatch(value)))


def _is_paper(part: object) -> bool:
    return isinstance(part, Proof) and part.evidence.kind in _PAPERS


def _token(text: str) -> str:
    """A pattern for a name; letters and digits must stand alone, or a number would be found within another."""
    alone = text.isascii()
    return rf"(?<![0-9A-Za-z]){re.escape(text)}(?![0-9A-Za-z])" if alone else re.escape(text)


@lru_cache(maxsize=16)
def mask_of(plant: Plant) -> Mask:
    """The mask of a plant."""
    return Mask(plant)


def masked(texts: Iterable[str], plant: Plant) -> list[str]:
    """Texts as the holder of a blind duty may see them."""
    mask = mask_of(plant)
    return [mask.text(text) for text in texts]
