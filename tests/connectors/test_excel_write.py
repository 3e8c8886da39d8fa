"""Written tables: what a spreadsheet shows, that no text becomes a formula, and rejects that can be mended."""

import io
import zipfile
from datetime import UTC, date, datetime

import openpyxl
import pytest
from excel_registers import SPEC, accepted, names, rejected, row, sheet, xlsx
from hypothesis import example, given
from hypothesis import strategies as st

from anhuan.connectors.excel import choose_layout, guess_layout, read_rows, read_workbook, rejects_file, write_table
from anhuan.connectors.excel.folding import cell_text, looks_like_formula
from anhuan.connectors.excel.write import neutral
from anhuan.ports.registers import TableCell, TableColumn

ZONE = names().zone


def opened(data: bytes) -> openpyxl.worksheet.worksheet.Worksheet:
    return openpyxl.load_workbook(io.BytesIO(data)).active


def table(*rows: tuple[TableCell, ...]) -> bytes:
    return write_table([TableColumn("编号"), TableColumn("描述", 40), TableColumn("时间")], rows, "隐患台账", ZONE)


def test_a_table_as_a_person_opens_it() -> None:
    page = opened(
        table(
            ("YH-2026-000001", "漏油", datetime(2026, 1, 1, 16, 30, tzinfo=UTC)),
            ("YH-2026-000002", None, date(2026, 1, 3)),
        )
    )
    assert page.title == "隐患台账"
    assert [cell.value for cell in page[1]] == ["编号", "描述", "时间"]
    # 16:30 UTC is half past midnight in the plant.
    assert page["C2"].value == datetime.combine(date(2026, 1, 2), datetime.min.time().replace(minute=30))
    assert (page["B3"].value, page["C3"].value.date()) == (None, date(2026, 1, 3))
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:C3"
    assert page["A1"].font.name == "Microsoft YaHei"
    assert page.column_dimensions["B"].width > page.column_dimensions["A"].width


def test_a_table_without_rows() -> None:
    assert opened(table()).max_row == 1


FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "＝1+1", '=HYPERLINK("http://x")', "|x", "%0A=1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula(text: str) -> None:
    data = table((text, text, None))
    assert "<f>" not in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    for cell in opened(data)[2][:2]:
        assert cell.data_type != "f"
        assert cell.value[0] == "'"


@pytest.mark.parametrize("text", ["-", "—", "--", "-5", "-5.2%", "+3", "T-K02", "同上"])
def test_harmless_texts_stay_as_they_are(text: str) -> None:
    assert neutral(text) == text


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20))
@example("=1+1")
@example("＝1+1")
@example("'=1")
def test_what_was_neutralised_reads_as_it_was(text: str) -> None:
    written = neutral(text)
    assert not looks_like_formula(written)
    assert cell_text(written) == cell_text(text)


def test_texts_that_excel_cannot_hold() -> None:
    page = opened(table(("a\x00\x0bb", "字" * 40_000, None)))
    assert page["A2"].value == "ab"
    assert len(page["B2"].value) == 32_767


def test_sheet_names_that_excel_forbids() -> None:
    data = write_table([TableColumn("a")], [], "10/11月[隐患]：" + "长" * 40, ZONE)
    assert len(opened(data).title) <= 31


REGISTER_ROWS = (
    ("某厂隐患台账", *[""] * 12),
    ("序号", "发现", "", "区域", "设备编号", "隐患类别", "隐患描述", "风险等级", "整改", "", "", "验收情况", "备注"),
    ("", "日期", "发现人", "", "", "", "", "", "责任人", "期限", "完成日期", "", ""),
)
SPANS = ((0, 0, 0, 12), (1, 1, 1, 2), (1, 8, 1, 10))


def test_rejects_keep_the_register_s_head_and_say_why() -> None:
    rows = (
        *REGISTER_ROWS,
        row(),
        row(2, 区域="同上", 隐患描述="=不安全()"),
        row(3, 区域="东侧", 发现日期=date(2025, 10, 9)),
    )
    book = read_workbook(xlsx(rows, SPANS))
    layout = choose_layout(book, SPEC)
    found = rejected(read_rows(book.sheets[0], layout, SPEC, names()))
    found = [outcome for outcome in found if outcome.row_no == 6]
    page = opened(rejects_file(book.sheets[0], layout, SPEC, found, "zh"))
    assert [cell.value for cell in page[1]][:4] == ["序号", "发现", None, "区域"]
    assert {str(merged) for merged in page.merged_cells.ranges} == {"B1:C1", "I1:K1"}
    assert page["N2"].value.startswith("※退回原因")
    assert "东侧" in page["N3"].value
    assert page["O3"].value == 6
    assert page["B3"].is_date


def test_rejects_mended_by_hand_are_accepted_and_add_nothing_twice() -> None:
    rows = (*REGISTER_ROWS, row(), row(2, 区域="东侧"), row(3, 隐患描述="地面油污未清理", 区域="二号楼"))
    book = read_workbook(xlsx(rows, SPANS))
    layout = choose_layout(book, SPEC)
    first = list(read_rows(book.sheets[0], layout, SPEC, names()))
    file = openpyxl.load_workbook(io.BytesIO(rejects_file(book.sheets[0], layout, SPEC, rejected(first), "en")))
    file.active["D3"] = file.active["D4"] = "空压站"
    mended = io.BytesIO()
    file.save(mended)
    again = read_workbook(mended.getvalue())
    second = list(read_rows(again.sheets[0], choose_layout(again, SPEC), SPEC, names()))
    assert len(accepted(second)) == 2
    # The first of them turns out to be the row that was accepted at once.
    assert accepted(second)[0].row_key == accepted(first)[0].row_key
    assert accepted(second)[1].row_key != accepted(first)[0].row_key


def test_rejects_of_a_sheet_without_a_head() -> None:
    bare = sheet(row())
    layout = guess_layout(bare, SPEC)
    found = rejected(read_rows(bare, layout, SPEC, names()))
    assert opened(rejects_file(bare, layout, SPEC, found, "zh")).max_row == 2
