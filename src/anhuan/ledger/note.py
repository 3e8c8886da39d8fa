"""C2SP signed notes with Ed25519 (https://c2sp.org/signed-note): a text, a blank line, signature lines.

Reading is strict: one spelling for each note, so that no byte can be changed unseen. Lines signed by keys that we do
not know are ignored, as the standard demands; witnesses add theirs that way.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from hashlib import sha256
from typing import Self

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from anhuan.ledger.errors import Code, LedgerError

ED25519 = b"\x01"
"""The signature type of Ed25519 in key ids and verifier keys."""
MAX_NOTE_BYTES = 1_000_000
MAX_SIGNATURES = 100
_KEY_BYTES = 32
_DASH = "— "


def decode_base64(text: str) -> bytes | None:
    """Standard base64 (RFC 4648 section 4) in its only canonical spelling, or None."""
    try:
        value = b64decode(text, validate=True)
    except (Base64Error, ValueError):
        return None
    return value if b64encode(value).decode("ascii") == text else None


def _check_name(name: str) -> None:
    if not name or "+" in name or any(char.isspace() or char < " " for char in name):
        raise LedgerError(Code.KEY_NAME_MALFORMED, name=name)


class VerifierKey(msgspec.Struct, frozen=True):
    """A public key and the name that it signs under. Its text form is `<name>+<hash>+<base64>`.

    Fields:
        name: the log's origin: not empty, without spaces or plus signs, such as `plant.example.com/ledger`.
        public: the Ed25519 public key, 32 bytes.
    """

    name: str
    public: bytes

    def __post_init__(self) -> None:
        _check_name(self.name)
        if len(self.public) != _KEY_BYTES:
            raise LedgerError(Code.KEY_MALFORMED, part="public_key", length=len(self.public))

    @property
    def key_id(self) -> bytes:
        """The first 4 bytes of SHA-256(name || newline || type || public key)."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64encode(ED25519 + self.public).decode('ascii')}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads the text form. Raises `key_malformed` (part says which) or `key_name_malformed`."""
        parts = text.split("+", 2)
        if len(parts) != 3:
            raise LedgerError(Code.KEY_MALFORMED, part="form")
        value = decode_base64(parts[2])
        if value is None or value[:1] != ED25519:
            raise LedgerError(Code.KEY_MALFORMED, part="public_key")
        key = cls(name=parts[0], public=value[1:])
        if parts[1] != key.key_id.hex():
            raise LedgerError(Code.KEY_MALFORMED, part="key_id")
        return key


class Signer:
    """An Ed25519 private key and the name that it signs under."""

    def __init__(self, name: str, seed: bytes) -> None:
        """`seed`: the 32-byte private key of RFC 8032, drawn by the caller. Raises `key_malformed`."""
        if len(seed) != _KEY_BYTES:
            raise LedgerError(Code.KEY_MALFORMED, part="seed", length=len(seed))
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier_key = VerifierKey(name=name, public=self._private.public_key().public_bytes_raw())

    def sign(self, text: str) -> bytes:
        """A note of `text` with one signature line. Raises `note_malformed` for a text that no note can hold."""
        _check_text(text)
        signature = self.verifier_key.key_id + self._private.sign(text.encode())
        return f"{text}\n{_DASH}{self.verifier_key.name} {b64encode(signature).decode('ascii')}\n".encode()


class Signature(msgspec.Struct, frozen=True):
    """One signature line.

    Fields:
        name: the key's name.
        key_id: 4 bytes that tell keys of one name apart.
        value: the signature; its form depends on the key's type.
    """

    name: str
    key_id: bytes
    value: bytes


class Note(msgspec.Struct, frozen=True):
    """A note as read, nothing believed yet.

    Fields:
        text: what was signed, with its last newline.
        signatures: all lines, of known and unknown keys.
    """

    text: str
    signatures: tuple[Signature, ...]


def _check_text(text: str) -> None:
    if not text.endswith("\n") or any(char < " " and char != "\n" for char in text):
        raise LedgerError(Code.NOTE_MALFORMED, part="text")
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise LedgerError(Code.NOTE_MALFORMED, part="text")


def parse_note(raw: bytes) -> Note:
    """Reads a note without checking signatures. Raises `note_malformed` (part says what)."""
    if len(raw) > MAX_NOTE_BYTES:
        raise LedgerError(Code.NOTE_MALFORMED, part="length")
    try:
        whole = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise LedgerError(Code.NOTE_MALFORMED, part="utf8") from None
    text, blank, lines = whole.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise LedgerError(Code.NOTE_MALFORMED, part="signatures")
    _check_text(whole)
    signatures = tuple(_parse_signature(line) for line in lines[:-1].split("\n"))
    if len(signatures) > MAX_SIGNATURES:
        raise LedgerError(Code.NOTE_MALFORMED, part="signatures")
    return Note(text=text + "\n", signatures=signatures)


def _parse_signature(line: str) -> Signature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    value = decode_base64(encoded)
    if not line.startswith(_DASH) or not space or value is None or len(value) < 5:
        raise LedgerError(Code.NOTE_MALFORMED, part="signature_line")
    _check_name(name)
    return Signature(name=name, key_id=value[:4], value=value[4:])


def open_note(raw: bytes, key: VerifierKey) -> str:
    """The text of a note, once signed by `key`.

    Raises `note_malformed`, `key_name_malformed` (in a signature line), `note_not_signed_by_key`, or
    `note_signature_wrong` when any line under this key's name and id does not verify.
    """
    note = parse_note(raw)
    ours = [line.value for line in note.signatures if (line.name, line.key_id) == (key.name, key.key_id)]
    if not ours:
        raise LedgerError(Code.NOTE_NOT_SIGNED_BY_KEY, name=key.name)
    public = Ed25519PublicKey.from_public_bytes(key.public)
    for value in ours:
        try:
            public.verify(value, note.text.encode())
        except InvalidSignature:
            raise LedgerError(Code.NOTE_SIGNATURE_WRONG, name=key.name) from None
    return note.text
