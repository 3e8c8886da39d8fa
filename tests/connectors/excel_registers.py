"""What the Excel tests share: the pack's words, a small plant, and a way to build sheets."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from pathlib import Path

import xlsxwriter

from anhuan.connectors.excel import PlantNames
from anhuan.domain.ids import AreaId, EquipmentId, PersonId
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import Area, Equipment, Person
from anhuan.packs.import_words import ImportSpec, decode_import
from anhuan.ports.registers import Accepted, Cell, Outcome, Rejected, Sheet, Span

ROOT = Path(__file__).parents[2]
REGISTER = ROOT / "examples" / "finding-register-2025Q4.xlsx"
FILES = Path(__file__).parent / "excel_files"
SPEC: ImportSpec = decode_import((ROOT / "packs" / "finding" / "import.yaml").read_text(encoding="utf-8"))
TODAY = date(2026, 1, 6)

AREAS = (
    "冲压车间",
    "危化品库",
    "空压站",
    "注塑车间",
    "涂装车间",
    "焊装车间",
    "配电室",
    "叉车充电区",
    "污水站",
    "总装车间",
)
EQUIPMENT = {
    "冲压车间": ("P-1601", "P-1602", "P-2501", "PT-07"),
    "危化品库": ("WH-01",),
    "空压站": ("KY-01", "KY-02"),
    "注塑车间": ("ZS-1300", "ZS-800A", "ZS-800B"),
    "涂装车间": ("T-K01", "T-K02", "T-RTO1"),
    "焊装车间": ("W-HJ3", "W-R01", "W-R02", "W-R11"),
    "配电室": ("PD-0.4-3", "PD-10kV-1"),
    "叉车充电区": ("CD-01",),
    "污水站": ("WS-01", "WS-02"),
    "总装车间": ("Z-AGV5", "Z-L01", "Z-L02"),
}
PEOPLE = (
    *("张伟", "郭亮", "何雪", "王建国", "高峰", "黄敏", "林志强", "傅明"),
    *("孙丽", "陈静", "杨帆", "徐强", "曹阳", "朱红", "周涛", "李秀英"),
    *("刘洋", "马超", "胡斌", "吴桂兰", "罗永", "许文", "赵磊"),
)


def small_plant() -> Plant:
    """The areas, machines and people that the shared register speaks of."""
    areas = [Area(id=AreaId(f"area-{name}"), name=name, site="s") for name in AREAS]
    machines = [
        Equipment(id=EquipmentId(f"eq-{number}"), number=number, name=f"设备{number}", area=AreaId(f"area-{area}"))
        for area, numbers in EQUIPMENT.items()
        for number in numbers
    ]
    people = [Person(id=PersonId(f"p-{name}"), name=name) for name in PEOPLE]
    return Plant([*areas, *machines, *people])


def names(today: date = TODAY) -> PlantNames:
    return PlantNames(small_plant(), today)


def sheet(*rows: Sequence[Cell], spans: Iterable[tuple[int, int, int, int]] = (), name: str = "台账") -> Sheet:
    width = max(len(row) for row in rows)
    filled = tuple(tuple(row) + ("",) * (width - len(row)) for row in rows)
    return Sheet(name, filled, tuple(Span(*span) for span in spans))


HEAD: tuple[Cell, ...] = (
    *("序号", "发现日期", "发现人", "区域", "设备编号", "隐患类别", "隐患描述", "风险等级"),
    *("责任人", "整改期限", "完成日期", "验收情况", "备注"),
)


def row(no: int = 1, **cells: Cell) -> tuple[Cell, ...]:
    """A sound row below HEAD, with some cells otherwise (by head)."""
    sound: dict[str, Cell] = dict(
        zip(
            map(str, HEAD),
            (
                no,
                "2025-10-09",
                "罗永",
                "空压站",
                "KY-01",
                "机械",
                "KY-01防护罩缺失",
                "黄",
                "张伟",
                "2025-10-12",
                "",
                "",
                "",
            ),
            strict=True,
        )
    )
    assert set(cells) <= set(sound)
    return tuple({**sound, **cells}.values())


def xlsx(rows: Sequence[Sequence[Cell]], spans: Iterable[tuple[int, int, int, int]] = (), name: str = "台账") -> bytes:
    """A workbook with one sheet as Excel would save it."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet(name)
        day, moment = book.add_format({"num_format": "yyyy/m/d"}), book.add_format({"num_format": "yyyy/m/d h:mm"})
        for top, left, bottom, right in spans:
            page.merge_range(top, left, bottom, right, "")
        for line, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, datetime):
                    page.write_datetime(line, column, cell, moment)
                elif isinstance(cell, (date, time)):
                    page.write_datetime(line, column, cell, day)
                elif isinstance(cell, str):
                    if cell:
                        page.write_string(line, column, cell)
                else:
                    page.write_number(line, column, float(cell))
    return buffer.getvalue()


def accepted(outcomes: Iterable[Outcome]) -> list[Accepted]:
    return [outcome for outcome in outcomes if isinstance(outcome, Accepted)]


def rejected(outcomes: Iterable[Outcome]) -> list[Rejected]:
    return [outcome for outcome in outcomes if isinstance(outcome, Rejected)]


def reasons(outcomes: Iterable[Outcome]) -> list[tuple[str, str | None]]:
    return [(reason.code, reason.field) for outcome in rejected(outcomes) for reason in outcome.reasons]
