"""What reports are made of: periods, how long preparing took, amounts as texts, and files that say the same."""

import io
import re
import zipfile
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anhuan.app.reports.period import Length, Period, PeriodUnreadable, month_of, read_period
from anhuan.app.reports.sheet import report_sheet
from anhuan.connectors import excel, word
from anhuan.core.case import events as e
from anhuan.core.policy import Deed, Part
from anhuan.core.preparing import Preparation, preparation
from anhuan.domain.ids import DutyNo, PersonId
from anhuan.domain.party import PersonParty
from anhuan.ports.papers import Blank, Blanks, Line, Lines, PictureGroup, Pictures
from anhuan.ports.reports import Amount, Chapter, Report, Table, shown

AT = datetime(2026, 11, 2, 0, 30, tzinfo=UTC)
OFFICER = PersonId("p-004")
NASTY = '=HYPERLINK("http://x") <w:t> & \x07 @SUM(A1) #粗#'


@pytest.mark.parametrize(
    ("text", "first", "last", "before", "year_before"),
    [
        ("2026-03", date(2026, 3, 1), date(2026, 3, 31), "2026-02", "2025-03"),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29), "2028-01", "2027-02"),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31), "2025-Q4", "2025-Q1"),
        ("2026-q4", date(2026, 10, 1), date(2026, 12, 31), "2026-Q3", "2025-Q4"),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "2025", "2025"),
    ],
)
def test_a_period_knows_its_days_and_those_it_is_held_against(
    text: str, first: date, last: date, before: str, year_before: str
) -> None:
    period = read_period(text, "month", "quarter", "year")
    assert (period.first, period.last) == (first, last)
    assert (period.before().key, period.year_before().key) == (before, year_before)


@pytest.mark.parametrize("text", ["2026-13", "2026-Q5", "26-01", "2026-1", "", "2026-11-01", "2026-11\n2026-12"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(PeriodUnreadable):
        read_period(text, "month", "quarter", "year")
    with pytest.raises(PeriodUnreadable):
        read_period("2026-Q4", "month")


@given(st.dates(date(2001, 1, 1), date(2090, 1, 1)), st.sampled_from(["month", "quarter", "year"]))
def test_periods_follow_each_other_without_a_gap_and_read_back(day: date, length: Length) -> None:
    period = read_period(month_of(day).key, "month")
    if length == "quarter":
        period = Period(date(day.year, (day.month - 1) // 3 * 3 + 1, 1), length)
    elif length == "year":
        period = Period(date(day.year, 1, 1), length)
    assert period.first <= day <= period.last
    assert period.before().last + timedelta(days=1) == period.first
    assert read_period(period.key, length) == period


def opened(no: int, key: str = "prepare") -> e.DutyOpened:
    return e.DutyOpened(
        at=AT,
        no=DutyNo(no),
        key=key,
        stage="prepare",
        deed=Deed.PERFORM,
        part=Part.LEAD,
        party=PersonParty(OFFICER),
        due_at=AT,
        rungs=(),
        repeat_s=1,
        gates=True,
        blind=False,
        of_case=False,
    )


def done(no: int, minutes: int) -> e.DutyDischarged:
    at = AT + timedelta(minutes=minutes)
    return e.DutyDischarged(
        at=at,
        by=OFFICER,
        no=DutyNo(no),
        outcome="done",
        form={},
        proofs=(),
        done_at=at,
        on_behalf_of=None,
        signature=None,
        comparison=None,
    )


def noted(minutes: int) -> e.NoteAdded:
    return e.NoteAdded(at=AT + timedelta(minutes=minutes), by=OFFICER, text="看了一遍")


def test_preparing_begins_with_the_first_that_somebody_did_and_ends_when_it_was_done() -> None:
    claimed = e.DutyClaimed(at=AT + timedelta(minutes=90), by=OFFICER, no=DutyNo(1))
    assert preparation([opened(1)], "prepare") is None
    assert preparation([opened(1), noted(60)], "prepare") == Preparation(AT + timedelta(minutes=60), None)
    found = preparation([opened(1), noted(60), done(1, 86), done(1, 500)], "prepare")
    assert found is not None and found.minutes == 26
    found = preparation([opened(1), noted(60), claimed, done(1, 100)], "prepare")
    assert found is not None and found.minutes == 10
    assert preparation([opened(1), done(1, 86)], "prepare") is None
    assert preparation([opened(1, "other"), done(1, 86)], "prepare") == Preparation(AT + timedelta(minutes=86), None)


@pytest.mark.parametrize(
    ("amount", "zh", "en"),
    [
        (Amount(value=None, unit="share"), "—", "—"),
        (Amount(value=0.449, unit="share"), "44.9%", "44.9%"),
        (Amount(value=-0.012, unit="points", is_change=True), "-1.2 个百分点", "-1.2 pp"),
        (Amount(value=3, is_change=True), "+3", "+3"),
        (Amount(value=0, is_change=True), "0", "0"),
        (Amount(value=5.8, unit="working_days"), "5.80", "5.80"),
    ],
)
def test_an_amount_is_said_the_same_everywhere(amount: Amount, zh: str, en: str) -> None:
    assert (shown(amount, "zh"), shown(amount, "en")) == (zh, en)


def parts(data: bytes) -> dict[str, bytes]:
    """What lies in an archive, without when it was put there."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_every_file_holds_what_people_wrote_as_text_and_is_well_formed() -> None:
    table = Table(
        title=NASTY,
        heads=("项", "数"),
        widths=(60, 40),
        rows=((NASTY, Amount(value=0.5, unit="share")), ("空", Amount(value=None))),
        empty="无",
        note=NASTY,
    )
    pictures = Pictures(title="照片", groups=(PictureGroup("前", ()), PictureGroup("后", ())), none="没有")
    blanks = Blanks(
        title="签字", blanks=(Blank(label="主要负责人", stamp=True),), signature="签", date="日", stamp="章"
    )
    report = Report(
        language="zh",
        house=NASTY,
        title="例会",
        head=(Line("期间", NASTY),),
        chapters=(
            Chapter(title="指标[*]?", blocks=(table, Lines(title="评述", lines=(Line("评价", NASTY),)), pictures)),
            Chapter(title="签字", blocks=(blanks,)),
        ),
        page="{page}/{pages}",
    )
    book, document = excel.write_report(report), word.write_report(report)
    assert (parts(excel.write_report(report)), parts(word.write_report(report))) == (parts(book), parts(document))
    for data in (book, document):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert archive.testzip() is None
            for name in archive.namelist():
                if name.endswith((".xml", ".rels")):
                    ElementTree.fromstring(archive.read(name))
    (sheet,) = openpyxl.load_workbook(io.BytesIO(book)).worksheets
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type != "f" for cell in cells)
    assert next(cell for cell in cells if cell.value == 0.5).number_format == "0.0%"
    said = docx.Document(io.BytesIO(document))
    assert [row.cells[1].text for row in said.tables[1].rows] == ["数", "50.0%", "—"]
    assert "HYPERLINK" in said.tables[1].rows[1].cells[0].text
    assert not re.search(r"[\x00-\x08]", said.tables[1].rows[1].cells[0].text)
    grids = [section for section in report_sheet(report).sections if getattr(section, "numbers", ())]
    assert [grid.numbers for grid in grids] == [(1,)]  # type: ignore[union-attr]
