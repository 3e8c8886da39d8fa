"""Floor plans as a dashboard shows them: each area with what was found in it, and the filters that find its rows."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from anhuan.app.view.shapes import Named
from anhuan.core.figures import Tally
from anhuan.domain.ids import AreaId, EquipmentId
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import Area, FloorPlan

Rows = dict[str, str]
"""Filters of the register that find the rows of a figure; days are the plant's, the last one included."""

PLAN_FIGURES = ("open", "open_overdue", "registered", "recurring")
"""By what the areas of a floor plan are coloured."""
PICTURES = "/api/v1/plant/floor_plan/pictures"


@dataclass(slots=True, kw_only=True)
class AreaFigureView:
    """One figure of an area, with the rows behind it."""

    key: str
    value: int
    rows: Rows


@dataclass(slots=True, kw_only=True)
class PlanAreaView:
    """An area on a floor plan: where it lies, and how much of what was found there."""

    area: Named
    outlines: list[list[list[float]]]
    figures: list[AreaFigureView]


@dataclass(slots=True, kw_only=True)
class FloorPlanView:
    """A floor plan with the figures of its areas; lengths in the plan's own units."""

    id: str
    name: str
    width: float
    height: float
    picture_url: str | None
    areas: list[PlanAreaView]


def floor_plan_views(
    tally: Tally, plant: Plant, registered_rows: Callable[..., Rows], open_rows: Callable[..., Rows]
) -> list[FloorPlanView]:
    """Every plan on which areas are drawn. The two callables make filters, of what was registered and what is open."""
    counting = _Counting(tally, plant, registered_rows, open_rows)
    return [counting.view(plan) for plan in plant.every(FloorPlan).values() if plan.outlines]


@dataclass(frozen=True, slots=True)
class _Counting:
    """Figures on their way to the areas of plans."""

    tally: Tally
    plant: Plant
    registered_rows: Callable[..., Rows]
    open_rows: Callable[..., Rows]

    def view(self, plan: FloorPlan) -> FloorPlanView:
        drawn = {outline.area for outline in plan.outlines}
        return FloorPlanView(
            id=plan.id,
            name=plan.name,
            width=plan.width,
            height=plan.height,
            picture_url=f"{PICTURES}/{plan.picture}" if plan.picture else None,
            areas=[
                PlanAreaView(
                    area=Named(id=area, name=found.name if (found := self.plant.get(Area, area)) else area),
                    outlines=[[list(corner) for corner in one.corners] for one in plan.outlines if one.area == area],
                    figures=self._figures(area, drawn),
                )
                for area in dict.fromkeys(outline.area for outline in plan.outlines)
            ],
        )

    def _figures(self, area: AreaId, drawn: Collection[AreaId]) -> list[AreaFigureView]:
        """What lies in an area counts in it, unless some of that has an outline of its own: then it counts alone."""
        within = {area, *self.plant.areas_within(area)}
        alone = len(within & set(drawn)) > 1
        counted = {area} if alone else within
        where = {"area": area, **({"area_only": "true"} if alone else {})}
        registered = {group.key: group.registered for group in self.tally.groups["area"]}
        opened = [self.tally.open_in.get(one, (0, 0)) for one in counted]
        found = {
            "open": (sum(count for count, _ in opened), self.open_rows(**where)),
            "open_overdue": (sum(late for _, late in opened), self.open_rows(overdue="true", **where)),
            "registered": (sum(registered.get(one, 0) for one in counted), self.registered_rows(**where)),
            "recurring": (self._recurring_in(counted), self.registered_rows(**where)),
        }
        return [AreaFigureView(key=key, value=found[key][0], rows=found[key][1]) for key in PLAN_FIGURES]

    def _recurring_in(self, areas: Collection[AreaId]) -> int:
        """What came back at a piece of equipment counts where that stands now."""
        return sum(
            times
            for (area, equipment), times in self.tally.recurring_at.items()
            if (self.plant.equipment_area(EquipmentId(equipment)) if equipment else area) in areas
        )
