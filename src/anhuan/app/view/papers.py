"""The papers of a case as its page shows them: what may be issued, or why not, what was issued, and what came back."""

from dataclasses import dataclass
from datetime import datetime

from anhuan.app.view.page import Looked
from anhuan.app.view.proofs import file_views
from anhuan.app.view.shapes import CaseBrief, FileView, Gate, Named
from anhuan.core.case.outcome import Reason
from anhuan.core.case.state import IssuedPaper
from anhuan.core.policy import Paper

CASES = "/api/v1/cases"


@dataclass(slots=True, kw_only=True)
class PaperOffer:
    """A paper that may be issued of the case, or why not now."""

    key: str
    name: str
    may: Gate


@dataclass(slots=True, kw_only=True)
class IssuedPaperView:
    """A paper that was issued; `returned` are pictures of it, signed."""

    number: str
    paper: str
    name: str
    issued_at: datetime
    by: Named | None
    language: str
    sha256: str
    size: int
    url: str
    returned: list[FileView]


@dataclass(slots=True, kw_only=True)
class PapersView:
    """The papers of a case. `whole_url`: the case with its history as one PDF."""

    whole_url: str
    offers: list[PaperOffer]
    issued: list[IssuedPaperView]


@dataclass(slots=True, kw_only=True)
class PaperBack:
    """A signed paper that found its case."""

    case: CaseBrief
    paper: IssuedPaperView


def papers_view(looked: Looked) -> PapersView:
    """All of them, the newest first."""
    lens = looked.lens
    return PapersView(
        whole_url=f"{CASES}/{looked.whole.id}/papers/whole.pdf",
        offers=[
            PaperOffer(key=paper.key, name=lens.paper(paper.key), may=lens.gate(why_not(looked, paper)))
            for paper in lens.kind.papers.values()
        ],
        issued=[issued_view(looked, paper) for paper in reversed(looked.shown.papers.values())],
    )


def issued_view(looked: Looked, paper: IssuedPaper) -> IssuedPaperView:
    """One that was issued; `paper` is the one of the case as it is shown."""
    lens = looked.lens
    return IssuedPaperView(
        number=paper.number,
        paper=paper.paper,
        name=lens.paper(paper.paper),
        issued_at=paper.issued_at,
        by=lens.person(paper.by),
        language=paper.language,
        sha256=paper.sha256,
        size=paper.size_bytes,
        url=f"{CASES}/{looked.whole.id}/papers/{paper.number}.pdf",
        returned=file_views(looked.whole.id, paper.returned, lens),
    )


def why_not(looked: Looked, paper: Paper) -> Reason | None:
    """Why the viewer may not issue the paper now: whoever checks the case blind puts no names on paper."""
    return Reason("paper_hidden_while_blind") if looked.blind else looked.may.issue(paper)
