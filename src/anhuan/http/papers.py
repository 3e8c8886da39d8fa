"""Papers of a case: issued under a number, handed out as PDF, and taken back signed by the code on them."""

from typing import Annotated

from fastapi import Path, Query
from pydantic import AwareDatetime, Field
from starlette.requests import Request
from starlette.responses import Response

from anhuan.app.identity import Caller
from anhuan.app.papers.desk import Letterhead, PaperUnknown
from anhuan.app.permission import Permission
from anhuan.app.proofs import FileUse, proofs_of
from anhuan.app.view.papers import IssuedPaperView, PaperBack, PapersView
from anhuan.core.case.issuing import SIGNED_COPY
from anhuan.domain.ids import CaseId
from anhuan.http.case_bodies import Body, CaseInPath, command_key
from anhuan.http.entry import own_origin
from anhuan.http.exchange import IdempotencyKey, json_answer
from anhuan.http.problems import not_found
from anhuan.http.routes import Asker, Routes
from anhuan.http.scope import services
from anhuan.http.speaking import speaking, viewer_of
from anhuan.ports.identity import Language

routes = Routes("papers")

PDF = "application/pdf"
_PDF_ANSWER = {"responses": {"200": {"content": {PDF: {"schema": {"type": "string", "format": "binary"}}}}}}
_PDF_HEADERS = {
    # Ours from the first byte to the last, so a browser may show it; the sandbox of other answers keeps it from that.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; "
    "frame-ancestors 'none'",
    "Cache-Control": "private, no-store",
}

NumberInPath = Annotated[str, Path(pattern=r"^[\w.-]{1,64}$", description="The paper's number.")]


class PaperToIssue(Body):
    """Which paper is issued."""

    paper: str = Field(max_length=64, description="Its `key`, as `offers` of the case's papers names it.")


class SignedScan(Body):
    """A picture of a signed paper, sent before as a file of kind `scan`."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="As it was sent by the same account.")
    captured_at: AwareDatetime | None = Field(None, description="When it was taken, by the device's clock.")
    sent_at: AwareDatetime | None = Field(None, description="What the device's clock showed when it sent.")
    device: str | None = Field(None, max_length=200, description="What took it: make and model, say.")


@routes.get("/cases/{case_id}/papers", Permission.CASES_SEE, lean=True, answer=PapersView)
async def papers(request: Request, caller: Asker, case_id: CaseInPath) -> Response:
    """The papers of a case: what may be issued now, or why not, what was issued, and what came back signed."""
    with speaking():
        found = await services(request).papers.listed(viewer_of(request, caller), CaseId(case_id))
    return json_answer(found)


@routes.post("/cases/{case_id}/papers", Permission.CASES_ACT, status=201, lean=True, answer=IssuedPaperView)
async def issue_paper(
    request: Request, caller: Asker, case_id: CaseInPath, body: PaperToIssue, key: IdempotencyKey = None
) -> Response:
    """Issue a paper of the case as it stands now, in the caller's language; it keeps its number and its bytes.

    Sent again under the same Idempotency-Key it is issued once.
    """
    with speaking():
        once = command_key(caller, key, body, case_id, "paper")
        issued = await services(request).papers.issue(
            viewer_of(request, caller), CaseId(case_id), body.paper, _letterhead(request, caller), once
        )
    return json_answer(issued, 201, {"Location": issued.url})


@routes.get("/cases/{case_id}/papers/whole.pdf", Permission.CASES_SEE, extra=_PDF_ANSWER)
async def whole_case(
    request: Request,
    caller: Asker,
    case_id: CaseInPath,
    language: Annotated[Language | None, Query(description="In which it is typeset; else as for every answer.")] = None,
) -> Response:
    """The case with everything that happened as one PDF, as the caller may see it. It is no numbered paper."""
    with speaking():
        viewer = viewer_of(request, caller, language)
        data = await services(request).papers.whole(viewer, CaseId(case_id), _letterhead(request, caller))
    return _pdf(data, case_id)


@routes.get("/cases/{case_id}/papers/{number}.pdf", Permission.CASES_SEE, extra=_PDF_ANSWER)
async def paper_file(request: Request, caller: Asker, case_id: CaseInPath, number: NumberInPath) -> Response:
    """A paper that was issued, byte for byte. Whoever checks the case blind gets it without anybody's name."""
    with speaking():
        try:
            data = await services(request).papers.pdf(
                viewer_of(request, caller), CaseId(case_id), number, _letterhead(request, caller)
            )
        except PaperUnknown as unknown:
            raise not_found() from unknown
    return _pdf(data, number)


@routes.post("/papers/returns", Permission.CASES_ACT, lean=True, answer=PaperBack)
async def return_paper(request: Request, caller: Asker, body: SignedScan) -> Response:
    """Bring a signed paper back: it finds its case by the code on it. Refused where there is none, or none of ours."""
    use = FileUse(
        slot=SIGNED_COPY,
        sha256=body.sha256,
        captured_at=body.captured_at,
        sent_at=body.sent_at,
        device=body.device,
    )
    house = services(request)
    with speaking():
        (proof,) = await proofs_of(house.files, caller.tenant_id, caller.account.id, caller.person, [use])
        back = await house.papers.take_back(viewer_of(request, caller), proof)
    return json_answer(back)


def _letterhead(request: Request, caller: Caller) -> Letterhead:
    return Letterhead(house=caller.tenant.name, address=own_origin(request))


def _pdf(data: bytes, name: str) -> Response:
    headers = {**_PDF_HEADERS, "Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(data, headers=headers, media_type=PDF)
