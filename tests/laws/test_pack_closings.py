"""The pack checker looks at what closing a case opens: each planted fault is found where it is."""

from typing import Any

import pytest
from small_pack import Edit, faults

from anhuan.packs.problem_words import problem_text
from anhuan.packs.problems import PackInvalid

K = "kinds/leak"


def closing(**keys: Any) -> Edit:
    """Closing a case opens another; with one thing wrong."""
    rule = {"kind": "leak", "closed_as": ["mended"], "form": {}, **keys}
    return lambda parts: parts["kinds/leak.yaml"]["opens"].update(next=rule)


def judged(duty: str, field: str) -> dict[str, Any]:
    return {"did": "mend", "judged": {"duty": duty, "field": field, "is": "badly"}}


PLANTED: list[tuple[str, str, Edit]] = [
    ("outcome_never_closes", f"{K}/opens/next/closed_as", closing(closed_as=["painted"])),
    ("opens_kind_unknown", f"{K}/opens/next/kind", closing(kind="fire")),
    ("like_places_without_end", f"{K}/opens/next/at_most", closing(each="like_places")),
    ("opens_duty_unknown", f"{K}/opens/next/each", closing(each={"did": "paint"})),
    ("duty_without_form", f"{K}/opens/next/each", closing(each=judged("site", "how"))),
    ("opens_duty_unknown", f"{K}/opens/next/each", closing(each=judged("paint", "how"))),
    ("field_unknown", f"{K}/opens/next/each", closing(each=judged("mend", "colour"))),
    ("table_unknown", f"{K}/opens/next/when", closing(when={"table": "paint", "says": "due"})),
    ("field_unknown", f"{K}/opens/next/form/colour", closing(form={"colour": "red"})),
    ("field_unknown", f"{K}/opens/next/form/area", closing(form={"area": "$area"})),
    ("field_unknown", f"{K}/opens/next/form/area", closing(form={"area": "$person"}, each="like_places", at_most=3)),
    ("field_unknown", f"{K}/opens/next/form/area", closing(form={"area": "$case.where"})),
    ("field_unknown", f"{K}/opens/next/form/what", closing(form={"what": "at {where}"})),
    ("field_unknown", f"{K}/opens/next/form/what", closing(form={"what": "$done.mend.colour"})),
    ("opens_duty_unknown", f"{K}/opens/next/form/what", closing(form={"what": "$done.paint.how"})),
    ("duty_without_form", f"{K}/opens/next/form/what", closing(form={"what": "$done.site.how"})),
    (
        "within_misfit",
        f"{K}/moves/defer/within",
        lambda parts: parts["kinds/leak.yaml"]["moves"]["defer"].update(within="P7D"),
    ),
    ("table_column_missing", f"{K}/opens/next/form/what", closing(form={"what": "$table.points"})),
]


@pytest.mark.parametrize(("code", "where", "edit"), PLANTED, ids=[f"{n}-{p[0]}" for n, p in enumerate(PLANTED)])
def test_a_planted_fault_is_found_where_it_is(code: str, where: str, edit: Edit) -> None:
    found = faults(edit)
    assert (code, where) in {(problem.code, problem.where) for problem in found}
    assert all(problem_text(problem, language) for problem in found for language in ("zh", "en"))


@pytest.mark.parametrize(
    ("code", "edit"),
    [
        ("each_misspelt", closing(each="everywhere")),
        ("each_misspelt", closing(each={"did": "mend", "late": False})),
        ("each_misspelt", closing(each={"did": "mend", "judged": "badly"})),
        ("at_most_misspelt", closing(at_most=0)),
        ("each_misspelt", lambda parts: parts["kinds/leak.yaml"]["opens"]["mend"].update(each=["found"])),
    ],
)
def test_what_is_misspelt_is_said_in_both_languages(code: str, edit: Edit) -> None:
    with pytest.raises(PackInvalid) as invalid:
        faults(edit)
    assert code in {problem.code for problem in invalid.value.problems}
    assert all(problem_text(problem, language) for problem in invalid.value.problems for language in ("zh", "en"))


def test_what_closing_opens_may_take_from_everything_that_is_there() -> None:
    form = {"what": "$done.mend.how", "area": "$area"}
    each = {"each": "like_places", "at_most": 3, "when": {"table": "deadlines", "says": "looked_at"}}
    assert faults(closing(form=form, **each)) == ()
    assert faults(closing(form={"what": "{number}: {title}"}, each={"who": ["finder", "reporter"]})) == ()
    assert faults(closing(form={"what": "$table.within"}, when=each["when"], each={"did": "mend", "late": True})) == ()
