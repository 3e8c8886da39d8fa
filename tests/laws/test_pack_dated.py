"""The checker on dates: those of the plant that raise cases, warnings ahead of them, and instants that count once."""

import pytest
from small_pack import Edit, faults
from test_pack_check import RUNGS, K, both, duty, kind, put

PLANTED: list[tuple[str, str, Edit]] = [
    ("raised_by_field_missing", f"{K}/raised_by", kind("raised_by", ["due:inspection.due_on"])),
    ("raised_by_unknown", f"{K}/raised_by", kind("raised_by", ["due:inspection.name"])),
    ("raised_by_unknown", f"{K}/raised_by", kind("raised_by", ["due:moon.due_on"])),
    ("ahead_misfit", f"{K}/ahead", kind("raised_by", ["due:inspection.due_on"])),
    ("ahead_misfit", f"{K}/ahead", kind("ahead", "P30D")),
    ("writes_without_item", f"{K}/writes/mend", kind("writes", {"mend": {"of": "mend", "set": {}}})),
    ("writes_duty_unknown", f"{K}/writes/paint", kind("writes", {"paint": {"of": "mend", "set": {}}})),
    ("writes_duty_unknown", f"{K}/writes/mend", kind("writes", {"mend": {"of": "paint", "set": {}}})),
    (
        "field_unknown",
        f"{K}/writes/mend/set",
        both(
            kind("raised_by", ["due:inspection.due_on"]),
            kind("ahead", "P30D"),
            kind("writes", {"mend": {"of": "mend", "set": {"colour": "what"}}}),
        ),
    ),
    ("field_unknown", f"{K}/writes/mend/set", kind("writes", {"mend": {"of": "mend", "set": {"due_on": "when"}}})),
    (
        "item_date_unknown",
        f"{K}/stages/wait/resume/within",
        duty("wait", "resume", within={"first_of": [{"of_item": "due_on"}, "P3D"]}),
    ),
    (
        "deadline_maybe_unknown",
        f"{K}/stages/wait/resume/within",
        duty("wait", "resume", within={"of_item": "due_on"}),
    ),
    (
        "ladder_ends_early",
        "ladders/up/remind",
        put(RUNGS, [{"key": "remind", "before": "P7D", "to": ["post:head@plant"]}]),
    ),
    (
        "ladder_out_of_order",
        "ladders/up/ahead",
        both(
            put(f"{RUNGS}/0/at", "100%"),
            put(f"{RUNGS}/1", {"key": "ahead", "before": "P7D", "to": ["post:head@plant"]}),
        ),
    ),
    (
        "deadline_maybe_unknown",
        f"{K}/stages/wait/resume/within",
        duty("wait", "resume", within={"until": "until", "met_by": ["mend"]}),
    ),
    (
        "met_by_unknown",
        f"{K}/stages/wait/resume/within",
        duty("wait", "resume", within={"earliest": [{"until": "until", "met_by": ["paint"]}, "P3D"]}),
    ),
    (
        "opens_kind_unknown",
        f"{K}/looks_back",
        kind("looks_back", {"kinds": ["paint"], "over": "P7D"}),
    ),
]


@pytest.mark.parametrize(
    ("code", "where", "edit"), PLANTED, ids=[f"{code}-{n}" for n, (code, _, _) in enumerate(PLANTED)]
)
def test_a_planted_fault_is_found_where_it_is(code: str, where: str, edit: Edit) -> None:
    assert (code, where) in {(problem.code, problem.where) for problem in faults(edit)}
