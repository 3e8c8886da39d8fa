"""Every code that the API can answer with has a text in both languages, with the same params; none is left over."""

import re
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
import yaml

from anhuan.app.permission import Permission
from anhuan.core.case.outcome import Reason
from anhuan.core.proof import PLACE_CODES, TIME_CODES
from anhuan.http.problems import CONFLICTING, FORBIDDEN
from anhuan.http.words import LANGUAGES, FlatWords, chosen_language, codes, reason_text, title
from anhuan.packs.form_errors import KEYWORD_CODES
from anhuan.ports.photos import ProblemCode

SOURCE = Path(__file__).parents[2] / "src" / "anhuan"
WORDS = {
    language: yaml.safe_load((SOURCE / f"http/words/{language}.yaml").read_text(encoding="utf-8"))
    for language in LANGUAGES
}
REASON = re.compile(r"""\b(?:Reason|SignInRefused|WorkbookRefused|PhotoRefused)\(\s*["']([a-z_]+)["']""")
ELSE = re.compile(r"""\bReason\(\s*["'][a-z_]+["'] if [^)]*? else ["']([a-z_]+)["']""")
PROBLEM = re.compile(r"""\bProblem\(\s*["']([a-z_]+)["']""")
FORM_FILES = ("packs/texts.py", "packs/forms.py", "packs/form_errors.py")


REGISTERS = re.compile(r"from anhuan\.ports\.registers import [^)]*\bReason\b")
"""Reasons of a register's rows have their texts with the connector that reads registers."""


def source(*folders: str) -> str:
    paths = [path for folder in folders for path in sorted((SOURCE / folder).rglob("*.py"))]
    texts = [path.read_text(encoding="utf-8") for path in paths]
    return "\n".join(text for text in texts if folders == (".",) or not REGISTERS.search(text))


def raised() -> set[str]:
    """Every code that the source answers with, as far as it can be seen."""
    ours = source("app", "core", "http", "storage", "worker")
    forms = "\n".join((SOURCE / name).read_text(encoding="utf-8") for name in FORM_FILES)
    found = {code for pattern in (REASON, ELSE) for code in pattern.findall(ours)} | set(PROBLEM.findall(forms))
    workbooks = set(re.findall(r"""\bWorkbookRefused\(\s*["']([a-z_]+)["']""", source("connectors")))
    known = (KEYWORD_CODES.values(), get_args(ProblemCode), PLACE_CODES, TIME_CODES, FORBIDDEN, CONFLICTING)
    return found | workbooks | {code for part in known for code in part}


def test_the_source_is_seen() -> None:
    assert {"own_work", "case_is_closed", "case_is_open", "vague", "sign_in_wrong", "photo_is_document"} <= raised()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_text(language: str) -> None:
    assert raised() <= codes(language)


def test_no_text_is_left_over() -> None:
    literals = set(re.findall(r"""["']([a-z_]+)["']""", source(".")))
    assert set(codes("zh")) <= literals


@pytest.mark.parametrize("part", ["titles", "phrases", "fields", "reasons"])
def test_both_languages_have_the_same_keys(part: str) -> None:
    assert WORDS["zh"][part].keys() == WORDS["en"][part].keys()


@pytest.mark.parametrize("code", sorted(codes("zh")))
def test_both_languages_use_the_same_params_and_end_as_a_sentence(code: str) -> None:
    zh, en = (WORDS[language]["reasons"][code] for language in LANGUAGES)
    assert params(zh) == params(en)
    assert zh.endswith("。")
    assert en.endswith(".")


def params(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_a_text_names_the_field_as_the_pack_does() -> None:
    pack = FlatWords(
        {"zh": {"field.area": "责任区域"}, "en": {"field.area": "Area", "problem.odd": "“{field}” is {how}."}}
    )
    assert "“责任区域”" in reason_text(Reason("required", "/area"), "zh", pack)
    assert reason_text(Reason("odd", "/rooms/2/area", {"how": "odd"}), "en", pack) == "“Area” is odd."


def test_a_text_is_said_even_where_a_param_or_the_code_is_missing() -> None:
    assert "…" in reason_text(Reason("too_short", "/description"), "en")
    assert "never_heard_of" in reason_text(Reason("never_heard_of", "/x"), "zh")


def test_a_param_cannot_reach_into_objects() -> None:
    told = reason_text(Reason("kind_unknown", "/kind", {"kind": "{0.__class__}"}), "en")
    assert "{0.__class__}" in told


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        (None, "zh"),
        ("", "zh"),
        ("en", "en"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("de,fr;q=0.5", "zh"),
        ("de,en;q=0.1", "en"),
        ("zh;q=0,en;q=0.1", "en"),
        ("en;q=x", "zh"),
    ],
)
def test_the_language_is_the_better_liked_one(accepted: str | None, chosen: str) -> None:
    assert chosen_language(accepted, "zh") == chosen


def test_every_status_has_a_title() -> None:
    assert all(title(status, language) for status in (400, 418, 500, 507) for language in LANGUAGES)


def test_permissions_are_stable_words() -> None:
    assert all(re.fullmatch(r"[a-z]+(\.[a-z_]+)?", permission.value) for permission in Permission)
