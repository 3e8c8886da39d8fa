"""The live stream (server-sent events): that something changed, never what. Whoever wants to know reads it as always.

    case    {id, version, kind}   a case that the caller may see has moved on
    tasks   {}                    tasks may have changed
    notice  {}                    there is something new in the caller's inbox
    plant   {version}
    missed  {}                    more happened than is told again: read everything anew
    ping    {}                    every 15 s

So a blind copy needs no redaction here: only ids and versions travel. An event's id is a place in the tenant's ledger;
`Last-Event-ID` takes the stream up again from there.
"""

from collections.abc import AsyncIterator, Sequence

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from anhuan.app.identity import Caller
from anhuan.app.live import News, Watcher
from anhuan.app.permission import Permission
from anhuan.app.viewing import parts_seen
from anhuan.core.case.outcome import Reason
from anhuan.http.entry import admit
from anhuan.http.problems import Problem
from anhuan.http.routes import Asker, Routes
from anhuan.http.scope import services
from anhuan.ports.faults import StoreAway
from anhuan.ports.live import Change

PING_S = 15.0
RETRY_MS = 2000
PLANT = "plant"
_LONGEST_ID = 18

routes = Routes("live")


@routes.get(
    "/live",
    Permission.SELF,
    lean=True,
    extra={
        "responses": {
            "200": {"description": __doc__, "content": {"text/event-stream": {"schema": {"type": "string"}}}},
        },
        "parameters": [
            {
                "name": "Last-Event-ID",
                "in": "header",
                "description": "The id of the last event that was received.",
                "schema": {"type": "string", "pattern": f"^[0-9]{{1,{_LONGEST_ID}}}$"},
            }
        ],
    },
)
async def live(request: Request, caller: Asker) -> Response:
    """News as they come, as server-sent events."""
    reached = _last_event(request)
    return StreamingResponse(
        _stream(request, caller, reached),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _last_event(request: Request) -> int | None:
    given = request.headers.get("last-event-id")
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) <= _LONGEST_ID):
        raise Problem(400, Reason("last_event_unreadable", params={"value": given[:100]}))
    return int(given)


async def _stream(request: Request, caller: Caller, reached: int | None) -> AsyncIterator[bytes]:
    """The stream's bytes. It ends when the caller may no longer see, or must take it up again."""
    live = services(request).live
    yield b"retry: %d\n\n" % RETRY_MS
    try:
        async with live.watch(caller.tenant_id) as watcher:
            since = await live.since(caller.tenant_id, reached)
            teller = _Teller(request, caller, since.reached)
            if since.missed:
                yield _event("missed", {}, since.reached)
            yield await teller.told(since.changes)
            yield _event("ping", {}, since.reached if since.reached >= 0 else None)
            async for part in _follow(request, watcher, teller):
                yield part
    except (StoreAway, TimeoutError):
        return  # the browser takes it up again, from the last id that it saw


async def _follow(request: Request, watcher: Watcher, teller: "_Teller") -> AsyncIterator[bytes]:
    while True:
        news = await watcher.next(PING_S)
        if news is not None:
            if part := await teller.news(news):
                yield part
        elif watcher.is_over or not await _still_admitted(request):
            return
        else:
            yield _event("ping", {})


async def _still_admitted(request: Request) -> bool:
    """Whether the session still holds: a stream outlives many requests."""
    try:
        await admit(request, Permission.SELF)
    except Problem:
        return False
    return True


class _Teller:
    """Turns changes into events for one caller."""

    def __init__(self, request: Request, caller: Caller, reached: int) -> None:
        self._services = services(request)
        self._caller = caller
        self._reached = reached

    async def news(self, news: News) -> bytes:
        """Events for one call; what was told when the stream began is not told again."""
        fresh = [change for change in news.changes if change.position > self._reached]
        told = await self.told(fresh)
        return told + (_event("notice", {}) if self._caller.person in news.noticed else b"")

    async def told(self, changes: Sequence[Change]) -> bytes:
        """Events for changes, in the order of the log."""
        if not changes:
            return b""
        self._reached = max(self._reached, changes[-1].position)
        seen = await self._seen()
        parts: list[bytes] = []
        cases = 0
        for change in changes:
            if change.stream == PLANT:
                parts.append(_event("plant", {"version": change.version}, change.position))
            elif change.kind is not None and (seen is None or seen & change.parts):
                about = {"id": change.stream, "version": change.version, "kind": change.kind}
                parts.append(_event("case", about, change.position))
                cases += 1
        if cases:
            parts.append(_event("tasks", {}))
        return b"".join(parts)

    async def _seen(self) -> frozenset[str] | None:
        """The parts by which the caller sees cases; None: every case."""
        granted = self._caller.permissions
        if Permission.CASES_SEE not in granted:
            return frozenset()
        if Permission.CASES_SEE_ALL in granted:
            return None
        snapshot = await self._services.snapshots.get(self._caller.tenant_id)
        return parts_seen(snapshot.plant, self._caller.person, self._services.clock())


def _event(name: str, about: dict[str, object], position: int | None = None) -> bytes:
    number = b"" if position is None else b"id: %d\n" % position
    return number + b"event: " + name.encode() + b"\ndata: " + orjson.dumps(about) + b"\n\n"
