"""The account lock: after some wrong passwords an account waits, longer each time, and never for ever.

An attempt is counted before its password is looked at and forgiven when it was right, so that a thousand guesses sent
at once are a thousand guesses. Log-ins that nobody has are counted alike (in memory), so that a lock tells nothing.
"""

from collections import OrderedDict
from datetime import datetime, timedelta

from anhuan.core.account.events import AccountLocked
from anhuan.ports.identity import Account, Attempt

FREE_ATTEMPTS = 5
"""So many wrong passwords cost nothing."""
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=15)
UNKNOWN_LOGINS_MAX = 10_000


def wait_after(failed_logins: int) -> timedelta | None:
    """How long an account waits after so many wrong passwords in a row; None: not at all."""
    beyond = failed_logins - FREE_ATTEMPTS
    if beyond < 0:
        return None
    return min(FIRST_WAIT * (1 << min(beyond, 16)), LONGEST_WAIT)


def waits(locked_until: datetime | None, at: datetime) -> timedelta | None:
    """How much longer a lock holds; None: it does not."""
    return locked_until - at if locked_until is not None and locked_until > at else None


def count(failed_logins: int, at: datetime) -> Attempt:
    """The lock with one more attempt counted."""
    failed = failed_logins + 1
    wait = wait_after(failed)
    return Attempt(failed, at + wait if wait else None)


def count_on(account: Account, at: datetime) -> tuple[Attempt, tuple[AccountLocked, ...]] | None:
    """The account's lock with one more attempt counted, and the event of its being locked by that.

    None while it holds: that attempt is not looked at. Nobody is known to have done it, so that the event names nobody.
    """
    if waits(account.locked_until, at):
        return None
    attempt = count(account.failed_logins, at)
    if attempt.locked_until is None:
        return attempt, ()
    locked = AccountLocked(
        at=at, by=None, by_account=None, until=attempt.locked_until, failed_logins=attempt.failed_logins
    )
    return attempt, (locked,)


class UnknownLogins:
    """The locks of log-ins that no account has; the longest unused are forgotten."""

    def __init__(self) -> None:
        self._locks: OrderedDict[str, Attempt] = OrderedDict()

    def count(self, login: str, at: datetime) -> timedelta | None:
        """Counts an attempt, or says how much longer this log-in waits."""
        before = self._locks.pop(login, Attempt(0, None))
        wait = waits(before.locked_until, at)
        self._locks[login] = before if wait else count(before.failed_logins, at)
        if len(self._locks) > UNKNOWN_LOGINS_MAX:
            self._locks.popitem(last=False)
        return wait
