"""A whole log as files, for a web server, a USB stick or an auditor.

`checkpoint` is the signed state, `verifier-key` the public key in signed-note form (to be held against a copy that came
another way), `tile/<L>/<N>` are hashes and `tile/entries/<N>` entries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from anhuan.ledger.checkpoint import open_checkpoint
from anhuan.ledger.errors import Code, LedgerError
from anhuan.ledger.merkle import HASH_BYTES
from anhuan.ledger.note import VerifierKey
from anhuan.ledger.tiles import ENTRIES, TILE_WIDTH, ReadTile, Tile, layout, make_bundle

CHECKPOINT_PATH = "checkpoint"
VERIFIER_KEY_PATH = "verifier-key"

ReadEntries = Callable[[int, int], Sequence[bytes]]
"""Gives the entries from one position up to, not including, another."""


def export(
    note: bytes, key: VerifierKey, tile: ReadTile, entries: ReadEntries, since: int = 0
) -> Iterator[tuple[str, bytes]]:
    """The files of the log at a signed checkpoint, as (path, content); the checkpoint comes last.

    `tile` may give more hashes than the checkpoint needs, so that the log may grow meanwhile. With `since`, the size
    of an earlier export, only files that are new since then. Written in this order, a reader that follows the
    checkpoint never misses a file. Raises what `open_checkpoint` raises, `tile_missing` or `bundle_count`.
    """
    size = open_checkpoint(note, key).size
    for place in layout(size, since):
        yield place.path, _bundle(place, entries) if place.level == ENTRIES else _hashes(place, tile)
    yield VERIFIER_KEY_PATH, f"{key}\n".encode()
    yield CHECKPOINT_PATH, note


def _hashes(place: Tile, tile: ReadTile) -> bytes:
    length = place.width * HASH_BYTES
    stored = tile(place.level, place.index)
    if stored is None or len(stored) < length:
        raise LedgerError(Code.TILE_MISSING, path=place.path)
    return stored[:length]


def _bundle(place: Tile, entries: ReadEntries) -> bytes:
    first = place.index * TILE_WIDTH
    found = entries(first, first + place.width)
    if len(found) != place.width:
        raise LedgerError(Code.BUNDLE_COUNT, path=place.path, expected=place.width, found=len(found))
    return make_bundle(found)
