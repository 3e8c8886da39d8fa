"""Closed cases for other systems: read page by page as JSON or CSV, or sent until they are taken."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from plant_web import PlantWeb

from anhuan.app.deliveries import Deliveries
from anhuan.app.handle import NewCase
from anhuan.core.case import commands as c
from anhuan.domain.ids import CaseId, PersonId
from anhuan.ports.deliveries import Delivery, Undelivered, Webhook
from anhuan.storage.deliveries import PostgresDeliveries
from anhuan.testing.plants import TestHouse

FEED = "/api/v1/feeds/safety_check"
LEADER = PersonId("p-004")
SECRET = "a secret that both sides know, and nobody else"


async def walked(house: TestHouse, name: str) -> CaseId:
    """A check that was walked, with nothing found."""
    form: dict[str, object] = {"name": name, "check_type": "daily", "area": "area-press", "leader": LEADER}
    new = NewCase(kind="safety_check", form=form)
    case = (await house.house.handler.open(house.tenant, LEADER, new)).case
    (owed,) = case.open_duties()
    said: dict[str, object] = {"nothing_found": True, "summary": f"看了光幕与配电箱（{name}）"}
    await house.house.handler.on(house.tenant, case.id, c.Discharge(by=LEADER, duty=owed.no, form=said))
    await house.run_effects()
    house.time.now += timedelta(minutes=10)
    return case.id


async def asked(plant: PlantWeb, role: str = "auditor", **query: object) -> Any:
    answer = await (await plant.of("p-150", role)).get(FEED, params=query)
    assert answer.status_code == 200, answer.text
    return answer


async def test_closed_cases_come_in_order_page_by_page_with_what_was_said_last(plant_web: PlantWeb) -> None:
    cases = [await walked(plant_web.house, name) for name in ("甲", "乙", "丙")]
    seen: list[str] = []
    after = None
    while True:
        page = (await asked(plant_web, limit=2, columns="name,summary", **({"after": after} if after else {}))).json()
        seen += [item["id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == cases
    (last,) = page["items"]
    assert last["columns"] == {"name": "丙", "summary": "看了光幕与配电箱（丙）"}
    assert (last["outcome"], last["area_name"], last["person"]) == ("checked", "冲压车间", None)
    since = page["items"][0]["closed_at"]
    assert [item["id"] for item in (await asked(plant_web, since=since)).json()["items"]] == cases[2:]


async def test_what_closed_this_moment_is_left_for_the_next_time(plant_web: PlantWeb) -> None:
    await walked(plant_web.house, "甲")
    plant_web.house.time.now -= timedelta(minutes=10)
    assert (await asked(plant_web)).json()["items"] == []


async def test_the_same_as_csv_which_no_spreadsheet_computes(plant_web: PlantWeb) -> None:
    await walked(plant_web.house, "=HYPERLINK(0)")
    await walked(plant_web.house, "乙, “二”\n第二行")
    answer = await asked(plant_web, format="csv", columns="name,nothing_found", limit=1)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    (first,) = csv.DictReader(io.StringIO(answer.text))
    assert (first["title"], first["name"], first["nothing_found"]) == ("'=HYPERLINK(0)", "'=HYPERLINK(0)", "True")
    answer = await asked(plant_web, format="csv", columns="name", after=answer.headers["X-Next"])
    (second,) = csv.DictReader(io.StringIO(answer.text))
    assert second["name"] == "乙, “二”\n第二行"
    assert "X-Next" not in answer.headers


async def test_who_may_and_what_is_none(plant_web: PlantWeb) -> None:
    worker = await plant_web.of("p-150", "worker")
    assert (await worker.get(FEED)).status_code == 403
    auditor = await plant_web.of("p-150", "auditor")
    assert (await auditor.get("/api/v1/feeds/nothing")).status_code == 404
    wrong = await auditor.get(FEED, params={"columns": "name,colour"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "feed_column_unknown")
    assert (await auditor.get(FEED, params={"after": "x"})).status_code == 400
    other = await plant_web.house.another_tenant()
    await walked(plant_web.house, "甲")
    stranger = await plant_web.of("p-150", "auditor", tenant=other)
    assert (await stranger.get(FEED)).json() == {"items": [], "next": None}


# --- sent


class Ear:
    """The other system: keeps what it hears and takes it when it is well."""

    def __init__(self) -> None:
        self.heard: list[Delivery] = []
        self.is_well = True

    async def send(self, webhook: Webhook, delivery: Delivery, at: object) -> None:
        self.heard.append(delivery)
        if not self.is_well:
            raise Undelivered("hr.example.com answered 503")


def told(house: TestHouse, ear: Ear) -> Deliveries:
    """The house's queue with another ear at its end."""
    return Deliveries(
        store=PostgresDeliveries(house.house.app_pool),
        cases=house.house.cases,
        snapshots=house.house.snapshots,
        due=house.house.due,
        webhooks=house.house.secrets,
        sender=ear,
        clock=house.time,
    )


def write_webhook(house: TestHouse, **more: object) -> None:
    hook = {"url": "https://hr.example.com/in", "secret": SECRET, "kinds": {"safety_check": ["name"]}, **more}
    house.house.secrets.webhook_file(house.tenant).write_text(json.dumps(hook))


async def test_a_closed_case_is_sent_until_it_is_taken_and_then_no_more(house: TestHouse) -> None:
    write_webhook(house)
    ear = Ear()
    queue = told(house, ear)
    case = await walked(house, "甲")
    version = (await house.house.handler.case(house.tenant, case)).version
    ear.is_well = False
    assert await queue.step() == 0
    assert await queue.step() == 0
    assert len(ear.heard) == 1, "not again before its time"
    for pause_s in (10, 20, 40):
        house.time.now += timedelta(seconds=pause_s - 1)
        assert await queue.step() == 0
        house.time.now += timedelta(seconds=1)
        before = len(ear.heard)
        await queue.step()
        assert len(ear.heard) == before + 1
    ear.is_well = True
    house.time.now += timedelta(hours=6)
    assert await queue.step() == 1
    assert await queue.step() == 0
    assert {one.id for one in ear.heard} == {f"{case}:{version}"}
    assert len({one.body for one in ear.heard}) == 1
    body = json.loads(ear.heard[0].body)
    assert (body["id"], body["event"], body["case"]["columns"]) == (f"{case}:{version}", "case_closed", {"name": "甲"})


async def test_what_a_worker_that_died_had_claimed_is_sent_by_the_next(house: TestHouse) -> None:
    write_webhook(house)
    await walked(house, "甲")
    store = PostgresDeliveries(house.house.app_pool)
    assert len(await store.due(house.tenant, house.time(), 10)) == 1
    ear = Ear()
    assert await told(house, ear).step() == 0
    house.time.now += timedelta(minutes=6)
    assert await told(house, ear).step() == 1


async def test_announced_twice_it_is_owed_once(house: TestHouse) -> None:
    write_webhook(house)
    case = await walked(house, "甲")
    version = (await house.house.handler.case(house.tenant, case)).version
    await house.house.deliveries.announce(house.tenant, case, version)
    assert await house.superuser("SELECT count(*) FROM delivery") == [(1,)]


@pytest.mark.parametrize(
    "more",
    [{"kinds": {"finding": []}}, {"secret": "short"}, {"colour": "red"}],
    ids=["another kind", "a secret that is none", "a key that means nothing"],
)
async def test_nothing_is_owed_where_nobody_listens(house: TestHouse, more: dict[str, object]) -> None:
    write_webhook(house, **more)
    await walked(house, "甲")
    assert await house.superuser("SELECT count(*) FROM delivery") == [(0,)]


async def test_a_column_that_went_with_a_new_version_is_left_out(house: TestHouse) -> None:
    write_webhook(house, kinds={"safety_check": ["colour", "name"]})
    await walked(house, "甲")
    ear = Ear()
    assert await told(house, ear).step() == 1
    assert json.loads(ear.heard[0].body)["case"]["columns"] == {"name": "甲"}
