"""What lists need of the place where cases are kept: the register, tasks, notices and saved views."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from anhuan.core.case.events import CaseEvent
from anhuan.core.figures import Origin
from anhuan.domain.ids import AccountId, CaseId, DutyNo, PersonId, TenantId
from anhuan.ports.rows import CaseRow

SORTS = ("opened_at", "found_at", "due_at", "closed_at", "number")
"""Columns that the register can be sorted by; what has no such moment comes last."""


class Viewing(Struct, frozen=True, kw_only=True):
    """Who looks, as the store needs it."""

    parts: frozenset[str] | None
    """Parts by which they see cases (`projection.parts`); None: they see all."""
    answering: frozenset[str]
    """Parties that they may act for, as texts: an open blind duty of one of these makes a case blind to them."""
    person: PersonId | None = None
    """What was drawn by lot is only one's own."""


class CaseFilter(Struct, frozen=True, kw_only=True):
    """Which cases; None: whichever."""

    kind: str | None = None
    status: str | None = None
    stage: str | None = None
    areas: tuple[str, ...] | None = None
    equipment: str | None = None
    category: str | None = None
    risk_level: str | None = None
    words: tuple[str, ...] = ()
    """Lower-case pieces that all stand in the case's number or title."""
    mine: frozenset[str] | None = None
    """Parts of which the case must have one."""
    overdue: bool | None = None
    imported: bool | None = None
    opened_from: datetime | None = None
    opened_until: datetime | None = None
    found_from: datetime | None = None
    found_until: datetime | None = None
    closed_from: datetime | None = None
    closed_until: datetime | None = None
    origin: Origin | None = None
    """Registered here, or taken over from the plant's own register."""
    source: str | None = None
    """Where it comes from, as the kind's `source_field` tells it, else as it came in."""
    source_field: str = ""
    team: str | None = None
    """A team that owes or owed a duty of it, or was told of one."""
    waits_for: str | None = None
    outcome: str | None = None
    deferred: bool | None = None
    """Was in an approved wait."""
    reported_by: frozenset[PersonId] | None = None
    parents: frozenset[CaseId] | None = None
    """Came out of one of these."""


class Sort(Struct, frozen=True):
    """One of SORTS, and which end first."""

    column: str = "opened_at"
    descending: bool = True


class PageEnd(Struct, frozen=True):
    """Where the page before ended: the sort column's value of its last row, and its id."""

    value: str | None
    """As text; None: the last row had none."""
    id: str


class RegisterRow(Struct, frozen=True):
    """A case in a list."""

    case: CaseRow
    owners: tuple[str, ...]
    """Parties of its open leading duties; the empty text for a blind one."""
    is_blind: bool
    """The viewer owes a blind check of it."""
    end: PageEnd
    """For going on after this row."""


class TaskQuery(Struct, frozen=True, kw_only=True):
    """Which open duties."""

    parties: frozenset[str] | None
    """Owed by one of these, or told to one of them; None: all."""
    claimed_by: frozenset[PersonId] = frozenset()
    """Or taken on by one of these."""
    unless_claimed_by_others: PersonId | None = None
    """Leaves out what somebody else than this person has taken on."""
    person: PersonId | None = None
    """Leaves out who was drawn blind, unless it is this person: their team and deputy must not learn it."""


class TaskRef(Struct, frozen=True):
    """An open duty in the order in which tasks are due."""

    case: CaseId
    duty: DutyNo
    due_at: datetime


class TaskCounts(Struct, frozen=True):
    """How many tasks there are."""

    mine: int
    overdue: int
    team: int


class NoticeRow(Struct, frozen=True):
    """Something that a person was told."""

    id: int
    at: datetime
    template: str
    urgent: bool
    case: CaseId
    number: str
    kind: str
    duty: DutyNo | None
    duty_key: str | None
    seen_at: datetime | None


class SavedView(Struct, frozen=True):
    """A register view that an account keeps."""

    id: str
    name: str
    query: str


class RegisterStore(Protocol):
    """Where lists are read from, one tenant at a time."""

    async def cases(
        self, tenant: TenantId, viewing: Viewing, wanted: CaseFilter, sort: Sort, limit: int, after: PageEnd | None
    ) -> Sequence[RegisterRow]:
        """Cases that the viewer may see, at most `limit`."""

    async def count(self, tenant: TenantId, viewing: Viewing, wanted: CaseFilter, most: int) -> int:
        """How many there are, counted no further than `most`."""

    async def briefs(self, tenant: TenantId, viewing: Viewing, cases: Collection[CaseId]) -> Sequence[RegisterRow]:
        """Those of the cases that the viewer may see."""

    async def candidates(
        self, tenant: TenantId, viewing: Viewing, kind: str, area: str | None, equipment: str | None, limit: int
    ) -> Sequence[RegisterRow]:
        """Open cases at the same equipment, or without equipment in the same area; the newest, whoever may see them."""

    async def tasks(self, tenant: TenantId, query: TaskQuery, limit: int, after: TaskRef | None) -> Sequence[TaskRef]:
        """Open duties, the most urgent first."""

    async def task_counts(self, tenant: TenantId, mine: TaskQuery, team: TaskQuery, now: datetime) -> TaskCounts:
        """How many tasks are mine, how many of those overdue, and how many my team's."""

    async def histories(self, tenant: TenantId, cases: Collection[CaseId]) -> Mapping[CaseId, Sequence[CaseEvent]]:
        """The events of several cases at once."""

    async def notices(
        self, tenant: TenantId, person: PersonId, unseen: bool, limit: int, before: int | None
    ) -> Sequence[NoticeRow]:
        """A person's notices, newest first."""

    async def unseen(self, tenant: TenantId, person: PersonId) -> int:
        """How many notices a person has not seen."""

    async def see(self, tenant: TenantId, person: PersonId, ids: Collection[int], at: datetime) -> None:
        """The person has seen these."""

    async def views(self, tenant: TenantId, account: AccountId) -> Sequence[SavedView]:
        """The views that an account keeps."""

    async def keep_view(self, tenant: TenantId, account: AccountId, view: SavedView) -> None:
        """Keep a view, new or changed."""

    async def drop_view(self, tenant: TenantId, account: AccountId, view: str) -> bool:
        """Whether there was such a view to drop."""
