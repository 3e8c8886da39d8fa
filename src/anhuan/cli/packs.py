"""Packs from a terminal: check a folder, publish it, show what a kind does."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer

from anhuan import resources
from anhuan.app.adopting import adopt
from anhuan.bootstrap import open_house
from anhuan.cli.database import database
from anhuan.cli.which_tenant import which_tenant
from anhuan.connectors.pack_files import PackFolderUnreadable, read_pack, shipped_packs
from anhuan.connectors.plant_files import read_folder
from anhuan.domain.plant import Plant
from anhuan.packs.check import check_against_plant, check_pack
from anhuan.packs.compile import Pack, compile_pack
from anhuan.packs.problem_words import problem_text
from anhuan.packs.problems import PackInvalid, PackProblem
from anhuan.packs.show import show_svg, show_words
from anhuan.ports.plants import PackExists
from anhuan.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Check, publish and show packs.")

Language = Literal["zh", "en"]
Folder = Annotated[Path, typer.Argument(help="The pack's folder, the one with pack.yaml.", file_okay=False)]
Spoken = Annotated[Language, typer.Option("--language", help="Language of what is said: zh or en.")]
TenantSlug = Annotated[str | None, typer.Option("--tenant", help="Short name of the enterprise.")]


@app.command()
def check(
    folder: Folder,
    plant: Annotated[bool, typer.Option("--plant", help="Also against an enterprise's plant, as it is now.")] = False,
    plant_files: Annotated[
        Path | None, typer.Option("--plant-files", help="Also against a plant kept in a folder of files.", exists=True)
    ] = None,
    tenant: TenantSlug = None,
    language: Spoken = "zh",
) -> None:
    """Say everything that is wrong with a pack; ends with 1 where it could not be published."""
    pack = _compiled(folder, language)
    problems = check_pack(pack, _beside(folder, pack))
    _tell(problems, language)
    if problems:
        raise typer.Exit(1)
    if plant_files is not None:
        _warn(pack, _plant_in(plant_files), language)
    if plant:
        _warn(pack, asyncio.run(_plant_of(tenant)), language)
    kinds = ", ".join(pack.kinds)
    typer.echo(
        f"{pack.name} {pack.version} 可以发布（{kinds}）" if language == "zh" else f"{pack.name} is good: {kinds}"
    )


@app.command()
def publish(folder: Folder, tenant: TenantSlug = None, language: Spoken = "zh") -> None:
    """Publish a pack for an enterprise. Open cases keep the version that they began with."""
    files = _read(folder)
    settings = Settings.from_environment()

    async def work() -> None:
        with database(settings) as dsn:
            async with open_house(dsn, data=settings.data, secrets=settings.secrets_folder) as house:
                found = await which_tenant(house, tenant)
                try:
                    key = await house.editor.publish(found.id, None, files)
                except PackInvalid as invalid:
                    _tell(invalid.problems, language)
                    raise typer.Exit(1) from None
                except PackExists:
                    _end(
                        f"This version of {folder.name} is published already with other content: give it a new version."
                    )
                typer.echo(f"{key.name} {key.version} → {found.slug}")
                snapshot = await house.snapshots.get(found.id, fresh=True)
                _warn(snapshot.packs[key.name], snapshot.plant, language)

    asyncio.run(work())


@app.command("adopt")
def adopt_version(
    name: Annotated[str, typer.Argument(help="The pack's name.")],
    tenant: TenantSlug = None,
) -> None:
    """Move a pack's open cases to its current version: an explicit step, logged on each case."""
    settings = Settings.from_environment()

    async def work() -> None:
        with database(settings) as dsn:
            async with open_house(dsn, data=settings.data, secrets=settings.secrets_folder) as house:
                found = await which_tenant(house, tenant)
                if name not in (await house.snapshots.get(found.id)).packs:
                    _end(f"No pack {name} is in force at {found.slug}.")
                done = await adopt(
                    found.id, name, None, due=house.due, handler=house.handler, snapshots=house.snapshots
                )
                for case, reasons in done.kept:
                    typer.echo(f"{case} keeps its version: {', '.join(reason.code for reason in reasons)}")
                typer.echo(f"{len(done.moved)} open cases moved, {len(done.kept)} keep their version.")

    asyncio.run(work())


@app.command()
def show(
    kind: Annotated[str, typer.Argument(help="The kind, as its pack calls it.")],
    folder: Annotated[Path | None, typer.Option("--pack", help="Folder of its pack; else a shipped one.")] = None,
    svg: Annotated[Path | None, typer.Option("--svg", help="Write a picture of its stages here.")] = None,
    language: Spoken = "zh",
) -> None:
    """Show how a kind of case runs, in words or as a picture."""
    folders = [folder] if folder else list(shipped_packs(resources.path("packs")))
    packs = [_compiled(found, language) for found in folders]
    pack = next((found for found in packs if kind in found.kinds), None)
    if pack is None:
        _end(f"There is no kind {kind}; there are: {', '.join(key for found in packs for key in found.kinds)}")
    elif svg is not None:
        svg.write_text(show_svg(pack, kind, language), encoding="utf-8")
        typer.echo(str(svg))
    else:
        typer.echo(show_words(pack, kind, language), nl=False)


def _read(folder: Path) -> dict[str, str]:
    try:
        return read_pack(folder)
    except PackFolderUnreadable as unreadable:
        _end(str(unreadable))


def _compiled(folder: Path, language: Language) -> Pack:
    try:
        return compile_pack(_read(folder))
    except PackInvalid as invalid:
        _tell(invalid.problems, language)
        raise typer.Exit(1) from None


def _beside(folder: Path, pack: Pack) -> Mapping[str, Pack]:
    """The shipped packs and those in the folders beside it, as far as they can be read."""
    found: dict[str, Pack] = {}
    for home in (resources.path("packs"), folder.resolve().parent):
        for other in home.glob("*/pack.yaml"):
            try:
                read = compile_pack(read_pack(other.parent))
            except (PackInvalid, PackFolderUnreadable):
                continue
            found[read.name] = read
    return {name: other for name, other in found.items() if name != pack.name}


def _plant_in(folder: Path) -> Plant:
    read = read_folder(folder)
    if read.problems:
        _end(*(f"{problem.kind} {problem.item}: {problem.code} {dict(problem.params)}" for problem in read.problems))
    return Plant(read.items)


async def _plant_of(tenant: str | None) -> Plant:
    settings = Settings.from_environment()
    with database(settings) as dsn:
        async with open_house(dsn, data=settings.data, secrets=settings.secrets_folder) as house:
            found = await which_tenant(house, tenant)
            return (await house.snapshots.get(found.id)).plant


def _warn(pack: Pack, plant: Plant, language: Language) -> None:
    """What the plant lacks; never a reason to end otherwise than well."""
    warnings = check_against_plant(pack, plant, datetime.now(UTC))
    _tell(warnings, language, mark="!")


def _tell(problems: Iterable[PackProblem], language: Language, mark: str = "✗") -> None:
    for problem in problems:
        typer.echo(f"{mark} {problem.where}\n    {problem_text(problem, language)}", err=True)


def _end(*lines: str) -> NoReturn:
    """Ends the command."""
    for line in lines:
        typer.echo(line, err=True)
    raise typer.Exit(1)
