"""Folding: texts that a person takes for the same become equal.

Registers hold full-width letters, stray spaces, long dashes and brackets with remarks. Nothing is compared unfolded.
"""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from anhuan.ports.registers import Cell

_DASHES = re.compile(r"[‐-―−﹘﹣－ー—–]+")
_SPACES = re.compile(r"[\s\u200b\ufeff]+")
_SIGNS = re.compile(r"[\W_]+")
_BRACKETED = re.compile(r"[(\[{【〔《<][^)\]}】〕》>]*[)\]}】〕》>]")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_HARMLESS = re.compile(r"[-+][\d.,%]*|-+|%")
_EDGES = "。．.,，、;；:：!！?？~～*＊·"


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """For values and names: width, case, spaces, kinds of dash and closing punctuation are ignored."""
    folded = _DASHES.sub("-", unicodedata.normalize("NFKC", text)).casefold()
    return _SPACES.sub("", folded).strip(_EDGES)


@lru_cache(maxsize=65536)
def fold_head(text: str) -> str:
    """For heads: whatever is not a letter or a figure is ignored."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", text).casefold())


@lru_cache(maxsize=65536)
def bare(text: str) -> str:
    """The text without what stands in brackets; the text itself where that is all."""
    normal = unicodedata.normalize("NFKC", text)
    return _BRACKETED.sub("", normal).strip() or normal.strip()


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet would compute the text instead of showing it. Signed figures and dashes are harmless."""
    start = unicodedata.normalize("NFKC", text[:1])
    return start.startswith(_FORMULA_STARTS) and not _HARMLESS.fullmatch(text)


def cell_text(cell: Cell) -> str:
    """The cell as a person reads it: whole numbers without decimals, dates as ISO; a neutralised text as it was."""
    if isinstance(cell, str):
        text = cell.strip()
        return text[1:].strip() if text[:1] == "'" and looks_like_formula(text[1:]) else text
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return str(cell) if isinstance(cell, (int, timedelta)) else ""


def letters(index: int) -> str:
    """Excel's name of a column counted from 0."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def column_index(name: str) -> int | None:
    """The reverse of `letters`; None for what is no column's name."""
    if not re.fullmatch(r"[A-Za-z]{1,3}", name):
        return None
    index = 0
    for letter in name.upper():
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1
