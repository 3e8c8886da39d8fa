"""The demo plant and China's public holidays, as the files in examples/ hold them."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import python_calamine

from anhuan.connectors.plant_files import read_files, read_folder, read_rows
from anhuan.core.obligation.calendar import is_workday
from anhuan.domain.ids import PostId
from anhuan.domain.party import PostParty
from anhuan.domain.plant import Plant
from anhuan.domain.plant_checks import PlantChange, check_change, dangling
from anhuan.domain.plant_items import (
    Absence,
    Area,
    Competence,
    Equipment,
    Inspection,
    Person,
    Post,
    Roster,
    Schedule,
    Shift,
    Team,
    WorkCalendar,
    item_kind,
)
from anhuan.domain.plant_reading import decode_items, encode_item

EXAMPLES = Path(__file__).parents[2] / "examples"
SPECIAL = {"pressure_vessel", "boiler", "crane", "forklift", "lift"}
FORTNIGHT = date(2026, 11, 16)


@pytest.fixture(scope="module")
def plant() -> Plant:
    read = read_folder(EXAMPLES / "plant", EXAMPLES / "calendars" / "cn.yaml")
    assert read.problems == ()
    return Plant(read.items)


@pytest.fixture(scope="module")
def cn(plant: Plant) -> WorkCalendar:
    return plant.calendar


def test_it_is_as_large_as_it_is_said_to_be(plant: Plant) -> None:
    teams = plant.every(Team).values()
    assert len(plant.every(Person)) == 150
    assert len([team for team in teams if not team.is_unit]) == 12
    assert len([team for team in teams if team.is_unit]) == 3
    assert len([area for area in plant.every(Area).values() if area.parent is None]) == 8
    assert len(plant.every(Equipment)) == 60
    assert len(plant.every(Shift)) == 3


def test_nothing_dangles_and_nothing_contradicts(plant: Plant) -> None:
    items = tuple(plant.items())
    assert tuple(dangling(plant)) == ()
    assert check_change(Plant(), PlantChange(put=items)) == ()
    for item in items:
        assert decode_items(item_kind(item), [encode_item(item)]).items == (item,)


def test_every_post_is_held_on_every_shift_of_a_fortnight_by_somebody_at_work(plant: Plant) -> None:
    moments = [
        datetime.combine(FORTNIGHT + timedelta(days=day), time(hour), plant.zone)
        for day in range(14)
        for hour in (4, 12, 20)
    ]
    for post in plant.every(Post).values():
        places = [*plant.every(Area)] if post.per_area else [None]
        for area in places:
            for at in moments:
                holders = plant.holders(PostParty(PostId(post.id), area), at)
                assert holders and plant.on_duty(holders[0], at), (post.id, area, at)


def test_each_rostered_team_has_one_crew_on_each_shift(plant: Plant) -> None:
    rostered = {roster.team for roster in plant.every(Roster).values()}
    assert len(rostered) == 9
    for team in rostered:
        for hour, shift in ((4, "night"), (12, "day"), (20, "evening")):
            at = datetime.combine(FORTNIGHT, time(hour), plant.zone)
            crews = {
                roster.id
                for roster in plant.every(Roster).values()
                if roster.team == team and all(plant.shift_of(person, at) == shift for person in roster.people)
            }
            assert len(crews) == 1, (team, shift)


def test_every_person_has_a_superior_up_to_the_principal(plant: Plant) -> None:
    tops = {
        (*plant.superiors(person), person)[-1 if not plant.person(person).superior else -2]
        for person in plant.every(Person)
    }
    assert tops == {"p-001"}


def test_each_blind_draw_finds_five_people_of_other_teams_who_are_no_superiors(plant: Plant) -> None:
    for competence in plant.every(Competence):
        for actor in plant.every(Person).values():
            pool = [
                person
                for person in plant.competent(competence)
                if plant.person(person).team != actor.team and person not in tuple(plant.superiors(actor.id))
            ]
            assert len(pool) >= 5, (competence, actor.id, pool)


def test_special_equipment_is_read_on_every_round(plant: Plant) -> None:
    special = {e.id for e in plant.every(Equipment).values() if e.equipment_class in SPECIAL}
    assert all(plant.get(Equipment, equipment).points for equipment in special)
    schedules = plant.every(Schedule).values()
    rounds = [equipment for one in schedules if one.raises == "equipment_round" for equipment in one.equipment]
    assert sorted(rounds) == sorted(special)
    daily = {equipment for one in schedules if one.raises == "daily_control" for equipment in one.equipment}
    assert daily == special
    inspected = {one.equipment for one in plant.every(Inspection).values()}
    assert inspected == special


def test_everything_the_register_names_is_there(plant: Plant) -> None:
    book = python_calamine.CalamineWorkbook.from_path(EXAMPLES / "finding-register-2025Q4.xlsx")
    rows = [row for row in book.get_sheet_by_index(0).to_python() if isinstance(row[0], float)]
    people = {name for p in plant.every(Person).values() for name in (p.name, *p.aliases)}
    areas = {area.name for area in plant.every(Area).values()}
    numbers = {equipment.number.casefold() for equipment in plant.every(Equipment).values()}
    assert {row[column] for row in rows for column in (2, 8)} <= people
    assert {row[3] for row in rows} - areas == {"同上", "东侧", "二号楼", "车间"}
    assert {row[4].replace("—", "-").casefold() for row in rows if row[4]} <= numbers


def test_deputies_stand_in_for_those_who_are_away(plant: Plant) -> None:
    absence = plant.every(Absence)["absence-001"]
    held = plant.posts_of(absence.person)
    assert held
    for holding in held:
        assert plant.holders(PostParty(holding.post, holding.area), absence.from_at)


# --- the calendar


@pytest.mark.parametrize(("year", "holidays", "worked"), [(2025, 28, 5), (2026, 33, 6), (2027, 19, 0)])
def test_the_holidays_of_a_year_are_counted_as_announced(
    cn: WorkCalendar, year: int, holidays: int, worked: int
) -> None:
    assert len([day for day in cn.holidays if day.year == year]) == holidays
    assert len([day for day in cn.shifted_workdays if day.year == year]) == worked


def test_days_worked_instead_are_weekend_days_near_a_holiday(cn: WorkCalendar) -> None:
    assert len(set(cn.holidays)) == len(cn.holidays) and list(cn.holidays) == sorted(cn.holidays)
    for day in cn.shifted_workdays:
        assert day.weekday() in (5, 6) and day not in cn.holidays and is_workday(cn, day)
        assert any(abs((day - holiday).days) <= 14 for holiday in cn.holidays)


def test_no_announced_year_takes_or_gives_more_than_the_law_says(cn: WorkCalendar) -> None:
    # 13 statutory days since 2025; those that fall on a weekend are made up for. Each bridged day is worked elsewhere.
    for year in (2025, 2026, 2027):
        free = [day for day in cn.holidays if day.year == year and day.weekday() < 5]
        worked = [day for day in cn.shifted_workdays if day.year == year]
        assert len(free) - len(worked) == 13


def test_the_provisional_year_is_marked(cn: WorkCalendar) -> None:
    assert cn.known_until == date(2026, 12, 31)
    assert any(day.year == 2027 for day in cn.holidays)


# --- files


def test_text_stays_text_as_a_person_reads_it() -> None:
    (row,) = read_rows("- {starts: 16:00, from_on: 2026-01-01, name: no, low: 0.2, high: 8, off: null, on: true}")
    assert row == {
        "starts": "16:00",
        "from_on": "2026-01-01",
        "name": "no",
        "low": 0.2,
        "high": 8,
        "off": None,
        "on": True,
    }
    assert read_rows("") == [] and read_rows("# nothing yet\n") == []


@pytest.mark.parametrize("text", ["- {id: a", "id: a", "- !!python/object/apply:os.getcwd []", "- &a [*b]"])
def test_a_file_that_is_no_list_is_named(text: str) -> None:
    read = read_files([("area", text)])
    assert read.items == () and [(p.kind, p.code) for p in read.problems] == [("area", "file_unreadable")]


def test_a_file_of_an_unknown_kind_is_named() -> None:
    assert [p.code for p in read_files([("robots", "- {id: a}")]).problems] == ["kind_unknown"]
