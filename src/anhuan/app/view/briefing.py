"""The shift briefing of a team as its page shows it."""

from dataclasses import dataclass
from datetime import datetime

from anhuan.app.view.shapes import CaseBrief, Named
from anhuan.app.view.statistics import PlaceView


@dataclass(slots=True, kw_only=True)
class WatchView:
    """The shift that the briefing is for; `name` null: the team goes by days."""

    name: str | None
    begins_at: datetime
    ends_at: datetime
    since_at: datetime


@dataclass(slots=True, kw_only=True)
class CrewView:
    """Who of the team is here."""

    leader: Named | None
    working: list[Named]
    away: list[Named]
    off: list[Named]


@dataclass(slots=True, kw_only=True)
class BriefTask:
    """An open task: `urgency` is `overdue`, `this_shift` or `later`."""

    case: CaseBrief
    duty_name: str
    party_text: str
    due_at: datetime
    urgency: str


@dataclass(slots=True, kw_only=True)
class Said:
    """A label with what stands beside it."""

    label: str
    text: str


@dataclass(slots=True, kw_only=True)
class DeferredCase:
    """A case in an approved wait, and what was promised to hold meanwhile."""

    case: CaseBrief
    said: list[Said]


@dataclass(slots=True, kw_only=True)
class CameBack:
    """Where the same came back, by which kind of case counts it."""

    kind: str
    place: PlaceView


@dataclass(slots=True, kw_only=True)
class BriefingView:
    """Everything on the page."""

    team: Named
    as_of: datetime
    watch: WatchView
    crew: CrewView
    areas: list[Named]
    tasks: list[BriefTask]
    more_tasks: bool
    arrived: list[CaseBrief]
    closed: list[CaseBrief]
    deferred: list[DeferredCase]
    recurring: list[CameBack]
    recurring_days: int
    risks: list[CaseBrief]
