"""The append-only Merkle tree of RFC 6962 section 2.1, kept by its right edge.

A tree of n entries splits into perfect subtrees, one for each set bit of n. Their roots, at most 63 hashes, are
the *edge*: enough to add entries and to state the root without reading a single old entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Self

import msgspec

from anhuan.ledger.errors import Code, LedgerError

HASH_BYTES = 32
MAX_SIZE = 2**63 - 1
"""The largest tree: sizes stay within a signed 64-bit integer, as in other people's tools and in PostgreSQL."""

EMPTY_ROOT = sha256(b"").digest()
"""The root of no entries (RFC 6962 section 2.1)."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry: SHA-256(0x00 || entry)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


def row_root(row: Sequence[bytes]) -> bytes:
    """The root over a row of node hashes of equal height; the empty root for none.

    Pairing from the left and lifting an odd last node unchanged gives the same tree as RFC 6962's split at the
    largest power of two.
    """
    if not row:
        return EMPTY_ROOT
    level = list(row)
    while len(level) > 1:
        paired = [sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        if len(level) % 2:
            paired.append(level[-1])
        level = paired
    return level[0]


def check_size(size: int) -> None:
    """Raises `size_out_of_range` unless 0 <= size <= MAX_SIZE."""
    if not 0 <= size <= MAX_SIZE:
        raise LedgerError(Code.SIZE_OUT_OF_RANGE, size=size, largest=MAX_SIZE)


def check_hash(value: bytes, field: str) -> None:
    """Raises `hash_length` unless `value` is 32 bytes."""
    if len(value) != HASH_BYTES:
        raise LedgerError(Code.HASH_LENGTH, field=field, length=len(value))


class Edge(msgspec.Struct, frozen=True):
    """The right edge of a tree: all that is needed to append to it.

    Fields:
        size: number of entries.
        peaks: roots of the perfect subtrees, largest (leftmost) first: one for each set bit of `size`.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        check_size(self.size)
        if len(self.peaks) != self.size.bit_count() or any(len(peak) != HASH_BYTES for peak in self.peaks):
            raise LedgerError(Code.EDGE_MALFORMED, size=self.size, peaks=len(self.peaks))

    @property
    def root(self) -> bytes:
        """The RFC 6962 root of the whole tree."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root

    def with_subtrees(self, height: int, roots: Iterable[bytes]) -> Self:
        """This tree with perfect subtrees of 2**height entries added, each given by its root.

        Raises `edge_malformed` unless `size` is a multiple of 2**height: a subtree cannot straddle others.
        """
        if self.size & ((1 << height) - 1):
            raise LedgerError(Code.EDGE_MALFORMED, size=self.size, peaks=len(self.peaks))
        peaks, count = list(self.peaks), self.size >> height
        for root in roots:
            node, rest = root, count
            while rest & 1:
                node = node_hash(peaks.pop(), node)
                rest >>= 1
            peaks.append(node)
            count += 1
        return type(self)(size=count << height, peaks=tuple(peaks))

    def to_bytes(self) -> bytes:
        """The stored form: 8 bytes of size, big-endian, then the peaks. At most 2,024 bytes."""
        return self.size.to_bytes(8, "big") + b"".join(self.peaks)

    @classmethod
    def from_bytes(cls, stored: bytes) -> Self:
        """Reads `to_bytes`. Raises `edge_malformed` or `size_out_of_range`."""
        if len(stored) < 8 or (len(stored) - 8) % HASH_BYTES:
            raise LedgerError(Code.EDGE_MALFORMED, length=len(stored))
        peaks = tuple(stored[i : i + HASH_BYTES] for i in range(8, len(stored), HASH_BYTES))
        return cls(size=int.from_bytes(stored[:8], "big"), peaks=peaks)
