"""From what was gathered to a report: pure, so that the same cases and figures always come to the same chapters."""

from collections.abc import Iterable, Iterator

from anhuan.app.reports.figures import Figured
from anhuan.app.reports.gathered import CaseList, Gathered, Meeting
from anhuan.app.view.lens import Lens
from anhuan.app.view.shapes import CaseBrief
from anhuan.ports.papers import Blank, Blanks, Line, Lines
from anhuan.ports.reports import NOTHING, Block, Chapter, Report, Table

_CASE_HEADS = ("number", "title", "area", "risk", "due", "owner", "state")
_CASE_WIDTHS = (21, 25, 13, 12, 14, 18, 16)
_ACTION_HEADS = ("number", "action", "owner", "due", "state")
_ACTION_WIDTHS = (20, 35, 17, 13, 15)


def meeting_report(gathered: Gathered, lens: Lens, house: str, code: str) -> Report:
    """The pack of a monthly safety meeting."""
    figured = Figured(gathered.compared, lens)
    chapters = [
        figured.chapter(),
        figured.groups(),
        Chapter(title=lens.word("report.chapter.cases"), blocks=tuple(_cases(gathered, figured, lens))),
        *_meeting(gathered.meeting, lens),
        *_signed(gathered, lens),
        figured.formulas(),
    ]
    title = lens.word("report.meeting", period=_spoken(gathered, lens))
    return _report(gathered, lens, house, title, chapters, code)


def statistics_report(gathered: Gathered, lens: Lens, house: str) -> Report:
    """The statistics of a quarter or a year, to be signed."""
    figured = Figured(gathered.compared, lens)
    lists = (
        _list("overdue", gathered.overdue, lens),
        _list("deferred", gathered.deferred, lens),
        figured.recurrences(),
    )
    chapters = [
        figured.chapter(),
        Chapter(title=lens.word("report.chapter.trend"), blocks=(figured.trend(),)),
        figured.groups(),
        Chapter(title=lens.word("report.chapter.cases"), blocks=lists),
        *_signed(gathered, lens),
        figured.formulas(),
    ]
    title = lens.word("report.statistics", kind=lens.kind_name(), period=_spoken(gathered, lens))
    return _report(gathered, lens, house, title, chapters, "")


def _report(gathered: Gathered, lens: Lens, house: str, title: str, chapters: list[Chapter], code: str) -> Report:
    meeting = gathered.meeting
    return Report(
        language=lens.language,
        house=house,
        title=title,
        head=tuple(_head(gathered, lens)),
        chapters=tuple(chapters),
        page=lens.word("paper.page"),
        code=code if meeting else "",
        code_note=meeting.brief.number if meeting else "",
    )


def _spoken(gathered: Gathered, lens: Lens) -> str:
    """The period as people say it."""
    period = gathered.compared.period
    named = {
        "month": {"month": str(period.first.month)},
        "quarter": {"quarter": str((period.first.month + 2) // 3)},
        "year": {},
    }[period.length]
    said = {"year": str(period.first.year), **named}
    return lens.word(f"report.period.{period.length}", **said)


def _head(gathered: Gathered, lens: Lens) -> Iterator[Line]:
    compared, meeting = gathered.compared, gathered.meeting
    days = lens.word("report.days", first=str(compared.period.first), last=str(compared.period.last))
    yield Line(lens.word("report.head.period"), days)
    yield Line(lens.word("report.head.of"), lens.kind_name())
    yield Line(lens.word("report.head.as_of"), lens.local(compared.now.at))
    if meeting is None:
        return
    state = meeting.brief.outcome_name or meeting.brief.stage_name
    yield Line(lens.word("report.head.meeting"), f"{meeting.brief.number} · {state}")
    yield from meeting.about
    if meeting.preparation is not None:
        minutes = meeting.preparation.minutes
        key = "report.preparing" if minutes is None else "report.prepared"
        text = lens.word(key, minutes=str(minutes), at=lens.local(meeting.preparation.begun_at))
        yield Line(lens.word("report.head.preparation"), f"{text}\n{lens.word('report.preparation_elsewhere')}")


# --- cases


def _cases(gathered: Gathered, figured: Figured, lens: Lens) -> Iterator[Block]:
    briefs = [one.brief for one in gathered.top]
    yield _table("top", briefs, lens)
    yield from (one.pictures for one in gathered.top if one.pictures is not None)
    yield _list("overdue", gathered.overdue, lens)
    yield _list("deferred", gathered.deferred, lens)
    yield figured.recurrences()


def _list(key: str, cases: CaseList, lens: Lens) -> Table:
    """The first cases of a list; how many more there are stands below it."""
    more = (cases.total or 0) - len(cases.items)
    note = lens.word("report.more", n=str(more)) if more > 0 else ""
    return _table(key, cases.items, lens, note)


def _table(key: str, briefs: Iterable[CaseBrief], lens: Lens, note: str = "") -> Table:
    return Table(
        title=lens.word(f"report.{key}"),
        heads=tuple(lens.word(f"report.head.{head}") for head in _CASE_HEADS),
        widths=_CASE_WIDTHS,
        rows=tuple(_row(brief, lens) for brief in briefs),
        empty=lens.word(f"report.no_{key}"),
        note=note,
    )


def _row(brief: CaseBrief, lens: Lens) -> tuple[str, ...]:
    """A case without whoever found or reported it: a meeting needs to know who owes it, not who saw it."""
    place = brief.equipment.name if brief.equipment else brief.area.name if brief.area else NOTHING
    risk = lens.word(f"risk_level.{brief.risk_level}") if brief.risk_level else NOTHING
    return brief.number, brief.title, place, risk, _due(brief, lens), _owners(brief, lens), _state(brief, lens)


def _due(brief: CaseBrief, lens: Lens) -> str:
    return lens.local(brief.due_at) if brief.due_at else NOTHING


def _owners(brief: CaseBrief, lens: Lens) -> str:
    return lens.listed(brief.owners) or NOTHING


def _state(brief: CaseBrief, lens: Lens) -> str:
    """The stage or the outcome; that it is or was late is said."""
    state = brief.outcome_name or brief.stage_name
    return lens.word("paper.late", result=state) if brief.overdue_at else state


# --- the meeting


def _meeting(meeting: Meeting | None, lens: Lens) -> Iterator[Chapter]:
    """Actions carried over and remarks; without a meeting there are none."""
    if meeting is None:
        return
    actions = [_actions("carried", meeting.carried, lens)]
    if meeting.decided:
        actions.append(_actions("decided", meeting.decided, lens))
    yield Chapter(title=lens.word("report.chapter.actions"), blocks=tuple(actions))
    said = [Lines(title=lens.word("report.remarks"), lines=meeting.remarks)]
    if meeting.minutes:
        said.append(Lines(title=lens.word("report.minutes"), lines=meeting.minutes))
    yield Chapter(title=lens.word("report.chapter.meeting"), blocks=tuple(said))


def _actions(key: str, briefs: Iterable[CaseBrief], lens: Lens) -> Table:
    rows = tuple(
        (brief.number, brief.title, _owners(brief, lens), _due(brief, lens), _state(brief, lens)) for brief in briefs
    )
    return Table(
        title=lens.word(f"report.{key}"),
        heads=tuple(lens.word(f"report.head.{head}") for head in _ACTION_HEADS),
        widths=_ACTION_WIDTHS,
        rows=rows,
        empty=lens.word(f"report.no_{key}"),
    )


def _signed(gathered: Gathered, lens: Lens) -> Iterator[Chapter]:
    if gathered.signers:
        blanks = tuple(Blank(label=signer.name, stamp=signer.stamp) for signer in gathered.signers)
        words = {key: lens.word(f"paper.{key}") for key in ("signature", "date", "stamp")}
        title = lens.word("report.chapter.signatures")
        yield Chapter(title=title, blocks=(Blanks(title=lens.word("report.signatures"), blanks=blanks, **words),))
