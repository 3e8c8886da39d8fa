"""What decisions are made by: one kind of case, compiled from a pack into frozen values.

The core reads policies and never builds them; `anhuan.packs` compiles every key of the pack language to what stands
here. Tables and forms are callables, so that the core knows nothing of the engines behind them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from anhuan.core.each import Each
from anhuan.core.terms import Condition, Deadline, Who

Values = Mapping[str, object]
"""What a person filled in, by field."""


class Problem(Struct, frozen=True):
    """One thing wrong with what was filled in: which field, why; the words are the pack's."""

    code: str
    field: str = ""
    params: dict[str, object] = {}


class TableAnswer(Struct, frozen=True):
    """What a decision table said: the row that matched and its outputs."""

    table: str
    version: str
    row: int
    """1-based number of the matched row."""
    outputs: dict[str, object]


class FormCheck(Protocol):
    """A form's one validation, the same for phone, console, API, import and replay."""

    def __call__(self, values: Values, *, complete: bool = True, at: datetime | None = None) -> tuple[Problem, ...]:
        """Problems with `values`; `complete` asks for all that is needed before dispatch, not only before intake.

        Two names beside the fields are for conditions to look at: `outcome` (how a duty is discharged) and `case` (the
        case's own values). `at` is now, for times that must be past or future.
        """

    def levels(
        self, values: Values, *, at: datetime | None = None, kept: bool = False
    ) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
        """Both answers in one look: what intake needs, and all that dispatch needs. `kept`: values come from `fill`."""

    def fill(self, values: Values) -> dict[str, object]:
        """The values as they are kept: tidied, with defaults where nothing was said."""

    @property
    def slots(self) -> Mapping[str, str]:
        """The places for evidence beside the fields, in the order in which they are shown: slot -> widget."""


Table = Callable[[Values], TableAnswer]
Compute = Callable[[Values], Values]
"""Fields that are computed and never typed, from what was filled in."""


class Deed(StrEnum):
    """What kind of doing discharges a duty; the laws of who may do it hang on this."""

    ACKNOWLEDGE = "acknowledge"
    PERFORM = "perform"
    VERIFY = "verify"
    APPROVE = "approve"


class Wait(StrEnum):
    """What a case waits for while a duty of it is open, by the words of whoever asks where it stands."""

    DEFERRAL = "deferral"
    """An approved wait: the work cannot be done yet."""
    APPROVAL = "approval"
    """A decision on what somebody asked for: signatures."""
    RECEIPT = "receipt"
    VERIFICATION = "verification"
    WORK = "work"


WAIT_OF = {
    Deed.ACKNOWLEDGE: Wait.RECEIPT,
    Deed.PERFORM: Wait.WORK,
    Deed.VERIFY: Wait.VERIFICATION,
    Deed.APPROVE: Wait.APPROVAL,
}
"""What a deed is waited for as, where the stage says nothing else."""


class Part(StrEnum):
    """The part a party plays among several."""

    LEAD = "lead"
    ASSIST = "assist"


# --- ladders


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: when it is reached, who is told, how urgently."""

    key: str
    share: float | None
    """Share of the time given, 0 to 1; None: counted after the deadline."""
    after: timedelta
    """Calendar time past the deadline, negative before it; zero with a share."""
    to: tuple[str, ...]
    """Party words; `holders` is whoever owes the duty, `leader` leads them."""
    urgent: bool


@dataclass(frozen=True, slots=True)
class Ladder:
    """What happens otherwise: rungs in order, the last one repeated until the duty ends."""

    key: str
    rungs: tuple[Rung, ...]
    repeat: timedelta
    """How often the last rung is repeated."""


# --- stages, duties, moves


@dataclass(frozen=True, slots=True)
class DutySpec:
    """One obligation of a stage: who, what, by when, proven how, and the ladder that says what happens otherwise."""

    key: str
    deed: Deed
    who: Who
    within: Deadline
    ladder: str
    form: str | None = None
    assist_form: str | None = None
    """What an assisting party fills in instead."""
    prove: tuple[str, ...] = ()
    """Slots of evidence that must be there: `photo_after`, `signature` ..."""
    compare: tuple[str, str] | None = None
    """Two photo slots whose times and places are compared for the verifier."""
    when: Condition | None = None
    after: tuple[str, ...] = ()
    """Duties of the stage that must be discharged first."""
    quorum: int | None = None
    """How many slots suffice; None: all."""
    every: timedelta | None = None
    """Opened again this long after each discharge."""
    gates: bool = True
    """The stage waits for it."""
    never: frozenset[str] = frozenset()
    """Who may not do it besides what the law says: `actors`, `superiors_of_actors`, `same_team`, `area_staff`,
    `concerned`."""
    blind: bool = False
    of_case: bool = False
    """Its deadline is the case's: when it passes the case is overdue."""
    outcomes: tuple[str, ...] = ("done",)
    readings: tuple[str, str] | None = None
    """Field of its form with the readings of a round, and field of the case with the equipment whose every point must
    be among them."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a kind: its duties, and where each outcome leads."""

    key: str
    duties: tuple[DutySpec, ...]
    then: Mapping[str, str]
    """Outcome -> stage key, `close`, `close:<outcome>` or `intake`; `done` is when every gating duty has ended well."""
    wait: Wait | None = None
    """What a case in the stage waits for; None: what each duty's deed is waited for as."""


@dataclass(frozen=True, slots=True)
class Reschedule:
    """The duty gets the instant in a field as its new deadline."""

    field: str


@dataclass(frozen=True, slots=True)
class Reassign:
    """The duty goes to the party in a field."""

    field: str


@dataclass(frozen=True, slots=True)
class Enter:
    """The case enters a stage."""

    stage: str


@dataclass(frozen=True, slots=True)
class Close:
    """The case closes with an outcome."""

    outcome: str


@dataclass(frozen=True, slots=True)
class Merge:
    """The case is a duplicate of the one in a field, and closes into it."""

    field: str


@dataclass(frozen=True, slots=True)
class Revise:
    """Fields of the case's own form become what the move's form says; a field that is left empty there is emptied."""

    fields: tuple[str, ...]


MoveEffect = Merge | Reschedule | Reassign | Enter | Close | Revise


@dataclass(frozen=True, slots=True)
class Move:
    """Something that may be asked of a case or a duty besides doing it: more time, hand over, send back ..."""

    key: str
    asked_by: tuple[str, ...]
    """`holders`, `reporter`, `finder`, party words, or `anyone`."""
    effect: MoveEffect
    duties: tuple[str, ...] = ()
    """Duty keys that it may be asked of; empty: of the case as a whole."""
    on_closed: bool = False
    """Asked of closed cases instead of open ones."""
    form: str | None = None
    prove: tuple[str, ...] = ()
    """Slots of evidence of its form that must be filled: words alone do not do."""
    approve: DutySpec | None = None
    """The duty to approve it; None: takes effect at once."""
    arbiter: Who | None = None
    """Approves instead from the `arbiter_from`-th time on."""
    arbiter_from: int = 0
    until_after: timedelta | None = None
    """How long after the closing of the case it may be asked for; None: at any time."""
    at_most: int | None = None
    """How often it may be asked for on one case; None: as often as anybody likes."""
    earlier_only: bool = False
    """A new deadline must lie before the old one (the issuer may shorten, not lengthen)."""
    when: Condition | None = None
    """For which cases it is there at all; None: for all."""


@dataclass(frozen=True, slots=True)
class IntakeRule:
    """Where a new case goes: the first rule whose condition holds (None: always)."""

    enter: str
    when: Condition | None = None
    once: bool = False
    """Passed over when the case has been in that stage before."""


@dataclass(frozen=True, slots=True)
class Opens:
    """A case of another kind that is raised by an item or a field of this one."""

    kind: str
    """The kind that is opened."""
    each: str
    """A field of the form that holds a list; one case per entry that is out of limits."""
    form: Mapping[str, object]
    """Values of the new form; `$name` takes from the entry, `$case.name` from this case's form."""


@dataclass(frozen=True, slots=True)
class OpensOnClosing:
    """Cases of another kind that the closing of this one raises: one, or one for each place or person."""

    kind: str
    closed_as: tuple[str, ...]
    """Outcomes that raise them."""
    form: Mapping[str, object]
    """Values of the new form; see the pack language for what `$` takes from where."""
    when: Condition | None = None
    each: Each | None = None
    """None: one case."""
    at_most: int | None = None
    """More are not opened, and the case says how many were left out."""


@dataclass(frozen=True, slots=True)
class Finds:
    """Cases of another kind that people report while they are at this one: what a walk finds."""

    kind: str
    """The kind that is reported."""
    during: tuple[str, ...]
    """Duties while one of which is open something may be found."""
    form: Mapping[str, object]
    """What the report begins with; `$case.name` is taken from this case's form."""


@dataclass(frozen=True, slots=True)
class Writes:
    """What is written to the item that a case is about once a duty is done well."""

    of: str
    """The duty whose form it is taken from."""
    set: Mapping[str, str]
    """Field of the item -> field of the form."""


@dataclass(frozen=True, slots=True)
class LooksBack:
    """Which earlier cases are shown beside one of the kind: a week's check sees its days."""

    kinds: tuple[str, ...]
    over: timedelta
    """How long before it they were opened; what is still open is shown however old it is."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """When the same comes back within a window, the earlier closed case is opened again as ineffective."""

    same: tuple[str, ...]
    """Subject fields that must be equal: `equipment`, `category`, `area`."""
    window: timedelta
    enter: str
    closed_as: tuple[str, ...] = ()
    """Outcomes that meant that the matter was mended."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that may be issued of a case: by whom, when, and how it is numbered. What stands on it is the pack's."""

    key: str
    number_prefix: str
    number_digits: int
    issued_by: tuple[str, ...]
    """Party words, `performers` (everybody who did or owes the work), or `anyone`."""
    stages: tuple[str, ...] = ()
    """Only while the case is in one of them; without any at any time."""
    after: tuple[str, ...] = ()
    """Duties that must have been done before."""


@dataclass(frozen=True, slots=True)
class Reviews:
    """What a case of the kind looks back on, a meeting say: the figures of another kind over a month."""

    kind: str
    """Whose figures."""
    month: str
    """Field of the form with the month, `2026-10`; where it is empty, the month before the case was opened."""
    remarks: tuple[str, ...]
    """Fields of the form that stand beside the figures as remarks."""
    prepared_by: str
    """The duty that prepares it; its time is measured."""
    minuted_by: str | None = None
    """The duty in whose form stand attendance and minutes."""
    sign: tuple[tuple[str, bool], ...] = ()
    """Who signs, and whether their stamp stands beside it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of case: everything that decides how it runs."""

    key: str
    pack: str
    version: str
    """Version of the pack that it came in; an open case keeps it."""
    number_prefix: str
    number_digits: int
    form: str
    subject: Mapping[str, str]
    """Subject word (area, equipment, category, person) -> field of the form."""
    title: str
    """Field of the form that names the case in lists."""
    intake: tuple[IntakeRule, ...]
    stages: Mapping[str, Stage]
    moves: Mapping[str, Move]
    ladders: Mapping[str, Ladder]
    tables: Mapping[str, Table]
    forms: Mapping[str, FormCheck]
    compute: Compute
    opens: Mapping[str, Opens] = field(default_factory=dict)
    """Duty key -> what its discharge may open."""
    opens_on_closing: Mapping[str, OpensOnClosing] = field(default_factory=dict)
    """Name -> what closing the case may open."""
    finds: Finds | None = None
    recurrence: tuple[Recurrence, ...] = ()
    papers: Mapping[str, Paper] = field(default_factory=dict)
    reviews: Reviews | None = None
    raised_by: tuple[str, ...] = ("report",)
    """`report`, `import`, `schedule`, `signal:<name>`, or `due:<item kind>.<field>`: a date of the plant comes near."""
    ahead: timedelta | None = None
    """How long before such a date the case is raised."""
    looks_back: LooksBack | None = None
    writes: Mapping[str, Writes] = field(default_factory=dict)
    """Duty key -> what its being done well writes to the case's item."""
    photo_metres: float = 50.0
    """How near to the equipment a photo must be taken to pass."""

    def due_dates(self) -> tuple[tuple[str, str], ...]:
        """The dates of the plant that raise such cases: kind of item, and field."""
        dates = (word.removeprefix("due:").partition(".") for word in self.raised_by if word.startswith("due:"))
        return tuple((item_kind, field) for item_kind, _, field in dates)

    def duty(self, stage: str, key: str) -> DutySpec | None:
        """The specification of a duty, in its stage or as the approval of a move."""
        for spec in self.stages[stage].duties if stage in self.stages else ():
            if spec.key == key:
                return spec
        for move in self.moves.values():
            if move.approve is not None and move.approve.key == key:
                return move.approve
        return None
