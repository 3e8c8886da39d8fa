"""What one entry of the ledger says, and how personal data stays out of it.

A ledger never forgets, and people have a right to be forgotten. So an entry names the stream, the kind of event and
the times, and commits to the event's payload with a secret salt. Whoever holds payload and salt can prove what was
written; once both are destroyed, the entry still stands and tells nothing.
"""

from __future__ import annotations

import hmac
import re
from datetime import UTC, datetime
from typing import Literal

import msgspec

from anhuan.domain.canonical import MAX_INTEGER
from anhuan.ledger.errors import Code, LedgerError
from anhuan.ledger.tiles import MAX_ENTRY_BYTES

SALT_BYTES = 32
COMMITMENT_BYTES = 32
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
_INSTANT = "%Y-%m-%dT%H:%M:%S.%fZ"


class _Written(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """An entry as it stands in JSON: instants in RFC 3339 with six decimals and Z, the commitment in hex."""

    v: Literal[1]
    stream: str
    version: int
    type: str
    at: str
    recorded_at: str
    commitment: str
    tenant: str | None = None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry: an event of one stream, without its payload.

    Fields:
        stream: what the event belongs to, usually a case id; never a person's name or number.
        version: the event's place in its stream, from 1.
        type: the event's name, such as `case_opened`.
        at: when it happened as far as the plant says, UTC.
        recorded_at: when the server took it in, UTC.
        commitment: HMAC-SHA256 of the payload under its salt, 32 bytes.
        tenant: whose log it is, where that is not told by the log itself.
    """

    stream: str
    version: int
    type: str
    at: datetime
    recorded_at: datetime
    commitment: bytes
    tenant: str | None = None

    def __post_init__(self) -> None:
        texts = {"stream": self.stream, "type": self.type, "tenant": "-" if self.tenant is None else self.tenant}
        for field, text in texts.items():
            if not _is_text(text):
                raise LedgerError(Code.ENTRY_MALFORMED, field=field)
        if not 1 <= self.version <= MAX_INTEGER:
            raise LedgerError(Code.ENTRY_MALFORMED, field="version")
        for field, instant in (("at", self.at), ("recorded_at", self.recorded_at)):
            if instant.utcoffset() is None:
                raise LedgerError(Code.ENTRY_MALFORMED, field=field)
        if len(self.commitment) != COMMITMENT_BYTES:
            raise LedgerError(Code.ENTRY_MALFORMED, field="commitment")


def commit(salt: bytes, payload: bytes) -> bytes:
    """The commitment to a payload: HMAC-SHA256(salt, payload), 32 bytes.

    `payload` must be canonical bytes (see `canonical`), or the same value could not be opened again. `salt`: 32
    secret random bytes, a new one for each payload. Raises `salt_length` for any other length: HMAC pads a short
    key with zeros and hashes a long one, so two salts of different length could open one commitment.
    """
    if len(salt) != SALT_BYTES:
        raise LedgerError(Code.SALT_LENGTH, expected=SALT_BYTES, found=len(salt))
    return hmac.digest(salt, payload, "sha256")


def check_opening(entry: Entry, salt: bytes, payload: bytes) -> None:
    """Checks that an entry is about this payload. Raises `opening_differs` or `salt_length`."""
    if not hmac.compare_digest(entry.commitment, commit(salt, payload)):
        raise LedgerError(Code.OPENING_DIFFERS, stream=entry.stream, version=entry.version)


def entry_bytes(entry: Entry) -> bytes:
    """The bytes of an entry that go into the log: canonical JSON. Raises `entry_too_large` over 65,535 bytes."""
    said = _Written(
        v=1,
        stream=entry.stream,
        version=entry.version,
        type=entry.type,
        at=_instant(entry.at),
        recorded_at=_instant(entry.recorded_at),
        commitment=entry.commitment.hex(),
        tenant=entry.tenant,
    )
    # For texts and small integers msgspec's sorted JSON is the canonical form (a test holds them together), and fast.
    written = msgspec.json.encode(said, order="sorted")
    if len(written) > MAX_ENTRY_BYTES:
        raise LedgerError(Code.ENTRY_TOO_LARGE, length=len(written), largest=MAX_ENTRY_BYTES)
    return written


def read_entry(written: bytes) -> Entry:
    """Reads `entry_bytes`, strictly: another spelling of the same entry is refused. Raises `entry_malformed`."""
    try:
        said = msgspec.json.decode(written, type=_Written)
        entry = Entry(
            stream=said.stream,
            version=said.version,
            type=said.type,
            at=_read_instant(said.at),
            recorded_at=_read_instant(said.recorded_at),
            commitment=bytes.fromhex(said.commitment),
            tenant=said.tenant,
        )
    except (msgspec.DecodeError, ValueError):  # ValueError: an instant, the hex digits or the UTF-8
        raise LedgerError(Code.ENTRY_MALFORMED, field="json") from None
    if entry_bytes(entry) != written:
        raise LedgerError(Code.ENTRY_MALFORMED, field="spelling")
    return entry


def _is_text(text: str) -> bool:
    """Whether JSON and PostgreSQL can both hold it: not empty, no U+0000, no half of a surrogate pair."""
    return bool(text) and _UNWRITABLE.search(text) is None


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _read_instant(text: str) -> datetime:
    return datetime.strptime(text, _INSTANT).replace(tzinfo=UTC)
