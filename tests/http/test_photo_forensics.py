"""A photo of last month's repair, mirrored, used again: what the verifier is told, and who learns how much of whom.

Everything real: photos are sent over HTTP, looked into by the confined processes, found by the database's index.
"""

import hashlib
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image, ImageOps
from plant_web import PASSWORD, PlantWeb

from anhuan.bootstrap import web_app
from anhuan.connectors.photos.stamp import stamp
from anhuan.domain.evidence import Sha256
from anhuan.domain.ids import TenantId
from anhuan.domain.plant_items import Person
from anhuan.ports.photos import Watermark
from anhuan.testing.databases import Database
from anhuan.testing.plants import demo_house, demo_plant
from anhuan.testing.scenes import Shot, photo, scene

API = "/api/v1"
STAMP = Watermark(number="YH-2026-000007", person="张堃", taken="2026-10-20 09:30", place="冲压车间")


@cache
def shot(place: int, **how: Any) -> Image.Image:
    return Image.fromarray(np.ascontiguousarray(photo(scene(place), Shot(**how))[:, :, ::-1]))


def jpeg(image: Image.Image, quality: int = 88) -> bytes:
    written = io.BytesIO()
    image.save(written, "JPEG", quality=quality)
    return written.getvalue()


def named(data: bytes) -> Sha256:
    return Sha256(hashlib.sha256(data).hexdigest())


@dataclass
class PhotoWeb(PlantWeb):
    """People who send the photos that the test puts into their hands, by slot."""

    hands: dict[str, bytes] = field(default_factory=dict)

    async def photo(self, browser: httpx.AsyncClient, text: str) -> str:
        return await self.sent(browser, self.hands[text])

    async def sent(self, browser: httpx.AsyncClient, data: bytes, kind: str = "photo") -> str:
        answer = await browser.put(f"{API}/files/{named(data)}", content=data, params={"kind": kind})
        assert answer.status_code in (200, 201), answer.text
        return named(data)

    async def repaired(self, before: bytes, after: bytes, **form: object) -> str:
        """A finding of its own, reported and rectified with these photos."""
        case = str(
            (await self.report(description=f"第{len(self.hands)}处 {named(after)[:6]} 控制柜接地线断开", **form))["id"]
        )
        self.hands = {"photo_before": before, "photo_after": after}
        await self.rectified(case)
        await self.house.house.sequencer.step()
        return case

    async def month_goes_by(self) -> None:
        """Whoever had signed in does so again."""
        self.house.time.now += timedelta(days=30)
        for (person, role, _), browser in self.browsers.items():
            body = {"login": f"{person}-{role}@demo", "password": PASSWORD}
            answer = await browser.post(f"{API}/sessions", json=body)
            assert answer.status_code == 201, answer.text
            browser.headers["X-CSRF-Token"] = answer.json()["csrf_token"]

    async def findings(self, browser: httpx.AsyncClient, case: str) -> dict[str, Any]:
        answer = await browser.get(f"{API}/cases/{case}/photos")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        assert found["complete"]
        return found

    async def repeats(self, browser: httpx.AsyncClient, case: str, slot: str = "photo_after") -> list[dict[str, Any]]:
        photos = (await self.findings(browser, case))["photos"]
        return list(next(one["repeats"] for one in photos if one["slot"] == slot))


@pytest.fixture
async def web(database: Database) -> AsyncIterator[PhotoWeb]:
    async with demo_house(database) as house:
        web = PhotoWeb(web_app(house.house), house)
        yield web
        for browser in web.browsers.values():
            await browser.aclose()


async def last_month(web: PhotoWeb) -> tuple[str, bytes]:
    """A repair, and its photo; a month goes by."""
    after = jpeg(shot(61, seed=2, step_m=0.3, changed=1))
    case = await web.repaired(jpeg(shot(61)), after)
    await web.month_goes_by()
    return case, after


async def test_a_photo_of_last_months_repair_mirrored_is_named_to_who_verifies(web: PhotoWeb) -> None:
    old, after = await last_month(web)
    again = jpeg(ImageOps.mirror(Image.open(io.BytesIO(after))), 70)
    case = await web.repaired(jpeg(shot(62)), again)
    officer = await web.of("p-003", "safety_officer")
    (repeat,) = await web.repeats(officer, case)
    number = (await officer.get(f"{API}/cases/{old}")).json()["number"]
    assert (repeat["verdict"], repeat["ways"], repeat["scope"], repeat["exact"]) == (
        "same",
        ["mirrored"],
        "other_case",
        False,
    )
    assert (repeat["case"], repeat["number"], repeat["slot"]) == (old, number, "整改后照片")
    assert repeat["at"].startswith("2026-")
    assert (await officer.get(repeat["thumb_url"])).headers["content-type"] == "image/jpeg"
    assert await web.repeats(officer, case, "photo_before") == []
    assert await web.repeats(officer, old) == [], "what came first repeats nothing"


async def test_a_verdict_decides_nothing(web: PhotoWeb) -> None:
    _, after = await last_month(web)
    case = await web.repaired(jpeg(shot(62)), jpeg(ImageOps.mirror(Image.open(io.BytesIO(after))), 70))
    assert await web.repeats(await web.of("p-003", "safety_officer"), case)
    checker = await web.checker(case)
    done = await web.discharge_as(
        checker, case, "desk", outcome="pass", form={"note": "与上次照片比对过，现场确认无误。"}
    )
    assert done.status_code == 200, done.text


async def test_who_checks_blind_learns_that_and_when_and_of_nobody(web: PhotoWeb) -> None:
    old, after = await last_month(web)
    case = await web.repaired(jpeg(shot(62)), jpeg(ImageOps.mirror(Image.open(io.BytesIO(after))), 70))
    checker = await web.of(await web.checker(case))
    text = (await checker.get(f"{API}/cases/{case}/photos")).text
    (repeat,) = await web.repeats(checker, case)
    assert (repeat["verdict"], repeat["scope"]) == ("same", "other_case") and repeat["at"] is not None
    assert [repeat[key] for key in ("case", "number", "slot", "thumb_url")] == [None] * 4
    assert old not in text
    assert not [one for one in demo_plant().every(Person).values() if one.name in text or one.id in text]


async def test_who_may_not_see_the_other_case_learns_only_that_it_is_anothers(web: PhotoWeb) -> None:
    old, after = await last_month(web)
    # The same people rectified both; somebody whose team has a part in the later one only is its reporter.
    case = str((await web.report(by="p-140", description="通道护栏螺栓松动，需要紧固处理"))["id"])
    reporter = await web.of("p-140")
    await web.sent(reporter, after[:-2] + b"\xff\xd9")
    sent = await web.sent(reporter, jpeg(Image.open(io.BytesIO(after)), 60))
    note = {"text": "现场照片", "files": [{"slot": "photo", "sha256": sent}]}
    assert (await reporter.post(f"{API}/cases/{case}/notes", json=note)).status_code == 200
    await web.house.house.sequencer.step()
    assert (await reporter.get(f"{API}/cases/{old}")).status_code == 404
    (repeat,) = await web.repeats(reporter, case, "photo")
    assert (repeat["verdict"], repeat["scope"]) == ("same", "other_case")
    assert [repeat[key] for key in ("case", "number", "slot", "at", "thumb_url")] == [None] * 5
    assert old not in str(repeat)


async def test_one_file_before_and_after_is_named_and_so_is_its_mirror(web: PhotoWeb) -> None:
    before = jpeg(shot(63))
    officer = await web.of("p-003", "safety_officer")
    same = await web.repaired(before, before)
    (repeat,) = await web.repeats(officer, same)
    assert (repeat["exact"], repeat["scope"], repeat["slot"]) == (True, "same_case", "整改前照片")
    other = jpeg(shot(64))
    mirrored = await web.repaired(other, jpeg(ImageOps.mirror(Image.open(io.BytesIO(other)))))
    (repeat,) = await web.repeats(officer, mirrored)
    assert (repeat["ways"], repeat["scope"], repeat["case"]) == (["mirrored"], "same_case", None)


@pytest.mark.parametrize("how", ["same file", "cropped", "our own copy"])
async def test_other_ways_of_using_it_again(web: PhotoWeb, how: str) -> None:
    old, after = await last_month(web)
    picture = Image.open(io.BytesIO(after))
    again = {
        "same file": lambda: after,
        "cropped": lambda: jpeg(picture.crop((90, 40, 90 + 800, 40 + 620)), 75),
        "our own copy": lambda: jpeg(stamp(picture, STAMP), 80),
    }[how]()
    case = await web.repaired(jpeg(shot(62)), again)
    (repeat,) = await web.repeats(await web.of("p-003", "safety_officer"), case)
    assert (repeat["verdict"], repeat["case"], repeat["exact"]) == ("same", old, how == "same file")


async def test_same_place_is_said_of_each_pair(web: PhotoWeb) -> None:
    officer = await web.of("p-003", "safety_officer")
    before = jpeg(shot(65))
    here = await web.repaired(before, jpeg(shot(65, seed=3, step_m=0.4, turn_deg=-4, light=0.8, changed=2)))
    (pair,) = (await web.findings(officer, here))["pairs"]
    assert (pair["verdict"], pair["before"]) == ("same", named(before)) and pair["inliers"] >= 20
    elsewhere = await web.repaired(jpeg(shot(66)), jpeg(shot(67)))
    (pair,) = (await web.findings(officer, elsewhere))["pairs"]
    assert pair["verdict"] != "same" and pair["inliers"] < 20
    duty = next(one for one in (await officer.get(f"{API}/cases/{here}")).json()["duties"] if one["comparison"])
    assert duty["no"] == (await web.findings(officer, here))["pairs"][0]["duty"]


async def test_a_comparison_is_made_once(web: PhotoWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    officer = await web.of("p-003", "safety_officer")
    case = await web.repaired(jpeg(shot(65)), jpeg(shot(65, seed=3, step_m=0.4)))
    first = await web.findings(officer, case)
    compared = "SELECT count(*) FROM photo_pair"
    ((kept,),) = await web.house.superuser(compared)
    assert kept >= 1

    async def never(one: bytes, other: bytes) -> None:
        raise AssertionError("it was compared again")

    monkeypatch.setattr(web.house.house.photos, "compare", never)
    assert await web.findings(officer, case) == first


async def test_another_tenants_photos_are_never_matched(web: PhotoWeb) -> None:
    old, after = await last_month(web)
    tenant = await web.house.another_tenant()
    prints = web.house.house.prints
    stranger = await web.of("p-023", tenant=tenant)
    copy = jpeg(Image.open(io.BytesIO(after)), 60)
    for data in (after, copy):
        await web.sent(stranger, data)
    assert await prints.candidates(tenant, named(copy), 10) == [named(after)], "its own, and no more"
    assert await prints.uses(tenant, [named(after)]) == []
    body = {
        "kind": "finding",
        "form": {"description": "同一张照片在另一家企业使用，需核实"},
        "files": [{"slot": "photo", "sha256": named(after)}],
    }
    report = await stranger.post(f"{API}/cases", json=body)
    assert report.status_code == 201, report.text
    while await web.house.house.sequencer.step():
        pass
    assert await web.repeats(stranger, report.json()["id"], "photo") == []
    await web.sent(await web.of("p-023"), copy)
    await prints.read_uses(web.house.tenant, 1000)
    assert old in {use.case for use in await prints.uses(web.house.tenant, [named(after)])}
    assert TenantId("nobody") != tenant and await prints.candidates(TenantId("nobody"), named(copy), 10) == []


async def test_the_worker_makes_what_is_missing_and_says_what_cannot_be_made(web: PhotoWeb) -> None:
    case = await web.repaired(jpeg(shot(65)), jpeg(shot(65, seed=3, step_m=0.4)))
    officer, house = await web.of("p-003", "safety_officer"), web.house.house
    before = await web.findings(officer, case)
    await web.house.superuser_does("DELETE FROM photo_print")
    await web.house.superuser_does("DELETE FROM photo_key")
    lost = await PlantWeb.photo(web, officer, "its bytes are nowhere")
    assert {one["state"] for one in (await web.findings(officer, case))["photos"]} == {"waits"}
    assert await house.photo_backlog.step() == 3
    assert await house.photo_backlog.step() == 0, "done once"
    assert await web.findings(officer, case) == before
    assert await house.prints.failures(web.house.tenant, [Sha256(lost)]) == {lost: "file_lost"}
    await web.house.superuser_does(
        "UPDATE photo_print SET failure = 'file_lost' WHERE sha256 = %s", named(web.hands["photo_after"])
    )
    failed = next(one for one in (await web.findings(officer, case))["photos"] if one["slot"] == "photo_after")
    assert failed["state"] == "failed" and "备份" in failed["why"]
