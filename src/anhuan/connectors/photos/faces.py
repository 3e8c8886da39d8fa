"""Finding faces in a picture and making them unrecognisable. Runs in the inspecting process only.

The detector is CenterFace (Xu et al., 2019; docs/decisions/faces.md), looked at three times: as the picture stands, for
faces down to about a hundredth of its longer side; small, for faces that fill it; and lying on its side, for people who
do. It errs towards blurring: its threshold is low and what it finds is enlarged, since a machine's blurred gauge costs
little and a bystander's face much. What is blurred is averaged to a few patches of colour first; nothing of the face's
own detail is left that could be brought back.
"""

from functools import cache
from importlib.resources import files
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from anhuan.connectors.photos import opencv

Colours = NDArray[np.uint8]
"""Height x width x 3: red, green, blue."""

THRESHOLD = 0.2
_THRESHOLD_MORE = 0.3
"""Of the second and third look, which see most faces again and more that are none."""
_LARGE = 8
"""In the small picture only faces of this part of its longer side count; the first look is surer of the others."""
_OVERLAP = 0.3
"""Boxes that share more than this are one face."""
_SHRINK = 4
"""Of the detector's maps against its input."""
_STEP = 32
"""The input's sides are multiples of it."""
_OUTPUTS = ("537", "538", "539")
"""How sure, how large, where exactly."""
_MARGIN = 0.3
"""Of the box, added on each side: hair, ears and chin."""
_PATCHES = 4
"""Along the longer side of what is blurred."""


class Box(NamedTuple):
    """Where a face is, in pixels."""

    left: float
    top: float
    width: float
    height: float


@cache
def _weights() -> NDArray[np.uint8]:
    path = files("anhuan.connectors.photos").joinpath("weights", "centerface.onnx")
    return np.frombuffer(path.read_bytes(), np.uint8)


def find_faces(colours: Colours) -> list[Box]:
    """Every face in an upright picture, perhaps also what is none. Raises cv2.error, MemoryError."""
    opencv.sit_still()
    height, width = colours.shape[:2]
    lying = np.ascontiguousarray(np.rot90(colours))
    found = _looked(colours, 960, THRESHOLD)
    small = _looked(colours, 320, _THRESHOLD_MORE)
    found += [(box, sure) for box, sure in small if max(box.width, box.height) * _LARGE > max(width, height)]
    # rot90 turns counter-clockwise: what was at the right edge is at the top.
    found += [
        (Box(width - box.top - box.height, box.left, box.height, box.width), sure)
        for box, sure in _looked(lying, 512, _THRESHOLD_MORE)
    ]
    if not found:
        return []
    kept = cv2.dnn.NMSBoxes([tuple(box) for box, _ in found], [sure for _, sure in found], THRESHOLD, _OVERLAP)
    return [found[int(at)][0] for at in np.asarray(kept).ravel()]


def veil(picture: Image.Image) -> tuple[Image.Image, int]:
    """A copy in which no face can be recognised, and how many there were. Raises as find_faces."""
    veiled = picture.copy()
    boxes = find_faces(np.asarray(picture))
    for box in boxes:
        _blur(veiled, box)
    return veiled, len(boxes)


def _looked(colours: Colours, side_px: int, threshold: float) -> list[tuple[Box, float]]:
    """What the detector finds when the longer side is so many pixels, each with how sure it is."""
    height, width = colours.shape[:2]
    scale = side_px / max(height, width)
    rows, columns = (max(_STEP, round(side * scale / _STEP) * _STEP) for side in (height, width))
    net = cv2.dnn.readNetFromONNX(_weights())  # anew: one that has seen another size answers nonsense
    net.setInput(cv2.dnn.blobFromImage(colours, 1.0, (columns, rows)))
    sure, sizes, offsets = (np.asarray(found)[0] for found in net.forward(_OUTPUTS))
    across, down = width / columns * _SHRINK, height / rows * _SHRINK
    boxes = []
    for row, column in np.argwhere(sure[0] > threshold):
        tall, wide = (float(np.exp(size[row, column])) for size in sizes)
        middle_y = row + float(offsets[0, row, column]) + 0.5
        middle_x = column + float(offsets[1, row, column]) + 0.5
        box = Box((middle_x - wide / 2) * across, (middle_y - tall / 2) * down, wide * across, tall * down)
        boxes.append((box, float(sure[0, row, column])))
    return boxes


def _blur(picture: Image.Image, box: Box) -> None:
    """Average the place to a few patches, and soften them."""
    beside, above = box.width * _MARGIN, box.height * _MARGIN
    left, top = max(0, int(box.left - beside)), max(0, int(box.top - above))
    right = min(picture.width, int(box.left + box.width + beside) + 1)
    foot = min(picture.height, int(box.top + box.height + above) + 1)
    if right <= left or foot <= top:
        return
    place = picture.crop((left, top, right, foot))
    patch = max(1, -(-max(place.size) // _PATCHES))
    patches = (max(1, -(-place.width // patch)), max(1, -(-place.height // patch)))
    flat = place.resize(patches, Image.Resampling.BOX).resize(place.size, Image.Resampling.NEAREST)
    picture.paste(flat.filter(ImageFilter.GaussianBlur(patch / 4)), (left, top))
