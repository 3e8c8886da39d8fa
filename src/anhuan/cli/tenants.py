"""Setting up an enterprise: its keys, the shipped packs, and its first administrator."""

import asyncio
import secrets

import typer

from anhuan import resources
from anhuan.app.accounts import AccountRefused, NewAccount
from anhuan.bootstrap import House
from anhuan.cli.database import database, settled_house
from anhuan.connectors.pack_files import read_pack, shipped_packs
from anhuan.domain.plant_items import Site
from anhuan.ports.identity import Language, Tenant
from anhuan.settings import Settings


async def new_tenant(house: House, *, slug: str, name: str, language: Language, time_zone: str) -> Tenant:
    """A tenant with its keys and every shipped pack published; a slug that is taken is tried again with a number."""
    for number in range(1, 100):
        try:
            wanted = slug if number == 1 else f"{slug}-{number}"
            tenant = await house.accounts.create_tenant(slug=wanted, name=name, language=language, time_zone=time_zone)
            break
        except AccountRefused as refused:
            if refused.reasons[0].code != "slug_taken":
                raise
    else:
        raise typer.BadParameter(f"{slug} and 98 names like it are taken")
    house.secrets.add_signer(tenant.id)
    draw_key = house.secrets.add_draw_key(tenant.id, house.clock())
    await house.plants.commit_draw_key(tenant.id, draw_key, house.clock())
    for folder in shipped_packs(resources.path("packs")):
        await house.editor.publish(tenant.id, None, read_pack(folder))
    return tenant


def init(
    name: str = typer.Option(..., prompt="Name of the enterprise 企业名称", help="As it shall be shown."),
    slug: str = typer.Option(..., prompt="Short name for log-ins (a-z, 0-9, -)", help="Stands behind the @."),
    administrator: str = typer.Option("admin", prompt="Log-in of the first administrator"),
    language: str = typer.Option("zh", prompt="Language (zh, en)"),
    time_zone: str = typer.Option("Asia/Shanghai", prompt="Time zone"),
) -> None:
    """Set up a real plant: enterprise, first administrator, time zone, language."""
    settings = Settings.from_environment()
    password = secrets.token_urlsafe(12)

    async def work() -> None:
        with database(settings) as dsn:
            async with settled_house(dsn, settings) as house:
                spoken: Language = "en" if language == "en" else "zh"
                tenant = await new_tenant(house, slug=slug, name=name, language=spoken, time_zone=time_zone)
                site = Site(id="site", name=name, time_zone=time_zone)
                await house.editor.edit(tenant.id, None, put=[site])
                new = NewAccount(login=administrator, roles=("administrator",), password=password)
                await house.accounts.create(tenant.id, new)
                typer.echo(f"{name} is set up. Sign in as {administrator}@{tenant.slug} with {password}")
                typer.echo("and change the password. Areas and people: import them in the console, or by hand.")

    asyncio.run(work())
