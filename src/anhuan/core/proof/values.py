"""What a comparison of photos is asked, and what it answers."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from msgspec import Struct

from anhuan.domain.ids import EquipmentId
from anhuan.domain.position import Position

Verdict = Literal["pass", "cannot_tell", "fail"]
SEVERITY: tuple[Verdict, ...] = ("pass", "cannot_tell", "fail")
"""Best first."""


class ProofLimits(Struct, frozen=True, kw_only=True):
    """How near is near, and how late is late."""

    near_m: float = 50.0
    """Within this of the equipment (or of each other) counts as there."""
    coarse_m: float = 100.0
    """A fix less sure than this says nothing."""
    disagree_m: float = 1000.0
    """A fix this far from a scanned plate contradicts the scan; less is a hall's reflections."""
    unsaid_accuracy_m: float = 50.0
    """Taken for a fix that does not say how sure it is."""
    drift_minutes: float = 5.0
    """A clock off by more is named."""
    slack_minutes: float = 2.0
    """How well a measured drift is known (transfer time)."""
    unchecked_minutes: float = 60.0
    """How far an unmeasured clock may be off."""
    exif_minutes: float = 10.0
    """File time and shutter time may differ by this."""
    scan_minutes: float = 15.0
    """The plate is read at most this long before or after the photo."""


class Subject(Struct, frozen=True, kw_only=True):
    """What the photos should show."""

    equipment: EquipmentId | None = None
    position: Position | None = None
    """Where the equipment, or else its area, is on record."""
    found_at: datetime | None = None
    """The after photo must not be older."""
    recording_permitted: bool | None = None
    """Whether photos and positions may be recorded there; None: not on record."""


class Remark(Struct, frozen=True, kw_only=True):
    """One thing that was compared. Carries no person and no device, so that a blind copy may show it."""

    code: str
    verdict: Verdict | None = None
    """None: said, not counted."""
    params: dict[str, str | int] = {}
    """For the text: `photo` and `other` are content hashes, lengths in m, times in minutes."""


class Comparison(Struct, frozen=True, kw_only=True):
    """The outcome: the worst of all counted remarks, and of those on time and place alone."""

    verdict: Verdict
    time_verdict: Verdict
    place_verdict: Verdict | None
    """None: the photos say nothing about the place, and need not."""
    remarks: tuple[Remark, ...]


def said(code: str, **params: str | int) -> Remark:
    """A remark that is shown and not counted."""
    return Remark(code=code, params=params)


def counted(code: str, verdict: Verdict, **params: str | int) -> Remark:
    """A remark that the outcome depends on."""
    return Remark(code=code, verdict=verdict, params=params)


def worst(remarks: Iterable[Remark]) -> Verdict | None:
    """The worst of what is counted; None: nothing is."""
    counted = [remark.verdict for remark in remarks if remark.verdict is not None]
    return max(counted, key=SEVERITY.index, default=None)
