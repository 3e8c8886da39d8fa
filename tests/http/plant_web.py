"""The API over the whole house with the demo plant in it: people sign in, a worker can be stepped, files are known."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
from fastapi import FastAPI

from anhuan.app.accounts import NewAccount
from anhuan.bootstrap import web_app
from anhuan.domain.evidence import Sha256
from anhuan.domain.ids import PersonId, TenantId
from anhuan.ports.files import StoredFile
from anhuan.storage.files import PostgresFiles
from anhuan.testing.databases import Database
from anhuan.testing.plants import GOOD_REPORT, TestHouse, demo_house

PASSWORD = "red kettle on a crane"
ORIGIN = "http://127.0.0.1:8000"
DEVICE = "Galaxy of the electricians"
DRAWING = {"width": 100, "height": 50, "strokes": [[[1, 1, 0], [90, 40, 200]]]}


@dataclass
class PlantWeb:
    """One web process over the demo plant."""

    app: FastAPI
    house: TestHouse
    browsers: dict[tuple[str, str, TenantId], httpx.AsyncClient] = field(default_factory=dict)

    async def of(
        self, person: str | None, role: str = "worker", *, language: str = "zh", tenant: TenantId | None = None
    ) -> httpx.AsyncClient:
        """Somebody's browser, signed in; made once per person and role."""
        tenant = tenant or self.house.tenant
        key = (person or "machine", role, tenant)
        if key not in self.browsers:
            slug = "demo" if tenant == self.house.tenant else "other"
            login = f"{key[0]}-{role}"
            new = NewAccount(login=login, roles=(role,), password=PASSWORD, person=PersonId(person) if person else None)
            await self.house.house.accounts.create(tenant, new)
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=("192.0.2.7", 5000))
            browser = httpx.AsyncClient(transport=transport, base_url=ORIGIN)
            answer = await browser.post("/api/v1/sessions", json={"login": f"{login}@{slug}", "password": PASSWORD})
            assert answer.status_code == 201, answer.text
            browser.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
            self.browsers[key] = browser
        browser = self.browsers[key]
        browser.headers["Accept-Language"] = language
        return browser

    async def photo(self, browser: httpx.AsyncClient, text: str) -> str:
        """A photo that the browser's account has sent, as the database knows it; its bytes do not matter here."""
        account = (await browser.get("/api/v1/sessions/current")).json()["account"]
        file = StoredFile(
            sha256=Sha256(hashlib.sha256(text.encode()).hexdigest()),
            kind="photo",
            media_type="image/jpeg",
            size_bytes=1000,
            width_px=800,
            height_px=600,
            uploaded_by=account["person"]["id"],
            uploaded_at=self.house.time(),
        )
        await PostgresFiles(self.house.house.app_pool).add(self.house.tenant, file, account["id"])
        return file.sha256

    async def discharge(self, case: str, key: str, *, by: str | None = None, **body: object) -> httpx.Response:
        """Does an open duty of a case by whoever holds it, as their page says."""
        desk = await self.of("p-003", "safety_officer")
        page = (await desk.get(f"/api/v1/cases/{case}")).json()
        duty = next(duty for duty in page["duties"] if duty["key"] == key and duty["status"] == "open")
        browser = await self.of(by or duty["holders"][0]["id"])
        return await browser.post(f"/api/v1/cases/{case}/duties/{duty['no']}/discharge", json=body)

    async def discharge_as(self, person: str, case: str, key: str, **body: object) -> httpx.Response:
        """Does an open duty of a case by one person, as their own page shows it."""
        browser = await self.of(person)
        page = (await browser.get(f"/api/v1/cases/{case}")).json()
        duty = next(duty for duty in page["duties"] if duty["key"] == key and duty["status"] == "open")
        return await browser.post(f"/api/v1/cases/{case}/duties/{duty['no']}/discharge", json=body)

    async def checker(self, case: str) -> str:
        """Who was drawn for the open blind check, which no page tells."""
        query = "SELECT substr(party, 8) FROM duty_row WHERE case_id = %s AND blind AND status = 'open'"
        return str((await self.house.superuser(query, (case,)))[0][0])

    async def report(self, by: str = "p-023", **form: object) -> dict[str, Any]:
        """A report of a finding, as it is answered."""
        body = {"kind": "finding", "form": {**GOOD_REPORT, **form}}
        answer = await (await self.of(by)).post("/api/v1/cases", json=body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def rectified(self, case: str) -> None:
        """Receipts acknowledged, rectified with proofs, waiting for its checks."""
        desk = await self.of("p-003", "safety_officer")
        while (page := (await desk.get(f"/api/v1/cases/{case}")).json())["stage"] == "rectify":
            owed = [duty for duty in page["duties"] if duty["status"] == "open"]
            duty = min(owed, key=lambda duty: duty["key"] != "receipt")
            browser = await self.of(duty["holders"][0]["id"])
            filled = {} if duty["key"] == "receipt" else await self.work(browser, duty["part"])
            answer = await browser.post(f"/api/v1/cases/{case}/duties/{duty['no']}/discharge", json=filled)
            assert answer.status_code == 200, answer.text

    async def work(self, browser: httpx.AsyncClient, part: str) -> dict[str, Any]:
        """What a rectifier sends."""
        if part == "assist":
            return {"form": {"done": "已停电挂牌并全程监护。"}}
        where = {"scan": {"equipment": "eq-P-1601"}, "fix": {"type": "no_fix"}}
        files = [
            {
                "slot": slot,
                "sha256": await self.photo(browser, slot),
                "captured_at": (self.house.time() + timedelta(minutes=minutes)).isoformat(),
                "captured_where": where,
                "device": DEVICE,
            }
            for slot, minutes in (("photo_before", -20), ("photo_after", -1))
        ]
        form = {
            "containment": "停机挂牌，禁止启动。",
            "root_cause": "接地线压接端子松动疲劳断裂。",
            "measure": "更换接地线并紧固端子，复测接地电阻。",
        }
        return {"form": form, "files": files, "signature": {"drawing": DRAWING, "statement": "本人确认整改属实。"}}


@asynccontextmanager
async def plant_web(database: Database) -> AsyncIterator[PlantWeb]:
    """The API over the demo plant on a database."""
    async with demo_house(database) as house:
        web = PlantWeb(web_app(house.house), house)
        yield web
        for browser in web.browsers.values():
            await browser.aclose()
