"""`anhuan import` as a person runs it: the real command, on the real register, on a database of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import psycopg
import pytest

from anhuan.storage.embedded import SUPERUSER, Running, start

ROOT = Path(__file__).parents[2]
REGISTER = ROOT / "examples" / "finding-register-2025Q4.xlsx"
FIRST = {"rows": 297, "accepted": 268, "rejected": 19, "duplicates": 6, "skipped": 4, "open": 145, "history": 123}
SET_UP = """
import asyncio
from anhuan.bootstrap import open_house
from anhuan.cli.database import database
from anhuan.cli.tenants import new_tenant
from anhuan.settings import Settings
from anhuan.testing.plants import demo_items

async def main(settings, dsn):
    async with open_house(dsn, data=settings.data, secrets=settings.secrets_folder) as house:
        tenant = await new_tenant(house, slug="plant", name="某厂", language="en", time_zone="Asia/Shanghai")
        await house.editor.edit(tenant.id, None, put=demo_items())

settings = Settings.from_environment()
with database(settings) as dsn:
    asyncio.run(main(settings, dsn))
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one plant in it: the demo's, with no case."""
    folder = tmp_path_factory.mktemp("anhuan")
    subprocess.run([sys.executable, "-c", SET_UP], check=True, env=environment(folder), cwd=folder)
    return folder


@pytest.fixture(scope="module")
def running(data: Path) -> Iterator[Running]:
    """The database, which the commands attach to."""
    server = start(data)
    yield server
    server.stop()


def environment(data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANHUAN_")}
    return {**kept, "ANHUAN_DATA": str(data)}


def anhuan(data: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "anhuan", "import", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment(data), cwd=data, check=False)


def counts(data: Path, *arguments: str | Path) -> dict[str, int]:
    done = anhuan(data, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    read: dict[str, int] = json.loads(done.stdout)
    return read


def cases(running: Running) -> list[tuple[str, int]]:
    with psycopg.connect(running.dsn(SUPERUSER)) as connection:
        query = "SELECT status, count(*) FROM case_row GROUP BY 1 ORDER BY 1"
        return connection.execute(query).fetchall()


def test_a_register_is_imported_once_and_what_comes_back_after_it_is_corrected(
    data: Path, running: Running, tmp_path: Path
) -> None:
    assert counts(data, "finding", REGISTER, "--dry-run") == FIRST
    assert cases(running) == []

    back = tmp_path / "back.xlsx"
    assert counts(data, "finding", REGISTER, "--rejects", back) == FIRST
    assert cases(running) == [("closed", 123), ("open", 145)]

    again = counts(data, "finding", REGISTER)
    assert again == {**FIRST, "accepted": 0, "duplicates": 274, "open": 0, "history": 0}
    assert cases(running) == [("closed", 123), ("open", 145)]

    corrected = mended(back, tmp_path / "corrected.xlsx")
    taken = counts(data, "finding", corrected)
    assert (taken["accepted"], taken["rejected"]) == (19, 0)
    assert cases(running) == [("closed", 129), ("open", 158)]
    assert counts(data, "finding", corrected)["accepted"] == 0
    figures_are_those_counted_by_hand(data)


def figures_are_those_counted_by_hand(data: Path) -> None:
    """287 registered, 129 closed, 44.9 %; by the days that the register tells, 220 overdue, 3.7 working days."""
    for days in ((), ("--from", "2025-10-01", "--to", "2026-01-05")):
        told = stats(data, "findings", *days, "--json")
        assert told.returncode == 0, told.stderr
        found = json.loads(told.stdout)
        register = found["imported"]
        assert (register["registered"], register["closed"], register["closure_rate"]) == (287, 129, 0.449)
        assert (register["overdue"], register["overdue_rate"]) == (220, 0.767)
        assert 3.4 < register["cycle_working_days_mean"] < 4.0
        live = found["live"]
        assert (live["registered"], live["closed"], live["closure_rate"], live["overdue_rate"]) == (0, 0, None, None)
        assert (live["open"], live["cycle_working_days_mean"]) == (158, None)
    before = json.loads(stats(data, "finding", "--to", "2025-09-30", "--json").stdout)
    assert before["imported"]["registered"] == 0
    told = stats(data, "隐患", LC_ALL="zh_CN.UTF-8")
    assert "闭环率" in told.stdout and "44.9%" in told.stdout
    assert "Closure rate" in stats(data, "findings", LC_ALL="C.UTF-8").stdout
    refused = stats(data, "nothings", LC_ALL="C.UTF-8")
    assert refused.returncode == 2 and "finding" in refused.stderr


def stats(data: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "anhuan", "stats", *arguments]
    given = {**environment(data), **more}
    return subprocess.run(command, capture_output=True, text=True, env=given, cwd=data, check=False)


def mended(back: Path, corrected: Path) -> Path:
    """What a person does with the rows that came back, in Excel."""
    book = openpyxl.load_workbook(back)
    page = book.worksheets[0]
    for row in page.iter_rows(min_row=3):
        why = str(row[13].value)
        if "区域" in why:
            row[3].value = "污水站"
            row[4].value = "WS-01"
        if "设备编号" in why:
            row[3].value = "污水站"
            row[4].value = "WS-01"
        if "隐患描述" in why:
            row[6].value = f"第 {row[14].value} 行：防护栏杆缺失"
        if "风险等级" in why:
            row[7].value = "黄"
    book.save(corrected)
    return corrected


def test_it_says_in_words_how_the_register_was_read(data: Path, running: Running) -> None:
    said = anhuan(data, "finding", REGISTER, "--dry-run")
    assert said.returncode == 0, said.stderr
    assert "head in rows 3-4" in said.stdout
    assert "发现/日期" in said.stdout
    assert "which tells nothing: be specific" in said.stdout
    assert "19 come back" in said.stdout


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("nothing", REGISTER), "kinds: finding"),
        (("finding", ROOT / "src/anhuan/connectors/photos/font/NotoSansSC-subset.woff2"), "neither Excel nor CSV"),
        (("finding", REGISTER, "--tenant", "elsewhere"), "there are: plant"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_imported(
    data: Path, running: Running, arguments: tuple[str | Path, ...], word: str
) -> None:
    before = cases(running)
    said = anhuan(data, *arguments)
    assert said.returncode != 0
    assert word in said.stderr
    assert "Traceback" not in said.stderr
    assert cases(running) == before


def test_a_mapping_says_what_the_register_does_not(data: Path, running: Running, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.json"
    mapping.write_text(json.dumps({"columns": {"risk_level": None}}), "utf-8")
    said = counts(data, "finding", REGISTER, "--dry-run", "--mapping", mapping)
    assert said["rejected"] > FIRST["rejected"]
    mapping.write_text('{"colums": {}}', "utf-8")
    wrong = anhuan(data, "finding", REGISTER, "--mapping", mapping)
    assert wrong.returncode == 2
    assert "colums" in wrong.stderr
