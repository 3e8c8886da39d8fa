"""Where bytes are kept that do not belong in the database: photos, scans, their served copies.

Content-addressed and write-once: the name of an object is the SHA-256 of its bytes, per tenant, so the same photo sent
twice is one object and an object never changes. Who may read it is decided before the store is asked.
"""

from collections.abc import AsyncIterator
from typing import Protocol

from anhuan.domain.evidence import Sha256
from anhuan.domain.ids import TenantId


class ObjectMissing(Exception):
    """The tenant has no such object."""


class ObjectDamaged(Exception):
    """What is stored under the name has other bytes than it was given: the disk failed, or somebody meddled."""


class Objects(Protocol):
    """A store of objects. All methods raise OSError when the store itself fails."""

    async def put(self, tenant: TenantId, data: bytes) -> Sha256:
        """Keep the bytes durably and return their name; they survive a crash once this returns."""

    async def get(self, tenant: TenantId, sha256: Sha256) -> bytes:
        """The whole object, checked against its name. Raises ObjectMissing, ObjectDamaged."""

    async def open(self, tenant: TenantId, sha256: Sha256) -> AsyncIterator[bytes]:
        """The object in pieces. Raises ObjectMissing at once, ObjectDamaged after the last piece."""

    async def exists(self, tenant: TenantId, sha256: Sha256) -> bool:
        """Whether the tenant has the object."""
