"""What figures need of the place where cases are kept: everything counted, of one tenant, as far as somebody sees."""

from typing import Protocol

from msgspec import Struct

from anhuan.core.figures import Origin, Question, Tally
from anhuan.domain.ids import PersonId, TenantId


class Among(Struct, frozen=True, kw_only=True):
    """Of which cases; None: whichever."""

    seen_by: frozenset[str] | None = None
    """Parts of which a case must have one to be seen at all (`projection.parts`)."""
    parts: frozenset[str] | None = None
    """Parts of which a case must have one besides: a team's, say."""
    reported_by: frozenset[PersonId] | None = None
    """Who reported it."""


class StatisticsStore(Protocol):
    """Where figures are counted."""

    async def tally(self, tenant: TenantId, asked: Question, among: Among, origin: Origin) -> Tally:
        """What is counted of one population."""
