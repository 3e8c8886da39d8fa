"""The log: every event entered once and as it is stored, every tile what the entries give, head and checkpoint too."""

from collections.abc import Sequence

from anhuan.app.fsck.report import Findings, Progress
from anhuan.ledger.checkpoint import open_checkpoint
from anhuan.ledger.errors import LedgerError
from anhuan.ledger.extend import Extension, extend
from anhuan.ledger.leaf import check_opening, read_entry
from anhuan.ledger.merkle import HASH_BYTES, Edge
from anhuan.ledger.note import VerifierKey
from anhuan.ledger.tiles import ENTRIES, TILE_WIDTH, layout, row_length
from anhuan.ports.fsck import Snapshot, StoredEvent
from anhuan.ports.ledger import LoggedEntry

BATCH = 4096


def check_entered(events: Sequence[StoredEvent], findings: Findings) -> int:
    """Compare the events of one stream with their entries; how many still wait for theirs."""
    pending = 0
    last = -1
    for event in events:
        where = {"stream": event.stream, "version": event.version}
        if event.is_pending and event.position is None:
            pending += 1
        elif event.is_pending:
            findings.add("entered_and_pending", **where)
        elif event.position is None:
            findings.add("event_not_entered", **where)
        if event.position is None:
            continue
        if event.position <= last:
            findings.add("entered_out_of_order", **where, entry=event.position)
        last = event.position
        if not _is_entry_of(event):
            findings.add("event_not_as_entered", **where, entry=event.position)
    return pending


def _is_entry_of(event: StoredEvent) -> bool:
    try:
        entry = read_entry(event.entry or b"")
        check_opening(entry, event.salt, event.payload.encode())
    except LedgerError:
        return False
    said = (entry.stream, entry.version, entry.type, entry.at)
    return said == (event.stream, event.version, event.type, event.at)


async def check_log(snapshot: Snapshot, key: VerifierKey | None, findings: Findings, progress: Progress) -> int:
    """Build the tree anew from the entries and compare; how many entries there are. `key`: None: not at hand."""
    for stream, version in await snapshot.unfounded():
        findings.add("entry_without_event", stream=stream, version=version)
    count = (await snapshot.counts()).entries
    edge = Edge()
    while edge.size < count:
        batch = await snapshot.entries(edge.size, min(edge.size + BATCH, count))
        if not _is_whole(edge.size, min(BATCH, count - edge.size), batch, findings):
            return count
        extension = extend(edge, [logged.entry for logged in batch])
        await _check_tiles(snapshot, extension, count, findings)
        edge = extension.edge
        progress("entries", edge.size, count)
    if await snapshot.tile_count() != sum(tile.level != ENTRIES for tile in layout(count)):
        findings.add("tile_count_differs")
    await _check_head(snapshot, edge, key, findings)
    return count


def _is_whole(first: int, wanted: int, batch: Sequence[LoggedEntry], findings: Findings) -> bool:
    for place, logged in enumerate(batch, start=first):
        if logged.position != place:
            findings.add("entry_missing", entry=place)
            return False
    if len(batch) < wanted:
        findings.add("entry_missing", entry=first + len(batch))
    return len(batch) == wanted


async def _check_tiles(snapshot: Snapshot, extension: Extension, size: int, findings: Findings) -> None:
    pieces = [piece for piece in extension.pieces if piece.tile.level != ENTRIES]
    stored = await snapshot.hashes([(piece.tile.level, piece.tile.index) for piece in pieces])
    for piece in pieces:
        level, index = piece.tile.level, piece.tile.index
        hashes = stored.get((level, index), b"")
        width = min(TILE_WIDTH, row_length(level, size) - index * TILE_WIDTH)
        part = hashes[piece.start * HASH_BYTES : piece.tile.width * HASH_BYTES]
        if part != piece.data or len(hashes) != width * HASH_BYTES:
            findings.add("tile_differs", level=level, tile=index, path=piece.tile.full.path)


async def _check_head(snapshot: Snapshot, edge: Edge, key: VerifierKey | None, findings: Findings) -> None:
    try:
        head = await snapshot.head()
        if head.edge != edge:
            findings.add("head_differs", stored=head.edge.size, rebuilt=edge.size)
        if head.checkpoint is None:
            if edge.size:
                findings.add("checkpoint_missing")
            return
        if key is None:
            findings.add("key_missing")
            return
        checkpoint = open_checkpoint(head.checkpoint, key)
        if (checkpoint.size, checkpoint.root) != (edge.size, edge.root):
            findings.add("checkpoint_differs", signed=checkpoint.size, rebuilt=edge.size)
    except LedgerError as error:
        findings.add("checkpoint_unreadable", why=str(error))
