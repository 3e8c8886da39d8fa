"""What the use cases need of the place where plants and packs are kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from anhuan.domain.ids import PersonId, TenantId
from anhuan.domain.plant_items import PlantItem


class PackKey(Struct, frozen=True, order=True):
    """A published version of a pack."""

    name: str
    version: str


class PublishedPack(Struct, frozen=True, kw_only=True):
    """What is known of a published version without its files."""

    name: str
    version: str
    published_at: datetime
    published_by: PersonId | None
    is_current: bool


class PlantEdit(Struct, frozen=True, kw_only=True, tag=True):
    """An edit of the plant: items put or removed, all at once. It is an event on the tenant's plant stream."""

    at: datetime
    by: PersonId | None
    put: tuple[PlantItem, ...] = ()
    remove: tuple[tuple[str, str], ...] = ()
    """(kind, id) of each item removed."""


class PlantChanged(Exception):
    """Somebody edited the plant meanwhile: look again."""


class PackExists(Exception):
    """The version is published already with other content; a published version never changes."""


class Marks(Struct, frozen=True):
    """Enough to see whether a snapshot is still true: the plant's version and the packs that are current."""

    plant: int
    packs: tuple[PackKey, ...]


class SnapshotSource(Protocol):
    """What a snapshot is read from."""

    async def marks(self, tenant: TenantId) -> Marks:
        """The versions in force now."""

    async def items(self, tenant: TenantId) -> Sequence[PlantItem]:
        """All items of the plant."""

    async def pack_files(self, tenant: TenantId, key: PackKey) -> Mapping[str, str] | None:
        """The files of a published version."""


class PlantStore(SnapshotSource, Protocol):
    """Where plants and packs are kept."""

    async def edit(self, tenant: TenantId, edit: PlantEdit, expected: int) -> int:
        """Store an edit and return the plant's new version. Raises PlantChanged when it is not at `expected`."""

    async def item_version(self, tenant: TenantId, kind: str, item: str) -> int | None:
        """The plant's version in which an item was last changed; None: there is no such item."""

    async def item_versions(self, tenant: TenantId, kind: str) -> Mapping[str, int]:
        """The same of every item of a kind."""

    async def named_by_cases(self, tenant: TenantId, kind: str, item: str) -> int:
        """How many cases (and, of a person, accounts) name an item and would lose sight of it."""

    async def area_loads(self, tenant: TenantId, at: datetime) -> Mapping[str, tuple[int, int]]:
        """Area -> how many cases are open there, and how many of them past their deadline."""

    async def packs(self, tenant: TenantId) -> Sequence[PublishedPack]:
        """Every published version."""

    async def publish(
        self, tenant: TenantId, key: PackKey, files: Mapping[str, str], at: datetime, by: PersonId | None
    ) -> None:
        """Publish a version and make it current. The same again is no error. Raises PackExists."""
