"""What is over is put away: sessions that nobody can use any more, and API tokens whose time has come.

Neither opens anything from the moment it expires, whether or not it was put away; so nothing hangs on when this runs.
A session that ran out is no event, like the signing in that it came from; a token that did is one.
"""

from anhuan.app.identity import LONGEST
from anhuan.core.account.events import TokenExpired
from anhuan.ports.clock import Clock
from anhuan.ports.due import DueStore
from anhuan.ports.identity import IdentityStore

BATCH = 100


class Expiry:
    """One worker's hands: call `step` again and again. Any number of workers may."""

    def __init__(self, due: DueStore, store: IdentityStore, clock: Clock) -> None:
        self._due = due
        self._store = store
        self._clock = clock

    async def step(self) -> int:
        """Put away what is over; how much that was. Of each tenant at most BATCH tokens at once."""
        done = 0
        for tenant in await self._due.tenants():
            at = self._clock()
            done += await self._store.end_expired_sessions(tenant, at, at - LONGEST)
            for token in await self._store.expired_tokens(tenant, at, BATCH):
                event = TokenExpired(at=at, by=None, by_account=None, token=token)
                done += await self._store.end_token(tenant, token, None, at, event)
        return done
