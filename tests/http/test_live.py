"""The live stream and the ledger's pages, over a real socket: what is told to whom, and taking a stream up again."""

import asyncio
import socket
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import orjson
import psycopg
import pytest
import uvicorn

from anhuan.app.accounts import NewAccount
from anhuan.app.handle import NewCase
from anhuan.app.live import QUEUE, Watcher
from anhuan.bootstrap import web_app
from anhuan.core.case import commands as c
from anhuan.domain.ids import PersonId
from anhuan.ledger.checkpoint import open_checkpoint
from anhuan.ledger.leaf import read_entry
from anhuan.ledger.merkle import leaf_hash
from anhuan.ledger.note import VerifierKey
from anhuan.ledger.proofs import verify_inclusion
from anhuan.testing.plants import GOOD_REPORT, TestHouse

KIND = "finding"
PASSWORD = "red kettle on a crane"
WITHIN_S = 20.0
Told = tuple[str, dict[str, object], int | None]


@dataclass
class Served:
    """A web process on a port of its own."""

    house: TestHouse
    address: str

    async def signed_in(self, login: str, role: str, person: str | None = None) -> httpx.AsyncClient:
        new = NewAccount(login=login, roles=(role,), password=PASSWORD, person=PersonId(person) if person else None)
        await self.house.house.accounts.create(self.house.tenant, new)
        browser = httpx.AsyncClient(base_url=f"{self.address}/api/v1", timeout=WITHIN_S)
        answer = await browser.post("/sessions", json={"login": login, "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        browser.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        return browser

    async def report(self) -> str:
        """A report, entered into the ledger and so called out."""
        opened = await self.house.house.handler.open(
            self.house.tenant, self.house.reporter, NewCase(kind=KIND, form=GOOD_REPORT)
        )
        await self.enter()
        return opened.case.id

    async def enter(self) -> None:
        await self.house.house.sequencer.take_up(self.house.tenant)


@pytest.fixture
async def served(house: TestHouse) -> AsyncIterator[Served]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(web_app(house.house), log_level="warning", lifespan="off")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        async with asyncio.timeout(WITHIN_S):
            while not server.started:
                await asyncio.sleep(0.01)
        await house.house.sequencer.take_up(house.tenant)
        yield Served(house, f"http://127.0.0.1:{listener.getsockname()[1]}")
        house.house.live.stop()
        server.should_exit = True
        await serving


class Stream:
    """A stream being read."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines

    async def next(self) -> Told:
        """The next event: name, content, id."""
        about: dict[str, str] = {}
        async with asyncio.timeout(WITHIN_S):
            async for line in self._lines:
                if line:
                    name, _, value = line.partition(": ")
                    about[name] = value
                elif "event" in about:
                    place = int(about["id"]) if "id" in about else None
                    return about["event"], orjson.loads(about["data"]), place
                else:
                    about = {}
        raise EOFError

    async def until(self, name: str) -> list[Told]:
        """Events up to the next of a name, that one included."""
        told = [await self.next()]
        while told[-1][0] != name:
            told.append(await self.next())
        return told


@asynccontextmanager
async def watching(browser: httpx.AsyncClient, last: int | None = None) -> AsyncIterator[Stream]:
    headers = {} if last is None else {"Last-Event-ID": str(last)}
    async with browser.stream("GET", "/live", headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Stream(answer.aiter_lines())


async def test_a_report_is_told_to_whoever_sees_it_with_ids_and_versions_alone(served: Served) -> None:
    officer = await served.signed_in("officer", "safety_officer")
    async with watching(officer) as stream:
        (ping,) = await stream.until("ping")
        assert ping[2] is not None
        case = await served.report()
        told = await stream.until("tasks")
    version = (await served.house.house.handler.case(served.house.tenant, case)).version
    assert told[0][:2] == ("case", {"id": case, "version": version, "kind": KIND})
    assert told[0][2] > ping[2]
    assert told[1:] == [("tasks", {}, None)]


async def test_who_has_no_part_in_a_case_is_told_nothing_of_it(served: Served) -> None:
    stranger = await served.signed_in("stranger", "worker")
    reporter = await served.signed_in("reporter", "worker", served.house.reporter)
    async with watching(stranger) as strange, watching(reporter) as own:
        await strange.until("ping")
        await own.until("ping")
        case = await served.report()
        assert (await own.next())[1]["id"] == case
        area = served.house.house
        plant = (await area.snapshots.get(served.house.tenant)).plant
        somebody = next(item for item in plant.every(type(plant.person(served.house.reporter))).values())
        await area.editor.edit(served.house.tenant, None, put=[somebody])
        await served.enter()
        told = await strange.until("plant")
    assert [name for name, _, _ in told] == ["plant"]


async def test_a_stream_is_taken_up_where_it_broke_off(served: Served) -> None:
    officer = await served.signed_in("officer", "safety_officer")
    async with watching(officer) as stream:
        (ping,) = await stream.until("ping")
    cases = [await served.report() for _ in range(3)]
    async with watching(officer, ping[2]) as stream:
        told = await stream.until("ping")
        assert [about["id"] for name, about, _ in told if name == "case"] == cases
        first = next(place for name, _, place in told if name == "case")
    async with watching(officer, first) as stream:
        told = await stream.until("ping")
        assert [about["id"] for name, about, _ in told if name == "case"] == cases[1:]


async def test_who_was_away_for_too_long_or_knows_another_log_is_told_to_read_anew(served: Served) -> None:
    officer = await served.signed_in("officer", "safety_officer")
    async with watching(officer, 10**9) as stream:
        assert [name for name, _, _ in await stream.until("ping")] == ["missed", "ping"]
    answer = await officer.get("/live", headers={"Last-Event-ID": "x"})
    assert (answer.status_code, answer.json()["code"]) == (400, "last_event_unreadable")


async def test_another_tenants_news_stay_theirs(served: Served) -> None:
    officer = await served.signed_in("officer", "safety_officer")
    other = await served.house.another_tenant()
    await served.house.house.sequencer.take_up(other)
    async with watching(officer) as stream:
        await stream.until("ping")
        await served.house.house.handler.open(other, served.house.reporter, NewCase(kind=KIND, form=GOOD_REPORT))
        assert await served.house.house.sequencer.take_up(other) > 0
        own = await served.report()
        assert (await stream.next())[1]["id"] == own


async def test_a_notice_is_told_to_its_person_only(served: Served) -> None:
    await served.report()
    officer = await served.signed_in("officer", "safety_officer")
    told = await served.house.superuser("SELECT count(*) FROM notice")
    assert told == [(0,)]
    plant = (await served.house.house.snapshots.get(served.house.tenant)).plant
    await served.house.run_effects()
    ((person,), *_) = await served.house.superuser("SELECT person FROM notice ORDER BY person")
    assert plant.person(person)
    owner = await served.signed_in("owner", "worker", person)
    async with watching(owner) as stream, watching(officer) as other:
        await stream.until("ping")
        await other.until("ping")
        case = await served.report()
        await served.house.run_effects()
        assert (await stream.until("notice"))[-1] == ("notice", {}, None)
        await other.until("tasks")
        await served.house.house.handler.on(
            served.house.tenant, case, c.AddNote(by=served.house.reporter, text="still open")
        )
        await served.enter()
        assert [name for name, _, _ in await other.until("tasks")] == ["case", "tasks"]


async def test_a_broken_connection_to_the_database_lets_everybody_take_it_up_again(served: Served) -> None:
    officer = await served.signed_in("officer", "safety_officer")
    async with watching(officer) as stream:
        (ping,) = await stream.until("ping")
        async with await psycopg.AsyncConnection.connect(served.house.database.superuser, autocommit=True) as root:
            cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'anhuan live'"
            assert (await root.execute(cut)).rowcount == 1
        with pytest.raises(EOFError):
            while True:
                await stream.next()
    case = await served.report()
    async with watching(officer, ping[2]) as stream:
        assert (await stream.next())[1]["id"] == case


async def test_a_watcher_that_does_not_read_is_let_go() -> None:
    from anhuan.app.live import News
    from anhuan.domain.ids import TenantId

    watcher = Watcher(TenantId("t"))
    for _ in range(QUEUE + 1):
        watcher.put(News())
    assert watcher.is_over
    for _ in range(QUEUE):
        assert await watcher.next(WITHIN_S) is not None
    assert await watcher.next(WITHIN_S) is None


async def test_an_outsider_can_prove_that_an_event_stands_in_the_ledger(served: Served) -> None:
    auditor = await served.signed_in("auditor", "auditor")
    case = await served.report()
    proof = (await auditor.get("/ledger/proof", params={"case": case, "version": 1})).json()
    key_text = (await auditor.get("/ledger/verifier-key")).text
    key = VerifierKey.parse(key_text.strip())
    checkpoint = open_checkpoint((await auditor.get("/ledger/checkpoint")).content, key)
    assert (proof["size"], proof["checkpoint"]) == (checkpoint.size, (await auditor.get("/ledger/checkpoint")).text)
    entry = b64decode(proof["entry"])
    steps = [b64decode(step) for step in proof["proof"]]
    verify_inclusion(leaf_hash(entry), proof["index"], checkpoint.size, checkpoint.root, steps)
    assert (read_entry(entry).stream, read_entry(entry).version, read_entry(entry).type) == (case, 1, "CaseOpened")
    assert (await auditor.get("/ledger/proof", params={"case": case, "version": 999})).status_code == 404


async def test_a_worker_does_not_see_the_ledger(served: Served) -> None:
    worker = await served.signed_in("worker", "worker")
    assert (await worker.get("/ledger/checkpoint")).status_code == 403
