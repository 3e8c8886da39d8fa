"""Writing entries by the thousand gives the same bytes as writing one, and refuses the same."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from anhuan.ledger.batch import EntryWriter
from anhuan.ledger.errors import Code, LedgerError
from anhuan.ledger.leaf import Entry, commit, entry_bytes

INSTANTS = st.datetimes(
    min_value=datetime(1990, 1, 1),  # noqa: DTZ001  Hypothesis adds the zone itself
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-3, minutes=-30))]),
)
TEXTS = st.text(min_size=0, max_size=40) | st.sampled_from(["案件", 'a"b\\c\n\x7f\u2028', "x" * 1001, "\ud800", "a\0b"])
SALT = bytes(range(32))


@given(
    recorded_at=INSTANTS,
    said=st.lists(st.tuples(TEXTS, st.integers(-1, 2**53), TEXTS, INSTANTS, st.binary(max_size=20)), max_size=5),
)
@example(
    recorded_at=datetime(2026, 1, 1, tzinfo=UTC), said=[("a", 1, "T", datetime(2026, 1, 1, tzinfo=UTC), b"{}")] * 2
)
def test_both_writings_agree(recorded_at: datetime, said: list[tuple[str, int, str, datetime, bytes]]) -> None:
    writer = EntryWriter(recorded_at)
    for stream, version, kind, at, payload in said:
        slow: bytes | Code
        fast: bytes | Code
        try:
            commitment = commit(SALT, payload)
            slow = entry_bytes(
                Entry(
                    stream=stream,
                    version=version,
                    type=kind,
                    at=at,
                    recorded_at=recorded_at,
                    commitment=commitment,
                )
            )
        except LedgerError as error:
            slow = error.code
        try:
            fast = writer.write(stream, version, kind, at, SALT, payload)
        except LedgerError as error:
            fast = error.code
        assert fast == slow


def test_what_is_wrong_is_refused_and_no_entry_can_be_too_large() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    writer = EntryWriter(now)
    with pytest.raises(LedgerError) as refused:
        writer.write("s", 1, "T", now, b"short", b"{}")
    assert refused.value.code is Code.SALT_LENGTH
    with pytest.raises(LedgerError) as refused:
        writer.write("s", 1, "T", now.replace(tzinfo=None), SALT, b"{}")
    assert refused.value.code is Code.ENTRY_MALFORMED
    assert len(writer.write("\x01" * 1000, 1, "\x02" * 1000, now, SALT, b"{}")) < 65_535
    with pytest.raises(LedgerError) as refused:
        writer.write("s" * 70_000, 1, "T", now, SALT, b"{}")
    assert refused.value.code is Code.ENTRY_TOO_LARGE
