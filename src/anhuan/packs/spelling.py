"""Reading the places of a pack where several spellings mean something: who, by when, under which condition.

Each function returns the policy's value or raises `Misspelt` with a code; the caller knows the place.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, cast

from anhuan.core.each import DidDuty, Each, Judged, LikePlaces, Related
from anhuan.core.obligation.calendar import CalendarError, Clock, Within, parse_amount, parse_within
from anhuan.core.obligation.party import UnknownPartyWord, check_word
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
    Incomplete,
    ItemDate,
    Named,
    TableSays,
    UntilField,
    Who,
    WithinTable,
)


class Misspelt(ValueError):
    """A place that means nothing in the language; `code` and `params` say why."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def read_who(written: Any) -> Who:
    """`post:area_owner`, a list of such words, `{table: t}`, `{first_of: [...]}`, `{all: [...]}`, or
    `{draw: {competent_for: category, cap: 5, fallback: ...}}`."""
    match written:
        case str():
            return Named((read_word(written),))
        case [*words] if words and all(isinstance(word, str) for word in words):
            return Named(tuple(read_word(word) for word in words))
        case {"table": str(table), **rest} if not rest:
            return ByTable(table)
        case {"first_of": [*options], **rest} if options and not rest:
            return FirstOf(tuple(read_who(option) for option in options))
        case {"all": [*options], **rest} if options and not rest:
            return AllOf(tuple(read_who(option) for option in options))
        case {"draw": {"competent_for": str(field), "fallback": fallback, **rest}, **more} if not more:
            cap = rest.pop("cap", 5)
            if rest or not isinstance(cap, int) or cap < 1:
                raise Misspelt("draw_misspelt", given=repr(written))
            return Drawn(competent_for=field, cap=cap, fallback=read_who(fallback))
        case _:
            raise Misspelt("who_misspelt", given=repr(written))


def read_word(word: str) -> str:
    """A party word, checked."""
    try:
        check_word(word)
    except UnknownPartyWord:
        raise Misspelt("party_word_unknown", word=word) from None
    return word


def read_words(words: Iterable[str]) -> tuple[str, ...]:
    """Party words, each checked."""
    return tuple(read_word(word) for word in words)


def read_within(written: Any) -> Deadline:
    """`PT2H`, `{time: P3D, clock: working}`, `{table: t}`, `{until: field}`, `{of_item: field}` (with `met_by: [duty]`
    if it counts once only), or `first_of`, `earliest` of several."""
    match written:
        case str():
            return _within(written, "calendar")
        case {"time": str(time), **rest} if set(rest) <= {"clock"} and rest.get("clock", "calendar") in (
            "calendar",
            "working",
        ):
            return _within(time, cast(Clock, rest.get("clock", "calendar")))
        case {"table": str(table), **rest} if not rest:
            return WithinTable(table)
        case {"until": str(field), **rest} if set(rest) <= {"met_by"}:
            return UntilField(field, _duty_keys(rest.get("met_by", []), written))
        case {"of_item": str(field), **rest} if set(rest) <= {"met_by"}:
            return ItemDate(field, _duty_keys(rest.get("met_by", []), written))
        case {"first_of": [_, *_] as options, **rest} if not rest:
            return FirstKnown(tuple(read_within(option) for option in options))
        case {"earliest": [_, *_] as options, **rest} if not rest:
            return Earliest(tuple(read_within(option) for option in options))
        case _:
            raise Misspelt("within_misspelt", given=repr(written))


def _duty_keys(keys: Any, written: Any) -> tuple[str, ...]:
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise Misspelt("within_misspelt", given=repr(written))
    return tuple(keys)


def _within(text: str, clock: Clock) -> Within:
    try:
        return parse_within(text, clock)
    except CalendarError as error:
        raise Misspelt(error.code, **error.params) from None


def read_duration(text: str) -> timedelta:
    """A calendar duration: `PT4H`, `P90D`."""
    try:
        amount = parse_amount(text)
    except CalendarError as error:
        raise Misspelt(error.code, **error.params) from None
    return timedelta(days=amount.days, minutes=amount.minutes)


def read_when(written: Any) -> Condition | None:
    """Nothing (always), `incomplete`, `{field: f, is: v}`, or `{table: t, says: column}`."""
    match written:
        case None:
            return None
        case "incomplete":
            return Incomplete()
        case {"field": str(field), "is": value, **rest} if not rest:
            return FieldIs(field, value)
        case {"table": str(table), "says": str(column), **rest} if not rest:
            return TableSays(table, column)
        case _:
            raise Misspelt("condition_misspelt", given=repr(written))


def read_list_field(written: Any) -> str:
    """The field of a duty's form whose entries open cases."""
    if not isinstance(written, str):
        raise Misspelt("each_misspelt", given=repr(written))
    return written


def read_each(written: Any) -> Each | None:
    """Nothing (one case), `like_places`, `{who: [party words]}`, or `{did: duty, late: true, judged: {...}}`."""
    match written:
        case None:
            return None
        case "like_places":
            return LikePlaces()
        case {"who": str(word), **rest} if not rest:
            return Related((read_word(word),))
        case {"who": [*words], **rest} if words and not rest and all(isinstance(word, str) for word in words):
            return Related(read_words(words))
        case {"did": str(duty), **rest} if set(rest) <= {"late", "judged"} and rest.get("late", True) is True:
            return DidDuty(duty, "late" in rest, _read_judged(rest.get("judged")))
        case _:
            raise Misspelt("each_misspelt", given=repr(written))


def _read_judged(written: Any) -> Judged | None:
    match written:
        case None:
            return None
        case {"duty": str(duty), "field": str(field), "is": value, **rest} if not rest:
            return Judged((duty,), field, value)
        case {"duty": [*duties], "field": str(field), "is": value, **rest} if duties and not rest:
            return Judged(tuple(map(str, duties)), field, value)
        case _:
            raise Misspelt("each_misspelt", given=repr(written))


def read_share(text: str) -> float:
    """`50%` as 0.5; from 0 to 100."""
    number = text.strip().removesuffix("%")
    if not text.strip().endswith("%") or not number.replace(".", "", 1).isdigit() or not 0 <= float(number) <= 100:
        raise Misspelt("share_misspelt", given=text)
    return float(number) / 100


def read_quorum(written: int | str) -> int | None:
    """`all` is None, `any` is 1, a number is itself."""
    match written:
        case "all":
            return None
        case "any":
            return 1
        case int() if written >= 1:
            return written
        case _:
            raise Misspelt("quorum_misspelt", given=repr(written))


def tables_of(*values: Who | Deadline | Condition | Mapping[str, Any] | None) -> frozenset[str]:
    """The tables that a who, a deadline or a condition asks."""
    found: set[str] = set()
    for value in values:
        match value:
            case ByTable(table) | WithinTable(table) | TableSays(table, _):
                found.add(table)
            case FirstOf(options) | AllOf(options) | FirstKnown(options) | Earliest(options):
                found |= tables_of(*options)
            case Drawn(_, _, fallback):
                found |= tables_of(fallback)
    return frozenset(found)
