"""A web application over a real database, with a clock that a test can move, and clients that speak to it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from itertools import count

import httpx
from fastapi import FastAPI

from anhuan.app.accounts import Accounts, NewAccount
from anhuan.app.identity import Identity
from anhuan.app.passwords import Passwords
from anhuan.domain.ids import PersonId, TenantId
from anhuan.http.app import create_app
from anhuan.http.services import Health, PersonBrief, Services
from anhuan.ports.identity import Account, Tenant
from anhuan.storage.identity import StoredIdentity
from anhuan.storage.pool import Pool
from anhuan.testing.databases import Database

PASSWORD = "red kettle on a crane"
ORIGIN = "http://127.0.0.1:8000"


@dataclass
class Times:
    """The wall clock and the process's own, moved together."""

    at: datetime = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    since_start_s: float = 0.0

    def forward(self, **how_far: float) -> None:
        self.at += timedelta(**how_far)
        self.since_start_s += timedelta(**how_far).total_seconds()


@dataclass
class Web:
    """One web process and what stands behind it."""

    app: FastAPI
    accounts: Accounts
    identity: Identity
    store: StoredIdentity
    times: Times
    tenant: Tenant
    new_client: Callable[..., httpx.AsyncClient]
    faults: dict[str, str] = field(default_factory=dict)

    async def account(self, login: str, *roles: str, tenant: Tenant | None = None, **rest: object) -> Account:
        new = NewAccount(login=login, roles=roles or ("worker",), **{"password": PASSWORD, **rest})  # type: ignore[arg-type]
        return await self.accounts.create((tenant or self.tenant).id, new)

    async def signed_in(self, login: str, password: str = PASSWORD, **client: object) -> httpx.AsyncClient:
        """A browser with a session, its CSRF token sent along."""
        browser = self.new_client(**client)
        answer = await browser.post("/api/v1/sessions", json={"login": login, "password": password})
        assert answer.status_code == 201, answer.text
        browser.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        return browser

    async def signed_in_as(self, *roles: str) -> httpx.AsyncClient:
        """A browser of somebody new with these roles."""
        account = await self.account(f"new-{next(_numbers)}", *roles)
        return await self.signed_in(account.login)


_numbers = count(1)
_NOTHING_ELSE = dict.fromkeys(item.name for item in fields(Services))
"""The nouns that need more of the house have tests of their own."""


async def _person(tenant: TenantId, person: PersonId) -> PersonBrief | None:
    return PersonBrief(person, "王强", "冲压一班") if person == "p-017" else None


@asynccontextmanager
async def web_processes(database: Database) -> AsyncIterator[Callable[..., Awaitable[Web]]]:
    """Makes web processes on one database; what they hold is closed at the end."""
    ids = (f"id-{number:04}" for number in count(1))
    async with AsyncExitStack() as stack:

        async def make(times: Times | None = None, tenant: Tenant | None = None, **services: object) -> Web:
            pool = await stack.enter_async_context(await Pool.open(database.app))
            store = StoredIdentity(pool)
            times = times or Times()
            passwords = Passwords()
            identity = Identity(store, passwords, lambda: times.at, monotonic=lambda: times.since_start_s)
            accounts = Accounts(store, passwords, identity, lambda: times.at, lambda: next(ids))
            faults: dict[str, str] = {}

            async def health() -> Health:
                return Health(faults)

            given = {
                **_NOTHING_ELSE,
                "identity": identity,
                "accounts": accounts,
                "person": _person,
                "health": health,
                **services,
            }
            app = create_app(Services(**given))  # type: ignore[arg-type]
            if tenant is None:
                tenant = await accounts.create_tenant(
                    slug="plant", name="某汽车零部件厂", language="zh", time_zone="Asia/Shanghai"
                )

            def new_client(base_url: str = ORIGIN, **rest: object) -> httpx.AsyncClient:
                transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=("192.0.2.7", 5000))
                return httpx.AsyncClient(transport=transport, base_url=base_url, **rest)  # type: ignore[arg-type]

            return Web(app, accounts, identity, store, times, tenant, new_client, faults)

        yield make
