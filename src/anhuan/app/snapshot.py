"""What decisions are made by, per tenant, in memory: the plant at one version and the packs' policies.

Read from the database once and kept while its marks stay the same; the marks are looked at again at most once a second,
and every stored decision checks the plant's version once more. So a report costs no query for posts, shifts, calendars,
tables or forms.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from anhuan.core.policy import Kind
from anhuan.domain.ids import TenantId
from anhuan.domain.plant import Plant
from anhuan.packs.compile import Pack, compile_pack
from anhuan.ports.clock import Clock
from anhuan.ports.plants import Marks, PackKey, SnapshotSource

LOOK_AGAIN = timedelta(seconds=1)


class PackGone(Exception):
    """A case keeps a version of a pack that is not there any more; nothing ever removes one."""


class Snapshot(Struct, frozen=True):
    """One tenant's plant and packs."""

    tenant: TenantId
    marks: Marks
    plant: Plant
    packs: Mapping[str, Pack]
    """Current version of each pack, by name."""

    def kind(self, key: str) -> Kind | None:
        """A kind in the current version of its pack."""
        return next((pack.kinds[key] for pack in self.packs.values() if key in pack.kinds), None)

    def pack_of(self, kind: str) -> Pack | None:
        """The current pack that a kind comes in."""
        return next((pack for pack in self.packs.values() if kind in pack.kinds), None)


class Snapshots:
    """The snapshots of all tenants that this process serves."""

    def __init__(self, store: SnapshotSource, clock: Clock, compiled: Mapping[PackKey, Pack] | None = None) -> None:
        """`compiled` are packs that somebody has compiled before."""
        self._store = store
        self._clock = clock
        self._held: dict[TenantId, tuple[Snapshot, datetime]] = {}
        self._locks: dict[TenantId, asyncio.Lock] = {}
        self._packs: dict[tuple[TenantId, PackKey], Pack] = {}
        self._compiled = dict(compiled or {})

    async def get(self, tenant: TenantId, *, fresh: bool = False) -> Snapshot:
        """The tenant's snapshot, at most a second old; `fresh` looks now."""
        held = self._held.get(tenant)
        if held is not None and not fresh and abs(self._clock() - held[1]) < LOOK_AGAIN:
            return held[0]
        async with self._locks.setdefault(tenant, asyncio.Lock()):
            held = self._held.get(tenant)
            marks = await self._store.marks(tenant)
            snapshot = held[0] if held and held[0].marks == marks else await self._read(tenant, marks, held)
            self._held[tenant] = (snapshot, self._clock())
            return snapshot

    async def _read(self, tenant: TenantId, marks: Marks, held: tuple[Snapshot, datetime] | None) -> Snapshot:
        if held is not None and held[0].marks.plant == marks.plant:
            plant = held[0].plant
        else:
            plant = Plant(await self._store.items(tenant), marks.plant)
        packs = {key.name: await self.pack(tenant, key) for key in marks.packs}
        return Snapshot(tenant, marks, plant, packs)

    async def pack(self, tenant: TenantId, key: PackKey) -> Pack:
        """A published version of a pack, compiled; published versions never change, so each is compiled once."""
        if key in self._compiled:
            return self._compiled[key]
        if (tenant, key) not in self._packs:
            files = await self._store.pack_files(tenant, key)
            if files is None:
                raise PackGone(f"{key.name} {key.version}")
            self._packs[tenant, key] = compile_pack(files)
        return self._packs[tenant, key]

    async def kind_of(self, tenant: TenantId, kind: str, pack: str, version: str) -> Kind:
        """A kind as it stood in one version of its pack."""
        return (await self.pack(tenant, PackKey(pack, version))).kinds[kind]
