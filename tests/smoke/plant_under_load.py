"""A running Anhuan that reports are sent to while its processes are killed: what the kill tests are made of."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from anhuan.bootstrap import new_id, open_house
from anhuan.cli import demo
from anhuan.settings import Settings
from anhuan.storage.embedded import OWNER, Running, start
from anhuan.storage.migrate import migrate
from anhuan.testing.plants import GOOD_REPORT

REPORTERS = 8
READY_WITHIN_S = 60.0


@dataclass
class PlantUnderLoad:
    """Server, worker and database as processes of their own, and what was answered so far."""

    data: Path
    port: int
    database: Running
    serve_as: list[str]
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    answered: dict[str, str] = field(default_factory=dict)
    """Idempotency key -> case id, as told with 201 or 200."""
    parts: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, part: str) -> None:
        """Start the server or the worker."""
        command = self.serve_as if part == "serve" else [sys.executable, "-m", "anhuan", part]
        environment = {**os.environ, "ANHUAN_DATA": str(self.data), "PORT": str(self.port), "ANHUAN_LOG_LEVEL": "error"}
        self.parts[part] = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)

    def kill(self, part: str) -> None:
        """kill -9 the server or the worker and start it again; stop PostgreSQL at once, its holder starts it again."""
        if part == "postgres":
            postmaster = self.database.postmaster
            if postmaster:
                os.kill(postmaster, signal.SIGQUIT)
            return
        self.parts[part].kill()
        self.parts[part].wait()
        self.start(part)

    async def ready(self) -> None:
        """Wait until a report can be taken."""
        async with httpx.AsyncClient() as client:

            async def healthy() -> bool:
                try:
                    return (await client.get(f"{self.address}/healthz")).status_code == 200
                except httpx.HTTPError:
                    return False

            async with asyncio.timeout(READY_WITHIN_S):
                while not await healthy():
                    await asyncio.sleep(0.05)

    async def sign_in(self) -> None:
        """Sign in as a worker of the demo plant."""
        account = demo.read_accounts(Settings(data=self.data))[0]
        body = {"login": account["login"], "password": account["password"]}
        async with httpx.AsyncClient(base_url=self.address) as client:
            answer = await client.post("/api/v1/sessions", json=body)
            answer.raise_for_status()
            self.cookies = dict(client.cookies)
            self.headers = {"X-CSRF-Token": answer.json()["csrf_token"]}

    async def report_until(self, stop: asyncio.Event) -> None:
        """Send reports one after another; each is sent again under its key until it is answered."""
        async with httpx.AsyncClient(
            base_url=self.address, headers=self.headers, cookies=self.cookies, timeout=5
        ) as client:
            while not stop.is_set():
                await self._report(client, new_id(), stop)

    async def _report(self, client: httpx.AsyncClient, key: str, stop: asyncio.Event) -> None:
        body = {"kind": "finding", "form": GOOD_REPORT}
        while not stop.is_set():
            try:
                answer = await client.post("/api/v1/cases", json=body, headers={"Idempotency-Key": key})
            except httpx.HTTPError:
                await asyncio.sleep(0.02)
                continue
            if answer.status_code in (200, 201):
                self.answered[key] = answer.json()["id"]
                return
            assert answer.status_code >= 500, answer.text
            await asyncio.sleep(0.02)

    async def progress(self, more: int, within_s: float = 30.0) -> int:
        """Wait until so many more reports were answered; how many there are then."""
        wanted = len(self.answered) + more
        async with asyncio.timeout(within_s):
            while len(self.answered) < wanted:
                await asyncio.sleep(0.01)
        return len(self.answered)


@asynccontextmanager
async def plant_under_load(data: Path, serve_as: list[str] | None = None) -> AsyncIterator[PlantUnderLoad]:
    """A demo plant with its processes running and nobody reporting yet."""
    with start(data) as database, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        migrate(database.dsn(OWNER))
        settings = Settings(data=data)
        async with open_house(database.dsn, data=data) as house:
            await demo.set_up_demo(house, settings)
        plant = PlantUnderLoad(data, port, database, serve_as or [sys.executable, "-m", "anhuan", "serve"])
        try:
            plant.start("serve")
            plant.start("worker")
            await plant.ready()
            await plant.sign_in()
            yield plant
        finally:
            for part in plant.parts.values():
                part.kill()
                part.wait()
