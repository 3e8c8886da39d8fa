"""Passwords: argon2id with OWASP's parameters, a few at a time, and what a password must be.

19 MiB and two passes cost about 25 ms of a core, so only `AT_ONCE` are worked on and `WAITING_MAX` wait; whoever comes
then is told to come again, which keeps a flood of log-ins from taking the server's cores and memory.
Source: OWASP Password Storage Cheat Sheet (m=19456, t=2, p=1); length rather than composition: NIST SP
800-63B, 5.1.1.2.
"""

import asyncio
import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE = 2
WAITING_MAX = 200
LENGTH_MIN = 10
LENGTH_MAX = 256

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODYS = _hasher.hash("nobody has this password")
"""Verified against where no account is, so that it takes as long."""


class Busy(Exception):
    """Too many are signing in at once; nothing was looked at."""


def prepared(password: str) -> bytes:
    """A password as it is hashed: the same however a keyboard composes its characters."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def fault_of(password: str, login: str) -> tuple[str, dict[str, object]] | None:
    """What keeps a password from being used, as code and params; None: nothing."""
    if len(password) < LENGTH_MIN:
        return "password_too_short", {"limit": LENGTH_MIN}
    if len(password) > LENGTH_MAX:
        return "password_too_long", {"limit": LENGTH_MAX}
    if len(set(password)) < 4 or login.lower() in password.lower() or password.lower() in _COMMON:
        return "password_too_easy", {}
    return None


class Passwords:
    """Hashes and verifies in threads, few at a time. One per process."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator["Turn"]:
        """A turn at the work; what must not happen many at once belongs inside. Raises Busy."""
        if self._waiting >= WAITING_MAX:
            raise Busy
        self._waiting += 1
        try:
            await self._turn.acquire()
        finally:
            self._waiting -= 1
        try:
            yield Turn()
        finally:
            self._turn.release()

    async def hash(self, password: str) -> str:
        """The hash to store. Raises Busy."""
        async with self.turn():
            return await asyncio.to_thread(_hasher.hash, prepared(password))


class Turn:
    """What may be done in a turn."""

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether the password fits. Takes as long where there is no hash, and then it does not."""
        fits = await asyncio.to_thread(_verify, password_hash or _NOBODYS, prepared(password))
        return fits and password_hash is not None

    async def renewed(self, password_hash: str, password: str) -> str | None:
        """A new hash where the stored one was made with weaker parameters."""
        if not _hasher.check_needs_rehash(password_hash):
            return None
        return await asyncio.to_thread(_hasher.hash, prepared(password))


def _verify(password_hash: str, password: bytes) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


_COMMON = frozenset(
    (
        *("1234567890", "0123456789", "12345678910", "123456789a", "a123456789", "qwertyuiop", "1q2w3e4r5t"),
        *("password123", "password1234", "passw0rd123", "admin12345", "admin123456", "administrator", "anhuan12345"),
        *("changeme123", "woaini1314", "woaini5201314", "abcd123456", "abc1234567", "qq123456789", "iloveyou123"),
        "letmein1234",
    )
)
