"""What the use cases need of the place where imports of registers are remembered, and of who reads a workbook."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from anhuan.domain.evidence import Sha256
from anhuan.domain.ids import PersonId, TenantId
from anhuan.ports.registers import Layout, Mapping, Workbook


class Counts(Struct, frozen=True, kw_only=True):
    """What became of a register's rows: accepted + rejected + duplicates + skipped = rows."""

    rows: int = 0
    accepted: int = 0
    rejected: int = 0
    """Come back with reasons."""
    duplicates: int = 0
    """Pasted twice, or taken in before."""
    skipped: int = 0
    """Are no rows: titles, sub-totals, blanks."""
    open: int = 0
    """Of the accepted: live cases."""
    history: int = 0
    """Of the accepted: closed elsewhere, kept as history."""


class Progress(Struct, frozen=True, kw_only=True):
    """How far an import has come."""

    at: datetime
    """When that was."""
    done: int
    """Rows looked at, of `counts.rows`."""
    counts: Counts
    finished_at: datetime | None = None
    rejects: dict[str, Sha256] = {}
    """Language -> the object that holds the rows that came back."""


class ImportRun(Struct, frozen=True, kw_only=True):
    """A register that was sent in: as it was read, and what became of it."""

    id: str
    kind: str
    file_name: str
    sha256: Sha256
    layout: Layout
    said: Mapping
    """What a person said about this file's layout."""
    created_at: datetime
    created_by: PersonId | None
    progress: Progress | None = None
    """None: looked at, not taken in yet."""


class ImportStore(Protocol):
    """Where imports are kept, one tenant at a time."""

    async def add(self, tenant: TenantId, run: ImportRun) -> None:
        """Keep a new import."""

    async def run(self, tenant: TenantId, id: str) -> ImportRun | None:
        """One import; None: there is none."""

    async def runs(self, tenant: TenantId, before: tuple[datetime, str] | None, limit: int) -> Sequence[ImportRun]:
        """The newest first, from before a (created_at, id) on."""

    async def lay_out(self, tenant: TenantId, id: str, layout: Layout, said: Mapping) -> None:
        """A person corrected how the file is read."""

    async def begin(self, tenant: TenantId, id: str, progress: Progress, idle_since: datetime) -> bool:
        """Take the import on; False: somebody else has, and was heard of after `idle_since`, or it is finished."""

    async def go_on(self, tenant: TenantId, id: str, progress: Progress) -> None:
        """Note how far it has come."""

    async def known(self, tenant: TenantId, keys: Collection[str]) -> frozenset[str]:
        """Those of the command keys under which something was done already."""

    async def remembered(self, tenant: TenantId, kind: str, fingerprint: str) -> Mapping | None:
        """What the plant said about registers laid out like this."""

    async def remember(self, tenant: TenantId, kind: str, fingerprint: str, mapping: Mapping) -> None:
        """Keep it for the next register laid out like this."""


class WorkbookReader(Protocol):
    """Reads files that come from outside, where they can do no harm."""

    async def read_workbook(self, data: bytes) -> Workbook:
        """As `Registers.read_workbook`. Raises WorkbookRefused, also `reading_failed` and `reading_timed_out`."""
