"""Changing the key that blind draws come from, and telling an old one once it can steer nothing any more.

A case draws with the key that was in force when it was opened, so that nobody can choose the moment of a change to
steer a case that is under way. An old key is therefore told only when no case of its time is open. A case that is
opened again later draws with the oldest key that is still secret.
"""

from datetime import timedelta
from itertools import pairwise

from msgspec import Struct

from anhuan.app.draw_audit import read_key_events
from anhuan.domain.ids import TenantId
from anhuan.ports.clock import Clock
from anhuan.ports.draws import DrawRecords, DrawStore
from anhuan.ports.secrets import DrawKey, KeyRing
from anhuan.ports.tenant_events import DrawKeyRevealed

NOTICE = timedelta(minutes=1)
"""A new key is put on record so long before the first case draws with it."""


class KeysNow(Struct, frozen=True):
    """What became of the keys."""

    committed: str | None = None
    """The new key; cases opened a minute later draw with it."""
    told: tuple[str, ...] = ()
    waiting: tuple[tuple[str, int], ...] = ()
    """Old keys that are still secret, and how many open cases they wait for; 0: their time has only just ended."""


class DrawKeys:
    """A tenant's draw keys."""

    def __init__(self, ring: KeyRing, store: DrawStore, records: DrawRecords, clock: Clock) -> None:
        self._ring = ring
        self._store = store
        self._records = records
        self._clock = clock

    async def rotate(self, tenant: TenantId) -> KeysNow:
        """Commit to a new key, and tell the old ones that may be told."""
        at = self._clock()
        key = self._ring.prepare_draw_key(tenant, at + NOTICE)
        await self._store.commit_draw_key(tenant, key, at)
        self._ring.put_in_force(tenant, key)
        now = await self.tell(tenant)
        return KeysNow(key.id, now.told, now.waiting)

    async def tell(self, tenant: TenantId) -> KeysNow:
        """Tell the old keys that may be told; one whose telling was cut short is told now."""
        told = await self._untold(tenant)
        waiting: list[tuple[str, int]] = []
        keys = self._ring.draw_keys(tenant)
        for key, following in pairwise(keys):
            if self._clock() < following.from_at + NOTICE:
                waiting.append((key.id, 0))
            elif cases := await self._retire(tenant, key, following):
                waiting.append((key.id, cases))
            else:
                told.append(key)
        for key in told:
            await self._store.reveal_draw_key(tenant, key, self._clock())
        return KeysNow(told=tuple(key.id for key in told), waiting=tuple(waiting))

    async def _untold(self, tenant: TenantId) -> list[DrawKey]:
        events = await self._records.key_events(tenant)
        told = {event.key for event in read_key_events(events) if isinstance(event, DrawKeyRevealed)}
        return [key for key in self._ring.retired(tenant) if key.id not in told]

    async def _retire(self, tenant: TenantId, key: DrawKey, following: DrawKey) -> int:
        """Take the key out of use, unless open cases (how many) may still draw with it."""
        if cases := await self._records.open_before(tenant, following.from_at):
            return cases
        self._ring.retire(tenant, key)
        # Somebody may have opened a case again in this very moment; from now on nobody draws with the key.
        if cases := await self._records.open_before(tenant, following.from_at):
            self._ring.recall(tenant, key)
        return cases
