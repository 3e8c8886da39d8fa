"""Positions on the ground, each with the reference system it is given in.

China's public maps show GCJ-02 coordinates, which are shifted from WGS-84 by 300 to 700 m in a way that differs from
place to place; phones report either, depending on the app. So a position without its datum is worth little, and
`unknown` is a value of its own: whoever compares must try both.
"""

from math import atan2, cos, pi, radians, sin, sqrt
from typing import Literal

from msgspec import Struct

Datum = Literal["wgs84", "gcj02", "unknown"]

_AXIS_M = 6378245.0
"""Semi-major axis of the Krasovsky 1940 ellipsoid, on which GCJ-02's shift is defined."""
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_EARTH_RADIUS_M = 6371008.8
"""Mean radius (IUGG)."""


class Position(Struct, frozen=True, kw_only=True):
    """A point in degrees, north and east positive."""

    lat: float
    lon: float
    datum: Datum = "wgs84"


def readings(position: Position) -> tuple[Position, ...]:
    """What the position may mean in WGS-84: one point, or two where the datum is unknown."""
    match position.datum:
        case "wgs84":
            return (position,)
        case "gcj02":
            return (gcj02_to_wgs84(position),)
        case "unknown":
            plain = Position(lat=position.lat, lon=position.lon)
            shifted = gcj02_to_wgs84(Position(lat=position.lat, lon=position.lon, datum="gcj02"))
            return (plain,) if plain == shifted else (plain, shifted)


def distances_m(a: Position, b: Position) -> tuple[float, ...]:
    """Every distance that the two may have, shortest first; several only where a datum is unknown.

    Two positions of the same unknown datum are one phone's or one map's: they are read alike.
    """
    if a.datum == "unknown" and b.datum == "unknown":
        alike = zip(readings(a), readings(b), strict=False)
        return tuple(sorted(_haversine_m(x, y) for x, y in alike))
    return tuple(sorted(_haversine_m(x, y) for x in readings(a) for y in readings(b)))


def _haversine_m(a: Position, b: Position) -> float:
    lat_a, lat_b = radians(a.lat), radians(b.lat)
    half_lat, half_lon = (lat_b - lat_a) / 2, radians(b.lon - a.lon) / 2
    square = sin(half_lat) ** 2 + cos(lat_a) * cos(lat_b) * sin(half_lon) ** 2
    return 2 * _EARTH_RADIUS_M * atan2(sqrt(square), sqrt(max(0.0, 1 - square)))


def wgs84_to_gcj02(position: Position) -> Position:
    """The same point as China's public maps give it; outside China the two agree."""
    north, east = _shift(position.lat, position.lon)
    return Position(lat=position.lat + north, lon=position.lon + east, datum="gcj02")


def gcj02_to_wgs84(position: Position) -> Position:
    """The inverse, by fixed-point iteration: the shift changes by less than 1 part in 1000 over its own length."""
    lat, lon = position.lat, position.lon
    for _ in range(6):
        north, east = _shift(lat, lon)
        lat, lon = position.lat - north, position.lon - east
    return Position(lat=lat, lon=lon, datum="wgs84")


def _shift(lat: float, lon: float) -> tuple[float, float]:
    """The shift from WGS-84 to GCJ-02 in degrees (north, east), by the published approximation."""
    if not (72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271):
        return 0.0, 0.0
    x, y = lon - 105.0, lat - 35.0
    wave = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north_m = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + wave
    north_m += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north_m += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east_m = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + wave
    east_m += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east_m += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    curve = 1 - _ECCENTRICITY_SQUARED * sin(radians(lat)) ** 2
    meridian_m = _AXIS_M * (1 - _ECCENTRICITY_SQUARED) / (curve * sqrt(curve))
    parallel_m = _AXIS_M / sqrt(curve) * cos(radians(lat))
    return north_m * 180 / (meridian_m * pi), east_m * 180 / (parallel_m * pi)
