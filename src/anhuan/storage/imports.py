"""Imports of registers in PostgreSQL; the files themselves are in the object store."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from psycopg.types.json import Jsonb

from anhuan.domain.ids import TenantId
from anhuan.ports.imports import ImportRun, Progress
from anhuan.ports.registers import Layout, Mapping
from anhuan.storage.named_sql import load
from anhuan.storage.pool import Pool

_SQL = load("imports")


class _Laid(Struct, frozen=True):
    """The column `layout` of an import."""

    layout: Layout
    said: Mapping


class PostgresImports:
    """`ports.imports.ImportStore` on PostgreSQL."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def add(self, tenant: TenantId, run: ImportRun) -> None:
        """Keep a new import."""
        given = {
            "tenant": tenant,
            "id": run.id,
            "kind": run.kind,
            "file_name": run.file_name,
            "sha256": run.sha256,
            "layout": _json(_Laid(run.layout, run.said)),
            "created_at": run.created_at,
            "created_by": run.created_by,
        }
        await self._pool.one_trip(tenant, _SQL["add"], given)

    async def run(self, tenant: TenantId, id: str) -> ImportRun | None:
        """One import; None: there is none."""
        rows = await self._pool.one_trip(tenant, _SQL["run"], {"tenant": tenant, "id": id})
        return _run(rows[0]) if rows else None

    async def runs(self, tenant: TenantId, before: tuple[datetime, str] | None, limit: int) -> Sequence[ImportRun]:
        """The newest first, from before a (created_at, id) on."""
        before_at, before_id = before or (None, None)
        given = {"tenant": tenant, "before_at": before_at, "before_id": before_id, "limit": limit}
        return [_run(row) for row in await self._pool.one_trip(tenant, _SQL["runs"], given)]

    async def lay_out(self, tenant: TenantId, id: str, layout: Layout, said: Mapping) -> None:
        """A person corrected how the file is read."""
        given = {"tenant": tenant, "id": id, "layout": _json(_Laid(layout, said))}
        await self._pool.one_trip(tenant, _SQL["lay_out"], given)

    async def begin(self, tenant: TenantId, id: str, progress: Progress, idle_since: datetime) -> bool:
        """Take the import on; False: somebody else has, and was heard of after `idle_since`, or it is finished."""
        given = {"tenant": tenant, "id": id, "progress": _json(progress), "idle_since": idle_since}
        return bool(await self._pool.one_trip(tenant, _SQL["begin"], given))

    async def go_on(self, tenant: TenantId, id: str, progress: Progress) -> None:
        """Note how far it has come."""
        given = {"tenant": tenant, "id": id, "progress": _json(progress)}
        await self._pool.one_trip(tenant, _SQL["go_on"], given)

    async def known(self, tenant: TenantId, keys: Collection[str]) -> frozenset[str]:
        """Those of the command keys under which something was done already."""
        rows = await self._pool.one_trip(tenant, _SQL["known"], {"tenant": tenant, "keys": list(keys)})
        return frozenset(key for (key,) in rows)

    async def remembered(self, tenant: TenantId, kind: str, fingerprint: str) -> Mapping | None:
        """What the plant said about registers laid out like this."""
        given = {"tenant": tenant, "kind": kind, "fingerprint": fingerprint}
        rows = await self._pool.one_trip(tenant, _SQL["remembered"], given)
        return msgspec.convert(rows[0][0], Mapping) if rows else None

    async def remember(self, tenant: TenantId, kind: str, fingerprint: str, mapping: Mapping) -> None:
        """Keep it for the next register laid out like this."""
        given = {"tenant": tenant, "kind": kind, "fingerprint": fingerprint, "layout": _json(mapping)}
        await self._pool.one_trip(tenant, _SQL["remember"], given)


def _json(value: Struct) -> Jsonb:
    return Jsonb(msgspec.to_builtins(value))


def _run(row: Sequence[Any]) -> ImportRun:
    id, kind, file_name, sha256, laid, created_at, created_by, progress = row
    read = msgspec.convert(laid, _Laid)
    return ImportRun(
        id=id,
        kind=kind,
        file_name=file_name,
        sha256=sha256,
        layout=read.layout,
        said=read.said,
        created_at=created_at,
        created_by=created_by,
        progress=msgspec.convert(progress, Progress) if progress is not None else None,
    )
