"""Everything that a report is composed from, gathered before a word of it is written: values only."""

from msgspec import Struct

from anhuan.app.reports.period import Period
from anhuan.app.statistics import Counted
from anhuan.app.view.shapes import CaseBrief
from anhuan.core.preparing import Preparation
from anhuan.ports.papers import Line, Pictures


class Compared(Struct, frozen=True, kw_only=True):
    """The figures of the period and of those that it is held against."""

    period: Period
    now: Counted
    others: tuple[tuple[Period, Counted], ...]
    """The period before, and the same of the year before where anything is known of it."""


class CaseList(Struct, frozen=True, kw_only=True):
    """The first cases of a list, and how many there are; None: more than were counted."""

    items: tuple[CaseBrief, ...]
    total: int | None


class TopCase(Struct, frozen=True, kw_only=True):
    """A case that is looked at in the meeting, with photos before and after where there are any."""

    brief: CaseBrief
    pictures: Pictures | None


class Signer(Struct, frozen=True):
    """Who signs, in words, and whether their stamp stands beside it."""

    name: str
    stamp: bool


class Meeting(Struct, frozen=True, kw_only=True):
    """A meeting as its case tells it."""

    brief: CaseBrief
    preparation: Preparation | None
    about: tuple[Line, ...]
    """What its own form says besides the remarks: when and where it meets."""
    remarks: tuple[Line, ...]
    """In the order in which the pack names them; empty ones too."""
    minutes: tuple[Line, ...]
    """Attendance and minutes, once they are written."""
    carried: tuple[CaseBrief, ...]
    """Actions of the meeting before, and those of earlier ones that are still open."""
    decided: tuple[CaseBrief, ...]
    """Actions of this meeting."""


class Gathered(Struct, frozen=True, kw_only=True):
    """What a report is composed from."""

    compared: Compared
    overdue: CaseList
    deferred: CaseList
    signers: tuple[Signer, ...]
    top: tuple[TopCase, ...] = ()
    meeting: Meeting | None = None
