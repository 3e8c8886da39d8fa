"""Setting up a plant: its keys, its packs, its people and areas. Each step is an event of the tenant's own."""

from collections.abc import Iterable, Mapping

from anhuan.app.floor_plans import unknown_pictures
from anhuan.app.snapshot import Snapshots
from anhuan.domain.ids import PersonId, TenantId
from anhuan.domain.plant_checks import PlantChange, check_change
from anhuan.domain.plant_items import Person, PlantItem, item_kind
from anhuan.domain.plant_reading import PlantProblem
from anhuan.packs.check import check_pack
from anhuan.packs.compile import compile_pack
from anhuan.packs.problems import PackInvalid
from anhuan.ports.clock import Clock
from anhuan.ports.floor_plans import PlanPictures
from anhuan.ports.plants import PackKey, PlantEdit, PlantStore

PERSON = str(Person.__struct_config__.tag)


class PlantRefused(Exception):
    """An edit that would leave the plant in a state that nobody could work with; carries every problem."""

    def __init__(self, problems: tuple[PlantProblem, ...]) -> None:
        super().__init__(f"{len(problems)} problems, first: {problems[0]}")
        self.problems = problems


class ItemStale(Exception):
    """The item is not as the caller saw it; `version` is the one that there is now, 0: there is none."""

    def __init__(self, version: int) -> None:
        super().__init__(str(version))
        self.version = version


class PlantEditor:
    """Edits plants and publishes packs."""

    def __init__(self, store: PlantStore, pictures: PlanPictures, snapshots: Snapshots, clock: Clock) -> None:
        self._store = store
        self._pictures = pictures
        self._snapshots = snapshots
        self._clock = clock

    async def edit(
        self,
        tenant: TenantId,
        by: PersonId | None,
        put: Iterable[PlantItem] = (),
        remove: Iterable[tuple[str, str]] = (),
        expected: Mapping[tuple[str, str], int] | None = None,
    ) -> int:
        """Put and remove items, all or nothing; the plant's new version.

        `expected`: (kind, id) -> the version in which the item was seen, 0 where there was none. Raises PlantRefused
        (codes beside those of check_change: `named_by_cases`, `person_named_by_cases`, `picture_unknown`), ItemStale,
        ports.plants.PlantChanged.
        """
        plant = (await self._snapshots.get(tenant, fresh=True)).plant
        for (kind, item), version in (expected or {}).items():
            now = await self._store.item_version(tenant, kind, item) or 0
            if now != version:
                raise ItemStale(now)
        change = PlantChange(tuple(put), tuple(remove))
        if problems := (
            *check_change(plant, change),
            *await self._named_by_cases(tenant, change),
            *await unknown_pictures(self._pictures, tenant, change.put),
        ):
            raise PlantRefused(problems)
        edit = PlantEdit(at=self._clock(), by=by, put=change.put, remove=change.remove)
        version = await self._store.edit(tenant, edit, plant.version)
        await self._snapshots.get(tenant, fresh=True)
        return version

    async def _named_by_cases(self, tenant: TenantId, change: PlantChange) -> list[PlantProblem]:
        """What cases name stays on record: a person can only leave, an area or machine only be renamed."""
        kept = {(item_kind(item), item.id) for item in change.put}
        problems = []
        for kind, item in change.remove:
            if (kind, item) not in kept and (count := await self._store.named_by_cases(tenant, kind, item)):
                code = "person_named_by_cases" if kind == PERSON else "named_by_cases"
                problems.append(PlantProblem(kind, "id", code, {"count": count}, item))
        return problems

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
