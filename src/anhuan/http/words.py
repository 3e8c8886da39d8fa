"""The API's own words in Chinese and English: what each code means, which field, and how to mend it.

The texts are data (`words/zh.yaml`, `words/en.yaml`), keyed by code; `{name}` stands for a param of the reason,
`{field}` for what the form calls its field. A pack's codes have their texts in the pack.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Protocol

import yaml

from anhuan.core.case.outcome import Reason
from anhuan.ports.identity import Language

LANGUAGES: tuple[Language, ...] = ("zh", "en")
FIRST: Language = "zh"


class PackWords(Protocol):
    """The words of the pack that a reason comes from."""

    def reason(self, code: str, language: Language) -> str | None:
        """The text of one of the pack's codes, with `{params}` in it; None: it is not the pack's."""

    def field(self, pointer: str, language: Language) -> str | None:
        """What the form calls a field, given as a JSON pointer; None: the form has no such field."""


class FlatWords:
    """The words of a pack as it keeps them: `problem.<code>` and `field.<name>` by language."""

    def __init__(self, words: Mapping[Language, Mapping[str, str]]) -> None:
        self._words = words

    def reason(self, code: str, language: Language) -> str | None:
        return self._words[language].get(f"problem.{code}")

    def field(self, pointer: str, language: Language) -> str | None:
        names = [step for step in pointer.split("/") if step and not step.isdigit()]
        return self._words[language].get(f"field.{names[-1]}") if names else None


@cache
def _words(language: Language) -> Mapping[str, Mapping[str, str]]:
    text = files("anhuan.http").joinpath("words", f"{language}.yaml").read_text(encoding="utf-8")
    words: Mapping[str, Mapping[str, str]] = yaml.safe_load(text)
    return words


def codes(language: Language) -> frozenset[str]:
    """Every code that has a text."""
    return frozenset(_words(language)["reasons"])


def title(status: int, language: Language) -> str:
    """What a status means in a few words."""
    titles = _words(language)["titles"]
    return titles.get(str(status)) or titles[f"{status // 100}xx"]


def reason_text(reason: Reason, language: Language, pack: PackWords | None = None) -> str:
    """The reason in words. A code that nobody has words for is said to be such, with the code."""
    template = pack.reason(reason.code, language) if pack else None
    words = _words(language)
    template = template or words["reasons"].get(reason.code) or words["phrases"]["unknown_code"]
    shown = {name: _shown(value, language) for name, value in reason.params.items()}
    shown |= {"field": _field(reason.field, language, pack), "code": reason.code}
    return template.format_map(_Blanks(shown))


def _field(pointer: str, language: Language, pack: PackWords | None) -> str:
    words = _words(language)
    known = (pack.field(pointer, language) if pack else None) or words["fields"].get(pointer.strip("/"))
    return known or pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~") or words["phrases"]["whole"]


def _shown(value: object, language: Language) -> str:
    if isinstance(value, list | tuple):
        return _words(language)["phrases"]["comma"].join(_shown(part, language) for part in value)
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


class _Blanks(dict[str, str]):
    """A text is shown even where a param is missing."""

    def __missing__(self, name: str) -> str:
        return "…"


@lru_cache(maxsize=1024)
def chosen_language(accepted: str | None, otherwise: Language) -> Language:
    """The better liked of our languages in an Accept-Language header; `otherwise` where it names neither."""
    best: tuple[float, Language] | None = None
    for part in (accepted or "")[:400].split(","):
        tag, _, parameters = part.partition(";")
        language = next((known for known in LANGUAGES if tag.strip().lower().split("-")[0] == known), None)
        weight = _weight(parameters)
        if language and weight > 0 and (best is None or weight > best[0]):
            best = (weight, language)
    return best[1] if best else otherwise


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
