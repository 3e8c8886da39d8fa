"""What has happened to a case. A case is nothing but its events, in order.

Everything that depended on a policy, a clock or chance stands in the event itself (people drawn, due times, table
answers), so that folding them again years later needs none of those.
"""

from datetime import datetime

from msgspec import Struct

from anhuan.core.obligation.calendar import Within
from anhuan.core.policy import Deed, Part, Wait
from anhuan.core.signature import Signature
from anhuan.domain.evidence import Evidence, Sha256
from anhuan.domain.ids import AreaId, CaseId, DutyNo, EquipmentId, PersonId
from anhuan.domain.party import Party

CALENDAR_CHANGED = "calendar_changed"
PLANT_CHANGED = "plant_changed"
"""Why a duty was rescheduled when nobody wished it."""
SILENCE, UNHELD, BARRED = "silence", "unheld", "barred"
"""Why a rung was reached."""


class Event(Struct, frozen=True, kw_only=True, tag=True):
    """Something that happened at a moment, by a person or (None) by the system."""

    at: datetime
    by: PersonId | None = None


class Subject(Struct, frozen=True, kw_only=True):
    """What a case is about."""

    area: AreaId | None = None
    equipment: EquipmentId | None = None
    category: str | None = None
    person: PersonId | None = None
    performer: PersonId | None = None
    """Who had done the work before the case was opened (fixed on the spot)."""


class Proof(Struct, frozen=True, kw_only=True):
    """A piece of evidence in its place: before, after, signature ..."""

    slot: str
    evidence: Evidence


class ArmedRung(Struct, frozen=True, kw_only=True):
    """A rung of a duty's ladder with the moment at which it is reached."""

    key: str
    at: datetime
    to: tuple[str, ...]
    urgent: bool
    breach: bool = False
    """The deadline itself: reaching it marks the duty as breached."""


class Term(Struct, frozen=True):
    """The time that was given for a duty: a deadline counted by a calendar is counted again when that changes."""

    from_at: datetime
    """When it began."""
    within: Within


class CaseOpened(Event, frozen=True, kw_only=True):
    """A case was born."""

    case: CaseId
    kind: str
    pack: str
    pack_version: str
    number: str
    form: dict[str, object]
    computed: dict[str, object]
    subject: Subject
    title: str
    source: str
    reporter: PersonId | None
    finder: PersonId | None
    found_at: datetime
    proofs: tuple[Proof, ...] = ()
    parent: CaseId | None = None
    fold_key: str | None = None
    imported: bool = False


class FormRevised(Event, frozen=True, kw_only=True):
    """The report was completed or corrected."""

    form: dict[str, object]
    computed: dict[str, object]
    subject: Subject
    title: str
    proofs: tuple[Proof, ...] = ()
    finder: PersonId | None = None
    """Who found it, where the form says so now; None: as it was."""
    found_at: datetime | None = None


class StageEntered(Event, frozen=True, kw_only=True):
    """The case moved to a stage."""

    stage: str
    because: str


class TableAnswered(Event, frozen=True, kw_only=True):
    """A decision table was asked, and which row answered."""

    table: str
    version: str
    row: int
    outputs: dict[str, object]
    purpose: str
    """What was asked for: a duty's key and whether its parties, deadline or condition."""


class DutyOpened(Event, frozen=True, kw_only=True):
    """Somebody owes something from now on."""

    no: DutyNo
    key: str
    stage: str
    deed: Deed
    part: Part
    party: Party
    due_at: datetime
    rungs: tuple[ArmedRung, ...]
    repeat_s: int
    """Seconds after which the last rung is reached again."""
    gates: bool
    blind: bool
    of_case: bool
    move: int | None = None
    """The move that waits for this approval."""
    term: Term | None = None
    """What the deadline was counted from; None: it was named as an instant."""
    wait: Wait | None = None
    """What the case waits for meanwhile, where its stage says so; None: what the deed is waited for as."""
    prove: tuple[str, ...] = ()
    """Slots of evidence that must be filled."""


class VerifierDrawn(Event, frozen=True, kw_only=True):
    """A person was drawn for a duty; enough is recorded to repeat the draw once the seed is revealed."""

    no: DutyNo
    draw: int
    candidates: tuple[PersonId, ...]
    """In the order in which they were drawn from."""
    seed_commitment: str
    """SHA-256 of the draw's seed, hex."""
    draw_key: str
    """Which committed key the seed comes from."""
    person: PersonId
    widened: str
    """How far the pool had to be widened: `on_shift`, `off_shift`, `over_cap`."""


class DrawFellBack(Event, frozen=True, kw_only=True):
    """Nobody was left to draw from; the pack's fallback was asked instead."""

    no: DutyNo
    draw: int
    competence: str


class DrawRevealed(Event, frozen=True, kw_only=True):
    """The seed of a draw, told once it can steer nothing any more: decided, fallen away, or drawn again."""

    no: DutyNo
    draw: int
    seed: str


class DutyClaimed(Event, frozen=True, kw_only=True):
    """One of several holders took the duty on."""

    no: DutyNo


class DutyDischarged(Event, frozen=True, kw_only=True):
    """The duty was done."""

    no: DutyNo
    outcome: str
    form: dict[str, object]
    proofs: tuple[Proof, ...]
    done_at: datetime
    """When it was done, as claimed; `at` is when it was received."""
    on_behalf_of: PersonId | None
    signature: Signature | None
    """Drawn, and bound by hash to what it was given for."""
    comparison: dict[str, object] | None
    """Verdict on the photos' times and places."""


class DutyCancelled(Event, frozen=True, kw_only=True):
    """The duty fell away: its stage was left, or enough others did it."""

    no: DutyNo
    because: str


class DutyReassigned(Event, frozen=True, kw_only=True):
    """Another party owes the duty now; the deadline stays."""

    no: DutyNo
    party: Party
    because: str


class DutyRescheduled(Event, frozen=True, kw_only=True):
    """The duty has another deadline and ladder; a breach that was marked stays marked."""

    no: DutyNo
    due_at: datetime
    rungs: tuple[ArmedRung, ...]
    because: str


class RungReached(Event, frozen=True, kw_only=True):
    """The ladder climbed: these parties are told now."""

    no: DutyNo
    rung: str
    step: int
    """Rungs reached in time after this one; unchanged when told early because the duty is unheld."""
    to: tuple[Party, ...]
    because: str
    """`silence`; `unheld` when nobody answers to the party; `barred` when those who answer may not do it."""


class DutyBreached(Event, frozen=True, kw_only=True):
    """The deadline passed with the duty open. The mark stays, and so does the duty."""

    no: DutyNo


class MoveAsked(Event, frozen=True, kw_only=True):
    """Somebody asked for something other than doing it: more time, hand over, send back ..."""

    move: int
    key: str
    duty: DutyNo | None
    form: dict[str, object]
    proofs: tuple[Proof, ...] = ()


class MoveDecided(Event, frozen=True, kw_only=True):
    """What was asked was granted or refused."""

    move: int
    granted: bool
    form: dict[str, object]


class NoteAdded(Event, frozen=True, kw_only=True):
    """Somebody added a word or a picture."""

    text: str
    proofs: tuple[Proof, ...] = ()


class PaperIssued(Event, frozen=True, kw_only=True):
    """A numbered paper left the house: a notice to be signed, a reply to be stamped."""

    paper: str
    """Key of the kind's papers."""
    number: str
    language: str
    sha256: Sha256
    """Of the PDF, byte for byte."""
    size_bytes: int


class PaperReturned(Event, frozen=True, kw_only=True):
    """A picture of the signed paper came back into the case by the code on it."""

    number: str
    proofs: tuple[Proof, ...]


class CaseLinked(Event, frozen=True, kw_only=True):
    """The case was tied to another.

    As `duplicate`, `merged_into`, `merge_failed`, `child`, `recurrence_of` or `recurred_as`.
    """

    relation: str
    other: CaseId


class CasesCalledFor(Event, frozen=True, kw_only=True):
    """Closing the case calls for cases of another kind: one, or one for each place or person named."""

    rule: str
    """Which of the kind's `opens` called."""
    opened: str
    """The kind that is opened."""
    areas: tuple[AreaId, ...] = ()
    people: tuple[PersonId, ...] = ()
    left_out: int = 0
    """So many more were beyond the most that the pack allows, and are not opened."""


class CaseClosed(Event, frozen=True, kw_only=True):
    """Done with, and how long it took."""

    outcome: str
    cycle_s: int
    """Calendar seconds from opening to closing."""
    cycle_working_days: float
    closed_at: datetime | None = None
    """For history that was closed elsewhere: when."""
    as_before: bool = False
    """It was not to live again after all, and stays closed as it was: outcome, time and cycle are the earlier ones."""


class CaseReopened(Event, frozen=True, kw_only=True):
    """A closed case lives again."""

    because: str


class PolicyChanged(Event, frozen=True, kw_only=True):
    """The case was moved to another version of its pack, by an explicit step."""

    version: str


CaseEvent = (
    CaseOpened
    | FormRevised
    | StageEntered
    | TableAnswered
    | DutyOpened
    | VerifierDrawn
    | DrawFellBack
    | DrawRevealed
    | DutyClaimed
    | DutyDischarged
    | DutyCancelled
    | DutyReassigned
    | DutyRescheduled
    | RungReached
    | DutyBreached
    | MoveAsked
    | MoveDecided
    | NoteAdded
    | PaperIssued
    | PaperReturned
    | CaseLinked
    | CasesCalledFor
    | CaseClosed
    | CaseReopened
    | PolicyChanged
)
