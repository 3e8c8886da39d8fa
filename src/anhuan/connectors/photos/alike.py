"""Two pictures compared: is one the other again, and do they show the same place?

Corners found in both (ORB) are matched, and those kept that one homography explains (MAGSAC). That many of them is what
two photos of one place have in common. A copy has more: laid upon each other, the two agree spot by spot, the one fits
into the other without any turn or tilt, and even the sensor's grain is the same. A photo taken again from the same
hand has moved a little, and the depth of what it shows gives that away.

The thresholds were set on drawn scenes and a few free photos; `bench/forensics.py` measures them on others. Whatever
lies between "surely" and "surely not" is `cannot_tell`, and no verdict decides anything by itself.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from anhuan.connectors.photos import opencv
from anhuan.ports.photos import Likeness, SameOrNot, Way

Grey = NDArray[np.uint8]
"""Height x width, brightness."""
Matrix = NDArray[np.float64]

DETAIL_PX = 1600
"""The longest side of what is handed in."""
SIDE_PX = 800
"""The longest side of what is looked at, but for close-ups."""
PLACE_INLIERS_MIN = 20
"""So many corners in common are one place."""
PLACE_INLIERS_NONE = 7
"""Two places that have nothing to do with each other reach this by chance."""
_RICH = 400
"""A picture with fewer corners than this says little by not matching."""
_COPY_INLIERS_MIN = 30
_TURN_DEG_MAX = 0.3
_TILT_MAX = 0.03
_AGREES = 0.8
"""How well a spot must correlate to be the same spot again."""
_COPY_AGREEING = 0.95
_MAYBE_AGREEING = 0.6
_FOOT = 0.8
"""What lies below this share of the height may be a watermark and is not looked at."""
_LAID_PX = 400
_SPOT_PX = 25
_SPOT_STD_MIN = 6.0
_SPOTS_MIN = 12
_GRAIN_STD_MIN = 1.8
_GRAIN_SHARED = 0.35


class _Corners(NamedTuple):
    at: NDArray[np.float32]
    described: NDArray[np.uint8]


class _Fit(NamedTuple):
    """How the one picture lies upon the other."""

    inliers: int
    onto: Matrix
    one: Grey
    mirrored: bool


class _Agreement(NamedTuple):
    share: float
    """Of the spots, how many are the same again."""
    spots: int
    overlap: float
    """Of the other picture, how much the one covers."""


_NO_CORNERS = _Corners(np.zeros((0, 2), np.float32), np.zeros((0, 32), np.uint8))


def compare(one: Grey, other: Grey) -> Likeness:
    """Compare two upright pictures whose longest side is DETAIL_PX or less. Symmetric but for chance."""
    opencv.sit_still()
    first, second = _sized(one), _sized(other)
    first_corners, second_corners = _corners(first), _corners(second)
    straight = _fit(first, first_corners, second_corners, mirrored=False)
    flipped = np.ascontiguousarray(first[:, ::-1])
    turned_over = _fit(flipped, _corners(flipped), second_corners, mirrored=True)
    best = max((fit for fit in (straight, turned_over) if fit), key=lambda fit: fit.inliers, default=None)
    reuse, ways, agreement = _reuse(first, second, best)
    corners = min(len(first_corners.at), len(second_corners.at))
    inliers = straight.inliers if straight else 0
    if inliers < PLACE_INLIERS_MIN and corners >= _RICH and reuse == "different":
        inliers = max(inliers, _closer(one, second_corners), _closer(other, first_corners))
    return Likeness(
        reuse=reuse,
        ways=ways,
        agreeing=round(agreement.share, 3),
        overlap=round(agreement.overlap, 3),
        place=_place(inliers, corners) if reuse == "different" or inliers >= PLACE_INLIERS_MIN else "cannot_tell",
        inliers=inliers,
        corners=corners,
    )


def _place(inliers: int, corners: int) -> SameOrNot:
    if inliers >= PLACE_INLIERS_MIN:
        return "same"
    return "different" if inliers <= PLACE_INLIERS_NONE and corners >= _RICH else "cannot_tell"


def _closer(whole: Grey, corners: _Corners) -> int:
    """Corners in common with a part of the picture, looked at more closely: the other may be a close-up of it."""
    height, width = (side // 2 for side in whole.shape)
    parts = (
        whole[top : top + height, left : left + width]
        for top in (0, height // 2, height)
        for left in (0, width // 2, width)
    )
    fits = (_fit(part, _corners(_sized(part)), corners, mirrored=False) for part in parts)
    return max((fit.inliers for fit in fits if fit), default=0)


def _reuse(first: Grey, second: Grey, fit: _Fit | None) -> tuple[SameOrNot, tuple[Way, ...], _Agreement]:
    """Is the one the other again? Where corners are too few to say how, the whole frames are laid on each other."""
    if fit is None or fit.inliers < _COPY_INLIERS_MIN:
        return _whole_frames(first, second)
    agreement = _agreement(fit.one, second, fit.onto)
    if agreement.spots and agreement.share < _MAYBE_AGREEING:
        return "different", (), agreement
    agrees = agreement.spots >= _SPOTS_MIN and agreement.share >= _COPY_AGREEING
    is_sure = agrees and _is_exact(fit.onto) and not _grain_differs(fit, second)
    return ("same" if is_sure else "cannot_tell"), _ways(fit, second, agreement), agreement


def _whole_frames(first: Grey, second: Grey) -> tuple[SameOrNot, tuple[Way, ...], _Agreement]:
    """Plain and mirrored in one frame; what has so little in it is never surely the same."""
    scale = np.diag([second.shape[1] / first.shape[1], second.shape[0] / first.shape[0], 1.0])
    ways: tuple[tuple[Grey, tuple[Way, ...]], ...] = (
        (first, ()),
        (np.ascontiguousarray(first[:, ::-1]), ("mirrored",)),
    )
    found = [(_agreement(grey, second, scale, std_min=1.5), way) for grey, way in ways]
    agreement, way = max(found, key=lambda one: one[0].share)
    if agreement.spots >= _SPOTS_MIN and agreement.share >= _COPY_AGREEING:
        return "cannot_tell", way, agreement
    return "different", (), agreement


def _ways(fit: _Fit, second: Grey, agreement: _Agreement) -> tuple[Way, ...]:
    """How the one was made of the other, as far as it shows."""
    ways: list[Way] = []
    if fit.mirrored:
        ways.append("mirrored")
    if abs(_turn_deg(fit.onto)) > 45:
        ways.append("turned")
    back = _agreement(second, fit.one, np.asarray(np.linalg.inv(fit.onto), np.float64))
    if min(agreement.overlap, back.overlap) < 0.93:
        ways.append("cropped")
    return tuple(ways)


# --- corners


def _sized(grey: Grey) -> Grey:
    """With SIDE_PX for its longest side; a small copy is looked at in the size of what it was made of."""
    scale = SIDE_PX / max(grey.shape)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return grey if scale == 1 else np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=way), np.uint8)


def _corners(grey: Grey) -> _Corners:
    orb = cv2.ORB.create(nfeatures=1500, fastThreshold=8)
    at, described = orb.detectAndCompute(cv2.GaussianBlur(grey, (0, 0), 0.8), None)
    if not at or described is None:
        return _NO_CORNERS
    return _Corners(np.array([corner.pt for corner in at], np.float32), np.asarray(described, np.uint8))


def _fit(one: Grey, mine: _Corners, theirs: _Corners, *, mirrored: bool) -> _Fit | None:
    """The homography that explains most matches; None: too few match."""
    pairs = _matches(mine, theirs)
    if len(pairs) < 8:
        return None
    here, there = mine.at[[pair[0] for pair in pairs]], theirs.at[[pair[1] for pair in pairs]]
    onto, kept = cv2.findHomography(
        here, there, cv2.USAC_MAGSAC, ransacReprojThreshold=3.0, maxIters=2000, confidence=0.999
    )
    if onto is None or not np.isfinite(onto).all() or abs(np.linalg.det(onto[:2, :2])) < 1e-3:
        return None
    return _Fit(int(np.count_nonzero(kept)), np.asarray(onto, np.float64) / onto[2, 2], one, mirrored)


def _matches(mine: _Corners, theirs: _Corners) -> list[tuple[int, int]]:
    """Pairs that are clearly each other's nearest, each corner of the other picture once."""
    if len(mine.at) < 2 or len(theirs.at) < 2:
        return []
    nearest: dict[int, tuple[float, int]] = {}
    for found in cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(mine.described, theirs.described, k=2):
        if len(found) == 2 and found[0].distance < 0.8 * found[1].distance:
            match = found[0]
            if match.trainIdx not in nearest or nearest[match.trainIdx][0] > match.distance:
                nearest[match.trainIdx] = (match.distance, match.queryIdx)
    return [(query, train) for train, (_, query) in sorted(nearest.items())]


# --- laid upon each other


def _agreement(one: Grey, other: Grey, onto: Matrix, *, std_min: float = _SPOT_STD_MIN) -> _Agreement:
    """Spot by spot, small: how many correlate, of those that show anything, above both feet."""
    scale = _LAID_PX / max(other.shape)
    size = (max(1, round(other.shape[1] * scale)), max(1, round(other.shape[0] * scale)))
    laid_onto = np.diag([scale, scale, 1.0]) @ onto
    shrink = float(np.sqrt(abs(np.linalg.det(laid_onto[:2, :2]))))
    soft = cv2.GaussianBlur(one, (0, 0), 0.5 / shrink) if 0.05 < shrink < 1 else one
    laid = cv2.warpPerspective(soft, laid_onto, size)
    whole = cv2.warpPerspective(np.full(one.shape, 255, np.uint8), laid_onto, size)
    above = np.full(one.shape, 255, np.uint8)
    above[round(one.shape[0] * _FOOT) :] = 0
    looked_at = cv2.warpPerspective(above, laid_onto, size)
    under = cv2.resize(other, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    alike = spots = 0
    for top in range(0, round(size[1] * _FOOT) - _SPOT_PX + 1, _SPOT_PX):
        for left in range(0, size[0] - _SPOT_PX + 1, _SPOT_PX):
            spot = (slice(top, top + _SPOT_PX), slice(left, left + _SPOT_PX))
            if int(looked_at[spot].min()) == 255:
                std, correlated = _correlation(laid[spot].astype(np.float32), under[spot].astype(np.float32))
                if std >= std_min:
                    spots += 1
                    alike += correlated >= _AGREES
    overlap = float(np.count_nonzero(whole == 255)) / whole.size
    return _Agreement(alike / spots if spots else 0.0, spots, overlap)


def _correlation(mine: NDArray[np.float32], theirs: NDArray[np.float32]) -> tuple[float, float]:
    """The smaller deviation of the two, and their correlation."""
    deviations = float(mine.std()), float(theirs.std())
    shared = float(((mine - mine.mean()) * (theirs - theirs.mean())).mean())
    return min(deviations), shared / (deviations[0] * deviations[1] + 1e-6)


def _is_exact(onto: Matrix) -> bool:
    """Whether the one is only scaled, cut or turned by quarters; a hand never holds a camera twice so straight."""
    return (
        abs((_turn_deg(onto) + 45) % 90 - 45) <= _TURN_DEG_MAX and float(np.hypot(*onto[2, :2])) * SIDE_PX <= _TILT_MAX
    )


def _turn_deg(onto: Matrix) -> float:
    return float(np.degrees(np.arctan2(onto[1, 0], onto[0, 0])))


def _grain_differs(fit: _Fit, other: Grey) -> bool:
    """Both have grain, and not the same: two exposures. A copy that lost its grain says nothing."""
    size = (other.shape[1], other.shape[0])
    laid = _grain(np.asarray(cv2.warpPerspective(fit.one, fit.onto, size, flags=cv2.INTER_CUBIC), np.uint8))
    whole = cv2.warpPerspective(np.full(fit.one.shape, 255, np.uint8), fit.onto, size)
    own, spot_px = _grain(other), 32
    spots = [
        _correlation(laid[spot], own[spot])
        for top in range(0, round(size[1] * _FOOT) - spot_px + 1, spot_px)
        for left in range(0, size[0] - spot_px + 1, spot_px)
        for spot in ((slice(top, top + spot_px), slice(left, left + spot_px)),)
        if int(whole[spot].min()) == 255
    ]
    flattest = np.array(sorted(spots)[: max(10, len(spots) // 5)] or [(0.0, 0.0)])
    std, correlated = np.median(flattest, axis=0)
    return bool(std >= _GRAIN_STD_MIN and correlated < _GRAIN_SHARED)


def _grain(grey: Grey) -> NDArray[np.float32]:
    plain = grey.astype(np.float32)
    return np.asarray(plain - cv2.GaussianBlur(plain, (0, 0), 1.5), np.float32)
