"""Files of named statements: what they must hold, and what is said where they do not."""

import pytest

from anhuan.storage.named_sql import NamedSqlError, load, parse

GOOD = """-- What this file is about.

-- name: first_one
-- Says what it is for.
SELECT 1;

-- name: second
-- Says it
-- over two lines.
SELECT 2  -- stays
FROM x
"""


def test_statements_come_by_name_as_bytes_without_their_prose() -> None:
    statements = parse("x.sql", GOOD)
    assert dict(statements) == {"first_one": b"SELECT 1", "second": b"SELECT 2  -- stays\nFROM x"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("SELECT 1", "no statement"),
        ("-- name: a\nSELECT 1", "a has no line of prose"),
        ("-- name: a\n-- Prose.\n", "a has no SQL"),
        ("-- name: A-b\n-- Prose.\nSELECT 1", "'A-b' is not a name"),
        ("-- name: a\n-- P.\nSELECT 1\n-- name: a\n-- P.\nSELECT 2", "a stands there twice"),
    ],
)
def test_a_file_that_breaks_the_rules_is_refused(text: str, told: str) -> None:
    with pytest.raises(NamedSqlError, match=told):
        parse("x.sql", text)


def test_a_name_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(KeyError, match=r"identity\.sql has no statement 'find'; it has find_login"):
        load("identity")["find"]
