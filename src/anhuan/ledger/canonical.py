"""The canonical bytes that leaves are made of (RFC 8785; domain/canonical.py), with the ledger's own refusal."""

from __future__ import annotations

from anhuan.domain import canonical as spelling
from anhuan.ledger.errors import Code, LedgerError


def canonical(value: object) -> bytes:
    """The canonical UTF-8 bytes of a value of None, bool, int, float, str, list, tuple and dict with str keys.

    Raises `value_not_canonical` with `at` (where in the value, like `$.area[2]`) and `because`: `type`, `integer`,
    `not_finite`, `nul`, `surrogate` or `key`.
    """
    try:
        return spelling.canonical(value)
    except spelling.NotCanonical as error:
        raise LedgerError(Code.VALUE_NOT_CANONICAL, at=error.at, because=error.because) from None
