"""Signing in and out: sessions, the account lock, CSRF, tokens, and what a stranger learns from the answers."""

import logging
from collections.abc import Awaitable, Callable

import httpx
import psycopg
import pytest
from web_processes import ORIGIN, PASSWORD, Web

from anhuan.app import passwords
from anhuan.app.account_lock import FREE_ATTEMPTS, LONGEST_WAIT, wait_after
from anhuan.app.attempts import Attempts
from anhuan.app.identity import LONGEST, REMEMBER_S
from anhuan.testing.databases import Database

SESSIONS = "/api/v1/sessions"
CURRENT = "/api/v1/sessions/current"

NewWeb = Callable[..., Awaitable[Web]]


async def sign_in(web: Web, login: str, password: str, **client: object) -> httpx.Response:
    return await web.new_client(**client).post(SESSIONS, json={"login": login, "password": password})


async def test_signing_in_says_who_one_is_and_what_one_may(web: Web) -> None:
    await web.account("wang", "worker", person="p-017")
    browser = await web.signed_in("wang")
    body = (await browser.get(CURRENT)).json()
    assert body["account"]["person"] == {"id": "p-017", "name": "王强", "team": "冲压一班"}
    assert body["tenant"] == {
        "id": web.tenant.id,
        "name": "某汽车零部件厂",
        "language": "zh",
        "time_zone": "Asia/Shanghai",
    }
    assert "cases.report" in body["permissions"]
    assert "accounts.manage" not in body["permissions"]
    assert body["warning"] is None


async def test_a_log_in_is_found_however_it_is_typed(web: Web) -> None:
    await web.account("Wang")
    assert (await sign_in(web, " ＷＡＮＧ ", PASSWORD)).status_code == 201


async def test_scripts_cannot_read_the_cookie_and_the_database_does_not_know_it(web: Web, database: Database) -> None:
    await web.account("wang")
    answer = await sign_in(web, "wang", PASSWORD)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    secret = cookie.split("=", 1)[1].split(";")[0].partition(".")[2]
    assert len(secret) == 43
    with psycopg.connect(database.superuser) as connection:
        stored = connection.execute("SELECT session::text FROM session").fetchone()
    assert stored
    assert secret not in stored[0]


async def test_over_https_the_cookie_is_bound_to_the_host(web: Web) -> None:
    await web.account("wang")
    answer = await sign_in(web, "wang", PASSWORD, base_url="https://anhuan.example")
    assert answer.headers["set-cookie"].startswith("__Host-anhuan=")
    assert "Secure" in answer.headers["set-cookie"]
    assert "max-age=31536000" in answer.headers["strict-transport-security"]


async def test_behind_a_proxy_the_public_url_decides(new_web: NewWeb) -> None:
    web = await new_web(public_url="https://anhuan.example")
    await web.account("wang")
    origin = {"Origin": "https://anhuan.example"}
    answer = await sign_in(web, "wang", PASSWORD, base_url="http://10.0.0.5", headers=origin)
    assert answer.headers["set-cookie"].startswith("__Host-anhuan=")


async def test_wrong_password_unknown_and_disabled_account_answer_the_same(web: Web) -> None:
    await web.account("wang")
    gone = await web.account("gone")
    machine = await web.account("machine", "machine", password=None)
    admin = await web.signed_in_as("administrator")
    assert (await admin.patch(f"/api/v1/accounts/{gone.id}", json={"disabled": True})).status_code == 200
    answers = [
        await sign_in(web, login, password)
        for login, password in [
            ("wang", "wrong"),
            ("nobody", "wrong"),
            ("gone", PASSWORD),
            (machine.login, PASSWORD),
            ("wang@elsewhere", PASSWORD),
            ("wang@", PASSWORD),
        ]
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert answers[0].json()["code"] == "sign_in_wrong"


async def test_an_unknown_log_in_is_verified_too(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes as long, because the same work is done."""
    verified: list[str] = []
    real = passwords._verify

    def verify(password_hash: str, password: bytes) -> bool:
        verified.append(password_hash)
        return bool(real(password_hash, password))

    monkeypatch.setattr("anhuan.app.passwords._verify", verify)
    assert (await sign_in(web, "nobody", PASSWORD)).status_code == 401
    assert len(verified) == 1
    assert verified[0].startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize("login", ["wang", "nobody"])
async def test_an_account_is_locked_for_a_while_and_never_for_ever(web: Web, login: str) -> None:
    await web.account("wang")
    for _ in range(FREE_ATTEMPTS):
        assert (await sign_in(web, login, "wrong")).status_code == 401
    locked = await sign_in(web, login, PASSWORD)
    assert locked.status_code == 429
    assert locked.json()["code"] == "sign_in_locked"
    wait_s = int(locked.headers["retry-after"])
    assert 1 <= wait_s <= 15
    web.times.forward(seconds=wait_s)
    assert (await sign_in(web, login, PASSWORD)).status_code == (201 if login == "wang" else 401)


async def test_a_right_password_forgives_the_wrong_ones(web: Web) -> None:
    await web.account("wang")
    for _ in range(3):
        for _ in range(FREE_ATTEMPTS - 1):
            assert (await sign_in(web, "wang", "wrong")).status_code == 401
        assert (await sign_in(web, "wang", PASSWORD)).status_code == 201


async def test_two_processes_count_the_same_lock(web: Web, new_web: NewWeb) -> None:
    await web.account("wang")
    other = await new_web(times=web.times, tenant=web.tenant)
    for number in range(FREE_ATTEMPTS):
        assert (await sign_in((web, other)[number % 2], "wang", "wrong")).status_code == 401
    assert (await sign_in(other, "wang", PASSWORD)).status_code == 429


def test_the_wait_grows_up_to_a_limit() -> None:
    waits = [wait_after(failed) for failed in range(60)]
    assert waits[:FREE_ATTEMPTS] == [None] * FREE_ATTEMPTS
    growing = [wait for wait in waits if wait is not None]
    assert growing == sorted(growing)
    assert growing[0] < growing[3] < growing[-1] == LONGEST_WAIT


async def test_guessing_from_one_address_is_slowed_down(new_web: NewWeb) -> None:
    web = await new_web()
    web.identity._attempts = Attempts(burst=3, per_s=0.5)
    await web.account("wang")
    for number in range(3):
        assert (await sign_in(web, f"nobody-{number}", "x")).status_code == 401
    assert (await sign_in(web, "wang", PASSWORD)).json()["code"] == "sign_in_too_many"
    web.times.forward(seconds=2)
    for _ in range(5):
        assert (await sign_in(web, "wang", PASSWORD)).status_code == 201


async def test_signing_in_again_ends_the_browsers_session(web: Web) -> None:
    await web.account("wang")
    browser = await web.signed_in("wang")
    before = browser.cookies["anhuan_session"]
    await browser.post(SESSIONS, json={"login": "wang", "password": PASSWORD})
    assert browser.cookies["anhuan_session"] != before
    old = web.new_client(cookies={"anhuan_session": before})
    assert (await old.get(CURRENT)).status_code == 401


async def test_signing_out_ends_the_session_here_at_once_and_elsewhere_soon(web: Web, new_web: NewWeb) -> None:
    await web.account("wang")
    other = await new_web(times=web.times, tenant=web.tenant)
    browser = await web.signed_in("wang")
    cookie = {"anhuan_session": browser.cookies["anhuan_session"]}
    elsewhere = other.new_client(cookies=cookie)
    assert (await elsewhere.get(CURRENT)).status_code == 200
    assert (await browser.delete(CURRENT)).status_code == 204
    assert (await web.new_client(cookies=cookie).get(CURRENT)).status_code == 401
    web.times.forward(seconds=REMEMBER_S + 0.1)
    assert (await elsewhere.get(CURRENT)).status_code == 401


async def test_a_session_in_use_costs_no_query(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    await web.account("wang")
    browser = await web.signed_in("wang")
    asked: list[object] = []
    monkeypatch.setattr(web.store, "session", lambda *args: asked.append(args))
    for _ in range(3):
        assert (await browser.get(CURRENT)).status_code == 200
    assert not asked


async def test_a_session_lives_while_it_is_used_and_not_for_ever(web: Web) -> None:
    await web.account("wang")
    used, unused = await web.signed_in("wang"), await web.signed_in("wang")
    for _ in range(3):
        web.times.forward(hours=6)
        assert (await used.get(CURRENT)).status_code == 200
    assert (await unused.get(CURRENT)).status_code == 401
    hours = LONGEST.total_seconds() / 3600 - 18
    while hours > 0:
        assert (await used.get(CURRENT)).status_code == 200
        web.times.forward(hours=6)
        hours -= 6
    assert (await used.get(CURRENT)).status_code == 401


@pytest.mark.parametrize("cookie", ["", "x", "a.b", "../..", "t." + "A" * 43, "t." + "A" * 44, "'; DROP." + "A" * 43])
async def test_a_made_up_cookie_opens_nothing(web: Web, cookie: str) -> None:
    answer = await web.new_client(cookies={"anhuan_session": cookie}).get(CURRENT)
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_signed_in"


async def test_a_secret_opens_nothing_in_another_tenant(web: Web) -> None:
    other = await web.accounts.create_tenant(slug="other", name="B", language="en", time_zone="Europe/Berlin")
    await web.account("wang")
    browser = await web.signed_in("wang")
    secret = browser.cookies["anhuan_session"].partition(".")[2]
    forged = web.new_client(cookies={"anhuan_session": f"{other.id}.{secret}"})
    assert (await forged.get(CURRENT)).status_code == 401


async def test_the_same_log_in_in_two_tenants_needs_the_plants_code(web: Web) -> None:
    other = await web.accounts.create_tenant(slug="other", name="B", language="en", time_zone="Europe/Berlin")
    await web.account("wang")
    await web.account("wang", tenant=other, password="another long one")
    assert (await sign_in(web, "wang", PASSWORD)).status_code == 401
    assert (await sign_in(web, "wang@other", PASSWORD)).status_code == 401
    answer = await sign_in(web, "wang@other", "another long one")
    assert answer.json()["tenant"]["id"] == other.id


async def test_unsafe_requests_need_the_csrf_token(web: Web) -> None:
    await web.account("wang")
    browser = await web.signed_in("wang")
    change = {"language": "en"}
    for token in ("", "x" * 32):
        answer = await browser.patch("/api/v1/accounts/me", json=change, headers={"X-CSRF-Token": token})
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf_token_wrong")
    assert (await browser.patch("/api/v1/accounts/me", json=change)).status_code == 204


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:9000"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_sites_page_can_do_nothing(web: Web, headers: dict[str, str]) -> None:
    await web.account("wang")
    browser = await web.signed_in("wang")
    answer = await browser.patch("/api/v1/accounts/me", json={"language": "en"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")
    answer = await browser.post(SESSIONS, json={"login": "wang", "password": PASSWORD}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")


async def test_our_own_pages_can(web: Web) -> None:
    await web.account("wang")
    browser = await web.signed_in("wang", headers={"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"})
    assert (await browser.patch("/api/v1/accounts/me", json={"language": "en"})).status_code == 204


async def test_a_demonstration_account_is_warned_about_on_the_network_only(
    web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    await web.account("demo", "administrator", is_demo=True)
    with caplog.at_level(logging.WARNING, "anhuan.http.sessions"):
        assert (await sign_in(web, "demo", PASSWORD)).json()["warning"] is None
        assert (await sign_in(web, "demo", PASSWORD, base_url="http://[::1]:8000")).json()["warning"] is None
        assert not caplog.records
        answer = await sign_in(
            web, "demo", PASSWORD, base_url="http://192.0.2.1:8000", headers={"Accept-Language": "en"}
        )
    assert answer.json()["warning"]["code"] == "demo_account_on_network"
    assert "password of its own" in answer.json()["warning"]["text"]
    assert "demo" in caplog.text


async def test_a_new_password_makes_a_demonstration_account_an_ordinary_one(web: Web) -> None:
    await web.account("demo", is_demo=True)
    browser = await web.signed_in("demo", base_url="http://192.0.2.1:8000")
    change = {"password": "five green ladders", "current_password": PASSWORD}
    assert (await browser.patch("/api/v1/accounts/me", json=change)).status_code == 204
    assert (await browser.get(CURRENT)).json()["warning"] is None


async def test_a_new_password_needs_the_old_one_and_ends_other_sessions(web: Web) -> None:
    await web.account("wang")
    browser, elsewhere = await web.signed_in("wang"), await web.signed_in("wang")
    change = {"password": "five green ladders"}
    answer = await browser.patch("/api/v1/accounts/me", json={**change, "current_password": "wrong"})
    assert answer.json()["reasons"][0]["field"] == "/current_password"
    assert (await elsewhere.get(CURRENT)).status_code == 200
    answer = await browser.patch("/api/v1/accounts/me", json={**change, "current_password": PASSWORD})
    assert answer.status_code == 204
    assert (await elsewhere.get(CURRENT)).status_code == 401
    assert (await browser.get(CURRENT)).status_code == 200
    assert (await sign_in(web, "wang", PASSWORD)).status_code == 401
    assert (await sign_in(web, "wang", "five green ladders")).status_code == 201


@pytest.mark.parametrize(
    ("password", "code"),
    [("short", "password_too_short"), ("wang wang wang", "password_too_easy"), ("1234567890", "password_too_easy")],
)
async def test_a_weak_password_is_refused(web: Web, password: str, code: str) -> None:
    admin = await web.signed_in_as("administrator")
    answer = await admin.post("/api/v1/accounts", json={"login": "wang", "roles": ["worker"], "password": password})
    assert answer.status_code == 422
    assert [(reason["code"], reason["field"]) for reason in answer.json()["reasons"]] == [(code, "/password")]


async def test_administrators_keep_accounts(web: Web) -> None:
    admin = await web.signed_in_as("administrator")
    new = {"login": "li", "roles": ["worker"], "password": PASSWORD, "person": "p-017"}
    made = await admin.post("/api/v1/accounts", json=new)
    assert made.status_code == 201
    assert "password_hash" not in made.text
    assert (await admin.post("/api/v1/accounts", json=new)).json()["code"] == "login_taken"
    answer = await admin.post("/api/v1/accounts", json={"login": "x@y", "roles": ["king"], "password": PASSWORD})
    assert {reason["code"] for reason in answer.json()["reasons"]} == {"login_malformed", "role_unknown"}
    answer = await admin.post("/api/v1/accounts", json={**new, "login": "z", "person": "p-999"})
    assert answer.json()["reasons"][0]["field"] == "/person"
    worker = await web.signed_in("li")
    changed = await admin.patch(f"/api/v1/accounts/{made.json()['id']}", json={"roles": ["team_leader"]})
    assert changed.json()["roles"] == ["team_leader"]
    assert (await worker.get(CURRENT)).status_code == 401
    assert (await admin.patch("/api/v1/accounts/nobody", json={"disabled": True})).status_code == 404


async def test_accounts_come_in_pages(web: Web) -> None:
    admin = await web.signed_in_as("administrator")
    for number in range(5):
        await web.account(f"a{number}", password=None)
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        page = (await admin.get("/api/v1/accounts", params={"limit": 2, "after": after})).json()
        assert len(page["items"]) <= 2
        seen += [account["login"] for account in page["items"]]
        after = page["next"]
    assert seen[:5] == [f"a{number}" for number in range(5)]
    assert len(seen) == 6
    answer = await admin.get("/api/v1/accounts", params={"after": "WzFd"})
    assert (answer.status_code, answer.json()["code"]) == (400, "cursor_unreadable")


async def test_the_last_administrator_stays(web: Web) -> None:
    one = await web.account("one", "administrator")
    two = await web.account("two", "administrator")
    admin = await web.signed_in("one")
    assert (await admin.patch(f"/api/v1/accounts/{two.id}", json={"disabled": True})).status_code == 200
    for change in ({"disabled": True}, {"roles": ["worker"]}):
        answer = await admin.patch(f"/api/v1/accounts/{one.id}", json=change)
        assert (answer.status_code, answer.json()["code"]) == (409, "last_administrator")
    assert (await admin.get(CURRENT)).status_code == 200


async def test_machines_come_with_tokens(web: Web) -> None:
    admin = await web.signed_in_as("administrator")
    camera = await web.account("camera", "machine", password=None)
    made = await admin.post("/api/v1/tokens", json={"name": "gate", "account": camera.id})
    assert made.status_code == 201
    machine = web.new_client(headers={"Authorization": f"Bearer {made.json()['token']}"})
    me = (await machine.get(CURRENT)).json()
    assert me["account"]["login"] == "camera"
    assert me["csrf_token"] is None
    assert (await machine.patch("/api/v1/accounts/me", json={"language": "en"})).status_code == 204
    listed = (await admin.get("/api/v1/tokens")).json()["items"]
    assert [token["name"] for token in listed] == ["gate"]
    assert "token" not in listed[0]
    assert (await admin.delete(f"/api/v1/tokens/{made.json()['id']}")).status_code == 204
    assert (await machine.get(CURRENT)).status_code == 401
    assert (await admin.delete(f"/api/v1/tokens/{made.json()['id']}")).status_code == 404


async def test_a_token_cannot_make_itself_at_home(web: Web) -> None:
    admin = await web.signed_in_as("administrator")
    token = (await admin.post("/api/v1/tokens", json={"name": "script"})).json()["token"]
    script = web.new_client(headers={"Authorization": f"Bearer {token}"})
    for answer in (
        await script.post("/api/v1/tokens", json={"name": "more"}),
        await script.post("/api/v1/accounts", json={"login": "x", "roles": ["administrator"]}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "session_needed")


async def test_a_token_is_made_for_oneself_or_a_machine_and_ends_when_it_says(web: Web) -> None:
    worker = await web.account("wang")
    officer, admin = await web.signed_in_as("safety_officer"), await web.signed_in_as("administrator")
    for browser in (officer, admin):
        answer = await browser.post("/api/v1/tokens", json={"name": "x", "account": worker.id})
        assert answer.json()["code"] == "token_not_for_account"
    until = web.times.at.replace(hour=9).isoformat()
    token = (await officer.post("/api/v1/tokens", json={"name": "x", "expires_at": until})).json()["token"]
    script = web.new_client(headers={"Authorization": f"Bearer {token}"})
    assert (await script.get(CURRENT)).status_code == 200
    web.times.forward(hours=1, seconds=1)
    assert (await script.get(CURRENT)).status_code == 401


async def test_a_tokens_secret_is_no_session(web: Web) -> None:
    admin = await web.signed_in_as("administrator")
    token = (await admin.post("/api/v1/tokens", json={"name": "script"})).json()["token"]
    assert (await web.new_client(headers={"Authorization": f"Bearer {token}"}).get(CURRENT)).status_code == 200
    assert (await web.new_client(cookies={"anhuan_session": token}).get(CURRENT)).status_code == 401


@pytest.mark.parametrize("header", ["Bearer x", "Bearer", "Basic eDp5", "Bearer t." + "A" * 43])
async def test_a_made_up_token_opens_nothing_even_beside_a_session(web: Web, header: str) -> None:
    await web.account("wang")
    browser = await web.signed_in("wang", headers={"Authorization": header})
    assert (await browser.get(CURRENT)).status_code == 401
