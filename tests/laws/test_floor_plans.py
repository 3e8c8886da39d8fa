"""Floor plans: what one may hold, what it keeps alive, and how much of what was found counts in each area on it."""

import pytest
from msgspec.structs import replace

from anhuan.app.view.floor_plans import floor_plan_views
from anhuan.connectors.excel.plant import read_plant
from anhuan.connectors.excel.plant_write import plant_workbook
from anhuan.core.figures import Group, Tally
from anhuan.domain.ids import AreaId
from anhuan.domain.item_faults import item_faults
from anhuan.domain.plant import Plant
from anhuan.domain.plant_checks import PlantChange, check_change
from anhuan.domain.plant_items import FloorPlan, Outline, PlantItem, ProcessMap, ProcessStep, Site
from anhuan.testing.plants import demo_items

SQUARE = ((0.0, 0.0), (10.5, 0.0), (10.5, 10.0), (0.0, 10.0))


def outline(area: str) -> Outline:
    return Outline(area=AreaId(area), corners=SQUARE)


def plan(*areas: str, **more: object) -> FloorPlan:
    said = {"id": "plan", "name": "一层", "site": "site-main", "width": 100.0, "height": 80.0, **more}
    return FloorPlan(outlines=tuple(outline(area) for area in areas), **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (plan(width=0.0), "plan_without_size"),
        (plan(height=float("nan")), "plan_without_size"),
        (plan(picture="../../etc/passwd"), "picture_no_hash"),
        (replace(plan(), outlines=(Outline(area=AreaId("a"), corners=SQUARE[:2]),)), "corners_too_few"),
        (replace(plan(), outlines=(Outline(area=AreaId("a"), corners=((0, 0), (101, 0), (1, 1))),)), "corner_outside"),
        (
            replace(plan(), outlines=(Outline(area=AreaId("a"), corners=((0, 0), (float("nan"), 0), (1, 1))),)),
            "corner_outside",
        ),
        (replace(plan(), outlines=(outline("a"),) * 500), "too_many_parts"),
    ],
)
def test_a_plan_that_cannot_be_drawn_is_refused(wrong: FloorPlan, code: str) -> None:
    assert code in {fault.code for fault in item_faults(wrong)}
    assert list(item_faults(plan("area-press"))) == []


def test_an_area_on_a_plan_must_exist_on_its_site_and_stays_while_it_is_drawn() -> None:
    plant = Plant(demo_items())
    (unknown,) = check_change(plant, PlantChange(put=(plan("area-nowhere"),)))
    assert (unknown.code, unknown.field, unknown.params["id"]) == ("reference_unknown", "outlines", "area-nowhere")
    second = Site(id="second", name="二厂")
    (elsewhere,) = check_change(plant, PlantChange(put=(second, plan("area-press", site="second"))))
    assert (elsewhere.code, elsewhere.params["areas"]) == ("area_of_other_site", ["冲压车间"])
    drawn = Plant([*demo_items(), plan("area-sewage")])
    users = check_change(drawn, PlantChange(remove=(("area", "area-sewage"),)))[0].params["by"]
    assert {"kind": "floor_plan", "id": "plan", "name": "一层"} in users  # type: ignore[operator]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_plans_and_process_maps_go_through_a_workbook_unchanged(language: str) -> None:
    steps = (
        ProcessStep(lane="安全员", name="写整改单", kind="work", minutes=12.5),
        ProcessStep(lane="班长", name="签字", kind="signature", means="wechat", wait_hours=4.25, per_month=3),
    )
    own: tuple[PlantItem, ...] = (
        plan("area-press", "area-press", "area-welding"),
        ProcessMap(id="map", name="现在怎么做", cases_per_month=40, steps=steps),
    )
    items = [item for item in demo_items() if not isinstance(item, FloorPlan | ProcessMap)]
    read = read_plant(plant_workbook(Plant([*items, *own]), language), Plant(items))
    assert (read.problems, read.change.put) == ((), own)
    again = read_plant(plant_workbook(Plant([*items, *own]), language), Plant([*items, *own]))
    assert (again.problems, again.change.put) == ((), ())


def test_what_lies_in_an_area_counts_in_it_unless_it_is_drawn_itself() -> None:
    plant = Plant([*(item for item in demo_items() if not isinstance(item, FloorPlan)), plan("area-utilities")])
    tally = Tally(
        groups={"area": (Group("area-compressors", 3, 1, 1), Group("area-utilities", 2, 0, 0))},
        open_in={"area-compressors": (2, 1), "area-utilities": (1, 0), "": (9, 9)},
        recurring_at={("area-sewage", ""): 4, ("", "eq-P-1601"): 7},
    )

    def told(of: Plant) -> dict[str, dict[str, int]]:
        (shown,) = floor_plan_views(tally, of, lambda **w: w, lambda **w: w)
        return {area.area.id: {one.key: one.value for one in area.figures} for area in shown.areas}

    whole = told(plant)
    assert whole["area-utilities"] == {"open": 3, "open_overdue": 1, "registered": 5, "recurring": 4}
    inner = Plant([*plant.items(), plan("area-utilities", "area-compressors")])
    apart = told(inner)
    assert apart["area-utilities"] == {"open": 1, "open_overdue": 0, "registered": 2, "recurring": 0}
    assert apart["area-compressors"] == {"open": 2, "open_overdue": 1, "registered": 3, "recurring": 0}
    (shown,) = floor_plan_views(tally, inner, lambda **w: w, lambda **w: w)
    assert [area.figures[0].rows for area in shown.areas] == [
        {"area": "area-utilities", "area_only": "true"},
        {"area": "area-compressors"},
    ]
    at_machine = told(Plant([*plant.items(), plan("area-press")]))
    assert at_machine["area-press"]["recurring"] == 7
