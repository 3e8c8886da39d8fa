"""What figures are called and how each is computed, in Chinese and English (figure_words.yaml)."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from anhuan.ports.identity import Language


@cache
def _words() -> Mapping[str, Any]:
    text = files("anhuan.app").joinpath("figure_words.yaml").read_text(encoding="utf-8")
    words: Mapping[str, Any] = yaml.safe_load(text)
    return words


def figure_name(key: str, language: Language) -> str:
    """What a figure is called. Raises KeyError for one that is not known."""
    return str(_words()["figures"][key][language]["name"])


def formula(key: str, language: Language) -> str:
    """How a figure is computed, in one sentence."""
    return str(_words()["figures"][key][language]["formula"])


def wait_name(wait: str, language: Language) -> str:
    """What a sort of waiting is called."""
    return str(_words()["waits"][wait][language])


def wait_formula(language: Language) -> str:
    """How hours of waiting are counted."""
    return str(_words()["wait_formula"][language])


def dimension_name(dimension: str, language: Language) -> str:
    """What cases are told apart by."""
    return str(_words()["dimensions"][dimension][language])


def said(key: str, language: Language, **params: object) -> str:
    """Another text that stands beside figures."""
    return str(_words()["said"][key][language]).format(**params)
