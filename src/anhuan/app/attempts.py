"""A token bucket per address: how many wrong log-ins may come from one place.

Each address has `burst` tokens and gets `per_s` back each second. An attempt takes one and gets it back when it was
right, so that a whole shift signing in from behind one router is not held up, and somebody who guesses is.
"""

from collections import OrderedDict

ADDRESSES_MAX = 20_000


class Attempts:
    """Buckets by address; those of addresses not heard of for longest are forgotten."""

    def __init__(self, *, burst: float = 30.0, per_s: float = 0.5) -> None:
        self._burst = burst
        self._per_s = per_s
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str, now_s: float) -> float | None:
        """Takes a token; None when there was one, else the seconds until there is. `now_s` only ever grows."""
        tokens = self._tokens(address, now_s)
        if tokens < 1.0:
            self._put(address, tokens, now_s)
            return (1.0 - tokens) / self._per_s
        self._put(address, tokens - 1.0, now_s)
        return None

    def give_back(self, address: str, now_s: float) -> None:
        """Returns a token: that attempt was right."""
        self._put(address, min(self._burst, self._tokens(address, now_s) + 1.0), now_s)

    def _tokens(self, address: str, now_s: float) -> float:
        tokens, since_s = self._buckets.get(address, (self._burst, now_s))
        return min(self._burst, tokens + (now_s - since_s) * self._per_s)

    def _put(self, address: str, tokens: float, now_s: float) -> None:
        self._buckets[address] = (tokens, now_s)
        self._buckets.move_to_end(address)
        if len(self._buckets) > ADDRESSES_MAX:
            self._buckets.popitem(last=False)
