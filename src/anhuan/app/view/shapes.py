"""What the API answers about cases, kinds and tasks, field by field. Instants are UTC."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Named:
    """Something with an id and a name."""

    id: str
    name: str


@dataclass(slots=True, kw_only=True)
class EquipmentName:
    """A piece of equipment as lists show it."""

    id: str
    number: str
    name: str
    lapsed: list["LapsedName"] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class LapsedName:
    """Something of a piece of equipment that should have been renewed by now."""

    name: str
    due_on: str


@dataclass(slots=True, kw_only=True)
class Gate:
    """Whether something may be done now, and if not, why in words."""

    ok: bool
    why: str | None = None


@dataclass(slots=True, kw_only=True)
class MoveGate:
    """A move that may be asked for (or why not), of one duty or of the case."""

    key: str
    name: str
    form: str | None
    prove: list[str]
    duty: int | None
    begins: Json
    ok: bool
    why: str | None = None


@dataclass(slots=True, kw_only=True)
class ReasonText:
    """A reason in words."""

    code: str
    field: str
    text: str
    params: Json


@dataclass(slots=True, kw_only=True)
class CaseBrief:
    """A case as lists show it."""

    id: str
    version: int
    kind: str
    kind_name: str
    number: str
    title: str
    status: str
    stage: str
    stage_name: str
    risk_level: str | None
    grade: str | None
    area: Named | None
    equipment: EquipmentName | None
    category: str | None
    category_name: str | None
    source: str
    reporter: Named | None
    finder: Named | None
    found_at: datetime
    opened_at: datetime
    due_at: datetime | None
    overdue_at: datetime | None
    closed_at: datetime | None
    outcome: str | None
    outcome_name: str | None
    imported: bool
    reopened: int
    owners: list[str]
    cycle_working_days: float | None
    blind: bool


@dataclass(slots=True, kw_only=True)
class ReportAnswer(CaseBrief):
    """A case just reported, and what it still lacks before it can be dispatched."""

    incomplete: list[ReasonText]


@dataclass(slots=True, kw_only=True)
class SimilarCase(CaseBrief):
    """An open case that may be about the same; 1.0 is word for word."""

    score: float


@dataclass(slots=True, kw_only=True)
class FileView:
    """A file of a case. `url` is the copy to look at, watermarked where it is a photo."""

    sha256: str
    slot: str
    kind: str
    media_type: str
    width: int | None
    height: int | None
    size: int
    url: str
    thumb_url: str | None
    captured_at: datetime | None
    received_at: datetime
    captured_where: Json
    captured_by: Named | None
    remarks: list[str]


@dataclass(slots=True, kw_only=True)
class PartyView:
    """Who owes something: in words, its kind (`post`, `team`, `person`, `hidden`) and id."""

    text: str
    kind: str
    id: str | None


@dataclass(slots=True, kw_only=True)
class Holder:
    """A person behind a party now."""

    id: str
    name: str
    on_duty: bool


@dataclass(slots=True, kw_only=True)
class Outcome:
    """A way in which a duty may end."""

    key: str
    name: str


@dataclass(slots=True, kw_only=True)
class RungView:
    """A rung of a duty's ladder: when it is reached and who is told then."""

    key: str
    name: str
    at: datetime
    to_text: str
    reached: bool


@dataclass(slots=True, kw_only=True)
class RemarkView:
    """One thing that was compared between photos; verdict null: said, not counted."""

    code: str
    verdict: str | None
    text: str


@dataclass(slots=True, kw_only=True)
class ComparisonView:
    """Times and places of the photos before and after, compared: `pass`, `cannot_tell`, `fail`."""

    verdict: str
    time_verdict: str
    place_verdict: str | None
    remarks: list[RemarkView]


@dataclass(slots=True, kw_only=True)
class SignatureView:
    """A drawn signature with what it was given for, and what it is worth in law."""

    drawing: Json
    signed_hash: str
    statement: str
    legal_note: str


@dataclass(slots=True, kw_only=True)
class DutyMay:
    """What the caller may do with a duty."""

    do: Gate
    claim: Gate
    moves: list[MoveGate]


@dataclass(slots=True, kw_only=True)
class DutyView:
    """One duty of a case."""

    no: int
    key: str
    name: str
    stage: str
    stage_name: str
    round: int
    deed: str
    part: str
    party: PartyView
    holders: list[Holder]
    status: str
    opened_at: datetime
    due_at: datetime
    breached_at: datetime | None
    overdue: bool
    claimed_by: Named | None
    ended_at: datetime | None
    ended_by: Named | None
    on_behalf_of: Named | None
    outcome: str | None
    outcome_name: str | None
    form: Json
    files: list[FileView]
    comparison: ComparisonView | None
    signature: SignatureView | None
    blind: bool
    gates: bool
    form_key: str | None
    prove: list[str]
    outcomes: list[Outcome]
    rungs: list[RungView]
    move: int | None
    may: DutyMay


@dataclass(slots=True, kw_only=True)
class AskedMoveView:
    """A move that was asked for; granted null: not decided yet."""

    no: int
    key: str
    name: str
    duty: int | None
    by: Named | None
    asked_at: datetime
    form: Json
    files: list[FileView]
    granted: bool | None


@dataclass(slots=True, kw_only=True)
class LinkView:
    """A tie to another case; `case` is null where the caller may not see it."""

    relation: str
    relation_name: str
    id: str
    case: CaseBrief | None


@dataclass(slots=True, kw_only=True)
class TableAnswerView:
    """Which row of which version of a table decided, and what it said."""

    table: str
    table_name: str
    version: str
    row: int
    row_name: str | None
    outputs: Json
    purpose: str
    purpose_name: str
    at: datetime


@dataclass(slots=True, kw_only=True)
class CaseMay:
    """What the caller may do with the case as a whole."""

    revise: Gate
    note: Gate
    moves: list[MoveGate]


@dataclass(slots=True, kw_only=True)
class FindsView:
    """What can be reported while one is at the case, each as a case of its own tied to this one."""

    kind: str
    form: Json
    ok: bool
    why: str | None = None


@dataclass(slots=True, kw_only=True)
class CasePage(CaseBrief):
    """Everything about one case that its page shows."""

    form: Json
    computed: Json
    incomplete: list[ReasonText]
    files: list[FileView]
    duties: list[DutyView]
    moves: list[AskedMoveView]
    links: list[LinkView]
    tables: list[TableAnswerView]
    finds: FindsView | None
    looks_back: bool
    reviews: str | None
    may: CaseMay


@dataclass(slots=True, kw_only=True)
class TimelineItem:
    """One event in words."""

    version: int
    at: datetime
    by: Named | None
    type: str
    text: str
    detail: Json


@dataclass(slots=True, kw_only=True)
class Task:
    """A duty that is open, with its case."""

    case: CaseBrief
    duty: DutyView


@dataclass(slots=True, kw_only=True)
class Notice:
    """Something that a person was told."""

    id: int
    at: datetime
    template: str
    text: str
    urgent: bool
    case: str
    number: str
    duty: int | None
    seen_at: datetime | None


@dataclass(slots=True, kw_only=True)
class DutyPreview:
    """A duty that a report would open."""

    key: str
    name: str
    party: PartyView
    part: str
    due_at: datetime


@dataclass(slots=True, kw_only=True)
class Preview:
    """What a report would lead to if it were sent now."""

    stage: str
    stage_name: str
    duties: list[DutyPreview] = field(default_factory=list)
    tables: list[TableAnswerView] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Check:
    """A report judged without being kept: what turns it away, what it lacks for dispatch, what is computed."""

    intake: list[ReasonText]
    dispatch: list[ReasonText]
    computed: Json
    preview: Preview | None
