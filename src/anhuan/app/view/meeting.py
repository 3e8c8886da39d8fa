"""The page of a month's meeting: its case, its remarks, its actions, and how long preparing took."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from anhuan.app.reports.gathered import Meeting
from anhuan.app.reports.meetings import Convened
from anhuan.app.reports.period import Period
from anhuan.app.view.lens import Lens
from anhuan.app.view.shapes import CaseBrief
from anhuan.core.policy import Revise
from anhuan.ports.papers import Line


@dataclass(slots=True, kw_only=True)
class MeetingRemark:
    """A remark beside the figures."""

    label: str
    text: str


@dataclass(slots=True, kw_only=True)
class PreparationView:
    """How long preparing took."""

    begun_at: datetime
    done_at: datetime | None
    minutes: int | None
    elsewhere: str


@dataclass(slots=True, kw_only=True)
class MeetingView:
    """A month's meeting."""

    month: str
    kind: str
    kind_name: str
    first: date
    last: date
    meeting_kind: str | None
    meeting_kind_name: str | None
    may_be_raised: bool
    meeting: CaseBrief | None
    remarks: list[MeetingRemark]
    remarks_move: str | None
    preparation: PreparationView | None
    carried: list[CaseBrief]
    decided: list[CaseBrief]


def meeting_view(
    month: Period, lens: Lens, convened: Convened | None, named: Lens | None, meeting: Meeting | None
) -> MeetingView:
    """The page. `lens` is on the kind that is reviewed, `named` on the meeting's."""
    kind = convened.kind if convened else None
    return MeetingView(
        month=month.key,
        kind=lens.kind.key,
        kind_name=lens.kind_name(),
        first=month.first,
        last=month.last,
        meeting_kind=kind.key if kind else None,
        meeting_kind_name=named.kind_name() if named else None,
        may_be_raised=kind is not None and "report" in kind.raised_by,
        meeting=meeting.brief if meeting else None,
        remarks=[MeetingRemark(label=line.label, text=line.text) for line in _said(meeting)],
        remarks_move=_remarks_move(convened),
        preparation=_preparation(meeting, lens),
        carried=list(meeting.carried) if meeting else [],
        decided=list(meeting.decided) if meeting else [],
    )


def _said(meeting: Meeting | None) -> Iterable[Line]:
    return meeting.remarks if meeting else ()


def _remarks_move(convened: Convened | None) -> str | None:
    """The move by which the remarks are changed."""
    if convened is None:
        return None
    remarks = set(convened.reviews.remarks)
    moves = convened.kind.moves.values()
    return next((one.key for one in moves if isinstance(one.effect, Revise) and remarks & set(one.effect.fields)), None)


def _preparation(meeting: Meeting | None, lens: Lens) -> PreparationView | None:
    if meeting is None or meeting.preparation is None:
        return None
    found = meeting.preparation
    return PreparationView(
        begun_at=found.begun_at,
        done_at=found.done_at,
        minutes=found.minutes,
        elsewhere=lens.word("report.preparation_elsewhere"),
    )
