"""What a kind of case looks like to its readers: everything that a client renders it from."""

from dataclasses import dataclass

from anhuan.app.view.shapes import Json, Outcome


@dataclass(slots=True, kw_only=True)
class DutyKindView:
    """A duty as its kind describes it."""

    key: str
    name: str
    deed: str
    blind: bool
    within_text: str
    form: str | None
    assist_form: str | None
    prove: list[str]
    outcomes: list[Outcome]


@dataclass(slots=True, kw_only=True)
class StageKindView:
    """A stage: its duties, and where each outcome leads."""

    key: str
    name: str
    duties: list[DutyKindView]
    then: dict[str, str]
    sometimes: bool


@dataclass(slots=True, kw_only=True)
class MoveKindView:
    """A move as its kind describes it."""

    key: str
    name: str
    form: str | None
    duties: list[str]
    on_closed: bool
    asked_by: list[str]
    needs_approval: bool


@dataclass(slots=True, kw_only=True)
class Column:
    """A column of the register that is the kind's own."""

    field: str
    name: str


@dataclass(slots=True, kw_only=True)
class RegisterView:
    """A register in columns of its own; their keys and names are what a template of the plant's may ask for."""

    key: str
    name: str
    columns: list[Column]


@dataclass(slots=True, kw_only=True)
class KindView:
    """A kind of case: everything that a client renders it from."""

    key: str
    version: str
    pack: str
    name: str
    description: str
    number_prefix: str
    raised_by: list[str]
    form: Json
    form_key: str
    forms: dict[str, Json]
    subject: dict[str, str]
    stages: list[StageKindView]
    usual_stage: str
    moves: list[MoveKindView]
    outcomes: list[Outcome]
    computed: list[Json]
    words: dict[str, str]
    columns: list[Column]
    registers: list[RegisterView]
    """In which other columns its cases may be exported."""
    libraries: list[str]


@dataclass(slots=True, kw_only=True)
class TableColumnView:
    """A column of a table: an input (`in`) or an output (`out`)."""

    key: str
    name: str
    io: str


@dataclass(slots=True, kw_only=True)
class TableRowView:
    """A row, its cells in words in the order of the columns, and the rule that it carries out."""

    row: int
    name: str
    cells: list[str]
    is_default: bool
    source: str


@dataclass(slots=True, kw_only=True)
class TableKindView:
    """A decision table as people read it."""

    key: str
    name: str
    version: str
    columns: list[TableColumnView]
    rows: list[TableRowView]
