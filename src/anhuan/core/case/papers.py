"""What is handed in beside a form, for a duty and for a wish alike: files stand in slots that the form has, and the
slots that the pack asks for are not left empty."""

from collections.abc import Iterable, Iterator, Sequence

from anhuan.core.case.events import Proof
from anhuan.core.case.outcome import Reason
from anhuan.core.policy import FormCheck

SIGNATURE = "signature"
"""The slot, and the widget, that only a drawn signature fills."""
PHOTOS = "photos"
"""The widget of a slot that a paper does not fill: something is to be seen there."""


def missing(asked_for: Iterable[str], proofs: Iterable[Proof], *, signed: bool = False) -> Iterator[Reason]:
    """A reason for each slot that must be there and is not."""
    there = {piece.slot for piece in proofs} - {SIGNATURE} | ({SIGNATURE} if signed else set())
    for slot in asked_for:
        if slot not in there:
            code = "signature_missing" if slot == SIGNATURE else "proof_missing"
            yield Reason(code, f"/proofs/{slot}", {"slot": slot})


def misplaced(form: FormCheck | None, proofs: Sequence[Proof]) -> Iterator[Reason]:
    """A reason for each slot that something was put into and that the form does not have, or has for something else."""
    known = form.slots if form is not None else {}
    blank = {piece.slot for piece in proofs if not piece.evidence.media_type.startswith("image/")}
    for slot in dict.fromkeys(piece.slot for piece in proofs):
        if slot not in known:
            yield Reason("slot_unknown", f"/proofs/{slot}", {"slot": slot, "slots": list(known)})
        elif known[slot] == SIGNATURE:
            yield Reason("slot_for_signature", f"/proofs/{slot}", {"slot": slot})
        elif known[slot] == PHOTOS and slot in blank:
            yield Reason("slot_for_photos", f"/proofs/{slot}", {"slot": slot})
