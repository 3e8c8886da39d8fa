"""What requests about cases have in common: paths, files in their places, keys."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import msgspec
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, WithJsonSchema
from starlette.requests import Request

from anhuan.app.identity import Caller
from anhuan.app.proofs import FileUse, proofs_of
from anhuan.core.case.events import Proof
from anhuan.core.case.outcome import Reason
from anhuan.domain.evidence import PlaceProof
from anhuan.http.problems import Problem
from anhuan.http.scope import services
from anhuan.packs.form_schema import RESERVED
from anhuan.ports.cases import CommandKey

_PLACE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "scan": {
            "type": ["object", "null"],
            "description": "The plate of a piece of equipment was read.",
            "required": ["equipment"],
            "properties": {
                "equipment": {"type": "string", "description": "Its id."},
                "scanned_at": {"type": ["string", "null"], "format": "date-time"},
            },
        },
        "fix": {
            "type": "object",
            "description": "What the device says of its position: `gps` with `lat` and `lon`, `no_fix` (as is usual in "
            "a steel hall), or `not_permitted` where it may not be recorded.",
            "required": ["type"],
            "properties": {
                "type": {"enum": ["gps", "no_fix", "not_permitted"]},
                "lat": {"type": "number", "minimum": -90, "maximum": 90},
                "lon": {"type": "number", "minimum": -180, "maximum": 180},
                "accuracy_m": {"type": ["number", "null"], "minimum": 0},
                "datum": {"enum": ["wgs84", "gcj02", "unknown"]},
            },
        },
    },
    "examples": [{"scan": {"equipment": "eq-1"}, "fix": {"type": "no_fix"}}],
}
"""What `domain.evidence.PlaceProof` reads."""

CaseInPath = str
DutyInPath = int


class Body(BaseModel):
    """A body with no fields but its own. Its instants are `AwareDatetime`: a clock without a zone tells no time."""

    model_config = ConfigDict(extra="forbid")


class FileBody(Body):
    """An uploaded file (`PUT /files/{sha256}`) in its place, and what the device claims about it."""

    slot: str = Field(max_length=64, description="`photo_before`, `photo_after` … as the form's `x-proofs` names it.")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="As it was sent by the same account.")
    captured_at: AwareDatetime | None = Field(None, description="When it was taken, by the device's clock.")
    sent_at: AwareDatetime | None = Field(None, description="What the device's clock showed when it sent.")
    captured_where: Annotated[dict[str, Any], WithJsonSchema(_PLACE)] | None = Field(
        None, description="Where it was taken, as the device claims."
    )
    device: str | None = Field(None, max_length=200, description="What took it: make and model, say.")


def refuse_reserved(form: Mapping[str, object]) -> None:
    """Raises Problem 422 where a form brings words of its own for what conditions ask of the case itself."""
    if reserved := sorted(form.keys() & RESERVED):
        raise Problem(422, *(Reason("unknown_field", f"/{name}") for name in reserved))


async def proofs_in(request: Request, caller: Caller, files: Sequence[FileBody]) -> tuple[Proof, ...]:
    """The files of a body as evidence. Raises Problem, app.handle.CommandRefused."""
    uses = [_use(number, file) for number, file in enumerate(files)]
    return await proofs_of(services(request).files, caller.tenant_id, caller.account.id, caller.person, uses)


def _use(number: int, file: FileBody) -> FileUse:
    for name in (file.captured_where or {}).keys() - _PLACE["properties"].keys():
        raise Problem(422, Reason("unknown_field", f"/files/{number}/captured_where/{name}"))
    try:
        where = msgspec.convert(file.captured_where or {}, PlaceProof)
    except msgspec.ValidationError as error:
        field = f"/files/{number}/captured_where"
        raise Problem(422, Reason("value_malformed", field, {"detail": str(error)})) from None
    return FileUse(
        slot=file.slot,
        sha256=file.sha256,
        captured_at=file.captured_at,
        sent_at=file.sent_at,
        captured_where=where,
        device=file.device,
    )


def command_key(caller: Caller, key: str | None, body: BaseModel, *about: str) -> CommandKey | None:
    """The key of a command and a hash of what is asked; keys of different callers never meet."""
    if key is None:
        return None
    asked = body.model_dump_json(by_alias=True)
    digest = hashlib.sha256("\n".join((*about, asked)).encode()).hexdigest()
    return CommandKey(f"{caller.account.id}:{key}", digest, asked)
