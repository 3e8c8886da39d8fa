"""The plant as a workbook: what is written is read, names stand for ids, and every fault is named by row."""

import io
import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
import xlsxwriter
import yaml
from msgspec import structs

from anhuan.app.plant_words import field_name, kind_name, plant_problem_text
from anhuan.app.setup import PlantEditor
from anhuan.connectors.excel.plant import PlantSheetsRead, read_plant, read_plant_book
from anhuan.connectors.excel.plant_columns import fields_by_head, kind_of_sheet, sheet_columns
from anhuan.connectors.excel.plant_write import plant_workbook
from anhuan.connectors.plant_files import read_folder
from anhuan.domain.ids import AreaId, EquipmentId, PersonId, TeamId
from anhuan.domain.item_faults import item_faults
from anhuan.domain.plant import Plant
from anhuan.domain.plant_checks import changed, check_change
from anhuan.domain.plant_items import (
    Absence,
    Area,
    Equipment,
    Holding,
    Person,
    Roster,
    Schedule,
    Shift,
    Team,
    WorkCalendar,
    item_kind,
)
from anhuan.domain.plant_reading import PlantProblem, decode_items

EXAMPLES = Path(__file__).parents[2] / "examples"
SRC = Path(__file__).parents[2] / "src" / "anhuan"
Rows = list[list[object]]
FUNCTIONS = ("decode_items", "item_faults", "check_change")


@pytest.fixture(scope="module")
def plant() -> Plant:
    return Plant(read_folder(EXAMPLES / "plant", EXAMPLES / "calendars" / "cn.yaml").items)


def workbook(sheets: dict[str, Rows]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        moment, day = book.add_format({"num_format": "yyyy-mm-dd hh:mm"}), book.add_format({"num_format": "yyyy-mm-dd"})
        of_day = book.add_format({"num_format": "hh:mm"})
        for title, rows in sheets.items():
            page = book.add_worksheet(title)
            for line, row in enumerate(rows):
                for index, cell in enumerate(row):
                    if isinstance(cell, date | time):
                        shown = moment if isinstance(cell, datetime) else day if isinstance(cell, date) else of_day
                        page.write_datetime(line, index, cell, shown)
                    elif cell is not None:
                        page.write(line, index, cell)
    return buffer.getvalue()


def read(plant: Plant, **sheets: Rows) -> PlantSheetsRead:
    return read_plant(workbook(sheets), plant)


def codes(found: PlantSheetsRead) -> list[tuple[str, int, str, str]]:
    for language in ("zh", "en"):
        assert all(plant_problem_text(problem, language) for problem in (*found.problems, *found.notes))
    return [(problem.kind, problem.row, problem.field, problem.code) for problem in found.problems]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_written_is_read_again_whole(plant: Plant, language: str) -> None:
    data = plant_workbook(plant, language)
    from_nothing = read_plant(data, Plant())
    assert (from_nothing.problems, from_nothing.notes) == ((), ())
    written = {(item_kind(item), item.id): item for item in plant.items()}
    assert {(item_kind(item), item.id): item for item in from_nothing.change.put} == written
    again = read_plant(data, plant)
    assert (again.problems, again.change.put, again.unchanged) == ((), (), len(written)), "nothing is added twice"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_empty_template_has_every_sheet_and_head_and_changes_nothing(language: str) -> None:
    found = read_plant(plant_workbook(Plant(), language), Plant())
    assert (found.rows, found.problems, found.notes, found.change.put) == (0, (), (), ())
    for kind, columns in sheet_columns().items():
        assert kind_of_sheet(kind_name(kind, language)) == kind
        assert all(column.field in fields_by_head(kind).values() for column in columns)


def test_names_stand_for_ids_and_ids_are_made_where_none_is_given() -> None:
    found = read(
        Plant(),
        厂区=[["名称*", "时区"], ["一厂", None]],
        区域=[["名称", "厂区", "上级区域", "防爆区域"], ["仓库", "一厂", None, "是"], ["气瓶间", "一厂", "仓库", "否"]],
        班组与部门=[["名称", "负责人"], ["电工班", "张三"]],
        人员=[
            ["姓名", "工号", "班组", "能力"],
            ["张三", 1001, "电工班", "电气、fire"],
            ["李四", "1002", "电工班", None],
        ],
        能力=[["标识", "名称"], ["electrical", "电气"], ["fire", "消防"]],
        岗位=[["标识", "名称", "按区域设置"], ["area_owner", "属地主管", "是"]],
        任职=[["岗位", "人员", "区域"], ["属地主管", "李四", "气瓶间"]],
        设备=[["设备编号", "名称", "区域"], ["CQ-01", "储气罐", "气瓶间"]],
        点检项目=[["设备", "项目标识", "项目名称", "下限", "上限"], ["cq—01", "pressure", "压力", 0.2, "0.8"]],
    )
    assert codes(found) == []
    made = Plant(found.change.put)
    assert made.every(Area)["气瓶间"].parent == "仓库" and made.every(Area)["仓库"].explosive
    assert made.every(Person)["1001"] == Person(
        id=PersonId("1001"), name="张三", number="1001", team=TeamId("电工班"), competences=("electrical", "fire")
    )
    assert made.every(Team)["电工班"].leader == "1001"
    assert made.every(Holding)["area_owner-1002-气瓶间"].person == "1002"
    point = made.every(Equipment)["CQ-01"].points[0]
    assert (point.key, point.low, point.high) == ("pressure", 0.2, 0.8)
    assert read_plant(plant_workbook(made, "zh"), made).change.put == ()


def test_a_missing_column_leaves_its_field_and_an_empty_cell_empties_it(plant: Plant) -> None:
    found = read(plant, 人员=[["工号", "姓名", "电话"], ["10015", "周涛", "内线8123"]])
    before = plant.every(Person)["p-015"]
    assert found.change.put == (structs.replace(before, phone="内线8123"),)
    emptied = read(plant, 人员=[["工号", "姓名", "能力"], ["10015", "周涛", None]])
    assert emptied.change.put == (structs.replace(before, competences=()),)


def test_reading_points_are_laid_into_equipment_that_is_there_already(plant: Plant) -> None:
    rows: Rows = [["设备", "项目标识", "项目名称", "下限", "目视检查"], ["WS-01", "seal", "密封", 1, "是"]]
    (pump,) = read(plant, 点检项目=rows).change.put
    assert isinstance(pump, Equipment)
    assert pump.name == "一级提升泵" and [point.key for point in pump.points] == ["seal"] and pump.points[0].is_check


def test_times_dates_and_moments_as_excel_keeps_them(plant: Plant) -> None:
    found = read(
        plant,
        班次=[["标识", "名称", "开始时间", "结束时间"], ["a", "A", time(8), "24:00"], ["b", "B", 0.5, time(16, 30)]],
        人员=[["工号", "姓名", "离职日期"], ["10015", "周涛", date(2026, 12, 1)], ["10016", "林志强", "2026年12月2日"]],
        缺勤=[
            ["人员", "开始", "结束"],
            [
                "周涛",
                datetime(2026, 12, 1, 8, 30),  # noqa: DTZ001 - a cell has no zone
                "2026-12-02 17:00",
            ],
            ["林志强", "2026-12-01T00:00:00Z", "2026.12.3"],
        ],
        定期任务=[
            ["标识", "名称", "任务种类", "区域", "设备", "开始时刻", "时限（分钟）", "星期"],
            ["s", "S", "kind", "冲压车间", "QZ-01；QZ-02", "9:00、21:30", 90, "周一、星期日"],
        ],
    )
    assert codes(found) == []
    after = changed(plant, found.change)
    shifts = after.every(Shift)
    assert (shifts["a"].starts, shifts["a"].ends) == (time(8), time(0))
    assert (shifts["b"].starts, shifts["b"].ends) == (time(12), time(16, 30))
    assert after.every(Person)["p-015"].left_on == date(2026, 12, 1)
    assert after.every(Person)["p-016"].left_on == date(2026, 12, 2)
    absences = {a.person: a for a in after.every(Absence).values()}
    assert absences["p-015"].from_at == datetime(2026, 12, 1, 0, 30, tzinfo=UTC), "in the plant's own zone"
    assert absences["p-016"].from_at == datetime(2026, 12, 1, tzinfo=UTC)
    assert absences["p-016"].until_at - absences["p-016"].from_at == timedelta(hours=40)
    schedule = after.every(Schedule)["s"]
    assert schedule.equipment == ("eq-QZ-01", "eq-QZ-02") and schedule.weekdays == (0, 6)
    assert schedule.slots == (time(9), time(21, 30)) and schedule.slot_minutes == 90


def test_a_calendars_days_stand_on_a_sheet_of_their_own(plant: Plant) -> None:
    rows: Rows = [["日历", "日期", "休或班"], ["cn", date(2027, 2, 11), "休"], ["cn", "2027-02-20", "班"]]
    (calendar,) = read(plant, 节假日与调休=rows).change.put
    assert isinstance(calendar, WorkCalendar)
    assert calendar.holidays == (date(2027, 2, 11),) and calendar.shifted_workdays == (date(2027, 2, 20),)
    bad: Rows = [["日历", "日期", "休或班"], ["cn", "someday", "休"], ["cn", "2027-02-20", "perhaps"]]
    assert codes(read(plant, 节假日与调休=bad)) == [
        ("calendar_day", 3, "work", "rest_or_work_wanted"),
        ("calendar", 2, "holidays", "list_wanted"),
    ]


def test_rotations_and_crews(plant: Plant) -> None:
    rows: Rows = [["班组", "起始日期", "轮班周期", "成员"], ["机修班", "2026-03-02", "早班、早班、夜班、休", "赵磊"]]
    (roster,) = read(plant, 轮班=rows).change.put
    assert isinstance(roster, Roster)
    assert roster.cycle == ("day", "day", "night", None) and roster.team == "mechanics"
    assert plant.name_of(roster.people[0]) == "赵磊"


def test_every_fault_is_named_by_row_and_nothing_is_changed_by_halves(plant: Plant) -> None:
    twin = Plant((*plant.items(), Person(id=PersonId("p-900"), name="周涛", number="19000")))
    found = read(
        twin,
        人员=[["工号", "姓名", "班组", "直接上级", "颜色"], [None] * 5, ["20001", None, "夜班班", "周涛", "红"]],
        区域=[["标识", "名称", "厂区", "纬度"], ["a 1", "新区", "某汽车零部件有限公司", "north"]],
    )
    assert sorted(codes(found)) == sorted(
        [
            ("person", 3, "team", "name_unknown"),
            ("person", 3, "superior", "name_ambiguous"),
            ("person", 3, "name", "value_missing"),
            ("area", 2, "latitude", "number_wanted"),
        ]
    )
    assert [(note.code, note.row) for note in found.notes] == [("column_unknown", 1)]
    assert "p-015" in plant_problem_text(next(p for p in found.problems if p.code == "name_ambiguous"), "zh")


def test_the_change_is_checked_as_a_whole_with_rows(plant: Plant) -> None:
    circle: Rows = [["标识", "名称", "厂区", "上级区域"], ["area-utilities", "动力站区", "site-main", "空压站"]]
    assert codes(read(plant, 区域=circle)) == [("area", 2, "parent", "cycle")]
    taken: Rows = [["标识", "姓名", "工号"], ["p-001", "沈国栋", "10001"], ["p-901", "新人", "10001"]]
    assert codes(read(plant, 人员=taken)) == [
        ("person", 2, "number", "number_taken"),
        ("person", 3, "number", "number_taken"),
    ]
    twice: Rows = [["标识", "名称", "厂区"], ["x", "X", "site-main"], ["x", "Y", "site-main"]]
    assert codes(read(plant, 区域=twice)) == [("area", 3, "id", "twice")]


def test_sheets_that_are_none_of_ours_are_told_and_left_alone(plant: Plant) -> None:
    found = read(plant, 说明=[["请按模板填写"]], 区域=[["这里没有表头"], ["一", "二"]])
    assert [(note.code, note.params) for note in found.notes] == [("sheet_unknown", {"sheet": "说明"})]
    assert codes(found) == [("area", 0, "", "head_not_found")]


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    sly = Equipment(id=EquipmentId("e"), number="=1+1", name="@SUM(A1)", area=AreaId("a"))
    data = plant_workbook(Plant((sly,)), "en")
    (back,) = (row for row in read_plant(data, Plant((sly,))).problems if row.code == "name_unknown")
    assert back.params == {"given": "a"}
    assert read_plant(data, Plant((sly, Area(id=AreaId("a"), name="A", site="s")))).change.put == ()


def test_every_code_every_kind_and_every_field_has_its_words() -> None:
    words = yaml.safe_load((SRC / "app" / "plant_words.yaml").read_text("utf-8"))
    for kind, columns in sheet_columns().items():
        for language in ("zh", "en"):
            assert kind_name(kind, language) != kind
            assert all(field_name(kind, column.field, language) != column.field for column in columns)
    for texts in (*words["kinds"].values(), *words["fields"].values(), *words["problems"].values()):
        assert set(texts) == {"zh", "en"} and all(texts.values())
    functions = (decode_items, item_faults, check_change, read_plant_book, PlantEditor.edit)
    documented = "".join(str(function.__doc__) for function in functions)
    named = set(re.findall(r"`([a-z_]+)`", documented)) - {"lax", "count", "by", "expected", *FUNCTIONS}
    assert named | {"file_unreadable"} == set(words["problems"])


def test_a_problem_says_what_still_uses_a_thing() -> None:
    by = [{"kind": "person", "id": "p-1", "name": "张三"}]
    problem = PlantProblem("team", "id", "in_use", {"count": 1, "by": by}, "t")
    assert "人员 张三" in plant_problem_text(problem, "zh") and "People 张三" in plant_problem_text(problem, "en")
