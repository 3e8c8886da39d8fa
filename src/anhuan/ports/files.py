"""What the use cases need of the place where uploaded files are known; the bytes lie in the object store."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from anhuan.domain.evidence import EvidenceKind, ExifClaims, Sha256
from anhuan.domain.ids import AccountId, PersonId, TenantId


class StoredFile(Struct, frozen=True, kw_only=True):
    """What is known of an uploaded file."""

    sha256: Sha256
    """Of the original bytes."""
    kind: EvidenceKind
    media_type: str
    """As found in the bytes, not as the sender said."""
    size_bytes: int
    width_px: int | None = None
    height_px: int | None = None
    exif: ExifClaims | None = None
    uploaded_by: PersonId | None = None
    """Whoever sent it first."""
    uploaded_at: datetime
    """By our clock."""


class KeptRendition(Struct, frozen=True, kw_only=True):
    """The copies of a picture under one watermark, which are objects of their own."""

    served: Sha256
    thumbnail: Sha256


class FileStore(Protocol):
    """Where uploaded files are known, one tenant at a time."""

    async def files(self, tenant: TenantId, sha256s: Collection[Sha256]) -> Mapping[Sha256, StoredFile]:
        """Those of the files that were uploaded, by hash."""

    async def add(self, tenant: TenantId, file: StoredFile, sender: AccountId) -> None:
        """Remember a file and who sent it; the same again changes nothing, another sender is added."""

    async def sent(self, tenant: TenantId, sha256s: Collection[Sha256], sender: AccountId) -> frozenset[Sha256]:
        """Those of the files whose bytes the account has sent itself."""

    async def rendition(self, tenant: TenantId, sha256: Sha256, watermark: Sha256) -> KeptRendition | None:
        """The copies under the watermark with this hash; None: not made yet."""

    async def keep_rendition(
        self, tenant: TenantId, sha256: Sha256, watermark: Sha256, rendition: KeptRendition
    ) -> None:
        """Remember copies; newer ones replace those that were lost."""
