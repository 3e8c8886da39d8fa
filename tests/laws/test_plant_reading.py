"""Rows become items, or come back with every problem named; a change to a plant is checked as a whole."""

import json
from datetime import date, time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anhuan.domain.ids import AreaId, PersonId, PostId, TeamId
from anhuan.domain.plant import Plant
from anhuan.domain.plant_checks import PlantChange, changed, check_change, dangling
from anhuan.domain.plant_items import (
    ITEM_TYPES,
    Area,
    Equipment,
    Holding,
    Person,
    PlantItem,
    Post,
    Roster,
    Shift,
    Site,
    Team,
    Workstation,
)
from anhuan.domain.plant_reading import decode_items, encode_item

AREA = {"id": "hall", "name": "Hall", "site": "site"}
SHIFT = {"id": "day", "name": "Day", "starts": "08:00", "ends": "16:00"}
GEAR = {"id": "e1", "number": "E-1", "name": "Press", "area": "hall"}
CALENDAR = {"id": "c", "name": "C"}
LEAVE = {"id": "a", "person": "p", "from_at": "2026-01-01T00:00:00Z", "until_at": "2026-01-02T00:00:00Z"}
ROUND = {
    "id": "s",
    "name": "S",
    "raises": "k",
    "area": "hall",
    "equipment": ["e1"],
    "slots": ["9:00"],
    "slot_minutes": 60,
}


@pytest.mark.parametrize(
    ("kind", "row", "field", "code"),
    [
        ("area", {**AREA, "name": "  "}, "name", "value_missing"),
        ("area", {**AREA, "colour": "red"}, "colour", "field_unknown"),
        ("area", {**AREA, "id": "hall@1"}, "id", "id_unfit"),
        ("area", {**AREA, "id": "the hall"}, "id", "id_unfit"),
        ("area", {**AREA, "id": "h" * 81}, "id", "id_unfit"),
        ("area", {**AREA, "name": 7}, "name", "text_wanted"),
        ("area", {**AREA, "name": "a\x00b"}, "name", "text_unfit"),
        ("area", {**AREA, "aliases": ["ok", "a\x00b"]}, "aliases", "text_unfit"),
        ("area", {**AREA, "name": "x" * 401}, "name", "text_too_long"),
        ("area", {**AREA, "explosive": "maybe"}, "explosive", "yes_or_no_wanted"),
        ("area", {**AREA, "latitude": "north", "longitude": 3}, "latitude", "number_wanted"),
        ("area", {**AREA, "latitude": 91, "longitude": 3}, "latitude", "coordinate_out_of_range"),
        ("area", {**AREA, "latitude": float("nan"), "longitude": 3}, "latitude", "coordinate_out_of_range"),
        ("area", {**AREA, "latitude": 31}, "longitude", "coordinate_alone"),
        ("area", {**AREA, "aliases": "one"}, "aliases", "list_wanted"),
        ("area", ["hall"], "", "row_wanted"),
        ("site", {"id": "s", "name": "S", "time_zone": "Mars/Olympus"}, "time_zone", "time_zone_unknown"),
        ("site", {"id": "s", "name": "S", "time_zone": "../etc/passwd"}, "time_zone", "time_zone_unknown"),
        ("shift", {**SHIFT, "starts": "8 o'clock"}, "starts", "time_wanted"),
        ("shift", {**SHIFT, "starts": "25:00"}, "starts", "time_wanted"),
        ("shift", {**SHIFT, "ends": "08:00"}, "ends", "shift_without_hours"),
        ("person", {"id": "p", "name": "P", "left_on": "2026-02-30"}, "left_on", "date_wanted"),
        (
            "equipment",
            {**GEAR, "points": [{"key": "k", "name": "K", "low": 2, "high": 1}]},
            "points",
            "limits_reversed",
        ),
        ("equipment", {**GEAR, "points": [{"key": "k", "name": "K"}] * 2}, "points", "key_twice"),
        ("equipment", {**GEAR, "points": [{"key": "k", "name": "K", "lo": 1}]}, "points", "list_wanted"),
        (
            "equipment",
            {**GEAR, "points": [{"key": "k", "name": "K", "low": float("inf")}]},
            "points",
            "number_not_finite",
        ),
        ("roster", {"id": "r", "team": "t", "from_on": "2026-01-01", "cycle": []}, "cycle", "cycle_empty"),
        ("calendar", {**CALENDAR, "rest_weekdays": [7]}, "rest_weekdays", "weekday_unknown"),
        ("calendar", {**CALENDAR, "rest_weekdays": [0, 1, 2, 3, 4, 5, 6]}, "rest_weekdays", "no_working_days"),
        ("calendar", {**CALENDAR, "day_ends": "07:00"}, "day_ends", "working_day_without_hours"),
        (
            "calendar",
            {**CALENDAR, "holidays": ["2026-01-01"], "shifted_workdays": ["2026-01-01"]},
            "shifted_workdays",
            "day_both_ways",
        ),
        ("absence", {**LEAVE, "until_at": "2025-01-01T00:00:00Z"}, "until_at", "times_reversed"),
        ("absence", {**LEAVE, "from_at": "2026-01-01T00:00:00"}, "from_at", "time_without_zone"),
        ("absence", {**LEAVE, "from_at": "yesterday"}, "from_at", "instant_wanted"),
        ("deputy", {**LEAVE, "deputy": "p"}, "deputy", "own_deputy"),
        ("schedule", {**ROUND, "equipment": []}, "equipment", "nothing_to_check"),
        ("schedule", {**ROUND, "slots": []}, "slots", "slots_empty"),
        ("schedule", {**ROUND, "weekdays": []}, "weekdays", "slots_empty"),
        ("schedule", {**ROUND, "month_days": [0]}, "month_days", "month_day_unknown"),
        ("schedule", {**ROUND, "slot_minutes": 0}, "slot_minutes", "slot_minutes_out_of_range"),
    ],
)
def test_each_fault_of_a_row_is_named(kind: str, row: dict[str, object], field: str, code: str) -> None:
    read = decode_items(kind, [row])
    assert read.items == ()
    assert [(p.row, p.field, p.code) for p in read.problems] == [(1, field, code)]
    json.dumps(msgspec.to_builtins(read.problems))


def test_all_faults_of_all_rows_are_named_and_good_rows_are_kept() -> None:
    read = decode_items("shift", [SHIFT, {"id": "x", "starts": "late"}, {**SHIFT, "name": "Again"}])
    assert [item.id for item in read.items] == ["day"]
    assert [(p.row, p.item, p.field, p.code) for p in read.problems] == [
        (2, "x", "name", "value_missing"),
        (2, "x", "starts", "time_wanted"),
        (2, "x", "ends", "value_missing"),
        (3, "day", "id", "twice"),
    ]


def test_an_unknown_kind_is_named_with_those_that_are_known() -> None:
    (problem,) = decode_items("robot", [{}]).problems
    assert (problem.code, problem.params["known"]) == ("kind_unknown", sorted(ITEM_TYPES))


def test_times_are_read_as_people_write_them_and_names_are_left_alone() -> None:
    (shift,) = decode_items("shift", [{**SHIFT, "name": "8:00", "starts": "8:00", "ends": "24:00"}]).items
    assert shift == Shift(id="day", name="8:00", starts=time(8), ends=time(0))


def test_a_sheets_texts_are_read_only_when_asked_to() -> None:
    row = {**ROUND, "slot_minutes": "60"}
    assert decode_items("schedule", [row]).problems[0].code == "number_wanted"
    assert decode_items("schedule", [row], lax=True).problems == ()


texts = st.text(max_size=30)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(ITEM_TYPES)), st.data())
def test_no_row_whatever_is_in_it_is_lost_or_breaks_the_reading(kind: str, data: st.DataObject) -> None:
    fields = [field.name for field in msgspec.structs.fields(ITEM_TYPES[kind])]
    rows = data.draw(st.lists(st.dictionaries(st.sampled_from([*fields, "other"]) | texts, anything), max_size=3))
    read = decode_items(kind, rows)
    msgspec.json.encode((read.items, read.problems))
    assert len(read.items) + len({problem.row for problem in read.problems}) == len(rows)
    assert all(decode_items(kind, [encode_item(item)]).items == (item,) for item in read.items)


# --- changes

HALL, BAY = AreaId("hall"), AreaId("bay")
ANN, BEN = PersonId("ann"), PersonId("ben")
CREW = TeamId("crew")
OWNER, HEAD = PostId("owner"), PostId("head")


def before(*items: PlantItem) -> Plant:
    return Plant(
        (
            Site(id="site", name="Site"),
            Area(id=HALL, name="Hall", site="site"),
            Area(id=BAY, name="Bay", site="site", parent=HALL),
            Team(id=CREW, name="Crew", leader=ANN),
            Person(id=ANN, name="Ann", number="1", team=CREW),
            Person(id=BEN, name="Ben", number="2", team=CREW, superior=ANN),
            Post(id=OWNER, name="Owner", per_area=True),
            Post(id=HEAD, name="Head"),
            Holding(id="h1", post=OWNER, person=ANN, area=HALL),
            Shift(id="day", name="Day", starts=time(8), ends=time(16)),
            *items,
        ),
        version=4,
    )


MONDAY = date(2026, 3, 2)


def faults(plant: Plant, *put: PlantItem, remove: tuple[tuple[str, str], ...] = ()) -> list[tuple[str, str, str]]:
    problems = check_change(plant, PlantChange(put=put, remove=remove))
    json.dumps(msgspec.to_builtins(problems))
    return [(problem.item, problem.field, problem.code) for problem in problems]


def test_a_good_change_makes_the_next_version() -> None:
    change = PlantChange(put=(Area(id=HALL, name="Great hall", site="site"),), remove=(("holding", "h1"),))
    assert check_change(before(), change) == ()
    after = changed(before(), change)
    area = after.get(Area, HALL)
    assert after.version == 5 and area and area.name == "Great hall" and after.get(Holding, "h1") is None
    assert tuple(dangling(after)) == ()


def test_what_is_in_use_cannot_be_removed_and_the_users_are_named() -> None:
    (problem,) = check_change(before(), PlantChange(remove=(("area", HALL),)))
    assert (problem.code, problem.params["count"]) == ("in_use", 2)
    assert problem.params["by"] == [
        {"kind": "area", "id": "bay", "name": "Bay"},
        {"kind": "holding", "id": "h1", "name": "h1"},
    ]
    together = (("area", HALL), ("area", BAY), ("holding", "h1"))
    assert faults(before(), remove=together) == []
    assert faults(before(), remove=(("area", "gone"),)) == [("gone", "id", "not_there")]
    assert faults(before(), remove=(("robot", "r"),)) == [("r", "", "kind_unknown")]


def test_what_an_item_names_must_be_there() -> None:
    holding = Holding(id="h2", post=PostId("none"), person=BEN, area=AreaId("none"), shift="none")
    assert faults(before(), holding) == [("h2", field, "reference_unknown") for field in ("post", "area", "shift")]
    with_post = (Post(id=PostId("none"), name="New"), Holding(id="h2", post=PostId("none"), person=BEN))
    assert faults(before(), *with_post) == [], "what comes with the change is there"


def test_no_tree_bites_its_tail() -> None:
    assert faults(before(), Area(id=HALL, name="Hall", site="site", parent=BAY)) == [("hall", "parent", "cycle")]
    assert faults(before(), Person(id=ANN, name="Ann", superior=BEN)) == [("ann", "superior", "cycle")]
    assert faults(before(), Person(id=ANN, name="Ann", same_as=ANN)) == [("ann", "same_as", "cycle")]
    assert faults(before(), Team(id=CREW, name="Crew", parent=CREW)) == [("crew", "parent", "cycle")]


def test_an_old_circle_elsewhere_does_not_stand_in_the_way() -> None:
    circle = (Area(id=AreaId("a"), name="A", site="site", parent=AreaId("b")),)
    circle += (Area(id=AreaId("b"), name="B", site="site", parent=AreaId("a")),)
    assert faults(before(*circle), Area(id=AreaId("c"), name="C", site="site", parent=AreaId("a"))) == []


def test_nothing_is_held_or_numbered_twice() -> None:
    assert faults(before(), Holding(id="h2", post=OWNER, person=ANN, area=HALL)) == [("h2", "person", "held_twice")]
    assert faults(before(), Holding(id="h2", post=OWNER, person=ANN, area=BAY)) == []
    assert faults(before(), Person(id=BEN, name="Ben", number=" 1")) == [("ben", "number", "number_taken")]
    gear = Equipment(id="e1", number="E-1", name="Press", area=HALL)
    assert faults(before(gear), Equipment(id="e2", number="e -1", name="Other", area=BAY)) == [
        ("e2", "number", "number_taken")
    ]
    assert faults(before(), Person(id=BEN, name="Ben", number="1"), Person(id=ANN, name="Ann", number="2")) == []
    assert faults(before(), Post(id=HEAD, name="A"), Post(id=HEAD, name="B")) == [("head", "id", "twice")]


def test_posts_are_held_where_they_can_be() -> None:
    assert faults(before(), Holding(id="h2", post=HEAD, person=ANN, area=HALL)) == [
        ("h2", "area", "post_of_whole_plant")
    ]
    assert faults(before(), Post(id=OWNER, name="Owner")) == [("owner", "per_area", "held_per_area")]


def test_places_fit_together() -> None:
    yard = (Site(id="two", name="Two"), Area(id=AreaId("yard"), name="Yard", site="two"))
    bench = Workstation(id="w", name="Bench", area=AreaId("yard"))
    assert faults(before(*yard), Area(id=BAY, name="Bay", site="two", parent=HALL)) == [("bay", "site", "site_differs")]
    gear = Equipment(id="e1", number="E-1", name="Press", area=HALL, workstation="w")
    assert faults(before(*yard, bench), gear) == [("e1", "workstation", "workstation_elsewhere")]


def test_rosters_are_for_the_teams_own_people_once() -> None:
    stranger = Person(id=PersonId("zoe"), name="Zoe")
    mine = Roster(id="r1", team=CREW, from_on=MONDAY, cycle=("day",), people=(ANN,))
    assert faults(
        before(stranger), Roster(id="r2", team=CREW, from_on=MONDAY, cycle=("day",), people=(stranger.id,))
    ) == [("r2", "people", "not_of_team")]
    assert faults(before(mine), Roster(id="r2", team=CREW, from_on=MONDAY, cycle=("day",), people=(ANN, BEN))) == [
        ("r2", "people", "rostered_twice")
    ]
    assert faults(before(mine), Roster(id="r2", team=CREW, from_on=MONDAY, cycle=("day",), people=(BEN,))) == []
