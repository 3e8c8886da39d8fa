"""Who holds what: shifts, absences, deputies, areas within areas, and people with two numbers."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from anhuan.domain.ids import AreaId, PersonId, PostId, TeamId
from anhuan.domain.party import Party, PersonParty, PostParty, TeamParty, party_text
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import (
    Absence,
    Area,
    Deputy,
    Holding,
    Person,
    PlantItem,
    Post,
    Roster,
    Shift,
    Site,
    Team,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
HALL, BAY, YARD = AreaId("hall"), AreaId("bay"), AreaId("yard")
OWNER, GUARD = PostId("owner"), PostId("guard")
ANN, BEN, CAL, DAN, EVE = (PersonId(name) for name in ("ann", "ben", "cal", "dan", "eve"))
NIGHTS, DAYS = TeamId("nights"), TeamId("days")
MONDAY = date(2026, 3, 2)


def at(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI)


def holding(post: PostId, person: PersonId, area: AreaId | None = None, shift: str | None = None) -> Holding:
    return Holding(id=f"{post}-{person}-{area}-{shift}", post=post, person=person, area=area, shift=shift)


def away(person: PersonId, deputy: PersonId | None = None) -> list[PlantItem]:
    day = {"from_at": at(0), "until_at": at(0, day=MONDAY + timedelta(days=1))}
    found: list[PlantItem] = [Absence(id=f"away-{person}", person=person, **day)]
    if deputy:
        found.append(Deputy(id=f"deputy-{person}", person=person, deputy=deputy, **day))
    return found


def plant(*items: PlantItem, superior: dict[PersonId, PersonId] | None = None) -> Plant:
    """A hall with a bay in it, a yard; Ann and Ben rotate through day and night, the others work days."""
    above = superior or {}
    people = [
        Person(
            id=person, name=person.title(), team=NIGHTS if person in (ANN, BEN) else DAYS, superior=above.get(person)
        )
        for person in (ANN, BEN, CAL, DAN, EVE)
    ]
    return Plant(
        (
            Site(id="site", name="Site"),
            Area(id=HALL, name="Hall", site="site"),
            Area(id=BAY, name="Bay", site="site", parent=HALL),
            Area(id=YARD, name="Yard", site="site"),
            Team(id=NIGHTS, name="Nights", leader=ANN),
            Team(id=DAYS, name="Days", leader=DAN),
            *people,
            Post(id=OWNER, name="Owner", per_area=True),
            Post(id=GUARD, name="Guard"),
            Shift(id="day", name="Day", starts=time(8), ends=time(20)),
            Shift(id="night", name="Night", starts=time(20), ends=time(8)),
            Roster(id="r1", team=NIGHTS, from_on=MONDAY, cycle=("day", "night"), people=(ANN,)),
            Roster(id="r2", team=NIGHTS, from_on=MONDAY, cycle=("night", "day"), people=(BEN,)),
            *items,
        )
    )


def test_a_post_passes_on_at_the_change_of_shift_and_rewrites_nothing() -> None:
    found = plant(holding(GUARD, ANN), holding(GUARD, BEN))
    guard = PostParty(GUARD)
    assert found.holders(guard, at(19, 59)) == (ANN,)
    assert found.holders(guard, at(20)) == (BEN,)
    assert found.holders(guard, at(7, 59, MONDAY + timedelta(days=1))) == (BEN,), "the night shift runs past midnight"
    assert found.holders(guard, at(8, 0, MONDAY + timedelta(days=1))) == (BEN,), "and Ben's next day shift begins"


def test_a_post_held_on_one_shift_only() -> None:
    found = plant(holding(GUARD, ANN, shift="day"), holding(GUARD, CAL, shift="night"))
    assert found.holders(PostParty(GUARD), at(12)) == (ANN,)
    assert found.holders(PostParty(GUARD), at(23)) == (CAL,), "without a roster the clock says who holds it"


def test_when_nobody_of_the_shift_is_there_everybody_who_holds_the_post_answers() -> None:
    found = plant(holding(GUARD, ANN), holding(GUARD, BEN), *away(ANN))
    assert found.holders(PostParty(GUARD), at(12)) == (BEN,)


def test_an_absent_holder_is_replaced_by_the_deputy_and_by_the_deputys_deputy() -> None:
    owner = PostParty(OWNER, HALL)
    held = holding(OWNER, CAL, HALL)
    assert plant(held).holders(owner, at(12)) == (CAL,)
    assert plant(held, *away(CAL)).holders(owner, at(12)) == ()
    assert plant(held, *away(CAL, DAN)).holders(owner, at(12)) == (DAN,)
    assert plant(held, *away(CAL, DAN), *away(DAN, EVE)).holders(owner, at(12)) == (EVE,)
    assert plant(held, *away(CAL, DAN), *away(DAN, CAL)).holders(owner, at(12)) == (), (
        "two that stand in for each other"
    )
    assert plant(held, *away(CAL, DAN)).holders(owner, at(12, day=MONDAY + timedelta(days=1))) == (CAL,)


def test_a_post_that_nobody_holds_has_no_holders() -> None:
    assert plant().holders(PostParty(OWNER, HALL), at(12)) == ()
    assert plant().holders(PostParty(PostId("unknown")), at(12)) == ()
    assert plant().holders(PersonParty(PersonId("nobody")), at(12)) == ()
    assert plant().holders(TeamParty(TeamId("none")), at(12)) == ()
    assert Plant().holders(PostParty(OWNER, HALL), at(12)) == ()


def test_a_post_is_looked_for_from_the_inside_out() -> None:
    found = plant(holding(OWNER, CAL, HALL), holding(OWNER, EVE))
    assert found.holders(PostParty(OWNER, BAY), at(12)) == (CAL,)
    assert found.holders(PostParty(OWNER, YARD), at(12)) == (EVE,)
    nearer = plant(holding(OWNER, CAL, HALL), holding(OWNER, DAN, BAY))
    assert nearer.holders(PostParty(OWNER, BAY), at(12)) == (DAN,)
    assert nearer.holders(PostParty(OWNER, YARD), at(12)) == ()


def test_whoever_left_holds_nothing_from_that_day_on() -> None:
    leaver = Person(id=CAL, name="Cal", team=DAYS, left_on=MONDAY + timedelta(days=1))
    found = plant(leaver, holding(GUARD, CAL))
    assert found.holders(PostParty(GUARD), at(23, 59)) == (CAL,)
    assert found.holders(PostParty(GUARD), at(0, day=MONDAY + timedelta(days=1))) == ()
    assert found.name_of(CAL) == "Cal", "the record stays"


def test_a_team_answers_with_those_at_work_first_and_its_leader_leads() -> None:
    assert plant().holders(TeamParty(NIGHTS), at(12)) == (ANN, BEN)
    assert plant().holders(TeamParty(NIGHTS), at(22)) == (BEN, ANN)
    assert plant().members(DAYS) == (DAN, CAL, EVE)
    assert plant().leader_of(CAL) == DAN
    assert plant(superior={DAN: EVE}).leader_of(DAN) == EVE, "a leader's own is their superior"


def test_superiors_end_even_where_they_run_in_a_circle() -> None:
    assert tuple(plant(superior={CAL: DAN, DAN: EVE}).superiors(CAL)) == (DAN, EVE)
    assert tuple(plant(superior={CAL: DAN, DAN: CAL}).superiors(CAL)) == (DAN,)


def test_one_human_with_several_numbers_is_one_human() -> None:
    second = Person(id=PersonId("ann-2"), name="Ann", same_as=ANN)
    third = Person(id=PersonId("ann-3"), name="Ann", same_as=PersonId("ann-2"))
    for order in ((second, third), (third, second)):
        found = plant(*order)
        for person in (ANN, second.id, third.id):
            assert found.same_human(person) == {ANN, second.id, third.id}
        assert found.same_human(BEN) == {BEN}
    assert plant().same_human(PersonId("stranger")) == {PersonId("stranger")}


def test_the_whole_team_may_have_one_roster() -> None:
    roster = Roster(id="r3", team=DAYS, from_on=MONDAY, cycle=("day", None))
    found = plant(roster)
    assert found.on_duty(CAL, at(12)) and not found.on_duty(CAL, at(12, day=MONDAY + timedelta(days=1)))
    assert found.shift_of(CAL, at(12)) == "day"
    assert plant().shift_of(CAL, at(12)) is None and plant().on_duty(CAL, at(3)), "no roster says nothing"


def test_areas_within_an_area() -> None:
    assert set(plant().areas_within(HALL)) == {HALL, BAY}
    assert plant().areas_within(BAY) == (BAY,)
    assert set(plant().areas_within(None)) == {HALL, BAY, YARD}
    circle = Plant((Area(id=HALL, name="h", site="s", parent=BAY), Area(id=BAY, name="b", site="s", parent=HALL)))
    assert set(circle.areas_within(HALL)) == {HALL, BAY} and tuple(circle.area_chain(HALL)) == (HALL, BAY)


def test_parties_are_written_in_one_line() -> None:
    assert party_text(PostParty(OWNER, HALL)) == "post:owner@hall"
    assert party_text(PostParty(GUARD)) == "post:guard@plant"
    assert party_text(TeamParty(DAYS)) == "team:days"
    assert party_text(PersonParty(ANN)) == "person:ann"


# --- the two questions "who answers for this?" and "what do I answer for?" never disagree

people = st.sampled_from([ANN, BEN, CAL, DAN, EVE])
areas = st.sampled_from([None, HALL, BAY, YARD])
holdings = st.lists(st.builds(holding, st.sampled_from([OWNER, GUARD]), people, areas, st.sampled_from([None, "day"])))
absences = st.lists(st.tuples(people, st.none() | people), max_size=4)
ALL_PARTIES: tuple[Party, ...] = (
    *(PostParty(post, area) for post in (OWNER, GUARD) for area in (None, HALL, BAY, YARD)),
    *(TeamParty(team) for team in (NIGHTS, DAYS)),
    *(PersonParty(person) for person in (ANN, BEN, CAL, DAN, EVE)),
)


@given(holdings, absences, st.integers(0, 47), people)
def test_holders_and_parties_agree(
    held: list[Holding], absent: list[tuple[PersonId, PersonId | None]], hour: int, person: PersonId
) -> None:
    found = plant(*held, *(item for who, deputy in absent for item in away(who, deputy)))
    moment = at(0).astimezone(UTC) + timedelta(hours=hour)
    answered = {party for party in ALL_PARTIES if person in found.holders(party, moment)}
    assert found.parties_of(person, moment) == answered | {PersonParty(person)}


@given(holdings, absences, st.integers(0, 47))
def test_nobody_who_is_away_or_has_left_ever_holds_anything(
    held: list[Holding], absent: list[tuple[PersonId, PersonId | None]], hour: int
) -> None:
    found = plant(*held, *(item for who, deputy in absent for item in away(who, deputy)))
    moment = at(0).astimezone(UTC) + timedelta(hours=hour)
    for party in ALL_PARTIES:
        answering = found.holders(party, moment)
        assert len(set(answering)) == len(answering)
        assert not any(found.is_absent(person, moment) or not found.is_here(person, moment) for person in answering)


def test_an_area_is_owned_by_whoever_holds_the_post_that_says_so_whatever_it_is_called() -> None:
    posts = [
        Post(id=OWNER, name="Hall keeper", per_area=True, owns_area=True),
        Post(id=GUARD, name="Guard", per_area=True),
    ]
    known = plant(*posts, holding(OWNER, CAL, HALL), holding(GUARD, DAN, HALL))
    assert known.owners_of(HALL, at(10)) == (CAL,)
    assert known.owners_of(BAY, at(10)) == (CAL,), "what lies in the hall is the hall keeper's"
    assert known.owners_of(YARD, at(10)) == ()
