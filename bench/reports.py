"""Reports per second over HTTP with everything on, as a share of pgbench writing the same rows.

Two web processes and a worker (live sequencer, effects), sessions, row-level security as the app's role, validation,
routing; 16 clients. pgbench (`-M prepared`, 16 clients, the same server, also as the app's role) writes the same rows
without a chain lock. Both run by turns; medians are compared.
"""

import asyncio
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from bench.results import Section

from anhuan.app.accounts import NewAccount
from anhuan.bootstrap import House, open_house
from anhuan.domain.ids import TenantId
from anhuan.storage.embedded import APP, OWNER, SUPERUSER, Running, start
from anhuan.storage.embedded.software import wheel_folder
from anhuan.storage.migrate import migrate
from anhuan.testing.plants import REPORTER, settle
from anhuan.testing.waiting import eventually

CLIENTS = 16
SECONDS = 5
ALTERNATIONS = 5
WEB_PROCESSES = 2
PASSWORD = "bench-" + "p4ssw0rd-long"
REPORT: dict[str, object] = {
    "description": "消火栓前堆放托盘，取用不便，通道宽度不足",
    "category": "fire",
    "area": "area-press",
    "equipment": "none",
    "risk": {"method": "lec", "factors": {"l": 3, "e": 6, "c": 7}},
}
"""An ordinary finding: one party to acknowledge, one to rectify."""


@dataclass
class _Runs:
    """What alternating runs gave."""

    ours: list[float] = field(default_factory=list)
    peer: list[float] = field(default_factory=list)
    web_ms: list[float] = field(default_factory=list)
    database_ms: list[float] = field(default_factory=list)
    p50_ms: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)


def measure(tenants: int) -> Section:
    """The figures for so many tenants."""
    section = Section(
        f"Reports over HTTP, {tenants} tenant{'s' if tenants > 1 else ''}",
        f"{WEB_PROCESSES} web processes and a worker, {CLIENTS} clients, {ALTERNATIONS} alternations of {SECONDS} s "
        "with pgbench writing the same rows; medians.",
    )
    print(section.title, flush=True)
    data = Path(tempfile.mkdtemp(prefix="anhuan-bench-"))
    try:
        with start(data) as server:
            migrate(server.dsn(OWNER))
            names = asyncio.run(_settle(server, data, tenants))
            with _processes(data) as running:
                requests = [_sign_in(running.port, name) for name in names]
                _run_load(running.port, requests, 1)
                _copy_rows(server)
                running.start("worker")
                _run_load(running.port, requests, 2)
                runs = _alternate(server, running.port, requests, running.web)
    finally:
        shutil.rmtree(data, ignore_errors=True)
    _tell(section, runs)
    return section


async def _settle(server: Running, data: Path, tenants: int) -> list[str]:
    names = []
    async with open_house(server.dsn, data=data) as house:
        for number in range(tenants):
            tenant = await settle(house, f"plant-{number}")
            await _add_reporter(house, tenant)
            names.append(f"reporter@plant-{number}")
    return names


async def _add_reporter(house: House, tenant: TenantId) -> None:
    new = NewAccount(login="reporter", roles=("worker",), password=PASSWORD, person=REPORTER)
    await house.accounts.create(tenant, new)


class _Processes:
    """Anhuan's processes on one data folder."""

    def __init__(self, data: Path) -> None:
        self.port = 18_500 + os.getpid() % 1000
        self._environment = {
            **os.environ,
            "ANHUAN_DATA": str(data),
            "PORT": str(self.port),
            "ANHUAN_LOG_LEVEL": "warning",
        }
        self.web: list[subprocess.Popen[bytes]] = []
        self._all: list[subprocess.Popen[bytes]] = []

    def start(self, part: str) -> None:
        """Start a web process (`serve`) or the worker."""
        process = subprocess.Popen([sys.executable, "-m", "anhuan", part], env=self._environment)
        self._all.append(process)
        if part == "serve":
            self.web.append(process)

    def stop(self) -> None:
        """Stop them all."""
        for process in self._all:
            process.terminate()
        for process in self._all:
            process.wait(20)


@contextmanager
def _processes(data: Path) -> Iterator[_Processes]:
    """The web processes, ready; the worker is started by whoever has laid its pattern aside."""
    running = _Processes(data)
    try:
        for _ in range(WEB_PROCESSES):
            running.start("serve")
        eventually(lambda: _healthy(running.port), within_s=60, what="the server takes reports")
        yield running
    finally:
        running.stop()


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _sign_in(port: int, login: str) -> dict[str, object]:
    """A session, as the headers and body of a report."""
    body = json.dumps({"login": login, "password": PASSWORD}).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/v1/sessions", body)
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request) as answer:
        cookie = answer.headers["Set-Cookie"].split(";")[0]
        csrf = json.load(answer)["csrf_token"]
    headers = {"Cookie": cookie, "X-CSRF-Token": csrf, "Content-Type": "application/json"}
    # The first tenant's demo pack is the only one that people report to.
    kind = _first_kind(port, headers)
    return {"headers": headers, "body": json.dumps({"kind": kind, "form": REPORT})}


def _first_kind(port: int, headers: dict[str, str]) -> str:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/v1/kinds", headers=headers)
    with urllib.request.urlopen(request) as answer:
        kinds = json.load(answer)["items"]
    return str(next(kind["key"] for kind in kinds if "report" in kind["raised_by"]))


def _run_load(port: int, requests: list[dict[str, object]], seconds: float) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.load", str(port), str(seconds), str(CLIENTS)]
    done = subprocess.run(command, input=json.dumps(requests).encode(), capture_output=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr.decode())
    return dict(json.loads(done.stdout))


# --- the peer

_PATTERNS = {
    "bench_event": "SELECT * FROM event WHERE stream = '{case}'",
    "bench_case": "SELECT * FROM case_row WHERE id = '{case}'",
    "bench_duty": "SELECT * FROM duty_row WHERE case_id = '{case}'",
    "bench_timer": "SELECT * FROM timer WHERE case_id = '{case}'",
    "bench_effect": "SELECT tenant_id, effect, due_at FROM outbox WHERE effect::text LIKE '%{case}%'",
}
_REPLACED = {
    "event": {"stream": "c"},
    "case_row": {"id": "c", "number": "c"},
    "duty_row": {"case_id": "c"},
    "timer": {"case_id": "c", "due_at": "'2099-01-01'"},
}
"""What each copy gets instead of the pattern's own: the new id, and a due time that no worker comes to."""
_REST = """
CREATE TABLE bench_outbox (LIKE outbox INCLUDING ALL);
CREATE TABLE bench_pending (LIKE ledger_pending INCLUDING ALL);
GRANT SELECT ON bench_event, bench_case, bench_duty, bench_timer, bench_effect TO anhuan_app;
GRANT INSERT ON bench_outbox, bench_pending TO anhuan_app;
"""


def _copy_rows(server: Running) -> None:
    """Lay what one report wrote aside as a pattern, and a function that writes it again under another id."""
    with psycopg.connect(server.dsn(SUPERUSER), autocommit=True) as connection:
        row = connection.execute(
            "SELECT c.id, c.tenant_id FROM case_row c JOIN outbox o ON o.effect::text LIKE '%' || c.id || '%' LIMIT 1"
        ).fetchone()
        assert row is not None, "no report has effects waiting: the worker was faster than the load"
        case, tenant = row
        for table, query in _PATTERNS.items():
            connection.execute(f"CREATE TABLE {table} AS {query.format(case=case)}".encode())
        connection.execute(_REST)
        connection.execute(_function(connection).encode())
    Path(_script()).write_text(
        f"BEGIN;\nSELECT set_config('anhuan.tenant', '{tenant}', true);\n"
        "SELECT bench_report(gen_random_uuid()::text);\nCOMMIT;\n",
        encoding="ascii",
    )


def _function(connection: psycopg.Connection[tuple[object, ...]]) -> str:
    inserts = []
    for (table, replaced), pattern in zip(_REPLACED.items(), _PATTERNS, strict=False):
        columns = [
            str(name)
            for (name,) in connection.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 ORDER BY attnum",
                (table,),
            )
        ]
        values = ", ".join(replaced.get(column, f'"{column}"') for column in columns)
        names = ", ".join(f'"{column}"' for column in columns)
        inserts.append(f"INSERT INTO {table} ({names}) SELECT {values} FROM {pattern};")
    inserts += [
        "INSERT INTO bench_pending (tenant_id, stream, version) SELECT tenant_id, c, version FROM bench_event;",
        "INSERT INTO bench_outbox (tenant_id, effect, due_at) SELECT tenant_id, effect, due_at FROM bench_effect;",
        "INSERT INTO command_key SELECT tenant_id, c, repeat('0', 64), c, now() FROM bench_case;",
    ]
    body = "\n".join(inserts)
    return f"CREATE FUNCTION bench_report(c text) RETURNS void LANGUAGE sql AS $$\n{body}\n$$;"


def _script() -> str:
    return str(Path(tempfile.gettempdir()) / f"anhuan-bench-{os.getpid()}.sql")


def _run_peer(server: Running) -> float:
    """pgbench's transactions per second."""
    program = wheel_folder() / "bin" / "pgbench"
    command = [str(program), "-n", "-M", "prepared", "-f", _script(), "-c", str(CLIENTS), "-j", "2", "-T", str(SECONDS)]
    done = subprocess.run([*command, server.dsn(APP)], capture_output=True, text=True, check=False)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if not found:
        raise SystemExit(done.stdout + done.stderr)
    return float(found[1])


# --- running by turns


def _alternate(
    server: Running, port: int, requests: list[dict[str, object]], parts: list[subprocess.Popen[bytes]]
) -> _Runs:
    runs = _Runs()
    for _ in range(ALTERNATIONS):
        runs.peer.append(_run_peer(server))
        web, database = _cpu_s([p.pid for p in parts]), _database_cpu_s(server)
        load = _run_load(port, requests, SECONDS)
        answers = load["answers"]
        runs.ours.append(load["per_second"])
        runs.p50_ms.append(load["p50_ms"])
        runs.p99_ms.append(load["p99_ms"])
        runs.web_ms.append((_cpu_s([p.pid for p in parts]) - web) / answers * 1000)
        runs.database_ms.append((_database_cpu_s(server) - database) / answers * 1000)
    return runs


def _database_cpu_s(server: Running) -> float:
    """CPU seconds of PostgreSQL, its processes that have ended included."""
    if server.postmaster is None:
        return 0.0
    children = Path(f"/proc/{server.postmaster}/task/{server.postmaster}/children").read_text(encoding="ascii").split()
    return _cpu_s([server.postmaster], with_ended=True) + _cpu_s([int(child) for child in children])


def _cpu_s(pids: list[int], *, with_ended: bool = False) -> float:
    """CPU seconds that processes have used, user and system; `with_ended`: and their children that have ended."""
    total = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(map(int, fields[11 : 15 if with_ended else 13]))
    return total / os.sysconf("SC_CLK_TCK")


def _tell(section: Section, runs: _Runs) -> None:
    median = statistics.median
    share = median(ours / peer for ours, peer in zip(runs.ours, runs.peer, strict=True))
    section.add("reports per second", f"{median(runs.ours):,.0f}")
    section.add("pgbench, the same rows, per second", f"{median(runs.peer):,.0f}")
    section.add("share of pgbench", f"{share:.2f}", "at least 0.25, aim 0.30", share >= 0.25)
    web = median(runs.web_ms)
    section.add("server CPU per report", f"{web:.2f} ms", "at most 0.8 ms, aim 0.65", web <= 0.8)
    section.add("PostgreSQL CPU per report", f"{median(runs.database_ms):.2f} ms")
    section.add("answer time p50 / p99", f"{median(runs.p50_ms):.0f} / {median(runs.p99_ms):.0f} ms")


if __name__ == "__main__":
    for count in [int(word) for word in sys.argv[1:]] or [1, 16]:
        measure(count)
