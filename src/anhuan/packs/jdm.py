"""Reading a JDM file: a decision table in GoRules' format, with our declarations at its top.

Only what the table needs is taken over, and whatever else would change its meaning (other nodes, hit policy `collect`,
loops, pass-through) is refused by name rather than ignored.
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from anhuan.packs.columns import InputColumn, OutputColumn
from anhuan.packs.problems import PackProblem
from anhuan.packs.sources import Source

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_NOTE_KEYS = frozenset({"_id", "_description", "_source"})


class Rule(Struct, frozen=True):
    """One row as written."""

    number: int
    """1-based, as the table shows it."""
    id: str
    conditions: Mapping[str, str]
    outputs: Mapping[str, str]
    source: str


class Document(Struct, frozen=True):
    """A table file, well formed but not yet judged."""

    inputs: Mapping[str, InputColumn]
    outputs: Mapping[str, OutputColumn]
    rules: tuple[Rule, ...]
    default: str
    """Id of the row that `x-default` marks."""
    sources: Mapping[str, Source]


class _Column(Struct):
    id: str
    field: str
    name: str = ""


class _Content(Struct, rename="camel"):
    inputs: tuple[_Column, ...]
    outputs: tuple[_Column, ...]
    rules: tuple[dict[str, str], ...]
    hit_policy: str
    execution_mode: str | None = "single"
    input_field: str | None = None
    output_path: str | None = None
    pass_through: bool | None = False
    pass_thorough: bool | None = False
    """So spelled in older files."""


class _Node(Struct):
    id: str
    type: str
    content: msgspec.Raw = msgspec.Raw(b"{}")


class _Edge(Struct, rename="camel"):
    source_id: str
    target_id: str


class _File(Struct):
    nodes: tuple[_Node, ...]
    edges: tuple[_Edge, ...]
    inputs: dict[str, InputColumn] = msgspec.field(name="x-inputs")
    outputs: dict[str, OutputColumn] = msgspec.field(name="x-outputs")
    default: str = msgspec.field(name="x-default")
    sources: dict[str, Source] = msgspec.field(name="x-sources")


def read(key: str, jdm: Mapping[str, Any]) -> tuple[Document | None, list[PackProblem]]:
    """The document, or None where the file is too broken to go on with; and every fault found so far."""
    place = f"tables/{key}"
    try:
        file = msgspec.json.decode(msgspec.json.encode(dict(jdm)), type=_File)
        tables = [node for node in file.nodes if node.type == "decisionTableNode"]
        content = msgspec.json.decode(tables[0].content, type=_Content) if len(tables) == 1 else None
    except (msgspec.MsgspecError, TypeError, ValueError) as error:
        return None, [PackProblem("file_malformed", place, {"reason": str(error)})]
    if content is None or not _is_one_table(file):
        return None, [PackProblem("not_one_table", place, {"nodes": sorted(node.type for node in file.nodes)})]
    problems = [*_settings(place, content), *_columns(place, file, content)]
    if problems:
        return None, problems
    if not content.rules:
        return None, [PackProblem("default_missing", place, {"row": 0})]
    problems += _cells(place, content)
    if problems:
        return None, problems
    rules = tuple(
        Rule(
            number,
            rule["_id"],
            {column.field: rule[column.id] for column in content.inputs},
            {column.field: rule[column.id] for column in content.outputs},
            rule.get("_source", ""),
        )
        for number, rule in enumerate(content.rules, 1)
    )
    return Document(file.inputs, file.outputs, rules, file.default, file.sources), []


def _is_one_table(file: _File) -> bool:
    """Input -> table -> output and nothing else."""
    ids = {node.type: node.id for node in file.nodes}
    if sorted(node.type for node in file.nodes) != ["decisionTableNode", "inputNode", "outputNode"]:
        return False
    table = ids["decisionTableNode"]
    wanted = {(ids["inputNode"], table), (table, ids["outputNode"])}
    return len(file.edges) == 2 and {(edge.source_id, edge.target_id) for edge in file.edges} == wanted


def _settings(place: str, content: _Content) -> list[PackProblem]:
    plain = {"hitPolicy": "first", "executionMode": "single", "inputField": None, "outputPath": None}
    found = {
        "hitPolicy": content.hit_policy,
        "executionMode": content.execution_mode or "single",
        "inputField": content.input_field,
        "outputPath": content.output_path,
        "passThrough": content.pass_through or content.pass_thorough or None,
    }
    return [
        PackProblem("setting_refused", place, {"setting": name, "value": value})
        for name, value in found.items()
        if value != plain.get(name)
    ]


def _columns(place: str, file: _File, content: _Content) -> list[PackProblem]:
    """Columns of the table and declarations at the top are the same, each once and plainly named."""
    problems: list[PackProblem] = []
    ids = [column.id for column in (*content.inputs, *content.outputs)]
    if len(set(ids)) != len(ids):
        problems.append(PackProblem("column_repeated", place, {"columns": sorted(ids)}))
    for part, columns, declared in (
        ("x-inputs", content.inputs, set(file.inputs)),
        ("x-outputs", content.outputs, set(file.outputs)),
    ):
        fields = [column.field for column in columns]
        if not fields:
            problems.append(PackProblem("column_missing", f"{place}/{part}"))
        if len(set(fields)) != len(fields):
            problems.append(PackProblem("column_repeated", place, {"columns": sorted(fields)}))
        for name in sorted(set(fields) - declared):
            problems.append(PackProblem("column_undeclared", f"{place}/{part}", {"column": name}))
        for name in sorted(declared - set(fields)):
            problems.append(PackProblem("column_unused", f"{place}/{part}", {"column": name}))
        for name in sorted(name for name in fields if _NAME.fullmatch(name) is None):
            problems.append(PackProblem("column_badly_named", f"{place}/{part}", {"column": name}))
    return problems


def _cells(place: str, content: _Content) -> list[PackProblem]:
    """Each row has an id of its own and one cell per column; a missing cell would match everything."""
    problems: list[PackProblem] = []
    known = {column.id: column.field for column in (*content.inputs, *content.outputs)}
    seen: set[str] = set()
    for number, rule in enumerate(content.rules, 1):
        where = f"{place}/row {number}"
        row_id = rule.get("_id", "")
        if not row_id or row_id in seen:
            problems.append(PackProblem("row_id_not_unique", where, {"id": row_id}))
        seen.add(row_id)
        for column in sorted(known.keys() - rule.keys()):
            problems.append(PackProblem("cell_missing", f"{where}/{known[column]}", {"column": known[column]}))
        for column in sorted(rule.keys() - known.keys() - _NOTE_KEYS):
            problems.append(PackProblem("cell_of_no_column", where, {"column": column}))
    return problems
