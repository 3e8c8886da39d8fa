"""Tiles: their paths and layout by the standard, bundles, and growth that stores nothing twice."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anhuan.ledger.errors import Code, LedgerError
from anhuan.ledger.extend import Piece, extend
from anhuan.ledger.merkle import Edge, leaf_hash, row_root
from anhuan.ledger.note import Signer
from anhuan.ledger.proofs import inclusion_proof
from anhuan.ledger.tiles import (
    ENTRIES,
    MAX_ENTRY_BYTES,
    Tile,
    edge_tiles,
    layout,
    make_bundle,
    split_bundle,
    split_hashes,
    tiles_in_files,
)
from anhuan.testing.memory_log import MemoryLog

SIGNER = Signer("plant.example/ledger", bytes(32))

PATHS = {
    "tile/0/000": Tile(0, 0),
    "tile/0/x001/x234/067": Tile(0, 1234067),
    "tile/1/x001/000.p/17": Tile(1, 1000, 17),
    "tile/entries/999": Tile(ENTRIES, 999),
    "tile/entries/x273/112.p/1": Tile(ENTRIES, 273112, 1),
    "tile/7/000.p/255": Tile(7, 0, 255),
}


@pytest.mark.parametrize("path", PATHS)
def test_paths_are_those_of_the_standard(path: str) -> None:
    assert PATHS[path].path == path
    assert Tile.from_path(path) == PATHS[path]


@pytest.mark.parametrize(
    "path",
    [
        "", "tile/0/0", "tile/0/00", "tile/0/1000", "tile/0/x000/001", "tile/00/001", "tile/8/000", "tile/-1/000",
        "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/", "tile/0/001/x002", "tile/0/x001",
        "/tile/0/000", "tile/0/000\n", "tile/0/٠٠٠", "tile/entries/../000", "tile/Entries/000",
    ],
)  # fmt: skip
def test_other_spellings_are_refused(path: str) -> None:
    with pytest.raises(LedgerError) as refused:
        Tile.from_path(path)
    assert refused.value.code == Code.TILE_PATH_MALFORMED


@given(st.integers(ENTRIES, 7), st.integers(0, 2**56), st.integers(1, 256))
def test_a_path_names_one_tile(level: int, index: int, width: int) -> None:
    tile = Tile(level, index, width)
    assert Tile.from_path(tile.path) == tile


def test_the_layout_is_that_of_the_standards_example() -> None:
    tiles = list(layout(70_000))
    widths = {level: [tile.width for tile in tiles if tile.level == level] for level in (ENTRIES, 0, 1, 2, 3)}
    assert widths == {ENTRIES: [256] * 273 + [112], 0: [256] * 273 + [112], 1: [256, 17], 2: [1], 3: []}
    assert edge_tiles(70_000) == [Tile(2, 0, 1), Tile(1, 1, 17), Tile(0, 273, 112)]
    assert list(layout(256)) == [Tile(ENTRIES, 0), Tile(0, 0), Tile(1, 0, 1)]
    assert list(layout(0)) == []


@settings(deadline=None)
@given(st.integers(0, 70_000), st.integers(0, 70_000))
def test_a_later_layout_lists_what_is_new(one: int, other: int) -> None:
    old, new = sorted((one, other))
    assert set(layout(new, since=old)) == set(layout(new)) - set(layout(old))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 700), max_size=5))
def test_pieces_add_up_to_the_tiles_of_the_whole(batches: list[int]) -> None:
    entries = [f"e{i}".encode() for i in range(sum(batches))]
    log, at = MemoryLog(SIGNER), 0
    for batch in batches:
        log.append(entries[at : at + batch])
        at += batch
    for tile in layout(len(entries)):
        first = tile.index * 256
        if tile.level == ENTRIES:
            assert split_bundle(log.bundle(tile.index) or b"") == entries[first : first + tile.width]
        else:
            hashes = split_hashes(tile, log.tile(tile.level, tile.index) or b"")
            span = 256**tile.level
            for i, found in enumerate(hashes, start=first):
                assert found == row_root([leaf_hash(entry) for entry in entries[i * span : (i + 1) * span]])
    assert log.tile(2, 0) is None


def test_an_append_names_only_what_it_touches() -> None:
    edge = extend(Edge(), [b"old"] * 300).edge
    extension = extend(edge, [b"new"] * 2)
    assert [(piece.tile, piece.start) for piece in extension.pieces] == [
        (Tile(ENTRIES, 1, 46), 44),
        (Tile(0, 1, 46), 44),
    ]
    assert extension.size == 302
    assert extension.leaf_hashes == (leaf_hash(b"new"),) * 2
    assert extend(edge, []).edge == edge
    assert extend(edge, []).pieces == ()


@pytest.mark.parametrize("level", [ENTRIES, 0])
@pytest.mark.parametrize("stored", [b"", bytes(32 * 45), bytes(33)])
def test_a_piece_is_not_added_twice_or_out_of_order(level: int, stored: bytes) -> None:
    pieces = extend(extend(Edge(), [b"old"] * 300).edge, [b"new"]).pieces
    piece = next(piece for piece in pieces if piece.tile.level == level)
    with pytest.raises(LedgerError) as refused:
        piece.onto(stored)
    assert refused.value.code in (Code.PIECE_MISPLACED, Code.BUNDLE_MALFORMED)


def test_an_append_reads_nothing_old() -> None:
    """A huge tree costs no more than its 63 peaks."""
    huge = Edge(2**62 - 1, tuple(bytes([i]) * 32 for i in range(62)))
    extension = extend(huge, [b"x", b"y"])
    assert extension.size == 2**62 + 1
    assert [piece.tile.level for piece in extension.pieces] == [ENTRIES, ENTRIES, 0, 0, 1, 2, 3, 4, 5, 6, 7]
    assert all(isinstance(piece, Piece) for piece in extension.pieces)


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_bundles_read_back(entries: list[bytes]) -> None:
    assert split_bundle(make_bundle(entries)) == entries


def test_entries_too_large_are_refused() -> None:
    assert split_bundle(make_bundle([bytes(MAX_ENTRY_BYTES)])) == [bytes(MAX_ENTRY_BYTES)]
    with pytest.raises(LedgerError) as refused:
        extend(Edge(), [bytes(MAX_ENTRY_BYTES + 1)])
    assert refused.value.code == Code.ENTRY_TOO_LARGE


@pytest.mark.parametrize("stored", [b"\0", b"\0\1", b"\0\2a", b"\0\1aa", b"\0\0\0"])
def test_a_cut_bundle_is_refused(stored: bytes) -> None:
    with pytest.raises(LedgerError) as refused:
        split_bundle(stored)
    assert refused.value.code == Code.BUNDLE_MALFORMED


def test_proofs_can_be_made_from_files_and_from_tiles_that_grew() -> None:
    log = MemoryLog(SIGNER, (f"e{i}".encode() for i in range(300)))
    read = tiles_in_files(log.files().get, 300)
    expected = [inclusion_proof(log.tile, i, 300) for i in range(300)]
    assert [inclusion_proof(read, i, 300) for i in range(300)] == expected
    log.append([b"later"] * 400)
    assert [inclusion_proof(log.tile, i, 300) for i in range(300)] == expected
    assert read(0, 2) is None
