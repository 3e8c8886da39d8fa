"""What a case looks back on, as it is answered."""

from dataclasses import dataclass
from datetime import datetime

from anhuan.app.view.shapes import CaseBrief


@dataclass(slots=True, kw_only=True)
class EarlierCases:
    """Cases that another looks back on, and what came out of them."""

    since: datetime | None
    cases: list[CaseBrief]
    found: list[CaseBrief]
