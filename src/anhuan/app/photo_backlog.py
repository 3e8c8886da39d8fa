"""What photos are compared by, made for those that lack it: fingerprints, and where each picture stands.

An upload brings its fingerprints along; those stored before there were any, or whose process died in between, get them
here. Where pictures stand is read off the ledger's entries in their order, so that no report waits for it. Each piece
of work is safe to do twice, so any number of workers may.
"""

from anhuan.domain.evidence import Sha256
from anhuan.domain.ids import TenantId
from anhuan.ports.due import DueStore
from anhuan.ports.forensics import PhotoPrints
from anhuan.ports.objects import ObjectDamaged, ObjectMissing, Objects
from anhuan.ports.photos import PhotoRefused, Photos

BATCH = 20
"""Pictures of one tenant at once: the processes that look into them are there for uploads first."""
STRETCH = 2000
"""Ledger entries read at once."""
FILE_LOST = "file_lost"
"""Why there are no fingerprints: the bytes are gone or damaged."""


class PhotoBacklog:
    """One worker's hands: call `step` again and again."""

    def __init__(self, due: DueStore, prints: PhotoPrints, objects: Objects, photos: Photos) -> None:
        self._due = due
        self._prints = prints
        self._objects = objects
        self._photos = photos

    async def step(self) -> int:
        """Some of what is owed, of every tenant; how much that was."""
        done = 0
        for tenant in await self._due.tenants():
            done += await self._prints.read_uses(tenant, STRETCH) == STRETCH
            for sha256 in await self._prints.unprinted(tenant, BATCH):
                done += await self._print(tenant, sha256)
        return done

    async def _print(self, tenant: TenantId, sha256: Sha256) -> bool:
        """Fingerprints of one picture, or why it has none. Whether that is settled."""
        try:
            inspected = await self._photos.inspect(await self._objects.get(tenant, sha256), kind="photo")
        except (ObjectMissing, ObjectDamaged):
            await self._prints.keep(tenant, sha256, None, FILE_LOST)
        except PhotoRefused as refused:
            if refused.code == "photo_busy":
                return False
            await self._prints.keep(tenant, sha256, None, refused.code)
        else:
            await self._prints.keep(tenant, sha256, inspected.prints)
        return True
