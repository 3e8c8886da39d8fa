"""Writing decisions in groups: what several people decide at the same moment shares one transaction and one flush.

Each process has one writer. While one group is on its way to disk the next gathers. A group holds at most one decision
per case; each tenant's statement runs under its own setting, pipelined. When anything in a group fails, every member is
tried again alone, so that one stale decision costs the others nothing but time.
"""

import asyncio
import secrets
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import psycopg
from psycopg import errors

from anhuan.app.projection import EventRow, case_row, duty_row, timer_row
from anhuan.core.case.state import Case
from anhuan.domain.ids import TenantId
from anhuan.ports.cases import CaseWrite, Stale
from anhuan.storage.named_sql import load
from anhuan.storage.packet import Call, Packets, Statement
from anhuan.storage.pool import Pool

LARGEST_GROUP = 16
"""Larger ones leave less to decide while they are stored: an import of many rows took a third longer with 32."""
TURNS_OF_A_REQUEST = 4
"""Turns of the event loop from a request's bytes to its decision."""
_SET_TENANT = Statement(b"anhuan_set_tenant", b"SELECT set_config('anhuan.tenant', $1::text, true)")
_APPEND = Statement(b"anhuan_append", load("cases")["append"])
_SALT_BYTES = 32

Rows = dict[str, list[object]]


class _Waiting(NamedTuple):
    write: CaseWrite
    stored: asyncio.Future[None]


class GroupWriter:
    """Stores decisions; use it as an async context manager around a process's life."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._waiting: list[_Waiting] = []
        self._came = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._packets = Packets()

    async def __aenter__(self) -> "GroupWriter":
        self._task = asyncio.create_task(self._run(), name="group writer")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    @property
    def runs(self) -> bool:
        """Whether decisions can be stored."""
        return self._task is not None and not self._task.done()

    async def store(self, write: CaseWrite) -> None:
        """Returns once the decision is durable.

        Raises Stale when the plant has moved on, psycopg.errors.UniqueViolation when a version, key or fold key is
        taken, another psycopg.Error when the database cannot.
        """
        if not self.runs:
            raise psycopg.OperationalError("the writer is not running")
        waiting = _Waiting(write, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._came.set()
        await waiting.stored

    async def _run(self) -> None:
        while True:
            group: list[_Waiting] = []
            try:
                await self._came.wait()
                await self._linger()
                group = self._next_group()
                await self._store([waiting.write for waiting in group])
            except asyncio.CancelledError:
                for waiting in (*group, *self._waiting):
                    waiting.stored.cancel()
                raise
            except Exception as error:  # noqa: BLE001  whatever it was, whoever waits is told and the loop goes on
                await self._one_by_one(group, error)
            else:
                for waiting in group:
                    _answer(waiting, None)

    async def _linger(self) -> None:
        """Wait while more come: what is being read and decided just now joins this group. A full one goes at once."""
        there = 0
        while there < len(self._waiting) < LARGEST_GROUP:
            there = len(self._waiting)
            for _ in range(TURNS_OF_A_REQUEST):
                await asyncio.sleep(0)

    def _next_group(self) -> list[_Waiting]:
        """Who came first, up to a full group; a second decision on the same case waits for the next."""
        cases: set[tuple[TenantId, str]] = set()
        now: list[_Waiting] = []
        later: list[_Waiting] = []
        for waiting in self._waiting:
            key = (waiting.write.tenant, waiting.write.case.id)
            (later if key in cases or len(now) >= LARGEST_GROUP else now).append(waiting)
            cases.add(key)
        self._waiting = later
        if not later:
            self._came.clear()
        return sorted(now, key=lambda w: (w.write.tenant, w.write.case.id))

    async def _store(self, writes: Sequence[CaseWrite]) -> None:
        """One transaction in one round trip. Rolled back whole when any part cannot be."""
        try:
            async with self._pool.bare_connection() as connection:
                await self._packets.send(connection, calls_of(writes))
        except errors.DivisionByZero as error:
            raise Stale("the plant has moved on") from error

    async def _one_by_one(self, group: Sequence[_Waiting], error: Exception) -> None:
        if len(group) == 1:
            _answer(group[0], error)
            return
        for waiting in group:
            await self._alone(waiting)

    async def _alone(self, waiting: _Waiting) -> None:
        try:
            await self._store([waiting.write])
        except asyncio.CancelledError:
            waiting.stored.cancel()
            raise
        except Exception as error:  # noqa: BLE001  whatever it was, whoever waits is told and the loop goes on
            _answer(waiting, error)
        else:
            _answer(waiting, None)


def _answer(waiting: _Waiting, error: Exception | None) -> None:
    if waiting.stored.done():
        return
    if error is None:
        waiting.stored.set_result(None)
    else:
        waiting.stored.set_exception(error)


def calls_of(writes: Sequence[CaseWrite]) -> list[Call]:
    """What stores decisions: two statements per tenant, or more where they were made on several versions of a plant."""
    parts: dict[tuple[TenantId, int], list[CaseWrite]] = {}
    for write in writes:
        parts.setdefault((write.tenant, write.plant_version), []).append(write)
    calls: list[Call] = []
    for (tenant, plant_version), members in parts.items():
        own = tenant.encode()
        calls.append((_SET_TENANT, (own,)))
        calls.append((_APPEND, (msgspec.json.encode(rows_of(members)), own, b"%d" % plant_version)))
    return calls


def rows_of(writes: Sequence[CaseWrite]) -> Rows:
    """Everything that the statement stores, table by table."""
    rows: Rows = {name: [] for name in ("events", "cases", "duties", "timers", "disarmed", "effects", "keys")}
    for write in writes:
        _add_rows(rows, write)
    return rows


def _add_rows(rows: Rows, write: CaseWrite) -> None:
    case, tenant = write.case, write.tenant
    first = case.version - len(write.events) + 1
    salts = secrets.token_bytes(_SALT_BYTES * len(write.events)).hex()
    width = _SALT_BYTES * 2
    for number, event in enumerate(write.events):
        rows["events"].append(
            EventRow(
                tenant_id=tenant,
                stream=case.id,
                version=first + number,
                type=type(event).__name__,
                at=event.at,
                by_person=event.by,
                payload=msgspec.json.encode(event).decode(),
                salt="\\x" + salts[number * width : (number + 1) * width],
            )
        )
    rows["cases"].append(case_row(tenant, case))
    _add_duties(rows, tenant, case, {no for event in write.events if (no := getattr(event, "no", None)) is not None})
    for effect in write.effects:
        rows["effects"].append({"tenant_id": tenant, "effect": effect, "due_at": write.at})
    if write.key is not None:
        rows["keys"].append(
            {
                "tenant_id": tenant,
                "key": write.key.key,
                "body_hash": write.key.body_hash,
                "case_id": case.id,
                "at": write.at,
            }
        )


def _add_duties(rows: Rows, tenant: TenantId, case: Case, touched: set[int]) -> None:
    for number, duty in case.duties.items():
        if number not in touched:
            continue
        rows["duties"].append(duty_row(tenant, case, duty))
        timer = timer_row(tenant, case, duty)
        if timer is not None:
            rows["timers"].append(timer)
        else:
            rows["disarmed"].append({"tenant_id": tenant, "case_id": case.id, "duty_no": number})
