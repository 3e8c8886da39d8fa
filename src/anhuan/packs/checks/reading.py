"""Reading a kind for its checks: every duty with its place, and the parties that a `who` can come down to."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from anhuan.core.policy import DutySpec, Kind, Move
from anhuan.core.terms import AllOf, ByTable, Drawn, FirstOf, Named, Who
from anhuan.packs.forms import Form
from anhuan.packs.tables import Table

FIRM = ("post:", "team:", "unit:", "person:")
"""Words that name somebody on every case; the others may mean nobody (a report without a finder)."""


class Owed(Struct, frozen=True):
    """A duty and where it is written."""

    where: str
    spec: DutySpec
    stage: str | None = None
    """Its stage; None for the approval of a move."""
    move: Move | None = None
    """The move that it approves; None for a duty of a stage."""


def place(kind: Kind) -> str:
    """Where a kind is written."""
    return f"kinds/{kind.key}"


def duties(kind: Kind) -> Iterator[Owed]:
    """Every duty of the kind: those of its stages, then the approvals of its moves."""
    for name, stage in kind.stages.items():
        for spec in stage.duties:
            yield Owed(f"{place(kind)}/stages/{name}/{spec.key}", spec, stage=name)
    for name, move in kind.moves.items():
        if move.approve is not None:
            yield Owed(f"{place(kind)}/moves/{name}/approve", move.approve, move=move)


def stage_duties(kind: Kind) -> Iterator[Owed]:
    """The duties of the kind's stages."""
    return (owed for owed in duties(kind) if owed.stage is not None)


def row_words(table: Table) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The party words of each row of a table that routes."""
    for number, row in enumerate(table.rows, 1):
        lead = row.outputs.get("lead") or row.outputs.get("parties") or ()
        yield number, (*lead, *(row.outputs.get("assist") or ()))


def options(who: Who, tables: Mapping[str, Table]) -> tuple[tuple[str, ...], ...]:
    """The groups of words that a `who` can come down to; of a draw those of its fallback."""
    match who:
        case Named(parties):
            return (parties,)
        case ByTable(table):
            return tuple(words for _, words in row_words(tables[table])) if table in tables else ()
        case FirstOf(parts) | AllOf(parts):
            return tuple(group for part in parts for group in options(part, tables))
        case Drawn(_, _, fallback):
            return options(fallback, tables)


def words_of(who: Who, tables: Mapping[str, Table]) -> frozenset[str]:
    """Every party word that a `who` can come down to."""
    return frozenset(word for group in options(who, tables) for word in group)


def within(who: Who, words: frozenset[str], tables: Mapping[str, Table]) -> bool:
    """Whether a case can come to where nobody but the named words is asked.

    Of several options one outside is enough, since the first that may do it is asked; of a table each row counts.
    """
    match who:
        case FirstOf(parts) | AllOf(parts):
            return all(within(part, words, tables) for part in parts)
        case Drawn(_, _, fallback):
            return within(fallback, words, tables)
        case _:
            return any(group and set(group) <= words for group in options(who, tables))


def form_of(kind: Kind) -> Form | None:
    """The form that a case of the kind is opened with."""
    form = kind.forms.get(kind.form)
    return form if isinstance(form, Form) else None


def field_of(form: Form | None, name: str) -> Mapping[str, Any] | None:
    """A field's schema; None where the form has no such field."""
    properties: Mapping[str, Mapping[str, Any]] = form.schema["properties"] if form else {}
    return properties.get(name)


def always_filled(form: Form | None, name: str) -> bool:
    """Whether a complete form has the field."""
    return form is not None and name in form.schema.get("required", ())
