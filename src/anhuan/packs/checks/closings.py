"""What closing a case opens: whether it can ever be opened, and whether every value is taken from what is there."""

import re
from collections.abc import Iterator, Mapping

from anhuan.core.case.opening import CASE_PREFIX, CLOSING_WORDS, DONE_PREFIX, TABLE_PREFIX, TARGET_NAMES
from anhuan.core.each import DidDuty, Judged, LikePlaces
from anhuan.core.policy import DutySpec, Kind, OpensOnClosing
from anhuan.core.terms import TableSays
from anhuan.packs.checks.asked import field_known
from anhuan.packs.checks.beginnings import outcomes_of
from anhuan.packs.checks.reading import field_of, form_of, place, stage_duties
from anhuan.packs.compile import Pack
from anhuan.packs.problems import PackProblem

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_OF_PLACES = frozenset({"area", "equipment", "equipment_list"})


def check_closings(pack: Pack, others: Mapping[str, Pack]) -> Iterator[PackProblem]:
    """Every `opens` of the pack that has `closed_as`."""
    known = {key: (other.name, found) for other in (*others.values(), pack) for key, found in other.kinds.items()}
    for kind in pack.kinds.values():
        for name, rule in kind.opens_on_closing.items():
            where = f"{place(kind)}/opens/{name}"
            yield from _outcomes(where, kind, rule)
            yield from _each(where, kind, rule, pack)
            if rule.kind not in known:
                yield PackProblem("opens_kind_unknown", f"{where}/kind", {"kind": rule.kind, "known": sorted(known)})
                continue
            owner, opened = known[rule.kind]
            if owner not in (pack.name, *pack.needs):
                yield PackProblem("needs_incomplete", "pack.yaml/needs", {"pack": owner, "kind": rule.kind})
            for field, value in rule.form.items():
                yield from field_known(f"{where}/form/{field}", form_of(opened), field)
                yield from _taken_from(f"{where}/form/{field}", value, kind, rule, pack)


def _outcomes(where: str, kind: Kind, rule: OpensOnClosing) -> Iterator[PackProblem]:
    closing = outcomes_of(kind) - {"merged", "history"}
    for outcome in rule.closed_as:
        if outcome not in closing:
            params = {"outcome": outcome, "known": sorted(closing)}
            yield PackProblem("outcome_never_closes", f"{where}/closed_as", params)


def _each(where: str, kind: Kind, rule: OpensOnClosing, pack: Pack) -> Iterator[PackProblem]:
    if isinstance(rule.each, LikePlaces) and rule.at_most is None:
        yield PackProblem("like_places_without_end", f"{where}/at_most")
    if not isinstance(rule.each, DidDuty):
        return
    specs = _specs(kind)
    if rule.each.duty not in specs:
        yield PackProblem("opens_duty_unknown", f"{where}/each", {"duty": rule.each.duty, "known": sorted(specs)})
    judged = rule.each.judged
    if judged is not None:
        for key in judged.duties:
            yield from _judged(f"{where}/each", key, judged, specs, pack)


def _judged(where: str, key: str, judged: Judged, specs: Mapping[str, DutySpec], pack: Pack) -> Iterator[PackProblem]:
    """The duty in whose form the verdict is given has such a field that can be so."""
    if key not in specs:
        yield PackProblem("opens_duty_unknown", where, {"duty": key, "known": sorted(specs)})
        return
    form = pack.forms.get(specs[key].form or "")
    if form is None:
        yield PackProblem("duty_without_form", where, {"duty": key})
        return
    yield from field_known(where, form, judged.field)
    field = field_of(form, judged.field) or {}
    if judged.value not in field.get("enum", (judged.value,)):
        yield PackProblem("condition_never_holds", where, {"field": judged.field, "value": judged.value})


def _specs(kind: Kind) -> dict[str, DutySpec]:
    return {owed.spec.key: owed.spec for owed in stage_duties(kind)}


def _taken_from(where: str, value: object, kind: Kind, rule: OpensOnClosing, pack: Pack) -> Iterator[PackProblem]:
    if not isinstance(value, str):
        return
    if value.startswith(CASE_PREFIX):
        yield from field_known(where, form_of(kind), value.removeprefix(CASE_PREFIX))
    elif value.startswith(TABLE_PREFIX):
        yield from _column(where, value.removeprefix(TABLE_PREFIX), rule, pack)
    elif value.startswith(DONE_PREFIX):
        key, _, field = value.removeprefix(DONE_PREFIX).partition(".")
        specs = _specs(kind)
        if key not in specs:
            yield PackProblem("opens_duty_unknown", where, {"duty": key, "known": sorted(specs)})
        elif (form := pack.forms.get(specs[key].form or "")) is None:
            yield PackProblem("duty_without_form", where, {"duty": key})
        else:
            yield from field_known(where, form, field)
    elif value.startswith("$"):
        offered = _OF_PLACES if isinstance(rule.each, LikePlaces) else TARGET_NAMES - _OF_PLACES if rule.each else set()
        if value[1:] not in offered:
            yield PackProblem("field_unknown", where, {"field": value[1:], "known": sorted(offered)})
    else:
        for word in sorted(set(_PLACEHOLDER.findall(value)) - CLOSING_WORDS):
            yield PackProblem("field_unknown", where, {"field": word, "known": sorted(CLOSING_WORDS)})


def _column(where: str, column: str, rule: OpensOnClosing, pack: Pack) -> Iterator[PackProblem]:
    """A value of the table that `when` asks."""
    table = pack.tables.get(rule.when.table) if isinstance(rule.when, TableSays) else None
    if table is None or column not in table.outputs:
        params = {
            "table": table.key if table else "-",
            "columns": [column],
            "known": sorted(table.outputs if table else ()),
        }
        yield PackProblem("table_column_missing", where, params)
