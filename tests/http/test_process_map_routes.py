"""A drawn process over HTTP: what it costs, and what is measured beside it."""

from plant_web import PlantWeb

PATH = "/api/v1/plant/process_map"


async def test_a_map_says_what_it_costs_and_stands_beside_what_is_measured(plant: PlantWeb) -> None:
    officer = await plant.of("p-003", "safety_officer")
    steps = [
        {"lane": "班长", "name": "填单", "kind": "hand_over", "minutes": 15, "wait_hours": 6},
        {"lane": "主任", "name": "签字", "kind": "signature", "minutes": 3, "wait_hours": 20},
    ]
    body = {"name": "现在怎么做", "cases_per_month": 40, "kind": "finding", "steps": steps}
    put = await officer.put(f"{PATH}/ours", json=body, headers={"If-Match": '"0"'})
    assert put.status_code == 200, put.text
    found = (await officer.get(f"{PATH}/ours/cost")).json()
    assert (found["work_hours"], found["waited_hours_per_case"], found["replace_first"]) == (12, 26, [2, 1])
    waits = {one["key"]: (one["name"], one["drawn"], one["measured"]) for one in found["waits"]}
    assert waits["receipt"] == ("签收", 6.25, None), "nothing was closed yet"
    assert waits["approval"][1] == 20.05
    assert (await officer.get(f"{PATH}/nobody/cost")).status_code == 404
    wrong = await officer.put(
        f"{PATH}/empty", json={"name": "x", "cases_per_month": 0, "steps": []}, headers={"If-Match": '"0"'}
    )
    assert {reason["code"] for reason in wrong.json()["reasons"]} == {"amount_out_of_range", "steps_missing"}
