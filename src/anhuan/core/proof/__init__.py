"""Do the photos before and after a deed show it? Their times and places compared, for a person to judge.

Three verdicts, worst first: `fail` (the claims contradict the deed), `cannot_tell`, `pass`. Nothing here rejects a
deed: the verifier sees the verdict with its reasons. What nobody can help (no satellite fix under a steel roof, an area
where recording is forbidden) is said and never counts against anybody, so those remarks carry no verdict.

A device's clock is a claim. When the device sent its own time along, the drift is known and taken out; otherwise the
time is only good to `unchecked_minutes`, except between two photos of one device, whose drift is the same.
"""

from collections.abc import Sequence
from datetime import tzinfo

from anhuan.core.proof.places import PLACE_CODES, place_remarks
from anhuan.core.proof.times import TIME_CODES, clock_drift, exif_taken_at, time_remarks
from anhuan.core.proof.values import Comparison, ProofLimits, Remark, Subject, Verdict, worst
from anhuan.domain.evidence import Evidence

__all__ = [
    "PLACE_CODES",
    "TIME_CODES",
    "Comparison",
    "ProofLimits",
    "Remark",
    "Subject",
    "Verdict",
    "clock_drift",
    "compare",
    "exif_taken_at",
]


def compare(
    before: Sequence[Evidence],
    after: Sequence[Evidence],
    subject: Subject,
    *,
    zone: tzinfo,
    limits: ProofLimits | None = None,
) -> Comparison:
    """Compare the photos of a deed. `zone` is the plant's: camera times without a zone are read in it."""
    limits = limits or ProofLimits()
    on_time = tuple(time_remarks(before, after, subject, zone, limits))
    on_place = tuple(place_remarks(before, after, subject, limits))
    place_verdict = worst(on_place)
    return Comparison(
        verdict=worst((*on_time, *on_place)) or "cannot_tell",
        time_verdict=worst(on_time) or "cannot_tell",
        place_verdict=place_verdict,
        remarks=(*on_time, *on_place),
    )
