"""What a picture's EXIF says of time, place and camera, read as claims (EXIF 2.32, CIPA DC-008).

A tag that makes no sense is left out. Text is cut to a length and freed of control characters,
for it is shown to people.
"""

import re
from datetime import datetime
from math import isfinite

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from anhuan.domain.evidence import ExifClaims, GpsFix
from anhuan.domain.position import Datum

TEXT_MAX = 80
_TIME = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)")
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")


def exif_claims(exif: Image.Exif) -> ExifClaims | None:
    """The claims, or None where there are none."""
    details, gps = exif.get_ifd(IFD.Exif), exif.get_ifd(IFD.GPSInfo)
    camera = " ".join(part for part in (_text(exif.get(Base.Make)), _text(exif.get(Base.Model))) if part)
    claims = ExifClaims(
        taken_local=_local_time(details.get(Base.DateTimeOriginal) or exif.get(Base.DateTime)),
        utc_offset_minutes=_offset_minutes(details.get(Base.OffsetTimeOriginal)),
        gps=_fix(gps),
        camera=camera or None,
        software=_text(exif.get(Base.Software)) or None,
    )
    return None if claims == ExifClaims() else claims


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return ""
    return "".join(c for c in value if c.isprintable()).strip()[:TEXT_MAX]


def _local_time(value: object) -> str | None:
    found = _TIME.fullmatch(_text(value))
    try:
        return datetime.fromisoformat("{}-{}-{}T{}".format(*found.groups())).isoformat() if found else None
    except ValueError:
        return None


def _offset_minutes(value: object) -> int | None:
    found = _OFFSET.fullmatch(_text(value))
    if found is None:
        return None
    minutes = int(found[2]) * 60 + int(found[3])
    return (-minutes if found[1] == "-" else minutes) if minutes <= 14 * 60 else None


def _fix(gps: dict[int, object]) -> GpsFix | None:
    lat = _degrees(gps.get(GPS.GPSLatitude), gps.get(GPS.GPSLatitudeRef), "S", 90)
    lon = _degrees(gps.get(GPS.GPSLongitude), gps.get(GPS.GPSLongitudeRef), "W", 180)
    if lat is None or lon is None or (lat == 0 and lon == 0):
        return None
    error_m = _number(gps.get(GPS.GPSHPositioningError))
    return GpsFix(
        lat=lat,
        lon=lon,
        accuracy_m=error_m if error_m is not None and 0 <= error_m <= 1e7 else None,
        datum=_datum(_text(gps.get(GPS.GPSMapDatum))),
    )


def _datum(name: str) -> Datum:
    plain = re.sub(r"[^A-Z0-9]", "", name.upper())
    if plain.startswith("WGS84"):
        return "wgs84"
    # EXIF means WGS-84, but Chinese camera apps write GCJ-02 without a word: a missing name says nothing.
    return "gcj02" if plain.startswith("GCJ02") else "unknown"


def _degrees(value: object, reference: object, negative: str, limit: int) -> float | None:
    if not isinstance(value, tuple) or len(value) != 3:
        return None
    parts = [_number(part) for part in value]
    if any(part is None or part < 0 for part in parts):
        return None
    degrees = sum(part / unit for part, unit in zip(parts, (1, 60, 3600), strict=True) if part is not None)
    signed = -degrees if _text(reference).upper() == negative else degrees
    return signed if abs(signed) <= limit else None


def _number(value: object) -> float | None:
    try:
        number = float(value)  # type: ignore[arg-type]  # IFDRational, int, or whatever the file holds
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return number if isfinite(number) else None
