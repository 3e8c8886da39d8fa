"""Reasons and problems in words, for people: which field, why, and how to mend it.

The texts are data (`words/zh.yaml`, `words/en.yaml`), keyed by code. A field is called as the register calls it.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from anhuan.packs.import_words import ImportSpec
from anhuan.ports.registers import Layout, Problem, Reason, WorkbookRefused

LANGUAGES = ("zh", "en")


@cache
def _words(language: str) -> Mapping[str, str]:
    path = files("anhuan.connectors.excel").joinpath(f"words/{language if language in LANGUAGES else 'zh'}.yaml")
    words: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return words


def text_of(key: str, language: str, **params: object) -> str:
    """The text of a key with its params put in. Raises KeyError for a key without words."""
    shown = {name: _shown(value, language) for name, value in params.items()}
    return _words(language)[key].format_map(shown)


def labels_of(layout: Layout, spec: ImportSpec) -> dict[str, str]:
    """What each field is called: by the register's head, else by the pack's usual one."""
    usual = {name: field.heads[0] if field.heads else name for name, field in spec.fields.items()}
    return {**usual, **{name: guess.head for name, guess in layout.columns.items() if guess.head}}


def reason_text(reason: Reason, labels: Mapping[str, str], language: str) -> str:
    """A reason or note in words."""
    params = dict(reason.params)
    candidates = params.get("candidates")
    key = f"reason.{reason.code}"
    params["hint"] = text_of("hint.candidates", language, candidates=candidates) if candidates else ""
    if "other" in params:
        params["other"] = labels.get(str(params["other"]), str(params["other"]))
    if isinstance(said := params.get("said"), dict):
        params["said"] = [labels.get(name, name) for name in said]
    return text_of(key, language, **params, field=labels.get(reason.field or "", reason.field or ""))


def problem_text(problem: Problem, labels: Mapping[str, str], language: str) -> str:
    """A problem of a layout in words."""
    params = dict(problem.params)
    if "field" in params:
        params["field"] = labels.get(str(params["field"]), str(params["field"]))
    return text_of(f"problem.{problem.code}", language, **params)


def refusal_text(refused: WorkbookRefused, language: str) -> str:
    """Why a file is not read at all, in words."""
    return text_of(f"refused.{refused.code}", language, **refused.params)


def _shown(value: object, language: str) -> str:
    if isinstance(value, (list, tuple)):
        return ("、" if language == "zh" else ", ").join(str(part) for part in value)
    return str(value)
