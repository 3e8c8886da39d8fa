"""The sequencer on a real database: every event entered once and in order, and nothing lost whatever is cut short."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import orjson
import psycopg
import pytest

from anhuan.app.fsck.check import Fsck
from anhuan.app.fsck.report import FsckReport
from anhuan.app.handle import NewCase
from anhuan.app.sequencer import BATCH, BOUND, NEWS_BYTES_MAX, Sequencer, news_of
from anhuan.bootstrap import worker_loops
from anhuan.core.case import commands as c
from anhuan.domain.ids import TenantId
from anhuan.ledger.checkpoint import open_checkpoint
from anhuan.ports.ledger import Growth, PendingEvent
from anhuan.storage.fsck import PostgresFsck
from anhuan.storage.ledger import PostgresLedger, PostgresTurn
from anhuan.testing.plants import A_TUESDAY_MORNING, GOOD_REPORT, TestHouse

KIND = "finding"


async def report(house: TestHouse, tenant: TenantId | None = None) -> str:
    new = NewCase(kind=KIND, form=GOOD_REPORT)
    return (await house.house.handler.open(tenant or house.tenant, house.reporter, new)).case.id


async def waiting(house: TestHouse) -> int:
    return (await house.superuser("SELECT count(*) FROM ledger_pending"))[0][0]


async def checked(house: TestHouse, tenant: TenantId | None = None) -> FsckReport:
    one = tenant or house.tenant
    fsck = Fsck(PostgresFsck(house.house.app_pool), house.house.snapshots)
    return await fsck.check(one, house.house.secrets.signer(one).verifier_key, lambda *_: None)


async def assert_all_entered_once(house: TestHouse, *tenants: TenantId) -> None:
    for tenant in tenants or (house.tenant,):
        found = await checked(house, tenant)
        assert found.differences == ()
        assert found.entries == found.events > 0
        assert found.pending == 0


async def test_every_event_is_entered_and_a_checkpoint_signed(house: TestHouse) -> None:
    for _ in range(3):
        await report(house)
    assert await house.house.sequencer.step() == 0
    await assert_all_entered_once(house)
    head = await house.house.ledger.head(house.tenant)
    key = house.house.secrets.signer(house.tenant).verifier_key
    assert head.checkpoint is not None
    checkpoint = open_checkpoint(head.checkpoint, key)
    assert (checkpoint.size, checkpoint.root) == (head.edge.size, head.edge.root)
    assert await house.house.sequencer.take_up(house.tenant) == 0


async def test_writers_and_two_sequencers_at_once_lose_and_double_nothing(house: TestHouse) -> None:
    other = Sequencer(
        PostgresLedger(house.house.worker_pool, house.house.app_pool), house.house.secrets, house.house.clock
    )
    done = asyncio.Event()

    async def draining(sequencer: Sequencer) -> None:
        while not done.is_set():
            await sequencer.step()

    async def one_case(number: int) -> None:
        case = await report(house)
        for n in range(3):
            note = c.AddNote(by=house.reporter, text=f"note {number} {n}")
            await house.house.handler.on(house.tenant, case, note)

    draining_both = [asyncio.create_task(draining(s)) for s in (house.house.sequencer, other)]
    await asyncio.gather(*(one_case(number) for number in range(24)))
    done.set()
    await asyncio.gather(*draining_both)
    await house.house.sequencer.step()
    await assert_all_entered_once(house)


async def test_each_stream_stands_in_the_order_of_its_versions(house: TestHouse) -> None:
    for _ in range(4):
        case = await report(house)
        await house.house.handler.on(house.tenant, case, c.AddNote(by=house.reporter, text="a word"))
        await house.house.sequencer.step()
    streams: dict[str, list[int]] = {}
    for stream, version in await house.superuser("SELECT stream, version FROM ledger_entry ORDER BY index"):
        streams.setdefault(stream, []).append(version)
    assert len(streams) >= 6
    assert all(versions == list(range(1, len(versions) + 1)) for versions in streams.values())


async def test_more_than_a_batch_is_taken_up_in_several(house: TestHouse) -> None:
    await house.superuser_does(
        "INSERT INTO event SELECT %s, 'tenant', n, 'Made', now(), NULL, '{}', sha256('x') "
        "FROM generate_series(100, 2199) n",
        house.tenant,
    )
    await house.superuser_does(
        "INSERT INTO ledger_pending (tenant_id, stream, version) "
        "SELECT %s, 'tenant', n FROM generate_series(100, 2199) n",
        house.tenant,
    )
    assert await house.house.sequencer.step() == 1
    assert await house.house.sequencer.step() == 1
    assert (await house.house.ledger.head(house.tenant)).edge.size == 2 * BATCH
    assert await house.house.sequencer.step() == 0
    assert await waiting(house) == 0


class Cut(PostgresTurn):
    """A turn whose database connection is killed at a chosen moment."""

    moment = "before"
    kill: Callable[[int], object]

    async def store(self, growth: Growth) -> None:
        pid = self._connection.info.backend_pid
        if self.moment == "before":
            type(self).kill(pid)
        await super().store(growth)
        if self.moment == "after":
            type(self).kill(pid)


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_killed_before_or_after_it_stored_nothing_is_lost_or_doubled(
    house: TestHouse, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await report(house)
    wanted = await waiting(house)

    def kill(pid: int) -> None:
        with psycopg.connect(house.database.superuser, autocommit=True) as root:
            assert root.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,)).fetchone() == (True,)

    with monkeypatch.context() as patched:
        patched.setattr(Cut, "moment", moment)
        patched.setattr(Cut, "kill", staticmethod(kill), raising=False)
        patched.setattr("anhuan.storage.ledger.PostgresTurn", Cut)
        with pytest.raises(Exception, match=r"terminat|closed|lost"):
            await house.house.sequencer.take_up(house.tenant)
    assert await waiting(house) == wanted
    assert await house.superuser("SELECT count(*) FROM ledger_entry") == [(0,)]
    await house.house.sequencer.step()
    await assert_all_entered_once(house)


async def test_killed_after_the_commit_it_is_not_entered_again(
    house: TestHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    await report(house)
    turn = house.house.ledger.turn

    @asynccontextmanager
    async def dying(tenant: TenantId, limit: int) -> AsyncIterator[PostgresTurn | None]:
        async with turn(tenant, limit) as own:
            yield own
        raise ConnectionError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(house.house.ledger, "turn", dying)
        with pytest.raises(ConnectionError):
            await house.house.sequencer.take_up(house.tenant)
    assert await house.house.sequencer.take_up(house.tenant) == 0
    await assert_all_entered_once(house)


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_tile", "ledger_head", "ledger_pending"])
async def test_a_failure_at_any_table_leaves_all_as_it_was(house: TestHouse, table: str) -> None:
    await report(house)
    await house.house.sequencer.step()
    before = await house.house.ledger.head(house.tenant)
    await report(house)
    wanted = await waiting(house)
    await house.superuser_does(
        "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'disk full'; END $$"
    )
    await house.superuser_does(f"CREATE TRIGGER t BEFORE INSERT OR UPDATE OR DELETE ON {table} EXECUTE FUNCTION fail()")
    with pytest.raises(psycopg.Error, match="disk full"):
        await house.house.sequencer.take_up(house.tenant)
    assert await house.house.ledger.head(house.tenant) == before
    await house.superuser_does(f"DROP TRIGGER t ON {table}")
    assert await waiting(house) == wanted
    await house.house.sequencer.step()
    await assert_all_entered_once(house)


async def test_sixteen_tenants_have_a_log_each(house: TestHouse) -> None:
    tenants = [house.tenant]
    for number in range(15):
        created = await house.house.accounts.create_tenant(
            slug=f"plant-{number}", name="x", language="zh", time_zone="Asia/Shanghai"
        )
        house.house.secrets.add_signer(created.id)
        key = house.house.secrets.add_draw_key(created.id, house.house.clock())
        await house.house.plants.commit_draw_key(created.id, key, house.house.clock())
        tenants.append(created.id)
    await asyncio.gather(*(report(house) for _ in range(4)))
    assert set(await house.house.ledger.waiting()) == set(tenants)
    await house.house.sequencer.step()
    assert await house.house.ledger.waiting() == []
    await assert_all_entered_once(house, *tenants)
    origins = {(await house.house.ledger.head(tenant)).checkpoint.split(b"\n")[0] for tenant in tenants}  # type: ignore[union-attr]
    assert len(origins) == 16


async def test_one_tenants_damage_keeps_no_other_waiting(house: TestHouse) -> None:
    other = await house.another_tenant()
    await house.house.sequencer.step()
    await house.superuser_does("UPDATE ledger_tile SET hashes = 'x' WHERE tenant_id = %s", house.tenant)
    await report(house)
    await report(house, other)
    await house.house.sequencer.step()
    assert await house.house.ledger.waiting() == [house.tenant]
    await assert_all_entered_once(house, other)
    attempts = house.house.sequencer._resting[house.tenant][0]
    await house.house.sequencer.step()
    assert house.house.sequencer._resting[house.tenant][0] == attempts
    house.time.now += timedelta(seconds=3)
    await house.house.sequencer.step()
    assert house.house.sequencer._resting[house.tenant][0] == attempts + 1


async def test_how_long_an_event_waited_is_measured_and_the_loop_keeps_the_bound(house: TestHouse) -> None:
    await house.house.sequencer.step()
    await report(house)
    house.time.now += timedelta(milliseconds=400)
    await house.house.sequencer.step()
    assert house.house.sequencer.lag == timedelta(milliseconds=400)
    (loop,) = [loop for loop in worker_loops(house.house) if loop.name == "ledger"]
    assert timedelta(seconds=loop.pause_s) <= BOUND / 2


def test_news_fit_into_notifications_and_tell_each_stream_once() -> None:
    events = [
        PendingEvent(n, f"case-{n % 400:036}", 1 + n // 400, "Made", A_TUESDAY_MORNING, "{}", bytes(32))
        for n in range(BATCH)
    ]
    told = list(news_of(TenantId("t"), 7, events))
    assert len(told) > 1
    assert all(len(piece.encode()) <= NEWS_BYTES_MAX for piece in told)
    changed = [change for piece in told for change in orjson.loads(piece)["changed"]]
    assert len({stream for stream, _, _ in changed}) == len(changed) == 400
    assert [place for _, _, place in changed] == sorted(place for _, _, place in changed)
    assert changed[-1] == [f"case-{(BATCH - 1) % 400:036}", 1 + (BATCH - 1) // 400, 7 + BATCH - 1]
