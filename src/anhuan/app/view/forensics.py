"""What photos have in common with earlier ones, field by field. No verdict here decides anything."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True, kw_only=True)
class RepeatView:
    """An earlier picture that a photo repeats (`same`), or may repeat (`cannot_tell`)."""

    verdict: str
    ways: list[str]
    agreeing: float
    exact: bool
    scope: str
    slot: str | None
    at: datetime | None
    case: str | None
    number: str | None
    thumb_url: str | None


@dataclass(slots=True, kw_only=True)
class PhotoFinding:
    """One photo of the case, and the earlier pictures that it repeats."""

    sha256: str
    slot: str
    state: str
    why: str | None
    repeats: list[RepeatView]


@dataclass(slots=True, kw_only=True)
class PlacePair:
    """A photo before and one after a deed: whether they show the same place."""

    duty: int
    before: str
    after: str
    verdict: str
    inliers: int | None
    corners: int | None


@dataclass(slots=True, kw_only=True)
class PhotoFindings:
    """What was found about the photos of a case, as far as it is compared."""

    photos: list[PhotoFinding]
    pairs: list[PlacePair]
    complete: bool
