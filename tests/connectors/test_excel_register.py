"""The shared register, counted by hand: what the importer says must be what a person counts in Excel."""

from collections import Counter
from datetime import date, datetime

from excel_registers import REGISTER, SPEC, accepted, names, rejected

from anhuan.connectors.excel import choose_layout, read_rows, read_workbook, rejects_file
from anhuan.domain.plant_items import WorkCalendar
from anhuan.ports.registers import Accepted, Duplicate, Outcome, Rejected, Skipped, Value

QUARTER_CALENDAR = WorkCalendar(
    id="c",
    name="2025Q4",
    holidays=tuple(date(2025, 10, day) for day in range(1, 9)) + tuple(date(2026, 1, day) for day in (1, 2, 3)),
    shifted_workdays=(date(2025, 10, 11), date(2026, 1, 4)),
)


def outcomes() -> list[Outcome]:
    book = read_workbook(REGISTER.read_bytes())
    layout = choose_layout(book, SPEC)
    return list(read_rows(book.sheets[0], layout, SPEC, names()))


def findings() -> list[Accepted | Rejected]:
    return [outcome for outcome in outcomes() if isinstance(outcome, (Accepted, Rejected))]


def day(value: Value) -> date:
    assert isinstance(value, date)
    return value.date() if isinstance(value, datetime) else value


def test_the_layout_is_found_without_help() -> None:
    layout = choose_layout(read_workbook(REGISTER.read_bytes()), SPEC)
    assert (layout.sheet, layout.head_rows, layout.first_row, layout.year) == ("2025Q4隐患台账", (3, 4), 5, 2025)
    assert {name: column.head for name, column in layout.columns.items()} == {
        "serial": "序号",
        "found_at": "发现/日期",
        "finder": "发现/发现人",
        "area": "区域",
        "category": "隐患类别",
        "equipment": "设备编号",
        "description": "隐患描述",
        "risk_level": "风险等级",
        "owner": "整改/责任人",
        "due_at": "整改/完成期限",
        "rectified_at": "整改/完成日期",
        "acceptance": "验收情况",
        "remark": "备注",
    }
    assert layout.problems == ()


def test_rows_add_up() -> None:
    kinds = Counter(type(outcome) for outcome in outcomes())
    # 301 rows less two titles and two rows of head; six rows are pasted twice; four sub-totals.
    assert kinds == {Accepted: 268, Rejected: 19, Duplicate: 6, Skipped: 4}
    assert sum(kinds.values()) == 297
    assert {outcome.why for outcome in outcomes() if isinstance(outcome, Skipped)} == {"sub_total"}
    assert [(o.row_no, o.of_row) for o in outcomes() if isinstance(o, Duplicate)] == [
        (9, 8),
        (24, 23),
        (168, 167),
        (187, 186),
        (220, 219),
        (258, 257),
    ]


def test_287_findings_129_closed() -> None:
    counted = Counter(finding.status for finding in findings())
    assert counted == {"closed": 129, "open": 158}
    assert round(100 * counted["closed"] / counted.total(), 1) == 44.9


def test_what_comes_back_and_why() -> None:
    why = Counter((reason.code, reason.field) for row in rejected(outcomes()) for reason in row.reasons)
    assert why == {
        ("vague", "description"): 7,  # 不安全 4, 有隐患 2, 现场乱 1
        ("vague", "area"): 4,  # 东侧 2, 车间 2
        ("name_unknown", "area"): 3,  # 二号楼
        ("missing", "equipment"): 3,  # 机械 2, 电气 1
        ("missing", "risk_level"): 3,  # open, without a level; closed ones are history
    }


def test_risk_words_are_levels_and_never_a_grade() -> None:
    levels = Counter(finding.values["risk_level"] for finding in findings())
    # 红 5, 重大 4, A 2, 重大隐患 2 /
    # 较大风险 15, 较大 13, B 13, 橙 9 /
    # C 40, 一般 70, 一般隐患 33, 黄 26 /
    # 蓝 17, 低风险 13, 低 11, D 9
    assert levels == {"red": 13, "orange": 50, "yellow": 169, "blue": 50, None: 5}
    assert all(finding.values.get("finding_grade") is None for finding in findings())
    notes = Counter(note.params["text"] for row in accepted(outcomes()) for note in row.notes)
    assert set(notes) == {"一般隐患", "重大隐患"}


def test_as_above_is_the_area_above() -> None:
    by_row = {outcome.row_no: outcome for outcome in findings()}
    raw_areas = {no: by_row[no].values["area"].text for no in (53, 61, 63, 113, 131, 170, 276, 299)}  # type: ignore[union-attr]
    assert raw_areas == {
        53: "涂装车间",
        61: "冲压车间",
        63: "空压站",
        113: "空压站",
        131: "总装车间",
        170: "涂装车间",
        276: "污水站",
        299: "总装车间",
    }


def test_all_date_styles_are_read_and_times_of_day_kept() -> None:
    found = {outcome.row_no: outcome.values["found_at"] for outcome in findings()}
    zone = names().zone
    assert found[5] == date(2025, 10, 1)  # 2025.10.01
    assert found[6] == datetime(2025, 10, 1, 13, 25, tzinfo=zone)
    assert found[8] == date(2025, 10, 2)  # 45932
    assert found[18] == date(2025, 10, 4)  # 2025/10/4
    assert found[31] == date(2025, 10, 10)  # 2025年10月10日
    assert found[74] == date(2025, 10, 21)  # 10月21日
    assert all(value is not None for value in found.values())


def test_overdue_and_cycle_as_far_as_the_register_bears_them() -> None:
    """Counted by hand at 2026-01-05, the last completion in it.

    The article's 63 % overdue and 5.8 working days do not come out of this synthetic register by any usual definition:
    62 of 129 closed late by date (48 %) and all 158 open ones past their date make 220 of 287 (77 %); from finding to
    completion it is 3.7 working days, 5.4 calendar days.
    """
    closed = [row for row in findings() if row.status == "closed"]
    late = [row for row in closed if day(row.values["rectified_at"]) > day(row.values["due_at"])]
    still_open = [row for row in findings() if row.status == "open"]
    overdue = [row for row in still_open if day(row.values["due_at"]) < date(2026, 1, 5)]
    assert (len(late), len(overdue), len(late) + len(overdue)) == (62, 158, 220)
    calendar_days = [(day(r.values["rectified_at"]) - day(r.values["found_at"])).days for r in closed]
    assert round(sum(calendar_days) / len(closed), 2) == 5.40
    working = [_working_days(day(r.values["found_at"]), day(r.values["rectified_at"])) for r in closed]
    assert round(sum(working) / len(closed), 2) == 3.68


def _working_days(first: date, last: date) -> int:
    days = (date.fromordinal(number) for number in range(first.toordinal() + 1, last.toordinal() + 1))
    calendar = QUARTER_CALENDAR
    return sum(on in calendar.shifted_workdays or (on.weekday() < 5 and on not in calendar.holidays) for on in days)


def test_importing_again_finds_the_same_rows() -> None:
    keys = [row.row_key for row in accepted(outcomes())]
    assert keys == [row.row_key for row in accepted(outcomes())]
    assert len(set(keys)) == len(keys) == 268


def test_rejects_can_be_corrected_and_imported() -> None:
    book = read_workbook(REGISTER.read_bytes())
    layout = choose_layout(book, SPEC)
    first = list(read_rows(book.sheets[0], layout, SPEC, names()))
    back = read_workbook(rejects_file(book.sheets[0], layout, SPEC, rejected(first), "zh"))
    second = choose_layout(back, SPEC)
    assert second.fingerprint == layout.fingerprint
    assert {n: c.column for n, c in second.columns.items()} == {n: c.column for n, c in layout.columns.items()}
    again = list(read_rows(back.sheets[0], second, SPEC, names()))
    assert [(r.status, r.reasons) for r in rejected(again)] == [(r.status, r.reasons) for r in rejected(first)]
    assert len(again) == 19
