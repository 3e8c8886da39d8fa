"""Plants and packs in PostgreSQL. Every edit and publication is an event of the tenant's, in one transaction."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct
from psycopg.types.json import Jsonb

from anhuan.core.case.outcome import WakeAll
from anhuan.core.draw import commitment
from anhuan.domain.evidence import Sha256
from anhuan.domain.ids import PersonId, TenantId
from anhuan.domain.plant_items import PlantItem, item_kind
from anhuan.domain.plant_reading import encode_item
from anhuan.ports.floor_plans import PlanPicture
from anhuan.ports.plants import Marks, PackExists, PackKey, PlantChanged, PlantEdit, PublishedPack
from anhuan.ports.secrets import DrawKey
from anhuan.ports.tenant_events import PLANT_STREAM, TENANT_STREAM, DrawKeyCommitted, DrawKeyRevealed, PackPublished
from anhuan.storage.named_sql import load
from anhuan.storage.pool import Connection, Pool

_SQL = load("plants")


class PostgresPlants:
    """`ports.plants.PlantStore` and `ports.floor_plans.PlanPictures` on PostgreSQL."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def marks(self, tenant: TenantId) -> Marks:
        """The versions in force now. Raises LookupError when there is no such tenant."""
        rows = await self._pool.one_trip(tenant, _SQL["marks"], {"tenant": tenant})
        if not rows:
            raise LookupError(tenant)
        plant, packs = rows[0]
        return Marks(plant, tuple(PackKey(name, version) for name, version in packs))

    async def items(self, tenant: TenantId) -> Sequence[PlantItem]:
        """All items of the plant."""
        rows = await self._pool.one_trip(tenant, _SQL["items"], {"tenant": tenant})
        return [msgspec.convert({**body, "type": kind}, PlantItem) for kind, body in rows]

    async def edit(self, tenant: TenantId, edit: PlantEdit, expected: int) -> int:
        """Store an edit and return the plant's new version. Raises PlantChanged when it is not at `expected`."""
        async with self._pool.tenant_connection(tenant) as connection:
            given = {"tenant": tenant, "expected": expected}
            row = await (await connection.execute(_SQL["raise_version"], given)).fetchone()
            if row is None:
                raise PlantChanged(tenant)
            version = int(row[0])
            put = [{"kind": item_kind(item), "id": item.id, "body": encode_item(item)} for item in edit.put]
            await connection.execute(_SQL["put_items"], {"tenant": tenant, "version": version, "items": Jsonb(put)})
            removed = [{"kind": kind, "id": item} for kind, item in edit.remove]
            await connection.execute(_SQL["remove_items"], {"tenant": tenant, "items": Jsonb(removed)})
            await add_event(connection, tenant, PLANT_STREAM, edit, edit.at, edit.by)
            wake = Jsonb(msgspec.to_builtins(WakeAll(version)))
            await connection.execute(_SQL["wake_all"], {"tenant": tenant, "effect": wake, "at": edit.at})
        return version

    async def commit_draw_key(self, tenant: TenantId, key: DrawKey, at: datetime) -> None:
        """Put the hash of a draw key into the ledger before anything is drawn with it."""
        event = DrawKeyCommitted(at=at, key=key.id, sha256=commitment(key.key))
        async with self._pool.tenant_connection(tenant) as connection:
            await add_event(connection, tenant, TENANT_STREAM, event, at, None)

    async def reveal_draw_key(self, tenant: TenantId, key: DrawKey, at: datetime) -> None:
        """Tell a draw key whole, once nothing is drawn with it any more."""
        event = DrawKeyRevealed(at=at, key=key.id, secret=key.key.hex())
        async with self._pool.tenant_connection(tenant) as connection:
            await add_event(connection, tenant, TENANT_STREAM, event, at, None)

    async def item_version(self, tenant: TenantId, kind: str, item: str) -> int | None:
        """The plant's version in which an item was last changed; None: there is no such item."""
        given = {"tenant": tenant, "kind": kind, "id": item}
        rows = await self._pool.one_trip(tenant, _SQL["item_version"], given)
        return rows[0][0] if rows else None

    async def item_versions(self, tenant: TenantId, kind: str) -> Mapping[str, int]:
        """The same of every item of a kind."""
        return dict(await self._pool.one_trip(tenant, _SQL["item_versions"], {"tenant": tenant, "kind": kind}))

    async def named_by_cases(self, tenant: TenantId, kind: str, item: str) -> int:
        """How many cases (and, of a person, accounts) name an item and would lose sight of it."""
        given = {"tenant": tenant, "kind": kind, "id": item, "party": f"{kind}:{item}"}
        rows = await self._pool.one_trip(tenant, _SQL["named_by_cases"], given)
        return int(rows[0][0])

    async def area_loads(self, tenant: TenantId, at: datetime) -> Mapping[str, tuple[int, int]]:
        """Area -> how many cases are open there, and how many of them past their deadline."""
        rows = await self._pool.one_trip(tenant, _SQL["area_loads"], {"tenant": tenant, "at": at})
        return {area: (opened, late) for area, opened, late in rows}

    async def keep_picture(self, tenant: TenantId, picture: PlanPicture, by: PersonId | None) -> None:
        """Remember a picture; the same again changes nothing."""
        given = {"tenant": tenant, "by": by, **{name: getattr(picture, name) for name in picture.__struct_fields__}}
        await self._pool.one_trip(tenant, _SQL["keep_picture"], given)

    async def picture(self, tenant: TenantId, sha256: str) -> PlanPicture | None:
        """What is known of a picture; None: no such picture of a floor plan was ever taken."""
        rows = await self._pool.one_trip(tenant, _SQL["picture"], {"tenant": tenant, "sha256": sha256})
        if not rows:
            return None
        media_type, width_px, height_px = rows[0]
        return PlanPicture(sha256=Sha256(sha256), media_type=media_type, width_px=width_px, height_px=height_px)

    async def pack_files(self, tenant: TenantId, key: PackKey) -> Mapping[str, str] | None:
        """The files of a published version."""
        given = {"tenant": tenant, "name": key.name, "version": key.version}
        rows = await self._pool.one_trip(tenant, _SQL["pack_files"], given)
        return rows[0][0] if rows else None

    async def packs(self, tenant: TenantId) -> Sequence[PublishedPack]:
        """Every published version."""
        rows = await self._pool.one_trip(tenant, _SQL["packs"], {"tenant": tenant})
        return [
            PublishedPack(name=name, version=version, published_at=at, published_by=by, is_current=current)
            for name, version, at, by, current in rows
        ]

    async def publish(
        self, tenant: TenantId, key: PackKey, files: Mapping[str, str], at: datetime, by: PersonId | None
    ) -> None:
        """Publish a version and make it current. The same again is no error. Raises PackExists."""
        given: dict[str, object] = {"tenant": tenant, "name": key.name, "version": key.version}
        async with self._pool.tenant_connection(tenant) as connection:
            row = await (await connection.execute(_SQL["pack_files"], given)).fetchone()
            if row is not None and dict(row[0]) != dict(files):
                raise PackExists(f"{key.name} {key.version}")
            await connection.execute(_SQL["retire_pack"], given)
            if row is not None:
                await connection.execute(_SQL["make_current"], given)
                return
            given |= {"files": Jsonb(dict(files)), "at": at, "by": by}
            await connection.execute(_SQL["publish_pack"], given)
            event = PackPublished(at=at, by=by, name=key.name, version=key.version, files=dict(files))
            await add_event(connection, tenant, TENANT_STREAM, event, at, by)


async def add_event(
    connection: Connection, tenant: TenantId, stream: str, event: Struct, at: datetime, by: str | None
) -> None:
    """Add an event to one of the tenant's own streams, within the transaction that makes it true."""
    given = {
        "tenant": tenant,
        "stream": stream,
        "type": type(event).__name__,
        "at": at,
        "by": by,
        "payload": msgspec.json.encode(event).decode(),
        "salt": secrets.token_bytes(32),
    }
    await connection.execute(_SQL["add_event"], given)
