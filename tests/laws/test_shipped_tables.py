"""The shipped tables: each combination answers by the row that a reader would name, and fits the report form."""

import json
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from anhuan.packs import cells
from anhuan.packs.agreement import check_agreement
from anhuan.packs.computed import compile_computed
from anhuan.packs.forms import Form, compile_form
from anhuan.packs.tables import Table, compile_table

PACK = Path(__file__).parents[2] / "packs" / "finding"
TABLES = sorted(path.stem for path in (PACK / "tables").glob("*.json"))

Jdm = dict[str, Any]


def shipped(key: str) -> Table:
    return compile_table(key, json.loads((PACK / "tables" / f"{key}.json").read_text()), "1")


def combinations(table: Table) -> tuple[list[dict[str, object]], dict[str, tuple[object, ...]]]:
    values = {
        name: cells.samples(column, [row.conditions[name] for row in table.rows])
        for name, column in table.inputs.items()
    }
    return [dict(zip(values, combination, strict=True)) for combination in product(*values.values())], values


@pytest.mark.parametrize("key", TABLES)
def test_a_shipped_table_answers_every_combination_by_its_first_matching_row(key: str) -> None:
    table = shipped(key)
    asked, values = combinations(table)
    hits = {
        (number, name): dict(zip(values[name], cells.matches(row.conditions[name], values[name])[0], strict=True))
        for number, row in enumerate(table.rows, 1)
        for name in table.inputs
    }
    answered = set()
    for inputs in asked:
        expected = next(
            number
            for number in range(1, len(table.rows) + 1)
            if all(hits[number, name][value] for name, value in inputs.items())
        )
        assert table(inputs).row == expected, inputs
        answered.add(expected)
    assert answered == set(range(1, len(table.rows) + 1)), "each row answers something, the default the unknown"


@pytest.mark.parametrize("key", TABLES)
def test_a_shipped_table_agrees_with_the_report_form(key: str) -> None:
    assert check_agreement(shipped(key), report_form()) == ()


def report_form(change: Callable[[Jdm], None] | None = None) -> Form:
    computed = {"risk_level": compile_computed("risk_level", read("computed/risk_level.json"), "1")}
    schema = read("forms/report.json")
    if change is not None:
        change(schema)
    return compile_form("report", schema, "1", computed)


def read(path: str) -> Jdm:
    found: Jdm = json.loads((PACK / path).read_text())
    return found


def test_a_category_that_only_the_form_knows_is_found() -> None:
    def more(schema: Jdm) -> None:
        schema["properties"]["category"]["enum"].append("radiation")

    def fewer(schema: Jdm) -> None:
        schema["properties"]["category"]["enum"].remove("fire")

    added = check_agreement(shipped("rectifiers"), report_form(more))
    assert [(p.code, p.params["values"]) for p in added] == [("input_value_not_in_table", ["radiation"])]
    removed = check_agreement(shipped("rectifiers"), report_form(fewer))
    assert [(p.code, p.params["values"]) for p in removed] == [("input_value_not_in_form", ["fire"])]


def test_an_input_that_the_form_gives_otherwise_or_not_at_all_is_found() -> None:
    def rename(schema: Jdm) -> None:
        schema["properties"]["kind_of_finding"] = schema["properties"].pop("category")
        schema["properties"]["imminent"] = {**schema["properties"]["imminent"], "type": "string", "maxLength": 9}
        schema["properties"]["imminent"]["x-widget"] = "text"
        schema["required"].remove("category")
        del schema["allOf"][0], schema["x-intake"]["anyOf"][1]

    problems = check_agreement(shipped("deadlines"), report_form(rename))
    assert {(p.code, p.params["input"]) for p in problems} == {
        ("input_unknown", "category"),
        ("input_misfit", "imminent"),
    }


def test_an_input_that_may_be_absent_must_be_optional() -> None:
    jdm = read("tables/recheck.json")
    jdm["x-inputs"]["risk_level"].pop("optional")
    problems = check_agreement(compile_table("recheck", jdm, "1"), report_form())
    assert [(p.code, p.params) for p in problems] == [("input_may_be_absent", {"input": "risk_level"})]


def test_high_risk_is_received_by_both_and_counts_in_calendar_time() -> None:
    receivers, deadlines = shipped("receivers"), shipped("deadlines")
    for level in ("red", "orange", None):
        inputs = {"risk_level": level, "category": "fire"}
        assert set(receivers(inputs).outputs["parties"]) == {"unit:safety_department", "post:area_owner"}  # type: ignore[call-overload]
        assert deadlines(inputs).outputs["clock"] == "calendar"
    assert receivers({"risk_level": "blue"}).outputs["parties"] == ["post:area_owner"]


def test_electrical_is_led_by_electricians_together_with_the_equipment_department() -> None:
    answer = shipped("rectifiers")({"category": "electrical", "risk_level": "yellow"})
    assert answer.outputs == {"lead": ["team:electricians"], "assist": ["unit:equipment_department"]}
