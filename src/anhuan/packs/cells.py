"""The cells of a decision table: which expressions are allowed, and what they do on sample values.

ZEN raises nothing when a cell is broken, compares a wrong type or names something that does not exist: the row just
never matches. So a cell is judged here before it is ever used: its words must be on a short list (which has no clock
and no chance in it), it must compile, and it must run without error on every sample value of its column.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import zen

from anhuan.packs.columns import InputColumn
from anhuan.packs.problems import Params

CONDITION_WORDS = frozenset({"true", "false", "null", "and", "or", "not", "in", "$"}) | frozenset(
    {"len", "startsWith", "endsWith", "contains", "lower", "upper", "trim", "abs", "floor", "ceil", "round"}
)
OUTPUT_WORDS = frozenset({"true", "false", "null"})
CLOCK_WORDS = frozenset(
    {"d", "date", "time", "duration", "now", "today", "year", "month", "dayOfMonth", "dayOfWeek", "dayOfYear"}
    | {"weekOfYear", "monthOfYear", "monthString", "weekdayString", "dateString", "startOf", "endOf", "tz"}
)
CHANCE_WORDS = frozenset({"rand", "random"})

_TOKEN = re.compile(
    r"""(?P<text>'[^'\\]*'|"[^"\\]*")"""
    r"""|(?P<number>\d+(?:\.\d+)?)"""
    r"""|(?P<word>[A-Za-z_$#][A-Za-z0-9_$#]*)"""
    r"""|(?P<sign>\.\.|==|!=|>=|<=|[-+*/%<>()\[\],])"""
    r"""|(?P<space>\s+)"""
)

Fault = tuple[str, Params]
"""A code and its params; the caller knows the place."""


class _Unreadable(Exception):
    """A character that no token of a cell begins with."""


def _tokens(cell: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(cell):
        found = _TOKEN.match(cell, at)
        if found is None:
            raise _Unreadable(cell[at])
        at = found.end()
        kind = found.lastgroup or ""
        if kind != "space":
            yield kind, found.group()


def literals(cell: str) -> tuple[str | float, ...]:
    """The texts and numbers written in a cell; none when it cannot be read."""
    try:
        return tuple(
            token[1:-1] if kind == "text" else float(token)
            for kind, token in _tokens(cell)
            if kind in ("text", "number")
        )
    except _Unreadable:
        return ()


def word_faults(cell: str, allowed: frozenset[str]) -> list[Fault]:
    """Words of a cell that are not allowed: clocks, chance, and names of nothing (a text without quotes)."""
    try:
        words = [token for kind, token in _tokens(cell) if kind == "word"]
    except _Unreadable as error:
        return [("cell_unreadable", {"cell": cell, "character": str(error)})]
    faults: list[Fault] = []
    for word in dict.fromkeys(words):
        if word in CLOCK_WORDS:
            faults.append(("clock_refused", {"cell": cell, "word": word}))
        elif word in CHANCE_WORDS:
            faults.append(("chance_refused", {"cell": cell, "word": word}))
        elif word not in allowed:
            faults.append(("unknown_word", {"cell": cell, "word": word}))
    return faults


def is_any(cell: str) -> bool:
    """An empty cell matches everything."""
    return not cell.strip()


def samples(column: InputColumn, cells: Iterable[str]) -> tuple[object, ...]:
    """Values that tell a column's cells apart: each value of a closed list, else each literal and its neighbours."""
    values: list[object] = []
    if column.values:
        values.extend(column.values)
    elif column.type == "boolean":
        values.extend((True, False))
    elif column.type == "string":
        written = [item for cell in cells for item in literals(cell) if isinstance(item, str)]
        values.extend(dict.fromkeys([*written, _unlike(written)]))
    else:
        values.extend(_number_samples(column, [n for cell in cells for n in literals(cell) if isinstance(n, float)]))
    return (*values, None) if column.optional else tuple(values)


def _unlike(written: Sequence[str]) -> str:
    return "x" * (max((len(text) for text in written), default=0) + 1)


def _number_samples(column: InputColumn, written: Sequence[float]) -> list[float]:
    step = 1.0 if column.type == "integer" else 0.001
    signed = [sign * number for number in (*written, 0.0) for sign in (1, -1)]
    near = {number + shift for number in signed for shift in (-step, 0.0, step)}
    near |= {bound for bound in (column.minimum, column.maximum) if bound is not None}
    return sorted(n for n in near if column.allows_number(n))


def matches(cell: str, values: Sequence[object]) -> tuple[tuple[bool, ...], list[Fault]]:
    """Which of the values a condition cell matches, and what is wrong with it."""
    if is_any(cell):
        return (True,) * len(values), []
    faults = word_faults(cell, CONDITION_WORDS)
    if faults:
        return (False,) * len(values), faults
    try:
        compiled = zen.compile_unary_expression(cell)
    except RuntimeError as error:
        return (False,) * len(values), [("cell_does_not_compile", {"cell": cell, "reason": _reason(error)})]
    hits: list[bool] = []
    for value in values:
        try:
            hit = compiled.evaluate({"$": value})
        except RuntimeError as error:
            faults.append(("cell_fails", {"cell": cell, "value": value, "reason": _reason(error)}))
            return (False,) * len(values), faults
        if not isinstance(hit, bool):
            return (False,) * len(values), [("cell_is_no_condition", {"cell": cell})]
        hits.append(hit)
    if not any(hits):
        faults.append(("cell_never_matches", {"cell": cell}))
    return tuple(hits), faults


def unlisted(column: InputColumn, cell: str) -> list[Fault]:
    """Texts and numbers in a condition that a closed column can never have: mostly typing errors."""
    if not column.values:
        return []
    known = {float(v) if isinstance(v, int | float) and not isinstance(v, bool) else v for v in column.values}
    return [
        ("unlisted_value", {"cell": cell, "value": item, "values": list(column.values)})
        for item in dict.fromkeys(literals(cell))
        if item not in known
    ]


def constant(cell: str) -> tuple[Any, list[Fault]]:
    """The value that an output cell stands for: a text, a number, true, false, null or a list of such."""
    if is_any(cell):
        return None, [("output_empty", {})]
    faults = word_faults(cell, OUTPUT_WORDS)
    if faults:
        return None, faults
    try:
        value = zen.evaluate_expression(cell, {})
    except RuntimeError as error:
        return None, [("cell_does_not_compile", {"cell": cell, "reason": _reason(error)})]
    return _whole(value), []


def _whole(value: Any) -> Any:
    """ZEN answers 2.0 for 2: give whole numbers back as such, and lists as tuples that nobody can change."""
    if isinstance(value, list):
        return tuple(_whole(item) for item in value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _reason(error: RuntimeError) -> str:
    text = str(error)
    try:
        found = json.JSONDecoder().raw_decode(text)[0]
        return str(found["source"])
    except (ValueError, KeyError, TypeError):
        return text.splitlines()[0] if text else "unknown"
