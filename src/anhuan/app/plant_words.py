"""What the items of a plant, their fields and their faults are called, in Chinese and English (plant_words.yaml)."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from anhuan.domain.plant_reading import PlantProblem

LANGUAGES = ("zh", "en")

Texts = Mapping[str, str]
"""Language -> text."""


@cache
def _words() -> Mapping[str, Mapping[str, Texts]]:
    text = files("anhuan.app").joinpath("plant_words.yaml").read_text(encoding="utf-8")
    words: Mapping[str, Mapping[str, Texts]] = yaml.safe_load(text)
    return words


def kind_name(kind: str, language: str) -> str:
    """What a kind of item is called, as the name of a sheet or page; the kind word itself where it has no name."""
    return _said(_words()["kinds"].get(kind), language) or kind


def field_name(kind: str, field: str, language: str) -> str:
    """What a field is called; the field itself where it has no name."""
    fields = _words()["fields"]
    return _said(fields.get(f"{kind}.{field}") or fields.get(field), language) or field


def value_word(value: str, language: str) -> str:
    """The word for a value that sheets and pages write out: `yes`, `no`, `rest` (off), `work`."""
    return _said(_words()["values"][value], language)


def weekday_names(language: str) -> tuple[str, ...]:
    """Monday to Sunday."""
    return tuple(value_word("weekdays", language).split())


def plant_problem_text(problem: PlantProblem, language: str) -> str:
    """A problem in words: which field, why, and how to mend it. Raises KeyError for a code without words."""
    params = {name: _shown(value, language) for name, value in problem.params.items()}
    if isinstance(by := problem.params.get("by"), list | tuple):
        named = [f"{kind_name(user['kind'], language)} {user['name']}" for user in by if isinstance(user, dict)]
        params["users"] = _shown(named, language)
    params["kind"] = problem.kind
    params["field"] = field_name(problem.kind, problem.field, language)
    return _said(_words()["problems"][problem.code], language).format_map(params)


def _said(texts: Texts | None, language: str) -> str:
    return texts[language if language in LANGUAGES else LANGUAGES[0]] if texts else ""


def _shown(value: object, language: str) -> str:
    if isinstance(value, list | tuple):
        return ("、" if language == "zh" else ", ").join(str(part) for part in value)
    return str(value)
