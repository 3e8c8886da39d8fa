"""What is handed in beside a form, for a duty and for a wish alike: files stand in slots that the form has, and the
slots that the pack asks for are not left empty."""

from collections.abc import Iterable, Iterator

from anhuan.core.case.events import Proof
from anhuan.core.case.outcome import Reason
from anhuan.core.policy import FormCheck

SIGNATURE = "signature"
"""The slot that a drawn signature fills."""


def missing(asked_for: Iterable[str], proofs: Iterable[Proof], *, signed: bool = False) -> Iterator[Reason]:
    """A reason for each slot that must be there and is not."""
    there = {piece.slot for piece in proofs} | ({SIGNATURE} if signed else set())
    for slot in asked_for:
        if slot not in there:
            yield Reason("proof_missing", f"/proofs/{slot}", {"slot": slot})


def misplaced(form: FormCheck | None, proofs: Iterable[Proof]) -> Iterator[Reason]:
    """A reason for each slot that something was put into and that the form does not have."""
    known = form.slots if form is not None else ()
    for slot in dict.fromkeys(piece.slot for piece in proofs):
        if slot not in known:
            yield Reason("slot_unknown", f"/proofs/{slot}", {"slot": slot, "slots": list(known)})
