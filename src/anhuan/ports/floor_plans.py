"""What floor plans need of the world: pictures of them, made anew from whatever was sent, and kept."""

from typing import Literal, Protocol

from msgspec import Struct

from anhuan.domain.evidence import Sha256
from anhuan.domain.ids import PersonId, TenantId

DrawingFault = Literal["drawing_busy", "drawing_too_large", "drawing_unreadable"]
"""Why a drawing is not taken.

`drawing_busy` no process came free in time: send again; `drawing_too_large` more bytes than are looked at;
`drawing_unreadable` it is no SVG, names files or addresses outside itself, or is far longer than wide.
"""


class DrawingRefused(Exception):
    """The drawing is not taken."""

    def __init__(self, code: DrawingFault) -> None:
        super().__init__(code)
        self.code = code


class PlanPicture(Struct, frozen=True, kw_only=True):
    """A picture below a floor plan's outlines, in pixels of our own making."""

    sha256: Sha256
    media_type: str
    width_px: int
    height_px: int


class Drawings(Protocol):
    """Turns vector drawings into pixels."""

    async def draw(self, svg: bytes) -> bytes:
        """A PNG of an SVG, its longer side 1600 px, on white. Raises DrawingRefused."""


class PlanPictures(Protocol):
    """Which pictures of floor plans there are; their bytes are objects."""

    async def keep_picture(self, tenant: TenantId, picture: PlanPicture, by: PersonId | None) -> None:
        """Remember a picture; the same again changes nothing."""

    async def picture(self, tenant: TenantId, sha256: str) -> PlanPicture | None:
        """What is known of a picture; None: no such picture of a floor plan was ever taken."""
