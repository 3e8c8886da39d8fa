"""Setting up a plant: its keys, its packs, its people and areas. Each step is an event of the tenant's own."""

from collections.abc import Iterable, Mapping

from anhuan.app.snapshot import Snapshots
from anhuan.domain.ids import PersonId, TenantId
from anhuan.domain.plant_checks import PlantChange, check_change
from anhuan.domain.plant_items import PlantItem
from anhuan.domain.plant_reading import PlantProblem
from anhuan.packs.check import check_pack
from anhuan.packs.compile import compile_pack
from anhuan.packs.problems import PackInvalid
from anhuan.ports.clock import Clock
from anhuan.ports.plants import PackKey, PlantEdit, PlantStore


class PlantRefused(Exception):
    """An edit that would leave the plant in a state that nobody could work with; carries every problem."""

    def __init__(self, problems: tuple[PlantProblem, ...]) -> None:
        super().__init__(f"{len(problems)} problems, first: {problems[0]}")
        self.problems = problems


class PlantEditor:
    """Edits plants and publishes packs."""

    def __init__(self, store: PlantStore, snapshots: Snapshots, clock: Clock) -> None:
        self._store = store
        self._snapshots = snapshots
        self._clock = clock

    async def edit(
        self,
        tenant: TenantId,
        by: PersonId | None,
        put: Iterable[PlantItem] = (),
        remove: Iterable[tuple[str, str]] = (),
    ) -> int:
        """Put and remove items, all or nothing; the plant's new version.

        Raises PlantRefused, ports.plants.PlantChanged.
        """
        plant = (await self._snapshots.get(tenant, fresh=True)).plant
        change = PlantChange(tuple(put), tuple(remove))
        if problems := check_change(plant, change):
            raise PlantRefused(problems)
        edit = PlantEdit(at=self._clock(), by=by, put=change.put, remove=change.remove)
        version = await self._store.edit(tenant, edit, plant.version)
        await self._snapshots.get(tenant, fresh=True)
        return version

    async def publish(self, tenant: TenantId, by: PersonId | None, files: Mapping[str, str]) -> PackKey:
        """Publish a pack's files. Raises packs.problems.PackInvalid, ports.plants.PackExists."""
        pack = compile_pack(files)
        beside = (await self._snapshots.get(tenant, fresh=True)).packs
        if problems := check_pack(pack, beside):
            raise PackInvalid(problems)
        key = PackKey(pack.name, pack.version)
        await self._store.publish(tenant, key, files, self._clock(), by)
        await self._snapshots.get(tenant, fresh=True)
        return key
