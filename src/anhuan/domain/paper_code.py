"""The text in a paper's QR code: the address of its case, with the paper's number and the enterprise behind it.

    https://anhuan.example.com/cases/0198f5e2-…?paper=ZGTZ-2026-000001&of=<tenant>

A phone that reads it opens the case; a scan of the signed sheet finds its way back by it. It names, it grants nothing:
whoever reads it still has to sign in. Where the page was served from is not looked at, since a server may move.
"""

import re
from urllib.parse import parse_qs, quote, urlsplit

from msgspec import Struct

from anhuan.domain.ids import CaseId, TenantId

_CASE = re.compile(r"/cases/([^/]+)/?")


class PaperCode(Struct, frozen=True, kw_only=True):
    """What a code says."""

    tenant: TenantId
    case: CaseId
    number: str
    """Of the paper; empty on the whole case, which is no paper to be signed."""


def paper_code(address: str, code: PaperCode) -> str:
    """The text to print; `address` is scheme and host of the pages."""
    number = f"paper={quote(code.number, safe='')}&" if code.number else ""
    return f"{address}/cases/{quote(code.case, safe='')}?{number}of={quote(code.tenant, safe='')}"


def read_paper_code(text: str) -> PaperCode | None:
    """What a scanned text names; None: not one of our papers."""
    try:
        parts = urlsplit(text.strip())
        said = parse_qs(parts.query, strict_parsing=True, max_num_fields=10)
    except ValueError:
        return None
    found = _CASE.fullmatch(parts.path)
    numbers, tenants = said.get("paper", []), said.get("of", [])
    if found is None or len(numbers) != 1 or len(tenants) != 1 or "%" in found[1]:
        return None
    return PaperCode(tenant=TenantId(tenants[0]), case=CaseId(found[1]), number=numbers[0])
