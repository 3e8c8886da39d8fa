"""What the use cases need of the place where cases are kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from anhuan.core.case.events import CaseEvent
from anhuan.core.case.outcome import Effect
from anhuan.core.case.state import Case
from anhuan.domain.ids import CaseId, PersonId, TenantId


class CommandKey(Struct, frozen=True):
    """Under which key a command came, so that sent twice it is done once."""

    key: str
    body_hash: str
    """SHA-256 of what was asked, hex."""
    body: str = "{}"
    """What was asked, as JSON: kept for a person to look at if the key turns out to be used for something else."""


class CaseWrite(Struct, frozen=True):
    """One decision, to be stored whole or not at all."""

    tenant: TenantId
    case: Case
    """As it is after the events."""
    events: tuple[CaseEvent, ...]
    effects: tuple[Effect, ...]
    plant_version: int
    """The plant's version that the decision relied on."""
    at: datetime
    by: PersonId | None = None
    key: CommandKey | None = None


class Stale(Exception):
    """Somebody else changed the case or the plant meanwhile: load again and decide again."""


class Repeated(Exception):
    """The command was done before; `case` is what it did."""

    def __init__(self, case: CaseId) -> None:
        super().__init__(case)
        self.case = case


class KeyConflict(Exception):
    """The key was used before for something else, which `case` came of; what came now is kept as well."""

    def __init__(self, case: CaseId) -> None:
        super().__init__(case)
        self.case = case


class FoldTaken(Exception):
    """A case with the same fold key is open already."""

    def __init__(self, case: CaseId) -> None:
        super().__init__(case)
        self.case = case


class CaseStore(Protocol):
    """Where cases are kept, one tenant at a time."""

    async def load(self, tenant: TenantId, case: CaseId) -> Case | None:
        """The case, folded from its events."""

    async def events(self, tenant: TenantId, case: CaseId) -> Sequence[CaseEvent]:
        """All events of a case, in order."""

    async def commit(self, write: CaseWrite) -> None:
        """Store a decision durably. Raises Stale, Repeated, KeyConflict or FoldTaken, and then stored nothing of it."""

    async def used(self, tenant: TenantId, key: CommandKey, at: datetime, by: PersonId | None) -> CaseId | None:
        """The case that a command under this key was carried out on; None: the key is unused. Raises KeyConflict."""

    async def loads(self, tenant: TenantId) -> Mapping[PersonId, int]:
        """How many blind duties each person owes now."""

    async def children(self, tenant: TenantId, case: CaseId) -> int:
        """How many cases have been reported at a case."""

    async def number(self, tenant: TenantId, series: str) -> int:
        """The next number of a series; never given twice, gaps allowed."""
