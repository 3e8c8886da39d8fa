"""The tenant's ledger over HTTP: the signed checkpoint, the key that verifies it, and proofs of single events."""

from base64 import b64encode
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from anhuan.app.permission import Permission
from anhuan.http.problems import not_found
from anhuan.http.routes import Asker, Routes
from anhuan.http.scope import services

routes = Routes("ledger")

_TEXT = {"200": {"description": "Plain text.", "content": {"text/plain": {"schema": {"type": "string"}}}}}


class ProofBody(BaseModel):
    """An entry and the proof that it stands in the log (RFC 6962 section 2.1.1)."""

    index: int = Field(description="The entry's place in the log, from 0.")
    entry: str = Field(description="The entry's bytes, base64. Its leaf hash is SHA-256(0x00 || entry).")
    proof: list[str] = Field(description="Hashes from the leaf up, base64.")
    size: int = Field(description="Entries in the log of the checkpoint.")
    checkpoint: str = Field(description="The signed checkpoint (C2SP tlog-checkpoint).")
    verifier_key: str = Field(description="The key that signed it; compare it with a copy that came another way.")


@routes.get("/ledger/checkpoint", Permission.LEDGER_SEE, lean=True, extra={"responses": _TEXT})
async def ledger_checkpoint(request: Request, caller: Asker) -> Response:
    """The last signed checkpoint of the ledger: its size and root (C2SP tlog-checkpoint). 404 while it is empty."""
    head = await services(request).ledger.head(caller.tenant_id)
    if head.checkpoint is None:
        raise not_found()
    return Response(head.checkpoint, media_type="text/plain; charset=utf-8")


@routes.get("/ledger/verifier-key", Permission.LEDGER_SEE, lean=True, extra={"responses": _TEXT})
async def ledger_verifier_key(request: Request, caller: Asker) -> Response:
    """The public key of the ledger, in signed-note form."""
    key = services(request).secrets.signer(caller.tenant_id).verifier_key
    return Response(f"{key}\n", media_type="text/plain; charset=utf-8")


@routes.get("/ledger/proof", Permission.LEDGER_SEE)
async def ledger_proof(
    request: Request,
    caller: Asker,
    case: Annotated[str, Query(max_length=200, description="A case's id, `plant`, `tenant` or `account:<id>`.")],
    version: Annotated[int, Query(ge=1, le=2**31 - 1, description="Which of its events, from 1.")],
) -> ProofBody:
    """That one event stands in the ledger. 404 for an event that is not in it, or not yet (a second at most)."""
    found = await services(request).proofs.inclusion(caller.tenant_id, case, version)
    if found is None:
        raise not_found("/version")
    return ProofBody(
        index=found.position,
        entry=b64encode(found.entry).decode(),
        proof=[b64encode(step).decode() for step in found.proof],
        size=found.size,
        checkpoint=found.checkpoint.decode(),
        verifier_key=str(services(request).secrets.signer(caller.tenant_id).verifier_key),
    )
