"""What administrators and owners do to accounts over HTTP is told with who did it."""

import msgspec
import psycopg
from plant_web import PlantWeb
from web_processes import PASSWORD, Web

from anhuan.bootstrap import worker_loops
from anhuan.core.account.events import AccountEvent
from anhuan.ports.tenant_events import account_stream
from anhuan.testing.databases import Database
from anhuan.testing.plants import TestHouse

NEW_PASSWORD = "blue ladder at the gate"
EVENTS: msgspec.json.Decoder[AccountEvent] = msgspec.json.Decoder(AccountEvent)


def told(database: Database, account: str) -> list[tuple[str, str | None]]:
    """What happened to an account, and the id of the account that did it."""
    query = "SELECT payload FROM event WHERE stream = %s ORDER BY version"
    with psycopg.connect(database.superuser) as connection:
        rows = connection.execute(query, (account_stream(account),)).fetchall()  # type: ignore[arg-type]
    events = [EVENTS.decode(payload) for (payload,) in rows]
    return [(type(event).__name__, event.by_account) for event in events]


async def test_the_administrator_is_named_in_what_they_did(web: Web, database: Database) -> None:
    await web.account("boss", "administrator")
    admin = await web.signed_in("boss")
    boss = (await admin.get("/api/v1/sessions/current")).json()["account"]["id"]
    made = await admin.post(
        "/api/v1/accounts", json={"login": "wang", "roles": ["safety_officer"], "password": PASSWORD}
    )
    wang = made.json()["id"]
    for change in ({"roles": ["safety_officer", "manager"]}, {"disabled": True}, {"disabled": False}):
        assert (await admin.patch(f"/api/v1/accounts/{wang}", json=change)).status_code == 200
    own = await web.signed_in("wang")
    token = (await own.post("/api/v1/tokens", json={"name": "scale"})).json()["id"]
    assert (await admin.delete(f"/api/v1/tokens/{token}")).status_code == 204
    change_own = {"password": NEW_PASSWORD, "current_password": PASSWORD}
    assert (await own.patch("/api/v1/accounts/me", json=change_own)).status_code == 204
    assert (await admin.patch(f"/api/v1/accounts/{wang}", json={"password": PASSWORD})).status_code == 200
    assert told(database, wang) == [
        ("AccountCreated", boss),
        ("RolesChanged", boss),
        ("SessionsEnded", boss),
        ("AccountDeactivated", boss),
        ("SessionsEnded", boss),
        ("AccountReactivated", boss),
        ("TokenCreated", wang),
        ("TokenRevoked", boss),
        ("PasswordChanged", wang),
        ("PasswordSet", boss),
        ("SessionsEnded", boss),
    ]
    assert told(database, boss) == [("AccountCreated", None)]


async def test_an_event_of_an_account_is_proved_and_is_no_case(plant_web: PlantWeb, house: TestHouse) -> None:
    browser = await plant_web.of("p-001", "administrator")
    own = (await browser.get("/api/v1/sessions/current")).json()["account"]["id"]
    await house.house.sequencer.step()
    asked = {"case": account_stream(own), "version": 1}
    assert (await browser.get("/api/v1/ledger/proof", params=asked)).status_code == 200
    for stream in (account_stream(own), "plant", "tenant"):
        assert (await browser.get(f"/api/v1/cases/{stream}")).status_code == 404


def test_the_worker_puts_away_what_is_over(house: TestHouse) -> None:
    steps = {loop.name: loop.step for loop in worker_loops(house.house)}
    assert steps["expiry"] == house.house.expiry.step
