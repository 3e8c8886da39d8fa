"""C2SP tlog-tiles: how a log lies in files (https://c2sp.org/tlog-tiles).

The tree is cut into tiles of 256 hashes. Level 0 holds leaf hashes; each hash at a higher level is the root of a
full tile below. The entries themselves lie in bundles of 256. The last tile of each level may be partial.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Self

import msgspec

from anhuan.ledger.errors import Code, LedgerError
from anhuan.ledger.merkle import HASH_BYTES, check_size

TILE_WIDTH = 256
TILE_HEIGHT = 8
MAX_LEVEL = 7
"""Level 7 spans 2**64 entries, more than the largest tree."""
ENTRIES = -1
"""The `level` that stands for entry bundles."""
MAX_ENTRY_BYTES = 65_535

ReadFile = Callable[[str], bytes | None]
"""Gives the content of a file by its path in the log, or None when there is none."""
ReadTile = Callable[[int, int], bytes | None]
"""Gives the hashes stored for (level, index), at least as many as asked for, or None when there is none."""

_PATH = re.compile(r"tile/(entries|[0-7])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


class Tile(msgspec.Struct, frozen=True, order=True):
    """The place of one tile or entry bundle.

    Fields:
        level: 0 for leaf hashes, up to 7; `ENTRIES` for an entry bundle.
        index: position within the level, from 0.
        width: hashes or entries in it, 1 to 256; fewer than 256 means partial.
    """

    level: int
    index: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """The file of this tile: `tile/<L>/<N>[.p/<W>]` with N as `x001/x234/067`."""
        digits = str(self.index)
        digits = digits.zfill((len(digits) + 2) // 3 * 3)
        groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
        number = "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])
        level = "entries" if self.level == ENTRIES else str(self.level)
        return f"tile/{level}/{number}" + ("" if self.width == TILE_WIDTH else f".p/{self.width}")

    @classmethod
    def from_path(cls, path: str) -> Self:
        """Reads a path, strictly. Raises `tile_path_malformed`."""
        match = _PATH.fullmatch(path)
        if match is None:
            raise LedgerError(Code.TILE_PATH_MALFORMED, path=path)
        level, number, width = match.groups()
        tile = cls(
            level=ENTRIES if level == "entries" else int(level),
            index=int(number.replace("x", "").replace("/", "")),
            width=int(width) if width else TILE_WIDTH,
        )
        # A path has one spelling: this also refuses `x000/001`, `.p/256` and wider.
        if tile.path != path:
            raise LedgerError(Code.TILE_PATH_MALFORMED, path=path)
        return tile

    @property
    def full(self) -> Self:
        """The full tile at the same place."""
        return type(self)(self.level, self.index)


def row_length(level: int, size: int) -> int:
    """How many hashes a tree of `size` entries has at a tile level (for `ENTRIES`: how many entries)."""
    return size >> (TILE_HEIGHT * max(level, 0))


def edge_tiles(size: int) -> list[Tile]:
    """The partial hash tiles of a tree, highest level first: together they give its root."""
    check_size(size)
    found = []
    for level in range(MAX_LEVEL, -1, -1):
        index, width = divmod(row_length(level, size), TILE_WIDTH)
        if width:
            found.append(Tile(level, index, width))
    return found


def layout(size: int, since: int = 0) -> Iterator[Tile]:
    """Every tile and bundle that a tree of `size` has and that a tree of `since` had not, or had narrower."""
    check_size(size)
    for level in range(ENTRIES, MAX_LEVEL + 1):
        first, length = row_length(level, since), row_length(level, size)
        if first == length:
            continue
        for index in range(first // TILE_WIDTH, -(-length // TILE_WIDTH)):
            yield Tile(level, index, min(TILE_WIDTH, length - index * TILE_WIDTH))


def split_hashes(tile: Tile, stored: bytes) -> list[bytes]:
    """The hashes of a stored tile. Raises `tile_malformed` unless there are exactly `tile.width`."""
    if len(stored) != tile.width * HASH_BYTES:
        raise LedgerError(Code.TILE_MALFORMED, path=tile.path, expected=tile.width * HASH_BYTES, found=len(stored))
    return [stored[i : i + HASH_BYTES] for i in range(0, len(stored), HASH_BYTES)]


def make_bundle(entries: Iterable[bytes]) -> bytes:
    """An entry bundle: each entry after its length in two bytes, big-endian. Raises `entry_too_large`."""
    parts = []
    for entry in entries:
        if len(entry) > MAX_ENTRY_BYTES:
            raise LedgerError(Code.ENTRY_TOO_LARGE, length=len(entry), largest=MAX_ENTRY_BYTES)
        parts += [len(entry).to_bytes(2, "big"), entry]
    return b"".join(parts)


def split_bundle(stored: bytes) -> list[bytes]:
    """The entries of a bundle, however many. Raises `bundle_malformed` when its last length runs past the end."""
    entries: list[bytes] = []
    at = 0
    while at < len(stored):
        start = at + 2
        end = start + int.from_bytes(stored[at:start], "big")
        if end > len(stored) or start > len(stored):
            raise LedgerError(Code.BUNDLE_MALFORMED, position=len(entries), length=len(stored))
        entries.append(stored[start:end])
        at = end
    return entries


def read_wide(read: ReadFile, tile: Tile) -> tuple[Tile, bytes] | None:
    """The file of a tile and its place; for a partial tile that is gone, the full tile that replaced it.

    A log may delete a partial tile once the full one exists (tlog-tiles, "Partial Tiles").
    """
    stored = read(tile.path)
    if stored is not None:
        return tile, stored
    wide = read(tile.full.path) if tile.width < TILE_WIDTH else None
    return None if wide is None else (tile.full, wide)


def tiles_in_files(read: ReadFile, size: int) -> ReadTile:
    """Reads the hash tiles of a tree of `size` from files, for making proofs."""

    def read_tile(level: int, index: int) -> bytes | None:
        width = min(TILE_WIDTH, row_length(level, size) - index * TILE_WIDTH)
        if width < 1:
            return None
        found = read_wide(read, Tile(level, index, width))
        return None if found is None else found[1]

    return read_tile
