"""Fingerprints of a picture, by which the same one is found again: re-saved, mirrored, cut, or without its watermark.

Two kinds, for two ways of hiding. The *hashes* look at the whole frame: dHash is which of two neighbours is brighter on
a 9 x 8 grid, pHash the signs of the 64 slowest cosines of 32 x 32; re-saving, scaling and brightness leave them alone.
The *words* look at spots: the strongest corners, spread over the picture, each described by ORB and cut to WORD_BITS
of its 256 bits. A crop, a bar or a painted-over corner leaves most words as they were. Neither proves anything: both
only say which pictures are worth comparing (alike.py).
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from anhuan.connectors.photos import opencv
from anhuan.ports.photos import WORD_BITS, FrameHashes, Prints

Grey = NDArray[np.uint8]
"""Height x width, brightness."""

SIDE_PX = 640
"""The longest side of what is looked at."""
WORDS_MAX = 64
_PER_CELL = 4
_CELLS = 8
_BITS = np.random.default_rng(20261124).choice(256, WORD_BITS, replace=False)
"""Which bits of a descriptor make its word; drawn once and for all, for stored words hang on it."""
_BAR_SHARE = 8
"""A watermark lies in the lowest eighth."""


def prints_of(grey: Grey) -> Prints:
    """The fingerprints of an upright picture whose longest side is SIDE_PX or less."""
    opencv.sit_still()
    barless = without_bar(grey)
    return Prints(
        plain=frame_hashes(grey),
        mirrored=frame_hashes(_flipped(grey)),
        barless=frame_hashes(barless),
        barless_mirrored=frame_hashes(_flipped(barless)),
        words=words_of(grey),
        mirrored_words=words_of(_flipped(grey)),
    )


def frame_hashes(grey: Grey) -> FrameHashes:
    """Both hashes of a whole frame, each as 64 bits."""
    small = cv2.resize(grey, (9, 8), interpolation=cv2.INTER_AREA).astype(np.int16)
    waves = cv2.dct(cv2.resize(grey, (32, 32), interpolation=cv2.INTER_AREA).astype(np.float32))[:8, :8]
    return FrameHashes(dhash=_packed(small[:, 1:] > small[:, :-1]), phash=_packed(waves > np.median(waves)))


def words_of(grey: Grey) -> tuple[int, ...]:
    """At most WORDS_MAX words, ascending; none of a picture without corners."""
    soft = cv2.GaussianBlur(_enlarged(grey), (0, 0), 1.0)
    orb = cv2.ORB.create(nfeatures=1000, fastThreshold=10)
    spread = _spread(orb.detect(soft), soft.shape[1], soft.shape[0])
    _, found = orb.compute(soft, spread)
    if not spread or found is None:
        return ()
    bits = np.unpackbits(np.asarray(found, np.uint8), axis=1)[:, _BITS].astype(np.int64)
    return tuple(sorted({int(word) for word in bits @ (1 << np.arange(WORD_BITS, dtype=np.int64))}))


def without_bar(grey: Grey) -> Grey:
    """The picture without its lowest eighth.

    A bar drawn over the picture lies in it. One that was added below is about as high, and what is left is then nearly
    the whole picture as it was: so hashes with and without the bar are looked up among both.
    """
    return grey[: grey.shape[0] - grey.shape[0] // _BAR_SHARE]


def _enlarged(grey: Grey) -> Grey:
    """A cut-out is smaller than what it was cut from; both are looked at in one size."""
    scale = SIDE_PX / max(grey.shape)
    if scale <= 1:
        return grey
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR), np.uint8)


def _spread(corners: Sequence[cv2.KeyPoint], width: int, height: int) -> list[cv2.KeyPoint]:
    """The strongest corners, no more than a few of any part of the picture."""
    taken: dict[tuple[int, int], int] = {}
    spread: list[cv2.KeyPoint] = []
    cell_px = max(width, height) / _CELLS
    for corner in sorted(corners, key=lambda corner: (-corner.response, corner.pt)):
        cell = (int(corner.pt[0] // cell_px), int(corner.pt[1] // cell_px))
        if taken.get(cell, 0) < _PER_CELL:
            taken[cell] = taken.get(cell, 0) + 1
            spread.append(corner)
            if len(spread) == WORDS_MAX:
                break
    return spread


def _flipped(grey: Grey) -> Grey:
    return np.ascontiguousarray(grey[:, ::-1])


def _packed(bits: NDArray[np.bool_]) -> int:
    return int.from_bytes(np.packbits(bits).tobytes(), "big")
