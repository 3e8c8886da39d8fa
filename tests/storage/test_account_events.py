"""Every change of an account is an event of the tenant's own log, and the full check rebuilds accounts from them."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import psycopg
import pytest

from anhuan import resources
from anhuan.app.account_lock import FREE_ATTEMPTS
from anhuan.app.accounts import AccountChange, AccountRefused, NewAccount
from anhuan.app.fsck.check import Fsck
from anhuan.app.identity import IDLE, LONGEST, Caller, SignInRefused
from anhuan.core.account.events import AccountEvent, PersonLinked
from anhuan.core.account.evolve import fold
from anhuan.domain.ids import AccountId, PersonId
from anhuan.ports.identity import Account
from anhuan.ports.tenant_events import account_stream
from anhuan.storage.embedded import Running
from anhuan.storage.fsck import PostgresFsck
from anhuan.storage.migrate import migrate, migrations
from anhuan.testing.databases import fresh_database
from anhuan.testing.plants import TestHouse, demo_house

PASSWORD = "red kettle on a crane"
OTHER = "blue ladder at the gate"
EVENTS: msgspec.json.Decoder[AccountEvent] = msgspec.json.Decoder(AccountEvent)


async def account(house: TestHouse, login: str = "wang", *roles: str) -> Account:
    new = NewAccount(login=login, roles=roles or ("worker",), password=PASSWORD, person=PersonId("p-017"))
    return await house.house.accounts.create(house.tenant, new)


async def signed_in(house: TestHouse, login: str, password: str = PASSWORD) -> Caller:
    return (await house.house.identity.sign_in(login, password, address="192.0.2.7")).caller


async def refused(house: TestHouse, login: str) -> None:
    with pytest.raises(SignInRefused):
        await house.house.identity.sign_in(login, "not the password", address="192.0.2.7")


async def history(house: TestHouse, of: AccountId) -> list[AccountEvent]:
    rows = await house.superuser("SELECT payload FROM event WHERE stream = %s ORDER BY version", (account_stream(of),))
    return [EVENTS.decode(payload) for (payload,) in rows]


async def types(house: TestHouse, of: AccountId) -> list[str]:
    return [type(event).__name__ for event in await history(house, of)]


async def faults(house: TestHouse) -> list[str]:
    key = house.house.secrets.signer(house.tenant).verifier_key
    report = await Fsck(PostgresFsck(house.house.app_pool), house.house.snapshots).check(
        house.tenant, key, lambda *_: None
    )
    return [found.code for found in report.differences]


async def lived(house: TestHouse) -> Account:
    """An account with some history, all of it entered: changed, locked, with one live and one revoked token."""
    admin = await signed_in(house, (await account(house, "admin", "administrator")).login)
    wang = await account(house)
    accounts = house.house.accounts
    await accounts.change(house.tenant, wang.id, AccountChange(roles=("safety_officer", "worker")), by=admin.actor)
    own = await signed_in(house, "wang")
    await accounts.create_token(own, name="scale", account=None, expires_at=house.time.now + timedelta(days=30))
    revoked, _ = await accounts.create_token(own, name="gate", account=None, expires_at=None)
    assert await accounts.revoke_token(admin, revoked.id)
    for _ in range(FREE_ATTEMPTS):
        await refused(house, "wang")
    await house.house.sequencer.step()
    assert await faults(house) == []
    return wang


async def test_each_change_is_an_event_that_says_who_did_it(house: TestHouse) -> None:
    admin = await signed_in(house, (await account(house, "admin", "administrator")).login)
    wang = await account(house)
    accounts = house.house.accounts
    for change in (
        AccountChange(roles=("team_leader",)),
        AccountChange(person=PersonId("p-018")),
        AccountChange(language="en"),
        AccountChange(disabled=True),
        AccountChange(disabled=False),
        AccountChange(password=OTHER),
    ):
        await accounts.change(house.tenant, wang.id, change, by=admin.actor)
    own = await signed_in(house, "wang", OTHER)
    await accounts.change_own(own, password=PASSWORD, current_password=OTHER, language=None)
    events = await history(house, wang.id)
    assert [type(event).__name__ for event in events] == [
        "AccountCreated",
        *("RolesChanged", "SessionsEnded", "PersonLinked", "LanguageChosen"),
        *("AccountDeactivated", "SessionsEnded", "AccountReactivated", "PasswordSet", "SessionsEnded"),
        "PasswordChanged",
    ]
    assert (events[0].by_account, events[0].by) == (None, None)
    assert {(event.by_account, event.by) for event in events[1:-1]} == {(admin.account.id, PersonId("p-017"))}
    assert (events[-1].by_account, events[-1].by) == (wang.id, PersonId("p-018"))
    assert {event.at for event in events} == {house.time.now}
    assert await faults(house) == []


async def test_what_changes_nothing_is_no_event(house: TestHouse) -> None:
    wang = await account(house)
    await house.house.accounts.change(house.tenant, wang.id, AccountChange(disabled=False, person=wang.person))
    await signed_in(house, "wang")
    await refused(house, "wang")
    await signed_in(house, "wang")
    assert await types(house, wang.id) == ["AccountCreated"]


async def test_a_change_that_is_refused_leaves_neither_row_nor_event(house: TestHouse) -> None:
    admin = await account(house, "admin", "administrator")
    with pytest.raises(AccountRefused):
        await house.house.accounts.change(house.tenant, admin.id, AccountChange(roles=("worker",)))
    with pytest.raises(AccountRefused):
        await account(house, "admin")
    assert await types(house, admin.id) == ["AccountCreated"]
    assert await house.superuser("SELECT count(*) FROM event WHERE starts_with(stream, 'account:')") == [(1,)]
    assert await faults(house) == []


async def test_the_row_is_not_changed_where_the_event_cannot_be_written(house: TestHouse) -> None:
    """Both are one transaction."""
    wang = await account(house)
    await house.superuser_does("ALTER TABLE event ADD CHECK (type <> 'RolesChanged')")
    with pytest.raises(psycopg.errors.CheckViolation):
        await house.house.accounts.change(house.tenant, wang.id, AccountChange(roles=("team_leader",)))
    assert await house.superuser("SELECT roles FROM account") == [(["worker"],)]


async def test_a_lock_out_is_an_event_and_so_is_its_end_by_the_right_password(house: TestHouse) -> None:
    wang = await account(house)
    for _ in range(FREE_ATTEMPTS):
        await refused(house, "wang")
    await refused(house, "wang")
    locked = (await history(house, wang.id))[-1]
    assert await types(house, wang.id) == ["AccountCreated", "AccountLocked"]
    assert (locked.by, locked.by_account) == (None, None)
    assert await faults(house) == []
    house.time.now += timedelta(minutes=1)
    await signed_in(house, "wang")
    assert (await types(house, wang.id))[-1] == "AccountUnlocked"
    assert fold(await history(house, wang.id)).locked_until is None
    assert await faults(house) == []


async def test_a_new_password_unlocks(house: TestHouse) -> None:
    wang = await account(house)
    for _ in range(FREE_ATTEMPTS):
        await refused(house, "wang")
    await house.house.accounts.change(house.tenant, wang.id, AccountChange(password=OTHER))
    assert (await types(house, wang.id))[-3:] == ["PasswordSet", "AccountUnlocked", "SessionsEnded"]
    assert await faults(house) == []


async def test_no_secret_and_no_hash_of_one_is_in_an_event_and_nobodys_name_in_an_entry(house: TestHouse) -> None:
    own = await signed_in(house, (await account(house, "wang", "administrator")).login)
    token, text = await house.house.accounts.create_token(own, name="scale", account=None, expires_at=None)
    await house.house.accounts.change_own(own, password=OTHER, current_password=PASSWORD, language=None)
    await house.house.sequencer.step()
    payloads = " ".join(
        payload
        for (payload,) in await house.superuser("SELECT payload FROM event WHERE starts_with(stream, 'account:')")
    )
    hashes = [hashed for (hashed,) in await house.superuser("SELECT password_hash FROM account")]
    secrets = [PASSWORD, OTHER, text.partition(".")[2], token.token_hash.hex(), "argon2", *hashes]
    assert "wang" in payloads
    assert not [secret for secret in secrets if secret in payloads]
    entries = await house.superuser("SELECT entry FROM ledger_entry WHERE starts_with(stream, 'account:')")
    assert len(entries) == 3
    told = " ".join(entry.decode() for (entry,) in entries)
    assert not [personal for personal in ("wang", "p-017", "scale", "administrator") if personal in told]


TAMPERED = {
    "roles": ("UPDATE account SET roles = '{administrator}' WHERE id = %s", "account_differs"),
    "reactivated": ("UPDATE account SET disabled_at = now() WHERE id = %s", "account_differs"),
    "unlocked": ("UPDATE account SET locked_until = NULL WHERE id = %s", "account_differs"),
    "person": ("UPDATE account SET person_id = 'p-001' WHERE id = %s", "account_differs"),
    "password taken": ("UPDATE account SET password_hash = NULL WHERE id = %s", "account_differs"),
    "gone": ("DELETE FROM account WHERE id = %s", "account_without_row"),
    "put in": (
        (
            "INSERT INTO account (tenant_id, id, login, roles, created_at) "
            "SELECT tenant_id, 'x', 'x', roles, created_at FROM account WHERE id = %s"
        ),
        "account_without_events",
    ),
    "token made": (
        (
            "INSERT INTO api_token (tenant_id, id, token_hash, account_id, name, created_at, created_by) "
            "SELECT tenant_id, 'x', 'x', id, 'x', created_at, id FROM account WHERE id = %s"
        ),
        "token_unfounded",
    ),
    "token gone": ("DELETE FROM api_token WHERE account_id = %s AND name = 'scale'", "token_missing"),
    "token prolonged": ("UPDATE api_token SET expires_at = NULL WHERE account_id = %s", "token_differs"),
    "token lives again": ("UPDATE api_token SET revoked_at = NULL WHERE account_id = %s", "token_differs"),
    "event": (
        "UPDATE event SET payload = replace(payload, 'safety_officer', 'manager') WHERE stream = 'account:' || %s",
        "event_not_as_entered",
    ),
    "event's column": ("UPDATE event SET by_person = 'p-149' WHERE stream = 'account:' || %s", "event_column_differs"),
    "event unreadable": ("UPDATE event SET payload = '{}' WHERE stream = 'account:' || %s", "events_unreadable"),
    "first event gone": ("DELETE FROM event WHERE stream = 'account:' || %s AND version = 1", "version_missing"),
    "another's history": (
        "UPDATE event SET payload = replace(payload, %s, 'somebody') WHERE type = 'AccountCreated'",
        "events_unreadable",
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
async def test_a_change_behind_the_programs_back_is_named(house: TestHouse, what: str) -> None:
    wang = await lived(house)
    statement, code = TAMPERED[what]
    await house.superuser_does(statement, wang.id)
    assert code in await faults(house)


async def test_a_token_made_and_ended_is_told_with_roles_and_expiry_and_ends_once(house: TestHouse) -> None:
    own = await signed_in(house, (await account(house, "admin", "administrator")).login)
    machine = await account(house, "scale", "machine")
    until = house.time.now + timedelta(days=1)
    accounts = house.house.accounts
    token, _ = await accounts.create_token(own, name="scale", account=machine.id, expires_at=until)
    assert await accounts.revoke_token(own, token.id)
    assert not await accounts.revoke_token(own, token.id)
    assert not await accounts.revoke_token(own, "no such token")
    made, ended = (
        msgspec.to_builtins(event, builtin_types=(datetime,)) for event in (await history(house, machine.id))[1:]
    )
    assert (made["type"], made["name"], made["roles"], made["by_account"]) == (
        *("TokenCreated", "scale", ("machine",)),
        own.account.id,
    )
    assert made["expires_at"] == until
    assert (ended["type"], ended["token"], ended["by_account"]) == ("TokenRevoked", token.id, own.account.id)


async def test_what_has_expired_is_put_away_without_anybody_signing_in(house: TestHouse) -> None:
    """The clock is moved on: one session lies idle, one token's time comes."""
    admin = await account(house, "admin", "administrator")
    own = await signed_in(house, "admin")
    until = house.time.now + timedelta(hours=1)
    token, _ = await house.house.accounts.create_token(own, name="a", account=None, expires_at=until)
    kept, _ = await house.house.accounts.create_token(own, name="b", account=None, expires_at=None)
    assert await house.house.expiry.step() == 0
    house.time.now = until - timedelta(microseconds=1)
    assert await house.house.expiry.step() == 0
    house.time.now = until
    assert await house.house.expiry.step() == 1
    assert [left.id for left in await house.house.identity_store.tokens(house.tenant, None)] == [kept.id]
    assert (await types(house, admin.id))[-1] == "TokenExpired"
    house.time.now += IDLE
    assert await house.house.expiry.step() == 1
    assert await house.superuser("SELECT count(*) FROM session") == [(0,)]
    assert await house.house.expiry.step() == 0
    assert await faults(house) == []
    assert await house.superuser("SELECT id FROM api_token WHERE revoked_at = %s", (until,)) == [(token.id,)]


async def test_a_session_that_was_opened_too_long_ago_is_put_away_however_much_it_is_used(house: TestHouse) -> None:
    await account(house)
    await signed_in(house, "wang")
    house.time.now += LONGEST
    await house.superuser_does("UPDATE session SET expires_at = %s", house.time.now + timedelta(hours=1))
    assert await house.house.expiry.step() == 1
    assert await house.superuser("SELECT count(*) FROM session") == [(0,)]


async def test_expiry_goes_through_every_tenant_and_touches_nothing_live(house: TestHouse) -> None:
    other = await house.another_tenant()
    for tenant in (house.tenant, other):
        new = NewAccount(login="wang", roles=("worker",), password=PASSWORD)
        await house.house.accounts.create(tenant, new)
    await signed_in(house, "wang@demo")
    await signed_in(house, "wang@other")
    house.time.now += timedelta(hours=1)
    await signed_in(house, "wang@other")
    house.time.now += IDLE - timedelta(hours=1)
    assert await house.house.expiry.step() == 2
    assert await house.superuser("SELECT tenant_id FROM session") == [(other,)]


async def test_accounts_from_before_there_were_events_are_adopted_and_go_on(postgres: Running, tmp_path: Path) -> None:
    """A database as it was before the migration, with accounts of two tenants in every state."""
    before = tmp_path / "before"
    before.mkdir()
    own = next(migration for migration in migrations() if migration.what == "account_events")
    for path in sorted((resources.path("schema") / "migrations").glob("*.sql")):
        if int(path.name[:4]) < own.number:
            (before / path.name).write_bytes(path.read_bytes())
    with fresh_database(postgres, template="template0") as database:
        migrate(database.owner, before)
        async with demo_house(database) as house:
            other = await house.another_tenant()
            admin = await account(house, "admin", "administrator")
            signed = await signed_in(house, "admin")
            wang = await account(house)
            accounts = house.house.accounts
            token, _ = await accounts.create_token(signed, name="a", account=None, expires_at=None)
            await accounts.revoke_token(signed, token.id)
            until = house.time.now + timedelta(days=9, microseconds=7)
            await accounts.create_token(signed, name="b", account=None, expires_at=until)
            await accounts.change(house.tenant, wang.id, AccountChange(disabled=True))
            elsewhere = await house.house.accounts.create(other, NewAccount(login="li", roles=("manager", "auditor")))
            await house.superuser_does("DELETE FROM ledger_pending WHERE starts_with(stream, 'account:')")
            await house.superuser_does("DELETE FROM event WHERE starts_with(stream, 'account:')")
            assert set(await faults(house)) == {"account_without_events"}

            assert own.name in migrate(database.owner)
            assert await types(house, admin.id) == ["AccountAdopted"]
            assert await faults(house) == []
            assert await faults(replace(house, tenant=other)) == []
            assert fold(await history(house, elsewhere.id)).roles == ("manager", "auditor")
            salts = await house.superuser("SELECT salt FROM event WHERE type = 'AccountAdopted'")
            assert len(set(salts)) == 3
            assert {len(salt) for (salt,) in salts} == {32}

            await accounts.change(house.tenant, wang.id, AccountChange(disabled=False), by=signed.actor)
            await signed_in(house, "wang")
            house.time.now = until
            assert await house.house.expiry.step()
            await house.house.sequencer.step()
            assert await types(house, wang.id) == ["AccountAdopted", "AccountReactivated"]
            assert await faults(house) == []


async def test_events_of_two_changes_at_once_are_in_one_order(house: TestHouse) -> None:
    wang = await account(house)

    def link(person: str) -> AccountChange:
        return AccountChange(person=PersonId(person))

    people = [f"p-0{number}" for number in range(20, 26)]
    await asyncio.gather(*(house.house.accounts.change(house.tenant, wang.id, link(person)) for person in people))
    events = await history(house, wang.id)
    assert sorted(event.person for event in events if isinstance(event, PersonLinked)) == people
    assert await faults(house) == []
