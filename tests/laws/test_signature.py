"""A signature holds for what was signed and for nothing else."""

import hashlib
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anhuan.core.signature import (
    LEGAL_NOTE,
    POINTS_MAX,
    Drawing,
    Point,
    Signature,
    SignedMatter,
    breach,
    drawing_problem,
    drawing_svg,
    sign,
    signed_hash,
)
from anhuan.domain.canonical import NotCanonical
from anhuan.domain.evidence import Sha256
from anhuan.domain.ids import CaseId, DutyNo, PersonId

AT = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)
NAME = Drawing(
    width=300, height=100, strokes=((Point(20, 30, 0), Point(90, 70, 80)), (Point(120, 20, 200), Point(200, 80, 300)))
)
MATTER = SignedMatter(
    case=CaseId("01a"),
    duty=DutyNo(2),
    form={"measure": "更换护罩", "torque_nm": 12.5, "items": [1, 2, None, True]},
    evidence=(Sha256("a" * 64), Sha256("b" * 64)),
    statement="本人确认整改已完成，情况属实。",
)


def signed(drawing: Drawing = NAME) -> Signature:
    return sign(MATTER, drawing, signer=PersonId("p-017"), signed_at=AT)


def test_it_holds_for_its_matter() -> None:
    assert breach(signed(), MATTER) is None


def test_it_survives_storage() -> None:
    stored = msgspec.json.decode(msgspec.json.encode(signed()), type=Signature)
    assert breach(stored, msgspec.json.decode(msgspec.json.encode(MATTER), type=SignedMatter)) is None


@pytest.mark.parametrize(
    "change",
    [
        {"case": CaseId("01b")},
        {"duty": DutyNo(3)},
        {"form": {**MATTER.form, "measure": "更换护罩。"}},
        {"form": {**MATTER.form, "torque_nm": 12.500001}},
        {"form": {**MATTER.form, "note": ""}},
        {"form": {k: v for k, v in MATTER.form.items() if k != "items"}},
        {"evidence": (Sha256("a" * 64),)},
        {"evidence": (Sha256("a" * 64), Sha256("c" * 64))},
        {"statement": MATTER.statement + " "},
    ],
)
def test_any_change_of_the_matter_breaks_it(change: dict[str, object]) -> None:
    found = breach(signed(), msgspec.structs.replace(MATTER, **change))
    assert found is not None and found.code == "matter_changed"


@pytest.mark.parametrize(
    "change",
    [
        {"drawing": msgspec.structs.replace(NAME, strokes=NAME.strokes[:1])},
        {"signer": PersonId("p-018")},
        {"on_behalf_of": PersonId("p-018")},
        {"signed_at": AT + timedelta(milliseconds=1)},
        {"signed_hash": signed_hash(msgspec.structs.replace(MATTER, duty=DutyNo(3)))},
        {"seal_hash": Sha256("0" * 64)},
    ],
)
def test_any_change_of_the_signature_breaks_it(change: dict[str, object]) -> None:
    found = breach(msgspec.structs.replace(signed(), **change), MATTER)
    assert found is not None and found.code == "seal_broken"


def test_a_drawing_moved_to_another_matter_does_not_hold() -> None:
    other = msgspec.structs.replace(MATTER, duty=DutyNo(3))
    assert breach(signed(), other) is not None


def test_the_hash_is_what_anybody_can_compute() -> None:
    # printf '%s' '<the JSON below>' | sha256sum
    matter = SignedMatter(case=CaseId("c"), duty=DutyNo(1), form={"b": 1.0, "a": "安"}, evidence=(), statement="s")
    spelled = (
        '{"case":"c","duty":1,"evidence":[],"form":{"a":"安","b":1},"statement":"s","type":"anhuan/signed-matter/v1"}'
    )
    assert signed_hash(matter) == hashlib.sha256(spelled.encode()).hexdigest()


def test_order_of_keys_and_evidence_says_nothing() -> None:
    turned = msgspec.structs.replace(
        MATTER, form=dict(reversed(MATTER.form.items())), evidence=tuple(reversed(MATTER.evidence))
    )
    assert signed_hash(turned) == signed_hash(MATTER)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1: 2}, {3}, AT, b"x"])
def test_what_is_no_json_is_not_signed(value: object) -> None:
    with pytest.raises(NotCanonical):
        signed_hash(msgspec.structs.replace(MATTER, form={"x": value}))


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-1000, 1000)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)


@given(one=json_values, other=json_values)
def test_equal_hash_means_equal_value(one: object, other: object) -> None:
    hashes = [signed_hash(msgspec.structs.replace(MATTER, form={"x": value})) for value in (one, other)]
    assert (hashes[0] == hashes[1]) == _equal(one, other)


def _equal(one: object, other: object) -> bool:
    """Equal as JSON: 1 and 1.0 are one number, True is none."""
    if isinstance(one, bool) or isinstance(other, bool) or type(one) is not type(other):
        numbers = isinstance(one, (int, float)) and isinstance(other, (int, float))
        return one is other or (numbers and not isinstance(one, bool) and not isinstance(other, bool) and one == other)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_equal, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_equal(one[key], other[key]) for key in one)
    return one == other


@pytest.mark.parametrize(
    ("strokes", "code"),
    [
        ((), "drawing_empty"),
        (((),), "drawing_empty"),
        (((Point(5, 5),),), "drawing_too_short"),
        (((Point(5, 5), Point(20, 5)),), "drawing_too_short"),
        (((Point(5, 5), Point(301, 5)),), "drawing_outside"),
        (((Point(5, 5), Point(float("nan"), 5)),), "drawing_outside"),
        ((tuple(Point(i % 300, 5) for i in range(POINTS_MAX + 1)),), "drawing_too_long"),
    ],
)
def test_what_is_no_name_is_not_taken(strokes: tuple[tuple[Point, ...], ...], code: str) -> None:
    drawing = Drawing(width=300, height=100, strokes=strokes)
    problem = drawing_problem(drawing)
    assert problem is not None and problem.code == code
    with pytest.raises(ValueError, match=code):
        signed(drawing)


def test_coordinates_from_outside_are_bounded() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode('{"width":300,"height":100,"strokes":[[[1,1,0],[1e9,1,5]]]}', type=Drawing)
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode('{"width":300,"height":100,"strokes":[[["<script>",1,0]]]}', type=Drawing)


def test_the_picture_is_plain_svg() -> None:
    picture = ElementTree.fromstring(drawing_svg(NAME))
    paths = picture.findall(".//{http://www.w3.org/2000/svg}path")
    assert [path.get("d") for path in paths] == ["M20 30L90 70", "M120 20L200 80"]
    assert {element.tag.rpartition("}")[2] for element in picture.iter()} == {"svg", "g", "path"}


def test_the_law_is_said_in_both_languages() -> None:
    assert "可靠电子签名" in LEGAL_NOTE["zh"] and "not by itself" in LEGAL_NOTE["en"]
