"""Where the photos were taken: at the equipment, by its plate first, else by the device's position."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from anhuan.core.proof.times import whole_minutes
from anhuan.core.proof.values import ProofLimits, Remark, Subject, Verdict, counted, said
from anhuan.domain.evidence import Evidence, GpsFix, NotPermitted
from anhuan.domain.position import Position, distances_m

PLACE_CODES = (
    "datum_unknown",
    "far_from_place",
    "fix_too_coarse",
    "near_place",
    "nearness_unclear",
    "no_fix",
    "not_permitted_here",
    "not_scanned",
    "other_equipment_scanned",
    "permitted_here",
    "photos_far_apart",
    "photos_near_each_other",
    "place_from_exif",
    "scan_and_fix_disagree",
    "scan_not_at_photo_time",
    "scanned_here",
)
"""Every code that a remark on place may carry; the words files have a text for each."""


def place_remarks(
    before: Sequence[Evidence], after: Sequence[Evidence], subject: Subject, limits: ProofLimits
) -> Iterator[Remark]:
    """All that the photos' places say."""
    for photo in (*before, *after):
        if _scanned_here(photo, subject):
            yield from _scan_remarks(photo, subject, limits)
        else:
            yield from _unscanned_remarks(photo, subject, limits)
    if subject.position is None:
        for later in after:
            for earlier in before:
                if not (_scanned_here(earlier, subject) and _scanned_here(later, subject)):
                    yield from _apart(earlier, later, limits)


def _scanned_here(photo: Evidence, subject: Subject) -> bool:
    scan = photo.captured_where.scan
    return scan is not None and scan.equipment == subject.equipment


def _scan_remarks(photo: Evidence, subject: Subject, limits: ProofLimits) -> Iterator[Remark]:
    yield counted("scanned_here", "pass", photo=photo.sha256)
    scan = photo.captured_where.scan
    if scan is not None and scan.scanned_at is not None and photo.captured_at is not None:
        gap = abs(photo.captured_at - scan.scanned_at)
        if gap > timedelta(minutes=limits.scan_minutes):
            yield counted("scan_not_at_photo_time", "cannot_tell", photo=photo.sha256, minutes=whole_minutes(gap))
    fix = _usable_fix(photo, limits)
    if fix is not None and subject.position is not None:
        nearest = distances_m(fix.position, subject.position)[0]
        if nearest > limits.disagree_m + _accuracy_m(fix, limits):
            yield counted("scan_and_fix_disagree", "cannot_tell", photo=photo.sha256, metres=round(nearest))


def _unscanned_remarks(photo: Evidence, subject: Subject, limits: ProofLimits) -> Iterator[Remark]:
    scan, where = photo.captured_where.scan, photo.captured_where.fix
    if subject.equipment is not None and scan is None:
        yield said("not_scanned", photo=photo.sha256)
    elif subject.equipment is not None and scan is not None:
        plates = {"scanned": scan.equipment, "expected": subject.equipment}
        yield counted("other_equipment_scanned", "fail", photo=photo.sha256, **plates)
    if isinstance(where, NotPermitted):
        yield said("not_permitted_here", photo=photo.sha256)
        if subject.recording_permitted is True:
            yield counted("permitted_here", "cannot_tell", photo=photo.sha256)
    fix = _usable_fix(photo, limits)
    if fix is not None:
        if not isinstance(where, GpsFix):
            yield said("place_from_exif", photo=photo.sha256)
        if subject.position is not None:
            yield _nearness(photo, fix, subject.position, limits)
    elif isinstance(where, GpsFix):
        yield said("fix_too_coarse", photo=photo.sha256, metres=round(where.accuracy_m or 0))
    elif not isinstance(where, NotPermitted):
        yield said("no_fix", photo=photo.sha256)


def _usable_fix(photo: Evidence, limits: ProofLimits) -> GpsFix | None:
    """The device's fix, else the file's, when it is fine enough to say anything."""
    where = photo.captured_where.fix
    fix = where if isinstance(where, GpsFix) else photo.exif.gps if photo.exif else None
    return fix if fix is not None and _accuracy_m(fix, limits) <= limits.coarse_m else None


def _accuracy_m(fix: GpsFix, limits: ProofLimits) -> float:
    return limits.unsaid_accuracy_m if fix.accuracy_m is None else fix.accuracy_m


def _nearness(photo: Evidence, fix: GpsFix, place: Position, limits: ProofLimits) -> Remark:
    possible = distances_m(fix.position, place)
    verdict = _near(possible, _accuracy_m(fix, limits), limits)
    code = {"pass": "near_place", "cannot_tell": "nearness_unclear", "fail": "far_from_place"}[verdict]
    if verdict == "cannot_tell" and possible[0] <= limits.near_m:
        code = "datum_unknown"
    return counted(code, verdict, photo=photo.sha256, metres=round(possible[0]))


def _apart(earlier: Evidence, later: Evidence, limits: ProofLimits) -> Iterator[Remark]:
    """The two photos against each other, where no place is on record."""
    one, other = _usable_fix(earlier, limits), _usable_fix(later, limits)
    if one is None or other is None:
        return
    possible = distances_m(one.position, other.position)
    verdict = _near(possible, _accuracy_m(one, limits) + _accuracy_m(other, limits), limits)
    codes = {"pass": "photos_near_each_other", "cannot_tell": "nearness_unclear", "fail": "photos_far_apart"}
    metres = round(possible[0])
    yield counted(codes[verdict], verdict, photo=later.sha256, other=earlier.sha256, metres=metres)


def _near(possible_m: Sequence[float], accuracy_m: float, limits: ProofLimits) -> Verdict:
    """Near by every reading: pass. Too far by every reading, even with the fix's error: fail."""
    if all(distance <= limits.near_m for distance in possible_m):
        return "pass"
    if all(distance > limits.near_m + accuracy_m for distance in possible_m):
        return "fail"
    return "cannot_tell"
