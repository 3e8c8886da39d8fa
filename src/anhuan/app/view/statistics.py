"""Figures as people see them: each with its name, its formula in words, and the register's filters for its rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from anhuan.app.figure_words import dimension_name, figure_name, formula, said, wait_formula, wait_name
from anhuan.app.statistics import Counted
from anhuan.app.view.floor_plans import PLAN_FIGURES, FloorPlanView, Rows, floor_plan_views
from anhuan.app.view.lens import Lens
from anhuan.app.view.shapes import EquipmentName, Named
from anhuan.core.figures import DIMENSIONS, Group, Origin, Place, Tally, completeness, figures, waited_hours
from anhuan.core.waiting import ORDER
from anhuan.domain.ids import AreaId, EquipmentId, TeamId
from anhuan.domain.plant_items import Team

_SHARES = frozenset({"closure_rate", "overdue_rate", "deferral_rate", "recurrence_rate", "completeness"})
_DAYS = frozenset({"cycle_working_days_mean", "cycle_working_days_median"})
_NOW = frozenset({"open", "open_overdue"})
NOT_OF_REGISTER = frozenset({"deferred", "deferral_rate", "hand_overs", "hand_overs_per_case", "steps", "completeness"})
"""What an old register says nothing of."""


@dataclass(slots=True, kw_only=True)
class FigureView:
    """One figure."""

    key: str
    name: str
    value: int | float | None
    unit: str
    formula: str
    rows: Rows | None = None


@dataclass(slots=True, kw_only=True)
class GroupView:
    """Registered cases that have something in common."""

    key: str
    name: str
    registered: int
    closed: int
    overdue: int
    recurring: int | None = None
    steps: int = 0
    completeness: float | None = None
    rows: Rows | None = None


@dataclass(slots=True, kw_only=True)
class DimensionView:
    """By what registered cases are told apart, the largest group first."""

    key: str
    name: str
    groups: list[GroupView]


@dataclass(slots=True, kw_only=True)
class WaitView:
    """One sort of waiting."""

    key: str
    name: str
    hours: float | None
    cases: int
    rows: Rows


@dataclass(slots=True, kw_only=True)
class PlaceView:
    """Where the same category was registered more than once."""

    area: Named | None
    equipment: EquipmentName | None
    category_name: str
    registered: int
    rows: Rows


@dataclass(slots=True, kw_only=True)
class StepView:
    """One week or month of the trend."""

    begins_on: date
    registered: int
    closed: int


@dataclass(slots=True, kw_only=True)
class PopulationView:
    """Figures of live cases, or of the old register."""

    figures: list[FigureView]
    by: list[DimensionView]
    waits: list[WaitView]
    waits_formula: str
    places: list[PlaceView]
    trend: list[StepView]


@dataclass(slots=True, kw_only=True)
class StatisticsView:
    """Everything that a dashboard shows of one kind of case."""

    kind: str
    kind_name: str
    reach: str
    first: date | None
    last: date | None
    step: str
    as_of: datetime
    live: PopulationView
    imported: PopulationView | None
    plan_figures: list[Named]
    """What the areas of floor plans can be coloured by."""
    floor_plans: list[FloorPlanView]


def statistics_view(counted: Counted, lens: Lens) -> StatisticsView:
    """The whole page."""
    register = _Population(counted, lens, "register").view() if counted.register.registered else None
    live = _Population(counted, lens, "live")
    return StatisticsView(
        kind=counted.asked.kind,
        kind_name=lens.kind_name(),
        reach=counted.reach,
        first=counted.first,
        last=counted.last,
        step=counted.asked.bucket,
        as_of=counted.at,
        live=live.view(),
        imported=register,
        plan_figures=[Named(id=key, name=figure_name(key, lens.language)) for key in PLAN_FIGURES],
        floor_plans=floor_plan_views(counted.live, counted.plant, live.registered_rows, live.open_rows),
    )


class _Population:
    """One population on its way to a page."""

    def __init__(self, counted: Counted, lens: Lens, origin: Origin) -> None:
        self._counted = counted
        self._lens = lens
        self._origin = origin
        self._tally: Tally = counted.live if origin == "live" else counted.register
        self._is_live = origin == "live"

    def view(self) -> PopulationView:
        spoken = self._lens.language
        return PopulationView(
            figures=list(self._figures()),
            by=[
                DimensionView(key=key, name=dimension_name(key, spoken), groups=self._groups(key))
                for key in DIMENSIONS
                if self._is_live or key != "team"
            ],
            waits=list(self._waits()) if self._is_live else [],
            waits_formula=wait_formula(spoken),
            places=[self._place(place) for place in self._tally.places],
            trend=[
                StepView(begins_on=step.begins_on, registered=step.registered, closed=step.closed)
                for step in self._tally.trend
            ],
        )

    def _figures(self) -> Iterable[FigureView]:
        found = figures(self._tally)
        for key in found.__struct_fields__:
            if not self._is_live and key in _NOW | NOT_OF_REGISTER:
                continue
            yield FigureView(
                key=key,
                name=figure_name(key, self._lens.language),
                value=getattr(found, key),
                unit="share" if key in _SHARES else "working_days" if key in _DAYS else "count",
                formula=formula(key, self._lens.language),
                rows=self._rows_of(key),
            )

    # --- the filters that open rows

    def _base(self) -> Rows:
        kind: Rows = {"kind": self._counted.asked.kind, "status": "all"}
        team = {"team_parts": "true"} if self._counted.reach == "team" else {}
        return kind | team | ({"reported": "true"} if self._counted.reach == "reported" else {})

    def _period(self, first: str, last: str) -> Rows:
        if self._counted.whole_register and not self._is_live:
            return {}
        days = {first: self._counted.first, last: self._counted.last}
        return {name: day.isoformat() for name, day in days.items() if day is not None}

    def registered_rows(self, **more: str) -> Rows:
        """Filters for what was registered in the period."""
        period = self._period("from", "to") if self._is_live else self._period("found_from", "found_to")
        return self._base() | {"origin": self._origin} | period | more

    def open_rows(self, **more: str) -> Rows:
        """Filters for what is open now."""
        return self._base() | {"status": "open"} | more

    def _rows_of(self, key: str) -> Rows | None:
        ended = self._base() | {"imported": "false" if self._is_live else "true"} | {"status": "closed"}
        ended |= self._period("closed_from", "closed_to")
        match key:
            case "registered":
                return self.registered_rows()
            case "closed" | "closure_rate":
                return self.registered_rows(status="closed", **({} if self._is_live else {"imported": "true"}))
            case "overdue" | "overdue_rate":
                return self.registered_rows(overdue="true") if self._is_live else None
            case "deferred" | "deferral_rate":
                return self.registered_rows(deferred="true")
            case "closed_in_period" | "cycle_working_days_mean" | "cycle_working_days_median":
                return ended
            case "open":
                return self.open_rows()
            case "open_overdue":
                return self.open_rows(overdue="true")
        return None

    # --- parts

    def _groups(self, dimension: str) -> list[GroupView]:
        groups = sorted(self._tally.groups[dimension], key=lambda group: (-group.registered, group.key))
        recurring = self._tally.recurring_by_category if dimension == "category" else None
        return [
            GroupView(
                key=group.key,
                name=self._name(dimension, group),
                registered=group.registered,
                closed=group.closed,
                overdue=group.overdue,
                recurring=None if recurring is None else recurring.get(group.key, 0),
                steps=group.steps,
                completeness=completeness(group),
                rows=self._rows_of_group(dimension, group.key),
            )
            for group in groups
        ]

    def _rows_of_group(self, dimension: str, key: str) -> Rows | None:
        if not key:
            return self.registered_rows(status="open") if dimension == "outcome" else None
        if dimension == "area":
            return self.registered_rows(area=key, area_only="true")
        return self.registered_rows(**{"risk" if dimension == "risk_level" else dimension: key})

    def _name(self, dimension: str, group: Group) -> str:
        lens, key = self._lens, group.key
        if not key:
            return said("still_open" if dimension == "outcome" else "unknown", lens.language)
        match dimension:
            case "area":
                area = lens.area(AreaId(key))
                return area.name if area else key
            case "team":
                team = lens.plant.get(Team, TeamId(key))
                return team.name if team else key
            case "outcome":
                return lens.outcome(key) or key
            case "risk_level":
                return lens.word(f"risk_level.{key}")
            case _:
                return self._chosen(dimension, key)

    def _chosen(self, word: str, key: str) -> str:
        """A value of the form's field that the subject's word names; else a way in which a case came in."""
        chosen = self._lens.choice(self._lens.kind.subject.get(word, word), key) or key
        return chosen if chosen != key else self._lens.word(f"came_as.{key}")

    def _waits(self) -> Iterable[WaitView]:
        hours = waited_hours(self._tally)
        for wait in ORDER:
            yield WaitView(
                key=wait,
                name=wait_name(wait, self._lens.language),
                hours=hours.get(wait),
                cases=self._tally.waiting.get(wait, 0),
                rows=self.open_rows(waits_for=wait),
            )

    def _place(self, place: Place) -> PlaceView:
        where = {"equipment": place.equipment} if place.equipment else {"area": place.area, "area_only": "true"}
        return PlaceView(
            area=self._lens.area(AreaId(place.area)) if place.area else None,
            equipment=self._lens.equipment(EquipmentId(place.equipment)) if place.equipment else None,
            category_name=self._chosen("category", place.category),
            registered=place.registered,
            rows=self.registered_rows(category=place.category, **where),
        )
