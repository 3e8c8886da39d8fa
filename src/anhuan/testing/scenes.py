"""Pictures of plants that never were: drawn walls, floors and machines in depth, photographed again and again.

A scene is a handful of textured planes in metres before a camera, so two shots of it differ as two photos of one place
do: by parallax, tilt, light, exposure, grain and what was moved or repaired meanwhile. Everything follows from seeds.
"""

import cv2
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""Height x width x 3, blue first, as OpenCV has it."""

WIDTH_PX, HEIGHT_PX = 960, 720
_FOCAL_PX = 790.0
_WORDS = ("P-1601", "380V", "DANGER", "EXIT", "M12", "No.7", "STOP", "OIL", "2026", "CHECK", "KEEP CLEAR", "A3-04")


class Plane(Struct, frozen=True):
    """A flat thing: its corners in metres (x right, y down, z ahead), clockwise from upper left, and what is on it."""

    corners: NDArray[np.float64]
    texture: Picture


class Scene(Struct, frozen=True):
    """A place. `parts` are what may be moved, changed or repaired."""

    walls: tuple[Plane, ...]
    parts: tuple[Plane, ...]


class Shot(Struct, frozen=True, kw_only=True):
    """How a photo of a scene is taken."""

    seed: int = 0
    """Of grain and of the hand's tremor."""
    step_m: float = 0.0
    """How far the photographer stands beside the first place."""
    turn_deg: float = 0.0
    zoom: float = 1.0
    """A longer lens; 4 is a close-up."""
    light: float = 1.0
    gamma: float = 1.0
    grain: float = 4.0
    changed: int = 0
    """So many parts look otherwise than they did."""


def scene(seed: int) -> Scene:
    """A place of its own."""
    rng = np.random.default_rng(seed)
    depth = float(rng.uniform(4.0, 7.0))
    walls = (
        Plane(_upright(-7, -4, 7, 1.5, depth), _texture(rng, 1024, 640)),
        Plane(_lying(-7, 7, 1.5, 2.0, depth), _texture(rng, 1024, 512)),
    )
    parts = []
    for _ in range(int(rng.integers(8, 13))):
        x, z = float(rng.uniform(-2.6, 2.2)), float(rng.uniform(2.2, depth - 0.3))
        wide, high = float(rng.uniform(0.4, 1.3)), float(rng.uniform(0.4, 1.5))
        foot = float(rng.uniform(-0.4, 1.5))
        parts.append(Plane(_upright(x, foot - high, x + wide, foot, z), _texture(rng, 320, 320)))
    parts.sort(key=lambda part: -float(part.corners[0, 2]))
    return Scene(walls, tuple(parts))


def photo(place: Scene, shot: Shot) -> Picture:
    """The scene as one photo shows it."""
    rng = np.random.default_rng(shot.seed)
    turn = np.deg2rad(shot.turn_deg + rng.normal(0, 0.3 if shot.step_m else 0.0))
    roll = np.deg2rad(rng.normal(0, 1.0 if shot.step_m else 0.0))
    spin = np.array([[np.cos(turn), 0, -np.sin(turn)], [0, 1, 0], [np.sin(turn), 0, np.cos(turn)]])
    lean = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    eye = np.array([shot.step_m, -0.2 * shot.step_m * rng.normal(), 0.1 * shot.step_m * rng.normal()])
    canvas = np.full((HEIGHT_PX, WIDTH_PX, 3), 40, np.uint8)
    for plane in (*place.walls, *_parts(place, shot.changed)):
        _lay(canvas, plane, (plane.corners - eye) @ spin.T @ lean.T, _FOCAL_PX * shot.zoom)
    return _exposed(canvas, shot, rng)


def _parts(place: Scene, changed: int) -> list[Plane]:
    """The parts, some of them with another face: repaired, covered, painted."""
    first = len(place.parts) - changed
    again = np.random.default_rng(len(place.parts) + changed)
    return [
        part if number < first else Plane(part.corners, _texture(again, 320, 320))
        for number, part in enumerate(place.parts)
    ]


def _lay(canvas: Picture, plane: Plane, corners: NDArray[np.float64], focal_px: float) -> None:
    if float(corners[:, 2].min()) < 0.1:
        return
    seen = corners[:, :2] / corners[:, 2:] * focal_px + (WIDTH_PX / 2, HEIGHT_PX / 2)
    high, wide = plane.texture.shape[:2]
    flat = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    onto = cv2.getPerspectiveTransform(flat, seen.astype(np.float32))
    size = (WIDTH_PX, HEIGHT_PX)
    laid = cv2.warpPerspective(plane.texture, onto, size, flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.full((high, wide), 255, np.uint8), onto, size)
    canvas[mask > 127] = laid[mask > 127]


def _exposed(canvas: Picture, shot: Shot, rng: np.random.Generator) -> Picture:
    """Light from one side, an exposure, the lens's falling off, and the sensor's grain."""
    across = np.linspace(1.0 - 0.25 * abs(1 - shot.light), 1.0 + 0.25 * abs(1 - shot.light), WIDTH_PX)
    lit = (canvas.astype(np.float32) / 255 * across[None, :, None].astype(np.float32)) ** shot.gamma * shot.light
    grain = rng.normal(0, shot.grain, (HEIGHT_PX, WIDTH_PX, 1)).astype(np.float32)
    exposed: Picture = np.clip(cv2.GaussianBlur(lit * 255, (0, 0), 0.8) + grain, 0, 255).astype(np.uint8)
    return exposed


def _upright(left: float, top: float, right: float, foot: float, z: float) -> NDArray[np.float64]:
    return np.array([[left, top, z], [right, top, z], [right, foot, z], [left, foot, z]])


def _lying(left: float, right: float, y: float, near: float, far: float) -> NDArray[np.float64]:
    return np.array([[left, y, far], [right, y, far], [right, y, near], [left, y, near]])


def _texture(rng: np.random.Generator, wide: int, high: int) -> Picture:
    """Paint, dirt, seams, bolts, gauges and words, as they come."""
    paint = int(rng.integers(60, 200)) + rng.normal(0, 14, 3)
    dirt = cv2.resize(rng.normal(0, 1, (high // 40, wide // 40, 1)), (wide, high), interpolation=cv2.INTER_CUBIC)[
        ..., None
    ]
    dust = cv2.resize(rng.normal(0, 1, (high // 4, wide // 4, 1)), (wide, high))[..., None]
    face: Picture = np.clip(paint + 14 * dirt + 7 * dust, 0, 255).astype(np.uint8)
    for _ in range(wide * high // 9000):
        colour = tuple(int(part) for part in rng.integers(0, 255, 3))
        x, y = int(rng.integers(0, wide)), int(rng.integers(0, high))
        size = int(rng.integers(8, 60))
        match int(rng.integers(0, 5)):
            case 0:
                cv2.rectangle(
                    face, (x, y), (x + size, y + int(rng.integers(6, 60))), colour, int(rng.choice([-1, 2, 3]))
                )
            case 1:
                cv2.circle(face, (x, y), size // 2, colour, int(rng.choice([-1, 2])))
                cv2.line(face, (x, y), (x + size // 3, y - size // 3), (20, 20, 20), 2)
            case 2:
                far = (x + int(rng.normal(0, 120)), y + int(rng.normal(0, 40)))
                cv2.line(face, (x, y), far, colour, int(rng.integers(1, 6)))
            case 3:
                word = str(rng.choice(_WORDS))
                cv2.putText(face, word, (x, y), cv2.FONT_HERSHEY_SIMPLEX, float(rng.uniform(0.5, 1.3)), colour, 2)
            case _:
                for step in range(0, size * 2, 9):
                    cv2.line(face, (x + step, y), (x + step, y + size), colour, 2)
    return face
