"""Cases that a case opens: per entry out of limits when a duty is done, per place or person when it closes."""

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from anhuan.core.case import events as e
from anhuan.core.case.closing import AS_BEFORE
from anhuan.core.case.draft import Draft
from anhuan.core.case.outcome import RaiseCase
from anhuan.core.case.state import Duty, DutyStatus
from anhuan.core.each import DidDuty, Judged, LikePlaces, Related
from anhuan.core.policy import Opens, OpensOnClosing, Part
from anhuan.core.terms import TableSays
from anhuan.domain.ids import AreaId, PersonId
from anhuan.domain.like_places import LikePlace, like_places
from anhuan.domain.party import PersonParty
from anhuan.domain.plant_items import Area, Equipment, ReadingPoint

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
CASE_PREFIX, TABLE_PREFIX, DONE_PREFIX = "$case.", "$table.", "$done."
"""Where a value is taken from: the case's form, the answer of the table asked, what a duty was done with last."""
CLOSING_WORDS = frozenset({"number", "title", "area_name", "equipment_name", "place_name"})
"""What texts of a closing's form may hold in braces."""
TARGET_NAMES = frozenset({"area", "equipment", "equipment_list", "person"})
"""What `$name` may take from the place or person that a case is opened for."""


class _Target(Struct, frozen=True):
    """What one case is opened for."""

    key: str = ""
    """Area or person; empty: the case as a whole."""
    values: dict[str, object] = {}


def raise_on_closing(draft: Draft, outcome: str) -> None:
    """What closing with an outcome opens; said on the case before it closes, and never twice for the same target."""
    if outcome == AS_BEFORE:
        return
    for name, rule in draft.kind.opens_on_closing.items():
        if outcome in rule.closed_as:
            _call_for(draft, name, rule)


def _call_for(draft: Draft, name: str, rule: OpensOnClosing) -> None:
    targets = [target for target in _targets(draft, rule) if (name, target.key) not in draft.case.called_for]
    if not targets or not draft.holds(rule.when, name):
        return
    called = targets[: rule.at_most]
    keys = [target.key for target in called if target.key]
    places = isinstance(rule.each, LikePlaces)
    draft.emit(
        e.CasesCalledFor(
            at=draft.at,
            by=draft.by,
            rule=name,
            opened=rule.kind,
            areas=tuple(AreaId(key) for key in keys) if places else (),
            people=() if places else tuple(PersonId(key) for key in keys),
            left_out=len(targets) - len(called),
        )
    )
    for target in called:
        form = {field: _closing_value(draft, rule, target, value) for field, value in rule.form.items()}
        filled = {field: value for field, value in form.items() if value not in (None, "")}
        draft.effect(RaiseCase(draft.case.id, rule.kind, filled, None, f"{draft.case.id}:{name}:{target.key}"))


def _targets(draft: Draft, rule: OpensOnClosing) -> Iterator[_Target]:
    subject = draft.case.subject
    match rule.each:
        case None:
            yield _Target()
        case LikePlaces():
            yield from map(_place, like_places(draft.plant, subject.equipment, subject.area))
        case DidDuty() as did:
            for person in _who_did(draft, did):
                yield _Target(person, {"person": person})
        case Related(words):
            for party in draft.parties(words):
                if isinstance(party, PersonParty):
                    yield _Target(party.person, {"person": party.person})


def _place(place: LikePlace) -> _Target:
    values: dict[str, object] = {"area": place.area}
    if place.equipment:
        values["equipment_list"] = list(place.equipment)
    if len(place.equipment) == 1:
        values["equipment"] = place.equipment[0]
    return _Target(place.area, values)


def _who_did(draft: Draft, did: DidDuty) -> Iterable[PersonId]:
    """Each person once: who signed for the work, not whoever signed in their place."""
    done = [d for d in _discharged(draft, did.duty) if d.part is Part.LEAD]
    if did.judged is not None:
        done = list(_before_verdict(draft, did.judged, done))
    late = [d for d in done if d.breached_at is not None or not did.late]
    people = (d.on_behalf_of or d.ended_by for d in late)
    return dict.fromkeys(person for person in people if person)


def _before_verdict(draft: Draft, judged: Judged, done: list[Duty]) -> Iterator[Duty]:
    """What was done last before each verdict of that kind."""
    for verdict in (verdict for key in judged.duties for verdict in _discharged(draft, key)):
        earlier = [d for d in done if d.round < verdict.round]
        if earlier and verdict.form.get(judged.field) == judged.value:
            last = max(d.round for d in earlier)
            yield from (d for d in earlier if d.round == last)


def _discharged(draft: Draft, key: str) -> list[Duty]:
    return [d for d in draft.case.duties.values() if d.key == key and d.status is DutyStatus.DISCHARGED]


def _closing_value(draft: Draft, rule: OpensOnClosing, target: _Target, value: object) -> object:
    """`$area` and so on from the target, `$case.`, `$table.` and `$done.` from the case; texts may carry `{title}`."""
    if not isinstance(value, str):
        return value
    if value.startswith(CASE_PREFIX):
        return draft.case.values().get(value.removeprefix(CASE_PREFIX))
    if value.startswith(TABLE_PREFIX) and isinstance(rule.when, TableSays):
        return draft.ask(rule.when.table, rule.kind).outputs.get(value.removeprefix(TABLE_PREFIX))
    if value.startswith(DONE_PREFIX):
        key, _, field = value.removeprefix(DONE_PREFIX).partition(".")
        done = [duty for duty in _discharged(draft, key) if field in duty.form]
        return done[-1].form[field] if done else None
    if value.startswith("$"):
        return target.values.get(value[1:])
    words = _closing_words(draft, target)
    return _PLACEHOLDER.sub(lambda found: words.get(found[1], ""), value).strip()


def _closing_words(draft: Draft, target: _Target) -> dict[str, str]:
    case, plant = draft.case, draft.plant
    equipment, area = plant.get(Equipment, case.subject.equipment), plant.get(Area, case.subject.area)
    place = plant.get(Area, target.key)
    return {
        "number": case.number,
        "title": case.title,
        "area_name": area.name if area else "",
        "equipment_name": f"{equipment.number} {equipment.name}" if equipment else "",
        "place_name": place.name if place else "",
    }


def raise_from_entries(draft: Draft, opens: Opens, done: Duty) -> None:
    """One case per entry of a list that is marked as out of limits; the same entry never raises two."""
    entries = done.form.get(opens.each)
    for number, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, dict) and _out_of_limits(draft, entry):
            words = {**entry, **_named(draft, entry)}
            form = {key: _value(draft, words, value) for key, value in opens.form.items()}
            filled = {key: value for key, value in form.items() if value is not None}
            key = f"{draft.case.id}:{done.no}:{number}"
            draft.effect(RaiseCase(draft.case.id, opens.kind, filled, done.ended_by, key))


def _out_of_limits(draft: Draft, entry: dict[str, object]) -> bool:
    """By the limits on record for the equipment's reading point, or because the person says it is not in order."""
    if entry.get("in_order") is False:
        return True
    _, point = _point(draft, entry)
    return point is not None and point.is_out(entry.get("value"))


def _point(draft: Draft, entry: dict[str, object]) -> tuple[Equipment | None, ReadingPoint | None]:
    """The equipment and the reading point of it that an entry is about, as far as the plant knows them."""
    equipment = draft.plant.get(Equipment, str(entry.get("equipment") or draft.case.subject.equipment))
    points = equipment.points if equipment else ()
    return equipment, next((point for point in points if point.key == entry.get("point")), None)


def _named(draft: Draft, entry: dict[str, object]) -> dict[str, object]:
    """What people call the things of an entry: `equipment_name`, `point_name`, and `reading` with unit and limits."""
    equipment, point = _point(draft, entry)
    words: dict[str, object] = {
        "equipment_name": equipment.name if equipment else entry.get("equipment", ""),
        "point_name": point.name if point else entry.get("point", ""),
        "reading": "",
    }
    if point is not None and not point.is_check and "value" in entry:
        low, high = ("" if limit is None else f"{limit:g}" for limit in (point.low, point.high))
        words["reading"] = f"{entry['value']} {point.unit} [{low}, {high}]"
    return words


def _value(draft: Draft, entry: dict[str, object], value: object) -> object:
    """`$name` is taken from the entry, `$case.name` from the case; other texts may carry `{name}`, empty if unknown."""
    if not isinstance(value, str):
        return value
    if value.startswith("$case."):
        return draft.case.values().get(value.removeprefix("$case."))
    if value.startswith("$"):
        return entry.get(value[1:])
    return _PLACEHOLDER.sub(lambda found: str(entry.get(found[1], "")), value).strip()
