"""What photos before and after a deed can show, and what never counts against anybody."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anhuan.core.proof import PLACE_CODES, TIME_CODES, Comparison, ProofLimits, Subject, compare
from anhuan.domain.equipment_code import EquipmentCode, equipment_code, read_equipment_code
from anhuan.domain.evidence import Evidence, ExifClaims, GpsFix, NoFix, NotPermitted, PlaceProof, QrScan, Sha256
from anhuan.domain.ids import EquipmentId, TenantId
from anhuan.domain.position import Position, distances_m, gcj02_to_wgs84, wgs84_to_gcj02

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)
PRESS = EquipmentId("eq-P1-300T")
PRESS_AT = Position(lat=31.2304, lon=121.4737)
SEVERITY = {"pass": 0, "cannot_tell": 1, "fail": 2}
METRES_NORTH = 1 / 111_195


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def photo(
    name: str,
    captured: datetime | None,
    *,
    where: PlaceProof | None = None,
    device: str | None = "phone-1",
    clock_ahead: timedelta | None = timedelta(0),
    received: datetime | None = None,
    exif: ExifClaims | None = None,
) -> Evidence:
    """A photo taken at `captured` by a true clock, by a device whose clock is ahead; None: never measured."""
    received = received or (captured or NOON) + minutes(1)
    return Evidence(
        sha256=Sha256(name.ljust(64, "0")),
        kind="photo",
        media_type="image/jpeg",
        size_bytes=1000,
        received_at=received,
        captured_at=None if captured is None else captured + (clock_ahead or timedelta(0)),
        sent_at=None if clock_ahead is None else received + clock_ahead,
        captured_where=where or PlaceProof(),
        device=device,
        exif=exif,
    )


def gps(metres_north: float, accuracy_m: float | None = 5.0) -> PlaceProof:
    lat = PRESS_AT.lat + metres_north * METRES_NORTH
    return PlaceProof(fix=GpsFix(lat=lat, lon=PRESS_AT.lon, accuracy_m=accuracy_m, datum="wgs84"))


def codes(comparison: Comparison) -> set[str]:
    return {remark.code for remark in comparison.remarks}


def judged(before: list[Evidence], after: list[Evidence], subject: Subject | None = None) -> Comparison:
    return compare(before, after, subject or Subject(), zone=ZONE)


SCANNED = PlaceProof(scan=QrScan(equipment=PRESS))


def test_scanned_and_later_passes() -> None:
    outcome = judged(
        [photo("a", NOON, where=SCANNED)],
        [photo("b", NOON + minutes(90), where=SCANNED, device="phone-2")],
        Subject(equipment=PRESS, position=PRESS_AT),
    )
    assert (outcome.verdict, outcome.time_verdict, outcome.place_verdict) == ("pass", "pass", "pass")
    later = next(remark for remark in outcome.remarks if remark.code == "after_later_than_before")
    assert later.params["minutes"] == 90


def test_after_that_is_older_fails_whoever_took_it() -> None:
    for device in ("phone-1", "phone-2"):
        outcome = judged([photo("a", NOON)], [photo("b", NOON - minutes(30), device=device)])
        assert outcome.time_verdict == "fail"
        assert "after_not_later_than_before" in codes(outcome)


def test_the_same_photo_twice_fails() -> None:
    outcome = judged([photo("a", NOON)], [photo("a", NOON + minutes(60))])
    assert outcome.verdict == "fail" and "same_photo" in codes(outcome)


def test_a_fast_clock_is_named_and_taken_out() -> None:
    fast = photo("b", NOON + minutes(30), device="phone-2", clock_ahead=timedelta(hours=7))
    slow = photo("a", NOON, clock_ahead=-timedelta(hours=9))
    outcome = judged([slow], [fast])
    assert outcome.time_verdict == "pass"
    drifts = {r.params["photo"]: r.params["minutes"] for r in outcome.remarks if r.code == "clock_drift"}
    assert drifts == {slow.sha256: 540, fast.sha256: -420}
    unmasked = photo("c", NOON - minutes(30), device="phone-2", clock_ahead=timedelta(hours=7))
    assert judged([slow], [unmasked]).time_verdict == "fail", "a clock set ahead must not make an old photo new"


def test_two_clocks_that_nobody_measured_need_a_wide_gap() -> None:
    before = photo("a", NOON, clock_ahead=None)
    assert judged([before], [photo("b", NOON + minutes(30), device="x", clock_ahead=None)]).verdict == "cannot_tell"
    assert judged([before], [photo("b", NOON + minutes(180), device="x", clock_ahead=None)]).verdict == "pass"
    assert judged([before], [photo("b", NOON + minutes(3), clock_ahead=None)]).verdict == "pass", "one clock, one order"


def test_a_clock_set_between_two_photos_of_one_device_is_not_one_clock() -> None:
    before = photo("a", NOON, clock_ahead=timedelta(0))
    after = photo("b", NOON - minutes(60), clock_ahead=timedelta(hours=3))
    assert after.captured_at is not None and before.captured_at is not None and after.captured_at > before.captured_at
    assert judged([before], [after]).time_verdict == "fail"


def test_what_claims_to_be_taken_after_it_arrived_is_not_believed() -> None:
    impossible = photo("b", NOON + minutes(300), received=NOON + minutes(10))
    outcome = judged([photo("a", NOON)], [impossible])
    assert outcome.time_verdict == "cannot_tell" and "captured_after_received" in codes(outcome)


def test_an_after_photo_older_than_the_finding_fails() -> None:
    outcome = judged(
        [photo("a", NOON - minutes(300))],
        [photo("b", NOON - minutes(120))],
        Subject(found_at=NOON),
    )
    assert outcome.time_verdict == "fail" and "after_taken_before_found" in codes(outcome)


def test_a_picked_file_is_judged_by_its_own_time_and_an_old_one_is_told() -> None:
    taken = ExifClaims(taken_local="2026-03-05T15:30:00")  # 07:30 UTC: plant's zone
    picked = photo("b", None, received=NOON + timedelta(hours=5), exif=taken)
    outcome = judged([photo("a", NOON)], [picked])
    assert outcome.time_verdict == "pass" and "time_from_exif" in codes(outcome)
    old = ExifClaims(taken_local="2026-02-01T12:00:00", utc_offset_minutes=480)
    outcome = judged([photo("a", NOON)], [photo("b", NOON + minutes(60), exif=old)])
    assert outcome.time_verdict == "cannot_tell" and "exif_time_differs" in codes(outcome)


@pytest.mark.parametrize("nonsense", ["", "yesterday", "0001-01-01T00:00:00", "9999-12-31T23:59:59"])
def test_times_out_of_this_world_say_nothing(nonsense: str) -> None:
    claims = ExifClaims(taken_local=nonsense, utc_offset_minutes=-840)
    absurd = photo("b", None, exif=claims, received=NOON + minutes(60))
    assert "time_missing" in codes(judged([photo("a", NOON)], [absurd]))
    for year in (1, 1970, 9999):
        at = datetime(year, 6, 1, tzinfo=UTC)
        sent_at = datetime(9999 if year == 1 else 1, 1, 1, tzinfo=UTC)
        claimed = msgspec.structs.replace(absurd, captured_at=at, sent_at=sent_at)
        assert judged([photo("a", NOON)], [claimed]).time_verdict == "cannot_tell"


def test_missing_photos_are_named() -> None:
    assert judged([], []).verdict == "cannot_tell"
    assert {"before_missing", "after_missing"} <= codes(judged([], []))


def test_every_before_counts() -> None:
    befores = [photo("a", NOON), photo("c", NOON + minutes(50))]
    assert judged(befores, [photo("b", NOON + minutes(20))]).time_verdict == "fail"


# --- place


def place_of(where: PlaceProof, subject: Subject, exif: ExifClaims | None = None) -> Comparison:
    return judged([], [photo("b", NOON, where=where, exif=exif)], subject)


def test_scan_of_another_plate_fails() -> None:
    other = PlaceProof(scan=QrScan(equipment=EquipmentId("eq-P2")))
    outcome = place_of(other, Subject(equipment=PRESS))
    assert outcome.place_verdict == "fail"
    remark = next(remark for remark in outcome.remarks if remark.code == "other_equipment_scanned")
    assert remark.params["scanned"] == "eq-P2" and remark.params["expected"] == PRESS


def test_the_plate_comes_before_a_halls_reflections_but_not_before_another_town() -> None:
    subject = Subject(equipment=PRESS, position=PRESS_AT)
    for metres, expected in ((300, "pass"), (5000, "cannot_tell")):
        where = msgspec.structs.replace(gps(metres), scan=QrScan(equipment=PRESS))
        assert place_of(where, subject).place_verdict == expected


def test_a_plate_read_hours_before_the_photo_is_told() -> None:
    where = PlaceProof(scan=QrScan(equipment=PRESS, scanned_at=NOON - timedelta(hours=5)))
    outcome = place_of(where, Subject(equipment=PRESS))
    assert outcome.place_verdict == "cannot_tell" and "scan_not_at_photo_time" in codes(outcome)


@pytest.mark.parametrize(
    ("metres", "accuracy_m", "verdict", "code"),
    [
        (10, 5.0, "pass", "near_place"),
        (49, 90.0, "pass", "near_place"),
        (60, 30.0, "cannot_tell", "nearness_unclear"),
        (200, 30.0, "fail", "far_from_place"),
        (200, None, "fail", "far_from_place"),
        (90, None, "cannot_tell", "nearness_unclear"),
        (10, 500.0, None, "fix_too_coarse"),
        (9000, 500.0, None, "fix_too_coarse"),
    ],
)
def test_nearness(metres: float, accuracy_m: float | None, verdict: str | None, code: str) -> None:
    outcome = place_of(gps(metres, accuracy_m), Subject(position=PRESS_AT))
    assert outcome.place_verdict == verdict
    assert code in codes(outcome)


def test_limits_are_the_plants() -> None:
    at_200_m = [photo("b", NOON, where=gps(200))]
    wide = compare([], at_200_m, Subject(position=PRESS_AT), zone=ZONE, limits=ProofLimits(near_m=250))
    assert wide.place_verdict == "pass"


@pytest.mark.parametrize("fix", [NoFix(), NotPermitted()])
def test_no_position_is_no_blemish(fix: NoFix | NotPermitted) -> None:
    subject = Subject(equipment=PRESS, position=PRESS_AT)
    where = PlaceProof(fix=fix)
    outcome = judged([photo("a", NOON, where=where)], [photo("b", NOON + minutes(60), where=where)], subject)
    assert outcome.verdict == "pass" and outcome.place_verdict is None
    assert ("no_fix" if isinstance(fix, NoFix) else "not_permitted_here") in codes(outcome)


def test_not_permitted_where_it_is_permitted_is_told() -> None:
    where = PlaceProof(fix=NotPermitted())
    assert place_of(where, Subject(recording_permitted=False)).place_verdict is None
    outcome = place_of(where, Subject(recording_permitted=True))
    assert outcome.place_verdict == "cannot_tell" and "permitted_here" in codes(outcome)


def test_a_place_from_the_file_counts_when_the_device_had_none() -> None:
    far = ExifClaims(gps=GpsFix(lat=31.0, lon=121.0, datum="wgs84"))
    outcome = place_of(PlaceProof(), Subject(position=PRESS_AT), exif=far)
    assert outcome.place_verdict == "fail" and {"place_from_exif", "far_from_place"} <= codes(outcome)


def test_without_a_place_on_record_the_photos_are_held_against_each_other() -> None:
    for metres, verdict in ((20, "pass"), (900, "fail")):
        outcome = judged([photo("a", NOON, where=gps(0))], [photo("b", NOON + minutes(60), where=gps(metres))])
        assert outcome.place_verdict == verdict


def test_gcj02_is_known_and_an_unknown_datum_is_not_guessed() -> None:
    map_point = wgs84_to_gcj02(PRESS_AT)
    subject = Subject(position=PRESS_AT)
    for datum, verdict in (("gcj02", "pass"), ("wgs84", "fail"), ("unknown", "cannot_tell")):
        fix = GpsFix(lat=map_point.lat, lon=map_point.lon, accuracy_m=5, datum=datum)  # type: ignore[arg-type]
        assert place_of(PlaceProof(fix=fix), subject).place_verdict == verdict
    unknown = GpsFix(lat=map_point.lat, lon=map_point.lon, accuracy_m=5)
    outcome = judged(
        [photo("a", NOON, where=PlaceProof(fix=unknown))],
        [photo("b", NOON + minutes(60), where=PlaceProof(fix=unknown))],
    )
    assert outcome.place_verdict == "pass", "two fixes of one unknown datum are read alike"


# Computed with gcoord 1.0.7 (MIT), an independent implementation: (lon, lat) in WGS-84 and in GCJ-02.
GCOORD = [
    ((121.4737, 31.2304), (121.47822305927693, 31.22845773757727)),
    ((116.3975, 39.9087), (116.40374357265176, 39.91010349934476)),
    ((113.2644, 23.1291), (113.26972959210308, 23.126423339922844)),
    ((106.5516, 29.563), (106.55531764979986, 29.560151273667472)),
    ((87.6168, 43.8256), (87.61964994946926, 43.82680539311119)),
    ((126.6424, 45.7567), (126.64836981630474, 45.75865110185797)),
    ((-0.1278, 51.5074), (-0.1278, 51.5074)),
]


@pytest.mark.parametrize(("wgs", "gcj"), GCOORD)
def test_datums_agree_with_an_independent_implementation(wgs: tuple[float, float], gcj: tuple[float, float]) -> None:
    found = wgs84_to_gcj02(Position(lat=wgs[1], lon=wgs[0]))
    assert (found.lon, found.lat) == pytest.approx(gcj, abs=1e-7)
    back = gcj02_to_wgs84(Position(lat=gcj[1], lon=gcj[0], datum="gcj02"))
    assert (back.lon, back.lat) == pytest.approx(wgs, abs=1e-7)


def test_the_shift_at_shanghai_is_near_half_a_kilometre() -> None:
    shifted = wgs84_to_gcj02(PRESS_AT)
    (metres,) = distances_m(PRESS_AT, Position(lat=shifted.lat, lon=shifted.lon))
    assert 470 < metres < 490
    assert distances_m(PRESS_AT, shifted)[0] < 0.1


@given(lat=st.floats(4, 53), lon=st.floats(74, 134))
def test_the_shift_can_be_undone_everywhere_in_china(lat: float, lon: float) -> None:
    there = Position(lat=lat, lon=lon)
    assert distances_m(there, wgs84_to_gcj02(there))[0] < 0.5


# --- laws

instants = st.integers(-3000, 3000).map(lambda count: NOON + minutes(count))
fixes = st.one_of(
    st.just(NoFix()),
    st.just(NotPermitted()),
    st.builds(
        GpsFix,
        lat=st.floats(31.0, 31.5),
        lon=st.floats(121.3, 121.6),
        accuracy_m=st.none() | st.floats(0, 200),
        datum=st.sampled_from(["wgs84", "gcj02", "unknown"]),
    ),
)
scans = st.none() | st.builds(
    QrScan, equipment=st.sampled_from([PRESS, EquipmentId("eq-P2")]), scanned_at=st.none() | instants
)
exifs = st.none() | st.builds(
    ExifClaims,
    taken_local=st.none() | instants.map(lambda at: at.replace(tzinfo=None).isoformat()) | st.text(max_size=20),
    utc_offset_minutes=st.none() | st.integers(-2000, 2000),
    gps=st.none() | fixes.filter(lambda fix: isinstance(fix, GpsFix)),
)
evidence = st.builds(
    Evidence,
    sha256=st.sampled_from("abcdef").map(lambda c: Sha256(c * 64)),
    kind=st.just("photo"),
    media_type=st.just("image/jpeg"),
    size_bytes=st.just(1),
    received_at=instants,
    captured_at=st.none() | instants | st.datetimes(timezones=st.just(UTC)),
    sent_at=st.none() | instants | st.datetimes(timezones=st.just(UTC)),
    captured_where=st.builds(PlaceProof, scan=scans, fix=fixes),
    device=st.sampled_from([None, "phone-1", "phone-2"]),
    exif=exifs,
)
photos = st.lists(evidence, max_size=3)
subjects = st.builds(
    Subject,
    equipment=st.none() | st.just(PRESS),
    position=st.none() | st.just(PRESS_AT),
    found_at=st.none() | instants,
    recording_permitted=st.none() | st.booleans(),
)


@given(before=photos, after=photos, subject=subjects)
def test_the_verdict_is_the_worst_of_what_is_counted(
    before: list[Evidence], after: list[Evidence], subject: Subject
) -> None:
    outcome = judged(before, after, subject)
    counted = [remark.verdict for remark in outcome.remarks if remark.verdict is not None]
    assert outcome.verdict == max(counted, key=SEVERITY.__getitem__, default="cannot_tell")
    assert codes(outcome) <= {*TIME_CODES, *PLACE_CODES}
    said = msgspec.json.encode(outcome.remarks)
    assert b"phone-" not in said, "a blind copy may show the remarks"


@given(before=photos, after=photos, subject=subjects, extra=evidence)
def test_another_photo_never_mends_a_failure(
    before: list[Evidence], after: list[Evidence], subject: Subject, extra: Evidence
) -> None:
    worse = judged(before, [*after, extra], subject)
    assert judged(before, after, subject).verdict != "fail" or worse.verdict == "fail"


@given(before=photos, after=photos, subject=subjects)
def test_taking_a_position_away_never_worsens(before: list[Evidence], after: list[Evidence], subject: Subject) -> None:
    def without(one: Evidence) -> Evidence:
        return msgspec.structs.replace(one, captured_where=PlaceProof(scan=one.captured_where.scan), exif=None)

    full = judged(before, after, subject)
    bare = judged([without(p) for p in before], [without(p) for p in after], subject)
    assert SEVERITY[bare.place_verdict or "pass"] <= SEVERITY[full.place_verdict or "pass"]


@given(before=evidence, after=evidence)
def test_what_passes_one_way_fails_the_other(before: Evidence, after: Evidence) -> None:
    order_codes = {"after_later_than_before", "after_not_later_than_before", "order_unclear", "same_photo"}
    mirror = {
        "after_later_than_before": "after_not_later_than_before",
        "after_not_later_than_before": "after_later_than_before",
        "order_unclear": "order_unclear",
        "same_photo": "same_photo",
    }
    (there,) = codes(judged([before], [after])) & order_codes
    (back,) = codes(judged([after], [before])) & order_codes
    assert back == mirror[there]


@given(
    gap=st.integers(-500, 500),
    ahead=st.integers(-5000, 5000),
    other_ahead=st.integers(-5000, 5000),
)
def test_a_measured_clock_changes_no_verdict(gap: int, ahead: int, other_ahead: int) -> None:
    def outcome(one: int, other: int) -> str:
        before = photo("a", NOON, clock_ahead=minutes(one))
        after = photo("b", NOON + minutes(gap), clock_ahead=minutes(other), device="phone-2")
        return judged([before], [after]).time_verdict

    assert outcome(ahead, other_ahead) == outcome(0, 0)


# --- plates


@given(tenant=st.text(min_size=1, max_size=20), equipment=st.text(min_size=1, max_size=20))
def test_a_plate_says_what_was_put_on_it(tenant: str, equipment: str) -> None:
    tenant, equipment = (text.encode("utf-8", "ignore").decode() or "x" for text in (tenant, equipment))
    text = equipment_code(TenantId(tenant), EquipmentId(equipment))
    assert text.isascii()
    assert read_equipment_code(text) == EquipmentCode(tenant=TenantId(tenant), equipment=EquipmentId(equipment))


@pytest.mark.parametrize(
    "text", ["", "https://example.com", "anhuan:eq:", "anhuan:eq:a:", "anhuan:eq::b", "anhuan:eq:a:b:c"]
)
def test_other_codes_are_no_plates(text: str) -> None:
    assert read_equipment_code(text) is None
