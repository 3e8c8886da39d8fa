"""The shift that a team works, the one before it, and who is here: by rosters, by days, over midnight and holidays."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anhuan.core.watch import crew_of, watch_of
from anhuan.domain.ids import PersonId, TeamId
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import Absence, WorkCalendar
from anhuan.testing.plants import demo_items, demo_plant

ZONE = ZoneInfo("Asia/Shanghai")
STAMPING, OFFICE = TeamId("stamping"), TeamId("safety_department")


def at(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("clock", "shift", "begins", "since"),
    [
        ("08:00", "day", "24T08:00", "24T00:00"),
        ("15:59", "day", "24T08:00", "24T00:00"),
        ("16:00", "evening", "24T16:00", "24T08:00"),
        ("00:00", "night", "24T00:00", "23T16:00"),
    ],
)
def test_a_rostered_team_goes_by_its_shifts(clock: str, shift: str, begins: str, since: str) -> None:
    watch = watch_of(demo_plant(), STAMPING, at("2026-11-24", clock))
    assert watch.shift == shift
    assert watch.begins_at.astimezone(ZONE).strftime("%dT%H:%M") == begins
    assert watch.since_at.astimezone(ZONE).strftime("%dT%H:%M") == since
    assert watch.ends_at - watch.begins_at == timedelta(hours=8)


def test_a_day_team_looks_back_to_its_last_working_day() -> None:
    watch = watch_of(demo_plant(), OFFICE, at("2026-11-23", "09:00"))
    assert (watch.shift, watch.begins_at, watch.ends_at) == (None, at("2026-11-23", "00:00"), at("2026-11-24", "00:00"))
    assert watch.since_at == at("2026-11-20", "00:00"), "Monday: what came since Friday is new"
    feast = WorkCalendar(id="cn", name="x", holidays=tuple(date(2026, 11, day) for day in range(9, 21)))
    plant = Plant([*(item for item in demo_items() if not isinstance(item, WorkCalendar)), feast])
    assert watch_of(plant, OFFICE, at("2026-11-21", "09:00")).since_at == at("2026-11-20", "00:00")


@given(minutes=st.integers(0, 8 * 24 * 60))
def test_a_moment_lies_in_its_watch_and_the_one_before_ends_by_then(minutes: int) -> None:
    now = at("2026-11-20", "00:00") + timedelta(minutes=minutes)
    for team in (STAMPING, OFFICE):
        watch = watch_of(demo_plant(), team, now)
        assert watch.since_at < watch.begins_at <= now < watch.ends_at
    crew = crew_of(demo_plant(), STAMPING, now)
    everybody = demo_plant().members(STAMPING)
    assert sorted((*crew.working, *crew.away, *crew.off)) == sorted(everybody)
    assert crew.working[0] == "p-021", "the leader, who is in no crew, is there by day and named first"


def test_whoever_is_on_leave_is_away_and_whoever_left_is_nowhere() -> None:
    now = at("2026-11-24", "10:00")
    person = crew_of(demo_plant(), STAMPING, now).working[1]
    leave = Absence(
        id="leave", person=PersonId(person), from_at=now - timedelta(hours=1), until_at=now + timedelta(hours=1)
    )
    crew = crew_of(Plant([*demo_items(), leave]), STAMPING, now)
    assert person in crew.away and person not in (*crew.working, *crew.off)
