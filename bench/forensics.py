"""Photos used again, and places seen again: how often the verdicts are right, undecided and wrong, and what they cost.

The pictures are made for it: drawn places photographed from many sides, and pictures of the repository, each re-saved,
mirrored, cut or barred as people do. Seeds are others than those that the thresholds were set with. An accusation is
false when an honest photo is surely called a repeat, or an honest pair surely called two places.
"""

import asyncio
import io
import itertools
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psycopg
from bench.results import Section
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from anhuan.bootstrap import open_house
from anhuan.connectors.photos.decode import compare_pictures, inspect_picture
from anhuan.connectors.photos.stamp import stamp
from anhuan.connectors.photos.wire import Limits
from anhuan.domain.evidence import Sha256
from anhuan.domain.ids import TenantId
from anhuan.ports.photos import METHOD, WORD_BITS, Likeness, Prints, Watermark
from anhuan.storage.embedded import OWNER, SUPERUSER, Running, start
from anhuan.storage.forensics import FIRST_BAND, PostgresPrints
from anhuan.storage.migrate import migrate
from anhuan.testing.scenes import Scene, Shot, photo, scene

PLACES = 40
FIRST_SEED = 5000
PHOTOS = 200_000
ASKED = 40
COMMON = 0.02
"""Share of a stranger's words that are some asked photo's too; real unlike pictures share 0.03 words, so do these."""
SHOWN = Path(__file__).parents[1] / "docs" / "images"
LIMITS = Limits()
MARK = Watermark(number="YH-2026-000123", person="张堃", taken="2026-03-05 12:00", place="冲压区 P1-300T")
Copying = Callable[[Image.Image, np.random.Generator], bytes]


def measure() -> Section:
    """The figures."""
    section = Section(
        "Photo forensics",
        f"{PLACES} drawn places and the repository's own pictures; each class is right / undecided / wrong. "
        f"The index: {PHOTOS:,} photos of one tenant under row-level security, p95 of {ASKED}.",
    )
    print(section.title, flush=True)
    rng = np.random.default_rng(FIRST_SEED)
    places = [scene(FIRST_SEED + number) for number in range(PLACES)]
    taken = [_shot(place, seed=FIRST_SEED + number) for number, place in enumerate(places)]
    _copies(section, [*taken, *_pictures()], rng)
    accused, judged = _honest(section, places, taken)
    share = accused / judged
    section.add("false accusations, all honest classes", f"{share:.2%} of {judged}", "at most 1 %", share <= 0.01)
    _costs(section, taken[0])
    data = Path(tempfile.mkdtemp(prefix="anhuan-bench-"))
    try:
        with start(data) as server:
            migrate(server.dsn(OWNER))
            asyncio.run(_index(section, server, data, taken, rng))
    finally:
        shutil.rmtree(data, ignore_errors=True)
    return section


# --- verdicts


def _copies(section: Section, pictures: list[Image.Image], rng: np.random.Generator) -> None:
    """Pictures used again must be called so."""
    for what, copying in _COPYINGS.items():
        found = [_compared(_jpeg(picture), copying(picture, rng)).reuse for picture in pictures]
        _say(section, f"used again, {what}", found, right="same", wrong="different")


def _honest(section: Section, places: list[Scene], taken: list[Image.Image]) -> tuple[int, int]:
    """Honest pairs of one place, and photos of different ones; how many were accused, of how many."""
    accused = judged = 0
    for what, shot in _SHOTS.items():
        found = [
            _compared(_jpeg(before), _jpeg(_photo(place, shot))) for place, before in zip(places, taken, strict=True)
        ]
        _say(section, f"same place, {what}", [one.place for one in found], right="same", wrong="different")
        accused += sum(one.place == "different" or one.reuse == "same" for one in found)
        judged += len(found)
    pairs = list(zip(taken, taken[1:] + taken[:1], strict=True))
    found = [_compared(_jpeg(one), _jpeg(other)) for one, other in pairs]
    _say(section, "other place", [one.place for one in found], right="different", wrong="same")
    accused += sum(one.reuse == "same" for one in found)
    twins = [Scene(other.walls, (*one.parts[:2], *other.parts[2:])) for one, other in itertools.pairwise(places)]
    found = [_compared(_jpeg(one), _jpeg(_photo(twin, Shot()))) for one, twin in zip(taken, twins, strict=False)]
    _say(section, "other place, two like machines", [one.place for one in found], right="different", wrong="same")
    return accused + sum(one.reuse == "same" for one in found), judged + len(pairs) + len(found)


def _say(section: Section, what: str, found: list[str], *, right: str, wrong: str) -> None:
    shares = [found.count(verdict) / len(found) for verdict in (right, "cannot_tell", wrong)]
    section.add(what, " / ".join(f"{share:.0%}" for share in shares))


def _compared(one: bytes, other: bytes) -> Likeness:
    return compare_pictures(one, other, LIMITS).likeness


# --- pictures


def _shot(place: Scene, **how: int) -> Image.Image:
    return _photo(place, Shot(**how))


def _photo(place: Scene, shot: Shot) -> Image.Image:
    return Image.fromarray(np.ascontiguousarray(photo(place, shot)[:, :, ::-1]))


def _pictures() -> list[Image.Image]:
    return [Image.open(path).convert("RGB") for path in sorted(SHOWN.glob("*.png"))]


def _jpeg(picture: Image.Image, quality: int = 85) -> bytes:
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=quality)
    return written.getvalue()


def _cut(picture: Image.Image, share: float, rng: np.random.Generator) -> Image.Image:
    wide, high = (round(side * share**0.5) for side in picture.size)
    left, top = int(rng.integers(0, picture.width - wide + 1)), int(rng.integers(0, picture.height - high + 1))
    return picture.crop((left, top, left + wide, top + high))


def _small(picture: Image.Image, share: float) -> Image.Image:
    return picture.resize((round(picture.width * share), round(picture.height * share)))


def _barred(picture: Image.Image) -> Image.Image:
    framed = Image.new("RGB", (picture.width, picture.height + picture.height // 9), "white")
    framed.paste(picture)
    ImageDraw.Draw(framed).text((20, picture.height + 20), "24mm f/1.8 1/60s 2026.11.02 09:14", fill="black")
    return framed


_COPYINGS: dict[str, Copying] = {
    "re-saved": lambda picture, rng: _jpeg(ImageEnhance.Brightness(_small(picture, 0.6)).enhance(1.15), 60),
    "sent by a messenger": lambda picture, rng: _jpeg(_small(picture, 0.5), 40),
    "mirrored": lambda picture, rng: _jpeg(ImageOps.mirror(picture), 75),
    "our watermarked copy": lambda picture, rng: _jpeg(stamp(picture, MARK), 80),
    "a bar below": lambda picture, rng: _jpeg(_barred(picture), 80),
    "cropped to 70 %": lambda picture, rng: _jpeg(_cut(picture, 0.7, rng), 75),
    "cropped to 50 %": lambda picture, rng: _jpeg(_cut(picture, 0.5, rng), 75),
    "mirrored and cropped to 70 %": lambda picture, rng: _jpeg(_cut(ImageOps.mirror(picture), 0.7, rng), 70),
    "turned upright": lambda picture, rng: _jpeg(picture.transpose(Image.Transpose.ROTATE_90), 75),
}
_SHOTS = {
    "from a tripod": Shot(seed=9),
    "from a tripod, one thing repaired": Shot(seed=9, changed=1),
    "2 cm beside": Shot(seed=9, step_m=0.02, changed=1),
    "20 cm beside": Shot(seed=9, step_m=0.2, turn_deg=2, changed=1),
    "half a metre, dim": Shot(seed=9, step_m=0.5, turn_deg=-5, light=0.6, gamma=1.2, grain=8, changed=2),
    "two metres, 28 degrees": Shot(seed=9, step_m=2.0, turn_deg=-28, light=0.8, changed=3),
    "three times closer": Shot(seed=9, step_m=0.3, turn_deg=-4, zoom=3, changed=1),
    "four times closer": Shot(seed=9, step_m=0.4, turn_deg=5, zoom=4, light=0.8),
}


# --- cost


def _costs(section: Section, picture: Image.Image) -> None:
    """What fingerprints add to the decode of an upload of 12 megapixels, and what a comparison takes."""
    upload = _jpeg(picture.resize((4000, 3000)), 90)
    inspect_picture(upload, LIMITS)
    took = [_cpu_ms(lambda: inspect_picture(upload, LIMITS)) for _ in range(5)]
    section.add("an upload of 12 megapixels inspected, fingerprints and all", f"{statistics.median(took):.0f} ms CPU")
    again = _jpeg(ImageOps.mirror(picture), 70)
    took = [_cpu_ms(lambda: compare_pictures(upload, again, LIMITS)) for _ in range(5)]
    section.add("a pair compared, once", f"{statistics.median(took):.0f} ms CPU")


def _cpu_ms(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return (time.process_time() - begun) * 1000


# --- the index


async def _index(
    section: Section, server: Running, data: Path, taken: list[Image.Image], rng: np.random.Generator
) -> None:
    async with open_house(server.dsn, data=data) as house:
        made = await house.accounts.create_tenant(slug="bench", name="bench", language="zh", time_zone="Asia/Shanghai")
        own = [inspect_picture(_jpeg(picture), LIMITS).prints for picture in taken]
        with psycopg.connect(server.dsn(SUPERUSER), autocommit=True) as connection:
            await _fill(house.prints, connection, made.id, own)
            size = connection.execute(
                "SELECT pg_total_relation_size('photo_key') + pg_total_relation_size('photo_print')"
            )
            section.add("the index on disk, per photo", f"{(size.fetchone() or (0,))[0] / PHOTOS / 1024:.1f} kB")
            await _ask(house.prints, connection, made.id, own[:ASKED])  # what is looked at often lies in memory
            for what, copying in _COPYINGS.items():
                asked = [inspect_picture(copying(picture, rng), LIMITS).prints for picture in taken[:ASKED]]
                took, hits = await _ask(house.prints, connection, made.id, asked)
                p95_ms = statistics.quantiles(took, n=20)[-1]
                found = f"{hits / len(took):.0%}, p95 {p95_ms:.0f} ms"
                section.add(f"found among {PHOTOS:,}, {what}", found, "at most 100 ms", p95_ms <= 100)


async def _ask(
    prints: PostgresPrints, connection: psycopg.Connection[tuple[object, ...]], tenant: TenantId, asked: list[Prints]
) -> tuple[list[float], int]:
    """How long each photo took to be looked up, and how many were found; none of them stays."""
    took, hits = [], 0
    for number, its in enumerate(asked):
        name = Sha256(f"asked-{number}")
        await prints.keep(tenant, name, its)
        begun = time.perf_counter()
        found = await prints.candidates(tenant, name, 6)
        took.append((time.perf_counter() - begun) * 1000)
        hits += Sha256(f"own-{number}") in found
        connection.execute("DELETE FROM photo_key WHERE no = (SELECT no FROM photo_print WHERE sha256 = %s)", (name,))
        connection.execute("DELETE FROM photo_print WHERE sha256 = %s", (name,))
    return took, hits


async def _fill(
    prints: PostgresPrints, connection: psycopg.Connection[tuple[object, ...]], tenant: TenantId, own: list[Prints]
) -> None:
    """The photos asked for, among many others whose words are as common as those of real ones."""
    for number, its in enumerate(own):
        await prints.keep(tenant, Sha256(f"own-{number}"), its)
    common: dict[int, list[int]] = {stratum: [stratum << 16] for stratum in range(1 << (WORD_BITS - 16))}
    for its in own:
        for word in its.words:
            common[word >> 16].append(word)
    given = {
        "tenant": tenant,
        "method": METHOD,
        "own": len(own),
        "photos": PHOTOS,
        "common": COMMON,
        "first_band": FIRST_BAND,
    }
    connection.execute("CREATE TEMP TABLE common_word (stratum integer, words integer[])")
    for stratum, words in common.items():
        connection.execute("INSERT INTO common_word VALUES (%s, %s)", (stratum, words))
    for statement in _STRANGERS:
        connection.execute(statement, given)
    for statement in ("ALTER TABLE photo_key ADD PRIMARY KEY (tenant_id, key, no)", "VACUUM ANALYZE photo_print"):
        connection.execute(statement.encode())
    connection.execute("VACUUM ANALYZE photo_key")


_STRANGERS = (
    b"ALTER TABLE photo_key DROP CONSTRAINT photo_key_pkey",
    # Hashes of other pictures of the kind: a third of the bits of an asked one's are otherwise.
    b"""
    INSERT INTO photo_print (tenant_id, sha256, method, hashes, words, mirrored_words)
    SELECT %(tenant)s, 'other-' || n, %(method)s,
           (SELECT array_agg(hash # ((hashtextextended(n || ' ' || place, 1) & hashtextextended(n || ' ' || place, 2))
                                   | (hashtextextended(n || ' ' || place, 3) & hashtextextended(n || ' ' || place, 4)
                                      & hashtextextended(n || ' ' || place, 5))) ORDER BY place)
            FROM unnest(own.hashes) WITH ORDINALITY AS its (hash, place)), '{}', '{}'
    FROM generate_series(1, %(photos)s - %(own)s) AS n
    JOIN photo_print AS own ON own.tenant_id = %(tenant)s AND own.sha256 = 'own-' || n %% %(own)s
    """,
    # One word of each stratum of the words, so that no photo has one twice.
    b"""
    INSERT INTO photo_key (tenant_id, key, no)
    SELECT %(tenant)s, CASE WHEN random() < %(common)s
                            THEN common_word.words[1 + floor(random() * cardinality(common_word.words))::integer]
                            ELSE (stratum << 16) + floor(random() * 65536)::integer END, no
    FROM photo_print CROSS JOIN common_word WHERE sha256 LIKE 'other-%%'
    """,
    b"""
    INSERT INTO photo_key (tenant_id, key, no)
    SELECT DISTINCT %(tenant)s, %(first_band)s::integer + ((series * 4 + place) << 16)
                    + ((hashes[nth] >> (place * 16)) & 65535)::integer, no
    FROM photo_print CROSS JOIN (VALUES (0, 1), (0, 5), (1, 6)) AS looked_up (series, nth)
    CROSS JOIN generate_series(0, 3) AS place
    WHERE sha256 LIKE 'other-%%'
    """,
)


if __name__ == "__main__":
    measure()
