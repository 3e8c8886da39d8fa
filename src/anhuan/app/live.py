"""What happens, told to whoever watches: one listener per process, a bounded queue per watcher.

A watcher who does not keep up is let go instead of holding the others back or filling the memory: their stream ends,
and with the place in the log that they had reached they take it up again. The same is done to all when the connection
to the database broke, as calls may have been missed meanwhile.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Self

from msgspec import Struct

from anhuan.domain.ids import PersonId, TenantId
from anhuan.ports.live import Called, Change, LiveStore, Since

log = logging.getLogger(__name__)

QUEUE = 64
"""News that may wait for one watcher; each may tell of many cases."""
TOLD_AGAIN = 2000
"""Entries back to which a watcher who returns is told what happened; beyond that they read everything anew."""
READY_WITHIN_S = 10.0


class News(Struct, frozen=True):
    """What one call was about."""

    changes: Sequence[Change] = ()
    noticed: frozenset[PersonId] = frozenset()


class Watcher:
    """One watcher's queue."""

    def __init__(self, tenant: TenantId) -> None:
        self.tenant = tenant
        self._queue: asyncio.Queue[News | None] = asyncio.Queue(QUEUE)
        self.is_over = False
        """Let go: nothing more comes than what waits already."""

    def put(self, news: News) -> None:
        """Queue news; a full queue ends it."""
        try:
            self._queue.put_nowait(news)
        except asyncio.QueueFull:
            self.end()

    def end(self) -> None:
        """Let the watcher go."""
        self.is_over = True
        if not self._queue.full():
            self._queue.put_nowait(None)

    async def next(self, within_s: float) -> News | None:
        """The next news; None when there is none in time, or no more at all (`is_over`)."""
        if self.is_over and self._queue.empty():
            return None
        try:
            return await asyncio.wait_for(self._queue.get(), within_s)
        except TimeoutError:
            return None


class Live:
    """Fans news out. An async context manager around a process's life; it listens once somebody watches."""

    def __init__(self, store: LiveStore) -> None:
        self._store = store
        self._watchers: dict[TenantId, set[Watcher]] = {}
        self._task: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._stopped = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.stop()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def stop(self) -> None:
        """Let every watcher go, and take no more: the process is about to end."""
        self._stopped = True
        self._let_go()

    @asynccontextmanager
    async def watch(self, tenant: TenantId) -> AsyncIterator[Watcher]:
        """A watcher of a tenant. Nothing is missed from here on. Raises TimeoutError when the database is away."""
        watcher = Watcher(tenant)
        self._watchers.setdefault(tenant, set()).add(watcher)
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="live")
        try:
            if self._stopped:
                watcher.end()
            else:
                await asyncio.wait_for(self._ready.wait(), READY_WITHIN_S)
            yield watcher
        finally:
            self._watchers[tenant].discard(watcher)
            if not self._watchers[tenant]:
                del self._watchers[tenant]

    async def since(self, tenant: TenantId, position: int | None) -> Since:
        """What a watcher who had reached a place in the log has missed."""
        return await self._store.since(tenant, position, TOLD_AGAIN)

    async def _run(self) -> None:
        async for called in self._store.listen():
            if called is None:
                if self._ready.is_set():
                    self._let_go()
                self._ready.set()
                continue
            try:
                await self._tell(called)
            except Exception as error:  # noqa: BLE001  whoever watches takes it up again from where they were
                log.warning("live: news of %s could not be told: %s", called.tenant, error)
                self._let_go()

    async def _tell(self, called: Called) -> None:
        if called.tenant not in self._watchers:
            return
        changes = await self._store.changes(called) if called.changed else ()
        news = News(changes, frozenset(called.noticed))
        for watcher in self._watchers.get(called.tenant, ()):
            watcher.put(news)

    def _let_go(self) -> None:
        for watchers in self._watchers.values():
            for watcher in watchers:
                watcher.end()
