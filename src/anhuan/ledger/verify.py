"""An auditor's check of a log in files: every entry is hashed, every tile is held against the signed root.

The check goes from the signed root down. A tile whose hashes give the root that its parent holds is true, and so are
the hashes in it; the entries of a bundle must give the hashes of a true tile. Where a tile is false, its content is
worked out anew from what lies below, so that the report can say which of the two was touched. Memory stays at one tile
for each level, whatever the size of the log.

What this cannot see: somebody who holds the signing key and rewrites the whole log. That takes an older checkpoint,
kept where that person has no hand on it; see `since`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

from anhuan.ledger.checkpoint import Checkpoint, open_checkpoint
from anhuan.ledger.errors import Code, LedgerError, Param
from anhuan.ledger.export import CHECKPOINT_PATH, VERIFIER_KEY_PATH
from anhuan.ledger.merkle import Edge, leaf_hash, row_root
from anhuan.ledger.note import VerifierKey
from anhuan.ledger.report import MAX_FAULTS, Fault, Report, compare_hashes
from anhuan.ledger.tiles import (
    ENTRIES,
    TILE_HEIGHT,
    TILE_WIDTH,
    ReadFile,
    Tile,
    edge_tiles,
    read_wide,
    split_bundle,
    split_hashes,
)

Progress = Callable[[int, int], None]
"""Called with (entries gone through, entries in all) after each bundle."""
Row = list[bytes]

_MOVED = (Code.ENTRY_REMOVED, Code.ENTRY_INSERTED)


def verify(
    read: ReadFile,
    key: VerifierKey,
    since: Checkpoint | None = None,
    progress: Progress | None = None,
) -> Report:
    """Checks the whole log in the files that `read` gives, signed by `key`.

    `since` is an older checkpoint of the same log, opened by the caller from a note kept elsewhere: the log must hold
    all that it promised. A bad log raises nothing: what is wrong is in the report. Errors of `read` pass through.
    """
    check = _Check(read, key, since, progress)
    checkpoint = check.opened()
    if checkpoint is not None:
        check.walk(checkpoint)
        if since is not None:
            check.compare(checkpoint, since)
    return check.report(checkpoint)


class _Check:
    """One verification under way."""

    def __init__(self, read: ReadFile, key: VerifierKey, since: Checkpoint | None, progress: Progress | None) -> None:
        self._read = read
        self._key = key
        self._since = since
        self._progress = progress
        self._faults: list[Fault] = []
        self._further = 0
        self._size = 0
        self._entries = 0
        self._tiles = 0
        self._moved = False
        # The tree that grows with the walk up to the size of `since`; None once part of the log is past proving.
        self._old: Edge | None = Edge()

    def opened(self) -> Checkpoint | None:
        """The signed checkpoint, or None with a fault."""
        beside = self._read(VERIFIER_KEY_PATH)
        if beside is not None and beside != f"{self._key}\n".encode():
            self._fault(Code.VERIFIER_KEY_DIFFERS, path=VERIFIER_KEY_PATH)
        note = self._read(CHECKPOINT_PATH)
        if note is None:
            self._fault(Code.CHECKPOINT_MISSING, path=CHECKPOINT_PATH)
            return None
        try:
            return open_checkpoint(note, self._key)
        except LedgerError as error:
            self._fault(error.code, **error.params)
            return None

    def report(self, checkpoint: Checkpoint | None) -> Report:
        return Report(
            origin=self._key.name,
            size=checkpoint.size if checkpoint else 0,
            root=checkpoint.root if checkpoint else b"",
            entries=self._entries,
            tiles=self._tiles,
            since=self._since.size if self._since else None,
            faults=tuple(self._faults),
            further_faults=self._further,
        )

    def walk(self, checkpoint: Checkpoint) -> None:
        """Goes through all tiles and entries, from the right edge of the tree down, in the order of the log."""
        self._size = checkpoint.size
        places = edge_tiles(checkpoint.size)
        for place, row in zip(places, self._edge_rows(places, checkpoint), strict=True):
            if row is None:
                self._lost(place)
            else:
                self._descend(place, row)

    def compare(self, checkpoint: Checkpoint, since: Checkpoint) -> None:
        """Holds the log against an older checkpoint; to be called after `walk`."""
        if since.origin != checkpoint.origin:
            self._fault(Code.ORIGIN_DIFFERS, expected=checkpoint.origin, found=since.origin)
        elif since.size > checkpoint.size:
            self._fault(Code.ROLLED_BACK, old=since.size, new=checkpoint.size)
        elif since.size == checkpoint.size:
            if since.root != checkpoint.root:
                self._fault(Code.SPLIT_VIEW, size=since.size)
        elif self._old is None:
            self._fault(Code.HISTORY_UNPROVED, old=since.size, new=checkpoint.size)
        elif self._old.root != since.root:
            self._fault(Code.HISTORY_REWRITTEN, old=since.size, new=checkpoint.size)

    # ---- the right edge

    def _edge_rows(self, places: Sequence[Tile], checkpoint: Checkpoint) -> Sequence[Row | None]:
        """The true hashes of each partial tile; together they must give the signed root."""
        stored = [self._stored(place) for place in places]
        held = [row for row in stored if row is not None]
        if len(held) == len(places) and _edge_root(places, held) == checkpoint.root:
            return held
        # Not all is as it was: try each tile as stored, from the tiles below it, and from the entries.
        ways = [self._ways(place, row) for place, row in zip(places, stored, strict=True)]
        for rows in product(*ways):
            if _edge_root(places, rows) == checkpoint.root:
                for place, row, true in zip(places, stored, rows, strict=True):
                    self._tile_differs(place, row, true)
                return rows
        self._fault(Code.ROOT_DIFFERS, size=checkpoint.size)
        self._old = None
        return stored

    def _ways(self, place: Tile, stored: Row | None) -> list[Row]:
        ways: list[Row] = []
        for row in (stored, self._from_tiles(place), self._from_entries(place)):
            if row is not None and row not in ways:
                ways.append(row)
        return ways

    # ---- down the tree

    def _descend(self, place: Tile, row: Row, root: bytes | None = None) -> None:
        """Goes on below a tile whose true hashes are `row`; `root` is what they give, for a full tile."""
        if place.level == 0:
            self._grow(place, row, root)
            self._check_entries(place, row)
            return
        for i, hash_below in enumerate(row):
            below = Tile(place.level - 1, place.index * TILE_WIDTH + i)
            true = self._true_row(below, hash_below)
            if true is None:
                self._lost(below)
            else:
                self._descend(below, true, hash_below)

    def _true_row(self, place: Tile, root: bytes) -> Row | None:
        """The hashes of a full tile that give `root`: as stored, else worked out from below, else None."""
        held = self._stored(place)
        if held is not None and row_root(held) == root:
            return held
        for row in (self._from_tiles(place), self._from_entries(place)):
            if row is not None and row_root(row) == root:
                self._tile_differs(place, held, row)
                return row
        if held is not None:
            self._fault(Code.TILE_ALTERED, path=place.path)
        return None

    def _check_entries(self, leaf_tile: Tile, true: Row) -> None:
        first = leaf_tile.index * TILE_WIDTH
        bundle = Tile(ENTRIES, leaf_tile.index, leaf_tile.width)
        try:
            found = self._leaf_hashes(bundle)
        except LedgerError as error:
            self._fault(error.code, **{"path": bundle.path, **error.params})
            found = None
        else:
            if found is None:
                self._fault(Code.BUNDLE_MISSING, path=bundle.path, first=first, last=first + bundle.width - 1)
        if found is not None:
            self._entries += len(found)
            if found != true:
                self._tell(bundle, first, true, found)
        if self._progress is not None:
            self._progress(first + bundle.width, self._size)

    def _tell(self, bundle: Tile, first: int, true: Row, found: Row) -> None:
        if len(found) != len(true):
            self._fault(Code.BUNDLE_COUNT, path=bundle.path, expected=len(true), found=len(found))
        faults = compare_hashes(first, true, found)
        moved = any(fault.code in _MOVED for fault in faults)
        if moved and self._moved:
            # The rest of a log that moved by one is not one removal after another.
            self._fault(Code.ENTRIES_SHIFTED, first=first, last=first + len(true) - 1)
            return
        self._moved = moved
        for fault in faults:
            self._fault(fault.code, **fault.params)

    def _grow(self, leaf_tile: Tile, row: Row, root: bytes | None) -> None:
        """Adds true leaf hashes to the tree that is compared with `since`, as far as that reached."""
        first = leaf_tile.index * TILE_WIDTH
        wanted = self._since.size - first if self._since is not None else 0
        if self._old is None or wanted <= 0:
            return
        if root is not None and wanted >= TILE_WIDTH:
            self._old = self._old.with_subtrees(TILE_HEIGHT, [root])
        else:
            self._old = self._old.with_subtrees(0, row[:wanted])

    def _lost(self, place: Tile) -> None:
        """Neither the tile nor what lies below gives what the tree holds: this stretch proves nothing."""
        span = TILE_WIDTH**place.level
        first = place.index * TILE_WIDTH * span
        self._fault(Code.ENTRIES_UNPROVABLE, first=first, last=min(first + place.width * span, self._size) - 1)
        if self._since is not None and first < self._since.size:
            self._old = None

    # ---- reading

    def _stored(self, place: Tile) -> Row | None:
        """The hashes stored for a tile, or None with a fault."""
        self._tiles += 1
        try:
            row = self._hashes(place)
        except LedgerError as error:
            self._fault(error.code, **error.params)
            return None
        if row is None:
            self._fault(Code.TILE_MISSING, path=place.path)
        return row

    def _hashes(self, place: Tile) -> Row | None:
        found = read_wide(self._read, place)
        return None if found is None else split_hashes(*found)[: place.width]

    def _leaf_hashes(self, bundle: Tile) -> Row | None:
        found = read_wide(self._read, bundle)
        if found is None:
            return None
        entries = split_bundle(found[1])
        return [leaf_hash(entry) for entry in (entries if found[0] == bundle else entries[: bundle.width])]

    def _from_tiles(self, place: Tile) -> Row | None:
        """The hashes that a tile should hold by the tiles just below it."""
        if place.level == 0:
            return None
        return self._gathered(place, self._hashes)

    def _from_entries(self, place: Tile) -> Row | None:
        """The hashes that a tile should hold by the entries that it covers."""
        if place.level > 0:
            return self._gathered(place, self._from_entries)
        try:
            row = self._leaf_hashes(Tile(ENTRIES, place.index, place.width))
        except LedgerError:
            return None
        return row if row is not None and len(row) == place.width else None

    def _gathered(self, place: Tile, row_of: Callable[[Tile], Row | None]) -> Row | None:
        roots = []
        for i in range(place.width):
            try:
                row = row_of(Tile(place.level - 1, place.index * TILE_WIDTH + i))
            except LedgerError:
                return None
            if row is None:
                return None
            roots.append(row_root(row))
        return roots

    # ---- faults

    def _tile_differs(self, place: Tile, held: Row | None, true: Row) -> None:
        if held is not None and held != true:
            self._fault(Code.TILE_ALTERED, path=place.path)

    def _fault(self, code: Code, **params: Param) -> None:
        if len(self._faults) < MAX_FAULTS:
            self._faults.append(Fault(code, params))
        else:
            self._further += 1


def _edge_root(places: Sequence[Tile], rows: Sequence[Row]) -> bytes:
    """The root of a tree from the hashes of its partial tiles, highest level first."""
    edge = Edge()
    for place, row in zip(places, rows, strict=True):
        edge = edge.with_subtrees(place.level * TILE_HEIGHT, row)
    return edge.root
