"""Inclusion and consistency proofs (RFC 6962 sections 2.1.1 and 2.1.2; verification as in RFC 9162 section 2.1.3).

Making a proof reads a few tiles; checking one needs nothing but the proof and 63 hashes at most. The two sides are
written apart, as different algorithms, so that one cannot hide the other's mistake.
"""

from __future__ import annotations

from collections.abc import Sequence

from anhuan.ledger.errors import Code, LedgerError
from anhuan.ledger.merkle import EMPTY_ROOT, HASH_BYTES, check_hash, check_size, node_hash, row_root
from anhuan.ledger.tiles import TILE_HEIGHT, TILE_WIDTH, ReadTile, Tile

Proof = tuple[bytes, ...]


def root_at(read: ReadTile, size: int) -> bytes:
    """The root that the tree had at `size` entries, from its tiles. Raises `tile_missing`."""
    check_size(size)
    return _range_root(read, 0, size) if size else EMPTY_ROOT


def inclusion_proof(read: ReadTile, index: int, size: int) -> Proof:
    """Proves that the entry at `index` (from 0) is in the tree of `size` entries.

    Raises `index_out_of_range`, `size_out_of_range`, `tile_missing` or `tile_malformed`.
    """
    check_size(size)
    if not 0 <= index < size:
        raise LedgerError(Code.INDEX_OUT_OF_RANGE, index=index, size=size)
    proof, low, high = [], 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            proof.append(_range_root(read, middle, high))
            high = middle
        else:
            proof.append(_range_root(read, low, middle))
            low = middle
    return tuple(reversed(proof))


def consistency_proof(read: ReadTile, old: int, new: int) -> Proof:
    """Proves that the tree of `new` entries begins with the whole tree of `old`; empty when old is 0 or new.

    Raises `size_out_of_range`, `index_out_of_range` when old > new, `tile_missing` or `tile_malformed`.
    """
    check_size(old)
    check_size(new)
    if old > new:
        raise LedgerError(Code.INDEX_OUT_OF_RANGE, index=old, size=new)
    if old in (0, new):
        return ()
    proof, low, high, own = [], 0, new, True
    # RFC 6962's SUBPROOF(m, D, b): `own` is b, whether this range is the whole old tree, whose root is known.
    while high != old:
        middle = low + _split(high - low)
        if old <= middle:
            proof.append(_range_root(read, middle, high))
            high = middle
        else:
            proof.append(_range_root(read, low, middle))
            low, own = middle, False
    if not own:
        proof.append(_range_root(read, low, high))
    return tuple(reversed(proof))


def verify_inclusion(leaf: bytes, index: int, size: int, root: bytes, proof: Sequence[bytes]) -> None:
    """Checks that the leaf hash `leaf` is entry `index` of the tree with this `size` and `root`.

    Returns nothing when it is. Raises `index_out_of_range`, `size_out_of_range`, `hash_length`, `proof_length` or
    `proof_wrong`.
    """
    check_size(size)
    if not 0 <= index < size:
        raise LedgerError(Code.INDEX_OUT_OF_RANGE, index=index, size=size)
    _check_hashes(leaf=leaf, root=root, proof=proof)
    at, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise LedgerError(Code.PROOF_LENGTH, found=len(proof))
        if at & 1 or at == last:
            found = node_hash(sibling, found)
            while at & 1 == 0 and at:
                at >>= 1
                last >>= 1
        else:
            found = node_hash(found, sibling)
        at >>= 1
        last >>= 1
    if last:
        raise LedgerError(Code.PROOF_LENGTH, found=len(proof))
    if found != root:
        raise LedgerError(Code.PROOF_WRONG, index=index, size=size)


def verify_consistency(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Checks that the tree (new, new_root) holds everything of the tree (old, old_root), unchanged and in place.

    Returns nothing when it does. The empty tree is a prefix of every tree and needs an empty proof; equal sizes need
    equal roots and an empty proof; between any other sizes an empty proof is refused. Raises `index_out_of_range`
    when old > new, `size_out_of_range`, `hash_length`, `proof_length` or `proof_wrong`.
    """
    check_size(old)
    check_size(new)
    if old > new:
        raise LedgerError(Code.INDEX_OUT_OF_RANGE, index=old, size=new)
    _check_hashes(leaf=old_root, root=new_root, proof=proof)
    if (old == 0 and old_root != EMPTY_ROOT) or (new == 0 and new_root != EMPTY_ROOT):
        raise LedgerError(Code.PROOF_WRONG, old=old, new=new)
    if (not proof) != (old in (0, new)):
        raise LedgerError(Code.PROOF_LENGTH, found=len(proof))
    if old == 0:
        return
    reached = _climb(old, old_root, new, proof) if proof else (old_root, old_root)
    if reached != (old_root, new_root):
        raise LedgerError(Code.PROOF_WRONG, old=old, new=new)


def _climb(old: int, old_root: bytes, new: int, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The roots of the old and the new tree that a consistency proof leads to (RFC 9162 section 2.1.4.2)."""
    # A power of two is itself a perfect subtree: its root is known and left out of the proof.
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    at, last = old - 1, new - 1
    while at & 1:
        at >>= 1
        last >>= 1
    from_old = from_new = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise LedgerError(Code.PROOF_LENGTH, found=len(proof))
        if at & 1 or at == last:
            from_old = node_hash(sibling, from_old)
            from_new = node_hash(sibling, from_new)
            while at & 1 == 0 and at:
                at >>= 1
                last >>= 1
        else:
            from_new = node_hash(from_new, sibling)
        at >>= 1
        last >>= 1
    if last:
        raise LedgerError(Code.PROOF_LENGTH, found=len(proof))
    return from_old, from_new


def _check_hashes(leaf: bytes, root: bytes, proof: Sequence[bytes]) -> None:
    check_hash(leaf, "start")
    check_hash(root, "root")
    for sibling in proof:
        check_hash(sibling, "proof")


def _split(count: int) -> int:
    """The largest power of two smaller than `count`."""
    return 1 << ((count - 1).bit_length() - 1)


def _range_root(read: ReadTile, low: int, high: int) -> bytes:
    """The root over entries low..high-1, where `low` is a multiple of the power of two that holds the range."""
    nodes = []
    while low < high:
        height = (high - low).bit_length() - 1
        nodes.append(_subtree_root(read, height, low >> height))
        low += 1 << height
    root = nodes[-1]
    for node in reversed(nodes[:-1]):
        root = node_hash(node, root)
    return root


def _subtree_root(read: ReadTile, height: int, index: int) -> bytes:
    """The root of the `index`-th perfect subtree of 2**height entries: one tile read, at most 127 hashes."""
    level, inside = divmod(height, TILE_HEIGHT)
    tile, start = divmod(index << inside, TILE_WIDTH)
    stop = start + (1 << inside)
    stored = read(level, tile)
    if stored is None:
        raise LedgerError(Code.TILE_MISSING, path=Tile(level, tile, stop).path)
    if len(stored) < stop * HASH_BYTES or len(stored) % HASH_BYTES:
        path = Tile(level, tile, stop).path
        raise LedgerError(Code.TILE_MALFORMED, path=path, expected=stop * HASH_BYTES, found=len(stored))
    return row_root([stored[i * HASH_BYTES : (i + 1) * HASH_BYTES] for i in range(start, stop)])
