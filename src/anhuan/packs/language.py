"""The pack language, version 1: what stands in `pack.yaml`, `kinds/*.yaml` and `ladders.yaml`.

These are the files as written; `compile` turns them into a `core.policy.Kind`. Places where several spellings mean
something (`who`, `within`, `when`) are read by `spelling`. docs/reference/pack-language.md describes every key.
"""

from typing import Any

from msgspec import Struct, field

from anhuan.packs.case_cells import CellWords

LANGUAGE = 1


class _Key(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mapping in a pack; a key that the language does not know is refused, never passed over."""


class PackSpec(_Key, frozen=True, kw_only=True):
    """`pack.yaml`."""

    language: int
    name: str
    version: str
    """Changes with every publication; a published version never changes."""
    description: str = ""
    kinds: tuple[str, ...] = ()
    """Files under `kinds/`, without ending, in the order in which people see them."""
    needs: tuple[str, ...] = ()
    """Packs whose kinds this one opens cases of; they are published first."""


class NumberSpec(_Key, frozen=True, kw_only=True):
    """How cases are numbered: `{prefix: YH, digits: 6}` gives YH-2026-000123."""

    prefix: str
    digits: int = 6


class IntakeSpec(_Key, frozen=True, kw_only=True):
    """A rule for where a new case goes."""

    enter: str
    when: Any = None
    once: bool = False


class DutyText(_Key, frozen=True, kw_only=True):
    """A duty as written: who, what, by when, proven how, checked by whom, and what happens otherwise."""

    deed: str
    who: Any
    within: Any
    otherwise: str
    """The ladder."""
    form: str | None = None
    assist_form: str | None = None
    prove: tuple[str, ...] = ()
    compare: tuple[str, ...] = ()
    when: Any = None
    after: tuple[str, ...] = ()
    quorum: int | str = "all"
    """`all`, `any`, or a number of slots."""
    every: str | None = None
    gates: bool = True
    never: tuple[str, ...] = ()
    blind: bool = False
    of_case: bool = False
    outcomes: tuple[str, ...] = ("done",)


class StageText(_Key, frozen=True, kw_only=True):
    """A stage as written."""

    duties: dict[str, DutyText] = {}
    then: dict[str, str] = {}
    wait: str | None = None
    """What a case in it waits for; without it what each duty's deed is waited for as."""


class EffectText(_Key, frozen=True, kw_only=True):
    """What a move does; exactly one of them."""

    reschedule: str | None = None
    reassign: str | None = None
    enter: str | None = None
    close: str | None = None
    merge: str | None = None
    revise: tuple[str, ...] | None = None


class MoveText(_Key, frozen=True, kw_only=True):
    """A move as written."""

    asked_by: tuple[str, ...]
    effect: EffectText
    duties: tuple[str, ...] = ()
    on_closed: bool = False
    form: str | None = None
    prove: tuple[str, ...] = ()
    approve: DutyText | None = None
    arbiter: Any = None
    arbiter_from: int = 0
    earlier_only: bool = False
    at_most: int | None = None
    within: str | None = None
    when: Any = None


class RungText(_Key, frozen=True, kw_only=True):
    """A rung as written: `at: 50%` of the time given, `before: P30D` ahead of the deadline, `after: PT4H` past it."""

    key: str
    to: tuple[str, ...]
    at: str | None = None
    before: str | None = None
    after: str | None = None
    urgent: bool = False


class LadderText(_Key, frozen=True, kw_only=True):
    """A ladder as written."""

    rungs: tuple[RungText, ...]
    repeat: str


class OpensText(_Key, frozen=True, kw_only=True):
    """What a discharged duty, or with `closed_as` the closing of the case, may raise."""

    kind: str
    form: dict[str, Any]
    each: Any = None
    """A list in the duty's form; of a closing `like_places`, `{did: duty}` or `{who: words}`."""
    closed_as: tuple[str, ...] = ()
    when: Any = None
    at_most: int | None = None


class FindsText(_Key, frozen=True, kw_only=True):
    """What people report while they are at a case of the kind."""

    kind: str
    during: tuple[str, ...]
    form: dict[str, Any] = field(default_factory=dict)


class WritesText(_Key, frozen=True, kw_only=True):
    """What a duty that is done well writes to the item of the plant that the case is about."""

    of: str
    set: dict[str, str]


class LooksBackText(_Key, frozen=True, kw_only=True):
    """Which earlier cases are shown beside one of the kind."""

    kinds: tuple[str, ...]
    over: str


class RecurrenceText(_Key, frozen=True, kw_only=True):
    """When the same comes back."""

    same: tuple[str, ...]
    within: str
    enter: str
    closed_as: tuple[str, ...]


class SignText(_Key, frozen=True, kw_only=True):
    """A blank on a paper: whose signature, and whether their stamp beside it."""

    who: str
    stamp: bool = False


class SectionText(_Key, frozen=True, kw_only=True):
    """A section of a paper; exactly one of `text`, `fields`, `clauses`, `stage`, `photos`, `children` and `sign`."""

    title: str
    of: str | None = None
    """The duty whose form `fields`, `clauses` and `photos` are of; None: the case's own form."""
    text: str | None = None
    fields: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    stage: str | None = None
    photos: tuple[str, ...] = ()
    children: dict[str, CellWords] = field(default_factory=dict)
    """Column -> cell word: a row for every case that was reported at this one."""
    sign: tuple[SignText, ...] = ()


class PaperText(_Key, frozen=True, kw_only=True):
    """A paper as written."""

    number: NumberSpec
    issued_by: tuple[str, ...]
    sections: tuple[SectionText, ...]
    stages: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class RegisterText(_Key, frozen=True, kw_only=True):
    """A register in columns of its own, as written."""

    columns: dict[str, CellWords]
    """Column -> cell words; the head is the word `head.<column>`."""


class ReviewsText(_Key, frozen=True, kw_only=True):
    """What a case of the kind looks back on: the figures of a kind over a month, and what stands beside them."""

    kind: str
    month: str
    remarks: tuple[str, ...]
    prepared_by: str
    minuted_by: str | None = None
    sign: tuple[SignText, ...] = ()


class KindText(_Key, frozen=True, kw_only=True):
    """`kinds/<key>.yaml`."""

    number: NumberSpec
    form: str
    title: str
    intake: tuple[IntakeSpec, ...]
    stages: dict[str, StageText]
    raised_by: tuple[str, ...] = ("report",)
    subject: dict[str, str] = field(default_factory=dict)
    moves: dict[str, MoveText] = field(default_factory=dict)
    opens: dict[str, OpensText] = field(default_factory=dict)
    finds: FindsText | None = None
    looks_back: LooksBackText | None = None
    ahead: str | None = None
    """How long before a date of the plant the case is raised."""
    writes: dict[str, WritesText] = field(default_factory=dict)
    recurrence: tuple[RecurrenceText, ...] = ()
    columns: tuple[str, ...] = ()
    """Fields that the register shows besides what every case has."""
    photo_metres: float = 50.0
    registers: dict[str, RegisterText] = field(default_factory=dict)
    """Registers that may be exported in columns that a rule asks for, in the order in which they are offered."""
    reviews: ReviewsText | None = None
    papers: dict[str, PaperText] = field(default_factory=dict)
    """Papers that may be issued of a case, in the order in which they are offered."""


class LaddersText(_Key, frozen=True, kw_only=True):
    """`ladders.yaml`."""

    ladders: dict[str, LadderText]
