"""The shift briefing over HTTP: what a team owes, what came and went, what waits contained, and to whom it shows."""

from datetime import timedelta
from typing import Any

from plant_web import PlantWeb

PATH = "/api/v1/briefing"
FIRE = {"category": "fire", "area": "area-welding", "equipment": "none", "description": "灭火器压力不足，指针在红区"}


async def briefing(plant: PlantWeb, by: str = "p-003", role: str = "safety_officer", **query: str) -> dict[str, Any]:
    answer = await (await plant.of(by, role)).get(PATH, params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def numbers(cases: list[dict[str, Any]]) -> set[str]:
    return {one["number"] for one in cases}


async def test_a_team_sees_what_it_owes_what_came_and_what_to_mind(plant: PlantWeb) -> None:
    red = await plant.report()
    other = await plant.report(**FIRE)
    found = await briefing(plant, team="stamping")
    assert (found["team"]["name"], found["watch"]["name"]) == ("冲压班", "早班")
    assert found["crew"]["leader"]["id"] == "p-021"
    assert {"p-021"} < {one["id"] for one in found["crew"]["working"]}
    assert [area["id"] for area in found["areas"]] == ["area-press"]
    owed = {task["case"]["number"]: task for task in found["tasks"]}
    assert red["number"] in owed and owed[red["number"]]["urgency"] == "this_shift"
    assert red["number"] in numbers(found["arrived"])
    assert numbers(found["risks"]) == {red["number"]}, "a high risk in the press shop; the welding shop's is not theirs"
    assert other["number"] in numbers((await briefing(plant, team="welding"))["arrived"])

    plant.house.time.now += timedelta(days=2)
    await plant.house.run_timers()
    again = await plant.report()
    later = await briefing(plant, team="stamping")
    assert {task["urgency"] for task in later["tasks"] if task["case"]["number"] == red["number"]} == {"overdue"}
    assert red["number"] not in numbers(later["arrived"])
    assert again["number"] in numbers(later["arrived"])
    assert [(one["place"]["equipment"]["id"], one["place"]["registered"]) for one in later["recurring"]] == [
        ("eq-P-1601", 2)
    ]


async def test_a_deferral_says_what_must_hold_and_what_was_closed_says_how(plant: PlantWeb) -> None:
    case = await plant.report(**FIRE)
    desk = await plant.of("p-003", "safety_officer")
    page = (await desk.get(f"/api/v1/cases/{case['id']}")).json()
    work = next(duty for duty in page["duties"] if duty["key"] == "rectify" and duty["status"] == "open")
    holder = await plant.of(work["holders"][0]["id"])
    photo = await plant.photo(holder, "containment")
    form = {
        "deferral_reason": "waiting_parts",
        "reason": "备件在途，月底到货。",
        "containment": "加装临时防护罩并挂牌。",
        "until": (plant.house.time.now + timedelta(days=20)).isoformat(),
    }
    asked = await holder.post(
        f"/api/v1/cases/{case['id']}/moves",
        json={
            "move": "defer",
            "duty": work["no"],
            "form": form,
            "files": [{"slot": "photo_containment", "sha256": photo, "captured_where": {"fix": {"type": "no_fix"}}}],
        },
    )
    assert asked.status_code < 300, asked.text
    head = await plant.of("p-003", "safety_officer")
    pending = (await head.get(f"/api/v1/cases/{case['id']}")).json()
    decision = next(duty for duty in pending["duties"] if duty["move"] and duty["status"] == "open")
    done = await head.post(
        f"/api/v1/cases/{case['id']}/duties/{decision['no']}/discharge", json={"outcome": "approve", "form": {}}
    )
    assert done.status_code == 200, done.text
    found = await briefing(plant, team="welding")
    (deferred,) = [one for one in found["deferred"] if one["case"]["number"] == case["number"]]
    assert {"label": "临时管控措施", "text": "加装临时防护罩并挂牌。"} in deferred["said"]


async def test_nobody_is_told_more_than_the_register_tells_them(plant: PlantWeb) -> None:
    case = await plant.report()
    stranger = await briefing(plant, by="p-060", role="worker", team="stamping")
    assert case["number"] not in numbers([task["case"] for task in stranger["tasks"]])
    assert case["number"] not in numbers([*stranger["arrived"], *stranger["risks"]])
    mate = await briefing(plant, by="p-024", role="worker")
    assert mate["team"]["id"] == "stamping"
    assert case["number"] in numbers(mate["arrived"])
    worker = await plant.of("p-024", "worker")
    assert (await worker.get(PATH, params={"team": "nobody"})).status_code == 404
    machine = await plant.of(None, "auditor")
    assert (await machine.get(PATH)).status_code == 404, "in no team"
