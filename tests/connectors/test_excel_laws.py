"""Laws over registers that nobody laid out by hand: other heads, other order, other styles; nothing is lost.

Each example is a list of findings and a way of writing them down. The file that comes out must read as the findings
that went in, without a word from a person.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pytest
from excel_registers import AREAS, EQUIPMENT, PEOPLE, SPEC, accepted, names, xlsx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from anhuan.connectors.excel import choose_layout, guess_layout, read_rows, read_workbook
from anhuan.ports.registers import Accepted, Cell, Duplicate, Mapping, Named, Rejected, Sheet, Skipped, Span

FIELDS = (
    *("serial", "found_at", "finder", "area", "equipment", "category", "description", "risk_level"),
    *("owner", "due_at", "rectified_at", "acceptance", "remark"),
)
MAY_LACK = ("serial", "finder", "owner", "due_at", "remark")

HEADS: dict[str, tuple[str, ...]] = {
    "serial": ("序号", "编 号", "No.", "隐患编号"),
    "found_at": ("发现日期", "检查时间", "排查日期（年月日）", "隐患发现日期", "Date found"),
    "finder": ("发现人", "检查人员", "上报人（签字）", "Found by"),
    "area": ("区域", "所在区域", "隐患部位", "隐患地点*", "Location"),
    "equipment": ("设备编号", "设备名称及编号", "相关设备", "Equipment no."),
    "category": ("隐患类别", "隐患类型", "Category", "隐患\n分类"),
    "description": ("隐患描述", "问题描述", "存在问题", "隐患内容（必填）", "Description"),
    "risk_level": ("风险等级", "风险分级", "四色等级", "Risk level"),
    "owner": ("责任人", "整改责任人", "整改负责人", "Responsible person"),
    "due_at": ("整改期限", "完成期限", "计划完成日期", "要求完成时间", "Deadline"),
    "rectified_at": ("完成日期", "实际完成时间", "整改完成日期", "Completed on"),
    "acceptance": ("验收情况", "复查结果", "验收结论", "Acceptance"),
    "remark": ("备注", "其他说明", "Remarks"),
}
GROUPED: dict[str, tuple[str, str]] = {
    "found_at": ("发现", "日期"),
    "finder": ("发现", "发现人"),
    "owner": ("整改", "责任人"),
    "due_at": ("整改", "期限"),
    "rectified_at": ("整改", "完成日期"),
}
RISKS = {
    "red": ("红", "重大", "重大风险", "A", "Ⅰ级", "一级"),
    "orange": ("橙色", "较大", "较大风险", "B", "Ⅱ"),
    "yellow": ("黄", "一般 ", "一般风险", "C", "三级"),
    "blue": ("蓝", "低风险", "低", "D", "Ⅳ级"),
}
CATEGORIES = {
    "electrical": ("电气", "用电安全"),
    "fire": ("消防",),
    "management": ("管理", "基础管理"),
    "mechanical": ("机械",),
}
PROBLEMS = ("防护罩缺失", "配电箱门未关闭", "疏散通道堆放物料", "地面油污未清理", "灭火器压力不足", "作业指导书不符")

CONTEXT = names(date(2027, 12, 31))


class Finding(Struct, frozen=True):
    on: date
    at: time | None
    finder: str
    area: str
    equipment: str
    category: str
    description: str
    risk: str
    owner: str
    due: date
    done: date | None


class Writing(Struct, frozen=True):
    """How the findings are written down."""

    fields: tuple[str, ...]
    heads: dict[str, str]
    depth: int
    merged: bool
    titles: int
    seed: int


@st.composite
def findings(draw: st.DrawFn) -> list[Finding]:
    found: list[Finding] = []
    day = date(2025, draw(st.integers(1, 12)), draw(st.integers(1, 28)))
    for number in range(draw(st.integers(1, 12))):
        day += timedelta(days=draw(st.integers(0, 9)))
        area = draw(st.sampled_from(AREAS))
        due = day + timedelta(days=draw(st.integers(1, 30)))
        done = draw(st.none() | st.integers(0, 40).map(lambda days, day=day: day + timedelta(days=days)))
        found.append(
            Finding(
                on=day,
                at=draw(st.none() | st.times(time(6), time(22)).map(lambda at: at.replace(second=0, microsecond=0))),
                finder=draw(st.sampled_from(PEOPLE)),
                area=area,
                equipment=draw(st.sampled_from(EQUIPMENT[area])),
                category=draw(st.sampled_from(sorted(CATEGORIES))),
                description=f"{draw(st.sampled_from(PROBLEMS))}（第{number}处）",
                risk=draw(st.sampled_from(sorted(RISKS))),
                owner=draw(st.sampled_from(PEOPLE)),
                due=due,
                done=done,
            )
        )
    return found


@st.composite
def writings(draw: st.DrawFn) -> Writing:
    lacking = draw(st.sets(st.sampled_from(MAY_LACK)))
    order = [name for name in draw(st.permutations(FIELDS)) if name not in lacking]
    depth = draw(st.integers(1, 3))
    if depth > 1:
        # Groups stand together, as in any register.
        order.sort(key=lambda name: GROUPED.get(name, (name,))[0] in ("发现", "整改"))
        order.sort(key=lambda name: GROUPED.get(name, ("",))[0])
    return Writing(
        fields=tuple(order),
        heads={name: draw(st.sampled_from(HEADS[name])) for name in order},
        depth=depth,
        # The third row of a head holds nothing of its own: without merged cells it would be a blank row.
        merged=depth == 3 or draw(st.booleans()),
        titles=draw(st.integers(0, 3)),
        seed=draw(st.integers(0, 2**16)),
    )


def head_of(writing: Writing, top: int) -> tuple[list[list[Cell]], list[tuple[int, int, int, int]]]:
    """The rows of the head and their merged cells."""
    if writing.depth == 1:
        return [[writing.heads[name] for name in writing.fields]], []
    last = writing.depth - 1
    grid: list[list[Cell]] = [["" for _ in writing.fields] for _ in range(writing.depth)]
    spans: list[tuple[int, int, int, int]] = []
    for column, name in enumerate(writing.fields):
        if name not in GROUPED:
            grid[0][column] = writing.heads[name]
            spans.append((top, column, top + last, column))
            continue
        group, leaf = GROUPED[name]
        first = next(c for c, other in enumerate(writing.fields) if GROUPED.get(other, ("",))[0] == group)
        grid[0][first] = f"{group}情况" if writing.depth == 3 else group
        if writing.depth == 3:
            grid[1][column] = group + leaf if leaf != "发现人" else leaf
            spans.append((top + 1, column, top + 2, column))
        else:
            grid[1][column] = leaf
        width = sum(1 for other in writing.fields if GROUPED.get(other, ("",))[0] == group)
        if first == column and width > 1:
            spans.append((top, first, top, first + width - 1))
    return grid, spans if writing.merged else []


def written_date(on: date, at: time | None, style: int) -> Cell:
    if at is not None:
        moment = datetime.combine(on, at)
        return (
            moment,
            moment.strftime("%Y-%m-%d %H:%M"),
            f"{on.year}年{on.month}月{on.day}日{at.hour}时{at.minute}分",
        )[style % 3]
    styles = (
        *(on, f"{on:%Y.%m.%d}", f"{on.year}/{on.month}/{on.day}", f"{on.year}年{on.month}月{on.day}日", f"{on:%Y%m%d}"),
        *((on - date(1899, 12, 30)).days, f"{on.month}月{on.day}日"),
    )
    return styles[style % len(styles)]


def written_row(finding: Finding, number: int, writing: Writing) -> list[Cell]:
    style = writing.seed + 7 * number
    cells: dict[str, Cell] = {
        "serial": number + 1,
        # The first date says its year; those below may leave it out.
        "found_at": written_date(finding.on, finding.at, style if number else style % 6),
        "finder": finding.finder,
        "area": finding.area,
        "equipment": finding.equipment if style % 2 else finding.equipment.lower().replace("-", "—"),
        "category": CATEGORIES[finding.category][style % len(CATEGORIES[finding.category])],
        "description": finding.description,
        "risk_level": RISKS[finding.risk][style % len(RISKS[finding.risk])],
        "owner": finding.owner,
        "due_at": written_date(finding.due, None, style + 1),
        "rectified_at": ("", "/", "整改中", "未完成")[style % 4]
        if finding.done is None
        else written_date(finding.done, None, style + 2),
        "acceptance": "" if finding.done is None else ("合格", "已验收")[style % 2],
        "remark": ("", "—")[style % 2],
    }
    return [cells[name] for name in writing.fields]


class Written(Struct, frozen=True):
    data: bytes
    rows_below_head: int
    no_rows: int
    pasted: int


def write(found: Sequence[Finding], writing: Writing) -> Written:
    """The register as a file, with sub-totals, a repeated head, blank and pasted rows, and "as above"."""
    width = len(writing.fields)
    blank: list[Cell] = [""] * width
    rows: list[list[Cell]] = [["2025年 隐患排查治理台账", *blank[1:]], ["填表部门：安全部", *blank[1:]], list(blank)][
        : writing.titles
    ]
    head, spans = head_of(writing, len(rows))
    rows += head
    head_ends = len(rows)
    if writing.merged and writing.titles:
        spans.append((0, 0, 0, width - 1))
    no_rows = pasted = 0
    above: Finding | None = None
    for number, finding in enumerate(found):
        cells = written_row(finding, number, writing)
        if above is not None and above.area == finding.area:
            cells[writing.fields.index("area")] = "同上"
        rows.append(cells)
        above = finding
        if number % 5 == 3:
            rows.append(list(cells))
            pasted += 1
        if number % 4 == 2:
            rows.append(["小计", *blank[1:-1], f"{number}项"])
            no_rows += 1
            above = None
        if number % 6 == 5:
            rows += [list(blank), *[list(line) for line in head[-1:] if sum(cell != "" for cell in line) > 1]]
            no_rows += len(rows[-1:]) + (1 if rows[-1] != blank else 0)
    return Written(xlsx(rows, spans), len(rows) - head_ends, no_rows, pasted)


def as_read(outcome: Accepted, finding: Finding, fields: Sequence[str]) -> None:
    """Every value as it went in."""
    moment = finding.on if finding.at is None else datetime.combine(finding.on, finding.at, CONTEXT.zone)
    wanted = {
        "found_at": moment,
        "finder": Named(f"p-{finding.finder}", finding.finder),
        "category": finding.category,
        "description": finding.description,
        "risk_level": finding.risk,
        "owner": Named(f"p-{finding.owner}", finding.owner),
        "due_at": finding.due,
        "rectified_at": finding.done,
    }
    for name in fields:
        if name in wanted:
            assert outcome.values[name] == wanted[name], name
    assert outcome.values["area"] == Named(f"area-{finding.area}", finding.area)
    equipment = outcome.values["equipment"]
    assert isinstance(equipment, Named)
    assert equipment.id == f"eq-{finding.equipment}"
    assert outcome.status == ("open" if finding.done is None else "closed")
    assert outcome.notes == ()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(findings(), writings())
def test_any_register_reads_as_it_was_meant(found: list[Finding], writing: Writing) -> None:
    written = write(found, writing)
    book = read_workbook(written.data)
    layout = choose_layout(book, SPEC)
    assert {name: layout.columns[name].column for name in writing.fields} == {
        name: chr(ord("A") + column) for column, name in enumerate(writing.fields)
    }
    assert [problem for problem in layout.problems if problem.level == "stops"] == []
    outcomes = list(read_rows(book.sheets[0], layout, SPEC, CONTEXT))
    kinds = Counter(type(outcome) for outcome in outcomes)
    assert kinds[Rejected] == 0
    assert kinds[Duplicate] == written.pasted
    # A blank row right below the head may be taken for a part of it; nothing else may.
    below = book.sheets[0].rows[layout.first_row - 1 :]
    taken_for_head = written.rows_below_head - len(below)
    blank = book.sheets[0].rows[layout.first_row - 1 - taken_for_head : layout.first_row - 1]
    assert 0 <= taken_for_head <= 1
    assert not any(any(row) for row in blank)
    assert kinds[Skipped] == written.no_rows - taken_for_head
    assert kinds.total() == len(below)
    rows = accepted(outcomes)
    assert len(rows) == len(found)
    for outcome, finding in zip(rows, found, strict=True):
        as_read(outcome, finding, writing.fields)
    assert len({outcome.row_key for outcome in rows}) == len(rows)


CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.sampled_from(
        [
            "",
            "",
            "同上",
            "小计",
            "/",
            "空压站",
            "KY-01",
            "黄",
            "合格",
            "2025.10.3",
            "10月3日",
            "发现日期",
            "隐患描述",
            "注：无",
        ]
    ),
    st.text(max_size=6),
    st.floats(),
    st.integers(-(10**9), 10**9),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)


@st.composite
def any_sheets(draw: st.DrawFn) -> Sheet:
    """Whatever a file may hold."""
    width = draw(st.integers(1, 8))
    rows = draw(st.lists(st.lists(CELLS, min_size=width, max_size=width).map(tuple), min_size=1, max_size=12))
    corners = st.tuples(st.integers(0, len(rows) - 1), st.integers(0, width - 1))
    pairs = draw(st.lists(st.tuples(corners, corners), max_size=3))
    spans = tuple(Span(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])) for a, b in pairs)
    return Sheet("任意", tuple(rows), spans)


@settings(max_examples=100, deadline=None)
@given(any_sheets(), st.integers(1, 12))
def test_whatever_a_sheet_holds_each_row_has_one_outcome(table: Sheet, head_row: int) -> None:
    head_row = min(head_row, len(table.rows))
    for said in (
        None,
        Mapping(head_rows=(head_row, head_row), columns={"found_at": "A", "area": "A", "description": "A"}),
    ):
        layout = guess_layout(table, SPEC, said)
        outcomes = list(read_rows(table, layout, SPEC, names()))
        assert [outcome.row_no for outcome in outcomes] == list(range(layout.first_row, len(table.rows) + 1))


def test_the_law_can_fail() -> None:
    """A register whose risk column was mistaken for another must not pass as read."""
    finding = Finding(
        date(2025, 10, 1),
        None,
        "张伟",
        "空压站",
        "KY-01",
        "fire",
        "地面有油污一处",
        "red",
        "罗永",
        date(2025, 10, 5),
        None,
    )
    writing = Writing(FIELDS, {name: HEADS[name][0] for name in FIELDS}, 1, False, 0, 0)
    book = read_workbook(write([finding], writing).data)
    wrong = choose_layout(book, SPEC, Mapping(columns={"risk_level": None}, constants={"risk_level": "蓝"}))
    only = accepted(read_rows(book.sheets[0], wrong, SPEC, names()))[0]
    with pytest.raises(AssertionError, match="risk_level"):
        as_read(only, finding, FIELDS)
