"""A decision table never falls through in silence: what ZEN passes over is refused, when published or when asked."""

import copy
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import zen
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from anhuan.packs import cells
from anhuan.packs.columns import InputColumn, OutputColumn
from anhuan.packs.problems import PackInvalid
from anhuan.packs.tables import TableInputInvalid, compile_table

NAN = float("nan")

Jdm = dict[str, Any]


def rows(jdm: Jdm) -> list[dict[str, str]]:
    return content(jdm)["rules"]


def content(jdm: Jdm) -> Jdm:
    found: Jdm = jdm["nodes"][1]["content"]
    return found


def good() -> Jdm:
    """Risk and heat in, hours and parties out."""
    return {
        "x-inputs": {
            "risk": {"type": "string", "values": ["high", "low"]},
            "heat": {"type": "number"},
            "wet": {"type": "boolean", "optional": True},
        },
        "x-outputs": {
            "within": {"type": "string", "format": "duration", "strictest": "shortest"},
            "who": {"type": "array", "format": "party", "strictest": "superset"},
        },
        "x-default": "rest",
        "x-sources": {"house": {"basis": "house", "text": "Rules of the house"}},
        "nodes": [
            {"id": "a", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
            {
                "id": "b",
                "type": "decisionTableNode",
                "name": "table",
                "position": {"x": 0, "y": 0},
                "content": {
                    "hitPolicy": "first",
                    "inputs": [{"id": f"i_{name}", "name": name, "field": name} for name in ("risk", "heat", "wet")],
                    "outputs": [{"id": f"o_{name}", "name": name, "field": name} for name in ("within", "who")],
                    "rules": [
                        row("hot", "'high'", ">= 90", "", "'PT2H'", "['post:area_owner', 'team:fire']"),
                        row("high", "'high'", "", "", "'PT8H'", "['post:area_owner']"),
                        row("wet", "", "", "true", "'P1D'", "['team:fire']"),
                        row("rest", "", "", "", "'PT2H'", "['post:area_owner', 'team:fire']"),
                    ],
                },
            },
            {"id": "c", "type": "outputNode", "name": "out", "position": {"x": 0, "y": 0}},
        ],
        "edges": [
            {"id": "1", "sourceId": "a", "targetId": "b", "type": "edge"},
            {"id": "2", "sourceId": "b", "targetId": "c", "type": "edge"},
        ],
    }


def row(row_id: str, risk: str, heat: str, wet: str, within: str, who: str) -> dict[str, str]:
    conditions = {"i_risk": risk, "i_heat": heat, "i_wet": wet}
    return {"_id": row_id, "_source": "house", **conditions, "o_within": within, "o_who": who}


def faults(jdm: Jdm) -> dict[str, str]:
    """Code -> place of everything the compiler finds."""
    try:
        compile_table("t", jdm, "1")
    except PackInvalid as invalid:
        return {problem.code: problem.where for problem in invalid.problems}
    return {}


def set_cell(number: int, column: str, cell: str) -> Callable[[Jdm], None]:
    def change(jdm: Jdm) -> None:
        rows(jdm)[number - 1][column] = cell

    return change


def test_a_good_table_answers_with_its_row() -> None:
    table = compile_table("t", good(), "7")
    answer = table({"risk": "high", "heat": 95.5, "wet": None})
    assert (answer.table, answer.version, answer.row) == ("t", "7", 1)
    assert answer.outputs == {"within": "PT2H", "who": ["post:area_owner", "team:fire"]}
    assert table({"risk": "high", "heat": 20, "wet": True}).row == 2
    assert table({"risk": "low", "heat": 95, "wet": True}).row == 3
    assert table({"risk": "low", "heat": 95}).row == 4
    assert [r.id for r in table.rows] == ["hot", "high", "wet", "rest"]


def test_an_answer_is_its_own_copy_and_plain_json() -> None:
    table = compile_table("t", good(), "1")
    first = table({"risk": "high", "heat": 95})
    assert isinstance(first.outputs["who"], list)
    first.outputs["who"].append("team:other")
    again = table({"risk": "high", "heat": 95})
    assert again.outputs == json.loads(json.dumps(again.outputs))
    assert again.outputs["who"] == ["post:area_owner", "team:fire"]


@pytest.mark.parametrize(
    ("inputs", "why"),
    [
        ({"heat": 95}, {"risk": "missing"}),
        ({"risk": None, "heat": 95}, {"risk": "missing"}),
        ({"risk": "high"}, {"heat": "missing"}),
        ({"risk": "high", "heat": "95"}, {"heat": "wrong_type"}),
        ({"risk": "high", "heat": True}, {"heat": "wrong_type"}),
        ({"risk": "high", "heat": NAN}, {"heat": "wrong_type"}),
        ({"risk": "High", "heat": 95}, {"risk": "unlisted"}),
        ({"risk": 1, "heat": "x", "wet": "yes"}, {"risk": "wrong_type", "heat": "wrong_type", "wet": "wrong_type"}),
    ],
)
def test_a_bad_input_is_refused_where_the_bare_engine_falls_through(inputs: Jdm, why: dict[str, str]) -> None:
    bare = zen.ZenDecisionContent(json.dumps(good()))
    answered = zen.ZenEngine({"loader": lambda _: bare}).evaluate(
        "t", {k: v for k, v in inputs.items() if v is not NAN}
    )
    assert answered["result"]["within"] in ("PT2H", "PT8H"), (
        "the engine raises nothing: this is what is guarded against"
    )
    with pytest.raises(TableInputInvalid) as refused:
        compile_table("t", good(), "1")(inputs)
    assert refused.value.faults == why


def test_bounds_of_a_number_are_kept() -> None:
    jdm = good()
    jdm["x-inputs"]["heat"] = {"type": "integer", "minimum": 0, "maximum": 200}
    table = compile_table("t", jdm, "1")
    assert table({"risk": "high", "heat": 90.0}).row == 1
    for heat, why in ((201, "out_of_range"), (-1, "out_of_range"), (90.5, "wrong_type")):
        with pytest.raises(TableInputInvalid) as refused:
            table({"risk": "high", "heat": heat})
        assert refused.value.faults == {"heat": why}


BAD_CELLS = [
    ("i_heat", ">> 90", "cell_does_not_compile"),
    ("i_heat", ">= ", "cell_does_not_compile"),
    ("i_heat", "90 91", "cell_does_not_compile"),
    ("i_heat", "-", "cell_does_not_compile"),
    ("i_heat", "'90'", "cell_never_matches"),
    ("i_heat", "90 < > 3", "cell_does_not_compile"),
    ("i_heat", "[200..100]", "cell_never_matches"),
    ("i_heat", "> 5 and < 3", "cell_never_matches"),
    ("i_heat", "$ > 5 and $ < 3", "cell_never_matches"),
    ("i_heat", "len($) > 1", "cell_fails"),
    ("i_heat", "> d('now')", "clock_refused"),
    ("i_heat", "> date('now')", "clock_refused"),
    ("i_heat", "> now", "clock_refused"),
    ("i_heat", "> rand(100)", "chance_refused"),
    ("i_heat", "risk == 'high'", "unknown_word"),
    ("i_heat", "$root.heat > 3", "cell_unreadable"),
    ("i_heat", "> 5 # hot", "unknown_word"),
    ("i_risk", "high", "unknown_word"),
    ("i_risk", "'hihg'", "unlisted_value"),
    ("i_risk", "'high", "cell_unreadable"),
    ("i_risk", "`high`", "cell_unreadable"),
    ("i_risk", ">= 5", "cell_fails"),
    ("i_wet", "'true'", "cell_never_matches"),
    ("i_wet", "1", "cell_never_matches"),
    ("o_within", "", "output_empty"),
    ("o_within", "PT2H", "unknown_word"),
    ("o_within", "'2 hours'", "output_bad_duration"),
    ("o_within", "'P1M'", "output_bad_duration"),
    ("o_within", "'PT0H'", "output_bad_duration"),
    ("o_within", "2", "output_wrong_type"),
    ("o_within", "'PT2H' +", "cell_does_not_compile"),
    ("o_within", "date('now')", "clock_refused"),
    ("o_within", "risk", "unknown_word"),
    ("o_who", "'post:area_owner'", "output_wrong_type"),
    ("o_who", "['area_owner']", "output_bad_party"),
    ("o_who", "['post:']", "output_bad_party"),
    ("o_who", "[1]", "output_wrong_type"),
]


@pytest.mark.parametrize(("column", "cell", "code"), BAD_CELLS)
def test_a_bad_cell_is_found_at_its_place(column: str, cell: str, code: str) -> None:
    jdm = good()
    set_cell(1, column, cell)(jdm)
    found = faults(jdm)
    assert found.get(code) == f"tables/t/row 1/{column[2:]}"


def test_every_fault_is_told_at_once() -> None:
    jdm = good()
    for number, column, cell in ((1, "i_heat", ">> 1"), (2, "i_risk", "'hi'"), (3, "o_within", "''"), (3, "o_who", "")):
        set_cell(number, column, cell)(jdm)
    assert {"cell_does_not_compile", "unlisted_value", "output_bad_duration", "output_empty"} <= faults(jdm).keys()


def drop_default(jdm: Jdm) -> None:
    del rows(jdm)[-1]


def default_first(jdm: Jdm) -> None:
    rows(jdm).insert(0, rows(jdm).pop())


def mark_other(jdm: Jdm) -> None:
    jdm["x-default"] = "high"


def lax_duration(jdm: Jdm) -> None:
    rows(jdm)[-1]["o_within"] = "'PT3H'"


def fewer_parties(jdm: Jdm) -> None:
    rows(jdm)[-1]["o_who"] = "['post:area_owner']"


def repeat(jdm: Jdm) -> None:
    rows(jdm).insert(2, {**rows(jdm)[1], "_id": "again"})


def forestall(jdm: Jdm) -> None:
    rows(jdm).insert(2, {**rows(jdm)[0], "_id": "hotter", "i_heat": "> 100"})


def same_id(jdm: Jdm) -> None:
    rows(jdm)[1]["_id"] = "hot"


def no_cell(jdm: Jdm) -> None:
    del rows(jdm)[0]["i_heat"]


def stray_cell(jdm: Jdm) -> None:
    rows(jdm)[0]["i_heet"] = "> 3"


def no_source(jdm: Jdm) -> None:
    rows(jdm)[0]["_source"] = "hose"


def collect(jdm: Jdm) -> None:
    content(jdm)["hitPolicy"] = "collect"


def pass_through(jdm: Jdm) -> None:
    content(jdm)["passThrough"] = True


def loop(jdm: Jdm) -> None:
    content(jdm)["executionMode"] = "loop"


def undeclared(jdm: Jdm) -> None:
    del jdm["x-inputs"]["heat"]


def unused(jdm: Jdm) -> None:
    jdm["x-inputs"]["cold"] = {"type": "number"}


def second_table(jdm: Jdm) -> None:
    jdm["nodes"].append({**copy.deepcopy(jdm["nodes"][1]), "id": "d"})


def cut_edge(jdm: Jdm) -> None:
    del jdm["edges"][1]


def misdeclared(jdm: Jdm) -> None:
    jdm["x-inputs"]["risk"]["values"] = ["high", 2]


def wrong_rule(jdm: Jdm) -> None:
    jdm["x-outputs"]["within"]["strictest"] = "least"


def unknown_key(jdm: Jdm) -> None:
    jdm["x-inputs"]["heat"]["maximun"] = 3


@pytest.mark.parametrize(
    ("plant", "code"),
    [
        (drop_default, "default_missing"),
        (default_first, "default_not_last"),
        (mark_other, "default_not_marked"),
        (lax_duration, "default_not_strictest"),
        (fewer_parties, "default_not_strictest"),
        (repeat, "row_repeats"),
        (forestall, "row_unreachable"),
        (same_id, "row_id_not_unique"),
        (no_cell, "cell_missing"),
        (stray_cell, "cell_of_no_column"),
        (no_source, "source_unknown"),
        (collect, "setting_refused"),
        (pass_through, "setting_refused"),
        (loop, "setting_refused"),
        (undeclared, "column_undeclared"),
        (unused, "column_unused"),
        (second_table, "not_one_table"),
        (cut_edge, "not_one_table"),
        (misdeclared, "values_misfit"),
        (wrong_rule, "strictness_misfit"),
        (unknown_key, "file_malformed"),
    ],
)
def test_a_planted_bad_table_does_not_compile(plant: Callable[[Jdm], None], code: str) -> None:
    assert faults(good()) == {}
    jdm = good()
    plant(jdm)
    assert code in faults(jdm)


@pytest.mark.parametrize(
    ("rule", "kind", "default", "other", "strict"),
    [
        ("shortest", "string", "PT24H", "P1D", True),
        ("shortest", "string", "P1W", "P6D", False),
        ("longest", "string", "P1D", "PT25H", False),
        ("least", "integer", 1, 1, True),
        ("least", "integer", 2, 1, False),
        ("greatest", "number", 2, 2.5, False),
        ("true", "boolean", True, False, True),
        ("true", "boolean", False, True, False),
        ("false", "boolean", False, True, True),
        ("superset", "array", ("a", "b"), ("b",), True),
        ("superset", "array", ("a",), ("b",), False),
        ("most", "array", ("a",), ("b",), True),
        ("most", "array", (), ("b",), False),
        (("calendar", "working"), "string", "working", "calendar", False),
        (("calendar", "working"), "string", "calendar", "working", True),
        (("x", "y"), "array", ("x",), ("y",), True),
        (("x", "y"), "array", ("z",), ("y",), False),
        ("unordered", "string", "b", "a", True),
    ],
)
def test_what_is_stricter_follows_from_the_declared_rule(
    rule: Any, kind: Any, default: object, other: object, strict: bool
) -> None:
    column = OutputColumn(type=kind, strictest=rule, format="duration" if rule in ("shortest", "longest") else None)
    assert column.rule_fits()
    assert column.is_strictest(default, (other,)) is strict


def test_blank_cells_match_everything() -> None:
    jdm = good()
    set_cell(2, "i_heat", "  ")(jdm)
    assert compile_table("t", jdm, "1")({"risk": "high", "heat": -5}).row == 2


def test_a_table_can_be_asked_from_any_thread() -> None:
    table = compile_table("t", good(), "1")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda heat: table({"risk": "high", "heat": heat}).row, range(80, 100)))
    assert answers == [2] * 10 + [1] * 10


NUMBER_CELLS = (
    "",
    "> 3",
    ">= 3",
    "< 3",
    "3",
    "[1..5]",
    "(1..5]",
    "> 3 and < 7",
    "1, 2, > 8",
    "!= 3",
    "$ > 3 or $ == 0",
)
TEXT_CELLS = ("", "'high'", "'high', 'low'", "!= 'high'", "in ['low']", "not in ['low']", "startsWith($, 'h')")
FLAG_CELLS = ("", "true", "false", "null", "!= true", "$ == null or $")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(
    cells_of_rows=st.lists(
        st.tuples(st.sampled_from(TEXT_CELLS), st.sampled_from(NUMBER_CELLS), st.sampled_from(FLAG_CELLS)),
        min_size=1,
        max_size=4,
    ),
    asked=st.lists(
        st.tuples(
            st.sampled_from(["high", "low"]),
            st.one_of(st.integers(-5, 12), st.floats(-5, 12)),
            st.sampled_from([True, False, None]),
        ),
        min_size=5,
        max_size=5,
    ),
)
def test_whatever_compiles_answers_by_its_first_row_whose_cells_match_one_by_one(
    cells_of_rows: list[tuple[str, str, str]], asked: list[tuple[str, float, bool | None]]
) -> None:
    jdm = good()
    above = [row(f"r{n}", *written, "'PT9H'", "['team:fire']") for n, written in enumerate(cells_of_rows)]
    content(jdm)["rules"] = [*above, rows(jdm)[-1]]
    assume(not faults(jdm))
    table = compile_table("t", jdm, "1")
    for values in asked:
        inputs = dict(zip(("risk", "heat", "wet"), values, strict=True))
        expected = next(
            number
            for number, written in enumerate([*cells_of_rows, ("", "", "")], 1)
            if all(cells.matches(cell, (value,))[0][0] for cell, value in zip(written, values, strict=True))
        )
        assert table(inputs).row == expected


def test_samples_hold_each_literal_and_its_neighbours() -> None:
    column = InputColumn(type="integer", minimum=0, maximum=9999)
    assert {0, 999, 1000, 1001, 9999} <= set(cells.samples(column, ["< 1000"]))
    assert min(cells.samples(column, ["< 1000"])) == 0  # type: ignore[type-var]
