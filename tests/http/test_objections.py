"""What is asked of a closed case is shown as granted once somebody has decided it, on the page and in its history."""

import pytest
from plant_web import PlantWeb

from anhuan.app.handle import NewCase
from anhuan.core.case import commands as c
from anhuan.core.case.state import Case
from anhuan.domain.ids import PersonId

WORKER, HEAD, LEADER = PersonId("p-023"), PersonId("p-003"), PersonId("p-004")
PROPOSAL: dict[str, object] = {
    "name": "整改逾期：YH-1",
    "person": WORKER,
    "ground": "late",
    "points": -1,
    "area": "area-press",
}


async def decided(plant: PlantWeb) -> Case:
    """A proposal that stands: approved, and noted by whom it concerns."""
    handler, tenant = plant.house.house.handler, plant.house.tenant
    case = (await handler.open(tenant, None, NewCase(kind="assessment", form=PROPOSAL, source="child"))).case
    for by, key in ((HEAD, "decide"), (WORKER, "told")):
        (owed,) = case.open_duties()
        assert owed.key == key
        outcome = "approve" if key == "decide" else "done"
        case = (await handler.on(tenant, case.id, c.Discharge(by=by, duty=owed.no, outcome=outcome))).case
    assert case.outcome == "approved"
    return case


@pytest.mark.parametrize(("outcome", "granted", "closed"), [("refuse", False, "approved"), ("approve", True, "lifted")])
async def test_an_appeal_is_granted_by_whoever_hears_it_and_not_by_being_made(
    plant_web: PlantWeb, outcome: str, granted: bool, closed: str
) -> None:
    case = await decided(plant_web)
    mine = await plant_web.of(WORKER)
    body = {"move": "appeal", "form": {"reason": "备件由采购部订，到货当天已完成整改"}}
    url = f"/api/v1/cases/{case.id}"
    page = (await mine.get(url)).json()
    assert [(move["key"], move["ok"]) for move in page["may"]["moves"]] == [("appeal", True)]
    assert (await mine.post(f"{url}/moves", json=body)).status_code == 200
    assert [asked["granted"] for asked in (await mine.get(url)).json()["moves"]] == [None]
    texts = [item["text"] for item in (await mine.get(f"{url}/timeline")).json()["items"]]
    assert "“申诉”已受理，由他人裁决" in texts
    duty = (await plant_web.house.house.handler.case(plant_web.house.tenant, case.id)).open_duties()[0]
    said = {"outcome": outcome, "form": {"reason": "现场核实过到货与完成的时间"}}
    principal = await plant_web.of("p-001", "manager")
    assert (await principal.post(f"{url}/duties/{duty.no}/discharge", json=said)).status_code == 200
    page = (await mine.get(url)).json()
    assert ([asked["granted"] for asked in page["moves"]], page["outcome"]) == ([granted], closed)
    again = await mine.post(f"{url}/moves", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "asked_often_enough")
