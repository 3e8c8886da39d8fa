"""Rows: accepted, sent back with all reasons, pasted twice, or no rows at all."""

from datetime import date

import msgspec
import pytest
from excel_registers import HEAD, SPEC, accepted, names, reasons, rejected, row, sheet

from anhuan.connectors.excel import guess_layout, labels_of, raw_texts, read_rows, reason_text
from anhuan.ports.registers import Accepted, Cell, Duplicate, Mapping, Named, Outcome, Sheet, Skipped


def read(
    *rows: tuple[Cell, ...], spans: tuple[tuple[int, int, int, int], ...] = (), said: Mapping | None = None
) -> list[Outcome]:
    return read_sheet(sheet(HEAD, *rows, spans=spans), said)


def read_sheet(table: Sheet, said: Mapping | None = None) -> list[Outcome]:
    layout = guess_layout(table, SPEC, said)
    outcomes = list(read_rows(table, layout, SPEC, names()))
    for outcome in rejected(outcomes):
        for reason in outcome.reasons:
            for language in ("zh", "en"):
                assert "{" not in reason_text(reason, labels_of(layout, SPEC), language)
    return outcomes


def skipped(outcomes: list[Outcome]) -> list[str]:
    return [outcome.why for outcome in outcomes if isinstance(outcome, Skipped)]


def test_a_sound_row() -> None:
    only = accepted(read(row()))[0]
    assert only.row_no == 2
    assert only.status == "open"
    assert only.notes == ()
    assert only.values == {
        "serial": "1",
        "found_at": date(2025, 10, 9),
        "finder": Named("p-罗永", "罗永"),
        "area": Named("area-空压站", "空压站"),
        "category": "mechanical",
        "equipment": Named("eq-KY-01", "KY-01"),
        "description": "KY-01防护罩缺失",
        "risk_level": "yellow",
        "owner": Named("p-张伟", "张伟"),
        "due_at": date(2025, 10, 12),
        "rectified_at": None,
        "acceptance": None,
        "remark": None,
    }


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"区域": ""}, [("missing", "area")]),
        ({"区域": "/"}, [("missing", "area")]),
        ({"区域": "东侧"}, [("vague", "area")]),
        ({"区域": "九号楼"}, [("name_unknown", "area")]),
        ({"设备编号": ""}, [("missing", "equipment")]),
        ({"设备编号": "", "隐患类别": "消防"}, []),
        ({"设备编号": "不涉及"}, [("none_is_no_answer", "equipment")]),
        ({"设备编号": "不涉及", "隐患类别": "管理"}, []),
        ({"设备编号": "XX-99"}, [("name_unknown", "equipment")]),
        ({"设备编号": "WS-01"}, [("name_ambiguous", "equipment")]),
        ({"设备编号": "ky—０1"}, []),
        ({"隐患描述": ""}, [("missing", "description")]),
        ({"隐患描述": " 不安全。"}, [("vague", "description")]),
        ({"隐患描述": "漏油"}, [("too_short", "description")]),
        ({"隐患描述": "油" * 4001}, [("too_long", "description")]),
        ({"隐患类别": "玄学"}, [("choice_unknown", "category")]),
        ({"风险等级": "随便"}, [("choice_unknown", "risk_level")]),
        ({"风险等级": ""}, [("missing", "risk_level")]),
        ({"风险等级": "", "完成日期": "2025-10-10", "验收情况": "合格"}, []),
        ({"发现日期": "上周"}, [("date_unreadable", "found_at")]),
        ({"发现日期": "03/10/2025"}, [("date_ambiguous", "found_at")]),
        ({"发现日期": "2026-10-09"}, [("in_the_future", "found_at")]),
        ({"完成日期": "2025-10-01"}, [("date_too_early", "rectified_at")]),
        (
            {"发现日期": "", "区域": "东侧", "隐患描述": "有隐患"},
            [("vague", "area"), ("vague", "description"), ("missing", "found_at")],
        ),
    ],
)
def test_each_fault_is_named(cells: dict[str, Cell], expected: list[tuple[str, str]]) -> None:
    assert sorted(reasons(read(row(**cells)))) == sorted(expected)


def test_people_who_are_not_on_record_are_kept_as_text() -> None:
    only = accepted(read(row(发现人="市安监局", 责任人="曹阳（外包-恒安）")))[0]
    assert only.values["finder"] == Named(None, "市安监局")
    assert only.values["owner"] == Named("p-曹阳", "曹阳（外包-恒安）")
    assert [(note.code, note.field) for note in only.notes] == [("name_unknown", "finder")]


def test_a_known_machine_hints_at_a_vague_area() -> None:
    reason = rejected(read(row(区域="东侧", 设备编号="WS-01")))[0].reasons[0]
    assert reason.params["candidates"] == ["污水站"]


def test_a_machine_that_stands_elsewhere_is_not_decided_here() -> None:
    reason = rejected(read(row(设备编号="WS-01")))[0].reasons[0]
    assert reason.params["candidates"] == ["WS-01 设备WS-01"]


@pytest.mark.parametrize(
    ("word", "level"),
    [
        *((word, "red") for word in ("红", "重大", "重大风险", "A", "a级", "Ⅰ级", "一级", "Ⅰ")),
        *((word, "orange") for word in ("橙色", "较大", "较大 风险", "B", "Ⅱ", "二级")),
        *((word, "yellow") for word in ("黄", "一般 ", "一般风险", "C", "ＩＩＩ级", "三级")),
        *((word, "blue") for word in ("蓝", "低", "低风险", "D", "Ⅳ级", "四级")),
    ],
)
def test_risk_words(word: str, level: str) -> None:
    only = accepted(read(row(风险等级=word)))[0]
    assert only.values["risk_level"] == level
    assert "finding_grade" not in only.values
    assert only.notes == ()


@pytest.mark.parametrize(("word", "level"), [("一般隐患", "yellow"), ("重大隐患", "red")])
def test_grade_words_in_a_column_for_risk_are_read_as_levels_and_noted(word: str, level: str) -> None:
    only = accepted(read(row(风险等级=word)))[0]
    assert only.values["risk_level"] == level
    assert "finding_grade" not in only.values
    assert [note.code for note in only.notes] == ["word_of_another_scale"]


def test_a_plant_may_say_what_its_words_mean() -> None:
    said = Mapping(values={"risk_level": {"一般隐患": "orange"}})
    only = accepted(read(row(风险等级="一般隐患"), said=said))[0]
    assert (only.values["risk_level"], only.notes) == ("orange", ())


@pytest.mark.parametrize(
    ("word", "grade"), [("一般", "general"), ("一般隐患", "general"), ("重大", "major"), ("重大隐患", "major")]
)
def test_grade_words_in_a_column_for_grades(word: str, grade: str) -> None:
    table = sheet((*HEAD, "隐患级别"), (*row(), word))
    only = accepted(read_sheet(table))[0]
    assert (only.values["finding_grade"], only.values["risk_level"]) == (grade, "yellow")


@pytest.mark.parametrize("word", ["红", "较大", "A"])
def test_risk_words_are_no_grades(word: str) -> None:
    table = sheet((*HEAD, "隐患级别"), (*row(), word))
    assert reasons(read_sheet(table, Mapping(columns={"finding_grade": "N"}))) == [("choice_unknown", "finding_grade")]


@pytest.mark.parametrize(
    ("done", "acceptance", "remark", "status"),
    [
        ("2025-10-10", "合格", "", "closed"),
        ("2025-10-10", "已验收", "", "closed"),
        ("", "合格", "", "closed"),
        ("2025-10-10", "", "", "open"),
        ("2025-10-10", "不合格", "", "open"),
        ("2025-10-10", "待复查", "", "open"),
        ("2025-10-10", "张伟", "", "open"),
        ("整改中", "", "", "open"),
        ("未完成", "/", "—", "open"),
        ("", "", "", "open"),
        ("/", "", "", "open"),
        ("2025-10-10", "", "已销号", "closed"),
    ],
)
def test_status(done: str, acceptance: str, remark: str, status: str) -> None:
    assert accepted(read(row(完成日期=done, 验收情况=acceptance, 备注=remark)))[0].status == status


def test_a_date_closes_only_where_nobody_records_acceptance() -> None:
    without = sheet(HEAD[:11], row(完成日期="2025-10-10")[:11])
    assert accepted(read_sheet(without))[0].status == "closed"


def test_columns_that_contradict_each_other_come_back() -> None:
    back = rejected(read(row(完成日期="整改中", 验收情况="合格")))
    assert [reason.code for reason in back[0].reasons] == ["status_contradicts"]
    assert back[0].status == "open"


def test_as_above_follows_the_row_above_even_one_that_came_back() -> None:
    found = read(
        row(区域="空压站"), row(2, 区域="同上", 设备编号="KY-02", 隐患描述="不安全"), row(3, 区域="〃", 发现日期="同上")
    )
    third = accepted(found)[1]
    assert third.values["area"] == Named("area-空压站", "空压站")
    assert third.values["found_at"] == date(2025, 10, 9)


def test_as_above_never_reaches_across_a_sub_total() -> None:
    found = read(row(), ("小计", "", "", "", "", "", "", "1项"), row(2, 区域="同上"))
    assert skipped(found) == ["sub_total"]
    assert reasons(found) == [("nothing_above", "area")]


def test_as_above_in_the_first_row() -> None:
    assert reasons(read(row(区域="同上"))) == [("nothing_above", "area")]


def test_as_above_of_a_date_without_a_year_keeps_the_year() -> None:
    table = sheet(
        ("2024年台账",), HEAD, row(发现日期="10月9日", 整改期限="10月12日"), row(2, 发现日期="同上", 整改期限="1月3日")
    )
    first, second = accepted(read_sheet(table))
    assert first.values["found_at"] == second.values["found_at"] == date(2024, 10, 9)
    assert second.values["due_at"] == date(2025, 1, 3)


def test_cells_merged_downwards() -> None:
    rows = (row(), row(2, 区域="", 设备编号="KY-02"), row(3, 区域="", 设备编号="KY-02", 隐患描述="地面油污未清理"))
    found = accepted(read(*rows, spans=((1, 3, 3, 3),)))
    assert [outcome.values["area"] for outcome in found] == [Named("area-空压站", "空压站")] * 3


def test_blank_cells_are_filled_down_only_when_a_person_says_so() -> None:
    rows = (row(), row(2, 区域="", 设备编号="KY-02"), ("合计",), row(3, 区域=""))
    assert reasons(read(*rows)) == [("missing", "area")] * 2
    said = Mapping(fill_down=("area",))
    assert reasons(read(*rows, said=said)) == [("missing", "area")]


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (("",), "blank"),
        ((7,), "blank"),
        (("小计", "", "", "", "", "", "", "60项"), "sub_total"),
        (("", "10月合计", "", 12), "sub_total"),
        (("2025年10月份小计",), "sub_total"),
        (HEAD, "repeated_head"),
        (tuple(range(1, 14)), "column_numbers"),
        (("审核：李秀英", "", "", "批准：王建国"), "note"),
        (("注：以上由安全环保部填报",), "note"),
        (("十一月",), "title"),
    ],
)
def test_rows_that_are_none(cells: tuple[Cell, ...], why: str) -> None:
    found = read(row(), cells, row(2))
    assert skipped(found) == [why]
    assert len(accepted(found)) == 2


def test_a_title_merged_across_the_table() -> None:
    assert skipped(read(row(), ("", "十一月发现"), row(2), spans=((2, 1, 2, 6),))) == ["title"]


def test_a_line_of_a_single_unmerged_text_is_not_thrown_away() -> None:
    found = read(row(), ("", "", "", "", "", "", "地面有油污"))
    assert len(rejected(found)) == 1


def test_rows_pasted_twice() -> None:
    found = read(row(), row(), row(发现日期="2025年10月9日"), row(区域="东侧"), row(区域="东侧"))
    assert [(o.row_no, o.of_row) for o in found if isinstance(o, Duplicate)] == [(3, 2), (4, 2), (6, 5)]


def test_like_rows_under_other_numbers_are_two_and_noted() -> None:
    found = accepted(read(row(1), row(2)))
    assert len({outcome.row_key for outcome in found}) == 2
    assert [note.code for note in found[1].notes] == ["like_an_earlier_row"]


def test_two_rows_with_unreadable_texts_are_not_taken_for_one() -> None:
    found = read(row(隐患描述="漏"), row(隐患描述="坏"))
    assert len(rejected(found)) == 2


def test_row_keys_survive_renumbering_resorting_other_styles_and_a_changed_plant() -> None:
    first = accepted(read(row(1), row(2, 隐患描述="地面油污未清理")))
    moved = accepted(
        read(
            ("小计",), row(8, 隐患描述="地面油污未清理 "), row(9, 发现日期="2025.10.9", 设备编号="ky—01", 风险等级="红")
        )
    )
    assert {o.row_key for o in moved} == {o.row_key for o in first}


def test_what_the_register_says_is_kept() -> None:
    table = sheet((*HEAD, "整改资金"), (*row(区域="空压站"), 1200.5))
    layout = guess_layout(table, SPEC)
    only = accepted(read_rows(table, layout, SPEC, names()))[0]
    assert raw_texts(layout, only.raw)["整改资金"] == "1200.5"
    assert raw_texts(layout, only.raw)["序号"] == "1"


def test_outcomes_travel_as_json() -> None:
    for outcome in read(row(), row(区域="东侧"), row(), ("小计",)):
        assert msgspec.json.encode(outcome)
    assert isinstance(read(row())[0], Accepted)
