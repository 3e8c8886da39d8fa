"""Blind draws as an auditor repeats them, and the life of the key that they come from."""

from datetime import timedelta
from pathlib import Path

import pytest

from anhuan.app.draw_audit import DrawAudit, audit_draws
from anhuan.app.draw_keys import NOTICE, DrawKeys
from anhuan.app.fsck.check import Fsck
from anhuan.app.handle import NewCase
from anhuan.storage.draws import PostgresDraws
from anhuan.storage.fsck import PostgresFsck
from anhuan.testing.plants import GOOD_REPORT, TestHouse
from anhuan.testing.stories import read_story
from anhuan.testing.story_houses import real_story_house
from anhuan.testing.story_player import Player

KIND = "finding"
STORIES = Path(__file__).parents[1] / "scenarios"


async def report(house: TestHouse) -> str:
    new = NewCase(kind=KIND, form=GOOD_REPORT)
    return (await house.house.handler.open(house.tenant, house.reporter, new)).case.id


async def audit(house: TestHouse) -> DrawAudit:
    return await audit_draws(PostgresDraws(house.house.app_pool), house.tenant)


async def play(house: TestHouse, story: str) -> None:
    await Player(read_story(STORIES / f"{story}.case"), await real_story_house(house)).play()
    while await house.house.sequencer.take_up(house.tenant):
        pass


@pytest.mark.parametrize("story", ["01-high-risk", "04-lazy-verifier", "17-people-leave"])
async def test_after_a_story_every_draw_can_be_repeated_and_all_is_as_its_events_say(
    house: TestHouse, story: str
) -> None:
    await play(house, story)
    found = await audit(house)
    assert found.faults == ()
    assert found.draws == found.repeated + found.undecided > 0
    assert found.from_told_keys == 0
    key = house.house.secrets.signer(house.tenant).verifier_key
    fsck = Fsck(PostgresFsck(house.house.app_pool), house.house.snapshots)
    assert (await fsck.check(house.tenant, key, lambda *_: None)).differences == ()


async def test_once_the_key_is_told_every_seed_must_follow_from_it(house: TestHouse) -> None:
    await play(house, "01-high-risk")
    key = house.house.secrets.draw_keys(house.tenant)[0]
    await house.house.plants.reveal_draw_key(house.tenant, key, house.time.now)
    found = await audit(house)
    assert found.faults == ()
    assert found.from_told_keys == found.draws > 0


TAMPERED = {
    "another person": (
        """UPDATE event SET payload = regexp_replace(payload, '"person":"[^"]*"', '"person":"p-nobody"')""",
        "drawn_person_not_picked",
    ),
    "another seed": (
        """UPDATE event SET payload = regexp_replace(payload, '"seed_commitment":"..', '"seed_commitment":"zz')""",
        "seed_not_as_committed",
    ),
    "another key": (
        """UPDATE event SET payload = regexp_replace(payload, '"draw_key":"[^"]*"', '"draw_key":"other"')""",
        "key_not_committed_before",
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
async def test_a_draw_that_was_changed_is_named_twice(house: TestHouse, what: str) -> None:
    """By what it says, and by the ledger, which commits to what it said before."""
    await play(house, "01-high-risk")
    statement, code = TAMPERED[what]
    await house.superuser_does(f"{statement} WHERE type = 'VerifierDrawn'")
    assert {fault.code for fault in (await audit(house)).faults} == {code, "event_not_as_entered"}


async def test_a_key_that_came_on_record_after_its_draws_is_named(house: TestHouse) -> None:
    await house.superuser_does("DELETE FROM ledger_pending WHERE stream = 'tenant' AND version = 1")
    await play(house, "01-high-risk")
    await house.superuser_does(
        "INSERT INTO ledger_pending (tenant_id, stream, version) VALUES (%s, 'tenant', 1)", house.tenant
    )
    await house.house.sequencer.take_up(house.tenant)
    assert {fault.code for fault in (await audit(house)).faults} == {"key_not_committed_before"}


def keys_of(house: TestHouse) -> DrawKeys:
    own = house.house
    return DrawKeys(own.secrets, own.plants, PostgresDraws(own.app_pool), own.clock)


async def test_a_new_key_is_on_record_before_it_is_used_and_the_old_one_told_when_nothing_is_open(
    house: TestHouse,
) -> None:
    case = await report(house)
    old = house.house.secrets.draw_key(house.tenant, house.time.now)
    house.time.now += timedelta(hours=1)
    now = await keys_of(house).rotate(house.tenant)
    assert now.committed != old.id
    assert (now.told, now.waiting) == ((), ((old.id, 0),))
    assert house.house.secrets.draw_key(house.tenant, house.time.now) == old
    house.time.now += NOTICE
    assert house.house.secrets.draw_key(house.tenant, house.time.now).id == now.committed
    house.time.now += NOTICE
    assert (await keys_of(house).tell(house.tenant)).waiting == ((old.id, 1),)
    await house.superuser_does("UPDATE case_row SET status = 'closed' WHERE id = %s", case)
    assert (await keys_of(house).tell(house.tenant)).told == (old.id,)
    assert (await keys_of(house).tell(house.tenant)).told == ()
    opened_before = house.time.now - timedelta(days=1)
    assert house.house.secrets.draw_key(house.tenant, opened_before).id == now.committed
    (told,) = await house.superuser("SELECT payload FROM event WHERE type = 'DrawKeyRevealed'")
    assert old.key.hex() in told[0]
    assert (await audit(house)).faults == ()


async def test_a_telling_that_was_cut_short_is_made_up_for(house: TestHouse) -> None:
    old = house.house.secrets.draw_key(house.tenant, house.time.now)
    await keys_of(house).rotate(house.tenant)
    house.house.secrets.retire(house.tenant, old)
    assert (await keys_of(house).tell(house.tenant)).told == (old.id,)


async def test_a_key_told_that_was_never_committed_to_is_named(house: TestHouse) -> None:
    old = house.house.secrets.draw_key(house.tenant, house.time.now)
    await house.house.plants.reveal_draw_key(house.tenant, type(old)(old.id, bytes(32), old.from_at), house.time.now)
    assert [fault.code for fault in (await audit(house)).faults] == ["key_not_as_committed"]
