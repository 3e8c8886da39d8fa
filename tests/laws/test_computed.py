"""A computed field is the product of its ratings, banded; a method with gaps or in the wrong order is refused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from anhuan.packs.computed import Computed, compile_computed
from anhuan.packs.problems import PackInvalid

SPEC = Path(__file__).parents[2] / "packs" / "finding" / "computed" / "risk_level.json"

Values = dict[str, Any]


def spec_of_risk() -> Values:
    found: Values = json.loads(SPEC.read_text())
    return found


def risk_level() -> Computed:
    return compile_computed("risk_level", spec_of_risk(), "1")


def lec(likelihood: float, exposure: float, consequence: float) -> Values:
    return {"method": "lec", "factors": {"l": likelihood, "e": exposure, "c": consequence}}


@pytest.mark.parametrize(
    ("rating", "score", "band", "level"),
    [
        (lec(10, 10, 100), 10_000, "lec_extreme", "red"),
        (lec(10, 2, 15), 300, "lec_high", "orange"),
        (lec(6, 6, 15), 540, "lec_extreme", "red"),
        (lec(1, 10, 7), 70, "lec_marked", "yellow"),
        (lec(0.1, 10, 40), 40, "lec_ordinary", "blue"),
        (lec(0.2, 1, 100), 20, "lec_ordinary", "blue"),
        (lec(0.1, 0.5, 1), 0.05, "lec_slight", "blue"),
        ({"method": "ls", "factors": {"l": 4, "s": 5}}, 20, "ls_extreme", "red"),
        ({"method": "ls", "factors": {"l": 3, "s": 5}}, 15, "ls_high", "orange"),
        ({"method": "ls", "factors": {"l": 3, "s": 4}}, 12, "ls_marked", "yellow"),
        ({"method": "ls", "factors": {"l": 2, "s": 4}}, 8, "ls_ordinary", "blue"),
    ],
)
def test_the_level_is_the_product_banded(rating: Values, score: float, band: str, level: str) -> None:
    computation = risk_level()({"risk": rating})
    assert computation is not None
    assert (computation.score, computation.band, computation.value) == (score, band, level)


def no_lowest_band(spec: Values) -> None:
    spec["methods"]["lec"]["bands"][-1]["from"] = 1


def bands_upside_down(spec: Values) -> None:
    spec["methods"]["ls"]["bands"].reverse()


def better_when_higher(spec: Values) -> None:
    spec["methods"]["ls"]["bands"][0]["value"] = "blue"


def unknown_colour(spec: Values) -> None:
    spec["methods"]["ls"]["bands"][0]["value"] = "purple"


def no_text(spec: Values) -> None:
    spec["methods"]["ls"]["bands"][0]["source"] = "somewhere"


def no_ratings(spec: Values) -> None:
    spec["methods"]["ls"]["factors"]["l"] = []


@pytest.mark.parametrize(
    ("plant", "code"),
    [
        (no_lowest_band, "score_without_band"),
        (bands_upside_down, "row_unreachable"),
        (better_when_higher, "bands_out_of_order"),
        (unknown_colour, "output_unlisted"),
        (no_text, "source_unknown"),
        (no_ratings, "factor_without_ratings"),
    ],
)
def test_a_planted_bad_method_does_not_compile(plant: Callable[[Values], None], code: str) -> None:
    spec = spec_of_risk()
    plant(spec)
    with pytest.raises(PackInvalid) as invalid:
        compile_computed("risk_level", spec, "1")
    assert code in {problem.code for problem in invalid.value.problems}
