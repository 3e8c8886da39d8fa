"""One byte string per JSON value: the JSON Canonicalization Scheme (RFC 8785).

Two programs that hold the same value must hash the same bytes. Numbers are doubles, as in JavaScript: `1.0` and `1`
give the same bytes, and an integer that a double would round is refused. So is U+0000, because PostgreSQL's jsonb
cannot hold it. A value that went through jsonb and back has the same canonical bytes.
"""

from __future__ import annotations

from decimal import Decimal
from json import JSONEncoder
from math import isfinite

MAX_INTEGER = 2**53 - 1
"""Up to here a double holds every integer."""
_quoted = JSONEncoder(ensure_ascii=False).encode


class NotCanonical(ValueError):
    """The value has no canonical spelling."""

    def __init__(self, at: str, because: str) -> None:
        super().__init__(f"{at}: {because}")
        self.at = at
        """Where in the value, like `$.area[2]`."""
        self.because = because
        """`type`, `integer`, `not_finite`, `nul`, `surrogate` or `key`."""


def canonical(value: object) -> bytes:
    """The canonical UTF-8 bytes of a value of None, bool, int, float, str, list, tuple and dict with str keys.

    Raises NotCanonical.
    """
    return _write(value, "$").encode()


def _write(value: object, at: str) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value) if abs(value) <= MAX_INTEGER else _large(value, at)
        case float():
            return _number(value, at)
        case str():
            return _text(value, at)
        case list() | tuple():
            return "[" + ",".join(_write(item, f"{at}[{i}]") for i, item in enumerate(value)) + "]"
        case dict():
            return _object(value, at)
        case _:
            raise NotCanonical(at, "type")


def _object(value: dict[object, object], at: str) -> str:
    members = []
    for key, item in value.items():
        if not isinstance(key, str):
            raise NotCanonical(at, "key")
        name = _text(key, at)
        # RFC 8785 section 3.2.3 sorts by UTF-16 code units, which differs from code points beyond U+FFFF.
        members.append((key.encode("utf-16-be"), f"{name}:{_write(item, f'{at}.{key}')}"))
    return "{" + ",".join(member for _, member in sorted(members)) + "}"


def _text(value: str, at: str) -> str:
    if "\0" in value:
        raise NotCanonical(at, "nul")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise NotCanonical(at, "surrogate") from None
    return _quoted(value)


def _large(value: int, at: str) -> str:
    try:
        text = _number(float(value), at)
    except OverflowError:
        raise NotCanonical(at, "integer") from None
    if Decimal(text) != value:
        raise NotCanonical(at, "integer")
    return text


def _number(value: float, at: str) -> str:
    """ECMAScript's Number::toString (RFC 8785 section 3.2.2.3), from Python's equally short digits."""
    if not isfinite(value):
        raise NotCanonical(at, "not_finite")
    if value == 0:
        return "0"
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    digits = (whole + fraction).lstrip("0")
    point = int(exponent or 0) - len(fraction) + len(digits)  # the value is 0.digits * 10**point
    digits = digits.rstrip("0")
    count = len(digits)
    if count <= point <= 21:
        text = digits + "0" * (point - count)
    elif 0 < point <= 21:
        text = f"{digits[:point]}.{digits[point:]}"
    elif -6 < point <= 0:
        text = f"0.{'0' * -point}{digits}"
    else:
        tail = f".{digits[1:]}" if count > 1 else ""
        text = f"{digits[0]}{tail}e{point - 1:+d}"
    return f"-{text}" if value < 0 else text
