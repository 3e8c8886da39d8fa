"""Special equipment over HTTP: a week's check sees its days, what is open and what was found; what ran out is said."""

from datetime import UTC, datetime, timedelta

from plant_web import PlantWeb

from anhuan.app.handle import NewCase
from anhuan.core.case.state import Case
from anhuan.domain.ids import CaseId

API = "/api/v1"


async def raised(plant: PlantWeb, kind: str, starts_at: datetime, **more: object) -> Case:
    form = {
        "name": kind,
        "schedule": kind,
        "area": "area-utilities",
        "equipment_list": ["eq-CQ-02"],
        "slot_starts_at": starts_at.isoformat(),
        "slot_ends_at": (starts_at + timedelta(hours=10)).isoformat(),
        **more,
    }
    plant.house.time.now = starts_at
    opened = await plant.house.house.handler.open(plant.house.tenant, None, NewCase(kind=kind, form=form))
    return opened.case


async def test_a_week_looks_back_on_its_days_and_on_what_is_open(plant: PlantWeb) -> None:
    friday = datetime(2026, 11, 27, tzinfo=UTC)
    old = await raised(plant, "daily_control", friday - timedelta(days=20))
    days = [await raised(plant, "daily_control", friday - timedelta(days=n)) for n in (4, 3, 2, 1)]
    another = await raised(plant, "equipment_round", friday - timedelta(hours=3))
    week = await raised(plant, "weekly_check", friday)
    director = await plant.of("p-003", "safety_officer")
    officer = await plant.of("p-012")
    page = (await director.get(f"{API}/cases/{week.id}")).json()
    assert page["looks_back"] is True
    found = (await director.get(f"{API}/cases/{week.id}/earlier")).json()
    # Still open is shown however old; a kind that the pack does not name is not, nor is the week itself.
    assert [one["id"] for one in found["cases"]] == [*(case.id for case in reversed(days)), old.id]
    assert another.id not in {one["id"] for one in found["cases"]}
    assert datetime.fromisoformat(found["since"]) == friday - timedelta(days=7)
    # What was found on a day stands beside it.
    begin = (await officer.get(f"{API}/cases/{days[0].id}")).json()["finds"]
    report = {"description": "2号储气罐压力表指针卡滞", "area": "area-compressors", "equipment": "eq-CQ-02"}
    body = {"kind": begin["kind"], "form": {**begin["form"], **report}, "parent": days[0].id}
    made = await officer.post(f"{API}/cases", json=body, headers={"Idempotency-Key": "one"})
    assert made.status_code == 201, made.text
    later = (await director.get(f"{API}/cases/{week.id}/earlier")).json()
    assert [one["id"] for one in later["found"]] == [made.json()["id"]]
    # The machine's gauge has run out, and its cases say so.
    brief = later["found"][0]["equipment"]
    assert [(one["name"], one["due_on"]) for one in brief["lapsed"]] == [("压力表检定", "2026-11-14")]


async def test_a_kind_that_looks_back_on_nothing_says_so_and_what_one_may_not_see_is_not_there(plant: PlantWeb) -> None:
    day = await raised(plant, "equipment_round", datetime(2026, 11, 24, 2, tzinfo=UTC))
    director = await plant.of("p-003", "safety_officer")
    assert (await director.get(f"{API}/cases/{day.id}")).json()["looks_back"] is False
    nothing = (await director.get(f"{API}/cases/{day.id}/earlier")).json()
    assert nothing == {"since": None, "cases": [], "found": []}
    missing = CaseId("01900000-0000-7000-8000-000000000000")
    assert (await director.get(f"{API}/cases/{missing}/earlier")).status_code == 404
