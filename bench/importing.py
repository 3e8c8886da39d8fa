"""Ten thousand rows of an Excel register, imported by the command that people use: parsed, checked, routed, stored."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter
from bench.results import Section

from anhuan.bootstrap import open_house
from anhuan.storage.embedded import OWNER, start
from anhuan.storage.migrate import migrate
from anhuan.testing.plants import settle

ROWS = 10_000
HEAD = (
    "序号",
    "发现日期",
    "发现人",
    "区域",
    "设备编号",
    "隐患类别",
    "隐患描述",
    "风险等级",
    "整改期限",
    "完成日期",
    "验收情况",
)
PLACES = (("冲压车间", "P-1601"), ("焊装车间", "W-HJ3"), ("总装车间", "Z-L01"), ("空压站", "KY-02"))
LEVELS = ("红", "橙", "黄", "蓝")


def measure() -> Section:
    """The figures."""
    section = Section("Import", f"`anhuan import` of {ROWS:,} rows, half of them open, on the embedded database.")
    print(section.title, flush=True)
    data = Path(tempfile.mkdtemp(prefix="anhuan-bench-"))
    try:
        with start(data) as server:
            migrate(server.dsn(OWNER))

            async def prepare() -> None:
                async with open_house(server.dsn, data=data) as house:
                    await settle(house, "demo")

            asyncio.run(prepare())
            register = data / "register.xlsx"
            _write(register)
            spent_s, counts = _import(register, data)
    finally:
        shutil.rmtree(data, ignore_errors=True)
    section.add("rows taken in", f"{counts['accepted']:,} of {counts['rows']:,}")
    section.add("time", f"{spent_s:.1f} s", "at most 15 s", spent_s <= 15 and counts["accepted"] >= ROWS * 0.95)
    return section


def _import(register: Path, data: Path) -> tuple[float, dict[str, int]]:
    command = [sys.executable, "-m", "anhuan", "import", "finding", str(register), "--json"]
    begun = time.perf_counter()
    done = subprocess.run(command, env={**os.environ, "ANHUAN_DATA": str(data)}, capture_output=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr.decode())
    return time.perf_counter() - begun, json.loads(done.stdout)


def _write(path: Path) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("台账")
        sheet.write_row(0, 0, HEAD)
        for number in range(1, ROWS + 1):
            area, equipment = PLACES[number % len(PLACES)]
            found = date(2026, 1, 1) + timedelta(days=number % 300)
            closed = number % 2 == 0
            row = (
                number,
                found.isoformat(),
                "王建国",
                area,
                equipment,
                ("电气", "机械", "消防")[number % 3],
                f"{equipment}第{number}处防护罩松动，螺栓缺失",
                LEVELS[number % 4],
                (found + timedelta(days=5)).isoformat(),
                (found + timedelta(days=3)).isoformat() if closed else "",
                "已验收" if closed else "整改中",
            )
            sheet.write_row(number, 0, row)


if __name__ == "__main__":
    measure()
