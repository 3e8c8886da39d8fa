"""The object store on disk: `<root>/<tenant>/<first two hex digits>/<the other 62>`.

An object is written to a scratch file, flushed to the disk, and only then given its name, whose directory is flushed
too: after a crash it is there whole or not at all. Scratch files that a crash left behind go at the next start.
"""

import asyncio
import contextlib
import hashlib
import os
import re
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO

from anhuan.domain.evidence import Sha256
from anhuan.domain.ids import TenantId
from anhuan.ports.objects import ObjectDamaged, ObjectMissing

PIECE_BYTES = 256 * 1024
SCRATCH_AGE_S = 3600.0
"""A scratch file older than this belongs to nobody who still runs."""

_TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class FileObjects:
    """`ports.objects.Objects` in a folder. Any number of processes may share it."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._scratch = root / ".scratch"
        self._scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._sweep_scratch()

    async def put(self, tenant: TenantId, data: bytes) -> Sha256:
        """See `Objects.put`. Raises ValueError for a tenant whose name cannot be a folder's."""
        return await asyncio.to_thread(self._put, tenant, data)

    async def get(self, tenant: TenantId, sha256: Sha256) -> bytes:
        """See `Objects.get`."""
        return await asyncio.to_thread(self._get, tenant, sha256)

    async def open(self, tenant: TenantId, sha256: Sha256) -> AsyncIterator[bytes]:
        """See `Objects.open`."""
        file = await asyncio.to_thread(self._open, tenant, sha256)
        return _pieces(file, sha256)

    async def exists(self, tenant: TenantId, sha256: Sha256) -> bool:
        """See `Objects.exists`."""
        return await asyncio.to_thread(self._path(tenant, sha256).is_file)

    def _path(self, tenant: TenantId, sha256: Sha256) -> Path:
        if not _TENANT.fullmatch(tenant):
            raise ValueError(f"tenant {tenant!r} cannot name a folder")
        if not _SHA256.fullmatch(sha256):
            raise ObjectMissing(sha256)
        return self._root / tenant / sha256[:2] / sha256[2:]

    def _put(self, tenant: TenantId, data: bytes) -> Sha256:
        sha256 = Sha256(hashlib.sha256(data).hexdigest())
        path = self._path(tenant, sha256)
        if path.is_file() and path.read_bytes() == data:
            # Whoever wrote it may not have flushed its name yet, and we are about to promise that it stays.
            _flush_folder(path.parent)
            return sha256
        self._make_folder(path.parent)
        handle, scratch = tempfile.mkstemp(dir=self._scratch)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fchmod(file.fileno(), 0o400)
                os.fsync(file.fileno())
            os.replace(scratch, path)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(scratch)
            raise
        _flush_folder(path.parent)
        return sha256

    def _make_folder(self, folder: Path) -> None:
        for new in (folder.parent, folder):
            with contextlib.suppress(FileExistsError):
                new.mkdir(mode=0o700)
            _flush_folder(new.parent)

    def _get(self, tenant: TenantId, sha256: Sha256) -> bytes:
        with self._open(tenant, sha256) as file:
            data = file.read()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise ObjectDamaged(sha256)
        return data

    def _open(self, tenant: TenantId, sha256: Sha256) -> BinaryIO:
        try:
            return self._path(tenant, sha256).open("rb")
        except FileNotFoundError:
            raise ObjectMissing(sha256) from None

    def _sweep_scratch(self) -> None:
        oldest = time.time() - SCRATCH_AGE_S
        for left_over in self._scratch.iterdir():
            with contextlib.suppress(FileNotFoundError):
                if left_over.stat().st_mtime < oldest:
                    left_over.unlink()


async def _pieces(file: BinaryIO, sha256: Sha256) -> AsyncIterator[bytes]:
    seen = hashlib.sha256()
    with file:
        while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
            seen.update(piece)
            yield piece
    if seen.hexdigest() != sha256:
        raise ObjectDamaged(sha256)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
