"""The two things of the world that every use case needs: what time it is, and ids that were never used before."""

from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], datetime]
"""The present instant, aware, UTC. Tests and simulations give one that can be moved forward."""

NewId = Callable[[], str]
"""A new UUIDv7 as text (RFC 9562): unique, and roughly in order of time."""
