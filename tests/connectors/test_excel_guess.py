"""Layouts: the best guess as a whole, its doubts, and a person's word."""

import itertools
import json

import msgspec
import pytest
from excel_registers import HEAD, SPEC, accepted, names, row, sheet
from hypothesis import given
from hypothesis import strategies as st

from anhuan.connectors.excel import choose_layout, guess_layout, labels_of, mapping_of, problem_text, read_rows
from anhuan.connectors.excel.assign import best_assignment
from anhuan.ports.registers import Layout, Mapping, Workbook


def columns(layout: Layout) -> dict[str, str]:
    return {name: column.column for name, column in layout.columns.items()}


def codes(layout: Layout, level: str | None = None) -> list[tuple[str, object]]:
    for problem in layout.problems:
        for language in ("zh", "en"):
            assert "{" not in problem_text(problem, labels_of(layout, SPEC), language)
    return [(p.code, p.params.get("field")) for p in layout.problems if level is None or p.level == level]


@given(st.lists(st.lists(st.integers(0, 20), min_size=4, max_size=4), min_size=1, max_size=4))
def test_no_assignment_is_better(scores: list[list[int]]) -> None:
    found = best_assignment(scores)
    assert len(set(found.values())) == len(found)
    best = max(
        sum(scores[r][c] for r, c in enumerate(chosen)) for chosen in itertools.permutations(range(4), len(scores))
    )
    assert sum(scores[r][c] for r, c in found.items()) == best


def test_the_best_match_as_a_whole_not_the_first() -> None:
    # 日期 fits three fields; which is which follows from the other two.
    table = sheet(
        ("日期", "整改完成日期", "计划完成日期", "区域", "隐患描述", "类别"),
        ("2025-10-01", "", "", "空压站", "地面有油", "环境"),
    )
    found = columns(guess_layout(table, SPEC))
    assert (found["found_at"], found["rectified_at"], found["due_at"]) == ("A", "B", "C")


def test_spaces_signs_and_brackets_in_heads_do_not_matter() -> None:
    heads = (
        "发 现\n日 期",
        "【区域】",
        "隐患描述（必填）",
        "*隐患类别：",
        "责任人(签字)",
        "整改期限（年/月/日）",
        "ＲＩＳＫ　ＬＥＶＥＬ",
    )
    layout = guess_layout(sheet(heads, ("2025-10-01", "空压站", "地面有油", "环境", "张伟", "2025-10-05", "黄")), SPEC)
    assert columns(layout) == {
        "found_at": "A",
        "area": "B",
        "description": "C",
        "category": "D",
        "owner": "E",
        "due_at": "F",
        "risk_level": "G",
    }
    assert codes(layout, "ask") == []


def test_an_english_register() -> None:
    heads = (
        "No.",
        "Date found",
        "Found by",
        "Location",
        "Category",
        "Description",
        "Risk",
        "Owner",
        "Due date",
        "Status",
    )
    layout = guess_layout(
        sheet(
            heads, (1, "2025-10-01", "张伟", "空压站", "fire", "Exit blocked by pallets", "High", "罗永", "", "Closed")
        ),
        SPEC,
    )
    assert list(columns(layout).values()) == list("ABCDEFGHIJ")[:10] or set(columns(layout)) >= {"found_at", "area"}
    only = accepted(
        read_rows(
            sheet(
                heads,
                (1, "2025-10-01", "张伟", "空压站", "fire", "Exit blocked by pallets", "High", "罗永", "", "Closed"),
            ),
            layout,
            SPEC,
            names(),
        )
    )
    assert (only[0].status, only[0].values["risk_level"], only[0].values["category"]) == ("closed", "red", "fire")


def test_groups_without_merged_cells() -> None:
    table = sheet(
        ("序号", "发现", "", "区域", "整改", "", "", "隐患描述", "类别"),
        ("", "日期", "人员", "", "责任人", "期限", "完成日期", "", ""),
        (1, "2025-10-01", "张伟", "空压站", "罗永", "2025-10-05", "", "地面有油", "环境"),
    )
    layout = guess_layout(table, SPEC)
    assert layout.head_rows == (1, 2)
    assert layout.heads[2] == "发现/人员"
    assert columns(layout)["due_at"] == "F"


def test_risk_and_grade_are_told_apart_by_their_cells() -> None:
    """隐患等级 may head either column: what stands below decides."""

    def field_of(*cells: str) -> set[str]:
        rows = [("2025-10-01", "空压站", "地面有油", "环境", cell) for cell in cells]
        layout = guess_layout(sheet(("日期", "区域", "隐患描述", "类别", "隐患等级"), *rows), SPEC)
        return {name for name, column in layout.columns.items() if column.column == "E"}

    assert field_of("红", "较大", "低") == {"risk_level"}
    assert field_of("重大事故隐患", "一般隐患", "否") == {"finding_grade"}


def test_what_cannot_be_told_apart_is_asked() -> None:
    table = sheet(
        ("日期", "区域", "隐患描述", "类别", "等级", "隐患等级"),
        ("2025-10-01", "空压站", "地面有油", "环境", "一般", "一般"),
    )
    layout = guess_layout(table, SPEC)
    assert ("column_ambiguous", "risk_level") in codes(layout, "ask")
    assert layout.columns["risk_level"].alternatives


def test_a_column_without_a_head_is_guessed_from_its_cells_and_asked() -> None:
    table = sheet(
        ("日期", "区域", "隐患描述", ""),
        *[("2025-10-01", "空压站", f"地面有油{n}", c) for n, c in enumerate(("消防", "机械", "电气"))],
    )
    layout = guess_layout(table, SPEC)
    assert layout.columns["category"].column == "D"
    assert ("column_guessed_from_cells", "category") in codes(layout, "ask")


def test_titles_above_and_their_year() -> None:
    layout = guess_layout(sheet(("某厂 2024 年度台账",), ("填表人：张伟",), HEAD, row()), SPEC)
    assert (layout.head_rows, layout.first_row, layout.year) == ((3, 3), 4, 2024)


def test_a_sheet_without_a_head_says_so() -> None:
    layout = guess_layout(sheet(("一", "二"), (1, 2)), SPEC)
    assert layout.head_rows is None
    assert ("head_not_found", None) in codes(layout, "stops")
    assert ("column_missing", "description") in codes(layout, "stops")


def test_a_person_corrects_columns_rows_words_and_constants() -> None:
    table = sheet(("甲", "乙", "丙", "丁"), ("2025-10-01", "空压站", "地面有油污", "三"))
    said = Mapping(
        head_rows=(1, 1),
        columns={"found_at": "A", "area": "乙", "description": "C", "risk_level": "丁", "finder": None},
        values={"risk_level": {"三": "yellow"}},
        constants={"category": "环境"},
    )
    layout = guess_layout(table, SPEC, said)
    assert columns(layout) == {"found_at": "A", "area": "B", "description": "C", "risk_level": "D"}
    assert codes(layout, "stops") == []
    only = accepted(read_rows(table, layout, SPEC, names()))
    assert (only[0].values["risk_level"], only[0].values["category"]) == ("yellow", "environment")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Mapping(columns={"no_such": "A"}), "mapped_field_unknown"),
        (Mapping(columns={"area": "没有这一列"}), "mapped_column_unknown"),
        (Mapping(columns={"area": "ZZ"}), "mapped_column_unknown"),
    ],
)
def test_a_wrong_correction_stops(said: Mapping, code: str) -> None:
    assert code in [found for found, _ in codes(guess_layout(sheet(HEAD, row()), SPEC, said), "stops")]


def test_what_a_plant_remembers_fits_the_next_register() -> None:
    said = Mapping(columns={"remark": None, "acceptor": "M"}, values={"risk_level": {"丙": "yellow"}})
    first = guess_layout(sheet(HEAD, row()), SPEC, said)
    remembered = msgspec.json.decode(msgspec.json.encode(mapping_of(first, SPEC)), type=Mapping)
    later = sheet(("2026年",), ("填表人：张伟",), HEAD, row())
    second = guess_layout(later, SPEC, remembered)
    assert second.fingerprint == first.fingerprint
    assert columns(second) == columns(first)
    assert (second.values, second.first_row) == (first.values, 4)


def test_another_head_has_another_fingerprint() -> None:
    other = (*HEAD[:-1], "说明")
    assert guess_layout(sheet(HEAD, row()), SPEC).fingerprint != guess_layout(sheet(other, row()), SPEC).fingerprint


def test_a_layout_travels_as_json() -> None:
    layout = guess_layout(sheet(HEAD, row()), SPEC)
    assert msgspec.json.decode(msgspec.json.encode(layout), type=Layout) == layout
    assert set(json.loads(msgspec.json.encode(layout))) >= {"head_rows", "columns", "first_row", "problems"}


def test_the_register_is_found_among_other_sheets() -> None:
    legend = sheet(("等级：A/红=重大",), name="说明")
    register = sheet(HEAD, row(), name="10月")
    assert choose_layout(Workbook((legend, register)), SPEC).sheet == "10月"
    assert choose_layout(Workbook((legend, register)), SPEC, Mapping(sheet="说明")).sheet == "说明"
