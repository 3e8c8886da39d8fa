"""Hand-written SQL in files, each statement under a name and with a line of prose that says what it is for.

    -- name: account_by_id
    -- One account of the tenant, whatever its state.
    SELECT ... WHERE tenant_id = %(tenant)s AND id = %(id)s

`load("identity")` reads `storage/sql/identity.sql`. Statements come back as bytes, which psycopg takes as they are, so
nothing is put together at run time: values go in as parameters only.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

_HEAD = re.compile(r"^-- name: *(?P<name>\S+)[ \t]*$", re.MULTILINE)
_NAME = re.compile(r"[a-z][a-z0-9_]*")


class NamedSqlError(Exception):
    """A file of statements breaks the rules; the message names file and statement."""


class Statements(Mapping[str, bytes]):
    """The statements of one file by name."""

    def __init__(self, source: str, statements: Mapping[str, str]) -> None:
        self._source = source
        self._statements = {name: text.encode() for name, text in statements.items()}

    def __getitem__(self, name: str) -> bytes:
        try:
            return self._statements[name]
        except KeyError:
            raise KeyError(f"{self._source} has no statement {name!r}; it has {', '.join(self._statements)}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._statements)

    def __len__(self) -> int:
        return len(self._statements)


def parse(source: str, text: str) -> Statements:
    """The statements in a file's text. Raises NamedSqlError for a bad or repeated name, missing prose, or no SQL."""
    found: dict[str, str] = {}
    heads = list(_HEAD.finditer(text))
    for head, end in zip(heads, [*(head.start() for head in heads[1:]), len(text)], strict=False):
        name = head["name"]
        lines = text[head.end() : end].strip().splitlines()
        if not _NAME.fullmatch(name):
            raise NamedSqlError(f"{source}: {name!r} is not a name: lower case, digits and _ only.")
        if name in found:
            raise NamedSqlError(f"{source}: {name} stands there twice.")
        if not lines or not re.match(r"-- \S", lines[0]):
            raise NamedSqlError(f"{source}: {name} has no line of prose under its name.")
        body = "\n".join(line for line in lines if not line.lstrip().startswith("--")).strip().rstrip(";")
        if not body:
            raise NamedSqlError(f"{source}: {name} has no SQL.")
        found[name] = body
    if not found:
        raise NamedSqlError(f"{source} has no statement: write `-- name: what_it_does` above each.")
    return Statements(source, found)


@cache
def load(noun: str) -> Statements:
    """The statements of `storage/sql/<noun>.sql`."""
    source = f"{noun}.sql"
    text = files("anhuan.storage").joinpath("sql", source).read_text(encoding="utf-8")
    return parse(source, text)
