"""Files, comparisons of photos, and signatures, as pages show them."""

from collections.abc import Iterable

import msgspec

from anhuan.app.view.lens import Lens
from anhuan.app.view.shapes import ComparisonView, FileView, Json, RemarkView, SignatureView
from anhuan.core.case.events import Proof
from anhuan.core.case.outcome import Reason
from anhuan.core.proof import Comparison
from anhuan.core.proof.values import Remark
from anhuan.core.signature import LEGAL_NOTE, Signature

FILES = "/api/v1/files"


def file_views(
    case: str, proofs: Iterable[Proof], lens: Lens, comparison: dict[str, object] | None = None
) -> list[FileView]:
    """Files with what was found about each of them when photos were compared."""
    remarks = msgspec.convert(comparison, Comparison).remarks if comparison else ()
    return [_file_view(case, proof, lens, remarks) for proof in proofs]


def _file_view(case: str, proof: Proof, lens: Lens, remarks: Iterable[Remark]) -> FileView:
    evidence = proof.evidence
    address = f"{FILES}/{evidence.sha256}"
    is_picture = evidence.media_type.startswith("image/")
    return FileView(
        sha256=evidence.sha256,
        slot=proof.slot,
        kind=evidence.kind,
        media_type=evidence.media_type,
        width=evidence.width_px,
        height=evidence.height_px,
        size=evidence.size_bytes,
        url=f"{address}?case={case}",
        thumb_url=f"{address}/thumb?case={case}" if is_picture else None,
        captured_at=evidence.captured_at,
        received_at=evidence.received_at,
        captured_where=_plain(evidence.captured_where),
        captured_by=lens.person(evidence.captured_by),
        remarks=[_remark(remark, lens).text for remark in remarks if remark.params.get("photo") == evidence.sha256],
    )


def comparison_view(comparison: dict[str, object] | None, lens: Lens) -> ComparisonView | None:
    """The verdict on the photos' times and places, each remark in words."""
    if comparison is None:
        return None
    compared = msgspec.convert(comparison, Comparison)
    return ComparisonView(
        verdict=compared.verdict,
        time_verdict=compared.time_verdict,
        place_verdict=compared.place_verdict,
        remarks=[_remark(remark, lens) for remark in compared.remarks],
    )


def _remark(remark: Remark, lens: Lens) -> RemarkView:
    text = lens.say(Reason(remark.code, params=dict(remark.params)), lens.pack)
    return RemarkView(code=remark.code, verdict=remark.verdict, text=text)


def signature_view(signature: Signature | None, lens: Lens) -> SignatureView | None:
    """A signature as it was drawn, with what it is worth in law."""
    if signature is None:
        return None
    return SignatureView(
        drawing=_plain(signature.drawing),
        signed_hash=signature.signed_hash,
        statement=signature.statement,
        legal_note=LEGAL_NOTE[lens.language],
    )


def _plain(value: msgspec.Struct) -> Json:
    plain: Json = msgspec.to_builtins(value)
    return plain
