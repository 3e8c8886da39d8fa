"""Workbooks are read in a process of their own: the same as in ours, and whatever a file does, it does it there."""

import asyncio
import io
import os
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from excel_registers import FILES, REGISTER

from anhuan.connectors.confined.child import Limits
from anhuan.connectors.excel import read_workbook
from anhuan.connectors.excel.confined import LIMITS, ConfinedReader
from anhuan.ports.registers import Workbook, WorkbookRefused


async def read(data: bytes, reader: ConfinedReader | None = None) -> Workbook:
    reader = reader or ConfinedReader()
    try:
        return await reader.read_workbook(data)
    finally:
        await reader.close()


def every_type() -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        page = book.add_worksheet("日期")
        for row, (number, form) in enumerate(
            ((45931.5, "yyyy-mm-dd hh:mm"), (45931, "yyyy-mm-dd"), (0.25, "hh:mm"), (1.5, "[h]:mm"), (3.25, "0.00"))
        ):
            page.write_number(row, 0, number, book.add_format({"num_format": form}))
        page.write_boolean(5, 0, True)
        page.merge_range(6, 0, 7, 2, "并")
    return written.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        REGISTER.read_bytes(),
        every_type(),
        (FILES / "old-format.xls").read_bytes(),
        "序号,发现日期\r\n1,2025-10-01".encode("gb18030"),
        "序号,发现日期\r\n1,2025-10-01".encode("utf-16"),
    ],
    ids=["register", "types", "xls", "gb18030", "utf-16"],
)
async def test_the_process_reads_what_we_read(data: bytes) -> None:
    assert await read(data) == read_workbook(data)


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"\x00", bytes.fromhex("d0cf11e0a1b11ae1"), REGISTER.read_bytes()[:5000]]
)
async def test_what_we_refuse_the_process_refuses_with_the_same_words(data: bytes) -> None:
    with pytest.raises(WorkbookRefused) as here:
        read_workbook(data)
    with pytest.raises(WorkbookRefused) as there:
        await read(data)
    assert (there.value.code, there.value.params) == (here.value.code, here.value.params)


async def test_what_no_database_keeps_does_not_come_through() -> None:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        book.add_worksheet().write_row(0, 0, ["a_x0000_b", "c_x000B_d"])
    (row,) = (await read(written.getvalue())).sheets[0].rows
    assert not any(set(str(cell)) & {"\x00", "\x0b"} for cell in row)


async def test_a_file_that_takes_too_long_is_refused_and_its_process_killed() -> None:
    before = children()
    with pytest.raises(WorkbookRefused) as refused:
        await read(large(), ConfinedReader(answer_s_max=0.01))
    assert refused.value.code == "reading_timed_out"
    assert children() == before


async def test_a_file_that_needs_too_much_memory_is_refused_alone() -> None:
    small = Limits(memory_bytes_max=130 * 1024 * 1024, cpu_s_max=LIMITS.cpu_s_max)
    reader = ConfinedReader(limits=small, processes=1)
    try:
        with pytest.raises(WorkbookRefused) as refused:
            await reader.read_workbook(large())
        assert refused.value.code == "reading_failed"
        assert await reader.read_workbook(REGISTER.read_bytes()) == read_workbook(REGISTER.read_bytes())
    finally:
        await reader.close()


async def test_a_cancelled_reading_leaves_no_process() -> None:
    before = children()
    reader = ConfinedReader()
    reading = asyncio.create_task(reader.read_workbook(large()))
    while children() == before:
        await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert children() == before
    await reader.close()


def large() -> bytes:
    """A sheet of more than a million cells, which is small as a file."""
    row = "".join(f'<c r="{chr(65 + n)}ROW" t="n"><v>{n}</v></c>' for n in range(20))
    rows = "".join(f'<row r="{n}">{row.replace("ROW", str(n))}</row>' for n in range(1, 80_001))
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(every_type())) as template,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for part in template.namelist():
            body = template.read(part)
            if part == "xl/worksheets/sheet1.xml":
                start = body.index(b"<sheetData>") + len(b"<sheetData>")
                end = body.index(b"</sheetData>")
                body = body[:start] + rows.encode() + body[end:]
            archive.writestr(part, body)
    return written.getvalue()


def children() -> set[str]:
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())
