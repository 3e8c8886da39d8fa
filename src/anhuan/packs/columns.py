"""The columns of a decision table: what may go in, what may come out, and which output is the stricter one."""

import math
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

from msgspec import Struct

from anhuan.core.obligation.calendar import CalendarError, parse_amount
from anhuan.core.obligation.party import PREFIXES, RELATIVE_WORDS

ColumnType = Literal["string", "number", "integer", "boolean"]
OutputType = Literal["string", "number", "integer", "boolean", "array"]

PARTY = re.compile(rf"(?:{'|'.join(PREFIXES)}):[A-Za-z0-9][A-Za-z0-9_-]*(?:@plant)?|{'|'.join(RELATIVE_WORDS)}")
"""A party as written in an output cell; docs/reference/tables.md says what each form means."""


def duration(text: str) -> timedelta | None:
    """The length of an ISO 8601 duration as deadlines read it; None for anything else."""
    try:
        amount = parse_amount(text)
    except CalendarError:
        return None
    return timedelta(days=amount.days, minutes=amount.minutes)


class InputColumn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One input: its type and the values that it may have. Declared under `x-inputs`."""

    type: ColumnType
    values: tuple[str | int | float, ...] = ()
    """A closed list; empty: any value of the type."""
    minimum: float | None = None
    maximum: float | None = None
    optional: bool = False
    """True: may be absent or null, which only empty cells and cells that name null match."""

    def misfits(self) -> tuple[object, ...]:
        """Declared values that are not of the column's own type."""
        return tuple(value for value in self.values if not _has_type(value, self.type))

    def allows_number(self, value: float) -> bool:
        """Within the bounds."""
        return (self.minimum is None or value >= self.minimum) and (self.maximum is None or value <= self.maximum)

    def refusal(self, value: object) -> str | None:
        """Why a value cannot go in: `missing`, `wrong_type`, `unlisted`, `out_of_range`; None when it can."""
        if value is None:
            return None if self.optional else "missing"
        if not _has_type(value, self.type):
            return "wrong_type"
        if self.values and value not in self.values:
            return "unlisted"
        if isinstance(value, int | float) and not isinstance(value, bool) and not self.allows_number(value):
            return "out_of_range"
        return None


class OutputColumn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One output: its type, and what makes one value stricter than another. Declared under `x-outputs`."""

    type: OutputType
    strictest: str | tuple[str | int | float, ...]
    """`shortest`, `longest` (durations); `least`, `greatest` (numbers); `true`, `false`; `superset`, `most` (lists);
    a list of values, strictest first (for a list, its strictest member counts); `unordered` where no value is stricter
    than another."""
    values: tuple[str | int | float, ...] = ()
    """A closed list (of the members, for a list); empty: any value of the type."""
    format: Literal["duration", "party"] | None = None
    """Texts, or the texts in a list, are ISO 8601 durations, or parties."""

    def refusal(self, value: object) -> str | None:
        """Why a value cannot come out: `wrong_type`, `unlisted`, `bad_duration`, `bad_party`; None when it can."""
        if not _has_type(value, self.type):
            return "wrong_type"
        for item in value if isinstance(value, tuple) else (value,):
            if self.values and item not in self.values:
                return "unlisted"
            if self.format is not None and not isinstance(item, str):
                return "wrong_type"
            if self.format == "duration" and duration(str(item)) is None:
                return "bad_duration"
            if self.format == "party" and PARTY.fullmatch(str(item)) is None:
                return "bad_party"
        return None

    def misfits(self) -> tuple[object, ...]:
        """Declared values, those of the strictness rule included, that a value (for a list: a member) cannot have."""
        ranked = () if isinstance(self.strictest, str) else self.strictest
        kind: OutputType = "string" if self.type == "array" else self.type
        wrong = [value for value in (*self.values, *ranked) if not _has_type(value, kind)]
        return (*wrong, *(value for value in ranked if self.values and value not in self.values))

    def rule_fits(self) -> bool:
        """The strictness rule can be applied to values of this type."""
        if not isinstance(self.strictest, str):
            return bool(self.strictest)
        allowed = {
            "string": {"shortest", "longest"} if self.format == "duration" else set(),
            "number": {"least", "greatest"},
            "integer": {"least", "greatest"},
            "boolean": {"true", "false"},
            "array": {"superset", "most"},
        }
        return self.strictest in allowed[self.type] | {"unordered"}

    def is_strictest(self, value: object, others: Sequence[object]) -> bool:
        """No other value is stricter than this one. Values and rule must have been found good before."""
        match self.strictest:
            case "unordered":
                return True
            case "true" | "false":
                return value is (self.strictest == "true") or all(other is value for other in others)
            case "superset":
                return all(set(_members(other)) <= set(_members(value)) for other in others)
            case rule:
                mine = _rank(rule, value)
                return all(mine <= _rank(rule, other) for other in others)


def _rank(rule: str | tuple[str | int | float, ...], value: object) -> float:
    """A number that is smaller the stricter the value is."""
    if not isinstance(rule, str):
        ranks = [place for place, ranked in enumerate(rule) if ranked in (_members(value) or (value,))]
        return min(ranks, default=len(rule))
    if rule in ("shortest", "longest"):
        length = duration(str(value)) or timedelta()
        return length.total_seconds() * (1 if rule == "shortest" else -1)
    if rule == "most":
        return -len(_members(value))
    number = value if isinstance(value, int | float) else 0
    return float(number if rule == "least" else -number)


def _members(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()


def _has_type(value: object, wanted: OutputType) -> bool:
    match wanted:
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "array":
            return isinstance(value, tuple) and all(isinstance(item, str | int | float) for item in value)
        case "integer":
            return not isinstance(value, bool) and (
                isinstance(value, int) or (isinstance(value, float) and value.is_integer())
            )
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
