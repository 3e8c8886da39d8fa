"""Tasks and notices over HTTP: mine, my team's, all; several receipts in one tap; saved views."""

from datetime import timedelta
from typing import Any

import httpx
from plant_web import PlantWeb

API = "/api/v1"


async def test_what_is_owed_stands_with_whoever_owes_it(plant: PlantWeb) -> None:
    case = await plant.report()
    browser = await plant.of("p-113")
    mine = (await browser.get(f"{API}/tasks")).json()["items"]
    assert {task["case"]["id"] for task in mine} == {case["id"]}
    task = next(task for task in mine if task["duty"]["key"] == "rectify")
    assert task["duty"]["may"]["do"]["ok"] and task["case"]["number"] == case["number"]
    counts = (await browser.get(f"{API}/tasks/counts")).json()
    assert (counts["mine"], counts["overdue"], counts["team"]) == (len(mine), 0, len(mine))
    stranger = await plant.of("p-140")
    assert (await stranger.get(f"{API}/tasks", params={"scope": "all"})).json()["items"] == []


async def rectification(browser: httpx.AsyncClient, scope: str = "mine") -> dict[str, Any] | None:
    """The task to rectify among those of a scope."""
    items = (await browser.get(f"{API}/tasks", params={"scope": scope})).json()["items"]
    return next((task for task in items if task["duty"]["key"] == "rectify"), None)


async def test_taken_on_by_one_it_is_the_teams_and_no_longer_everybodys(plant: PlantWeb) -> None:
    case = await plant.report()
    one, other = await plant.of("p-113"), await plant.of("p-114")
    task = next(t for t in (await one.get(f"{API}/tasks")).json()["items"] if t["duty"]["key"] == "rectify")
    assert task["duty"]["may"]["claim"]["ok"]
    claimed = await one.post(f"{API}/cases/{case['id']}/duties/{task['duty']['no']}/claim")
    assert claimed.status_code == 200
    assert [t["duty"]["key"] for t in (await other.get(f"{API}/tasks")).json()["items"]] == ["receipt"]
    team = (await other.get(f"{API}/tasks", params={"scope": "team"})).json()["items"]
    assert [t["duty"]["claimed_by"]["id"] for t in team if t["duty"]["claimed_by"]] == ["p-113"]
    mine = [t for t in (await one.get(f"{API}/tasks")).json()["items"] if t["duty"]["key"] == "rectify"]
    assert mine[0]["duty"]["may"]["claim"] == {"ok": False, "why": "您已认领这项任务。"}


async def test_several_receipts_are_one_tap(plant: PlantWeb) -> None:
    for _ in range(3):
        await plant.report()
    browser = await plant.of("p-004")
    tasks = [t for t in (await browser.get(f"{API}/tasks")).json()["items"] if t["duty"]["deed"] == "acknowledge"]
    assert len(tasks) == 3
    items = [{"case": task["case"]["id"], "duty": task["duty"]["no"]} for task in tasks]
    answer = (await browser.post(f"{API}/tasks/acknowledge", json={"items": [*items, items[0]]})).json()["items"]
    assert [item["ok"] for item in answer] == [True, True, True, False]
    assert answer[3]["reasons"][0]["code"] == "duty_not_open" and answer[3]["reasons"][0]["text"]


async def test_tasks_come_by_due_time_and_page_by_page(plant: PlantWeb) -> None:
    for _ in range(4):
        await plant.report()
        plant.house.time.now += timedelta(minutes=1)
    browser = await plant.of("p-003", "safety_officer")
    everything = (await browser.get(f"{API}/tasks", params={"scope": "all"})).json()["items"]
    due = [task["duty"]["due_at"] for task in everything]
    assert len(due) == 24 and due == sorted(due)
    seen, after = [], None
    while True:
        query = {"scope": "all", "limit": 3} | ({"after": after} if after else {})
        page = (await browser.get(f"{API}/tasks", params=query)).json()
        seen += [(task["case"]["id"], task["duty"]["no"]) for task in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == [(task["case"]["id"], task["duty"]["no"]) for task in everything]


async def test_people_are_told_in_words_and_say_that_they_have_seen_it(plant: PlantWeb) -> None:
    case = await plant.report()
    await plant.house.run_effects()
    browser = await plant.of("p-113")
    notices = (await browser.get(f"{API}/notices")).json()["items"]
    assert notices[0]["text"] == f"{case['number']}：有新任务“整改并举证”" and notices[0]["seen_at"] is None
    assert (await browser.get(f"{API}/tasks/counts")).json()["unseen"] == len(notices)
    plant.house.time.now += timedelta(days=2)
    await plant.house.run_timers()
    await plant.house.run_effects()
    texts = [notice["text"] for notice in (await browser.get(f"{API}/notices")).json()["items"]]
    assert any("尚未完成" in text for text in texts) and all("{" not in text and "…" not in text for text in texts)
    ids = [notice["id"] for notice in notices]
    assert (await browser.post(f"{API}/notices/seen", json={"ids": ids})).status_code == 204
    unseen = (await browser.get(f"{API}/notices", params={"unseen": True})).json()["items"]
    assert unseen and not {notice["id"] for notice in unseen} & set(ids)
    other = (await (await plant.of("p-140")).get(f"{API}/notices")).json()
    assert other == {"items": [], "next": None}


async def test_overdue_tasks_are_counted(plant: PlantWeb) -> None:
    await plant.report()
    plant.house.time.now += timedelta(days=2)
    counts = (await (await plant.of("p-113")).get(f"{API}/tasks/counts")).json()
    assert counts["overdue"] == counts["mine"] == 2
    task = (await (await plant.of("p-113")).get(f"{API}/tasks")).json()["items"][0]
    assert task["duty"]["overdue"] is True


async def test_views_are_the_accounts_own(plant: PlantWeb) -> None:
    one, other = await plant.of("p-113"), await plant.of("p-114")
    view = {"name": "超期的", "query": "overdue=true&sort=-due_at"}
    assert (await one.put(f"{API}/views/v1", json=view)).json() == {"id": "v1", **view}
    assert (await one.put(f"{API}/views/v1", json={**view, "name": "我的"})).status_code == 200
    assert (await one.get(f"{API}/views")).json() == {"items": [{"id": "v1", **view, "name": "我的"}]}
    assert (await other.get(f"{API}/views")).json() == {"items": []}
    assert (await other.put(f"{API}/views/v1", json=view)).status_code == 200
    assert (await other.delete(f"{API}/views/v1")).status_code == 204
    assert (await other.delete(f"{API}/views/v1")).status_code == 404
    assert len((await one.get(f"{API}/views")).json()["items"]) == 1
