"""Registers that plants keep in files: what the use cases of an import see of them.

A connector reads a file to a `Workbook`, guesses its `Layout`, and turns each row into exactly one `Outcome`, so that
nothing is lost: accepted + rejected + duplicates + skipped = rows. All values here are plain and can be sent as JSON;
`Mapping` is what a person says about a layout, and what a plant remembers under the layout's `fingerprint`.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as MappingOf
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Literal, Protocol

from msgspec import Struct

from anhuan.domain.plant import Plant
from anhuan.packs.import_words import ImportSpec

Cell = str | float | int | bool | date | datetime | time | timedelta
"""A cell as the file holds it; the empty text is an empty cell."""

Params = dict[str, object]
"""Values for a text; always plain JSON."""


class Span(Struct, frozen=True):
    """Merged cells, both ends included, counted from 0."""

    top: int
    left: int
    bottom: int
    right: int


class Sheet(Struct, frozen=True):
    """One sheet. Row n of the file is `rows[n - 1]`; all rows are equally long."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    spans: tuple[Span, ...] = ()


class Workbook(Struct, frozen=True):
    """The visible sheets of a file, in its order."""

    sheets: tuple[Sheet, ...]


class WorkbookRefused(Exception):
    """The file is not read at all: which code, and what its text needs."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params: Params = params


class Problem(Struct, frozen=True):
    """Something about a layout that a person should look at."""

    code: str
    params: Params = {}
    level: Literal["stops", "ask", "tell"] = "ask"
    """`stops`: nothing can be read like this. `ask`: a guess to be confirmed. `tell`: only worth knowing."""


class Alternative(Struct, frozen=True):
    """Another column that a field could stand in."""

    column: str
    head: str
    confidence: float


class ColumnGuess(Struct, frozen=True):
    """Where a field stands."""

    column: str
    """In Excel's letters."""
    head: str
    """As written, the rows of the head joined by `/`."""
    confidence: float
    """0 to 1; 1 is said by a person or word for word."""
    alternatives: tuple[Alternative, ...] = ()
    fill_down: bool = False
    """An empty cell repeats the one above (never across a sub-total)."""


class Layout(Struct, frozen=True):
    """How a sheet is read."""

    sheet: str
    head_rows: tuple[int, int] | None
    """First and last row of the head, counted from 1; None: none was found."""
    first_row: int
    """First row below the head, counted from 1."""
    columns: dict[str, ColumnGuess]
    """Field -> column."""
    heads: tuple[str, ...]
    """Every column's head as written, by position."""
    year: int | None
    """The year that title or sheet name speak of: of dates written without one."""
    fingerprint: str
    """The same for every register laid out like this one."""
    values: dict[str, dict[str, str]] = {}
    """Field -> word -> value, where a person said what this plant's word means."""
    constants: dict[str, str] = {}
    """Field -> what every row says, where the register has no column for it (a register of one area)."""
    problems: tuple[Problem, ...] = ()


class Mapping(Struct, frozen=True, forbid_unknown_fields=True):
    """A person's word about a layout; whatever is left out is guessed."""

    sheet: str | None = None
    head_rows: tuple[int, int] | None = None
    columns: dict[str, str | None] = {}
    """Field -> column, by letters or by head; None: the register does not have it."""
    fill_down: tuple[str, ...] = ()
    values: dict[str, dict[str, str]] = {}
    """Field -> word -> value: what this plant's words mean."""
    constants: dict[str, str] = {}
    """Field -> text for every row, where the register has no column for it."""
    year: int | None = None


class Candidate(Struct, frozen=True):
    """Something of the plant that a text may have meant."""

    id: str
    name: str
    place: str = ""
    """Equipment: the name of the area where it stands."""


class Lookup(Struct, frozen=True):
    """What a text names: one thing (also its only candidate), or several it could be, or nothing."""

    id: str | None = None
    candidates: tuple[Candidate, ...] = ()


class Context(Protocol):
    """The plant, as far as reading a register needs it."""

    @property
    def today(self) -> date: ...
    @property
    def zone(self) -> tzinfo: ...
    def area(self, text: str) -> Lookup: ...
    def equipment(self, text: str, area: str | None) -> Lookup: ...
    def person(self, text: str) -> Lookup: ...


class Named(Struct, frozen=True):
    """A thing of the plant as a row names it; `id` is None where only the text is known."""

    id: str | None
    text: str


Value = str | date | datetime | Named | None
"""A `date` has no time of day in the register; a `datetime` is aware, in the plant's zone."""


class Reason(Struct, frozen=True):
    """Why a row comes back, or what was noted on an accepted one. The text is a word, `reason.<code>`."""

    code: str
    field: str | None = None
    params: Params = {}


class Accepted(Struct, frozen=True, tag="accepted"):
    """A row that can become a case."""

    row_no: int
    row_key: str
    """The same for the same row in every import of it."""
    status: str
    values: dict[str, Value]
    notes: tuple[Reason, ...]
    raw: tuple[Cell, ...]
    """The cells as they stood, with "as above" and merged cells filled in."""


class Rejected(Struct, frozen=True, tag="rejected"):
    """A row that comes back with all its reasons; `values` holds what could be read."""

    row_no: int
    status: str
    reasons: tuple[Reason, ...]
    values: dict[str, Value]
    raw: tuple[Cell, ...]


class Duplicate(Struct, frozen=True, tag="duplicate"):
    """A row pasted twice."""

    row_no: int
    of_row: int
    raw: tuple[Cell, ...]


class Skipped(Struct, frozen=True, tag="skipped"):
    """A row that is none: why is `blank`, `title`, `sub_total`, `repeated_head`, `column_numbers` or `note`."""

    row_no: int
    why: str
    raw: tuple[Cell, ...]


Outcome = Accepted | Rejected | Duplicate | Skipped


class TableColumn(Struct, frozen=True):
    """A column of an exported table."""

    head: str
    width: int | None = None
    """In characters (a Chinese one counts two); None: by the head."""


TableCell = str | int | float | bool | date | datetime | None


class Registers(Protocol):
    """Reading and writing registers. `anhuan.connectors.excel` is one."""

    def read_workbook(self, data: bytes) -> Workbook: ...
    def choose_layout(self, book: Workbook, spec: ImportSpec, mapping: Mapping | None = None) -> Layout: ...
    def guess_layout(self, sheet: Sheet, spec: ImportSpec, mapping: Mapping | None = None) -> Layout: ...
    def mapping_of(self, layout: Layout, spec: ImportSpec) -> Mapping: ...
    def sheet_named(self, book: Workbook, name: str) -> Sheet: ...
    def names_of(self, plant: Plant, today: date) -> Context: ...
    def read_rows(self, sheet: Sheet, layout: Layout, spec: ImportSpec, context: Context) -> Iterator[Outcome]: ...
    def raw_texts(self, layout: Layout, raw: tuple[Cell, ...]) -> dict[str, str]: ...
    def rejects_file(
        self, sheet: Sheet, layout: Layout, spec: ImportSpec, rejected: Sequence[Rejected], language: str
    ) -> bytes: ...
    def write_table(
        self, columns: Sequence[TableColumn], rows: Iterable[Sequence[TableCell]], sheet: str, zone: tzinfo
    ) -> bytes: ...

    # --- what is said of them, in words

    def labels_of(self, layout: Layout, spec: ImportSpec) -> dict[str, str]: ...
    def reason_text(self, reason: Reason, labels: MappingOf[str, str], language: str) -> str: ...
    def problem_text(self, problem: Problem, labels: MappingOf[str, str], language: str) -> str: ...
    def refusal_text(self, refused: WorkbookRefused, language: str) -> str: ...
