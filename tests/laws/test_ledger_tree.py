"""The tree and its proofs: published vectors, equality with the definition, and proofs that must not pass."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anhuan.ledger.errors import Code, LedgerError
from anhuan.ledger.extend import extend
from anhuan.ledger.merkle import EMPTY_ROOT, MAX_SIZE, Edge, leaf_hash, node_hash, row_root
from anhuan.ledger.note import Signer
from anhuan.ledger.proofs import (
    consistency_proof,
    inclusion_proof,
    root_at,
    verify_consistency,
    verify_inclusion,
)
from anhuan.testing.memory_log import MemoryLog

# The eight leaves and their roots that Certificate Transparency's own tests use.
LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
MANY = 600
SIGNER = Signer("plant.example/ledger", bytes(32))


def entry(number: int) -> bytes:
    return f"entry {number}".encode()


def defined_root(entries: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, word for word."""
    if not entries:
        return EMPTY_ROOT
    if len(entries) == 1:
        return leaf_hash(entries[0])
    split = 1
    while split * 2 < len(entries):
        split *= 2
    return node_hash(defined_root(entries[:split]), defined_root(entries[split:]))


def defined_path(index: int, entries: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962 section 2.1.1, word for word."""
    if len(entries) == 1:
        return []
    split = 1
    while split * 2 < len(entries):
        split *= 2
    if index < split:
        return [*defined_path(index, entries[:split]), defined_root(entries[split:])]
    return [*defined_path(index - split, entries[split:]), defined_root(entries[:split])]


def defined_proof(old: int, entries: list[bytes], own: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962 section 2.1.2, word for word."""
    if old == len(entries):
        return [] if own else [defined_root(entries)]
    split = 1
    while split * 2 < len(entries):
        split *= 2
    if old <= split:
        return [*defined_proof(old, entries[:split], own), defined_root(entries[split:])]
    return [*defined_proof(old - split, entries[split:], False), defined_root(entries[:split])]


@pytest.fixture(scope="module")
def log() -> MemoryLog:
    return MemoryLog(SIGNER, map(entry, range(MANY)))


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_certificate_transparency(size: int) -> None:
    assert extend(Edge(), LEAVES[:size]).root.hex() == ROOTS[size]
    assert row_root([leaf_hash(leaf) for leaf in LEAVES[:size]]).hex() == ROOTS[size]


def test_proofs_are_those_of_certificate_transparency() -> None:
    log = MemoryLog(SIGNER, LEAVES)
    assert [node.hex() for node in inclusion_proof(log.tile, 0, 8)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [node.hex() for node in consistency_proof(log.tile, 6, 8)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_root_grown_one_by_one_is_the_defined_root_at_every_size(log: MemoryLog) -> None:
    edge = Edge()
    for size in range(1, 301):
        edge = extend(edge, [entry(size - 1)]).edge
        assert edge.size == size
        assert edge.root == defined_root(log.entries[:size]) == root_at(log.tile, size)


@settings(deadline=None)
@given(st.lists(st.integers(0, 400), max_size=6))
def test_batches_make_no_difference(batches: list[int]) -> None:
    whole = [entry(i) for i in range(sum(batches))]
    edge, at = Edge(), 0
    for batch in batches:
        edge = Edge.from_bytes(edge.to_bytes())
        edge = extend(edge, whole[at : at + batch]).edge
        at += batch
    assert edge == extend(Edge(), whole).edge


@settings(deadline=None)
@given(st.integers(0, 5), st.integers(0, 40), st.integers(0, 40))
def test_subtrees_can_be_added_whole(height: int, before: int, count: int) -> None:
    span = 1 << height
    entries = [entry(i) for i in range((before + count) * span)]
    roots = [defined_root(entries[i * span : (i + 1) * span]) for i in range(before, before + count)]
    edge = extend(Edge(), entries[: before * span]).edge
    assert edge.with_subtrees(height, roots) == extend(Edge(), entries).edge


def test_a_subtree_cannot_straddle_others() -> None:
    with pytest.raises(LedgerError) as refused:
        extend(Edge(), [b"one"]).edge.with_subtrees(1, [bytes(32)])
    assert refused.value.code == Code.EDGE_MALFORMED


@pytest.mark.parametrize(
    "stored", [b"", bytes(7), bytes(9), bytes(40), (1).to_bytes(8, "big"), bytes(7) + b"\3" + bytes(32)]
)
def test_a_malformed_edge_is_refused(stored: bytes) -> None:
    with pytest.raises(LedgerError) as refused:
        Edge.from_bytes(stored)
    assert refused.value.code == Code.EDGE_MALFORMED


def test_sizes_are_bounded() -> None:
    full = Edge(MAX_SIZE, (bytes(32),) * 63)
    for grow in (
        lambda: extend(full, [b"x"]),
        lambda: Edge(-1),
        lambda: verify_inclusion(bytes(32), 0, MAX_SIZE + 1, bytes(32), []),
    ):
        with pytest.raises(LedgerError) as refused:
            grow()
        assert refused.value.code == Code.SIZE_OUT_OF_RANGE


def test_every_inclusion_proof_is_the_defined_one_and_verifies(log: MemoryLog) -> None:
    for size in (*range(1, 34), 255, 256, 257, 512, 513, MANY):
        root, entries = root_at(log.tile, size), log.entries[:size]
        for index in {*range(min(size, 34)), size // 2, size - 1}:
            proof = inclusion_proof(log.tile, index, size)
            assert list(proof) == defined_path(index, entries)
            verify_inclusion(leaf_hash(entries[index]), index, size, root, proof)


def test_every_consistency_proof_is_the_defined_one_and_verifies(log: MemoryLog) -> None:
    for new in (*range(1, 34), 255, 256, 257, 513, MANY):
        for old in {*range(1, min(new, 34) + 1), new // 2 or 1, new - 1 or 1, new}:
            proof = consistency_proof(log.tile, old, new)
            assert list(proof) == defined_proof(old, log.entries[:new])
            verify_consistency(old, root_at(log.tile, old), new, root_at(log.tile, new), proof)


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_a_proof_says_nothing_else(log: MemoryLog, data: st.DataObject) -> None:
    """Whatever one field of a true inclusion proof is changed to, it no longer verifies."""
    size = data.draw(st.integers(2, MANY))
    index = data.draw(st.integers(0, size - 1))
    leaf, root = leaf_hash(log.entries[index]), root_at(log.tile, size)
    proof = list(inclusion_proof(log.tile, index, size))
    change = data.draw(st.sampled_from(["leaf", "index", "root", "flip", "drop", "add", "swap"]))
    at = data.draw(st.integers(0, len(proof) - 1))
    if change == "leaf":
        leaf = flipped(leaf, data)
    elif change == "index":
        index = data.draw(st.integers(0, size - 1).filter(lambda other: other != index))
    elif change == "root":
        root = flipped(root, data)
    elif change == "flip":
        proof[at] = flipped(proof[at], data)
    elif change == "drop":
        del proof[at]
    elif change == "add":
        proof.insert(at, bytes(32))
    elif len(proof) < 2:
        proof = []
    else:
        proof[at], proof[at - 1] = proof[at - 1], proof[at]
    with pytest.raises(LedgerError) as refused:
        verify_inclusion(leaf, index, size, root, proof)
    assert refused.value.code in (Code.PROOF_LENGTH, Code.PROOF_WRONG)


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_a_consistency_proof_says_nothing_else(log: MemoryLog, data: st.DataObject) -> None:
    new = data.draw(st.integers(2, MANY))
    old = data.draw(st.integers(1, new - 1))
    old_root, new_root = root_at(log.tile, old), root_at(log.tile, new)
    proof = list(consistency_proof(log.tile, old, new))
    at = data.draw(st.integers(0, len(proof) - 1))
    change = data.draw(st.sampled_from(["old_root", "new_root", "flip", "drop", "add", "empty", "old"]))
    if change == "old_root":
        old_root = flipped(old_root, data)
    elif change == "new_root":
        new_root = flipped(new_root, data)
    elif change == "flip":
        proof[at] = flipped(proof[at], data)
    elif change == "drop":
        del proof[at]
    elif change == "add":
        proof.insert(at, bytes(32))
    elif change == "empty":
        proof = []
    else:
        old = data.draw(st.integers(1, new).filter(lambda other: other != old))
    with pytest.raises(LedgerError) as refused:
        verify_consistency(old, old_root, new, new_root, proof)
    assert refused.value.code in (Code.PROOF_LENGTH, Code.PROOF_WRONG)


def flipped(value: bytes, data: st.DataObject) -> bytes:
    bit = data.draw(st.integers(0, len(value) * 8 - 1))
    return (int.from_bytes(value, "big") ^ (1 << bit)).to_bytes(len(value), "big")


@pytest.mark.parametrize("size", [2, 3, 8, 13, 600])
def test_a_proof_has_one_length(log: MemoryLog, size: int) -> None:
    root, old = root_at(log.tile, size), size - 1
    inclusion, consistency = inclusion_proof(log.tile, 0, size), consistency_proof(log.tile, old, size)
    for proof in ((*inclusion, bytes(32)), inclusion[:-1]):
        with pytest.raises(LedgerError) as refused:
            verify_inclusion(leaf_hash(log.entries[0]), 0, size, root, proof)
        assert refused.value.code == Code.PROOF_LENGTH
    for proof in ((*consistency, bytes(32)), consistency[:-1]):
        with pytest.raises(LedgerError) as refused:
            verify_consistency(old, root_at(log.tile, old), size, root, proof)
        assert refused.value.code == Code.PROOF_LENGTH


def test_an_empty_proof_between_different_sizes_is_refused(log: MemoryLog) -> None:
    for old, new in ((1, 2), (4, 8), (3, 7), (256, MANY)):
        with pytest.raises(LedgerError) as refused:
            verify_consistency(old, root_at(log.tile, new), new, root_at(log.tile, new), ())
        assert refused.value.code == Code.PROOF_LENGTH


def test_the_empty_tree_and_equal_sizes(log: MemoryLog) -> None:
    root, other = root_at(log.tile, 7), root_at(log.tile, 8)
    assert consistency_proof(log.tile, 0, 7) == consistency_proof(log.tile, 7, 7) == ()
    verify_consistency(0, EMPTY_ROOT, 0, EMPTY_ROOT, ())
    verify_consistency(0, EMPTY_ROOT, 7, root, ())
    verify_consistency(7, root, 7, root, ())
    wrong = [
        (0, root, 7, root, (), Code.PROOF_WRONG),
        (0, EMPTY_ROOT, 0, root, (), Code.PROOF_WRONG),
        (0, root, 0, root, (), Code.PROOF_WRONG),
        (7, root, 7, other, (), Code.PROOF_WRONG),
        (7, root, 7, root, (root,), Code.PROOF_LENGTH),
        (0, EMPTY_ROOT, 7, root, (root,), Code.PROOF_LENGTH),
        (8, other, 7, root, (), Code.INDEX_OUT_OF_RANGE),
        (7, root, 8, other, (b"short",), Code.HASH_LENGTH),
        (7, root[:31], 8, other, (root,), Code.HASH_LENGTH),
    ]
    for old, old_root, new, new_root, proof, code in wrong:
        with pytest.raises(LedgerError) as refused:
            verify_consistency(old, old_root, new, new_root, proof)
        assert refused.value.code == code


def test_proofs_outside_the_tree_are_refused(log: MemoryLog) -> None:
    for ask in (
        lambda: inclusion_proof(log.tile, 7, 7),
        lambda: inclusion_proof(log.tile, -1, 7),
        lambda: inclusion_proof(log.tile, 0, 0),
        lambda: consistency_proof(log.tile, 8, 7),
        lambda: verify_inclusion(bytes(32), 7, 7, bytes(32), ()),
        lambda: verify_inclusion(bytes(32), 0, 0, bytes(32), ()),
    ):
        with pytest.raises(LedgerError) as refused:
            ask()
        assert refused.value.code == Code.INDEX_OUT_OF_RANGE


def test_a_proof_from_missing_or_short_tiles_is_refused(log: MemoryLog) -> None:
    for tile, code in (
        (lambda level, index: None, Code.TILE_MISSING),
        (lambda level, index: bytes(33), Code.TILE_MALFORMED),
    ):
        with pytest.raises(LedgerError) as refused:
            inclusion_proof(tile, 3, MANY)
        assert refused.value.code == code
