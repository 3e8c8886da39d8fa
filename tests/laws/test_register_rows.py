"""What a row of a register puts into the form of the kind that it becomes, on the shipped pack and the demo plant."""

from datetime import date, datetime, timedelta

import pytest

from anhuan.app.register_layout import overlaid
from anhuan.app.register_rows import RowForm, RowTaking
from anhuan.ports.registers import Accepted, ColumnGuess, Layout, Mapping, Named, Value
from anhuan.testing.plants import A_TUESDAY_MORNING, demo_plant, shipped_pack

PACK = shipped_pack("finding")
KIND = PACK.kinds["finding"]
FORM = PACK.forms[KIND.form]
PLANT = demo_plant()
GOOD: dict[str, Value] = {
    "found_at": date(2026, 11, 2),
    "finder": Named("p-001", "张伟"),
    "area": Named("area-press", "冲压车间"),
    "category": "fire",
    "equipment": None,
    "description": "灭火器被杂物挡住",
    "risk_level": "orange",
    "owner": Named(None, "许文（外协）"),
    "due_at": datetime(2026, 11, 9, 8, 20, tzinfo=PLANT.zone),
}
TAKING = RowTaking(PACK.imports["finding"], KIND, FORM, PLANT, A_TUESDAY_MORNING)


def row(status: str = "open", **changed: Value) -> Accepted:
    return Accepted(5, "key", status, {**GOOD, **changed}, (), ())


def taken(status: str = "open", **changed: Value) -> RowForm:
    return TAKING.take(row(status, **changed), {"区域": "冲压车间", "责任人": "许文（外协）"})


def test_an_accepted_row_can_be_dispatched() -> None:
    form = taken().form
    assert FORM({**form, "case": {"source": "import"}}) == ()
    assert TAKING.problems(row(), taken()) == ()
    assert (form["equipment"], form["register_owner"], form["register_due_on"]) == (
        "none",
        "许文（外协）",
        "2026-11-09",
    )
    assert form["register_row"] == "区域: 冲压车间\n责任人: 许文（外协）"


@pytest.mark.parametrize("level", FORM.schema["properties"]["risk_level"]["enum"])
def test_the_registers_own_level_comes_out(level: str) -> None:
    assert FORM.compute(taken(risk_level=level).form)["risk_level"] == level


def test_a_person_who_is_not_on_record_is_nobodys_id() -> None:
    assert taken().finder == "p-001"
    stranger = taken(finder=Named(None, "外来检查员"))
    assert stranger.finder is None
    assert "finder" not in stranger.form


def test_a_day_is_when_its_work_begins_and_never_the_future() -> None:
    assert taken().found_at == datetime(2026, 11, 2, 8, tzinfo=PLANT.zone)
    early = RowTaking(PACK.imports["finding"], KIND, FORM, PLANT, A_TUESDAY_MORNING - timedelta(hours=4))
    found = early.take(row(found_at=date(2026, 11, 24)), {}).found_at
    assert found == A_TUESDAY_MORNING - timedelta(hours=4)


@pytest.mark.parametrize(
    ("closed", "expected"),
    [
        (date(2026, 11, 6), datetime(2026, 11, 6, 8, tzinfo=PLANT.zone)),
        (date(2026, 11, 2), datetime(2026, 11, 2, 15, 30, tzinfo=PLANT.zone)),
        (None, datetime(2026, 11, 2, 15, 30, tzinfo=PLANT.zone)),
    ],
)
def test_history_is_never_closed_before_it_was_found(closed: Value, expected: datetime) -> None:
    found = datetime(2026, 11, 2, 15, 30, tzinfo=PLANT.zone)
    history = taken("closed", found_at=found, rectified_at=closed)
    assert not TAKING.is_live(row("closed"))
    assert history.closed_at == expected


def test_what_the_form_does_not_take_comes_back_with_the_registers_field() -> None:
    long = row(description="漏" * 2001)
    (reason,) = TAKING.problems(long, TAKING.take(long, {}))
    assert (reason.code, reason.field, reason.params) == ("too_long_for_form", "description", {"chars_max": 2000})
    nowhere = row(area=Named("area-gone", "二号楼"))
    (reason,) = TAKING.problems(nowhere, TAKING.take(nowhere, {}))
    assert (reason.code, reason.field) == ("form_refuses", "area")
    past = row("closed", description="漏" * 2001)
    assert TAKING.problems(past, TAKING.take(past, {})) == ()


def test_a_long_row_is_kept_as_far_as_it_fits() -> None:
    kept = TAKING.take(row(), {"备注": "长" * 9000}).form["register_row"]
    assert isinstance(kept, str)
    assert len(kept) == 8000
    assert kept.endswith("…")


def test_a_column_given_away_is_taken_from_who_had_it() -> None:
    said = Mapping(columns={"description": "G"}, year=2025)
    layout = Layout("s", (1, 1), 2, {"description": ColumnGuess("G", "问题", 1.0)}, (), None, "f")
    before = Mapping(columns={"remark": "G", "area": "D", "finder": None}, constants={"area": "冲压车间"}, year=2024)
    laid = overlaid(before, said, layout)
    assert laid.columns == {"area": "D", "finder": None, "description": "G"}
    assert (laid.year, laid.constants) == (2025, {"area": "冲压车间"})
