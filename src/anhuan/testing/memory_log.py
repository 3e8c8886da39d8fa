"""A ledger in dictionaries: what a database keeps for a log, and the files that an export of it would write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from anhuan.ledger.checkpoint import sign_checkpoint
from anhuan.ledger.export import export
from anhuan.ledger.extend import extend
from anhuan.ledger.merkle import Edge
from anhuan.ledger.note import Signer
from anhuan.ledger.tiles import ENTRIES


class MemoryLog:
    """One log, appended to in batches exactly as a sequencer does it."""

    def __init__(self, signer: Signer, entries: Iterable[bytes] = ()) -> None:
        self.signer = signer
        self.edge = Edge()
        self.entries: list[bytes] = []
        self._rows: dict[tuple[int, int], bytes] = {}
        self.append(list(entries))

    def append(self, batch: Sequence[bytes]) -> None:
        """Adds a batch; the tiles grow by the pieces that `extend` gives."""
        extension = extend(self.edge, batch)
        for piece in extension.pieces:
            place = (piece.tile.level, piece.tile.index)
            self._rows[place] = piece.onto(self._rows.get(place, b""))
        self.edge = extension.edge
        self.entries += batch

    def tile(self, level: int, index: int) -> bytes | None:
        """The hashes stored for a tile."""
        return self._rows.get((level, index))

    def bundle(self, index: int) -> bytes | None:
        """The entry bundle stored under an index."""
        return self.tile(ENTRIES, index)

    def checkpoint(self) -> bytes:
        """The signed note of the present state."""
        return sign_checkpoint(self.edge.size, self.edge.root, self.signer)

    def files(self) -> dict[str, bytes]:
        """The export of the present state: content by path."""

        def entries(first: int, stop: int) -> Sequence[bytes]:
            return self.entries[first:stop]

        return dict(export(self.checkpoint(), self.signer.verifier_key, self.tile, entries))
