"""A case as its events leave it: what `decide` looks at."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from anhuan.core.case.events import ArmedRung, Proof, Subject, Term
from anhuan.core.policy import WAIT_OF, Deed, Part, Wait
from anhuan.core.signature import Signature
from anhuan.domain.evidence import Sha256
from anhuan.domain.ids import CaseId, DutyNo, PersonId
from anhuan.domain.party import Party


class CaseStatus(StrEnum):
    """The life of a case."""

    ABSENT = "absent"
    OPEN = "open"
    CLOSED = "closed"


class DutyStatus(StrEnum):
    """The life of a duty."""

    ABSENT = "absent"
    OPEN = "open"
    DISCHARGED = "discharged"
    CANCELLED = "cancelled"


class Duty(Struct, frozen=True, kw_only=True):
    """One obligation: party, deed, due, and how it stands."""

    no: DutyNo
    key: str
    stage: str
    round: int
    deed: Deed
    part: Part
    party: Party
    opened_at: datetime
    due_at: datetime
    rungs: tuple[ArmedRung, ...]
    repeat_s: int
    gates: bool
    blind: bool
    of_case: bool
    move: int | None = None
    term: Term | None = None
    """What the deadline is counted from; None: it was named as an instant."""
    status: DutyStatus = DutyStatus.OPEN
    step: int = 0
    """Rungs that were reached."""
    last_rung_at: datetime | None = None
    generation: int = 0
    """Counts changes of the deadline; a timer of an older one is void."""
    told: tuple[Party, ...] = ()
    """Parties that the ladder has told; they may do the duty too."""
    unanswered: bool = False
    """Nobody at all was found who could be told."""
    claimed_by: PersonId | None = None
    breached_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: PersonId | None = None
    on_behalf_of: PersonId | None = None
    outcome: str | None = None
    form: dict[str, object] = {}
    prove: tuple[str, ...] = ()
    """Slots of evidence that must be filled."""
    proofs: tuple[Proof, ...] = ()
    comparison: dict[str, object] | None = None
    signature: Signature | None = None
    draw: int | None = None
    """The last draw made for it."""
    stage_wait: Wait | None = None
    """What its stage is waited for as, where the pack says so."""

    @property
    def wait(self) -> Wait:
        """What the case waits for while this is open."""
        return self.stage_wait or WAIT_OF[self.deed]


class AskedMove(Struct, frozen=True, kw_only=True):
    """A move that was asked for."""

    no: int
    key: str
    duty: DutyNo | None
    by: PersonId | None
    asked_at: datetime
    form: dict[str, object]
    proofs: tuple[Proof, ...] = ()
    granted: bool | None = None


class IssuedPaper(Struct, frozen=True, kw_only=True):
    """A paper that was given out."""

    number: str
    paper: str
    """Key of the kind's papers."""
    issued_at: datetime
    by: PersonId | None
    language: str
    sha256: Sha256
    """Of the PDF."""
    size_bytes: int
    version: int
    """The case's version that it was typeset from."""
    returned: tuple[Proof, ...] = ()
    """Pictures of it, signed."""


class Closure(Struct, frozen=True, kw_only=True):
    """How a case was closed."""

    closed_at: datetime
    outcome: str
    cycle_s: int
    cycle_working_days: float


REPORT = "report"
"""The `source` of a case that a person reported."""
CHILD = "child"
"""How a case is tied to one that came out of it."""


class Case(Struct, frozen=True, kw_only=True):
    """The whole case at one version. `version` counts its events."""

    id: CaseId = CaseId("")
    version: int = 0
    status: CaseStatus = CaseStatus.ABSENT
    kind: str = ""
    pack: str = ""
    pack_version: str = ""
    number: str = ""
    title: str = ""
    source: str = ""
    reporter: PersonId | None = None
    finder: PersonId | None = None
    found_at: datetime | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: str | None = None
    cycle_s: int | None = None
    cycle_working_days: float | None = None
    stage: str = ""
    stage_entered_at: datetime | None = None
    round: int = 0
    """Counts entries into stages; duties of earlier rounds are history."""
    wished_by: PersonId | None = None
    """Who asked for the move that led into the present stage."""
    form: dict[str, object] = {}
    computed: dict[str, object] = {}
    subject: Subject = Subject()
    proofs: tuple[Proof, ...] = ()
    duties: dict[DutyNo, Duty] = {}
    moves: dict[int, AskedMove] = {}
    """What was asked for; the one decided last stands last."""
    draws: int = 0
    acts: frozenset[tuple[PersonId, str]] = frozenset()
    """Who did what kind of deed on the case: (person, deed), `reported` and `found` among them."""
    noted_by: frozenset[PersonId] = frozenset()
    """Who added a word, a picture or a paper, without a deed."""
    due_at: datetime | None = None
    overdue_at: datetime | None = None
    """When the case's own deadline first passed; never erased."""
    parent: CaseId | None = None
    fold_key: str | None = None
    papers: dict[str, IssuedPaper] = {}
    """Papers that were given out, by number, the last one last."""
    links: tuple[tuple[str, CaseId], ...] = ()
    called_for: frozenset[tuple[str, str]] = frozenset()
    """What closing it has opened: (rule, area or person); nothing is opened for the same twice."""
    imported: bool = False
    reopened: int = 0
    hand_overs: int = 0
    """How often a person gave a duty of it to another party."""
    closed_before: Closure | None = None
    """How it had been closed when it was re-opened last."""

    def values(self) -> dict[str, object]:
        """Everything known of the case by field: form, then what was computed."""
        return {**self.form, **self.computed}

    def children(self) -> int:
        """How many cases came out of this one."""
        return sum(relation == CHILD for relation, _ in self.links)

    def every_proof(self) -> tuple[Proof, ...]:
        """All evidence: of the report and its notes, of what was done, of what was asked for, papers that came back."""
        done = (piece for duty in self.duties.values() for piece in duty.proofs)
        asked = (piece for move in self.moves.values() for piece in move.proofs)
        papers = (piece for paper in self.papers.values() for piece in paper.returned)
        return (*self.proofs, *done, *asked, *papers)

    def open_duties(self) -> tuple[Duty, ...]:
        """Duties that are still owed."""
        return tuple(duty for duty in self.duties.values() if duty.status is DutyStatus.OPEN)

    def stage_duties(self) -> tuple[Duty, ...]:
        """Duties of the present round of the present stage, ended or not."""
        return tuple(duty for duty in self.duties.values() if duty.round == self.round and duty.move is None)

    def actors(self, *deeds: str) -> frozenset[PersonId]:
        """People who acted on the case; with `deeds`, only in these ways."""
        return frozenset(person for person, deed in self.acts if not deeds or deed in deeds)


def context_of(case: Case) -> dict[str, object]:
    """What a form's conditions may look at besides the form itself."""
    more = {"source": case.source, "reopened": case.reopened, "children": case.children()}
    return {**case.values(), **more}
