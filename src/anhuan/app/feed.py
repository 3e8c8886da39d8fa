"""Closed cases as other systems take them in: one flat record each, with the columns that they choose.

A column is a field of the kind: its value is the latest that was said, in what a duty was done with or else in the
case's own form. A case that was opened again and closed once more comes again, under the same `id` with a higher
`version`: whoever takes records in keeps the one with the highest.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from anhuan.app.snapshot import Snapshots
from anhuan.app.viewing import Viewer, viewing
from anhuan.core.case.deadline import named
from anhuan.core.case.evolve import fold
from anhuan.core.case.state import Case, CaseStatus
from anhuan.core.policy import Kind
from anhuan.domain.ids import CaseId
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import Area
from anhuan.packs.compile import Pack
from anhuan.ports.clock import Clock
from anhuan.ports.register import CaseFilter, PageEnd, RegisterStore, Sort

SETTLED = timedelta(seconds=5)
"""What closed less long ago is left for the next time: a decision is stored a moment after it was made, and none that
is stored late may be passed over."""


class ColumnUnknown(Exception):
    """A column that is no field of the kind; carries those that there are."""

    def __init__(self, column: str, known: Sequence[str]) -> None:
        super().__init__(column)
        self.column = column
        self.known = tuple(known)


class FeedRecord(Struct, frozen=True, kw_only=True):
    """A closed case."""

    id: str
    version: int
    kind: str
    number: str
    title: str
    outcome: str
    opened_at: datetime
    closed_at: datetime
    area: str | None
    area_name: str
    person: str | None
    """Whom the case is about."""
    person_name: str
    person_number: str
    """Their number in the plant's own books."""
    columns: dict[str, object]


class FeedPage(Struct, frozen=True):
    """Records in the order in which their cases closed, and where the page ended."""

    items: list[FeedRecord]
    next: PageEnd | None


def columns_of(pack: Pack, kind: Kind) -> list[str]:
    """Every field of the kind that can be a column: of its own form, and of what its duties are done with."""
    forms = [kind.form, *(spec.form for stage in kind.stages.values() for spec in stage.duties)]
    return list(dict.fromkeys(field for key in forms if key is not None for field in _fields(pack, key)))


def chosen(pack: Pack, kind: Kind, wanted: Sequence[str]) -> list[str]:
    """The columns that are wanted, or all of the case's own form. Raises ColumnUnknown."""
    known = columns_of(pack, kind)
    for column in wanted:
        if column not in known:
            raise ColumnUnknown(column, known)
    return list(wanted) or _fields(pack, kind.form)


def _fields(pack: Pack, form: str) -> list[str]:
    return list(pack.forms[form].schema["properties"])


def record(case: Case, plant: Plant, columns: Sequence[str]) -> FeedRecord:
    """A closed case as a record."""
    assert case.opened_at is not None and case.closed_at is not None and case.outcome is not None
    area, person = plant.get(Area, case.subject.area), plant.person(case.subject.person)
    return FeedRecord(
        id=case.id,
        version=case.version,
        kind=case.kind,
        number=case.number,
        title=case.title,
        outcome=case.outcome,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        area=case.subject.area,
        area_name=area.name if area else "",
        person=case.subject.person,
        person_name=person.name if person else "",
        person_number=person.number if person else "",
        columns={column: named(column, case, {}) for column in columns},
    )


class Feed:
    """The feed that other systems read; one per process."""

    def __init__(self, store: RegisterStore, snapshots: Snapshots, clock: Clock) -> None:
        self._store = store
        self._snapshots = snapshots
        self._clock = clock

    async def pack(self, viewer: Viewer, kind: str) -> Pack | None:
        """The pack in force of a kind; None: there is none of that name."""
        return (await self._snapshots.get(viewer.tenant)).pack_of(kind)

    async def page(
        self,
        viewer: Viewer,
        kind: Kind,
        columns: Sequence[str],
        since: datetime | None,
        limit: int,
        after: PageEnd | None,
    ) -> FeedPage:
        """Cases of a kind that closed at or after a moment, of those that the viewer may see, the earliest first."""
        plant = (await self._snapshots.get(viewer.tenant)).plant
        now = self._clock()
        wanted = CaseFilter(
            kind=kind.key, status=CaseStatus.CLOSED, imported=False, closed_from=since, closed_until=now - SETTLED
        )
        seeing = viewing(viewer, plant, now)
        rows = await self._store.cases(viewer.tenant, seeing, wanted, Sort("closed_at", False), limit + 1, after)
        shown = [CaseId(row.case.id) for row in rows[:limit]]
        histories = await self._store.histories(viewer.tenant, set(shown))
        items = [record(fold(histories[case]), plant, columns) for case in shown]
        return FeedPage(items, rows[limit - 1].end if len(rows) > limit else None)
