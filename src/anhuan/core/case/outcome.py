"""What a decision can answer: what happens, what is missing to decide, or why not."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from msgspec import Struct

from anhuan.core.case.events import CaseEvent
from anhuan.core.case.state import Case
from anhuan.domain.ids import CaseId, DutyNo, PersonId
from anhuan.domain.party import Party
from anhuan.domain.plant import Plant

LOADS = "loads"
"""A fact that a decision may ask for: open draws per person."""
CHILDREN = "children"
"""A fact that a decision may ask for: how many cases were reported at this one."""
CASE = "case:"
"""With a case's id behind it, another: that case as it stands."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is held true when a decision is made."""

    plant: Plant
    draw_key: str = ""
    """Name of the committed key that the case's seed comes from."""
    loads: Mapping[PersonId, int] | None = None
    """Open draws per person; None: not loaded yet."""
    children: int | None = None
    """Cases that were reported at this one, whether it knows of them yet or not; None: not loaded yet."""
    cases: Mapping[CaseId, Case | None] = field(default_factory=dict)
    """Other cases that were asked for; None: there is no such case."""


class Reason(Struct, frozen=True):
    """Why something may not be: a stable code, the field it is about, and what the words need."""

    code: str
    field: str = ""
    params: dict[str, object] = {}


class Notify(Struct, frozen=True, tag=True):
    """Tell these parties about a duty (or the case, without one)."""

    case: CaseId
    duty: DutyNo | None
    template: str
    to: tuple[Party, ...]
    urgent: bool = False


class RaiseCase(Struct, frozen=True, tag=True):
    """Open a case of another kind, once per `key`."""

    parent: CaseId
    kind: str
    form: dict[str, object]
    by: PersonId | None
    key: str


class RaiseSignal(Struct, frozen=True, tag=True):
    """Something was observed that kinds may be raised by, once per `fold_key` while such a case is open."""

    name: str
    form: dict[str, object]
    fold_key: str


class WriteItem(Struct, frozen=True, tag=True):
    """Write values into fields of an item of the plant."""

    kind: str
    item: str
    values: dict[str, object]
    by: PersonId | None


class TieOther(Struct, frozen=True, tag=True):
    """Tell another case how it is tied to this one."""

    other: CaseId
    relation: str
    case: CaseId


class Announce(Struct, frozen=True, tag=True):
    """The case closed: whoever wants to know of closed cases of its kind is told."""

    case: CaseId
    version: int
    """Of the case once it was closed: the same closing is never announced as two."""


class LookForEarlier(Struct, frozen=True, tag=True):
    """Look whether this case is an earlier one come back."""

    case: CaseId


class WakeAll(Struct, frozen=True, tag=True):
    """The plant is at another version: look at every open case again."""

    plant_version: int


Effect = WakeAll | Notify | RaiseCase | RaiseSignal | WriteItem | TieOther | LookForEarlier | Announce


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens: events in order, the case after them, and what must be done outside once they are stored."""

    case: Case
    events: tuple[CaseEvent, ...]
    effects: tuple[Effect, ...]
    relied_on: Mapping[str, int] = field(default_factory=dict)
    """Versions that must still hold when the events are stored: `plant` -> version."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing happens, and why."""

    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """The decision needs these facts loaded, then to be asked again."""

    keys: frozenset[str]


Outcome = Decision | Refused | Need
