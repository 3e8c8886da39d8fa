"""Proofs from the stored log: that an event stands in it, so that an outsider can check with nothing but hashes."""

from msgspec import Struct

from anhuan.domain.ids import TenantId
from anhuan.ledger.merkle import HASH_BYTES
from anhuan.ledger.proofs import Proof, consistency_proof, inclusion_proof
from anhuan.ledger.tiles import TILE_WIDTH, ReadTile
from anhuan.ports.ledger import LedgerReading

_BLANK = bytes(HASH_BYTES * TILE_WIDTH)


class Inclusion(Struct, frozen=True):
    """An entry, and the proof that it stands in the log of a checkpoint."""

    position: int
    """From 0."""
    entry: bytes
    proof: Proof
    size: int
    checkpoint: bytes
    """A signed note."""


class LedgerProofs:
    """Makes proofs for one tenant at a time."""

    def __init__(self, store: LedgerReading) -> None:
        self._store = store

    async def inclusion(self, tenant: TenantId, stream: str, version: int) -> Inclusion | None:
        """The proof of one event; None: it is not in a signed checkpoint (yet)."""
        found = await self._store.entry_of(tenant, stream, version)
        if found is None:
            return None
        head = await self._store.head(tenant)
        size = head.edge.size
        if head.checkpoint is None or found.position >= size:
            return None
        tiles = _Wanted()
        inclusion_proof(tiles.note, found.position, size)
        stored = await self._store.hashes(tenant, tiles.places)
        proof = inclusion_proof(lambda level, index: stored.get((level, index)), found.position, size)
        return Inclusion(found.position, found.entry, proof, size, head.checkpoint)

    async def consistency(self, tenant: TenantId, old: int, new: int) -> Proof:
        """The proof that the log of `new` entries begins with the whole log of `old`. Raises LedgerError."""
        tiles = _Wanted()
        consistency_proof(tiles.note, old, new)
        stored = await self._store.hashes(tenant, tiles.places)
        return consistency_proof(lambda level, index: stored.get((level, index)), old, new)


class _Wanted:
    """Stands in for the tiles and notes which are asked for: that depends on positions alone, not on hashes."""

    def __init__(self) -> None:
        self.places: list[tuple[int, int]] = []

    @property
    def note(self) -> ReadTile:
        def read(level: int, index: int) -> bytes:
            self.places.append((level, index))
            return _BLANK

        return read
