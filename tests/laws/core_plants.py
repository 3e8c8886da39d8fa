"""Plants for attacking the core: the demo plant, and small ones with awkward shapes, drawn by Hypothesis."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from hypothesis import strategies as st
from msgspec.structs import replace

from anhuan import resources
from anhuan.connectors.pack_files import shipped_packs
from anhuan.core.policy import Kind
from anhuan.domain.ids import AreaId, EquipmentId, PersonId, PostId, TeamId
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import (
    Absence,
    Area,
    Deputy,
    Equipment,
    Holding,
    Person,
    PlantItem,
    Post,
    ReadingPoint,
    Site,
    Team,
    WorkCalendar,
)
from anhuan.testing.plants import demo_items, shipped_pack

CATEGORIES = ("electrical", "mechanical", "fire", "management")
POSTS = (
    "area_owner",
    "team_leader",
    "safety_officer",
    "safety_head",
    "principal",
    "triage_officer",
    "equipment_operator",
)
PER_AREA = ("area_owner", "team_leader", "safety_officer", "equipment_operator")
TEAMS = ("electricians", "safety_department", "equipment_department")


@cache
def all_kinds() -> Mapping[str, Kind]:
    """Every kind of every shipped pack."""
    packs = [shipped_pack(folder.name) for folder in shipped_packs(resources.path("packs"))]
    return {key: kind for pack in packs for key, kind in pack.kinds.items()}


@dataclass(frozen=True)
class Setting:
    """A plant to act in, with what there is to name in forms."""

    items: tuple[PlantItem, ...]
    people: tuple[PersonId, ...]
    areas: tuple[str, ...]
    equipment: tuple[str, ...]


def demo_setting() -> Setting:
    """The demo plant; the few who matter for the press shop's electrical and mechanical findings, and some others."""
    numbers = (1, 3, 4, 5, 6, 9, 10, 11, 12, 15, 21, 22, 23, 26, 113, 114, 116, 118, 122, 127)
    people = tuple(PersonId(f"p-{number:03}") for number in numbers)
    return Setting(demo_items(), people, ("area-press", "area-switchroom"), ("eq-P-1601", "eq-QZ-01", "none"))


@st.composite
def small_settings(draw: st.DrawFn) -> Setting:
    """Two to six numbers, some of one human; posts held by chance or by nobody; superiors in any order."""
    count = draw(st.integers(2, 6))
    ids = [PersonId(f"p{number}") for number in range(1, count + 1)]
    people = []
    for number, person in enumerate(ids):
        earlier = st.sampled_from([None, *ids[:number]])
        people.append(
            Person(
                id=person,
                name=person,
                team=draw(st.sampled_from([None, *map(TeamId, TEAMS)])),
                superior=draw(earlier),
                same_as=draw(earlier) if draw(st.integers(0, 3)) == 0 else None,
                competences=tuple(draw(st.sets(st.sampled_from(CATEGORIES)))),
            )
        )
    manned = [(post, draw(st.sampled_from(ids))) for post in (POSTS if draw(st.booleans()) else ())]
    held = manned + draw(st.lists(st.tuples(st.sampled_from(POSTS), st.sampled_from(ids)), max_size=8, unique=True))
    holdings = [
        Holding(
            id=f"h{number}",
            post=PostId(post),
            person=person,
            area=AreaId("a1") if post in PER_AREA and draw(st.booleans()) else None,
        )
        for number, (post, person) in enumerate(held)
    ]
    items: list[PlantItem] = [
        Site(id="s", name="s"),
        Area(id=AreaId("a1"), name="a1", site="s"),
        Area(id=AreaId("a2"), name="a2", site="s", parent=AreaId("a1")),
        Equipment(
            id=EquipmentId("e1"),
            number="E1",
            name="e1",
            area=AreaId("a1"),
            points=(ReadingPoint(key="x", name="x", low=1, high=2),),
        ),
        *(Team(id=TeamId(team), name=team, leader=draw(st.sampled_from([None, *ids]))) for team in TEAMS),
        *(Post(id=PostId(post), name=post, per_area=post in PER_AREA) for post in POSTS),
        WorkCalendar(id="c", name="c"),
        *people,
        *holdings,
    ]
    return Setting(tuple(items), tuple(ids), ("a1", "a2"), ("e1", "none"))


def edits(setting: Setting, now: datetime) -> st.SearchStrategy[tuple[PlantItem, ...]]:
    """The plant's items after one change: somebody leaves, is away, is deputised, loses a post, gains one ..."""
    by_id = {(type(item), item.id): item for item in setting.items}
    people = [item for item in setting.items if isinstance(item, Person) and item.id in setting.people]
    holdings = [item for item in setting.items if isinstance(item, Holding) and item.person in setting.people]
    someone = st.sampled_from(people)
    spell = st.timedeltas(timedelta(hours=-2), timedelta(days=5))

    def put(*changed: PlantItem) -> tuple[PlantItem, ...]:
        return tuple({**by_id, **{(type(item), item.id): item for item in changed}}.values())

    def drop(item: PlantItem) -> tuple[PlantItem, ...]:
        return tuple(kept for key, kept in by_id.items() if key != (type(item), item.id))

    def calendar(days: set[int]) -> tuple[PlantItem, ...]:
        first = next(item for item in setting.items if isinstance(item, WorkCalendar))
        extra = tuple(date(2026, 11, 24) + timedelta(days=day) for day in days)
        return put(replace(first, holidays=tuple(sorted({*first.holidays, *extra}))))

    def away(person: Person, start: timedelta, long: timedelta) -> tuple[PlantItem, ...]:
        begins = now + start
        return put(Absence(id=f"away-{person.id}", person=person.id, from_at=begins, until_at=begins + abs(long)))

    def deputy(person: Person, other: Person) -> tuple[PlantItem, ...]:
        until = now + timedelta(days=9)
        return put(
            Deputy(
                id=f"dep-{person.id}",
                person=person.id,
                deputy=other.id,
                from_at=now - timedelta(days=1),
                until_at=until,
            )
        )

    choices = [
        st.builds(lambda p: put(replace(p, left_on=now.date())), someone),
        st.builds(lambda p: put(replace(p, left_on=None)), someone),
        st.builds(lambda p, c: put(replace(p, competences=tuple(c))), someone, st.sets(st.sampled_from(CATEGORIES))),
        st.builds(lambda p, t: put(replace(p, team=TeamId(t))), someone, st.sampled_from(TEAMS)),
        st.builds(lambda p, o: put(replace(p, same_as=o.id if o.id != p.id else None)), someone, someone),
        st.builds(away, someone, spell, spell),
        st.builds(deputy, someone, someone),
        st.builds(
            lambda p, post: put(Holding(id=f"new-{post}-{p.id}", post=PostId(post), person=p.id)),
            someone,
            st.sampled_from(POSTS),
        ),
        *[st.builds(calendar, st.sets(st.integers(0, 20), max_size=6))] * 3,
    ]
    if holdings:
        choices.append(st.builds(drop, st.sampled_from(holdings)))
    return st.one_of(choices)


def plant_of(setting: Setting, version: int) -> Plant:
    """The plant as its items stand."""
    return Plant(setting.items, version)
