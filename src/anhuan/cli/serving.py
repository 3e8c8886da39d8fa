"""Running Anhuan: all of it on one machine (`run`), or its parts alone (`serve`, `worker`), as many as wanted."""

import asyncio
import gc
import logging
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import typer
import uvicorn

from anhuan.bootstrap import House, web_app, worker_loops
from anhuan.cli import demo
from anhuan.cli.database import Dsn, database, settled_house, tie_to_parent
from anhuan.cli.loop import run_fast
from anhuan.settings import Settings
from anhuan.storage import embedded
from anhuan.worker.loops import run_loops

log = logging.getLogger("anhuan")

READY_WITHIN_S = 60.0
STOP_WITHIN_S = 15.0
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def _log_plainly(settings: Settings) -> None:
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)


def serve() -> None:
    """Serve the API and the pages."""
    settings = Settings.from_environment()
    _log_plainly(settings)

    async def work() -> None:
        with database(settings) as dsn:
            async with settled_house(dsn, settings) as house:
                await _serve(house, settings)

    run_fast(work())


async def _serve(house: House, settings: Settings) -> None:
    if settings.host not in _LOOPBACK and demo.read_accounts(settings):
        log.warning(
            "the demo plant's passwords are known to whoever can read them: do not serve it on %s", settings.host
        )
    config = uvicorn.Config(
        web_app(house, public_url=settings.public_url),
        log_level="warning",
        access_log=False,
        lifespan="off",
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=5,
        server_header=False,
        date_header=False,
    )
    server = _Server(config)

    def leave() -> None:
        house.live.stop()  # streams never end by themselves
        server.leave()

    _on_signals(leave)
    gc.collect()
    gc.freeze()  # what is there now stays, and need not be looked through again and again
    with _listen(settings) as listener:
        await server.serve(sockets=[listener])


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling, which raises the signal again once it has stopped and so cuts short
    whatever is still to be closed."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def leave(self) -> None:
        """Finish what runs, then end; asked twice, end at once."""
        self.force_exit = self.should_exit
        self.should_exit = True


def _on_signals(act: Callable[[], None]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, act)


def _listen(settings: Settings) -> socket.socket:
    """A socket of this process's own; several processes share the port, the kernel spreads connections over them."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind((settings.host, settings.port))
    return listener


def worker() -> None:
    """Do what time makes due: deadlines, notices, rounds, the ledger."""
    settings = Settings.from_environment()
    _log_plainly(settings)

    async def work() -> None:
        stop = asyncio.Event()
        _on_signals(stop.set)
        with database(settings) as dsn:
            async with settled_house(dsn, settings) as house:
                await run_loops(worker_loops(house), stop)

    run_fast(work())


def run() -> None:
    """Run all of it on this machine: database, a demo plant the first time, web pages, worker. Ctrl-C stops it."""
    settings = Settings.from_environment()
    _log_plainly(settings)
    settings.data.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, _interrupt)
    _refuse_taken_port(settings)
    parts: list[subprocess.Popen[bytes]] = []
    with database(settings) as dsn:
        try:
            if settings.database_url is None and not demo.accounts_file(settings).exists():
                asyncio.run(_demo(dsn, settings))
            parts = [_start("serve") for _ in range(settings.web_processes)] + [_start("worker")]
            address = f"http://{settings.host}:{settings.port}"
            if _wait_ready(address, parts):
                typer.echo(demo.greeting(settings, address))
            _watch(parts)
        except KeyboardInterrupt:
            typer.echo("\nstopping")
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            _stop(parts)


async def _demo(dsn: Dsn, settings: Settings) -> None:
    async with settled_house(dsn, settings) as house:
        if await demo.is_wanted(house):
            typer.echo("setting up the demo plant (a moment, once)")
            await demo.set_up_demo(house, settings)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _refuse_taken_port(settings: Settings) -> None:
    """Two installations on one port would answer by turns; so the port must be free before anything starts."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            running = embedded.holder(settings.data)
            whose = f" Anhuan runs on this data already: {running}." if running else ""
            typer.echo(
                f"Port {settings.port} on {settings.host} is taken ({error.strerror}).{whose} "
                f"Stop what uses it, or choose another: PORT=8001 make run",
                err=True,
            )
            raise typer.Exit(1) from None


def _start(part: str) -> subprocess.Popen[bytes]:
    """A part as a process of its own, which ends with this one, however this one ends."""
    tie = partial(tie_to_parent, os.getpid())
    return subprocess.Popen([sys.executable, "-m", "anhuan", part], preexec_fn=tie)  # noqa: PLW1509


def _wait_ready(address: str, parts: list[subprocess.Popen[bytes]]) -> bool:
    until = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < until and all(part.poll() is None for part in parts):
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2) as answer:
                if answer.status == 200:
                    return True
        except OSError:
            time.sleep(0.1)
    return False


def _watch(parts: list[subprocess.Popen[bytes]]) -> None:
    """Until somebody interrupts. A part that dies is started again, and it is said."""
    starts = {part.pid: time.monotonic() for part in parts}
    while True:
        time.sleep(0.5)
        for place, part in enumerate(parts):
            if part.poll() is None:
                continue
            name = str(part.args[-1]) if isinstance(part.args, list) else "a part"
            if time.monotonic() - starts[part.pid] < 3:
                typer.echo(f"{name} does not stay up (exit {part.returncode}); see its message above", err=True)
                raise typer.Exit(1)
            log.error("%s died (%s) and is started again", name, part.returncode)
            parts[place] = _start(name)
            starts[parts[place].pid] = time.monotonic()


def _stop(parts: list[subprocess.Popen[bytes]]) -> None:
    for part in parts:
        if part.poll() is None:
            part.send_signal(signal.SIGINT)
    until = time.monotonic() + STOP_WITHIN_S
    for part in parts:
        try:
            part.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            part.kill()
            part.wait()
