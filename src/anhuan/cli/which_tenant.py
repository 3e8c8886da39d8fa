"""Which enterprise a command means: the one that is named, else the only one, else the demo."""

import typer

from anhuan.bootstrap import House
from anhuan.ports.identity import Tenant

DEMO_SLUG = "demo"


async def which_tenant(house: House, slug: str | None) -> Tenant:
    """The tenant. Ends the command, saying which there are, where that is not clear."""
    found = [await house.identity_store.tenant(id) for id in await house.due.tenants()]
    tenants = {tenant.slug: tenant for tenant in found if tenant is not None}
    wanted = slug if slug is not None else next(iter(tenants)) if len(tenants) == 1 else DEMO_SLUG
    if wanted in tenants:
        return tenants[wanted]
    if not tenants:
        message = "No enterprise is set up here yet: `anhuan init` does, or `make run` with a demo."
    elif slug is None:
        message = f"Say which enterprise: --tenant {' | '.join(sorted(tenants))}"
    else:
        message = f"There is no enterprise {slug}; there are: {', '.join(sorted(tenants))}"
    typer.echo(message, err=True)
    raise typer.Exit(2)
