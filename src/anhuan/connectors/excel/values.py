"""One cell, one field: the value it stands for, or the reasons why it stands for none."""

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct

from anhuan.connectors.excel.dates import DateFault, read_date, with_year
from anhuan.connectors.excel.folding import bare, cell_text, fold
from anhuan.packs.import_words import DATE_TYPES, FieldWords, ImportSpec
from anhuan.ports.registers import Cell, Context, Lookup, Named, Reason, Value


class CellRead(Struct, frozen=True):
    """What a cell says."""

    value: Value = None
    said_none: bool = False
    """Somebody wrote that there is none."""
    status: str | None = None
    """Told by a word in the cell."""
    place: str = ""
    """Equipment: the area where it stands."""
    faults: tuple[Reason, ...] = ()
    notes: tuple[Reason, ...] = ()


NOTHING = CellRead()


class FieldReader:
    """Reads the cells of one field; its words are folded once."""

    def __init__(self, name: str, words: FieldWords, spec: ImportSpec, learned: Mapping[str, str]) -> None:
        self.name = name
        self.words = words
        self.empty = frozenset(fold(word) for word in spec.empty) | {""}
        self.none_words = frozenset(fold(word) for word in words.none_words)
        self.vague = frozenset(fold(word) for word in words.vague)
        self.statuses = {fold(word): status for status, said in words.status_words.items() for word in said}
        self.choices = {fold(value): value for value in words.values}
        self.choices.update({fold(word): value for value, said in words.values.items() for word in said})
        self.choices.update({fold(word): value for word, value in learned.items()})
        self.doubtful = {fold(word): value for word, value in words.doubtful.items()}
        self._choices_read: dict[str, CellRead] = {}

    def is_empty(self, cell: Cell) -> bool:
        """Nothing stands here, or a mark that says so."""
        return cell == "" or (isinstance(cell, str) and fold(cell) in self.empty)

    def read(self, cell: Cell, context: Context, reference: date | None, year: int, area: str | None) -> CellRead:
        """`reference` and `year` serve dates without a year; `area` is the row's, for equipment."""
        text = cell_text(cell)
        if fold(text) in self.none_words:
            return CellRead(said_none=True)
        if self.is_empty(cell):
            return NOTHING
        if (status := self.statuses.get(fold(text))) is not None:
            kept = text if self.words.type in ("text", "status") else None
            return CellRead(value=kept, status=status)
        if self.words.type in DATE_TYPES:
            return self._date(cell, text, context, reference, year)
        if fold(text) in self.vague:
            return self._fault("vague", text=text)
        if self.words.type == "choice":
            if text not in self._choices_read:
                self._choices_read[text] = self._choice(text)
            return self._choices_read[text]
        if self.words.type in ("text", "status"):
            return self._text(text)
        return self._named(text, context, area)

    def _fault(self, code: str, /, **params: object) -> CellRead:
        return CellRead(faults=(Reason(code, self.name, params),))

    def _note(self, value: Value, code: str, /, **params: object) -> CellRead:
        return CellRead(value, notes=(Reason(code, self.name, params),))

    def _text(self, text: str) -> CellRead:
        if len(fold(text)) < self.words.min_chars:
            return self._fault("too_short", text=text, chars_min=self.words.min_chars)
        if len(text) > self.words.max_chars:
            return self._fault("too_long", chars=len(text), chars_max=self.words.max_chars)
        if self.words.type == "status":
            return self._note(text, "status_word_unknown", text=text)
        return CellRead(text)

    def _date(self, cell: Cell, text: str, context: Context, reference: date | None, year: int) -> CellRead:
        found = read_date(cell)
        if isinstance(found, DateFault):
            return self._fault(found.code, text=text)
        found = with_year(found, reference, year)
        if self.words.not_future and found.on > context.today:
            return self._fault("in_the_future", text=text, today=context.today.isoformat())
        if self.words.type == "date" or found.at is None:
            return CellRead(found.on)
        return CellRead(datetime.combine(found.on, found.at, context.zone))

    def _choice(self, text: str) -> CellRead:
        for word in (fold(text), fold(bare(text))):
            if word in self.choices:
                return CellRead(self.choices[word])
            if word in self.doubtful:
                return self._note(self.doubtful[word], "word_of_another_scale", text=text, value=self.doubtful[word])
        if self.words.otherwise is not None:
            return self._note(self.words.otherwise, "choice_read_as_other", text=text, value=self.words.otherwise)
        known = [said[0] if said else value for value, said in self.words.values.items()]
        return self._fault("choice_unknown", text=text, known=known)

    def _named(self, text: str, context: Context, area: str | None) -> CellRead:
        found = self._lookup(text, context, area)
        if found.id is not None:
            return CellRead(Named(found.id, text), place=found.candidates[0].place if found.candidates else "")
        names = [candidate.name for candidate in found.candidates]
        code = "name_ambiguous" if names else "name_unknown"
        if self.words.unknown == "keep":
            return self._note(Named(None, text), code, text=text, candidates=names)
        return self._fault(code, text=text, candidates=names)

    def _lookup(self, text: str, context: Context, area: str | None) -> Lookup:
        if self.words.type == "area":
            return context.area(text)
        if self.words.type == "equipment":
            return context.equipment(text, area)
        return context.person(text)
