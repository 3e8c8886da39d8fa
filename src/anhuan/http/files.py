"""Files: sent under the hash of their bytes, shown as copies with a watermark, handed out as they came.

A client hashes a file first and puts it under that name, so that a broken transfer is noticed and sending again is
harmless. Bytes that a browser might run are never shown: pages get new JPEGs, originals come as attachments.
"""

from datetime import datetime
from typing import Annotated

from fastapi import Path, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from anhuan.app.files import BlindOriginal, Copy, FileUnknown, HashWrong, Original
from anhuan.app.handle import CaseUnknown
from anhuan.app.permission import Permission
from anhuan.core.case.outcome import Reason
from anhuan.domain.evidence import EvidenceKind, Sha256
from anhuan.domain.ids import CaseId
from anhuan.http.exchange import json_answer, read_body
from anhuan.http.problems import Problem, not_found
from anhuan.http.routes import API, Asker, Routes
from anhuan.http.scope import header, services
from anhuan.http.speaking import viewer_of
from anhuan.ports.files import StoredFile

routes = Routes("files")

BYTES_MAX = 25 * 1024 * 1024
CACHING = "private, no-cache"
"""A browser may keep a copy but asks each time: what somebody may see of a case changes."""

HashInPath = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the bytes, lower-case hex.")]
OfCase = Annotated[
    str | None,
    Query(max_length=64, description="Id of the case that it is looked at for; without it only its sender sees it."),
]
_ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
_BYTES = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
_JPEG = {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}


class SentFile(BaseModel):
    """A file that is kept; name its `sha256` where a form or duty takes files."""

    sha256: str
    kind: EvidenceKind = Field(description="As it was first sent.")
    media_type: str = Field(description="As found in the bytes.")
    width: int | None = Field(description="Of a picture, as shown, in px.")
    height: int | None
    size: int = Field(description="In bytes.")
    url: str
    thumb_url: str | None
    received_at: datetime


@routes.put(
    "/files/{sha256}",
    Permission.FILES_SEND,
    status=201,
    raw_body=True,
    answer=SentFile,
    extra={"requestBody": {"required": True, **_BYTES}},
)
async def send_file(
    request: Request,
    caller: Asker,
    sha256: HashInPath,
    kind: Annotated[EvidenceKind, Query(description="What it is.")] = "photo",
    file_name: Annotated[str, Query(max_length=255, description="As it was called; its ending decides nothing.")] = "",
) -> Response:
    """Send a file: JPEG, PNG or WebP, for scans and documents PDF too, at most 25 MB. Sent again it answers 200."""
    data = await read_body(request, BYTES_MAX)
    try:
        taken = await services(request).files.take(
            caller.tenant_id,
            sender=caller.account.id,
            by=caller.person,
            sha256=Sha256(sha256),
            data=data,
            kind=kind,
            file_name=file_name,
        )
    except HashWrong as wrong:
        raise Problem(422, Reason("file_hash_wrong", params={"found": wrong.found})) from wrong
    return json_answer(_body(taken.file), 201 if taken.is_new else 200, {"Location": f"{API}/files/{sha256}"})


@routes.get("/files/{sha256}", Permission.FILES_SEE, extra={"responses": {"200": {"description": "JPEG", **_JPEG}}})
async def show_file(request: Request, caller: Asker, sha256: HashInPath, case: OfCase = None) -> Response:
    """The copy of a picture with its watermark; a PDF comes as it is, as an attachment."""
    return await _shown(request, caller, Sha256(sha256), case, thumbnail=False)


@routes.get(
    "/files/{sha256}/thumb", Permission.FILES_SEE, extra={"responses": {"200": {"description": "JPEG", **_JPEG}}}
)
async def show_thumbnail(request: Request, caller: Asker, sha256: HashInPath, case: OfCase = None) -> Response:
    """The small copy of a picture, with its watermark."""
    return await _shown(request, caller, Sha256(sha256), case, thumbnail=True)


@routes.get(
    "/files/{sha256}/original", Permission.FILES_SEE, extra={"responses": {"200": {"description": "Bytes", **_BYTES}}}
)
async def download_original(request: Request, caller: Asker, sha256: HashInPath, case: OfCase = None) -> Response:
    """The bytes as they came, as an attachment. Whoever checks the case blind does not get them."""
    return await _attached(request, caller, Sha256(sha256), case)


async def _shown(request: Request, caller: Asker, sha256: Sha256, case: str | None, *, thumbnail: bool) -> Response:
    files = services(request).files
    try:
        if not thumbnail and not await files.is_picture(caller.tenant_id, sha256):
            return await _attached(request, caller, sha256, case)
        copy = await files.copy(
            viewer_of(request, caller), caller.account.id, sha256, CaseId(case) if case else None, thumbnail=thumbnail
        )
    except (FileUnknown, CaseUnknown) as unknown:
        raise not_found() from unknown
    return _unchanged(request, copy.sha256) or _jpeg(copy)


async def _attached(request: Request, caller: Asker, sha256: Sha256, case: str | None) -> Response:
    try:
        original = await services(request).files.original(
            viewer_of(request, caller), caller.account.id, sha256, CaseId(case) if case else None
        )
    except (FileUnknown, CaseUnknown) as unknown:
        raise not_found() from unknown
    except BlindOriginal as blind:
        raise Problem(403, Reason("file_hidden_while_blind")) from blind
    return _attachment(original)


def _jpeg(copy: Copy) -> Response:
    return Response(copy.data, headers=_headers(copy.sha256), media_type="image/jpeg")


def _attachment(original: Original) -> Response:
    file = original.file
    name = f"{file.sha256[:16]}.{_ENDINGS.get(file.media_type, 'bin')}"
    headers = {
        **_headers(file.sha256),
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Length": str(file.size_bytes),
    }
    return StreamingResponse(original.pieces, headers=headers, media_type=file.media_type)


def _unchanged(request: Request, sha256: Sha256) -> Response | None:
    """304 where the browser has these very bytes."""
    known = header(request, b"if-none-match") or ""
    tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
    return Response(status_code=304, headers=_headers(sha256)) if f'"{sha256}"' in tags else None


def _headers(sha256: Sha256) -> dict[str, str]:
    return {"ETag": f'"{sha256}"', "Cache-Control": CACHING, "Vary": "Cookie, Authorization, Accept-Language"}


def _body(file: StoredFile) -> SentFile:
    address = f"{API}/files/{file.sha256}"
    return SentFile(
        sha256=file.sha256,
        kind=file.kind,
        media_type=file.media_type,
        width=file.width_px,
        height=file.height_px,
        size=file.size_bytes,
        url=address,
        thumb_url=f"{address}/thumb" if file.media_type.startswith("image/") else None,
        received_at=file.uploaded_at,
    )
