"""For whom or for what closing a case opens others: each place that is like its own, each person who did something."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LikePlaces:
    """Each place that has like equipment, or is like the case's area."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict given in a form: a field of what one of the duties was discharged with has a value."""

    duties: tuple[str, ...]
    field: str
    value: object


@dataclass(frozen=True, slots=True)
class DidDuty:
    """Each person who did a duty, in whatever round."""

    duty: str
    late: bool = False
    """Only who did it past its deadline."""
    judged: Judged | None = None
    """Only whose doing was judged so afterwards, before it was done again."""


@dataclass(frozen=True, slots=True)
class Related:
    """The people whom party words mean on the case."""

    words: tuple[str, ...]


Each = LikePlaces | DidDuty | Related
