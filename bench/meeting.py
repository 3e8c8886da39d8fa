"""The monthly meeting pack: how long its PDF, Word and Excel files take together, of a month with many findings.

Every finding is a real case with its events, and the worst carry photos, so that what is read, rendered and typeset is
what a plant's own month would be; nothing has been rendered before.
"""

import asyncio
import hashlib
import io
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from bench.register import reporting_pack
from bench.results import Section
from PIL import Image, ImageDraw

from anhuan.app.handle import NewCase
from anhuan.app.reports.desk import TOP_CASES
from anhuan.app.reports.files import MEETING
from anhuan.app.reports.period import month_of
from anhuan.app.viewing import Viewer
from anhuan.bootstrap import House, open_house
from anhuan.core.case.events import Proof
from anhuan.domain.evidence import Evidence, Sha256
from anhuan.domain.ids import AccountId, TenantId
from anhuan.storage.embedded import OWNER, start
from anhuan.storage.migrate import migrate
from anhuan.testing.plants import GOOD_REPORT, REPORTER, settle, shipped_pack

CASES = 2_000
LIMIT_S = 5.0
PHOTO_PX = (4000, 3000)
"""A phone's photo."""


def measure(cases: int = CASES) -> Section:
    """The figures."""
    section = Section("Meeting pack", f"A month of {cases:,} findings, {TOP_CASES} of them with a photo of 12 MP.")
    print(section.title, flush=True)
    data = Path(tempfile.mkdtemp(prefix="anhuan-bench-"))
    try:
        with start(data) as server:
            migrate(server.dsn(OWNER))
            asyncio.run(_measure(server.dsn, data, section, cases))
    finally:
        shutil.rmtree(data, ignore_errors=True)
    return section


async def _measure(dsn: object, data: Path, section: Section, cases: int) -> None:
    async with open_house(dsn, data=data) as house:  # type: ignore[arg-type]
        tenant = await settle(house, "demo")
        kind = next(iter(shipped_pack(reporting_pack()).kinds))
        for number in range(TOP_CASES):
            proofs = (await _photo(house, tenant, number),)
            await house.handler.open(tenant, REPORTER, NewCase(kind=kind, form=GOOD_REPORT, proofs=proofs))
        for _ in range(cases - TOP_CASES):
            await house.handler.open(tenant, REPORTER, NewCase(kind=kind, form=GOOD_REPORT))
        viewer = Viewer(tenant=tenant, person=None, sees_all=True, language="zh", say=lambda reason, _pack: reason.code)
        began = perf_counter()
        report = await house.reports.meeting(viewer, month_of(datetime.now(UTC).date()), "demo")
        gathered = perf_counter()
        sizes = [len(await house.report_files.written(report, ending)) for ending in MEETING]
        ended = perf_counter()
        section.add("put together, photos rendered", f"{gathered - began:.1f} s", "", None)
        section.add(f"PDF, Word, Excel ({sum(sizes) / 1e6:.1f} MB)", f"{ended - gathered:.1f} s", "", None)
        section.add(
            "the pack in all, cold", f"{ended - began:.1f} s", f"at most {LIMIT_S:.0f} s", ended - began <= LIMIT_S
        )


async def _photo(house: House, tenant: TenantId, number: int) -> Proof:
    """A photo that was sent, as a report carries it."""
    picture = Image.new("RGB", PHOTO_PX, (40 + number * 20, 90, 140))
    ImageDraw.Draw(picture).ellipse((500, 400, 1500 + number * 200, 2600), fill="white")
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=88)
    data = written.getvalue()
    sha256 = Sha256(hashlib.sha256(data).hexdigest())
    taken = await house.files.take(
        tenant, sender=AccountId("bench"), by=REPORTER, sha256=sha256, data=data, kind="photo"
    )
    file = taken.file
    evidence = Evidence(
        sha256=sha256,
        kind="photo",
        media_type=file.media_type,
        size_bytes=file.size_bytes,
        received_at=file.uploaded_at,
    )
    return Proof(slot="photo", evidence=evidence)


if __name__ == "__main__":
    measure(int(sys.argv[1]) if len(sys.argv) > 1 else CASES)
