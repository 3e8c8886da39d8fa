"""The words of import.yaml: what the language refuses, and that every code can be said in both languages."""

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from excel_registers import ROOT, SPEC

from anhuan.packs.import_words import decode_import
from anhuan.packs.problem_words import problem_words
from anhuan.packs.problems import PackInvalid

SOUND = """
kind: thing
identity: [found_at, text]
status: {filled: [{field: done_at, status: closed}]}
fields:
  found_at: {type: date, heads: [Found]}
  text: {type: text, heads: [Text]}
  level: {type: choice, heads: [Level], values: {high: [A], low: [B]}, required_when: {status: [open]}}
  done_at: {type: date, heads: [Done], not_before: found_at}
"""


def faults(change: tuple[str, str]) -> list[tuple[str, str]]:
    broken = SOUND.replace(*change)
    assert broken != SOUND
    with pytest.raises(PackInvalid) as caught:
        decode_import(broken)
    return [(problem.where, problem.code) for problem in caught.value.problems]


def test_a_sound_spec() -> None:
    assert list(decode_import(SOUND).fields) == ["found_at", "text", "level", "done_at"]


@pytest.mark.parametrize(
    ("change", "where", "code"),
    [
        (("identity: [found_at, text]", "identity: [nothing]"), "identity", "import_field_unknown"),
        (("identity: [found_at, text]", "identity: []"), "identity", "import_identity_missing"),
        (("kind: thing", "kind: thing\nserial: no"), "", "not_of_the_language"),
        (("kind: thing", "kind: thing\nserial: number"), "serial", "import_field_unknown"),
        (("kind: thing", "kind: thing\nlanguage: 2"), "language", "import_language_unknown"),
        (("status: closed", "status: gone"), "status/filled", "import_status_unknown"),
        (("field: done_at", "field: gone_at"), "status/filled", "import_field_unknown"),
        (("heads: [Text]", "heads: []"), "fields/text", "import_heads_missing"),
        (("values: {high: [A], low: [B]}, ", ""), "fields/level", "import_values_missing"),
        (("low: [B]", "low: [A]"), "fields/level", "import_word_twice"),
        (("low: [B]}", "low: [B]}, doubtful: {A: low}"), "fields/level", "import_word_twice"),
        (("low: [B]}", "low: [B]}, doubtful: {C: middle}"), "fields/level", "import_value_unknown"),
        (("low: [B]}", "low: [B]}, otherwise: middle"), "fields/level", "import_value_unknown"),
        (("required_when: {status:", "required_when: {state:"), "fields/level", "import_field_unknown"),
        (("heads: [Text]", "heads: [Text], status_words: {gone: [x]}"), "fields/text", "import_status_unknown"),
        (("not_before: found_at", "not_before: done_at"), "fields/done_at", "import_not_before_later"),
        (("not_before: found_at", "not_before: text"), "fields/done_at", "import_not_before_later"),
        (("kind: thing", "kind: thing\nlive: [gone]"), "live", "import_status_unknown"),
        (("kind: thing", "kind: thing\nclosed_at: gone"), "closed_at", "import_field_unknown"),
        (("kind: thing", "kind: thing\nclosed_at: text"), "closed_at", "import_date_wanted"),
        (("type: text", "type: prose"), "", "not_of_the_language"),
        (("heads: [Text]", "haeds: [Text]"), "", "not_of_the_language"),
        (("kind: thing", "kind: [thing"), "", "not_yaml"),
    ],
)
def test_what_is_refused_and_where(change: tuple[str, str], where: str, code: str) -> None:
    assert ("/".join(filter(None, ("import.yaml", where))), code) in faults(change)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_fault_of_a_spec_has_words(language: str) -> None:
    paths = [ROOT / "src/anhuan/packs" / name for name in ("import_words.py", "import_form.py", "compile.py")]
    source = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    codes = set(re.findall(r'(?:yield |PackProblem\(|place, |", )"(import_\w+|not_\w+)"', source)) - {"not_before"}
    assert len(codes) >= 11
    assert {f"problem.{code}" for code in codes} <= set(problem_words(language))


def codes_in_use() -> set[str]:
    """Keys of words that the code can ask for, read from the code."""
    paths = [*(ROOT / "src/anhuan/connectors/excel").glob("*.py"), ROOT / "src/anhuan/app/register_rows.py"]
    source = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    found = {f"refused.{code}" for code in re.findall(r'WorkbookRefused\(\s*"(\w+)"', source)}
    found |= {f"problem.{code}" for code in re.findall(r'Problem\(\s*"(\w+)"', source)}
    found |= {
        f"reason.{code}" for code in re.findall(r'(?:Reason|_fault|DateFault|_note\([^"\n]*)\(?\s*"(\w+)"', source)
    }
    return found | {"reason.name_ambiguous", "reason.name_unknown", "reason.missing", "reason.missing_or_none"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_code_has_words(language: str) -> None:
    words = yaml.safe_load(
        files("anhuan.connectors.excel").joinpath(f"words/{language}.yaml").read_text(encoding="utf-8")
    )
    assert len(codes_in_use()) > 30
    assert codes_in_use() <= set(words)
    assert set(words) - codes_in_use() <= {"rejects.reason", "rejects.row", "hint.candidates"}


def test_both_languages_take_the_same_values() -> None:
    folder = Path(str(files("anhuan.connectors.excel"))) / "words"
    zh, en = (yaml.safe_load((folder / f"{language}.yaml").read_text(encoding="utf-8")) for language in ("zh", "en"))
    assert set(zh) == set(en)
    for key in zh:
        assert set(re.findall(r"\{(\w+)\}", zh[key])) == set(re.findall(r"\{(\w+)\}", en[key])), key


def test_the_pack_s_values_are_those_of_its_form() -> None:
    form = json.loads((ROOT / "packs" / "finding" / "forms" / "report.json").read_text(encoding="utf-8"))
    choices = {name: words for name, words in SPEC.fields.items() if words.type == "choice"}
    assert set(choices) == {"category", "finding_source", "risk_level", "finding_grade"}
    for name, words in choices.items():
        assert set(words.values) == set(form["properties"][name]["enum"]), name
