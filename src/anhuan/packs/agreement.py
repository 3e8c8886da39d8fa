"""Whether tables and the form that feeds them speak of the same things.

A table refuses an input that its column does not know. That is right while a case runs, and far too late: a category
added to the form but not to the tables would show only when the first such case cannot be routed. So it is looked for
when the pack is checked.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from anhuan.packs.columns import ColumnType, InputColumn
from anhuan.packs.forms import Form
from anhuan.packs.problems import PackProblem
from anhuan.packs.tables import Table

CASE_INPUTS: Mapping[str, ColumnType] = {
    "area": "string",
    "equipment_class": "string",
    "source": "string",
    "stage": "string",
    "reopened": "integer",
    "sample": "integer",
}
"""What the core adds to the form's values when it asks a table (`core.case.draft`)."""
CASE_INPUTS_ALWAYS = frozenset({"equipment_class", "source", "reopened", "sample"})
"""Those of them that are never absent."""


def check_agreement(table: Table, form: Form) -> tuple[PackProblem, ...]:
    """Inputs of a table that the case's form cannot give, or gives in other words."""
    return tuple(problem for name, column in table.inputs.items() for problem in _input(table.key, name, column, form))


def _input(key: str, name: str, column: InputColumn, form: Form) -> Iterator[PackProblem]:
    where = f"tables/{key}/x-inputs/{name}"
    field = form.schema["properties"].get(name)
    if name in CASE_INPUTS:
        if column.type != CASE_INPUTS[name]:
            yield PackProblem("input_misfit", where, {"input": name, "type": CASE_INPUTS[name]})
        if name not in CASE_INPUTS_ALWAYS and not column.optional:
            yield PackProblem("input_may_be_absent", where, {"input": name})
    elif field is None:
        known = sorted([*form.schema["properties"], *CASE_INPUTS])
        yield PackProblem("input_unknown", where, {"input": name, "known": known})
    else:
        yield from _of_field(where, name, column, field)


def _of_field(where: str, name: str, column: InputColumn, field: Mapping[str, Any]) -> Iterator[PackProblem]:
    """A form can be incomplete while its tables are asked, so that every field of it may be absent."""
    if field.get("type") != column.type:
        yield PackProblem("input_misfit", where, {"input": name, "type": field.get("type")})
    if not column.optional:
        yield PackProblem("input_may_be_absent", where, {"input": name})
    offered, known = set(field.get("enum", ())), set(column.values)
    if known and offered - known:
        yield PackProblem("input_value_not_in_table", where, {"input": name, "values": sorted(offered - known)})
    if offered and known - offered:
        yield PackProblem("input_value_not_in_form", where, {"input": name, "values": sorted(known - offered)})
