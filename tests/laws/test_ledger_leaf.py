"""Leaves: one byte string for each value, commitments that open one way, entries that read back strictly."""

from __future__ import annotations

import hmac
import json
import struct
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from anhuan.ledger.canonical import canonical
from anhuan.ledger.errors import Code, LedgerError
from anhuan.ledger.leaf import Entry, check_opening, commit, entry_bytes, read_entry

SALT = bytes(range(32))
ENTRY = Entry(
    stream="0192f0c1-7a3b-7c4d-8e5f-001122334455",
    version=3,
    type="case_opened",
    at=datetime(2026, 11, 24, 14, 5, 6, tzinfo=timezone(timedelta(hours=8))),
    recorded_at=datetime(2026, 11, 24, 6, 5, 7, 250, tzinfo=UTC),
    commitment=commit(SALT, b"{}"),
    tenant="hangzhou",
)

# RFC 8785 appendix B.
NUMBERS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("bits", NUMBERS)
def test_numbers_are_those_of_the_standard(bits: str) -> None:
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical(number).decode() == NUMBERS[bits]


def test_the_examples_of_the_standard() -> None:
    value = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": '\u20ac$\u000f\nA\'\u0042"\\\\"/',
        "literals": [None, True, False],
    }
    assert canonical(value).decode() == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    ordered = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(json.loads(canonical(dict.fromkeys(keys, 0)))) == ordered


@given(values)
def test_a_value_survives_and_is_written_once(value: object) -> None:
    written = canonical(value)
    assert json.loads(written, parse_int=float) == value
    assert canonical(json.loads(written)) == written


@given(st.floats(2**53, allow_infinity=False))
def test_a_large_number_is_the_same_after_jsonb_wrote_out_its_digits(number: float) -> None:
    written = canonical(number)
    assert canonical(int(Decimal(written.decode()))) == written


@given(st.dictionaries(texts, st.integers(0, 9), min_size=2, max_size=6))
def test_the_order_of_keys_does_not_matter(value: dict[str, int]) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(value)


@pytest.mark.parametrize(
    ("value", "at", "because"),
    [
        ({"a": [1, 2**53 + 1]}, "$.a[1]", "integer"),
        (-(2**53) - 1, "$", "integer"),
        (10**30 + 1, "$", "integer"),
        (10**400, "$", "integer"),
        ([float("nan")], "$[0]", "not_finite"),
        (float("-inf"), "$", "not_finite"),
        ({"a": "x\0"}, "$.a", "nul"),
        ({"a\0": 1}, "$", "nul"),
        ("\ud800", "$", "surrogate"),
        ({1: 2}, "$", "key"),
        ({"a": b"bytes"}, "$.a", "type"),
        (ENTRY.at, "$", "type"),
    ],
)
def test_what_has_no_canonical_form_is_refused(value: object, at: str, because: str) -> None:
    with pytest.raises(LedgerError) as refused:
        canonical(value)
    assert refused.value.code == Code.VALUE_NOT_CANONICAL
    assert refused.value.params == {"at": at, "because": because}


def test_an_entry_is_written_like_this() -> None:
    commitment = hmac.new(SALT, b"{}", "sha256").hexdigest()
    assert entry_bytes(ENTRY).decode() == (
        '{"at":"2026-11-24T06:05:06.000000Z","commitment":"' + commitment + '",'
        '"recorded_at":"2026-11-24T06:05:07.000250Z","stream":"0192f0c1-7a3b-7c4d-8e5f-001122334455",'
        '"tenant":"hangzhou","type":"case_opened","v":1,"version":3}'
    )
    assert read_entry(entry_bytes(ENTRY)) == ENTRY
    assert b"tenant" not in entry_bytes(msgspec.structs.replace(ENTRY, tenant=None))


instants = st.datetimes(
    *(datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None) for year in (1000, 9000)), timezones=st.just(UTC)
)


@given(
    stream=texts.filter(bool),
    version=st.integers(1, 2**53 - 1),
    type=texts.filter(bool),
    at=instants,
    recorded_at=instants,
    commitment=st.binary(min_size=32, max_size=32),
    tenant=st.none() | texts.filter(bool),
)
def test_entries_read_back(**fields: object) -> None:
    entry = Entry(**fields)  # type: ignore[arg-type]
    assert read_entry(entry_bytes(entry)) == entry
    assert entry_bytes(entry) == canonical(json.loads(entry_bytes(entry)))


@pytest.mark.parametrize(
    "change",
    [
        lambda written: b" " + written,
        lambda written: written + b"\n",
        lambda written: written.replace(b":", b": ", 1),
        lambda written: written.replace(b'"v":1', b'"v":2'),
        lambda written: written.replace(b'"v":1,', b""),
        lambda written: written.replace(b'"v":1', b'"v":1,"x":1'),
        lambda written: written.replace(b'"v":1', b'"v":1,"v":1'),
        lambda written: written.replace(b'"version":3', b'"version":true'),
        lambda written: written.replace(b'"version":3', b'"version":0'),
        lambda written: written.replace(b'"version":3', b'"version":3.0'),
        lambda written: written.replace(b".000000Z", b"Z"),
        lambda written: written.replace(b".000000Z", b".000000+00:00"),
        lambda written: written.replace(b"11-24", b"13-24"),
        lambda written: written.replace(b'"case_opened"', b'""'),
        lambda written: written.replace(b'"case_opened"', b"7"),
        lambda written: written.replace(b'"hangzhou"', b"null"),
        lambda written: written.replace(b"case_opened", b"case_open\xff"),
        lambda written: written[:-1],
        lambda written: b"[]",
        lambda written: written.replace(ENTRY.commitment.hex().encode(), ENTRY.commitment.hex().upper().encode()),
        lambda written: written.replace(ENTRY.commitment.hex().encode(), b"00"),
    ],
)
def test_another_spelling_of_an_entry_is_refused(change) -> None:  # type: ignore[no-untyped-def]
    written = entry_bytes(ENTRY)
    assert change(written) != written
    with pytest.raises(LedgerError) as refused:
        read_entry(change(written))
    assert refused.value.code == Code.ENTRY_MALFORMED


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("stream", ""),
        ("type", ""),
        ("tenant", ""),
        ("stream", "a\0"),
        ("type", "\ud800"),
        ("version", 0),
        ("at", ENTRY.at.replace(tzinfo=None)),
        ("recorded_at", ENTRY.at.replace(tzinfo=None)),
        ("commitment", bytes(31)),
    ],
)
def test_an_entry_with_a_bad_field_is_refused(field: str, value: object) -> None:
    with pytest.raises(LedgerError) as refused:
        msgspec.structs.replace(ENTRY, **{field: value})
    assert refused.value.params == {"field": field}


def test_an_entry_too_large_is_refused() -> None:
    with pytest.raises(LedgerError) as refused:
        entry_bytes(msgspec.structs.replace(ENTRY, stream="x" * 65_536))
    assert refused.value.code == Code.ENTRY_TOO_LARGE


@given(
    st.binary(min_size=32, max_size=32),
    st.binary(max_size=64),
    st.binary(min_size=32, max_size=32),
    st.binary(max_size=64),
)
def test_a_commitment_opens_one_way(salt: bytes, payload: bytes, other_salt: bytes, other: bytes) -> None:
    assume((salt, payload) != (other_salt, other))
    entry = msgspec.structs.replace(ENTRY, commitment=commit(salt, payload))
    check_opening(entry, salt, payload)
    with pytest.raises(LedgerError) as refused:
        check_opening(entry, other_salt, other)
    assert refused.value.code == Code.OPENING_DIFFERS


@pytest.mark.parametrize("length", [0, 31, 33, 64, 65])
def test_salts_have_one_length(length: int) -> None:
    with pytest.raises(LedgerError) as refused:
        commit(bytes(length), b"{}")
    assert refused.value.code == Code.SALT_LENGTH
