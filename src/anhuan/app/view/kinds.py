"""A kind of case as clients render it: forms, stages, moves, tables and words; the client itself names no pack."""

import re
from collections.abc import Iterator
from typing import Any

from anhuan.app.view.kind_shapes import (
    Column,
    DutyKindView,
    KindView,
    MoveKindView,
    RegisterView,
    StageKindView,
    TableColumnView,
    TableKindView,
    TableRowView,
)
from anhuan.app.view.lens import Lens
from anhuan.app.view.shapes import Json, Outcome
from anhuan.core.obligation.calendar import Amount, CalendarError, Within, parse_amount
from anhuan.core.obligation.party import PLANT_WIDE, RELATIVE_WORDS
from anhuan.core.policy import Close, DutySpec
from anhuan.core.terms import Deadline, Earliest, FirstKnown, ItemDate, UntilField, WithinTable
from anhuan.domain.ids import PersonId
from anhuan.domain.plant_items import Post, Team
from anhuan.packs.computed import Computed
from anhuan.packs.tables import Row, Table

_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_ROW_WORDS = ("row.", "problem.", "band.")
"""Words that no form needs; tables carry their own."""
_MINUTES_OF_HOUR = 60


def kind_view(lens: Lens) -> KindView:
    """The kind that the lens is for."""
    kind, pack = lens.kind, lens.pack
    text = pack.texts[kind.key]
    forms = {key: dict(pack.forms[key].schema) for key in sorted(_form_keys(lens)) if key in pack.forms}
    return KindView(
        key=kind.key,
        version=kind.version,
        pack=kind.pack,
        name=lens.kind_name(),
        description=lens.pack_word(f"kind.{kind.key}.description") or "",
        number_prefix=kind.number_prefix,
        raised_by=list(kind.raised_by),
        form=forms[kind.form],
        form_key=kind.form,
        forms=forms,
        subject=dict(kind.subject),
        stages=[
            StageKindView(
                key=stage.key,
                name=lens.stage(stage.key),
                duties=[_duty(spec, lens) for spec in stage.duties],
                then=dict(stage.then),
                sometimes=all(spec.when is not None for spec in stage.duties),
            )
            for stage in kind.stages.values()
        ],
        usual_stage=kind.intake[-1].enter,
        moves=[
            MoveKindView(
                key=move.key,
                name=lens.move(move.key),
                form=move.form,
                duties=list(move.duties),
                on_closed=move.on_closed,
                asked_by=list(move.asked_by),
                needs_approval=move.approve is not None,
            )
            for move in kind.moves.values()
        ],
        outcomes=[_outcome(key, lens) for key in dict.fromkeys(_closing(lens))],
        computed=[_computed(computed, lens) for computed in pack.forms[kind.form].computed.values()],
        words={key: word for key, word in pack.words[lens.language].items() if not key.startswith(_ROW_WORDS)},
        columns=[Column(field=field, name=lens.word(f"field.{field}")) for field in text.columns],
        registers=[
            RegisterView(
                key=key,
                name=lens.word(f"register.{kind.key}.{key}"),
                columns=[Column(field=column, name=lens.word(f"head.{column}")) for column in register.columns],
            )
            for key, register in text.registers.items()
        ],
        libraries=sorted({one.field for one in lens.pack.libraries.values() if one.form == kind.form}),
    )


def _form_keys(lens: Lens) -> set[str]:
    kind = lens.kind
    specs = [spec for stage in kind.stages.values() for spec in stage.duties]
    specs += [move.approve for move in kind.moves.values() if move.approve]
    keys = {kind.form, *(spec.form for spec in specs), *(spec.assist_form for spec in specs)}
    keys |= {move.form for move in kind.moves.values()}
    return {key for key in keys if key}


def _closing(lens: Lens) -> Iterator[str]:
    """Every outcome that a case of the kind can close with."""
    for stage in lens.kind.stages.values():
        for outcome, target in stage.then.items():
            if target.partition(":")[0] == "close":
                yield target.partition(":")[2] or outcome
    for move in lens.kind.moves.values():
        if isinstance(move.effect, Close):
            yield move.effect.outcome
    yield from ("merged", "history")


def _outcome(key: str, lens: Lens) -> Outcome:
    return Outcome(key=key, name=lens.word(f"outcome.{key}"))


def _duty(spec: DutySpec, lens: Lens) -> DutyKindView:
    return DutyKindView(
        key=spec.key,
        name=lens.duty(spec.key),
        deed=spec.deed,
        blind=spec.blind,
        within_text=within_text(spec.within, lens),
        form=spec.form,
        assist_form=spec.assist_form,
        prove=list(spec.prove),
        outcomes=[_outcome(key, lens) for key in spec.outcomes],
    )


def within_text(deadline: Deadline, lens: Lens) -> str:
    """A deadline in words."""
    match deadline:
        case Within(amount, clock):
            return lens.word(f"within.{clock}", amount=_amount(amount, lens))
        case WithinTable(table):
            return lens.word("within.table", table=lens.word(f"table.{table}"))
        case UntilField(field, met_by):
            until = lens.word("within.until", field=lens.word(f"field.{field}"))
            return lens.word("within.once", until=until) if met_by else until
        case ItemDate(field):
            return lens.word("within.of_item", field=lens.word(f"field.{field}"))
        case FirstKnown(options):
            return lens.word("within.else").join(within_text(option, lens) for option in options)
        case Earliest(options):
            return lens.word(
                "within.earliest", options=lens.word("within.and").join(within_text(o, lens) for o in options)
            )


def _amount(amount: Amount, lens: Lens) -> str:
    hours, minutes = divmod(amount.minutes, _MINUTES_OF_HOUR)
    parts = (("days", amount.days), ("hours", hours), ("minutes", minutes))
    return " ".join(lens.word(f"amount.{unit}", n=str(number)) for unit, number in parts if number)


def _computed(computed: Computed, lens: Lens) -> Json:
    """How a computed field comes about, for the widget that asks for its factors."""
    return {
        "key": computed.key,
        "field": computed.field,
        "from": computed.origin,
        "values": list(computed.values),
        "methods": [
            {
                "key": name,
                "name": lens.word(f"{computed.origin}.{name}"),
                "only_import": method.only_import,
                "factors": [
                    {
                        "key": factor,
                        "name": lens.word(f"{computed.origin}.{name}.{factor}"),
                        "ratings": [
                            {
                                "value": rating,
                                "text": lens.pack_word(f"{computed.origin}.{name}.{factor}.{rating:g}"),
                            }
                            for rating in ratings
                        ],
                    }
                    for factor, ratings in method.factors.items()
                ],
                "bands": [
                    {"id": band.id, "value": band.value, "from": band.at_least, "above": band.above}
                    for band in method.bands
                ],
            }
            for name, method in computed.methods.items()
        ],
    }


# --- tables


def table_views(lens: Lens) -> list[TableKindView]:
    """The pack's tables, every cell in words."""
    return [_table(key, table, lens) for key, table in lens.pack.tables.items()]


def _table(key: str, table: Table, lens: Lens) -> TableKindView:
    columns = [*((name, "in") for name in table.inputs), *((name, "out") for name in table.outputs)]
    last = len(table.rows)
    return TableKindView(
        key=key,
        name=lens.word(f"table.{key}"),
        version=table.version,
        columns=[TableColumnView(key=name, name=lens.word(f"column.{name}"), io=io) for name, io in columns],
        rows=[
            TableRowView(
                row=number,
                name=lens.word(f"row.{key}.{row.id}"),
                cells=_cells(row, table, lens),
                is_default=number == last,
                source=_source(row, table),
            )
            for number, row in enumerate(table.rows, 1)
        ],
    )


def _cells(row: Row, table: Table, lens: Lens) -> list[str]:
    asked = [_condition(row.conditions.get(name, ""), name, lens) for name in table.inputs]
    return [*asked, *(_output(row.outputs[name], name, lens) for name in table.outputs)]


def _condition(cell: str, column: str, lens: Lens) -> str:
    """A condition with its values in words."""
    if not cell.strip():
        return lens.word("cell.any")
    if cell.strip() in ("true", "false"):
        return _yes_or_no(cell.strip() == "true", lens)

    def named(found: re.Match[str]) -> str:
        return _value(found[1] or found[2] or "", column, lens)

    return _QUOTED.sub(named, cell).replace(", ", lens.word("comma"))


def _output(value: Any, column: str, lens: Lens) -> str:
    if isinstance(value, bool):
        return _yes_or_no(value, lens)
    if isinstance(value, list | tuple):
        return lens.listed(_value(str(part), column, lens) for part in value)
    return _value(str(value), column, lens)


def _yes_or_no(value: bool, lens: Lens) -> str:
    return lens.word("bool.yes" if value else "bool.no")


def _value(text: str, column: str, lens: Lens) -> str:
    """One value in words: a party, a length of time, or a choice."""
    if text in RELATIVE_WORDS or ":" in text:
        return party_word_text(text, lens)
    try:
        return _amount(parse_amount(text), lens)
    except CalendarError:
        return lens.pack_word(f"{column}.{text}") or lens.word(f"{column}.{text}")


def party_word_text(word: str, lens: Lens) -> str:
    """A party word of a pack in the plant's own names."""
    prefix, _, rest = word.partition(":")
    match prefix:
        case "post":
            key, _, place = rest.partition("@")
            post = lens.plant.get(Post, key)
            name = post.name if post else key
            wide = place == PLANT_WIDE and post is not None and post.per_area
            return lens.word("party.plant_wide", post=name) if wide else name
        case "team" | "unit":
            team = lens.plant.get(Team, rest)
            return team.name if team else rest
        case "person":
            return lens.plant.name_of(PersonId(rest))
        case "field":
            return lens.word(f"field.{rest}")
        case _:
            return lens.word(f"party.{word}")


def _source(row: Row, table: Table) -> str:
    source = table.sources.get(row.source)
    return " ".join(part for part in (source.text, source.clause) if part) if source else row.source
