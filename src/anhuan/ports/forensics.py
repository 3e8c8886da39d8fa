"""What the use cases need of the place where fingerprints of photos, their comparisons and their uses are kept."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from anhuan.domain.evidence import Sha256
from anhuan.domain.ids import CaseId, TenantId
from anhuan.ports.photos import Likeness, Prints


class PhotoUse(Struct, frozen=True, kw_only=True):
    """Where a picture stands: brought into a case, in a slot, by the event of that version."""

    sha256: Sha256
    case: CaseId
    version: int
    slot: str
    at: datetime


class PhotoPrints(Protocol):
    """Where fingerprints are kept and looked up, one tenant at a time."""

    async def keep(self, tenant: TenantId, sha256: Sha256, prints: Prints | None, failure: str | None = None) -> None:
        """Remember fingerprints, or why there are none; the newest count. Safe to do twice."""

    async def unprinted(self, tenant: TenantId, limit: int) -> Sequence[Sha256]:
        """Pictures that have none yet, or by an older method."""

    async def failures(self, tenant: TenantId, sha256s: Collection[Sha256]) -> Mapping[Sha256, str | None]:
        """Those of the pictures that were looked at: why there are no fingerprints, or None where there are."""

    async def candidates(self, tenant: TenantId, sha256: Sha256, limit: int) -> Sequence[Sha256]:
        """Other pictures of the tenant that may be this one again, the likeliest first."""

    async def uses(self, tenant: TenantId, sha256s: Collection[Sha256]) -> Sequence[PhotoUse]:
        """Where pictures stand, oldest first, as far as `read_uses` has come."""

    async def read_uses(self, tenant: TenantId, limit: int) -> int:
        """Read the next stretch of the ledger for uses of pictures; how many entries that was."""

    async def likeness(self, tenant: TenantId, one: Sha256, other: Sha256) -> Likeness | None:
        """What comparing two pictures said; None: not compared yet by the present method."""

    async def keep_likeness(self, tenant: TenantId, one: Sha256, other: Sha256, likeness: Likeness) -> None:
        """Remember a comparison."""
