"""The sequencer on a real database: every event entered once, in order, and nothing lost whatever is cut short."""

import asyncio
from datetime import timedelta

import pytest

from anhuan.app.handle import NewCase
from anhuan.core.case import commands as c
from anhuan.testing.plants import GOOD_REPORT, TestHouse

KIND = "finding"


async def report(house: TestHouse) -> str:
    return (await house.house.handler.open(house.tenant, house.reporter, NewCase(kind=KIND, form=GOOD_REPORT))).case.id


async def test_first(house: TestHouse) -> None:
    for _ in range(5):
        await report(house)
    await house.house.sequencer.step()
    rows = await house.superuser("SELECT count(*) FROM ledger_entry")
    events = await house.superuser("SELECT count(*) FROM event")
    assert rows == events
    assert await house.superuser("SELECT count(*) FROM ledger_pending") == [(0,)]
    print(await house.house.ledger.head(house.tenant))
