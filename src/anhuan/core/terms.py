"""The terms that a pack speaks in: who, under which condition, by when.

Frozen values; what they mean for a case is decided in `core.case`.
"""

from dataclasses import dataclass

from anhuan.core.obligation.calendar import Within

# --- who


@dataclass(frozen=True, slots=True)
class Named:
    """Parties written in the pack: `post:area_owner`, `team:electricians`, `finder`."""

    parties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ByTable:
    """Parties that a table answers: columns `lead` and `assist`, or `parties`, each a list of party words."""

    table: str


@dataclass(frozen=True, slots=True)
class FirstOf:
    """The first option that somebody answers to and who may do it."""

    options: tuple["Who", ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Everybody whom any of the options names, each party once."""

    options: tuple["Who", ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One person drawn blind among those competent in the field that the case's `competent_for` names."""

    competent_for: str
    cap: int
    """Open draws that one person may hold at once."""
    fallback: "Who"
    """Asked when nobody is left to draw from; shown as a fallback."""


Who = Named | ByTable | FirstOf | AllOf | Drawn


# --- conditions


@dataclass(frozen=True, slots=True)
class FieldIs:
    """A form or computed field has a value."""

    field: str
    value: object


@dataclass(frozen=True, slots=True)
class TableSays:
    """A table's column is true."""

    table: str
    column: str


@dataclass(frozen=True, slots=True)
class Incomplete:
    """The case's form lacks what dispatch needs."""


Condition = FieldIs | TableSays | Incomplete


# --- deadlines and ladders


@dataclass(frozen=True, slots=True)
class WithinTable:
    """The deadline stands in a table: columns `within` (ISO 8601 duration) and `clock`."""

    table: str


@dataclass(frozen=True, slots=True)
class UntilField:
    """The deadline is an instant in the case's form or in the move that opened the stage."""

    field: str
    met_by: tuple[str, ...] = ()
    """Duties that it was meant for: once it has passed and one of them was done or missed, it is passed over."""


@dataclass(frozen=True, slots=True)
class ItemDate:
    """The deadline is the end of a day that stands in the plant, with the item that the case is about."""

    field: str
    met_by: tuple[str, ...] = ()
    """As of `UntilField`."""


@dataclass(frozen=True, slots=True)
class FirstKnown:
    """The first option that is known: an instant that nobody has named is passed over."""

    options: tuple["Deadline", ...]


@dataclass(frozen=True, slots=True)
class Earliest:
    """The earliest of the options that are known."""

    options: tuple["Deadline", ...]


Deadline = Within | WithinTable | UntilField | ItemDate | FirstKnown | Earliest
