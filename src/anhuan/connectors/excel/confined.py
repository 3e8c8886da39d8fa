"""Reading workbooks that come from outside, in a process of their own that can do nothing but read them.

A process lives for one file: registers come seldom, and nothing of one may meet the next.
"""

import logging
import re
from datetime import date, datetime, time, timedelta
from functools import cache
from io import BytesIO

import msgspec
import xlsxwriter
from msgspec import Struct

from anhuan.connectors.confined.child import Limits, run
from anhuan.connectors.confined.pool import Bounds, ChildBusy, ChildDied, ChildHung, ConfinedPool
from anhuan.connectors.excel.archive import BYTES_MAX
from anhuan.connectors.excel.read import read_workbook
from anhuan.ports.registers import Cell, Sheet, Span, Workbook, WorkbookRefused

logger = logging.getLogger(__name__)

LIMITS = Limits(memory_bytes_max=3 * 1024**3, cpu_s_max=120)
ANSWER_BYTES_MAX = 512 * 1024**2
ANSWER_S_MAX = 180.0

_UNKEEPABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""What XML can smuggle in and no text of the database can hold."""


class Told(Struct, frozen=True, array_like=True):
    """A cell that is neither text nor number: its type, and the cell as text or seconds."""

    type: str
    text: str


WireCell = str | int | float | bool | Told


class WireSheet(Struct, frozen=True):
    """A sheet on its way between the processes."""

    name: str
    rows: list[list[WireCell]]
    spans: tuple[Span, ...]


class WireAnswer(Struct, frozen=True):
    """The sheets, or why there are none."""

    sheets: list[WireSheet] = []
    refused: str = ""
    params: dict[str, str | int | float] = {}


class ConfinedReader:
    """`ports.imports.WorkbookReader` by confined processes. Belongs to one event loop; `close` it in the same."""

    def __init__(self, *, limits: Limits = LIMITS, answer_s_max: float = ANSWER_S_MAX, processes: int = 2) -> None:
        self._pool = ConfinedPool(
            "anhuan.connectors.excel.confined",
            msgspec.json.encode(limits).decode(),
            processes=processes,
            bounds=Bounds(answer_bytes_max=ANSWER_BYTES_MAX, answer_s_max=answer_s_max),
        )

    async def read_workbook(self, data: bytes) -> Workbook:
        """See `WorkbookReader.read_workbook`."""
        if len(data) > BYTES_MAX:
            raise WorkbookRefused("file_too_large", bytes=len(data), bytes_max=BYTES_MAX)
        try:
            answer = _answers().decode(await self._pool.ask(data))
        except ChildBusy:
            raise WorkbookRefused("reading_busy") from None
        except ChildHung:
            raise WorkbookRefused("reading_timed_out") from None
        except (ChildDied, msgspec.ValidationError) as error:
            logger.warning("a workbook could not be read: %r", error)
            raise WorkbookRefused("reading_failed") from None
        if answer.refused:
            raise WorkbookRefused(answer.refused, **answer.params)
        return Workbook(tuple(_sheet(sheet) for sheet in answer.sheets))

    async def close(self) -> None:
        """End all processes."""
        await self._pool.close()


@cache
def _answers() -> msgspec.msgpack.Decoder[WireAnswer]:
    return msgspec.msgpack.Decoder(WireAnswer)


def _sheet(sheet: WireSheet) -> Sheet:
    rows = tuple(tuple(_from_wire(cell) if isinstance(cell, Told) else cell for cell in row) for row in sheet.rows)
    return Sheet(sheet.name, rows, sheet.spans)


# --- in the process


def main(limits_json: str) -> None:
    """Entry of the process. `limits_json` is a `Limits`."""
    run(msgspec.json.decode(limits_json, type=Limits), rehearse, answer)


def answer(data: bytes) -> bytes:
    """One file read."""
    try:
        book = read_workbook(data)
        sheets = [
            WireSheet(_text(sheet.name), [[_to_wire(cell) for cell in row] for row in sheet.rows], sheet.spans)
            for sheet in book.sheets
        ]
        told = WireAnswer(sheets)
    except WorkbookRefused as refused:
        params = {name: value for name, value in refused.params.items() if isinstance(value, str | int | float)}
        told = WireAnswer(refused=refused.code, params=params)
    except MemoryError:
        told = WireAnswer(refused="reading_failed")
    return msgspec.msgpack.encode(told)


def rehearse() -> None:
    """Read every kind of file once, so that whatever Python loads on first use is loaded while it still can be."""
    written = BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["序号", 1, True])
        page.write_datetime(1, 0, datetime(2026, 1, 1), book.add_format({"num_format": "yyyy-mm-dd"}))  # noqa: DTZ001
    for data in (written.getvalue(), "序号,1".encode("gb18030"), "序号,1".encode("utf-16"), "序号,1".encode()):
        answer(data)
    answer(bytes.fromhex("d0cf11e0a1b11ae1"))


def _to_wire(cell: Cell) -> WireCell:
    if isinstance(cell, str):
        return _text(cell)
    if isinstance(cell, timedelta):
        return Told("timedelta", repr(cell.total_seconds()))
    if isinstance(cell, datetime | date | time):
        return Told(type(cell).__name__, cell.isoformat())
    return cell


def _text(text: str) -> str:
    return _UNKEEPABLE.sub("", text)


def _from_wire(cell: Told) -> Cell:
    match cell.type:
        case "datetime":
            return datetime.fromisoformat(cell.text)
        case "date":
            return date.fromisoformat(cell.text)
        case "time":
            return time.fromisoformat(cell.text)
        case "timedelta":
            return timedelta(seconds=float(cell.text))
        case _:
            return cell.text
