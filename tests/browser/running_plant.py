"""A whole Anhuan with its demo plant, run as a newcomer runs it, and browsers of the people who work there."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, BrowserContext, Page, expect

from anhuan.testing.waiting import eventually

READY_WITHIN_S = 180.0
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
SETTLED = """() => Promise.all(
  document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().endTime !== Infinity)
    .map((one) => one.finished.catch(() => undefined)),
)"""
API = "/api/v1"

expect.set_options(timeout=15_000)


@dataclass
class RunningPlant:
    """Where it answers, who may sign in, and who is who."""

    address: str
    accounts: list[dict[str, Any]]
    environment: dict[str, str]
    _clients: dict[str, httpx.Client] = field(default_factory=dict)

    @property
    def admin(self) -> str:
        """The administrator's log-in."""
        return str(self.accounts[0]["login"])

    def worker(self) -> str:
        """The log-in of somebody who only works here."""
        return next(str(one["login"]) for one in self.accounts if one["roles"] == ["worker"])

    def password(self, login: str) -> str:
        return next(str(one["password"]) for one in self.accounts if one["login"] == login)

    def api(self, login: str) -> httpx.Client:
        """The API as somebody, signed in once."""
        if login not in self._clients:
            client = httpx.Client(base_url=self.address + API, timeout=30, headers={"Accept-Language": "zh"})
            answer = client.post("/sessions", json={"login": login, "password": self.password(login)})
            answer.raise_for_status()
            client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
            self._clients[login] = client
        return self._clients[login]

    def get(self, login: str, path: str, **query: str) -> Any:
        answer = self.api(login).get(path, params=query)
        answer.raise_for_status()
        return answer.json()

    def login_of(self, person: str) -> str:
        """The log-in of a person of the plant: their staff number."""
        people = self.get(self.admin, "/plant/choices")["people"]
        return next(str(one["number"]) for one in people if one["id"] == person)

    def case(self, number: str) -> Any:
        """A case by its number, as the administrator sees it."""
        found = self.get(self.admin, "/cases", q=number, status="all")["items"]
        (brief,) = (one for one in found if one["number"] == number)  # others that came of it name it too
        return self.get(self.admin, f"/cases/{brief['id']}")

    def holders(self, number: str, duty: str, part: str = "") -> list[str]:
        """Log-ins of those who may do a case's open duty; of one part among several where one is named."""
        found = self._open(number, duty, part)
        return [self.login_of(holder["id"]) for one in found for holder in one["holders"]]

    def _open(self, number: str, duty: str, part: str = "") -> list[Any]:
        duties = self.case(number)["duties"]
        return [one for one in duties if (one["key"], one["status"]) == (duty, "open") and part in ("", one["part"])]

    def do(self, number: str, duty: str, login: str, form: dict[str, object] | None = None) -> None:
        """Does over the API what somebody owes of a duty; nothing where a colleague did it before them."""
        case = self.case(number)["id"]
        seen = self.get(login, f"/cases/{case}")["duties"]
        for one in seen:
            if (one["key"], one["status"], one["may"]["do"]["ok"]) == (duty, "open", True):
                path = f"/cases/{case}/duties/{one['no']}/discharge"
                self.api(login).post(path, json={"outcome": "done", "form": form or {}}).raise_for_status()

    def drawn(self, case: str, duty: str) -> str:
        """Who was drawn for a blind duty: told to nobody, so it is found as the tutorial says."""
        seen = self.get(self.admin, f"/cases/{case}")
        command = [sys.executable, "-m", "anhuan", "demo", "owing", seen["number"]]
        said = subprocess.run(command, env=self.environment, check=True, capture_output=True, text=True).stdout
        name = next(one["name"] for one in seen["duties"] if (one["key"], one["status"]) == (duty, "open"))
        (login,) = [line.split()[0] for line in said.splitlines() if line.endswith(f"  {name}")]
        return login


@contextmanager
def running_plant(data: Path) -> Iterator[RunningPlant]:
    """Sets the demo plant up in `data` and runs it until it is left."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "ANHUAN_DATA": str(data), "PORT": str(port), "HOST": "127.0.0.1"}
    environment.pop("DATABASE_URL", None)
    log = data.parent / "anhuan.log"
    command = [sys.executable, "-m", "anhuan"]
    with log.open("wb") as said:
        process = subprocess.Popen([*command, "run"], env=environment, stdout=said, stderr=said)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_until_ready(address, process, log)
        listed = subprocess.run(
            [*command, "demo", "accounts", "--json"], env=environment, check=True, capture_output=True, text=True
        )
        yield RunningPlant(address, json.loads(listed.stdout), environment)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_ready(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    def ready() -> bool:
        try:
            return process.poll() is not None or httpx.get(f"{address}/healthz", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    eventually(ready, within_s=READY_WITHIN_S, what="Anhuan comes up")
    if process.poll() is not None:
        raise AssertionError(f"Anhuan did not come up:\n{log.read_text(errors='replace')[-4000:]}")


@dataclass
class Visitor:
    """Somebody at a browser of their own."""

    plant: RunningPlant
    context: BrowserContext
    page: Page
    errors: list[str]

    def open(self, path: str) -> Page:
        """Go to a page and wait until it shows its head."""
        self.page.goto(self.plant.address + path)
        expect(self.page.locator("h1").first).to_be_visible()
        expect(self.page.locator("[aria-busy=true]")).to_have_count(0)
        return self.page

    def violations(self) -> list[str]:
        """What axe-core finds wrong for people who cannot see or use a mouse (WCAG 2.1 A and AA).

        Looks at the page once colours and places have stopped moving: half-way through a transition a button has
        a colour nobody ever reads it in.
        """
        self.page.evaluate(SETTLED)
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})")
        return [
            f"{one['id']}: {node['html'][:160]} ({node['failureSummary'][:200]})"
            for one in found["violations"]
            for node in one["nodes"]
        ]

    def overflow(self) -> int:
        """By how many pixels the page is wider than the screen."""
        wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(self.page.evaluate(wide))


@contextmanager
def visit(
    browser: Browser, plant: RunningPlant, login: str, language: str = "zh", size: dict[str, int] | None = None
) -> Iterator[Visitor]:
    """Signs somebody in through the page, in a language, at a size; at the end the page must have had no error."""
    size = size or DESK
    locale = {"zh": "zh-CN", "en": "en-GB"}[language]
    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]}, locale=locale, has_touch=size is PHONE
    )
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None,
    )
    try:
        page.goto(f"{plant.address}/sign-in")
        page.locator("#login").fill(login)
        page.locator("#password").fill(plant.password(login))
        page.locator("button[type=submit]").click()
        expect(page.locator("#main")).to_be_visible()
        yield Visitor(plant, context, page, errors)
        assert not errors, errors
    finally:
        context.close()
