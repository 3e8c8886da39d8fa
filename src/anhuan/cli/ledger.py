"""The ledger from a terminal: export it, verify an export (without any database), audit draws, change their key."""

import asyncio
import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from anhuan.app.draw_audit import DrawAudit, audit_draws
from anhuan.app.draw_keys import DrawKeys, KeysNow
from anhuan.app.ledger_export import Exported, NothingToExport, export_log
from anhuan.cli.database import database, settled_house
from anhuan.cli.speech import Progress, complain, fault, say
from anhuan.cli.which_tenant import which_tenant
from anhuan.connectors.ledger_files import LedgerFolder
from anhuan.ledger.checkpoint import Checkpoint, open_checkpoint
from anhuan.ledger.errors import LedgerError
from anhuan.ledger.export import VERIFIER_KEY_PATH
from anhuan.ledger.note import VerifierKey
from anhuan.ledger.report import Report
from anhuan.ledger.verify import verify
from anhuan.settings import Settings
from anhuan.storage.draws import PostgresDraws

app = typer.Typer(no_args_is_help=True, help="The ledger: every event in order, provable to an outsider.")

UNSOUND, UNUSABLE = 1, 2
"""Exit codes: something is wrong with what was looked at; it could not be looked at."""
_TENANT = typer.Option(None, "--tenant", help="Short name of the enterprise, where there are several.")
_AS_JSON = typer.Option(False, "--json", help="As JSON.")


@app.command("export")
def export_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the files go; again into the same one goes on.")],
    tenant: str | None = _TENANT,
) -> None:
    """Write the ledger as C2SP tlog-tiles: checkpoint, tile/..., tile/entries/..., verifier-key."""
    settings = Settings.from_environment()
    progress = Progress()

    async def work() -> Exported:
        with database(settings) as dsn:
            async with settled_house(dsn, settings) as house:
                chosen = await which_tenant(house, tenant)
                key = house.secrets.signer(chosen.id).verifier_key
                return await export_log(
                    house.ledger,
                    chosen.id,
                    key,
                    LedgerFolder(folder),
                    lambda done, total: progress("exporting", done, total),
                )

    try:
        done = asyncio.run(work())
    except NothingToExport:
        complain("export_empty")
        raise typer.Exit(UNUSABLE) from None
    except LedgerError as error:
        complain("export_refused", folder=folder)
        typer.echo(fault(error.code, error.params), err=True)
        raise typer.Exit(UNSOUND) from None
    say("exported", size=done.size, new=done.size - done.since, files=done.files, folder=folder)


@app.command("verify")
def verify_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="An export.")],
    since: Annotated[
        Path | None, typer.Option("--since", metavar="FILE", help="An older checkpoint, kept elsewhere.")
    ] = None,
    key_file: Annotated[
        Path | None, typer.Option("--key", metavar="FILE", help="The verifier key, as it came to you.")
    ] = None,
    as_json: bool = _AS_JSON,
) -> None:
    """Check an export, without any database: entries, tiles, the signature, and the history since a checkpoint."""
    key = _verifier_key(key_file or folder / VERIFIER_KEY_PATH)
    older = _older(since, key) if since is not None else None
    progress = Progress()
    report = verify(
        LedgerFolder(folder).read, key, older, lambda done, total: progress("progress_entries", done, total)
    )
    if as_json:
        typer.echo(json.dumps({**msgspec.to_builtins(report), "sound": report.sound}, ensure_ascii=False))
    else:
        _tell(report, key, key_file is None)
    if not report.sound:
        raise typer.Exit(UNSOUND)


def _verifier_key(path: Path) -> VerifierKey:
    try:
        return VerifierKey.parse(path.read_text("utf-8").strip())
    except (OSError, UnicodeDecodeError):
        complain("no_file", path=path)
    except LedgerError as error:
        complain("cannot_verify", why=fault(error.code, error.params))
    raise typer.Exit(UNUSABLE)


def _older(path: Path, key: VerifierKey) -> Checkpoint:
    try:
        return open_checkpoint(path.read_bytes(), key)
    except OSError:
        complain("no_file", path=path)
    except LedgerError as error:
        complain("cannot_verify", why=fault(error.code, error.params))
    raise typer.Exit(UNUSABLE)


def _tell(report: Report, key: VerifierKey, key_from_folder: bool) -> None:
    if report.sound:
        root = b64encode(report.root).decode()
        say("verified", origin=report.origin, entries=report.entries, tiles=report.tiles, root=root)
        if report.since is not None:
            say("verified_since", since=report.since)
        else:
            say("not_since")
    else:
        say("unsound", count=len(report.faults) + report.further_faults, origin=report.origin)
        tell_faults([(found.code, found.params) for found in report.faults], report.further_faults)
    if key_from_folder:
        say("key_from_folder", key=key)


def tell_faults(faults: Sequence[tuple[str, Mapping[str, object]]], further: int = 0) -> None:
    """One line for each fault."""
    for code, params in faults:
        typer.echo(f"  {fault(code, params)}")
    if further:
        typer.echo("  ", nl=False)
        say("further", count=further)


@app.command("draws")
def draws_command(tenant: str | None = _TENANT, as_json: bool = _AS_JSON) -> None:
    """Repeat every blind draw that was decided, from what is on record."""
    settings = Settings.from_environment()

    async def work() -> DrawAudit:
        with database(settings) as dsn:
            async with settled_house(dsn, settings) as house:
                chosen = await which_tenant(house, tenant)
                return await audit_draws(PostgresDraws(house.app_pool), chosen.id)

    audit = asyncio.run(work())
    if as_json:
        typer.echo(msgspec.json.encode(audit).decode())
    else:
        counts = {"repeated": audit.repeated, "undecided": audit.undecided, "fell_back": audit.fell_back}
        say("draws", draws=audit.draws, **counts)
        say("draws_from_keys", count=audit.from_told_keys)
        if audit.faults:
            say("draws_unsound", count=len(audit.faults))
            tell_faults([(found.code, found.params) for found in audit.faults])
        else:
            say("draws_sound")
    if audit.faults:
        raise typer.Exit(UNSOUND)


@app.command("rotate-draw-key")
def rotate_command(
    tenant: str | None = _TENANT,
    only_tell: bool = typer.Option(
        False, "--only-tell", help="Make no new key; tell old ones that may be told by now."
    ),
) -> None:
    """Draw with a new key from now on, and tell the old ones once no open case may draw with them."""
    settings = Settings.from_environment()

    async def work() -> KeysNow:
        with database(settings) as dsn:
            async with settled_house(dsn, settings) as house:
                chosen = await which_tenant(house, tenant)
                keys = DrawKeys(house.secrets, house.plants, PostgresDraws(house.app_pool), house.clock)
                return await (keys.tell(chosen.id) if only_tell else keys.rotate(chosen.id))

    now = asyncio.run(work())
    if now.committed is not None:
        say("key_committed", key=now.committed)
    for key in now.told:
        say("key_told", key=key)
    for key, cases in now.waiting:
        if cases:
            say("key_waits", key=key, cases=cases)
        else:
            say("key_ends_now", key=key)
