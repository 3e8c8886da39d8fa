"""What is proposed against somebody, and what is not: read off the shipped packs, whatever their tables say."""

from collections.abc import Iterator

import pytest
from core_plants import all_kinds

from anhuan.core.each import DidDuty, Related
from anhuan.core.policy import Kind, OpensOnClosing
from anhuan.core.terms import TableSays
from anhuan.packs.tables import Table
from anhuan.testing.plants import shipped_pack

KIND = all_kinds()["assessment"]


def proposals() -> Iterator[tuple[Kind, OpensOnClosing, list[float]]]:
    """Every rule that proposes an assessment, with the points that it can propose."""
    for kind in all_kinds().values():
        for rule in kind.opens_on_closing.values():
            if rule.kind == KIND.key:
                assert isinstance(rule.when, TableSays)
                table = kind.tables[rule.when.table]
                assert isinstance(table, Table)
                yield kind, rule, [float(row.outputs["points"]) for row in table.rows]


def test_a_deduction_is_only_for_overdue_or_falsified_rectification_and_only_reporting_is_rewarded() -> None:
    seen = set()
    for _, rule, points in proposals():
        ground = str(rule.form["ground"])
        seen.add(ground)
        if min(points) < 0:
            assert isinstance(rule.each, DidDuty), "whoever found or reported it is never the one concerned"
            assert (ground, rule.each.late, rule.each.judged is not None) in (
                ("late", True, False),
                ("falsified", False, True),
            )
        else:
            assert (ground, rule.each) == ("reported", Related(("finder",)))
    assert seen == {"late", "falsified", "reported"}


def test_nobody_proposes_by_hand_and_nobody_decides_about_oneself() -> None:
    assert KIND.raised_by == ("case",)
    decide, hear = (KIND.duty(stage, key) for stage, key in (("decide", "decide"), ("appeal", "hear")))
    assert decide is not None and hear is not None
    assert "concerned" in decide.never
    assert {"concerned", "actors"} <= hear.never


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"outcome": "approve"}, None),
        ({"outcome": "approve", "points": -0.5}, "change_needs_reason"),
        ({"outcome": "approve", "amount_cny": 0}, "change_needs_reason"),
        ({"outcome": "approve", "points": -0.5, "reason": "备件到货晚两天"}, None),
        ({"outcome": "refuse"}, "reason_needed"),
    ],
)
def test_whoever_changes_or_refuses_a_proposal_says_why(form: dict[str, object], code: str | None) -> None:
    found = {problem.code for problem in shipped_pack("assessment").forms["decision"](form)}
    assert found == ({code} if code else set())
