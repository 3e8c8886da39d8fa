"""Fingerprints of pictures in PostgreSQL, and how a picture that may be another one again is found among many.

Row-level security lets an index answer only what cannot leak, which equality of integers cannot; so everything that a
picture is found by is an integer *key*. Each of its words is one. Of a hash of 64 bits, each quarter is one; two hashes
at most 7 bits apart have a quarter that differs in one bit at most, so looking up every quarter and its 16 neighbours
finds all of those (Norouzi, Punjani, Fleet: Fast search in Hamming space with multi-index hashing, 2012).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec
from psycopg.types.json import Jsonb

from anhuan.domain.evidence import Sha256
from anhuan.domain.ids import CaseId, TenantId
from anhuan.ports.forensics import PhotoUse
from anhuan.ports.photos import METHOD, WORD_BITS, FrameHashes, Likeness, Prints
from anhuan.storage.named_sql import load
from anhuan.storage.pool import Pool

FIRST_BAND = 1 << WORD_BITS
"""Keys from here on are quarters of hashes; those below are words."""
_BAND_BITS = 16
_BANDS = 4
_SQL = load("forensics")


class PostgresPrints:
    """`ports.forensics.PhotoPrints` on PostgreSQL."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def keep(self, tenant: TenantId, sha256: Sha256, prints: Prints | None, failure: str | None = None) -> None:
        """Remember fingerprints, or why there are none; the newest count. Safe to do twice."""
        before = await self._print_of(tenant, sha256)
        given = {
            "tenant": tenant,
            "sha256": sha256,
            "method": METHOD,
            "failure": failure,
            "hashes": hashes_of(prints) if prints else [],
            "words": list(prints.words) if prints else [],
            "mirrored_words": list(prints.mirrored_words) if prints else [],
            "keys": sorted(set(keys_of(prints))) if prints else [],
            "old_keys": sorted(set(keys_of(before))) if before else [],
        }
        await self._pool.one_trip(tenant, _SQL["keep"], given)

    async def unprinted(self, tenant: TenantId, limit: int) -> Sequence[Sha256]:
        """Pictures that have none yet, or by an older method."""
        given = {"tenant": tenant, "method": METHOD, "limit": limit}
        return [Sha256(sha256) for (sha256,) in await self._pool.one_trip(tenant, _SQL["unprinted"], given)]

    async def failures(self, tenant: TenantId, sha256s: Collection[Sha256]) -> Mapping[Sha256, str | None]:
        """Those of the pictures that were looked at: why there are no fingerprints, or None where there are."""
        given = {"tenant": tenant, "method": METHOD, "sha256s": list(sha256s)}
        rows = await self._pool.one_trip(tenant, _SQL["failures"], given)
        return {Sha256(sha256): failure for sha256, failure in rows}

    async def candidates(self, tenant: TenantId, sha256: Sha256, limit: int) -> Sequence[Sha256]:
        """Other pictures of the tenant that may be this one again, the likeliest first."""
        prints = await self._print_of(tenant, sha256)
        if prints is None:
            return []
        straight, mirrored = (
            sorted(set(_probes(prints, is_mirrored=False))),
            sorted(set(_probes(prints, is_mirrored=True))),
        )
        given = {
            "tenant": tenant,
            "sha256": sha256,
            "keys": [*straight, *mirrored],
            "mirrored": [False] * len(straight) + [True] * len(mirrored),
            "hashes": hashes_of(prints),
            "first_band": FIRST_BAND,
            "limit": limit,
        }
        return [Sha256(found) for (found,) in await self._pool.one_trip(tenant, _SQL["candidates"], given)]

    async def uses(self, tenant: TenantId, sha256s: Collection[Sha256]) -> Sequence[PhotoUse]:
        """Where pictures stand, oldest first, as far as `read_uses` has come."""
        rows = await self._pool.one_trip(tenant, _SQL["uses"], {"tenant": tenant, "sha256s": list(sha256s)})
        return [
            PhotoUse(sha256=Sha256(sha256), case=CaseId(case), version=version, slot=slot, at=at)
            for sha256, case, version, slot, at in rows
        ]

    async def read_uses(self, tenant: TenantId, limit: int) -> int:
        """Read the next stretch of the ledger for uses of pictures; how many entries that was."""
        rows = await self._pool.one_trip(tenant, _SQL["read_uses"], {"tenant": tenant, "limit": limit})
        return int(rows[0][0])

    async def likeness(self, tenant: TenantId, one: Sha256, other: Sha256) -> Likeness | None:
        """What comparing two pictures said; None: not compared yet by the present method."""
        given = {"tenant": tenant, "one": one, "other": other, "method": METHOD}
        rows = await self._pool.one_trip(tenant, _SQL["likeness"], given)
        return msgspec.convert(rows[0][0], Likeness) if rows else None

    async def keep_likeness(self, tenant: TenantId, one: Sha256, other: Sha256, likeness: Likeness) -> None:
        """Remember a comparison."""
        given = {
            "tenant": tenant,
            "one": one,
            "other": other,
            "method": METHOD,
            "likeness": Jsonb(msgspec.to_builtins(likeness)),
        }
        await self._pool.one_trip(tenant, _SQL["keep_likeness"], given)

    async def _print_of(self, tenant: TenantId, sha256: Sha256) -> Prints | None:
        rows = await self._pool.one_trip(tenant, _SQL["print_of"], {"tenant": tenant, "sha256": sha256})
        if not rows:
            return None
        hashes, words, mirrored_words = rows[0]
        plain, mirrored, barless, barless_mirrored = (
            FrameHashes(dhash=_unsigned(dhash), phash=_unsigned(phash))
            for dhash, phash in zip(hashes[::2], hashes[1::2], strict=True)
        )
        return Prints(
            plain=plain,
            mirrored=mirrored,
            barless=barless,
            barless_mirrored=barless_mirrored,
            words=tuple(words),
            mirrored_words=tuple(mirrored_words),
        )


def hashes_of(prints: Prints) -> list[int]:
    """As they are stored: dHash and pHash of each frame, signed."""
    frames = (prints.plain, prints.mirrored, prints.barless, prints.barless_mirrored)
    return [_signed(number) for frame in frames for number in (frame.dhash, frame.phash)]


def keys_of(prints: Prints) -> Iterator[int]:
    """What a picture is found by."""
    yield from prints.words
    for series, number in ((0, prints.plain.dhash), (0, prints.barless.dhash), (1, prints.barless.phash)):
        yield from (_band(series, place, value) for place, value in _quarters(number))


def _probes(prints: Prints, *, is_mirrored: bool) -> Iterator[int]:
    """Where to look for a picture, or for one that it is the mirror of."""
    plain, barless = (prints.mirrored, prints.barless_mirrored) if is_mirrored else (prints.plain, prints.barless)
    yield from prints.mirrored_words if is_mirrored else prints.words
    for series, number in ((0, plain.dhash), (0, barless.dhash), (1, barless.phash)):
        for place, value in _quarters(number):
            yield _band(series, place, value)
            yield from (_band(series, place, value ^ (1 << bit)) for bit in range(_BAND_BITS))


def _quarters(number: int) -> Iterator[tuple[int, int]]:
    for place in range(_BANDS):
        yield place, number >> (place * _BAND_BITS) & ((1 << _BAND_BITS) - 1)


def _band(series: int, place: int, value: int) -> int:
    return FIRST_BAND + ((series * _BANDS + place) << _BAND_BITS) + value


def _signed(number: int) -> int:
    return number - (1 << 64) if number >> 63 else number


def _unsigned(number: int) -> int:
    return number % (1 << 64)
