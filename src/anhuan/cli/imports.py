"""`anhuan import`: take over a register kept in Excel, from a terminal.

What cannot be decided is said with its row and field; the rows that come back can be had as a workbook, to be corrected
and imported again.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from anhuan.app.imports import ImportRefused, Imports
from anhuan.app.register_look import Look
from anhuan.bootstrap import open_house
from anhuan.cli.database import database
from anhuan.cli.loop import run_fast
from anhuan.cli.which_tenant import which_tenant
from anhuan.ports.identity import Tenant
from anhuan.ports.imports import Counts, Progress
from anhuan.ports.registers import Mapping, WorkbookRefused
from anhuan.settings import Settings

SHOWN = 12
"""So many of the rows that come back are shown one by one."""


_File = typer.Argument(help="xlsx, xls or CSV.", exists=True, dir_okay=False, readable=True)
_Said = typer.Option("--mapping", help="What you say of the layout, as JSON.", exists=True, dir_okay=False)


def import_register(
    kind: Annotated[str, typer.Argument(help="What a row becomes, as its pack calls it.")],
    file: Annotated[Path, _File],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only look: nothing is stored.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The counts as JSON.")] = False,
    mapping: Annotated[Path | None, _Said] = None,
    rejects: Annotated[Path | None, typer.Option("--rejects", help="Write the rows that come back here.")] = None,
    tenant: Annotated[str | None, typer.Option("--tenant", help="Short name of the enterprise.")] = None,
) -> None:
    """Take over a register: open rows become live cases, closed rows history, the rest comes back with reasons."""
    settings = Settings.from_environment()
    said = _read_mapping(mapping)
    data = file.read_bytes()

    async def work() -> None:
        with database(settings) as dsn:
            async with open_house(dsn, data=settings.data, secrets=settings.secrets_folder) as house:
                found = await which_tenant(house, tenant)
                look = await _looked(house.imports, found, kind, data, said)
                if not as_json:
                    _tell_layout(house.imports, look, found)
                if look.stops:
                    _end(*_layout_texts(house.imports, look, found.language))
                if dry_run:
                    counts, back = look.counts(), house.imports.rejects_of(look, found.language)
                else:
                    counts, back = await _take_in(house.imports, found, look, data, file.name)
                if rejects is not None:
                    _write(rejects, back)
                if as_json:
                    typer.echo(json.dumps(msgspec.to_builtins(counts)))
                else:
                    _tell_rows(house.imports, look, found.language)
                    _tell_counts(counts, dry_run=dry_run, rejects=rejects)

    run_fast(work())


async def _take_in(imports: Imports, tenant: Tenant, look: Look, data: bytes, name: str) -> tuple[Counts, bytes]:
    """The counts, and the rows that came back."""
    run = await imports.keep(tenant.id, None, look, data, name)
    line = _line if sys.stderr.isatty() else None
    run = await imports.take_in(tenant.id, None, run, look=look, on_progress=line)
    counts = run.progress.counts if run.progress else Counts()
    return counts, await imports.rejects(tenant.id, run, tenant.language)


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


async def _looked(imports: Imports, tenant: Tenant, kind: str, data: bytes, said: Mapping) -> Look:
    try:
        return await imports.look(tenant.id, kind, data, said)
    except WorkbookRefused as refused:
        _end(imports.registers.refusal_text(refused, tenant.language))
    except ImportRefused:
        _end(f"{kind} is no kind that registers are imported as; kinds: {', '.join(await imports.kinds(tenant.id))}")
    raise AssertionError


def _end(*lines: str) -> None:
    for line in lines:
        typer.echo(line, err=True)
    raise typer.Exit(1)


def _read_mapping(path: Path | None) -> Mapping:
    if path is None:
        return Mapping()
    try:
        return msgspec.json.decode(path.read_bytes(), type=Mapping)
    except msgspec.DecodeError as error:
        raise typer.BadParameter(f"{path}: {error}", param_hint="--mapping") from None


async def _line(progress: Progress) -> None:
    """How far it has come, over the line before."""
    end = "\n" if progress.finished_at else ""
    sys.stderr.write(f"\r  {progress.done} / {progress.counts.rows}{end}")
    sys.stderr.flush()


def _tell_layout(imports: Imports, look: Look, tenant: Tenant) -> None:
    rows = "-" if look.layout.head_rows is None else "-".join(map(str, look.layout.head_rows))
    typer.echo(f"{tenant.name}: {look.layout.sheet}, head in rows {rows}")
    labels = imports.registers.labels_of(look.layout, look.spec)
    for name, column in look.layout.columns.items():
        typer.echo(f"  {column.column:<3} {labels[name]:<16} {name} ({column.confidence:.0%})")
    for text in _layout_texts(imports, look, tenant.language):
        typer.echo(f"  ! {text}")


def _layout_texts(imports: Imports, look: Look, language: str) -> Iterator[str]:
    labels = imports.registers.labels_of(look.layout, look.spec)
    return (imports.registers.problem_text(problem, labels, language) for problem in look.layout.problems)


def _tell_rows(imports: Imports, look: Look, language: str) -> None:
    """The rows that come back, and what was noted on those that do not."""
    labels = imports.registers.labels_of(look.layout, look.spec)
    back = look.rejected()
    for row in back[:SHOWN]:
        why = " ".join(imports.registers.reason_text(reason, labels, language) for reason in row.reasons)
        typer.echo(f"  row {row.row_no}: {why}")
    if len(back) > SHOWN:
        typer.echo(f"  ... and {len(back) - SHOWN} more")
    notes = Counter(
        imports.registers.reason_text(note, labels, language) for row in look.accepted() for note in row.notes
    )
    for text, times in notes.most_common(SHOWN):
        typer.echo(f"  {times} x {text}")


def _tell_counts(counts: Counts, *, dry_run: bool, rejects: Path | None) -> None:
    """What became of the rows."""
    verb = "would be accepted" if dry_run else "accepted"
    typer.echo(
        f"{counts.rows} rows: {counts.accepted} {verb} ({counts.open} live, {counts.history} history), "
        f"{counts.rejected} come back, {counts.duplicates} duplicates, {counts.skipped} are no rows."
    )
    if rejects is not None:
        typer.echo(f"The rows that come back are in {rejects}: correct them there and import that file.")
    elif counts.rejected:
        typer.echo("Have the rows that come back as a workbook with --rejects FILE.xlsx")
