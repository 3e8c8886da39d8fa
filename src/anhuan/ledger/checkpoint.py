"""C2SP tlog-checkpoint (https://c2sp.org/tlog-checkpoint): a log's origin, size and root, signed.

A checkpoint is the log's promise of everything up to its size. Held by somebody outside the plant, an old one makes
rewriting visible even to a person who holds the key.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence

import msgspec

from anhuan.ledger.errors import Code, LedgerError
from anhuan.ledger.merkle import EMPTY_ROOT, HASH_BYTES, MAX_SIZE
from anhuan.ledger.note import Signer, VerifierKey, decode_base64, open_note
from anhuan.ledger.proofs import verify_consistency

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class Checkpoint(msgspec.Struct, frozen=True):
    """The state of a log.

    Fields:
        origin: the log's name; the same as its key's name.
        size: number of entries.
        root: RFC 6962 root at that size, 32 bytes.
    """

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not self.origin or any(char < " " for char in self.origin):
            raise LedgerError(Code.CHECKPOINT_MALFORMED, part="origin")
        if not 0 <= self.size <= MAX_SIZE:
            raise LedgerError(Code.CHECKPOINT_MALFORMED, part="size")
        if len(self.root) != HASH_BYTES or (self.size == 0 and self.root != EMPTY_ROOT):
            raise LedgerError(Code.CHECKPOINT_MALFORMED, part="root")

    @property
    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode('ascii')}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """Reads the text of a checkpoint. Raises `checkpoint_malformed` (part says which line).

    Extension lines are refused: our logs never write them, and nobody who watches a log could audit them.
    """
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:
        raise LedgerError(Code.CHECKPOINT_MALFORMED, part="lines")
    if _SIZE.fullmatch(lines[1]) is None:
        raise LedgerError(Code.CHECKPOINT_MALFORMED, part="size")
    root = decode_base64(lines[2])
    if root is None:
        raise LedgerError(Code.CHECKPOINT_MALFORMED, part="root")
    return Checkpoint(origin=lines[0], size=int(lines[1]), root=root)


def sign_checkpoint(size: int, root: bytes, signer: Signer) -> bytes:
    """The signed note of a log's state, ready to be stored or served as `checkpoint`."""
    return signer.sign(Checkpoint(origin=signer.verifier_key.name, size=size, root=root).text)


def open_checkpoint(note: bytes, key: VerifierKey) -> Checkpoint:
    """Reads a signed checkpoint of the log whose key this is.

    Raises what `open_note` raises, `checkpoint_malformed`, or `origin_differs` when the key signed for another log.
    """
    checkpoint = parse_checkpoint(open_note(note, key))
    if checkpoint.origin != key.name:
        raise LedgerError(Code.ORIGIN_DIFFERS, expected=key.name, found=checkpoint.origin)
    return checkpoint


def check_growth(old: Checkpoint, new: Checkpoint, proof: Sequence[bytes]) -> None:
    """Checks that `new` only adds to `old`: the question that a phone, a gate or a witness asks at each contact.

    Returns nothing when it does. Raises `origin_differs`, `rolled_back` (the log is shorter than it was),
    `split_view` (two signed states of one size), or `history_rewritten` when the proof does not hold.
    """
    if old.origin != new.origin:
        raise LedgerError(Code.ORIGIN_DIFFERS, expected=old.origin, found=new.origin)
    if new.size < old.size:
        raise LedgerError(Code.ROLLED_BACK, old=old.size, new=new.size)
    if new.size == old.size and new.root != old.root:
        raise LedgerError(Code.SPLIT_VIEW, size=new.size)
    try:
        verify_consistency(old.size, old.root, new.size, new.root, proof)
    except LedgerError as error:
        raise LedgerError(Code.HISTORY_REWRITTEN, old=old.size, new=new.size) from error
