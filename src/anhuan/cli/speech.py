"""What commands say, in the language of the terminal (LC_ALL, LC_MESSAGES, LANG): Chinese, else English."""

import os
import sys
import time
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import typer
import yaml

from anhuan.ports.identity import Language

EVERY_S = 2.0
"""How often progress is told."""
NAME_WIDTH, FIRST_WIDTH, CELL_WIDTH = 34, 10, 14
"""Columns of a table's name and cells."""


def language() -> str:
    """`zh` or `en`."""
    chosen = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return "zh" if chosen.lower().startswith("zh") else "en"


def spoken() -> Language:
    """The same, as figures and packs are asked for it."""
    return "zh" if language() == "zh" else "en"


@cache
def words(tongue: str) -> Mapping[str, Mapping[str, str]]:
    """The sentences of a language: `said` and `faults` by key."""
    text = files("anhuan.cli").joinpath("words", f"{tongue}.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, str]] = yaml.safe_load(text)
    return found


def sentence(key: str, /, **params: object) -> str:
    """One of the commands' own sentences."""
    return words(language())["said"][key].format(**params)


def fault(code: str, params: Mapping[str, object]) -> str:
    """What is wrong, in words; a code without words is told as it is."""
    texts = words(language())["faults"]
    try:
        return texts[code].format(**params)
    except KeyError:
        return texts["unknown"].format(code=code, params=dict(params))


def say(key: str, /, **params: object) -> None:
    """Tell it."""
    typer.echo(sentence(key, **params))


def complain(key: str, /, **params: object) -> None:
    """Tell what went wrong, where errors go."""
    typer.echo(sentence(key, **params), err=True)


def line(name: str, *cells: str, widths: Sequence[int] = ()) -> str:
    """A row of a table: a name and cells to its right; a Chinese letter is as wide as two others."""
    row = f"  {name}{' ' * max(1, NAME_WIDTH - width(name))}"
    for cell, wide in zip(cells, widths or (FIRST_WIDTH, *([CELL_WIDTH] * len(cells))), strict=False):
        row += f"{' ' * max(0, wide - width(cell))}{cell}"
    return row.rstrip()


def width(text: str) -> int:
    """Columns that a text takes on a terminal."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


class Progress:
    """Tells how far something long has come, every few seconds, where errors go."""

    def __init__(self) -> None:
        self._told_at = time.monotonic()

    def __call__(self, key: str, done: int, total: int) -> None:
        if time.monotonic() - self._told_at >= EVERY_S:
            self._told_at = time.monotonic()
            print(sentence(key, done=done, total=total), file=sys.stderr, flush=True)
