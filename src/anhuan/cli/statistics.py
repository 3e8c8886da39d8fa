"""`anhuan stats`: the figures of a kind of case from a terminal, live cases and the old register apart."""

import asyncio
from datetime import date, datetime
from typing import Annotated

import msgspec
import typer

from anhuan.app.figure_words import dimension_name, figure_name, said, wait_name
from anhuan.app.statistics import Counted, KindUnknown, kind_meant
from anhuan.app.view.statistics import NOT_OF_REGISTER, PopulationView, StatisticsView, statistics_view
from anhuan.app.viewing import Viewer
from anhuan.bootstrap import House
from anhuan.cli.database import database, settled_house
from anhuan.cli.speech import complain, line, spoken
from anhuan.cli.which_tenant import which_tenant
from anhuan.core.figures import Figures, figures, waited_hours
from anhuan.domain.ids import TenantId
from anhuan.ports.identity import Language
from anhuan.settings import Settings

GROUPS_SHOWN = 8
"""So many groups of each dimension; all of them with --json."""


def stats(
    kind: Annotated[str, typer.Argument(help="Kind of case: its key or its name, in the plural too.")],
    first: Annotated[datetime | None, typer.Option("--from", help="First day.", formats=["%Y-%m-%d"])] = None,
    last: Annotated[datetime | None, typer.Option("--to", help="Last day, included.", formats=["%Y-%m-%d"])] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    tenant: Annotated[str | None, typer.Option("--tenant", help="Short name of the enterprise.")] = None,
) -> None:
    """Figures over days of the plant: closure, overdue, cycle in working days, where it waits, what recurs."""
    settings = Settings.from_environment()
    days = (first.date() if first else None, last.date() if last else None)

    async def work() -> tuple[Counted, StatisticsView]:
        with database(settings) as dsn:
            async with settled_house(dsn, settings) as house:
                found = await which_tenant(house, tenant)
                return await _counted(house, found.id, kind, *days)

    if first is not None and last is not None and last < first:
        complain("period_reversed")
        raise typer.Exit(2)
    try:
        counted, page = asyncio.run(work())
    except KindUnknown as unknown:
        complain("kind_unknown", word=unknown.word, known=", ".join(unknown.known))
        raise typer.Exit(2) from None
    if as_json:
        typer.echo(msgspec.json.encode(_plain(counted)).decode())
    else:
        _tell(counted, page, spoken())


async def _counted(
    house: House, tenant: TenantId, word: str, first: date | None, last: date | None
) -> tuple[Counted, StatisticsView]:
    kind = kind_meant(await house.snapshots.get(tenant), word)
    viewer = Viewer(tenant=tenant, person=None, sees_all=True, language=spoken(), say=lambda reason, _pack: reason.code)
    counted = await house.statistics.counted(viewer, kind, first, last)
    return counted, statistics_view(counted, viewer.lens(counted.plant, counted.pack, counted.kind, counted.at))


def _plain(counted: Counted) -> dict[str, object]:
    """What scripts read: figures by their keys, then what they are made of."""
    return {
        "kind": counted.asked.kind,
        "from": counted.first,
        "to": counted.last,
        "as_of": counted.at,
        "live": {
            **msgspec.structs.asdict(figures(counted.live)),
            "waiting_hours_per_case": waited_hours(counted.live),
            "waiting_now": counted.live.waiting,
            "by": counted.live.groups,
        },
        "imported": {**_of_register(figures(counted.register)), "by": counted.register.groups},
    }


def _of_register(found: Figures) -> dict[str, object]:
    """A register has no open cases of its own, no approved waits, hand-overs or steps: none that were counted."""
    gone = {"open", "open_overdue"} | NOT_OF_REGISTER
    return {key: value for key, value in msgspec.structs.asdict(found).items() if key not in gone}


def _tell(counted: Counted, page: StatisticsView, spoken: Language) -> None:
    first, last = (str(day) if day else "…" for day in (counted.first, counted.last))
    whole = counted.first is None and counted.last is None
    period = said("whole_time", spoken) if whole else said("period", spoken, first=first, last=last)
    typer.echo(f"{page.kind_name} · {period}")
    live = {figure.key: figure for figure in page.live.figures}
    register = {figure.key: figure for figure in page.imported.figures} if page.imported else {}
    typer.echo(line("", said("live", spoken), said("register", spoken) if register else ""))
    for key, figure in live.items():
        other = register.get(key)
        nothing = said("nothing", spoken)
        told = _shown(other.value, other.unit, nothing) if other else ""
        typer.echo(line(figure_name(key, spoken), _shown(figure.value, figure.unit, nothing), told))
    _tell_waits(page.live, spoken)
    for dimension in page.live.by:
        if dimension.groups:
            parts = (f"{group.name} {group.registered}" for group in dimension.groups[:GROUPS_SHOWN])
            typer.echo(f"{dimension_name(dimension.key, spoken)}: {' · '.join(parts)}")


def _tell_waits(live: PopulationView, spoken: Language) -> None:
    for wait in live.waits:
        hours = said("nothing", spoken) if wait.hours is None else f"{wait.hours:.1f} h"
        typer.echo(line(f"· {wait_name(wait.key, spoken)}", hours, ""))


def _shown(value: float | None, unit: str, nothing: str) -> str:
    if value is None:
        return nothing
    return f"{value:.1%}" if unit == "share" else f"{value:.2f}" if unit == "working_days" else f"{value:g}"
