"""A drawn signature and what it was given for.

Somebody draws their name under a statement. Kept are the strokes and two hashes:

- `signed_hash`: SHA-256 over the canonical JSON of what was signed (case, duty, form values, hashes of the evidence,
  the statement's words). Change any of it and the signature no longer fits.
- `seal_hash`: SHA-256 over the canonical JSON of `signed_hash`, the drawing, the signer, whom they signed for and when.
  It ties this drawing by this person to this matter; it is what the ledger's entry carries.

Canonical JSON is RFC 8785 (domain/canonical.py): an auditor repeats it in any language.

In law (电子签名法, articles 13 and 14) only a *reliable* electronic signature equals a handwritten one: its data must
be the signer's alone, under their sole control, and later changes to it and to the text must show. A drawing is not its
signer's alone, so by itself it is not reliable; the hashes give the last condition only. `LEGAL_NOTE` says so wherever
a signature is shown.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Annotated, Any

from msgspec import Meta, Struct, to_builtins

from anhuan.domain.canonical import canonical
from anhuan.domain.evidence import Instant, Sha256
from anhuan.domain.ids import CaseId, DutyNo, PersonId

LEGAL_NOTE = {
    "zh": (
        "手写签名图像本身不是《电子签名法》第十三条所称的可靠电子签名。系统将其与签署内容的哈希绑定，"
        "签署后内容或签名被改动可被发现；需要时可另附纸质签字扫描件。"
    ),
    "en": (
        "A drawn signature is not by itself a reliable electronic signature under article 13 of China's Electronic "
        "Signature Law. It is bound by hash to what was signed, so a later change of either shows; a scan of a signed "
        "paper can stand beside it."
    ),
}
"""What the signature is worth, to be shown beside it."""

POINTS_MAX = 10_000
LENGTH_MIN = 0.15
"""Shortest signature, as a share of the drawing's width: a dot or a tick is no name."""

Coordinate = Annotated[float, Meta(ge=0, le=10_000)]


class Point(Struct, frozen=True, array_like=True):
    """Where the pen was, in the drawing's units from its top left, and when, in ms from the first touch."""

    x: Coordinate
    y: Coordinate
    t_ms: Annotated[int, Meta(ge=0, le=3_600_000)] = 0


class Drawing(Struct, frozen=True, kw_only=True):
    """Pen strokes, in the order they were drawn."""

    width: Annotated[float, Meta(gt=0, le=10_000)]
    height: Annotated[float, Meta(gt=0, le=10_000)]
    strokes: tuple[tuple[Point, ...], ...]


class SignedMatter(Struct, frozen=True, kw_only=True):
    """What a signature is given for, exactly as the signer saw it."""

    case: CaseId
    duty: DutyNo
    form: dict[str, Any]
    """The form's values: JSON values only."""
    evidence: tuple[Sha256, ...]
    """Hashes of the originals; their order says nothing."""
    statement: str
    """The words above the signature, in the language they were shown in."""


class Signature(Struct, frozen=True, kw_only=True):
    """A drawing bound to its matter."""

    drawing: Drawing
    signer: PersonId
    on_behalf_of: PersonId | None
    """授权代签: signed for this person, both names shown."""
    signed_at: Instant
    """By the device's clock: a claim."""
    statement: str
    """The words above it, as they were shown."""
    signed_hash: Sha256
    seal_hash: Sha256


class DrawingProblem(Struct, frozen=True, kw_only=True):
    """Why a drawing is no signature."""

    code: str
    """`drawing_empty`, `drawing_outside`, `drawing_too_long`, `drawing_too_short`."""
    params: dict[str, str | int] = {}


class SignatureBreach(Struct, frozen=True, kw_only=True):
    """Why a signature does not hold."""

    code: str
    """`matter_changed`: not what was signed. `seal_broken`: drawing, signer, principal or time changed."""


def drawing_problem(drawing: Drawing) -> DrawingProblem | None:
    """Why the drawing cannot be taken for a name; None: it can."""
    points = [point for stroke in drawing.strokes for point in stroke]
    if not points:
        return DrawingProblem(code="drawing_empty")
    if len(points) > POINTS_MAX:
        return DrawingProblem(code="drawing_too_long", params={"points": len(points), "points_max": POINTS_MAX})
    if not all(0 <= p.x <= drawing.width and 0 <= p.y <= drawing.height for p in points):
        return DrawingProblem(code="drawing_outside")
    if sum(_lengths(drawing)) < LENGTH_MIN * drawing.width:
        return DrawingProblem(code="drawing_too_short")
    return None


def _lengths(drawing: Drawing) -> Iterator[float]:
    for stroke in drawing.strokes:
        for a, b in pairwise(stroke):
            yield float(((a.x - b.x) ** 2 + (a.y - b.y) ** 2) ** 0.5)


def signed_hash(matter: SignedMatter) -> Sha256:
    """The hash of what is signed. Raises NotCanonical where the form holds what is no JSON value."""
    body = {
        "type": "anhuan/signed-matter/v1",
        "case": matter.case,
        "duty": matter.duty,
        "form": matter.form,
        "evidence": sorted(set(matter.evidence)),
        "statement": matter.statement,
    }
    return _sha256(body)


def sign(
    matter: SignedMatter,
    drawing: Drawing,
    *,
    signer: PersonId,
    signed_at: datetime,
    on_behalf_of: PersonId | None = None,
) -> Signature:
    """Bind a drawing to its matter. Raises ValueError where `drawing_problem` names one."""
    if (problem := drawing_problem(drawing)) is not None:
        raise ValueError(problem.code)
    matter_hash = signed_hash(matter)
    return Signature(
        drawing=drawing,
        signer=signer,
        on_behalf_of=on_behalf_of,
        signed_at=signed_at,
        statement=matter.statement,
        signed_hash=matter_hash,
        seal_hash=_seal_hash(matter_hash, drawing, signer, on_behalf_of, signed_at),
    )


def breach(signature: Signature, matter: SignedMatter) -> SignatureBreach | None:
    """Why the signature does not hold for the matter as it stands now; None: it holds."""
    seal = _seal_hash(
        signature.signed_hash, signature.drawing, signature.signer, signature.on_behalf_of, signature.signed_at
    )
    if seal != signature.seal_hash:
        return SignatureBreach(code="seal_broken")
    if signed_hash(matter) != signature.signed_hash:
        return SignatureBreach(code="matter_changed")
    return None


def _seal_hash(
    matter_hash: Sha256, drawing: Drawing, signer: PersonId, on_behalf_of: PersonId | None, signed_at: datetime
) -> Sha256:
    body = {
        "type": "anhuan/signature/v1",
        "signed_hash": matter_hash,
        "drawing": to_builtins(drawing),
        "signer": signer,
        "on_behalf_of": on_behalf_of,
        "signed_at": signed_at.astimezone(UTC).isoformat(timespec="microseconds"),
    }
    return _sha256(body)


def _sha256(body: dict[str, object]) -> Sha256:
    return Sha256(hashlib.sha256(canonical(body)).hexdigest())


def drawing_svg(drawing: Drawing) -> str:
    """The drawing as a stand-alone SVG picture. Holds numbers only, so nothing of it can be script."""
    width, height = _number(drawing.width), _number(drawing.height)
    pen = _number(max(drawing.width, drawing.height) / 150)
    paths = "".join(f'<path d="{_path(stroke)}"/>' for stroke in drawing.strokes if stroke)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<g fill="none" stroke="#111" stroke-width="{pen}" stroke-linecap="round" stroke-linejoin="round">'
        f"{paths}</g></svg>"
    )


def _path(stroke: tuple[Point, ...]) -> str:
    first, *rest = (f"{_number(point.x)} {_number(point.y)}" for point in stroke)
    return f"M{first}" + "".join(f"L{spot}" for spot in rest or [first])


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
