"""The run that is reported: through the whole house, on a PostgreSQL server of its own that is thrown away afterwards.

Nothing of an installation is touched: neither its data folder nor the database that DATABASE_URL names.
"""

import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from anhuan.app.simulation.desk import Desk, RunClock, desk_on
from anhuan.app.simulation.memory import SeededDraws
from anhuan.app.simulation.people import moment
from anhuan.app.simulation.runs import Progress, Reached, Setting, live, reached_by
from anhuan.app.viewing import Viewer
from anhuan.bootstrap import House, open_house
from anhuan.domain.ids import TenantId
from anhuan.storage import embedded
from anhuan.storage.migrate import migrate

Dsn = Callable[[str], str]
SLUG = "simulated"


@contextmanager
def server_of_its_own() -> Iterator[tuple[Dsn, Path]]:
    """A migrated, empty database, and a folder for the files beside it; both are gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="anhuan-simulated-"))
    try:
        with embedded.start(folder, postgres_settings=embedded.THROW_AWAY) as server:
            migrate(server.dsn(embedded.OWNER))
            yield server.dsn, folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def run_in_database(setting: Setting, dsn: Dsn, folder: Path, progress: Progress | None = None) -> Reached:
    """The run under the rules, in a new tenant of an empty database; figures are those of `GET /statistics`."""
    async with desk_in_database(setting, dsn, folder) as (house, desk):
        life = await live(setting, desk, progress)
        viewer = Viewer(
            tenant=desk.tenant, person=None, sees_all=True, language="en", say=lambda reason, _pack: reason.code
        )
        days = (setting.first_day, setting.last_day)
        counted = await house.statistics.counted(viewer, setting.kind.key, *days)
        return reached_by(setting, desk, life, counted.live)


@asynccontextmanager
async def desk_in_database(setting: Setting, dsn: Dsn, folder: Path) -> AsyncIterator[tuple[House, Desk]]:
    """The house with the simulated plant as its only tenant, and a desk in it that runs on the simulation's clock."""
    clock = RunClock(moment(setting.begin))
    async with open_house(dsn, data=folder, clock=clock, pool_size=4) as house:
        draws = SeededDraws(setting.seed, clock.now)
        tenant = await _settle(house, setting, draws)
        yield house, desk_on(tenant, house.cases, house.due, house.snapshots, draws, clock)


async def _settle(house: House, setting: Setting, draws: SeededDraws) -> TenantId:
    zone = setting.plant.zone.key
    tenant = await house.accounts.create_tenant(slug=SLUG, name=SLUG, language="zh", time_zone=zone)
    house.secrets.add_signer(tenant.id)
    await house.plants.commit_draw_key(tenant.id, draws.key, house.clock())
    for files in setting.world.packs:
        await house.editor.publish(tenant.id, None, files)
    await house.editor.edit(tenant.id, None, put=setting.items)
    return tenant.id
