"""From what a client sends to what the core decides on: files as evidence, strokes as a signature."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from anhuan.app.files import Files
from anhuan.app.handle import CommandRefused
from anhuan.core.case.events import Proof
from anhuan.core.case.outcome import Reason
from anhuan.core.signature import Drawing, Signature, SignedMatter, drawing_problem, sign
from anhuan.domain.evidence import Evidence, PlaceProof, Sha256
from anhuan.domain.ids import AccountId, PersonId, TenantId


class FileUse(Struct, frozen=True, kw_only=True):
    """An uploaded file in its place on a form, with what the device claims about it."""

    slot: str
    sha256: str
    captured_at: datetime | None = None
    sent_at: datetime | None = None
    captured_where: PlaceProof = PlaceProof()
    device: str | None = None


class DrawnSignature(Struct, frozen=True, kw_only=True):
    """A signature as it was drawn, and the words above it."""

    drawing: Drawing
    statement: str
    signed_at: datetime | None = None
    """By the device's clock; None: just now."""


async def proofs_of(
    files: Files, tenant: TenantId, sender: AccountId, by: PersonId | None, uses: Sequence[FileUse]
) -> tuple[Proof, ...]:
    """The files as evidence. Raises CommandRefused for one that this account never sent, whoever else did."""
    if not uses:
        return ()
    known = await files.of_sender(tenant, sender, {Sha256(use.sha256) for use in uses})
    missing = [
        Reason("file_not_sent", f"/files/{number}", {"sha256": use.sha256})
        for number, use in enumerate(uses)
        if use.sha256 not in known
    ]
    if missing:
        raise CommandRefused(*missing)
    return tuple(
        Proof(
            slot=use.slot,
            evidence=Evidence(
                sha256=stored.sha256,
                kind=stored.kind,
                media_type=stored.media_type,
                size_bytes=stored.size_bytes,
                received_at=stored.uploaded_at,
                captured_at=use.captured_at,
                sent_at=use.sent_at,
                captured_where=use.captured_where,
                device=use.device,
                captured_by=by,
                width_px=stored.width_px,
                height_px=stored.height_px,
                exif=stored.exif,
            ),
        )
        for use in uses
        for stored in (known[Sha256(use.sha256)],)
    )


def signature_of(
    drawn: DrawnSignature | None,
    matter: SignedMatter,
    by: PersonId | None,
    on_behalf_of: PersonId | None,
    at: datetime,
) -> Signature | None:
    """The strokes bound to what is signed. Raises CommandRefused for strokes that are no name."""
    if drawn is None or by is None:
        return None
    if problem := drawing_problem(drawn.drawing):
        raise CommandRefused(Reason(problem.code, "/signature", dict(problem.params)))
    return sign(matter, drawn.drawing, signer=by, signed_at=drawn.signed_at or at, on_behalf_of=on_behalf_of)
