"""Completeness of what is recorded: of the steps that must be proven, how many have all of their evidence.

A step is a duty that its pack asks evidence of, once it was done or its deadline has passed with nothing done. It is
complete when each slot that is asked for is filled, a drawn signature included, and every picture in them says when it
was taken. What is asked for stands in the event that opened the duty; steps of before it stood there are not counted.
"""

from anhuan.core.case.papers import SIGNATURE
from anhuan.core.case.state import Case, Duty, DutyStatus


def steps(case: Case) -> tuple[int, int]:
    """Steps that must be proven by now, and how many of them have all of their evidence."""
    owed = [duty for duty in case.duties.values() if duty.prove and _by_now(duty)]
    return len(owed), sum(map(_is_complete, owed))


def _by_now(duty: Duty) -> bool:
    return duty.status is DutyStatus.DISCHARGED or (duty.status is DutyStatus.OPEN and duty.breached_at is not None)


def _is_complete(duty: Duty) -> bool:
    if duty.status is not DutyStatus.DISCHARGED:
        return False
    filled = {piece.slot for piece in duty.proofs} | ({SIGNATURE} if duty.signature is not None else set())
    photos = [piece.evidence for piece in duty.proofs if piece.slot in duty.prove and piece.evidence.kind == "photo"]
    return filled >= set(duty.prove) and all(photo.captured_at is not None for photo in photos)
