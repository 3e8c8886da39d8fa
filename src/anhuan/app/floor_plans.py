"""Floor plans: pictures taken in and shown again. What is shown is always of our own making.

Whoever sends a drawing is not trusted: an SVG is drawn, and a photo decoded, by a process that can do nothing else, and
what comes back is new pixels. The bytes that were sent are not kept. A plan may name only pictures that came this way,
so that naming some other object's hash in a plan shows nobody what they may not see.
"""

import hashlib
import re
from collections.abc import Iterable

from msgspec import Struct

from anhuan.domain.evidence import Sha256
from anhuan.domain.ids import PersonId, TenantId
from anhuan.domain.plant_items import FloorPlan, PlantItem
from anhuan.domain.plant_reading import PlantProblem
from anhuan.ports.floor_plans import Drawings, PlanPicture, PlanPictures
from anhuan.ports.objects import Objects
from anhuan.ports.photos import Photos

_SVG = re.compile(rb"\s*(<\?xml|<svg|<!--|<!DOCTYPE)")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class ShownPicture(Struct, frozen=True):
    """A picture with its bytes."""

    picture: PlanPicture
    data: bytes


class FloorPlans:
    """Pictures of floor plans; one per process."""

    def __init__(self, *, store: PlanPictures, objects: Objects, photos: Photos, drawings: Drawings) -> None:
        self._store = store
        self._objects = objects
        self._photos = photos
        self._drawings = drawings

    async def take(self, tenant: TenantId, data: bytes, by: PersonId | None) -> PlanPicture:
        """Make a picture of what was sent, SVG, PNG, JPEG or WebP, and keep it. Raises DrawingRefused, PhotoRefused."""
        data = data.removeprefix(_BYTE_ORDER_MARK)
        source = await self._drawings.draw(data) if _SVG.match(data) else data
        made = await self._photos.render(source, None)
        picture = PlanPicture(
            sha256=Sha256(hashlib.sha256(made.served).hexdigest()),
            media_type="image/jpeg",
            width_px=made.width_px,
            height_px=made.height_px,
        )
        await self._objects.put(tenant, made.served)
        await self._store.keep_picture(tenant, picture, by)
        return picture

    async def shown(self, tenant: TenantId, sha256: str) -> ShownPicture | None:
        """A picture that was taken in; None: there is none of that hash. Raises ObjectMissing, ObjectDamaged."""
        picture = await self._store.picture(tenant, sha256)
        if picture is None:
            return None
        return ShownPicture(picture, await self._objects.get(tenant, picture.sha256))


async def unknown_pictures(store: PlanPictures, tenant: TenantId, items: Iterable[PlantItem]) -> list[PlantProblem]:
    """A problem (`picture_unknown`) for each plan that names a picture that was never taken in."""
    problems = []
    for item in items:
        if isinstance(item, FloorPlan) and item.picture and await store.picture(tenant, item.picture) is None:
            problems.append(PlantProblem("floor_plan", "picture", "picture_unknown", {}, item.id))
    return problems
