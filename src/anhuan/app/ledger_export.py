"""Exporting a tenant's log as files that any tool for C2SP tlog-tiles reads, and going on from an earlier export."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from msgspec import Struct

from anhuan.app.ledger_reading import LedgerProofs
from anhuan.domain.ids import TenantId
from anhuan.ledger.checkpoint import check_growth, open_checkpoint
from anhuan.ledger.export import CHECKPOINT_PATH, export
from anhuan.ledger.note import VerifierKey
from anhuan.ledger.tiles import layout
from anhuan.ports.ledger import LedgerReading

Progress = Callable[[int, int], None]
"""Called with how many files are written, and how many there will be."""


class Folder(Protocol):
    """Where the files go."""

    def read(self, path: str) -> bytes | None:
        """A file's content; None: there is none."""

    def write(self, path: str, content: bytes) -> None:
        """Put a file in its place."""


class Exported(Struct, frozen=True):
    """What an export did."""

    size: int
    """Entries in the log now."""
    since: int
    """Entries that were there before."""
    files: int


class NothingToExport(Exception):
    """The log has no checkpoint yet."""


async def export_log(
    store: LedgerReading, tenant: TenantId, key: VerifierKey, folder: Folder, progress: Progress
) -> Exported:
    """Write what the folder lacks. What it holds must be the beginning of this log.

    Raises NothingToExport, ledger.errors.LedgerError when what the folder holds is another log, is longer, or is not
    how this one began (and that is evidence: keep it), OSError.
    """
    head = await store.head(tenant)
    if head.checkpoint is None:
        raise NothingToExport
    new = open_checkpoint(head.checkpoint, key)
    note = folder.read(CHECKPOINT_PATH)
    since = 0
    if note is not None:
        old = open_checkpoint(note, key)
        proof = await LedgerProofs(store).consistency(tenant, old.size, new.size) if old.size <= new.size else ()
        check_growth(old, new, proof)
        since = old.size
    loop = asyncio.get_running_loop()
    checkpoint = head.checkpoint

    def hashes(level: int, index: int) -> bytes | None:
        found = asyncio.run_coroutine_threadsafe(store.hashes(tenant, [(level, index)]), loop).result()
        return found.get((level, index))

    def entries(first: int, stop: int) -> Sequence[bytes]:
        return asyncio.run_coroutine_threadsafe(store.entries(tenant, first, stop), loop).result()

    def write_all() -> int:
        total = sum(1 for _ in layout(new.size, since)) + 2
        written = 0
        for path, content in export(checkpoint, key, hashes, entries, since):
            folder.write(path, content)
            written += 1
            progress(written, total)
        return written

    return Exported(new.size, since, await asyncio.to_thread(write_all))
