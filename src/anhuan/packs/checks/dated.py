"""Kinds that dates of the plant raise: which dates, how long before, and what is written back once all is done."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import get_args

import msgspec

from anhuan.core.policy import Kind, Writes
from anhuan.domain.plant_items import ITEM_TYPES
from anhuan.packs.checks.asked import field_known
from anhuan.packs.checks.reading import place, stage_duties
from anhuan.packs.forms import Form
from anhuan.packs.problems import PackProblem

DUE_FIELDS = ("item_kind", "item", "name", "area", "equipment", "due_on")
"""What a case that a date of the plant raises is opened with (`app.due_dates`)."""


def check_dated(kind: Kind, forms: Mapping[str, Form]) -> Iterator[PackProblem]:
    """Dates that exist, raised ahead of; and writing only what the item has and the form says."""
    where = place(kind)
    dates = kind.due_dates()
    for item_kind, field in dates:
        if not is_date(item_kind, field):
            params = {"word": f"due:{item_kind}.{field}", "known": sorted(f"due:{k}.{f}" for k, f in known_dates())}
            yield PackProblem("raised_by_unknown", f"{where}/raised_by", params)
    if bool(dates) != (kind.ahead is not None):
        yield PackProblem("ahead_misfit", f"{where}/ahead")
    for key, writes in kind.writes.items():
        yield from _writes(f"{where}/writes/{key}", key, writes, kind, forms)


def is_date(item_kind: str, field: str) -> bool:
    """Whether items of the kind have such a date."""
    return (item_kind, field) in set(known_dates())


def known_dates() -> Iterator[tuple[str, str]]:
    """Every date of every kind of item."""
    for kind, item_type in ITEM_TYPES.items():
        for field in msgspec.structs.fields(item_type):
            if date in (field.type, *get_args(field.type)):
                yield kind, field.name


def _writes(where: str, key: str, writes: Writes, kind: Kind, forms: Mapping[str, Form]) -> Iterator[PackProblem]:
    specs = {owed.spec.key: owed.spec for owed in stage_duties(kind)}
    for duty in sorted({key, writes.of} - specs.keys()):
        yield PackProblem("writes_duty_unknown", where, {"duty": duty, "known": sorted(specs)})
    if not kind.due_dates():
        yield PackProblem("writes_without_item", where)
    for item_kind, _ in kind.due_dates():
        item_type = ITEM_TYPES.get(item_kind)
        known = {field.name for field in msgspec.structs.fields(item_type)} - {"id"} if item_type else set(writes.set)
        for field in sorted(writes.set.keys() - known):
            yield PackProblem("field_unknown", f"{where}/set", {"field": field, "known": sorted(known)})
    source = specs[writes.of].form if writes.of in specs else None
    for field in writes.set.values():
        yield from field_known(f"{where}/set", forms.get(source or ""), field)
