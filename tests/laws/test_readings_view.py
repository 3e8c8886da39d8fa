"""What was read on a round, as the case's page shows it afterwards."""

from typing import Any

import pytest

from anhuan.app.view.lens import Lens
from anhuan.app.view.readings import as_read
from anhuan.domain.ids import PersonId
from anhuan.domain.plant_items import Equipment
from anhuan.testing.plants import A_TUESDAY_MORNING, demo_plant, shipped_pack

PLANT = demo_plant()
PACK = shipped_pack("equipment_round")
KIND = PACK.kinds["equipment_round"]
CRANE = "eq-QZ-01"


def shown(entry: dict[str, Any]) -> dict[str, Any]:
    lens = Lens(PLANT, PACK, KIND, "zh", PersonId("p-001"), A_TUESDAY_MORNING, lambda reason, _: reason.code)
    form = as_read({"readings": [entry], "remark": "x"}, KIND.duty("carry_out", "round"), lens)
    assert form["remark"] == "x"
    (found,) = form["readings"]
    return dict(found)


@pytest.mark.parametrize(
    ("said", "out"),
    [
        ({"point": "brake", "in_order": True}, False),
        ({"point": "brake", "in_order": False, "note": "制动器有异响"}, True),
        ({"point": "brake", "value": 0}, True),
        ({"point": "rope_broken_wires", "value": 0}, False),
        ({"point": "rope_broken_wires", "value": 99, "note": "断丝集中在一股"}, True),
    ],
)
def test_a_reading_is_named_and_marked_and_keeps_what_was_noted(said: dict[str, Any], out: bool) -> None:
    point = next(one for one in PLANT.every(Equipment)[CRANE].points if one.key == said["point"])  # type: ignore[index]
    found = shown({"equipment": CRANE, **said})
    assert found.items() >= said.items()
    assert (found["point_name"], found["unit"], found["out_of_limits"]) == (point.name, point.unit, out)
    assert "QZ-01" in found["equipment_name"]


def test_what_the_plant_no_longer_knows_is_shown_as_it_was_sent() -> None:
    for entry in ({"equipment": CRANE, "point": "gone", "value": 1}, {"equipment": "gone", "point": "brake"}):
        assert shown(entry) == entry
