"""Decision tables: GoRules JDM files that a safety officer reads, answered by ZEN, guarded against its silences.

ZEN never fails: a missing input, a number written as text or a broken cell only makes a row not match, so that the
table falls through to its last row. Three guards stand around it. Inputs are checked against their columns before each
evaluation and refused, never passed on. At compile time every cell is compiled and run on sample values, words that
read a clock or draw lots are refused, and rows that no input can reach are reported. And the last row, the only one
without conditions, is marked and must be the strictest in every column, so that what nobody thought of is treated with
most care. Only the number of the matched row is asked of ZEN; the outputs are constants, evaluated once.

The file is a plain JDM graph (input -> decision table -> output, hit policy `first`) with our own keys at its top:
`x-inputs`, `x-outputs`, `x-default`, `x-sources`; see docs/reference/tables.md.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import zen
from msgspec import Struct

from anhuan.core.policy import TableAnswer
from anhuan.packs import cells
from anhuan.packs.columns import InputColumn, OutputColumn
from anhuan.packs.jdm import Document, Rule, read
from anhuan.packs.problems import PackInvalid, PackProblem, Params

ROWS_KEPT = 1024
"""Rows found that a table keeps at hand: the same inputs always match the same row."""
_ROW = "_row"
"""The one output column that ZEN is given: the number of the row."""


class TableInputInvalid(Exception):
    """An input that a table cannot be asked with: absent, of the wrong type, or not one of its column's values."""

    def __init__(self, table: str, faults: Mapping[str, str]) -> None:
        super().__init__(f"table {table} cannot be asked: " + ", ".join(f"{k} {v}" for k, v in faults.items()))
        self.table = table
        self.faults = dict(faults)
        """Input -> `missing`, `wrong_type`, `unlisted` or `out_of_range`."""


class TableSilent(Exception):
    """The engine answered without a row; compiled tables have a row for everything, so this is a defect, not a case."""


class Row(Struct, frozen=True):
    """One row, as people read it and as it answers."""

    id: str
    conditions: Mapping[str, str]
    """Input -> cell; an empty cell matches everything."""
    outputs: Mapping[str, Any]
    source: str
    """Key in the table's sources: which rule of which text the row carries out."""


class Table:
    """A compiled table. Calling it answers with the first row that matches."""

    def __init__(self, key: str, version: str, document: Document, rows: Sequence[Row]) -> None:
        self.key = key
        self.version = version
        self.inputs: Mapping[str, InputColumn] = document.inputs
        self.outputs: Mapping[str, OutputColumn] = document.outputs
        self.sources = document.sources
        self.rows = tuple(rows)
        content = zen.ZenDecisionContent(json.dumps(_engine_graph(self.inputs, self.rows)))
        self._engine = zen.ZenEngine({"loader": lambda _key: content})
        self._row = lru_cache(maxsize=ROWS_KEPT, typed=True)(self._ask_engine)

    def __call__(self, inputs: Mapping[str, object]) -> TableAnswer:
        """The matched row and its outputs. Inputs that are no column of the table are left aside.

        Raises TableInputInvalid when an input is missing or wrong.
        """
        number = self._row(*map(inputs.get, self.inputs))
        outputs = {name: _plain(value) for name, value in self.rows[number - 1].outputs.items()}
        return TableAnswer(self.key, self.version, number, outputs)

    def _ask_engine(self, *values: object) -> int:
        """The number of the first row that matches values in the order of the columns, which are looked at first."""
        asked = dict(zip(self.inputs, values, strict=True))
        faults = {name: why for name, column in self.inputs.items() if (why := column.refusal(asked[name]))}
        if faults:
            raise TableInputInvalid(self.key, faults)
        number = self._engine.evaluate(self.key, asked)["result"].get(_ROW)
        if not isinstance(number, int) or not 1 <= number <= len(self.rows):
            raise TableSilent(f"table {self.key} {self.version} answered {number!r} to {asked!r}")
        return number

    @property
    def word_keys(self) -> tuple[str, ...]:
        """Every word that the table needs to be shown: its title, columns and rows."""
        columns = [f"column.{name}" for name in (*self.inputs, *self.outputs)]
        return (f"table.{self.key}", *columns, *(f"row.{self.key}.{row.id}" for row in self.rows))


def compile_table(key: str, jdm: Mapping[str, Any], version: str) -> Table:
    """A table ready to be asked. Raises PackInvalid with every fault of the file."""
    document, problems = read(key, jdm)
    if document is None:
        raise PackInvalid(tuple(problems))
    rows, row_problems = _rows(key, document)
    problems += [
        *_declarations(key, document),
        *row_problems,
        *_shape(key, document),
        *_default(key, document, rows),
        *_sources(key, document),
    ]
    if problems:
        raise PackInvalid(tuple(problems))
    return Table(key, version, document, rows)


def _declarations(key: str, document: Document) -> Iterator[PackProblem]:
    """Values declared for a column are of its type."""
    for part, columns in (("x-inputs", document.inputs), ("x-outputs", document.outputs)):
        for name, column in columns.items():
            if wrong := column.misfits():
                params: Params = {"column": name, "type": column.type, "values": list(wrong)}
                yield PackProblem("values_misfit", f"tables/{key}/{part}/{name}", params)


def _rows(key: str, document: Document) -> tuple[list[Row], list[PackProblem]]:
    """Every cell judged; then the rows that no input reaches."""
    problems: list[PackProblem] = []
    hits: dict[str, list[tuple[bool, ...]]] = {}
    for name, column in document.inputs.items():
        written = [rule.conditions[name] for rule in document.rules]
        values = cells.samples(column, written)
        hits[name] = []
        for rule, cell in zip(document.rules, written, strict=True):
            matched, faults = cells.matches(cell, values)
            hits[name].append(matched)
            for code, params in faults + cells.unlisted(column, cell):
                problems.append(PackProblem(code, _where(key, rule, name), params))
    rows = []
    for rule in document.rules:
        outputs: dict[str, Any] = {}
        for name, output in document.outputs.items():
            outputs[name], faults = cells.constant(rule.outputs[name])
            why = None if faults else output.refusal(outputs[name])
            faults += [(f"output_{why}", {"cell": rule.outputs[name], "values": list(output.values)})] if why else []
            problems += [PackProblem(code, _where(key, rule, name), params) for code, params in faults]
        rows.append(Row(rule.id, rule.conditions, outputs, rule.source))
    if not problems:
        problems += _unreachable(key, document.rules, hits)
    return rows, problems


def _unreachable(
    key: str, rules: Sequence[Rule], hits: Mapping[str, Sequence[tuple[bool, ...]]]
) -> Iterator[PackProblem]:
    """Rows, the last one excepted, that an earlier row always forestalls.

    For each sample value of a column, a bit mask of the rows that it lets through; every combination of values lets
    through the intersection, and its lowest bit is the row that answers.
    """
    reached = {(1 << len(rules)) - 1}
    for rows in hits.values():
        masks = {sum(1 << n for n, hit in enumerate(column) if hit) for column in zip(*rows, strict=True)}
        reached = {mask & other for mask in reached for other in masks}
    answering = {(mask & -mask).bit_length() for mask in reached}
    seen: dict[tuple[str, ...], Rule] = {}
    for rule in rules[:-1]:
        twin = seen.setdefault(tuple(cell.strip() for cell in rule.conditions.values()), rule)
        if twin is not rule:
            yield PackProblem("row_repeats", _where(key, rule), {"row": rule.number, "earlier": twin.number})
        elif rule.number not in answering:
            yield PackProblem("row_unreachable", _where(key, rule), {"row": rule.number})


def _shape(key: str, document: Document) -> Iterator[PackProblem]:
    """Exactly one row without conditions, and it is the last and the marked one."""
    bare = [rule for rule in document.rules if all(cells.is_any(cell) for cell in rule.conditions.values())]
    last = document.rules[-1]
    if last not in bare:
        yield PackProblem("default_missing", f"tables/{key}", {"row": last.number})
    for rule in bare:
        if rule is not last:
            yield PackProblem("default_not_last", _where(key, rule), {"row": rule.number})
    if document.default != last.id:
        yield PackProblem("default_not_marked", f"tables/{key}", {"marked": document.default, "last": last.id})


def _default(key: str, document: Document, rows: Sequence[Row]) -> Iterator[PackProblem]:
    """The last row is at least as strict as every other, column by column."""
    for name, column in document.outputs.items():
        if not column.rule_fits():
            params: Params = {"column": name, "type": column.type, "rule": column.strictest}
            yield PackProblem("strictness_misfit", f"tables/{key}/x-outputs/{name}", params)
            continue
        values = [row.outputs[name] for row in rows]
        if any(column.refusal(value) for value in values):
            continue
        laxer = [n for n, value in enumerate(values, 1) if not column.is_strictest(values[-1], (value,))]
        if laxer:
            params = {"column": name, "rule": column.strictest, "stricter_rows": laxer, "default": values[-1]}
            yield PackProblem("default_not_strictest", _where(key, document.rules[-1], name), params)


def _sources(key: str, document: Document) -> Iterator[PackProblem]:
    """Every row says which rule of which text it carries out."""
    for rule in document.rules:
        if rule.source not in document.sources:
            params = {"row": rule.number, "source": rule.source, "known": sorted(document.sources)}
            yield PackProblem("source_unknown", _where(key, rule), params)


def _plain(value: Any) -> Any:
    """A value as it comes back from JSON, so that an event read again equals the one that was written."""
    return list(value) if isinstance(value, tuple) else value


def _where(key: str, rule: Rule, column: str | None = None) -> str:
    place = f"tables/{key}/row {rule.number}"
    return place if column is None else f"{place}/{column}"


def _engine_graph(inputs: Mapping[str, InputColumn], rows: Sequence[Row]) -> dict[str, Any]:
    """The table as ZEN gets it: the conditions, and one output that is the row's number."""
    rules = [
        {"_id": row.id, **{f"in_{name}": row.conditions[name].strip() for name in inputs}, "out": str(number)}
        for number, row in enumerate(rows, 1)
    ]
    content = {
        "hitPolicy": "first",
        "inputs": [{"id": f"in_{name}", "name": name, "field": name} for name in inputs],
        "outputs": [{"id": "out", "name": _ROW, "field": _ROW}],
        "rules": rules,
    }
    at = {"x": 0, "y": 0}
    return {
        "nodes": [
            {"id": "input", "type": "inputNode", "name": "input", "position": at},
            {"id": "table", "type": "decisionTableNode", "name": "table", "position": at, "content": content},
            {"id": "output", "type": "outputNode", "name": "output", "position": at},
        ],
        "edges": [
            {"id": "edge-1", "sourceId": "input", "targetId": "table", "type": "edge"},
            {"id": "edge-2", "sourceId": "table", "targetId": "output", "type": "edge"},
        ],
    }
