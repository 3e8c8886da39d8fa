"""Append a batch of entries to a log, given nothing but its edge.

The cost is that of the batch: no old entry, tile or bundle is read. What comes back are *pieces*, the bytes to put
after what is stored for a tile, so that a database keeps one row per tile that only grows:

    INSERT INTO tile ... ON CONFLICT ... DO UPDATE SET body = tile.body || excluded.body
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from anhuan.ledger.errors import Code, LedgerError
from anhuan.ledger.merkle import HASH_BYTES, Edge, check_size, leaf_hash, node_hash
from anhuan.ledger.tiles import (
    ENTRIES,
    TILE_HEIGHT,
    TILE_WIDTH,
    Tile,
    make_bundle,
    row_length,
    split_bundle,
)


class Piece(msgspec.Struct, frozen=True):
    """What an append adds to one tile or entry bundle.

    Fields:
        tile: the tile with the width that it has afterwards.
        start: the width that it had before; 0 for a new tile.
        data: the bytes to add at the end.
    """

    tile: Tile
    start: int
    data: bytes

    def onto(self, stored: bytes) -> bytes:
        """The whole tile, given what was stored before (empty for a new one).

        Raises `piece_misplaced` when that is not exactly `start` hashes or entries: added twice, or out of order.
        """
        if self.tile.level == ENTRIES:
            held = len(split_bundle(stored))
        else:
            held, rest = divmod(len(stored), HASH_BYTES)
            held = -1 if rest else held
        if held != self.start:
            raise LedgerError(Code.PIECE_MISPLACED, path=self.tile.path, expected=self.start, found=held)
        return stored + self.data


class Extension(msgspec.Struct, frozen=True):
    """The outcome of an append.

    Fields:
        edge: the tree's edge afterwards; store it in place of the old one.
        pieces: what to add to which tile and bundle, in ascending order of level and index.
        leaf_hashes: the hash of each new entry, in order.
        size: entries in the tree afterwards.
        root: the tree's root afterwards; sign it with `size` in a checkpoint.
    """

    edge: Edge
    pieces: tuple[Piece, ...]
    leaf_hashes: tuple[bytes, ...]
    size: int
    root: bytes


def extend(edge: Edge, entries: Sequence[bytes]) -> Extension:
    """Appends `entries` to the tree with this edge: O(len(entries) + log size).

    Raises `entry_too_large` for an entry over 65,535 bytes and `size_out_of_range` past the largest tree; then
    nothing was appended.
    """
    check_size(edge.size + len(entries))
    peaks, size = list(edge.peaks), edge.size
    rows: dict[int, list[bytes]] = {}
    leaves = [leaf_hash(entry) for entry in entries]
    for leaf in leaves:
        node, rest, height = leaf, size, 0
        while rest & 1:
            node = node_hash(peaks.pop(), node)
            rest >>= 1
            height += 1
            if height % TILE_HEIGHT == 0:
                rows.setdefault(height // TILE_HEIGHT, []).append(node)
        peaks.append(node)
        size += 1
    pieces = _cut_entries(edge.size, entries)
    for level, row in sorted({0: leaves, **rows}.items()):
        pieces += _cut_hashes(level, row_length(level, edge.size), row)
    after = Edge(size=size, peaks=tuple(peaks))
    return Extension(edge=after, pieces=tuple(pieces), leaf_hashes=tuple(leaves), size=size, root=after.root)


def _cut_entries(at: int, entries: Sequence[bytes]) -> list[Piece]:
    return [
        Piece(Tile(ENTRIES, index, start + stop - first), start, make_bundle(entries[first:stop]))
        for index, start, first, stop in _cuts(at, len(entries))
    ]


def _cut_hashes(level: int, at: int, row: Sequence[bytes]) -> list[Piece]:
    return [
        Piece(Tile(level, index, start + stop - first), start, b"".join(row[first:stop]))
        for index, start, first, stop in _cuts(at, len(row))
    ]


def _cuts(at: int, count: int) -> list[tuple[int, int, int, int]]:
    """Cuts `count` new items that begin at position `at` by tile: (tile index, width before, from item, to item)."""
    cuts, first = [], 0
    while first < count:
        index, start = divmod(at + first, TILE_WIDTH)
        stop = min(count, first + TILE_WIDTH - start)
        cuts.append((index, start, first, stop))
        first = stop
    return cuts
