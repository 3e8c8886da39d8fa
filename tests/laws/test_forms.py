"""A form says field by field what is wrong; what is merely unfinished is taken in; nothing computed is ever typed."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from anhuan.packs.computed import Computed, compile_computed
from anhuan.packs.form_errors import DISPATCH_CODES, KEYWORD_CODES
from anhuan.packs.form_schema import CASE
from anhuan.packs.forms import Form, compile_form
from anhuan.packs.problem_words import FIELD_WORDS, PACK_WORDS, problem_words
from anhuan.packs.problems import PackInvalid
from anhuan.packs.tables import compile_table
from anhuan.packs.texts import EMPTY_PHRASES, bare_phrases, is_vague

ROOT = Path(__file__).parents[2]
PACK = ROOT / "packs" / "finding"
FORMS = sorted(path.stem for path in (PACK / "forms").glob("*.json"))
NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)

Values = dict[str, Any]


def read(path: str) -> Values:
    found: Values = json.loads((PACK / path).read_text())
    return found


def risk_level() -> Computed:
    return compile_computed("risk_level", read("computed/risk_level.json"), "1")


def shipped(key: str) -> Form:
    return compile_form(key, read(f"forms/{key}.json"), "1", {"risk_level": risk_level()})


REPORT = shipped("report")


def lec(likelihood: float, exposure: float, consequence: float) -> Values:
    return {"method": "lec", "factors": {"l": likelihood, "e": exposure, "c": consequence}}


def full(**change: object) -> Values:
    values: Values = {
        "description": "3号冲床光栅被短接，可在运行中伸手入模区",
        "category": "mechanical",
        "area": "area-press",
        "equipment": "eq-P1-300T",
        "risk": lec(3, 6, 15),
    }
    values.update(change)
    return values


def found(form: Form, values: Values, **options: Any) -> dict[str, str]:
    """Field -> code."""
    return {problem.field: problem.code for problem in form(values, **options)}


# --- two levels


def test_a_complete_report_has_no_problem_and_a_computed_level() -> None:
    assert REPORT(full()) == ()
    assert REPORT.compute(full()) == {
        "risk_level": "orange",
        "risk_level_by": {
            "method": "lec",
            "score": 270.0,
            "band": "lec_high",
            "source": "lec_colours",
            "version": "1",
        },
    }


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"description": "待完善。。"}, "/description", "vague"),
        ({"description": "to be improved!"}, "/description", "vague"),
        ({"description": "有问题"}, "/description", "too_short"),
        ({"description": None}, "/description", "required"),
        ({"description": "   "}, "/description", "required"),
        ({"equipment": "none"}, "/equipment", "equipment_needed"),
        ({"equipment": ""}, "/equipment", "required"),
        ({"risk": None}, "/risk", "required"),
        ({"risk": {"method": "lec", "factors": {"l": 3, "e": 6}}}, "/risk/factors/c", "required"),
        ({"finding_grade": "major"}, "/major_criterion", "criterion_needed"),
        ({"fixed_on_the_spot": True}, "/fixed_by", "fixed_by_needed"),
    ],
)
def test_what_is_unfinished_is_taken_in_and_named_before_dispatch(change: Values, field: str, code: str) -> None:
    values = full(**change)
    assert found(REPORT, values, complete=False) == {}
    assert code in {p.code for p in REPORT(values, complete=True) if p.field == field}
    assert (field, code) in {(p.field, p.code) for p in REPORT.gaps(values)}


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"category": "electric"}, "/category", "not_in_list"),
        ({"description": 5}, "/description", "wrong_type"),
        ({"description": "a\x00b c d e f"}, "/description", "control_character"),
        ({"description": "half \ud800 of a pair"}, "/description", "control_character"),
        ({"description": "长" * 2001}, "/description", "too_long"),
        ({"colour": "red"}, "/colour", "unknown_field"),
        ({"risk_level": "blue"}, "/risk_level", "computed_field"),
        ({"risk": lec(4, 6, 15)}, "/risk/factors/l", "not_in_list"),
        ({"risk": lec(True, 6, 15)}, "/risk/factors/l", "wrong_type"),
        ({"risk": lec(float("nan"), 6, 15)}, "/risk/factors/l", "wrong_type"),
        ({"risk": {"method": "guess", "factors": {}}}, "/risk/method", "not_in_list"),
        ({"risk": {"method": "register", "factors": {"colour": 4}}}, "/risk/method", "not_in_list"),
        ({"found_at": "2026-03-01 08:00"}, "/found_at", "bad_format"),
        ({"found_at": "2026-03-01T08:00:00"}, "/found_at", "bad_format"),
        ({"found_at": "2026-02-30T08:00:00Z"}, "/found_at", "bad_format"),
        ({"imminent": "yes"}, "/imminent", "wrong_type"),
        ({"area": {"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": 1}}}}}}}}}, "/area/a/b/c/d/e/f/g/h", "too_deep"),
    ],
)
def test_what_is_malformed_is_refused_already_at_intake(change: Values, field: str, code: str) -> None:
    assert found(REPORT, full(**change), complete=False).get(field) == code


def test_every_fault_is_named_at_once_in_the_order_of_the_fields() -> None:
    problems = REPORT(full(description="无", category="x", equipment=None, risk=None, colour=1))
    assert [(p.field, p.code) for p in problems] == [
        ("/description", "too_short"),
        ("/description", "vague"),
        ("/category", "not_in_list"),
        ("/equipment", "required"),
        ("/risk", "required"),
        ("/colour", "unknown_field"),
    ]


@pytest.mark.parametrize("said", [{"description": "漏油"}, {"imminent": True}, {"area": "area-press"}])
def test_anything_said_is_taken_in(said: Values) -> None:
    assert REPORT(said, complete=False) == ()


@pytest.mark.parametrize("said", [{}, {"imminent": False}, {"description": "  "}, {"photo": []}])
def test_nothing_said_is_not_taken_in(said: Values) -> None:
    assert [(p.field, p.code) for p in REPORT(said, complete=False)] == [("", "nothing_said")]


def test_no_equipment_is_a_true_value_where_the_category_needs_none() -> None:
    assert REPORT(full(category="building_passages", equipment="none")) == ()
    assert [r.kind for r in REPORT.references(full(equipment="none"))] == ["area"]
    assert [(r.kind, r.value) for r in REPORT.references(full(finder="p-017"))] == [
        ("area", "area-press"),
        ("equipment", "eq-P1-300T"),
        ("person", "p-017"),
    ]


def test_limits_and_lengths_are_told() -> None:
    (problem,) = (p for p in REPORT(full(description="漏油了")) if p.code == "too_short")
    assert problem.params == {"limit": 6, "length": 3}


def test_instants_are_compared_with_now_only_when_it_is_given() -> None:
    late = (NOW + timedelta(hours=1)).isoformat()
    assert found(REPORT, full(found_at=late), at=NOW) == {"/found_at": "in_the_future"}
    assert found(REPORT, full(found_at=(NOW + timedelta(minutes=2)).isoformat()), at=NOW) == {}
    assert found(REPORT, full(found_at=late)) == {}
    values = {"until": NOW.isoformat(), "reason": "备件周五才到货", "containment": "已停机挂牌"}
    assert found(shipped("extension"), values, at=NOW) == {"/until": "in_the_past"}
    assert found(shipped("extension"), values, at=NOW - timedelta(days=1)) == {}


def test_values_are_kept_tidy_with_defaults_and_without_context() -> None:
    kept = REPORT.fill(
        full(description="  漏油，流到通道上 ", legal_clause="", outcome="done", case={"risk_level": "red"})
    )
    assert kept["description"] == "漏油，流到通道上"
    assert kept["finding_grade"] == "general"
    assert kept["imminent"] is False
    assert not {"legal_clause", "outcome", CASE} & kept.keys()


# --- conditions on the case and on the outcome


def test_a_root_cause_is_needed_for_high_risk_and_major_findings_only() -> None:
    rectify, done = shipped("rectify"), {"containment": "已停机挂牌", "measure": "更换光栅并测试三次"}
    assert found(rectify, {**done, "outcome": "done"}) == {}
    assert found(rectify, {**done, "case": {"risk_level": "blue", "finding_grade": "general"}}) == {}
    for case in ({"risk_level": "red"}, {"risk_level": "blue", "finding_grade": "major"}):
        assert found(rectify, {**done, "case": case}) == {"/root_cause": "root_cause_needed"}
    assert found(rectify, {**done, "case": {"reopened": 1}}) == {"/corrective_action": "corrective_action_needed"}


def test_a_failed_check_says_what_is_to_be_mended() -> None:
    note = {"note": "照片中护栏仍缺一段"}
    for key in ("verify", "recheck"):
        assert found(shipped(key), {**note, "outcome": "pass"}) == {}
        assert found(shipped(key), {**note, "outcome": "fail"}) == {"/to_mend": "to_mend_needed"}
        assert found(shipped(key), {"note": "合格，同意通过。", "outcome": "pass"}) == {"/note": "vague"}


def test_the_register_s_own_level_is_taken_over_only_by_an_import() -> None:
    values = full(risk={"method": "register", "factors": {"colour": 3}})
    assert found(REPORT, values) == {"/risk/method": "not_in_list"}
    assert found(REPORT, {**values, "case": {"source": "report"}}) == {"/risk/method": "not_in_list"}
    assert found(REPORT, {**values, "case": {"source": "import"}}) == {}
    assert REPORT.compute(values)["risk_level"] == "orange"


# --- vague texts

PHRASES = bare_phrases(EMPTY_PHRASES)


@pytest.mark.parametrize("phrase", EMPTY_PHRASES)
def test_an_empty_phrase_stays_empty_however_it_is_dressed_up(phrase: str) -> None:
    for dressed in (phrase, f"{phrase}！！！", f" {phrase}。{phrase}", phrase.upper(), f"（{phrase}）"):
        assert is_vague(dressed, PHRASES)


@pytest.mark.parametrize(
    "text", ["。。。。。。", "111111", "啊啊啊啊啊啊", "aaaaaaaa", "20260301", "ＴＢＤ", "问题待完善，待补充"]
)
def test_signs_digits_and_repetition_say_nothing(text: str) -> None:
    assert is_vague(text, PHRASES)


@pytest.mark.parametrize(
    "text", ["漏油", "配电柜有问题，门关不上", "exit is blocked", "3号机照明损坏", "待完善的是护栏高度"]
)
def test_words_that_say_something_pass(text: str) -> None:
    assert not is_vague(text, PHRASES)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*REPORT.schema["properties"], "x", "case", "outcome"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
            max_leaves=6,
        ),
    )
)
def test_no_value_whatever_breaks_the_check_and_intake_never_asks_for_more_than_dispatch(values: Values) -> None:
    intake = {(p.field, p.code) for p in REPORT(values, complete=False)}
    complete = {(p.field, p.code) for p in REPORT(values, complete=True)}
    assert intake <= complete
    assert all(re.fullmatch(r"(/.*)?", field, re.DOTALL) for field, _ in complete)
    REPORT.compute(values)


# --- bad forms


def at(path: str, value: object) -> Callable[[Values], None]:
    """Sets (or with None: removes) what stands at a path of the schema."""

    def plant(schema: Values) -> None:
        *way, last = path.split("/")
        here: Any = schema
        for step in way:
            here = here[int(step)] if isinstance(here, list) else here[step]
        if value is None:
            del here[last]
        else:
            here[last] = value

    return plant


@pytest.mark.parametrize(
    ("plant", "code"),
    [
        (at("properties/description/type", "strin"), "schema_invalid"),
        (at("properties/description/$ref", "#/$defs/nothing"), "schema_invalid"),
        (at("properties/area/$ref", "https://example.org/area.json"), "schema_invalid"),
        (at("properties/description/pattern", "(["), "schema_invalid"),
        (at("properties/description/maxLength", None), "bound_missing"),
        (at("additionalProperties", None), "object_open"),
        (at("properties/risk/additionalProperties", None), "object_open"),
        (at("properties/area/x-widget", "map"), "widget_unknown"),
        (at("properties/area/x-widget", "boolean"), "widget_misfit"),
        (at("properties/found_at/format", None), "bound_missing"),
        (at("properties/category/enum", None), "choice_without_list"),
        (at("properties/area/x-order", 10), "order_not_unique"),
        (at("properties/area/x-order", None), "order_not_unique"),
        (at("properties/area/x-ordr", 1), "annotation_unknown"),
        (at("x-case", ["source", "risk_level"]), ""),
        (at("x-kase", []), "annotation_unknown"),
        (at("allOf/0/then/x-problem", None), ""),
        (at("properties/area/const", "area-1"), "problem_code_missing"),
        (at("properties/area/not", {"const": "x"}), "problem_code_missing"),
        (at("x-intake/x-problem", None), "problem_code_missing"),
        (at("allOf/1/then/required", ["major_criterium"]), "field_unknown"),
        (at("allOf/1/if/required", ["grade"]), "field_unknown"),
        (at("properties/major_criterion/x-shown-when", {"grade": ["major"]}), "field_unknown"),
        (at("properties/risk_level/x-computed", "level"), "computed_unknown"),
        (at("properties/risk_level/x-computed", None), "computed_unknown"),
        (at("required", ["risk_level"]), "computed_required"),
        (at("properties/outcome", {"type": "boolean", "x-widget": "boolean", "x-order": 1}), "field_badly_named"),
        (at("properties/Area", {"type": "boolean", "x-widget": "boolean", "x-order": 1}), "field_badly_named"),
        (at("x-proofs/photo/x-widget", "text"), "widget_unknown"),
        (at("type", "array"), "form_is_no_object"),
    ],
)
def test_a_planted_bad_form_does_not_compile(plant: Callable[[Values], None], code: str) -> None:
    schema = read("forms/report.json")
    plant(schema)
    codes: set[str] = set()
    try:
        compile_form("report", schema, "1", {"risk_level": risk_level()})
    except PackInvalid as invalid:
        codes = {problem.code for problem in invalid.problems}
    assert code in codes if code else not codes


def test_a_condition_on_a_case_field_that_is_not_declared_is_found() -> None:
    schema = read("forms/rectify.json")
    schema["x-case"].remove("finding_grade")
    with pytest.raises(PackInvalid) as invalid:
        compile_form("rectify", schema, "1", {})
    assert [(p.code, p.params["field"]) for p in invalid.value.problems] == [("field_unknown", "finding_grade")]


# --- words


def words(language: str) -> dict[str, str]:
    found: dict[str, str] = yaml.safe_load((PACK / "words" / f"{language}.yaml").read_text())
    return {**problem_words(language), **found}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_form_table_and_rating_has_its_words(language: str) -> None:
    known = words(language)
    needed = {key for form in FORMS for key in shipped(form).word_keys} | set(risk_level().word_keys)
    for path in (PACK / "tables").glob("*.json"):
        needed |= set(compile_table(path.stem, json.loads(path.read_text()), "1").word_keys)
    assert sorted(needed - known.keys()) == []


def test_every_code_that_the_source_knows_has_its_words_and_no_words_are_idle() -> None:
    sources = {path.name: path.read_text() for path in (ROOT / "src/anhuan/packs").glob("*.py")}
    engine = (
        "agreement",
        "cells",
        "columns",
        "computed",
        "form_errors",
        "form_schema",
        "forms",
        "jdm",
        "tables",
        "texts",
    )
    text = "\n".join(sources[f"{name}.py"] for name in engine)
    told = set(re.findall(r'PackProblem\(\s*"(\w+)"', text)) | set(re.findall(r'Problem\("(\w+)"', text))
    told |= set(re.findall(r'\("(\w+)", \{"cell"', text)) | set(KEYWORD_CODES.values()) | {"output_empty"}
    told |= {f"output_{why}" for why in ("wrong_type", "unlisted", "bad_duration", "bad_party")}
    assert FIELD_WORDS.keys() | PACK_WORDS.keys() == told - {"output_"}


def test_texts_use_the_same_values_in_both_languages() -> None:
    for code, (zh, en) in {**FIELD_WORDS, **PACK_WORDS}.items():
        assert set(re.findall(r"{(\w+)}", zh)) == set(re.findall(r"{(\w+)}", en)), code
    zh_words, en_words = words("zh"), words("en")
    assert zh_words.keys() == en_words.keys()
    for key, text in zh_words.items():
        assert set(re.findall(r"{(\w+)}", text)) == set(re.findall(r"{(\w+)}", en_words[key])), key


def test_texts_of_field_problems_use_only_values_that_come_with_them() -> None:
    given = {
        "too_short": {"limit", "length"},
        "too_long": {"limit", "length"},
        "too_few": {"limit", "length"},
        "too_many": {"limit", "length"},
        "too_small": {"limit"},
        "too_large": {"limit"},
        "too_deep": {"limit"},
        "vague": {"text"},
        "control_character": {"character"},
        "cited_out_of_force": {"source", "on"},
    }
    for code, (zh, _) in FIELD_WORDS.items():
        assert set(re.findall(r"{(\w+)}", zh)) <= given.get(code, set()) | {"field"}, code
    assert FIELD_WORDS.keys() >= DISPATCH_CODES
