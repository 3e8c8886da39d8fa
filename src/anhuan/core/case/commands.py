"""What may be asked of a case. One write path serves people, devices, imports, offline replay and timers."""

from datetime import datetime

from msgspec import Struct

from anhuan.core.case.events import Proof
from anhuan.core.signature import Signature
from anhuan.domain.evidence import Sha256
from anhuan.domain.ids import CaseId, DutyNo, PersonId


class Command(Struct, frozen=True, kw_only=True, tag=True):
    """A wish, by a person or (None) by the system."""

    by: PersonId | None = None


class OpenCase(Command, frozen=True, kw_only=True):
    """Report something."""

    case: CaseId
    kind: str
    number: str
    form: dict[str, object]
    source: str = "report"
    finder: PersonId | None = None
    found_at: datetime | None = None
    """None: just now."""
    proofs: tuple[Proof, ...] = ()
    parent: CaseId | None = None
    fold_key: str | None = None


class RecordHistory(Command, frozen=True, kw_only=True):
    """Take in a case that was closed elsewhere: kept as history that was not verified here."""

    case: CaseId
    kind: str
    number: str
    form: dict[str, object]
    found_at: datetime
    closed_at: datetime
    finder: PersonId | None = None


class ReviseForm(Command, frozen=True, kw_only=True):
    """Complete or correct the report before it is dispatched."""

    form: dict[str, object]
    proofs: tuple[Proof, ...] = ()


class Claim(Command, frozen=True, kw_only=True):
    """Take a duty on that several could do."""

    duty: DutyNo


class Discharge(Command, frozen=True, kw_only=True):
    """Do what a duty asks for."""

    duty: DutyNo
    outcome: str = "done"
    form: dict[str, object] = {}
    proofs: tuple[Proof, ...] = ()
    done_at: datetime | None = None
    """When it was done, as claimed; None: now."""
    on_behalf_of: PersonId | None = None
    """Signing for somebody else, explicitly (授权代签)."""
    signature: Signature | None = None


class AskMove(Command, frozen=True, kw_only=True):
    """Ask for something other than doing it: more time, hand over, send back, cannot do, withdraw ..."""

    move: str
    duty: DutyNo | None = None
    form: dict[str, object] = {}
    proofs: tuple[Proof, ...] = ()


class AddNote(Command, frozen=True, kw_only=True):
    """Add a word or a picture."""

    text: str
    proofs: tuple[Proof, ...] = ()


class IssuePaper(Command, frozen=True, kw_only=True):
    """Give out a paper that was typeset from the case as it stands, under a number that it keeps."""

    paper: str
    number: str
    language: str
    sha256: Sha256
    size_bytes: int


class ReturnPaper(Command, frozen=True, kw_only=True):
    """Put a picture of a signed paper back into the case that it was issued of."""

    number: str
    proof: Proof


class LinkCase(Command, frozen=True, kw_only=True):
    """Tie the case to another; `merged_into` closes it."""

    relation: str
    other: CaseId


class Recur(Command, frozen=True, kw_only=True):
    """The same came back as another case: what was done here did not last."""

    other: CaseId
    rule: int
    """Which of the kind's recurrence rules found it."""


class TimePassed(Command, frozen=True, kw_only=True):
    """A duty's next rung is due."""

    duty: DutyNo
    step: int
    generation: int


class WakeUp(Command, frozen=True, kw_only=True):
    """The plant changed: look again whether every duty is answered for and due when it should be."""


class ChangePolicy(Command, frozen=True, kw_only=True):
    """Move an open case to another version of its pack."""

    version: str


CaseCommand = (
    OpenCase
    | RecordHistory
    | ReviseForm
    | Claim
    | Discharge
    | AskMove
    | AddNote
    | IssuePaper
    | ReturnPaper
    | LinkCase
    | Recur
    | TimePassed
    | WakeUp
    | ChangePolicy
)
