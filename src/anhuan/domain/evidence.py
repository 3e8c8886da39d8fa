"""Evidence: something stored byte for byte, and what is claimed about it.

The bytes are known by their SHA-256 and never change. Everything else but `received_at` and the size is a *claim*: a
device's clock may be wrong, a place may be made up. Claims are kept as they came, with their source, and are only ever
compared (core/proof.py), never corrected in place.
"""

from datetime import datetime
from typing import Annotated, Literal, NewType

from msgspec import Meta, Struct

from anhuan.domain.ids import EquipmentId, PersonId
from anhuan.domain.position import Datum, Position

Instant = Annotated[datetime, Meta(tz=True)]
"""A moment that knows its zone; one without is refused when it is read in."""

Sha256 = NewType("Sha256", str)
"""64 lower-case hex digits: the name of stored bytes."""

EvidenceKind = Literal["photo", "scan", "signature", "document"]
"""A photo is decoded and served with a watermark; a scan is a signed paper; a document is handed out as it came."""


class QrScan(Struct, frozen=True, kw_only=True):
    """The QR plate of a piece of equipment was read: the first proof of place."""

    equipment: EquipmentId
    scanned_at: Instant | None = None
    """By the device's clock."""


class GpsFix(Struct, frozen=True, kw_only=True, tag="gps"):
    """What the device says its position was."""

    lat: Annotated[float, Meta(ge=-90, le=90)]
    lon: Annotated[float, Meta(ge=-180, le=180)]
    accuracy_m: Annotated[float, Meta(ge=0, le=1e7)] | None = None
    """Radius within which the device is 68 % sure; None: not said."""
    datum: Datum = "unknown"

    @property
    def position(self) -> Position:
        """The point alone."""
        return Position(lat=self.lat, lon=self.lon, datum=self.datum)


class NoFix(Struct, frozen=True, kw_only=True, tag="no_fix"):
    """The device had no position, as is usual in a steel hall. No blemish."""


class NotPermitted(Struct, frozen=True, kw_only=True, tag="not_permitted"):
    """Position or photo may not be recorded at the place itself (explosive area). No blemish."""


class PlaceProof(Struct, frozen=True, kw_only=True):
    """Where something was recorded: a scanned plate if there was one, and what the device said of its position."""

    scan: QrScan | None = None
    fix: GpsFix | NoFix | NotPermitted = NoFix()


class ExifClaims(Struct, frozen=True, kw_only=True):
    """What a picture file says about itself; anybody can write it with free tools."""

    taken_local: str | None = None
    """Camera time as `YYYY-MM-DDTHH:MM:SS`, without a zone."""
    utc_offset_minutes: int | None = None
    """Of `taken_local`, where the camera wrote it."""
    gps: GpsFix | None = None
    camera: str | None = None
    """Make and model."""
    software: str | None = None
    """The program that wrote the file: an editor's name here is worth a look."""


class Evidence(Struct, frozen=True, kw_only=True):
    """One piece of evidence as a case keeps it."""

    sha256: Sha256
    """Of the original bytes."""
    kind: EvidenceKind
    media_type: str
    """As found in the bytes, not as the sender said."""
    size_bytes: int
    received_at: Instant
    """By our clock: the only time here that is not a claim."""
    captured_at: Instant | None = None
    """By the device's clock."""
    sent_at: Instant | None = None
    """What the device's clock showed when it sent; with `received_at` it measures the clock's drift."""
    captured_where: PlaceProof = PlaceProof()
    device: str | None = None
    captured_by: PersonId | None = None
    file_name: str | None = None
    width_px: int | None = None
    """As shown, after the camera's rotation."""
    height_px: int | None = None
    exif: ExifClaims | None = None
