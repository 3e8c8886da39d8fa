"""When the photos were taken: are those after later than those before, by clocks that can be trusted so far?"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from msgspec import Struct

from anhuan.core.proof.values import SEVERITY, ProofLimits, Remark, Subject, counted, said
from anhuan.domain.evidence import Evidence

TIME_CODES = (
    "after_later_than_before",
    "after_missing",
    "after_not_later_than_before",
    "after_taken_before_found",
    "before_missing",
    "captured_after_received",
    "clock_drift",
    "clock_unchecked",
    "exif_time_differs",
    "order_unclear",
    "same_photo",
    "time_from_exif",
    "time_missing",
)
"""Every code that a remark on time may carry; the words files have a text for each."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class _Taken(Struct, frozen=True, kw_only=True):
    """When a photo was taken, as well as it is known."""

    photo: Evidence
    at: datetime | None
    earliest: datetime
    latest: datetime


def clock_drift(photo: Evidence) -> timedelta | None:
    """How far the device's clock was behind ours when it sent (negative: ahead); None: not measured."""
    sent_at = _believable(photo.sent_at)
    return None if sent_at is None else photo.received_at - sent_at


def exif_taken_at(photo: Evidence, zone: tzinfo) -> datetime | None:
    """The camera's own time as an instant; None where the file says none that can be believed."""
    claims = photo.exif
    if claims is None or claims.taken_local is None:
        return None
    try:
        local = datetime.fromisoformat(claims.taken_local).replace(tzinfo=None)
        offset = claims.utc_offset_minutes
        stated = zone if offset is None else timezone(timedelta(minutes=offset))
        return _believable(local.replace(tzinfo=stated).astimezone(UTC))
    except (ValueError, OverflowError):
        return None


def time_remarks(
    before: Sequence[Evidence], after: Sequence[Evidence], subject: Subject, zone: tzinfo, limits: ProofLimits
) -> Iterator[Remark]:
    """All that the photos' times say; of each after photo only its worst match with those before."""
    if not before:
        yield counted("before_missing", "cannot_tell")
    if not after:
        yield counted("after_missing", "cannot_tell")
    for photo in (*before, *after):
        yield from _clock_remarks(photo, zone, limits)
    taken_before = [_taken(photo, zone, limits) for photo in before]
    for later in (_taken(photo, zone, limits) for photo in after):
        if subject.found_at is not None and later.latest < subject.found_at:
            minutes = whole_minutes(subject.found_at - later.latest)
            yield counted("after_taken_before_found", "fail", photo=later.photo.sha256, minutes=minutes)
        if taken_before:
            pairs = (_order(earlier, later, limits) for earlier in taken_before)
            yield max(pairs, key=lambda remark: SEVERITY.index(remark.verdict or "pass"))


def whole_minutes(span: timedelta) -> int:
    """For the text of a remark."""
    return round(span.total_seconds() / 60)


def _believable(at: datetime | None) -> datetime | None:
    """A claim from this age of the world; a clock at its epoch or a made-up year says nothing."""
    return at if at is not None and 2000 <= at.year < 2200 else None


def _clock_remarks(photo: Evidence, zone: tzinfo, limits: ProofLimits) -> Iterator[Remark]:
    drift, exif_at, captured_at = clock_drift(photo), exif_taken_at(photo, zone), _believable(photo.captured_at)
    if captured_at is not None:
        if drift is None:
            yield said("clock_unchecked", photo=photo.sha256)
        if exif_at is not None and abs(exif_at - captured_at) > timedelta(minutes=limits.exif_minutes):
            minutes = whole_minutes(captured_at - exif_at)
            yield counted("exif_time_differs", "cannot_tell", photo=photo.sha256, minutes=minutes)
    elif exif_at is not None:
        yield said("time_from_exif", photo=photo.sha256)
    else:
        yield counted("time_missing", "cannot_tell", photo=photo.sha256)
    if drift is not None and abs(drift) > timedelta(minutes=limits.drift_minutes):
        yield said("clock_drift", photo=photo.sha256, minutes=whole_minutes(drift))
    claimed, slack = _claimed_at(photo, zone, limits)
    if claimed is not None and claimed - photo.received_at > slack:
        minutes = whole_minutes(claimed - photo.received_at)
        yield counted("captured_after_received", "cannot_tell", photo=photo.sha256, minutes=minutes)


def _claimed_at(photo: Evidence, zone: tzinfo, limits: ProofLimits) -> tuple[datetime | None, timedelta]:
    """When the photo was taken by our clock, as far as the claims say, and how far that may be off."""
    drift, captured_at = clock_drift(photo), _believable(photo.captured_at)
    if captured_at is not None and drift is not None:
        return captured_at + drift, timedelta(minutes=limits.slack_minutes)
    return captured_at or exif_taken_at(photo, zone), timedelta(minutes=limits.unchecked_minutes)


def _taken(photo: Evidence, zone: tzinfo, limits: ProofLimits) -> _Taken:
    at, slack = _claimed_at(photo, zone, limits)
    if at is None or at - photo.received_at > slack:
        return _Taken(photo=photo, at=None, earliest=_LONG_AGO, latest=photo.received_at)
    return _Taken(photo=photo, at=at, earliest=at - slack, latest=min(at + slack, photo.received_at))


def _order(earlier: _Taken, later: _Taken, limits: ProofLimits) -> Remark:
    one, other = earlier.photo, later.photo
    if one.sha256 == other.sha256:
        return counted("same_photo", "fail", photo=other.sha256)
    params: dict[str, str | int] = {"photo": other.sha256, "other": one.sha256}
    if earlier.at is not None and later.at is not None:
        params["minutes"] = whole_minutes(later.at - earlier.at)
    gap = _gap_on_one_clock(earlier, later, limits)
    if gap is not None:
        is_later, is_earlier = gap > timedelta(0), gap < timedelta(0)
    else:
        is_later, is_earlier = earlier.latest < later.earliest, later.latest < earlier.earliest
    if is_later:
        return counted("after_later_than_before", "pass", **params)
    if is_earlier:
        return counted("after_not_later_than_before", "fail", **params)
    return counted("order_unclear", "cannot_tell", **params)


def _gap_on_one_clock(earlier: _Taken, later: _Taken, limits: ProofLimits) -> timedelta | None:
    """Time between two photos of one device whose clock was not set in between, as far as anybody measured."""
    one, other = earlier.photo, later.photo
    if earlier.at is None or later.at is None or one.device is None or one.device != other.device:
        return None
    drift, other_drift = clock_drift(one), clock_drift(other)
    slack = timedelta(minutes=limits.slack_minutes)
    if drift is not None and other_drift is not None and abs(drift - other_drift) > slack:
        return None
    if one.captured_at is None or other.captured_at is None:
        return None
    return other.captured_at - one.captured_at
