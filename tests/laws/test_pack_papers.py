"""The checker on papers: each planted fault is found and placed, and a good paper is compiled."""

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
from small_pack import Edit, Parts, faults, files, good, worded

from anhuan.domain.plant import Plant
from anhuan.packs.check import check_against_plant, check_pack
from anhuan.packs.compile import compile_pack
from anhuan.packs.problem_words import problem_text
from anhuan.packs.problems import PackInvalid

WHERE = "kinds/leak/papers"
SIGN = {"title": "sign", "sign": [{"who": "clerk", "stamp": True}]}
PAPER = {"number": {"prefix": "LN"}, "issued_by": ["post:clerk"], "sections": [SIGN]}


def papers(**written: Any) -> Edit:
    def edit(parts: Parts) -> None:
        parts["kinds/leak.yaml"]["papers"] = written

    return edit


def paper(**keys: Any) -> Edit:
    return papers(notice={**PAPER, **keys})


def section(**keys: Any) -> Edit:
    return paper(sections=[{"title": "said", **keys}])


CHILDREN = f"{WHERE}/notice/sections/1/children"


def children(finds: bool = True, **cells: str) -> Edit:
    """A table of what was found on the work, where a leak may be found while another is mended."""

    def edit(parts: Parts) -> None:
        section(children=cells)(parts)
        if finds:
            parts["kinds/leak.yaml"]["finds"] = {"kind": "leak", "during": ["mend"], "form": {"area": "$case.area"}}

    return edit


PLANTED: list[tuple[str, str, Edit]] = [
    ("paper_key_malformed", f"{WHERE}/No-1", papers(**{"No-1": PAPER})),
    ("paper_nobody_may_issue", f"{WHERE}/notice/issued_by", paper(issued_by=[])),
    ("stage_unknown", f"{WHERE}/notice/stages", paper(stages=["paint"])),
    ("paper_duty_unknown", f"{WHERE}/notice/after", paper(after=["paint"])),
    ("number_prefix_taken", f"{WHERE}/notice/number", paper(number={"prefix": "LK"})),
    ("number_prefix_taken", f"{WHERE}/reply/number", papers(notice=PAPER, reply=PAPER)),
    ("paper_empty", f"{WHERE}/notice/sections", paper(sections=[])),
    ("paper_section_needs_one", f"{WHERE}/notice/sections/1", section()),
    ("paper_section_needs_one", f"{WHERE}/notice/sections/1", section(fields=["what"], stage="mend")),
    ("paper_of_misfit", f"{WHERE}/notice/sections/1/of", section(of="mend", stage="mend")),
    ("paper_duty_unknown", f"{WHERE}/notice/sections/1/of", section(of="paint", fields=["how"])),
    ("field_unknown", f"{WHERE}/notice/sections/1/fields", section(fields=["how"])),
    ("field_unknown", f"{WHERE}/notice/sections/1/fields", section(of="mend", fields=["what"])),
    ("field_unknown", f"{WHERE}/notice/sections/1/clauses", section(clauses=["law"])),
    ("stage_unknown", f"{WHERE}/notice/sections/1/stage", section(stage="paint")),
    ("paper_slot_unknown", f"{WHERE}/notice/sections/1/photos", section(photos=["before"])),
    ("paper_slot_unknown", f"{WHERE}/notice/sections/1/photos", section(of="mend", photos=["how"])),
    ("paper_too_many_columns", f"{WHERE}/notice/sections/1/photos", section(of="mend", photos=["before"] * 4)),
    ("paper_children_of_none", CHILDREN, children(finds=False, no="case:number")),
    ("paper_too_many_cells", CHILDREN, children(**{f"c{n}": "case:number" for n in range(9)})),
    ("cell_unreadable", f"{CHILDREN}/no", children(no="number")),
    ("cell_unreadable", f"{CHILDREN}/no", children(no="case:colour")),
    ("field_unknown", f"{CHILDREN}/what", children(what="field:how")),
    ("field_unknown", f"{CHILDREN}/how", children(how="form:mend/what")),
    ("paper_duty_unknown", f"{CHILDREN}/by", children(by="by:paint")),
]


@pytest.mark.parametrize(
    ("code", "where", "edit"), PLANTED, ids=[f"{code}-{n}" for n, (code, _, _) in enumerate(PLANTED)]
)
def test_a_planted_fault_is_found_where_it_is(code: str, where: str, edit: Edit) -> None:
    found = faults(edit)
    assert (code, where) in {(fault.code, fault.where) for fault in found}
    assert all(problem_text(fault, language) for fault in found for language in ("zh", "en"))


GOOD_PAPER: dict[str, Any] = {
    **PAPER,
    "stages": ["mend"],
    "after": ["accept"],
    "sections": [
        {"title": "said", "text": "said"},
        {"title": "what", "fields": ["what", "area"]},
        {"title": "law", "of": "mend", "clauses": ["how"]},
        {"title": "owed", "stage": "mend"},
        {"title": "photos", "of": "mend", "photos": ["before", "after"]},
        SIGN,
    ],
}


def test_a_good_paper_is_found_good_and_compiled() -> None:
    parts = good()
    table = {"no": "case:number", "what": "field:what", "how": "form:mend/how", "by": "by:mend", "end": "result:mend"}
    children(**table)(parts)
    papers(notice={**GOOD_PAPER, "sections": [*GOOD_PAPER["sections"], {"title": "found", "children": table}]})(parts)
    pack = worded(parts)
    assert check_pack(pack) == ()
    compiled = pack.kinds["leak"].papers["notice"]
    assert (compiled.number_prefix, compiled.number_digits) == ("LN", 6)
    assert (compiled.issued_by, compiled.stages, compiled.after) == (("post:clerk",), ("mend",), ("accept",))


def test_a_paper_needs_its_words_and_speaks_only_of_what_there_is() -> None:
    parts = good()
    papers(notice=GOOD_PAPER)(parts)
    pack = worded(parts)
    for key in ("paper.leak.notice", "part.law", "says.said", "blank.clerk", "field.before"):
        words = {language: {**pack.words[language]} for language in ("zh", "en")}
        del words["en"][key]
        (fault,) = check_pack(compile_pack(files(parts, words)))
        assert (fault.code, fault.where) == ("word_missing", f"words/en.yaml/{key}")
    spoken = {language: {**pack.words[language], "says.said": said} for language, said in SAID.items()}
    found = check_pack(compile_pack(files(parts, spoken)))
    wheres = [f"words/{language}.yaml/says.said" for language in ("zh", "en")]
    assert [(fault.code, fault.where) for fault in found] == [("paper_text_speaks_of", where) for where in wheres]
    assert "{due}" not in problem_text(found[0], "en") and "weather" in problem_text(found[0], "en")


SAID = {"zh": "漏 {due} {weather}", "en": "Leak by {due} in {weather}"}


@pytest.mark.parametrize("path", ["", "/sections/0", "/number", "/sections/0/sign/0"])
def test_a_paper_has_no_key_that_the_language_does_not_know(path: str) -> None:
    parts = good()
    papers(notice=deepcopy(PAPER))(parts)
    place = parts["kinds/leak.yaml"]["papers"]["notice"]
    for step in path.split("/")[1:]:
        place = place[int(step) if step.isdigit() else step]
    place["colour"] = "red"
    with pytest.raises(PackInvalid) as refused:
        compile_pack(files(parts))
    assert refused.value.problems[0].code == "not_of_the_language"


def test_a_post_that_issues_and_that_the_plant_does_not_have_is_a_warning() -> None:
    parts = good()
    papers(notice={**PAPER, "issued_by": ["post:archivist@plant", "performers", "anyone"]})(parts)
    found = check_against_plant(worded(parts), Plant([], 1), datetime(2026, 11, 24, tzinfo=UTC))
    assert f"{WHERE}/notice/issued_by" in {warning.where for warning in found if warning.code == "post_unknown"}
    assert {warning.params.get("post") for warning in found if warning.where.startswith(WHERE)} == {"archivist"}


def registers(**written: Any) -> Edit:
    def edit(parts: Parts) -> None:
        parts["kinds/leak.yaml"]["registers"] = written

    return edit


REGISTER = "kinds/leak/registers"


@pytest.mark.parametrize(
    ("code", "where", "edit"),
    [
        ("register_empty", f"{REGISTER}/official", registers(official={"columns": {}})),
        ("register_key_malformed", f"{REGISTER}/Official", registers(Official={"columns": {"no": "row"}})),
        ("cell_unreadable", f"{REGISTER}/official/columns/no", registers(official={"columns": {"no": "rows"}})),
        (
            "field_unknown",
            f"{REGISTER}/official/columns/no",
            registers(official={"columns": {"no": ["row", "field:how"]}}),
        ),
    ],
)
def test_a_fault_of_a_register_is_found_where_it_is(code: str, where: str, edit: Edit) -> None:
    found = faults(edit)
    assert (code, where) in {(fault.code, fault.where) for fault in found}
    assert all(problem_text(fault, language) for fault in found for language in ("zh", "en"))
