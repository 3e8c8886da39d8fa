"""What the workers need of the place where due work stands. They see all tenants here, and in it only ids and times."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from msgspec import Struct

from anhuan.core.case.outcome import Effect, Notify
from anhuan.domain.ids import AreaId, CaseId, DutyNo, EquipmentId, PersonId, TenantId


class DueTimer(Struct, frozen=True):
    """A duty whose next rung is due."""

    tenant: TenantId
    case: CaseId
    duty: DutyNo
    step: int
    generation: int
    due_at: datetime


class DueEffect(Struct, frozen=True):
    """Something that a decision wants done outside."""

    tenant: TenantId
    id: int
    attempts: int


class Telling(Struct, frozen=True):
    """A notice and the people behind its parties."""

    effect: int
    people: tuple[PersonId, ...]
    notice: Notify


class Sameness(Struct, frozen=True, kw_only=True):
    """What an earlier case must have in common with a new one; None: not looked at."""

    since: datetime
    """Closed at this moment or later."""
    closed_as: tuple[str, ...]
    """Outcomes that meant that the matter was mended."""
    area: AreaId | None = None
    equipment: EquipmentId | None = None
    category: str | None = None


class NearDate(Struct, frozen=True, kw_only=True):
    """A date of the plant that has come near, for a kind of case that it raises."""

    kind: str
    item_kind: str
    item: str
    field: str
    due_on: date


class DueStore(Protocol):
    """Where due work stands."""

    async def timers(self, now: datetime, limit: int) -> Sequence[DueTimer]:
        """Claim timers that are due, a fair share of each tenant's; a claim lapses when its worker dies."""

    async def timer_done(self, timer: DueTimer) -> None:
        """The timer led to nothing new: let it go, unless it has been set anew meanwhile."""

    async def effects(self, now: datetime, limit: int) -> Sequence[DueEffect]:
        """Claim effects that are due, a fair share of each tenant's."""

    async def wanted(self, tenant: TenantId, ids: Sequence[int]) -> Mapping[int, Effect]:
        """What claimed effects want done; one that is missing was done already."""

    async def effects_done(self, tenant: TenantId, ids: Sequence[int]) -> None:
        """They are done and need not be done again."""

    async def effect_failed(self, due: DueEffect, why: str, again_at: datetime) -> None:
        """It could not be done; try again later."""

    async def earlier(self, tenant: TenantId, case: CaseId, same: Sameness) -> CaseId | None:
        """The latest closed case of the same kind, older than this one, about the same thing."""

    async def tell(self, tenant: TenantId, told: Sequence[Telling], at: datetime) -> None:
        """Put notices into people's inboxes, once per effect and person."""

    async def open_cases(self, tenant: TenantId) -> Sequence[CaseId]:
        """Every open case, for looking at all of them again when the plant has changed."""

    async def tenants(self) -> Sequence[TenantId]:
        """Every tenant."""

    async def last_slot(self, tenant: TenantId, schedule: str) -> datetime | None:
        """The latest slot of a schedule that was seen to."""

    async def slot_seen(self, tenant: TenantId, schedule: str, starts_at: datetime, case: CaseId | None) -> None:
        """A slot has been seen to: it raised a case, or (None) was missed."""

    async def dates_seen(self, tenant: TenantId, near: Sequence[NearDate]) -> frozenset[NearDate]:
        """Those of the dates that have raised their case already."""

    async def date_seen(self, tenant: TenantId, near: NearDate, case: CaseId) -> None:
        """A date has raised a case."""
