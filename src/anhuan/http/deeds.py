"""Acting on a case: completing it, doing a duty, asking for a move, adding a word."""

from typing import Annotated, Any

import msgspec
from pydantic import AwareDatetime, Field, WithJsonSchema
from starlette.requests import Request
from starlette.responses import Response

from anhuan.app.handle import CommandRefused, Handled
from anhuan.app.identity import Caller
from anhuan.app.permission import Permission
from anhuan.app.proofs import DrawnSignature, signature_of
from anhuan.app.view.shapes import CaseBrief
from anhuan.core.case import commands as c
from anhuan.core.case.events import Proof
from anhuan.core.case.outcome import Reason
from anhuan.core.case.state import Case, CaseStatus
from anhuan.core.signature import POINTS_MAX, Drawing, Signature, SignedMatter
from anhuan.domain.ids import CaseId, DutyNo, PersonId
from anhuan.http.case_bodies import Body, CaseInPath, DutyInPath, FileBody, command_key, proofs_in
from anhuan.http.exchange import IdempotencyKey, IfMatch, etag, expected_version, json_answer
from anhuan.http.problems import Problem
from anhuan.http.routes import Asker, Routes
from anhuan.http.scope import services
from anhuan.http.speaking import speaking, viewer_of
from anhuan.packs.compile import Pack
from anhuan.ports.cases import CommandKey
from anhuan.ports.plants import PackKey

routes = Routes("deeds")

_DRAWING: dict[str, Any] = {
    "type": "object",
    "description": f"Strokes in a field of `width` by `height`, each a list of points `[x, y, ms]` from the top left; "
    f"`ms` counts from the first touch and may be left out. At most {POINTS_MAX} points, and longer than a tick.",
    "required": ["width", "height", "strokes"],
    "properties": {
        "width": {"type": "number", "exclusiveMinimum": 0, "maximum": 10_000, "description": "Of the field."},
        "height": {"type": "number", "exclusiveMinimum": 0, "maximum": 10_000, "description": "Of the field."},
        "strokes": {
            "type": "array",
            "description": "In the order in which they were drawn.",
            "items": {
                "type": "array",
                "items": {"type": "array", "minItems": 2, "maxItems": 3, "items": {"type": "number", "minimum": 0}},
            },
        },
    },
    "examples": [{"width": 320, "height": 140, "strokes": [[[20, 90, 0], [90, 30, 80], [160, 100, 160]]]}],
}
"""What `core.signature.Drawing` reads."""


class FormBody(Body):
    """Fields that are completed or corrected."""

    form: dict[str, Any] = Field(description="Values by field; those left out stay. By the kind's `form`.")
    files: list[FileBody] = Field([], max_length=40, description="Files beside those that are there.")


class NoteBody(Body):
    """A word, a picture, or both."""

    text: str = Field("", max_length=4000, description="The word; empty where there is a picture.")
    files: list[FileBody] = Field([], max_length=40, description="Pictures, in the slot `note`.")


class MoveBody(Body):
    """Asking for something other than doing it."""

    move: str = Field(max_length=64, description="Its `key`, as `may.moves` of the case or duty offers it.")
    duty: int | None = Field(None, ge=1, description="`no` of the duty that it is about; null: the case as a whole.")
    form: dict[str, Any] = Field(
        default_factory=dict, description="By the JSON Schema at `forms[form]` of the kind, `form` being the move's."
    )
    files: list[FileBody] = Field([], max_length=40, description="Proofs, in the slots of the form's `x-proofs`.")


class DrawingBody(Body):
    """A name drawn by hand under a statement; it is bound to form, files and statement."""

    drawing: Annotated[dict[str, Any], WithJsonSchema(_DRAWING)]
    statement: str = Field(max_length=2000, description="The words that stood above it, as the signer saw them.")
    signed_at: AwareDatetime | None = Field(None, description="By the device's clock; null: just now.")


class DischargeBody(Body):
    """Doing what a duty asks for."""

    outcome: str = Field(
        "done", max_length=64, description="One of the duty's `outcomes`; must be said where `done` is none of them."
    )
    form: dict[str, Any] = Field(
        default_factory=dict, description="By the JSON Schema at `forms[form_key]` of the kind, `form_key` the duty's."
    )
    files: list[FileBody] = Field([], max_length=40, description="Proofs, in the slots of the form's `x-proofs`.")
    done_at: AwareDatetime | None = Field(None, description="When it was done, as claimed; else now.")
    on_behalf_of: str | None = Field(None, max_length=64, description="授权代签: for this person, both names shown.")
    signature: DrawingBody | None = Field(None, description="Needed where `prove` of the duty names `signature`.")


@routes.post("/cases/{case_id}/form", Permission.CASES_ACT, lean=True, answer=CaseBrief)
async def revise(
    request: Request,
    caller: Asker,
    case_id: CaseInPath,
    body: FormBody,
    key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """Complete or correct a report that was not dispatched yet."""
    with speaking(await _pack(request, caller, case_id)):
        proofs = await proofs_in(request, caller, body.files)
        command = c.ReviseForm(by=caller.person, form=body.form, proofs=proofs)
        return await _do(request, caller, case_id, command, command_key(caller, key, body, case_id, "form"), if_match)


@routes.post("/cases/{case_id}/notes", Permission.CASES_ACT, lean=True, answer=CaseBrief)
async def add_note(
    request: Request, caller: Asker, case_id: CaseInPath, body: NoteBody, key: IdempotencyKey = None
) -> Response:
    """Add a word or a picture."""
    with speaking(await _pack(request, caller, case_id)):
        proofs = await proofs_in(request, caller, body.files)
        command = c.AddNote(by=caller.person, text=body.text, proofs=proofs)
        return await _do(request, caller, case_id, command, command_key(caller, key, body, case_id, "note"))


@routes.post("/cases/{case_id}/join", Permission.CASES_REPORT, lean=True, answer=CaseBrief)
async def join(
    request: Request, caller: Asker, case_id: CaseInPath, body: NoteBody, key: IdempotencyKey = None
) -> Response:
    """Somebody else saw the same: what they saw joins this open case instead of becoming another."""
    house = services(request)
    with speaking():
        case = await house.handler.case(caller.tenant_id, CaseId(case_id))
        if case.status is not CaseStatus.OPEN:
            raise CommandRefused(Reason("case_is_closed"))
        proofs = await proofs_in(request, caller, body.files)
        command = c.AddNote(by=caller.person, text=body.text, proofs=proofs)
        named = command_key(caller, key, body, case_id, "join")
        handled = await house.handler.on(caller.tenant_id, case.id, command, named)
        return await _answer(request, caller, handled)


@routes.post("/cases/{case_id}/moves", Permission.CASES_ACT, lean=True, answer=CaseBrief)
async def ask_move(
    request: Request, caller: Asker, case_id: CaseInPath, body: MoveBody, key: IdempotencyKey = None
) -> Response:
    """Ask for something other than doing it: more time, hand over, send back, cannot do, defer, withdraw, re-open …"""
    with speaking(await _pack(request, caller, case_id)):
        duty = DutyNo(body.duty) if body.duty is not None else None
        proofs = await proofs_in(request, caller, body.files)
        command = c.AskMove(by=caller.person, move=body.move, duty=duty, form=body.form, proofs=proofs)
        return await _do(request, caller, case_id, command, command_key(caller, key, body, case_id, "move"))


@routes.post("/cases/{case_id}/duties/{no}/claim", Permission.CASES_ACT, lean=True, answer=CaseBrief)
async def claim(request: Request, caller: Asker, case_id: CaseInPath, no: DutyInPath) -> Response:
    """Take a duty on that several could do."""
    with speaking(await _pack(request, caller, case_id)):
        return await _do(request, caller, case_id, c.Claim(by=caller.person, duty=DutyNo(no)))


@routes.post("/cases/{case_id}/duties/{no}/discharge", Permission.CASES_ACT, lean=True, answer=CaseBrief)
async def discharge(
    request: Request,
    caller: Asker,
    case_id: CaseInPath,
    no: DutyInPath,
    body: DischargeBody,
    key: IdempotencyKey = None,
) -> Response:
    """Do what a duty asks for: its form, its proofs, its outcome."""
    with speaking(await _pack(request, caller, case_id)):
        proofs = await proofs_in(request, caller, body.files)
        command = c.Discharge(
            by=caller.person,
            duty=DutyNo(no),
            outcome=body.outcome,
            form=body.form,
            proofs=proofs,
            done_at=body.done_at,
            on_behalf_of=PersonId(body.on_behalf_of) if body.on_behalf_of else None,
            signature=_signature(request, caller, CaseId(case_id), DutyNo(no), body, proofs),
        )
        named = command_key(caller, key, body, case_id, "discharge", str(no))
        return await _do(request, caller, case_id, command, named)


def _signature(
    request: Request, caller: Caller, case: CaseId, duty: DutyNo, body: DischargeBody, proofs: tuple[Proof, ...]
) -> Signature | None:
    """The strokes bound to the form, the files and the words above them."""
    if body.signature is None:
        return None
    try:
        drawing = msgspec.convert(body.signature.drawing, Drawing)
    except msgspec.ValidationError as error:
        raise Problem(422, Reason("value_malformed", "/signature", {"detail": str(error)})) from None
    drawn = DrawnSignature(drawing=drawing, statement=body.signature.statement, signed_at=body.signature.signed_at)
    matter = SignedMatter(
        case=case,
        duty=duty,
        form=body.form,
        evidence=tuple(proof.evidence.sha256 for proof in proofs),
        statement=drawn.statement,
    )
    principal = PersonId(body.on_behalf_of) if body.on_behalf_of else None
    return signature_of(drawn, matter, caller.person, principal, services(request).clock())


async def _seen(request: Request, caller: Caller, case_id: str) -> Case:
    """The case, if the caller may see it. Raises Problem 404."""
    with speaking():
        return await services(request).case_pages.seen(viewer_of(request, caller), CaseId(case_id))


async def _pack(request: Request, caller: Caller, case_id: str) -> Pack:
    """The pack that the case runs by, for the words of its reasons. Raises Problem 404."""
    case = await _seen(request, caller, case_id)
    return await services(request).snapshots.pack(caller.tenant_id, PackKey(case.pack, case.pack_version))


async def _do(
    request: Request,
    caller: Caller,
    case_id: str,
    command: c.CaseCommand,
    key: CommandKey | None = None,
    if_match: str | None = None,
) -> Response:
    version = expected_version(if_match)
    handled = await services(request).handler.on(caller.tenant_id, CaseId(case_id), command, key, version)
    return await _answer(request, caller, handled)


async def _answer(request: Request, caller: Caller, handled: Handled) -> Response:
    brief = await services(request).case_pages.brief(viewer_of(request, caller), handled.case)
    return json_answer(brief, headers={"ETag": etag(handled.case.version)})
