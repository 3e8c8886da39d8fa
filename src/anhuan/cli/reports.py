"""`anhuan report`: the pack of a safety meeting, and the statistics of a quarter or a year, as files in a folder."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, cast

import typer

from anhuan.app.reports.files import MEETING, STATISTICS
from anhuan.app.reports.period import Length, Period, PeriodUnreadable, read_period
from anhuan.app.statistics import KindUnknown, kind_meant
from anhuan.app.viewing import Viewer
from anhuan.bootstrap import House
from anhuan.cli.database import database, settled_house
from anhuan.cli.speech import complain, language, say
from anhuan.cli.which_tenant import which_tenant
from anhuan.ports.identity import Language
from anhuan.ports.papers import PaperNotMade
from anhuan.ports.reports import Report
from anhuan.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Reports of figures: PDF, Word, Excel.")

Out = Annotated[Path, typer.Option("--out", help="Folder for the files.")]
Tenant = Annotated[str | None, typer.Option("--tenant", help="Short name of the enterprise.")]
KindWord = Annotated[str | None, typer.Option("--kind", help="Kind of case; without it the one that meetings review.")]
Made = Callable[[House, Viewer, str, str | None], Awaitable[Report]]


@app.command("meeting")
def meeting(
    month: Annotated[str, typer.Option("--month", help="The month that is looked back on: 2026-10.")],
    out: Out,
    kind: KindWord = None,
    tenant: Tenant = None,
) -> None:
    """The pack of a monthly safety meeting: figures, cases, actions carried over, remarks; PDF, Word and Excel."""
    period = _read(month, "month")

    async def made(house: House, viewer: Viewer, name: str, meant: str | None) -> Report:
        return await house.reports.meeting(viewer, period, name, kind=meant)

    _make(made, f"meeting-{period.key}", MEETING, out, kind, tenant)


@app.command("statistics")
def statistics(
    out: Out,
    quarter: Annotated[str | None, typer.Option("--quarter", help="2026-Q4.")] = None,
    year: Annotated[str | None, typer.Option("--year", help="2026.")] = None,
    kind: KindWord = None,
    tenant: Tenant = None,
) -> None:
    """The statistics of a quarter or a year, with room for the principal's signature; PDF and Excel."""
    if (quarter is None) == (year is None):
        complain("quarter_or_year")
        raise typer.Exit(2)
    period = _read(quarter, "quarter") if quarter is not None else _read(year or "", "year")

    async def made(house: House, viewer: Viewer, name: str, meant: str | None) -> Report:
        return await house.reports.statistics(viewer, period, name, kind=meant)

    _make(made, f"statistics-{period.key}", STATISTICS, out, kind, tenant)


def _read(text: str, length: Length) -> Period:
    try:
        return read_period(text, length)
    except PeriodUnreadable:
        complain(f"no_{length}", text=text)
        raise typer.Exit(2) from None


def _make(made: Made, stem: str, endings: tuple[str, ...], out: Path, word: str | None, tenant: str | None) -> None:
    """Make the files and say where they lie."""
    settings = Settings.from_environment()

    async def work() -> dict[str, bytes]:
        with database(settings) as dsn:
            async with settled_house(dsn, settings) as house:
                found = await which_tenant(house, tenant)
                meant = kind_meant(await house.snapshots.get(found.id), word) if word is not None else None
                spoken = cast(Language, language())
                viewer = Viewer(
                    tenant=found.id, person=None, sees_all=True, language=spoken, say=lambda reason, _pack: reason.code
                )
                report = await made(house, viewer, found.name, meant)
                return {ending: await house.report_files.written(report, ending) for ending in endings}

    try:
        files = asyncio.run(work())
    except KindUnknown as unknown:
        complain(
            "kind_unknown" if unknown.word else "nothing_reviewed", word=unknown.word, known=", ".join(unknown.known)
        )
        raise typer.Exit(2) from None
    except PaperNotMade as failed:
        complain("report_not_made", code=failed.code)
        raise typer.Exit(1) from None
    out.mkdir(parents=True, exist_ok=True)
    for ending, data in files.items():
        path = out / f"{stem}.{ending}"
        path.write_bytes(data)
        say("report_written", path=path)
