"""Whether what a kind asks of tables and fields can be answered: columns, conditions, deadlines, subject."""

from collections.abc import Iterator, Mapping
from typing import Any

from anhuan.core.policy import Enter, Kind
from anhuan.core.terms import (
    AllOf,
    ByTable,
    Condition,
    Deadline,
    Drawn,
    Earliest,
    FieldIs,
    FirstKnown,
    FirstOf,
    ItemDate,
    TableSays,
    UntilField,
    Who,
    WithinTable,
)
from anhuan.packs.agreement import check_agreement
from anhuan.packs.checks.flow import entries
from anhuan.packs.checks.reading import Owed, always_filled, duties, field_of, form_of, place
from anhuan.packs.columns import OutputColumn
from anhuan.packs.forms import Form
from anhuan.packs.problems import PackProblem
from anhuan.packs.tables import Table

SUBJECT_WORDS = frozenset(
    {"area", "equipment", "category", "grade", "source", "person", "performer", "finder", "found_at", "due_on"}
)
CLOCKS = {"calendar", "working"}


def check_asked(kind: Kind, forms: Mapping[str, Form], tables: Mapping[str, Table]) -> Iterator[PackProblem]:
    """Tables, conditions, deadlines and fields of a kind."""
    yield from _own_fields(kind)
    asked: set[str] = set()
    for number, rule in enumerate(kind.intake, 1):
        yield from _condition(f"{place(kind)}/intake/{number}/when", rule.when, kind, tables, asked)
    for name, opens in kind.opens_on_closing.items():
        yield from _condition(f"{place(kind)}/opens/{name}/when", opens.when, kind, tables, asked)
    for owed in duties(kind):
        yield from _condition(f"{owed.where}/when", owed.spec.when, kind, tables, asked)
        yield from _parties(f"{owed.where}/who", owed.spec.who, tables, asked)
        yield from _deadline(owed, kind, forms, tables, asked)
    for name, move in kind.moves.items():
        yield from _condition(f"{place(kind)}/moves/{name}/when", move.when, kind, tables, asked)
        if move.arbiter is not None:
            yield from _parties(f"{place(kind)}/moves/{name}/arbiter", move.arbiter, tables, asked)
    form = form_of(kind)
    if form is not None:
        for key in sorted(asked & tables.keys()):
            yield from check_agreement(tables[key], form)


def _own_fields(kind: Kind) -> Iterator[PackProblem]:
    """Title and subject are fields of the kind's form."""
    named = [("title", kind.title), *((f"subject/{word}", field) for word, field in kind.subject.items())]
    for where, field in named:
        yield from field_known(f"{place(kind)}/{where}", form_of(kind), field)
    for word in sorted(kind.subject.keys() - SUBJECT_WORDS):
        params = {"word": word, "known": sorted(SUBJECT_WORDS)}
        yield PackProblem("subject_word_unknown", f"{place(kind)}/subject/{word}", params)


def field_known(where: str, form: Form | None, field: str) -> Iterator[PackProblem]:
    """A field that is named exists."""
    if form is not None and field_of(form, field) is None:
        yield PackProblem("field_unknown", where, {"field": field, "known": sorted(form.schema["properties"])})


def _condition(
    where: str, condition: Condition | None, kind: Kind, tables: Mapping[str, Table], asked: set[str]
) -> Iterator[PackProblem]:
    match condition:
        case FieldIs(name, value):
            yield from field_known(where, form_of(kind), name)
            field = field_of(form_of(kind), name) or {}
            if not _may_be(field, value):
                yield PackProblem("condition_never_holds", where, {"field": name, "value": value})
        case TableSays(table, column):
            yield from _column(where, table, (column,), tables, asked)
            found = tables[table].outputs.get(column) if table in tables else None
            if found is not None and found.type != "boolean":
                yield PackProblem("column_misfit", where, {"table": table, "column": column, "wanted": "boolean"})


def _may_be(field: Mapping[str, Any], value: object) -> bool:
    """Whether a field can have the value at all."""
    fits = {
        "boolean": isinstance(value, bool),
        "string": isinstance(value, str),
        "integer": isinstance(value, int) and not isinstance(value, bool),
        "number": isinstance(value, int | float) and not isinstance(value, bool),
    }
    return fits.get(field.get("type", ""), True) and value in field.get("enum", (value,))


def _column(
    where: str, table: str, columns: tuple[str, ...], tables: Mapping[str, Table], asked: set[str]
) -> Iterator[PackProblem]:
    """The table exists and answers in one of the columns."""
    if table not in tables:
        yield PackProblem("table_unknown", where, {"table": table, "known": sorted(tables)})
        return
    asked.add(table)
    if not set(columns) & tables[table].outputs.keys():
        params = {"table": table, "columns": list(columns), "known": sorted(tables[table].outputs)}
        yield PackProblem("table_column_missing", where, params)


def _parties(where: str, who: Who, tables: Mapping[str, Table], asked: set[str]) -> Iterator[PackProblem]:
    match who:
        case ByTable(table):
            yield from _column(where, table, ("lead", "parties"), tables, asked)
            outputs = tables[table].outputs if table in tables else {}
            for name in ("lead", "parties", "assist"):
                if name in outputs and not (outputs[name].type == "array" and outputs[name].format == "party"):
                    params = {"table": table, "column": name, "wanted": "array of format party"}
                    yield PackProblem("column_misfit", where, params)
        case FirstOf(parts) | AllOf(parts):
            for part in parts:
                yield from _parties(where, part, tables, asked)
        case Drawn(_, _, fallback):
            yield from _parties(where, fallback, tables, asked)


def _deadline(
    owed: Owed, kind: Kind, forms: Mapping[str, Form], tables: Mapping[str, Table], asked: set[str]
) -> Iterator[PackProblem]:
    yield from _time(f"{owed.where}/within", owed.spec.within, owed, kind, forms, tables, asked)


def _time(
    where: str,
    given: Deadline,
    owed: Owed,
    kind: Kind,
    forms: Mapping[str, Form],
    tables: Mapping[str, Table],
    asked: set[str],
) -> Iterator[PackProblem]:
    match given:
        case WithinTable(table):
            yield from _column(where, table, ("within",), tables, asked)
            outputs = tables[table].outputs if table in tables else {}
            if "within" in outputs and outputs["within"].format != "duration":
                yield PackProblem("column_misfit", where, {"table": table, "column": "within", "wanted": "duration"})
            if "clock" in outputs and not _is_clock(outputs["clock"]):
                params = {"table": table, "column": "clock", "wanted": "calendar, working"}
                yield PackProblem("column_misfit", where, params)
        case UntilField(field, met_by):
            yield from _until(where, field, list(_forms_before(owed, kind, forms)))
            yield from _met_by(where, given, kind)
            if met_by:
                yield PackProblem("deadline_maybe_unknown", where)
        case ItemDate():
            yield from _of_item(where, given, kind)
            yield PackProblem("deadline_maybe_unknown", where)
        case FirstKnown(options) | Earliest(options):
            for option in options:
                if isinstance(option, UntilField):
                    yield from _named_somewhere(where, option.field, kind, forms)
                    yield from _met_by(where, option, kind)
                elif isinstance(option, ItemDate):
                    yield from _of_item(where, option, kind)
                else:
                    yield from _time(where, option, owed, kind, forms, tables, asked)
            if not any(_always_known(option) for option in options):
                yield PackProblem("deadline_maybe_unknown", where)


def _of_item(where: str, given: ItemDate, kind: Kind) -> Iterator[PackProblem]:
    """The date is one that raises such cases, so that they are about an item that has it."""
    known = sorted({field for _, field in kind.due_dates()})
    if given.field not in known:
        yield PackProblem("item_date_unknown", where, {"field": given.field, "known": known})
    yield from _met_by(where, given, kind)


def _met_by(where: str, given: UntilField | ItemDate, kind: Kind) -> Iterator[PackProblem]:
    """The duties that the instant was meant for are the kind's."""
    known = {owed.spec.key for owed in duties(kind)}
    if unknown := sorted(set(given.met_by) - known):
        yield PackProblem("met_by_unknown", where, {"duties": unknown, "known": sorted(known)})


def _always_known(given: Deadline) -> bool:
    """Whether there is a deadline whatever was filled in."""
    match given:
        case UntilField() | ItemDate():
            return False
        case FirstKnown(options) | Earliest(options):
            return any(_always_known(option) for option in options)
        case _:
            return True


def _named_somewhere(where: str, field: str, kind: Kind, forms: Mapping[str, Form]) -> Iterator[PackProblem]:
    """Some form of the kind has the field, as an instant."""
    keys = {kind.form, *(owed.spec.form for owed in duties(kind)), *(move.form for move in kind.moves.values())}
    parts = [part for key in keys if key is not None and (part := field_of(forms.get(key), field)) is not None]
    if not any(part.get("format") == "date-time" for part in parts):
        yield PackProblem("until_field_unknown", where, {"field": field})


def _is_clock(column: OutputColumn) -> bool:
    return bool(column.values) and set(column.values) <= CLOCKS


def _forms_before(owed: Owed, kind: Kind, forms: Mapping[str, Form]) -> Iterator[tuple[Form | None, ...]]:
    """For each way to the duty the forms that were filled in on it, the case's own last."""
    own = form_of(kind)
    if owed.move is not None:
        yield forms.get(owed.move.form or ""), own
        return
    elsewhere = any(owed.stage in stage.then.values() for stage in kind.stages.values())
    entered = [where for where, stage in entries(kind) if stage == owed.stage and "/moves/" not in where]
    if elsewhere or entered:
        yield (own,)
    for move in kind.moves.values():
        if isinstance(move.effect, Enter) and move.effect.stage == owed.stage:
            yield forms.get(move.form or ""), own


def _until(where: str, field: str, ways: list[tuple[Form | None, ...]]) -> Iterator[PackProblem]:
    """On every way there is a form with the field, as an instant that must be filled in."""
    for way in ways:
        found = [(form, part) for form in way if (part := field_of(form, field)) is not None]
        if not any(part.get("format") == "date-time" for _, part in found):
            yield PackProblem("until_field_unknown", where, {"field": field})
            return
        if not any(always_filled(form, field) for form, _ in found):
            yield PackProblem("until_field_optional", where, {"field": field})
            return
