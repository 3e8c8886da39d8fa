"""Chapters of figures: compared with other periods, waits, groups, trend, recurrences, and what each figure is."""

from anhuan.app.figure_words import figure_name, formula, wait_formula
from anhuan.app.reports.gathered import Compared
from anhuan.app.statistics import Counted
from anhuan.app.view.lens import Lens
from anhuan.app.view.statistics import DimensionView, FigureView, PopulationView, StatisticsView, statistics_view
from anhuan.ports.papers import Line, Lines
from anhuan.ports.reports import Amount, Cell, Chapter, Table, Unit

FIGURES = (
    "registered",
    "closed",
    "closure_rate",
    "overdue",
    "overdue_rate",
    "deferred",
    "deferral_rate",
    "recurring",
    "recurrence_rate",
    "hand_overs_per_case",
    "closed_in_period",
    "cycle_working_days_mean",
    "cycle_working_days_median",
    "open",
    "open_overdue",
)
OF_NOW = frozenset({"open", "open_overdue"})
"""Said of the moment, whatever the period: another period has none of its own."""
DIMENSIONS = ("source", "area", "team", "category", "risk_level")
_UNITS: dict[str, Unit] = {"share": "share", "working_days": "working_days"}


class Figured:
    """The figures of a period and those beside it, each population with its name."""

    def __init__(self, compared: Compared, lens: Lens) -> None:
        self.lens = lens
        self.period = compared.period
        self.now = statistics_view(compared.now, lens)
        self.before: StatisticsView | None = None
        self.columns: list[tuple[str, PopulationView, bool]] = [(compared.period.key, self.now.live, True)]
        """(head, population, is of the period): live figures, and those of the old register where it has any."""
        self._add_register(compared.period.key, compared.now)
        for place, (period, counted) in enumerate(compared.others):
            view = statistics_view(counted, lens)
            self.before = self.before or view
            if place == 0 or counted.live.registered or counted.live.closed_in_period:
                self.columns.append((period.key, view.live, False))
            self._add_register(period.key, counted)

    def _add_register(self, key: str, counted: Counted) -> None:
        view = statistics_view(counted, self.lens)
        if view.imported is not None:
            self.columns.append((self.lens.word("report.of_register", period=key), view.imported, False))

    def chapter(self) -> Chapter:
        """The figures beside each other, and the waits."""
        return Chapter(title=self.lens.word("report.chapter.figures"), blocks=(self._figures(), self._waits()))

    def _figures(self) -> Table:
        lens = self.lens
        heads = [lens.word("report.head.figure"), *(head for head, _, _ in self.columns)]
        heads.insert(2, lens.word("report.head.change"))
        rows = []
        for key in FIGURES:
            cells: list[Cell] = [_amount(found, key, own) for _, found, own in self.columns]
            cells.insert(1, self._change(key))
            rows.append((figure_name(key, lens.language), *cells))
        return Table(
            title=lens.word("report.compared"),
            heads=tuple(heads),
            widths=(30, *(14 for _ in heads[1:])),
            rows=tuple(rows),
            empty=lens.word("report.nothing"),
            note=lens.word("report.compared_note"),
        )

    def _change(self, key: str) -> Cell:
        """Against the period before."""
        now = _figure(self.now.live, key)
        before = _figure(self.before.live, key) if self.before else None
        if key in OF_NOW or now is None or before is None or now.value is None or before.value is None:
            return Amount(value=None)
        unit: Unit = "points" if now.unit == "share" else _UNITS.get(now.unit, "count")
        return Amount(value=round(now.value - before.value, 3), unit=unit, is_change=True)

    def _waits(self) -> Table:
        lens = self.lens
        told = [(head, found) for head, found, _ in self.columns if found.waits]
        rows: list[tuple[Cell, ...]] = []
        for place, wait in enumerate(self.now.live.waits):
            hours = (Amount(value=found.waits[place].hours, unit="hours") for _, found in told)
            rows.append((wait.name, *hours, Amount(value=wait.cases)))
        return Table(
            title=lens.word("report.waits"),
            heads=(lens.word("report.head.wait"), *(head for head, _ in told), lens.word("report.head.waiting_now")),
            widths=(30, *(14 for _ in told), 18),
            rows=tuple(rows),
            empty=lens.word("report.nothing"),
            note=wait_formula(lens.language),
        )

    # --- groups

    def groups(self) -> Chapter:
        """By source, area, team, category and risk."""
        by = {dimension.key: dimension for dimension in self.now.live.by}
        before = {dimension.key: dimension for dimension in self.before.live.by} if self.before else {}
        blocks = tuple(self._group(by[key], before.get(key)) for key in DIMENSIONS)
        return Chapter(title=self.lens.word("report.chapter.groups"), blocks=blocks)

    def _group(self, dimension: DimensionView, before: DimensionView | None) -> Table:
        lens = self.lens
        earlier = {group.key: group.registered for group in before.groups} if before else {}
        heads = ["registered", "closed", "overdue"]
        counted = any(group.recurring is not None for group in dimension.groups)
        rows: list[tuple[Cell, ...]] = []
        for group in dimension.groups:
            numbers = [group.registered, group.closed, group.overdue, *([group.recurring or 0] if counted else [])]
            cells = (*(Amount(value=number) for number in numbers), Amount(value=earlier.get(group.key, 0)))
            rows.append((group.name, *cells))
        names = [figure_name(key, lens.language) for key in [*heads, *(["recurring"] if counted else [])]]
        last = lens.word("report.head.registered_before", period=self.period.before().key)
        return Table(
            title=dimension.name,
            heads=(dimension.name, *names, last),
            widths=(34, *(14 for _ in names), 18),
            rows=tuple(rows),
            empty=lens.word("report.nothing"),
        )

    # --- what came back, the trend, the formulas

    def recurrences(self) -> Table:
        """Where the same category was registered more than once."""
        lens = self.lens
        rows = []
        for place in self.now.live.places:
            where = place.equipment
            named = f"{where.number} {where.name}".strip() if where else place.area.name if place.area else ""
            rows.append((named, place.category_name, Amount(value=place.registered)))
        return Table(
            title=lens.word("report.recurrences"),
            heads=tuple(lens.word(f"report.head.{key}") for key in ("place", "category", "times")),
            widths=(45, 35, 20),
            rows=tuple(rows),
            empty=lens.word("report.no_recurrence"),
        )

    def trend(self) -> Table:
        """Registered and closed by week or month."""
        lens = self.lens
        rows = tuple(
            (step.begins_on.isoformat(), Amount(value=step.registered), Amount(value=step.closed))
            for step in self.now.live.trend
        )
        names = (figure_name("registered", lens.language), figure_name("closed_in_period", lens.language))
        return Table(
            title=lens.word(f"report.trend.{self.now.step}"),
            heads=(lens.word(f"report.head.{self.now.step}"), *names),
            widths=(40, 30, 30),
            rows=rows,
            empty=lens.word("report.nothing"),
        )

    def formulas(self) -> Chapter:
        """What each figure is."""
        lines = tuple(Line(figure_name(key, self.lens.language), formula(key, self.lens.language)) for key in FIGURES)
        title = self.lens.word("report.chapter.formulas")
        return Chapter(title=title, blocks=(Lines(title=self.lens.word("report.formulas"), lines=lines),))


def _figure(population: PopulationView, key: str) -> FigureView | None:
    return next((figure for figure in population.figures if figure.key == key), None)


def _amount(population: PopulationView, key: str, own: bool) -> Amount:
    figure = _figure(population, key)
    if figure is None or (key in OF_NOW and not own):
        return Amount(value=None)
    return Amount(value=figure.value, unit=_UNITS.get(figure.unit, "count"))
