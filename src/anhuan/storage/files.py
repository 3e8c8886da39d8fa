"""Uploaded files in PostgreSQL; their bytes are in the object store."""

from collections.abc import Collection, Mapping

import msgspec
from psycopg.types.json import Jsonb

from anhuan.domain.evidence import ExifClaims, Sha256
from anhuan.domain.ids import AccountId, TenantId
from anhuan.ports.files import KeptRendition, StoredFile
from anhuan.storage.named_sql import load
from anhuan.storage.pool import Pool

_SQL = load("files")


class PostgresFiles:
    """`ports.files.FileStore` on PostgreSQL."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def files(self, tenant: TenantId, sha256s: Collection[Sha256]) -> Mapping[Sha256, StoredFile]:
        """Those of the files that were uploaded, by hash."""
        rows = await self._pool.one_trip(tenant, _SQL["files"], {"tenant": tenant, "sha256s": list(sha256s)})
        found = {}
        for sha256, kind, media_type, size_bytes, width_px, height_px, exif, uploaded_by, uploaded_at in rows:
            found[Sha256(sha256)] = StoredFile(
                sha256=sha256,
                kind=kind,
                media_type=media_type,
                size_bytes=size_bytes,
                width_px=width_px,
                height_px=height_px,
                exif=msgspec.convert(exif, ExifClaims) if exif is not None else None,
                uploaded_by=uploaded_by,
                uploaded_at=uploaded_at,
            )
        return found

    async def add(self, tenant: TenantId, file: StoredFile, sender: AccountId) -> None:
        """Remember a file and who sent it; the same again changes nothing, another sender is added."""
        given = {
            "tenant": tenant,
            "sha256": file.sha256,
            "kind": file.kind,
            "media_type": file.media_type,
            "size_bytes": file.size_bytes,
            "width_px": file.width_px,
            "height_px": file.height_px,
            "exif": Jsonb(msgspec.to_builtins(file.exif)) if file.exif is not None else None,
            "uploaded_by": file.uploaded_by,
            "uploaded_at": file.uploaded_at,
            "sender": sender,
        }
        await self._pool.one_trip(tenant, _SQL["add"], given)

    async def sent(self, tenant: TenantId, sha256s: Collection[Sha256], sender: AccountId) -> frozenset[Sha256]:
        """Those of the files whose bytes the account has sent itself."""
        given = {"tenant": tenant, "sha256s": list(sha256s), "sender": sender}
        return frozenset(Sha256(sha256) for (sha256,) in await self._pool.one_trip(tenant, _SQL["sent"], given))

    async def rendition(self, tenant: TenantId, sha256: Sha256, watermark: Sha256) -> KeptRendition | None:
        """The copies under the watermark with this hash; None: not made yet."""
        given = {"tenant": tenant, "sha256": sha256, "watermark": watermark}
        rows = await self._pool.one_trip(tenant, _SQL["rendition"], given)
        return KeptRendition(served=rows[0][0], thumbnail=rows[0][1]) if rows else None

    async def keep_rendition(
        self, tenant: TenantId, sha256: Sha256, watermark: Sha256, rendition: KeptRendition
    ) -> None:
        """Remember copies; newer ones replace those that were lost."""
        given = {
            "tenant": tenant,
            "sha256": sha256,
            "watermark": watermark,
            "served": rendition.served,
            "thumbnail": rendition.thumbnail,
        }
        await self._pool.one_trip(tenant, _SQL["keep_rendition"], given)
