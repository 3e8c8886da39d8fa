"""What a pack offers while a field is filled in: the closest first, only what is in force, and old editions refused."""

from datetime import UTC, date, datetime

import pytest

from anhuan import resources
from anhuan.connectors.pack_files import read_pack
from anhuan.packs.compile import compile_pack
from anhuan.packs.problems import PackInvalid

FILES = read_pack(resources.path("packs") / "finding")
PACK = compile_pack(FILES)
USUAL, CRITERIA = PACK.libraries["usual"], PACK.libraries["criteria"]
TODAY = date(2026, 11, 24)
REPORT = {
    "description": "储罐区人员培训记录缺失，负责人未考核",
    "category": "management",
    "area": "area-press",
    "equipment": "none",
    "risk": {"method": "lec", "factors": {"l": 6, "e": 6, "c": 15}},
    "finding_grade": "major",
}


@pytest.mark.parametrize(
    ("typed", "key"),
    [("光幕短接", "light_curtain"), ("灭火器压力", "extinguisher_low"), ("emergency stop", "emergency_stop")],
)
def test_what_says_most_of_what_was_typed_comes_first(typed: str, key: str) -> None:
    assert USUAL.offered(typed, TODAY, {})[0].key == key


def test_without_anything_typed_it_is_the_checklist_of_a_category() -> None:
    offered = USUAL.offered("", TODAY, {"category": "fire"})
    assert offered and {entry.sets["category"] for entry in offered} == {"fire"}
    assert USUAL.offered("完全不相干的一句话", TODAY, {}) == []


def test_only_editions_in_force_on_the_day_are_offered() -> None:
    def keys(on: date) -> set[str]:
        return {entry.key for entry in CRITERIA.offered("化工", on, {})}

    assert "chemical_heads_2017" in keys(date(2026, 9, 29)) and "chemical_2026" not in keys(date(2026, 9, 29))
    assert "chemical_heads_2017" not in keys(date(2026, 9, 30)) and "chemical_2026" in keys(date(2026, 9, 30))


@pytest.mark.parametrize(
    ("language", "found_at", "refused"), [("zh", None, True), ("en", "2026-09-01T08:00:00+08:00", False)]
)
def test_an_edition_that_is_no_longer_in_force_cannot_be_cited(
    language: str, found_at: str | None, refused: bool
) -> None:
    old = next(entry for entry in CRITERIA.entries if entry.key == "chemical_heads_2017")
    values = {**REPORT, "major_criterion": old.text(language), **({"found_at": found_at} if found_at else {})}
    problems = PACK.forms["report"](values, at=datetime(2026, 11, 24, 2, tzinfo=UTC))
    assert (("cited_out_of_force", "/major_criterion") in {(p.code, p.field) for p in problems}) is refused


@pytest.mark.parametrize(
    ("old", "new", "code", "where"),
    [
        ("form: report", "form: nowhere", "form_missing", "library/usual/form"),
        ("category: mechanical", "category: magic", "library_value_misfit", "library/usual/light_curtain/category"),
        ("suggested_measure: 停机", "measure: 停机", "library_value_misfit", "library/usual/guard_missing/measure"),
    ],
)
def test_a_library_that_its_form_does_not_take_is_refused(old: str, new: str, code: str, where: str) -> None:
    text = FILES["library/usual.yaml"]
    assert old in text
    with pytest.raises(PackInvalid) as caught:
        compile_pack({**FILES, "library/usual.yaml": text.replace(old, new, 1)})
    assert (code, where) in {(problem.code, problem.where) for problem in caught.value.problems}
