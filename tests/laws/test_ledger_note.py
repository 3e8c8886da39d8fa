"""Signed notes and checkpoints: other people's vectors, one spelling only, and the growth question."""

from __future__ import annotations

from base64 import b64decode, b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anhuan.ledger.checkpoint import Checkpoint, check_growth, open_checkpoint, parse_checkpoint, sign_checkpoint
from anhuan.ledger.errors import Code, LedgerError
from anhuan.ledger.merkle import EMPTY_ROOT
from anhuan.ledger.note import Signer, VerifierKey, open_note, parse_note
from anhuan.ledger.proofs import consistency_proof, root_at
from anhuan.testing.memory_log import MemoryLog

# From the tests of Go's golang.org/x/mod/sumdb/note.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_SEED = b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
GO_NOTE = f"{GO_TEXT}\n{GO_LINE}".encode()

ORIGIN = "plant.example/ledger"
SIGNER = Signer(ORIGIN, bytes(range(32)))
KEY = SIGNER.verifier_key


def code_of(refused: pytest.ExceptionInfo[LedgerError]) -> tuple[Code, object]:
    return refused.value.code, refused.value.params.get("part")


def test_notes_are_those_of_go() -> None:
    signer = Signer("PeterNeumann", GO_SEED)
    assert str(signer.verifier_key) == GO_KEY
    assert signer.sign(GO_TEXT) == GO_NOTE
    assert open_note(GO_NOTE, VerifierKey.parse(GO_KEY)) == GO_TEXT


def test_lines_of_unknown_keys_are_ignored_and_known_ones_must_all_verify() -> None:
    other = parse_note(Signer("witness.example", bytes(32)).sign(GO_TEXT)).signatures[0]
    foreign = f"— {other.name} {b64encode(other.key_id + other.value).decode()}\n".encode()
    key = VerifierKey.parse(GO_KEY)
    assert open_note(GO_NOTE + foreign, key) == GO_TEXT
    assert [line.name for line in parse_note(GO_NOTE + foreign).signatures] == ["PeterNeumann", "witness.example"]
    with pytest.raises(LedgerError) as refused:
        open_note(f"{GO_TEXT}\n".encode() + foreign, key)
    assert refused.value.code == Code.NOTE_NOT_SIGNED_BY_KEY
    forged = b64encode(key.key_id + bytes(64)).decode()
    with pytest.raises(LedgerError) as refused:
        open_note(GO_NOTE + f"— PeterNeumann {forged}\n".encode(), key)
    assert refused.value.code == Code.NOTE_SIGNATURE_WRONG


@pytest.mark.parametrize(
    ("raw", "part"),
    [
        (b"", "signatures"),
        (b"text\n", "signatures"),
        (b"text\n\n", "signatures"),
        (GO_NOTE[:-1], "signatures"),
        (GO_NOTE + b"\n", "signatures"),
        (GO_NOTE + b"more\n", "signature_line"),
        (GO_NOTE.replace("— ".encode(), b"- "), "signature_line"),
        (GO_NOTE.replace("— ".encode(), b""), "signature_line"),
        (GO_NOTE.replace(b"Neumann ", b"Neumann  "), "signature_line"),
        (GO_NOTE.replace(b"AM=\n", b"AN=\n"), "signature_line"),
        (GO_NOTE.replace(b"AM=\n", b"AM\n"), "signature_line"),
        (GO_NOTE.replace(b"AM=\n", b"AM= \n"), "signature_line"),
        (GO_NOTE.replace(b"you think", b"you\tthink"), "text"),
        (GO_NOTE.replace(b"you think", b"you\rthink"), "text"),
        (GO_NOTE.replace(b"you think", b"you\xffthink"), "utf8"),
        (GO_NOTE + GO_LINE.encode() * 100, "signatures"),
        (b"x" * 1_000_001, "length"),
    ],
)
def test_malformed_notes_are_refused(raw: bytes, part: str) -> None:
    with pytest.raises(LedgerError) as refused:
        parse_note(raw)
    assert code_of(refused) == (Code.NOTE_MALFORMED, part)


@pytest.mark.parametrize("text", ["no newline", "a\tb\n", "a\x00\n", "\ud800\n", ""])
def test_a_text_that_no_note_can_hold_is_not_signed(text: str) -> None:
    with pytest.raises(LedgerError) as refused:
        SIGNER.sign(text)
    assert code_of(refused) == (Code.NOTE_MALFORMED, "text")


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\u3000b", "a\nb", "a\x01b"])
def test_bad_key_names_are_refused(name: str) -> None:
    with pytest.raises(LedgerError) as refused:
        Signer(name, bytes(32))
    assert refused.value.code == Code.KEY_NAME_MALFORMED


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("PeterNeumann", "form"),
        (GO_KEY.replace("c74f20a3", "c74f20a4"), "key_id"),
        (GO_KEY.replace("c74f20a3", "C74F20A3"), "key_id"),
        (GO_KEY.replace("Peter", "Pater"), "key_id"),
        (GO_KEY.replace("+ARpc", "+AhpC"), "public_key"),
        (GO_KEY + "=", "public_key"),
        (GO_KEY + "\n", "public_key"),
        (GO_KEY[:-4], "public_key"),
    ],
)
def test_bad_verifier_keys_are_refused(text: str, part: str) -> None:
    with pytest.raises(LedgerError) as refused:
        VerifierKey.parse(text)
    assert code_of(refused) == (Code.KEY_MALFORMED, part)


def test_a_key_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(LedgerError) as refused:
        Signer(ORIGIN, bytes(31))
    assert code_of(refused) == (Code.KEY_MALFORMED, "seed")


@given(st.integers(1, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_checkpoints_read_back(size: int, root: bytes) -> None:
    note = sign_checkpoint(size, root, SIGNER)
    assert open_checkpoint(note, VerifierKey.parse(str(KEY))) == Checkpoint(ORIGIN, size, root)


def test_a_checkpoint_has_the_form_of_the_standard() -> None:
    # The example of c2sp.org/tlog-checkpoint.
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    checkpoint = parse_checkpoint(text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.text == text


ROOT = b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (f"{ORIGIN}\n7\n{ROOT}", "lines"),
        (f"{ORIGIN}\n7\n", "lines"),
        (f"{ORIGIN}\n7\n{ROOT}\nextension\n", "lines"),
        (f"{ORIGIN}\n7\n{ROOT}\n\n", "lines"),
        (f"\n7\n{ROOT}\n", "origin"),
        (f"{ORIGIN}\n07\n{ROOT}\n", "size"),
        (f"{ORIGIN}\n+7\n{ROOT}\n", "size"),
        (f"{ORIGIN}\n-7\n{ROOT}\n", "size"),
        (f"{ORIGIN}\n7 \n{ROOT}\n", "size"),
        (f"{ORIGIN}\n٧\n{ROOT}\n", "size"),
        (f"{ORIGIN}\n\n{ROOT}\n", "size"),
        (f"{ORIGIN}\n{2**63}\n{ROOT}\n", "size"),
        (f"{ORIGIN}\n7\n{ROOT[:-1]}\n", "root"),
        (f"{ORIGIN}\n7\n{ROOT[:-2]}B=\n", "root"),
        (f"{ORIGIN}\n7\nAAAA\n", "root"),
        (f"{ORIGIN}\n0\n{ROOT}\n", "root"),
    ],
)
def test_malformed_checkpoints_are_refused(text: str, part: str) -> None:
    with pytest.raises(LedgerError) as refused:
        parse_checkpoint(text)
    assert code_of(refused) == (Code.CHECKPOINT_MALFORMED, part)


def test_a_key_signs_for_its_own_log_only() -> None:
    note = SIGNER.sign(Checkpoint("another.example/ledger", 7, bytes(32)).text)
    with pytest.raises(LedgerError) as refused:
        open_checkpoint(note, KEY)
    assert refused.value.code == Code.ORIGIN_DIFFERS


def test_no_single_bit_of_a_checkpoint_can_be_changed() -> None:
    note = sign_checkpoint(1234, bytes(range(32)), SIGNER)
    for bit in range(len(note) * 8):
        changed = bytearray(note)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(LedgerError):
            open_checkpoint(bytes(changed), KEY)


def test_growth_is_told_from_rollback_split_view_and_rewriting() -> None:
    log = MemoryLog(SIGNER, (f"e{i}".encode() for i in range(20)))
    other = MemoryLog(SIGNER, [b"forged", *log.entries[1:]])
    old, new = (Checkpoint(ORIGIN, size, root_at(log.tile, size)) for size in (12, 20))
    proof = consistency_proof(log.tile, 12, 20)
    check_growth(old, new, proof)
    check_growth(new, new, ())
    check_growth(Checkpoint(ORIGIN, 0, EMPTY_ROOT), new, ())
    forged = Checkpoint(ORIGIN, 20, other.edge.root)
    for before, after, shown, code in (
        (new, old, proof, Code.ROLLED_BACK),
        (new, forged, (), Code.SPLIT_VIEW),
        (old, forged, proof, Code.HISTORY_REWRITTEN),
        (old, forged, consistency_proof(other.tile, 12, 20), Code.HISTORY_REWRITTEN),
        (old, new, (), Code.HISTORY_REWRITTEN),
        (old, Checkpoint("another.example", 20, new.root), proof, Code.ORIGIN_DIFFERS),
    ):
        with pytest.raises(LedgerError) as refused:
            check_growth(before, after, shown)
        assert refused.value.code == code
