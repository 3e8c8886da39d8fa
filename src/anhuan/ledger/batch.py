"""Many entries of one moment at a time: the same bytes as `leaf.entry_bytes`, for a fraction of its time.

A sequencer writes entries by the thousand, and most of what they say repeats: the moment, the types, the streams. Each
is checked and spelt once. A test holds both writings together, byte for byte.
"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta

from anhuan.domain.canonical import MAX_INTEGER
from anhuan.ledger.canonical import canonical
from anhuan.ledger.errors import Code, LedgerError
from anhuan.ledger.leaf import SALT_BYTES, Entry, entry_bytes

_NO_OFFSET = timedelta(0)
_LONGEST_TEXT = 1000
"""Characters: two such texts fit into an entry however they are escaped."""


class EntryWriter:
    """Writes the entries of one moment."""

    def __init__(self, recorded_at: datetime) -> None:
        self._recorded_at = recorded_at
        self._spelt: dict[str, str] = {}
        self._middle = f'","recorded_at":"{_instant(recorded_at)}","stream":'

    def write(self, stream: str, version: int, type: str, at: datetime, salt: bytes, payload: bytes) -> bytes:
        """The bytes of one entry, which commits to `payload` under `salt`.

        Raises `salt_length`, and `entry_malformed` or `entry_too_large` as `Entry` and `entry_bytes` do.
        """
        if len(salt) != SALT_BYTES:
            raise LedgerError(Code.SALT_LENGTH, expected=SALT_BYTES, found=len(salt))
        commitment = hmac.digest(salt, payload, "sha256")
        spelt_stream = self._spelt.get(stream) or self._spell(stream)
        spelt_type = self._spelt.get(type) or self._spell(type)
        if not spelt_stream or not spelt_type or not 1 <= version <= MAX_INTEGER:
            return self._slowly(stream, version, type, at, commitment)
        return (
            f'{{"at":"{_instant(at)}","commitment":"{commitment.hex()}{self._middle}{spelt_stream},'
            f'"type":{spelt_type},"v":1,"version":{version}}}'
        ).encode()

    def _spell(self, text: str) -> str:
        """The text as it stands in JSON; empty: it must be looked at closely."""
        if not 1 <= len(text) <= _LONGEST_TEXT:
            return ""
        try:
            spelt = canonical(text).decode()
        except LedgerError:
            return ""
        self._spelt[text] = spelt
        return spelt

    def _slowly(self, stream: str, version: int, type: str, at: datetime, commitment: bytes) -> bytes:
        """With every check, for what is unusual or wrong."""
        entry = Entry(
            stream=stream, version=version, type=type, at=at, recorded_at=self._recorded_at, commitment=commitment
        )
        return entry_bytes(entry)


def _instant(value: datetime) -> str:
    """As in an entry: UTC, six decimals, Z. Raises `entry_malformed` for an instant without a zone."""
    offset = value.utcoffset()
    if offset is None:
        raise LedgerError(Code.ENTRY_MALFORMED, field="at")
    if offset != _NO_OFFSET:
        value = value.astimezone(UTC)
    return value.isoformat(timespec="microseconds")[:26] + "Z"
