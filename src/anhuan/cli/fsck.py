"""The full check from a terminal: is everything that is stored what its events say?"""

import asyncio

import msgspec
import typer

from anhuan.app.fsck.check import Fsck
from anhuan.app.fsck.report import FsckReport
from anhuan.bootstrap import House
from anhuan.cli.database import database, settled_house
from anhuan.cli.ledger import tell_faults
from anhuan.cli.speech import Progress, complain, say
from anhuan.cli.which_tenant import which_tenant
from anhuan.domain.ids import TenantId
from anhuan.ledger.note import VerifierKey
from anhuan.settings import Settings
from anhuan.storage.fsck import PostgresFsck
from anhuan.storage.secrets import SecretsMissing


def fsck(
    tenant: str | None = typer.Option(None, "--tenant", help="Only this enterprise (its short name)."),
    as_json: bool = typer.Option(False, "--json", help="As JSON."),
) -> None:
    """Rebuild cases and accounts from their events and compare; check the plant, the packs and the ledger too."""
    settings = Settings.from_environment()

    async def work() -> list[FsckReport]:
        with database(settings) as dsn:
            async with settled_house(dsn, settings) as house:
                chosen = [(await which_tenant(house, tenant)).id] if tenant else await house.due.tenants()
                return [await _check(house, one) for one in chosen]

    reports = asyncio.run(work())
    if as_json:
        told = [{**msgspec.to_builtins(report), "sound": report.sound} for report in reports]
        typer.echo(msgspec.json.encode(told).decode())
    else:
        for report in reports:
            _tell(report)
        if not reports:
            complain("no_tenants")
    if not all(report.sound for report in reports):
        raise typer.Exit(1)


async def _check(house: House, tenant: TenantId) -> FsckReport:
    progress = Progress()
    return await Fsck(PostgresFsck(house.app_pool), house.snapshots).check(
        tenant, _key(house, tenant), lambda what, done, total: progress(f"progress_{what}", done, total)
    )


def _key(house: House, tenant: TenantId) -> VerifierKey | None:
    try:
        return house.secrets.signer(tenant).verifier_key
    except SecretsMissing:
        return None


def _tell(report: FsckReport) -> None:
    counts = {"events": report.events, "entries": report.entries, "pending": report.pending}
    say("checked", tenant=report.tenant, streams=report.streams, **counts)
    if report.sound:
        say("check_sound")
    else:
        say("check_unsound", count=len(report.differences) + report.further)
        tell_faults([(found.code, found.params) for found in report.differences], report.further)
