"""Drawing a verifier: repeatable by an auditor, steerable by nobody, not foreseeable.

The seed of a draw is HMAC(committed key, case, draw number). The ordered candidates and the seed's hash are recorded
when the draw is made, the seed itself when the drawn person has decided.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from anhuan.domain.ids import PersonId
from anhuan.domain.plant import Plant


class Draw(Struct, frozen=True):
    """One draw: who could be drawn, who was, and how far the pool was widened to find anybody."""

    candidates: tuple[PersonId, ...]
    person: PersonId
    widened: str


def draw_seed(case_seed: bytes, number: int) -> bytes:
    """The 32-byte seed of a case's n-th draw."""
    return hmac.digest(case_seed, f"draw:{number}".encode(), "sha256")


def sample_of(case_seed: bytes, round_number: int) -> int:
    """A number 0..9999 for taking a random share, fixed for a case and round."""
    return int.from_bytes(hmac.digest(case_seed, f"sample:{round_number}".encode(), "sha256")[:8]) % 10_000


def commitment(seed: bytes) -> str:
    """What is recorded of a seed before it is told."""
    return hashlib.sha256(seed).hexdigest()


def pick(seed: bytes, candidates: Sequence[PersonId]) -> PersonId:
    """The candidate that a seed means; the same for everybody who has seed and order."""
    return candidates[int.from_bytes(hashlib.sha256(b"pick:" + seed).digest()) % len(candidates)]


def draw(
    seed: bytes,
    pool: Sequence[PersonId],
    may: Callable[[PersonId], bool],
    plant: Plant,
    at: datetime,
    loads: Mapping[PersonId, int],
    cap: int,
) -> Draw | None:
    """One of the pool who may do it and is not loaded beyond the cap; those at work first.

    Widens step by step (on shift, off shift, over the cap) and says so; None when nobody at all is left.
    """
    here = [person for person in pool if plant.is_here(person, at) and not plant.is_absent(person, at) and may(person)]
    free = [person for person in here if loads.get(person, 0) < cap]
    on_shift = [person for person in free if plant.on_duty(person, at)]
    for widened, candidates in (("on_shift", on_shift), ("off_shift", free), ("over_cap", here)):
        if candidates:
            ordered = tuple(sorted(candidates))
            return Draw(ordered, pick(seed, ordered), widened)
    return None
