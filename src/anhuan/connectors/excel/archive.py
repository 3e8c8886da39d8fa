"""Is this file safe to hand to a decoder?

A decoder trusts what a file says of itself. A few kilobytes can unpack to gigabytes, or name one cell at the far end of
a sheet and make a dense table of 17 thousand million cells. So every part is first unpacked here piece by piece, what
the file declares is ignored, and what comes out is counted.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from anhuan.ports.registers import WorkbookRefused

BYTES_MAX = 30 * 1024 * 1024
UNPACKED_BYTES_MAX = 400 * 1024 * 1024
PARTS_MAX = 2000
ROWS_MAX = 100_000
COLUMNS_MAX = 256
CELLS_MAX = 5_000_000

ZIP_MAGIC = b"PK\x03\x04"
COMPOUND_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_PIECE = 1 << 20
_TAIL = 64
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,7})?(\d{1,10})["']""")
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")


def check_file(data: bytes) -> None:
    """Raises WorkbookRefused for whatever must not reach a decoder."""
    if not data:
        raise WorkbookRefused("file_empty")
    if len(data) > BYTES_MAX:
        raise WorkbookRefused("file_too_large", bytes=len(data), bytes_max=BYTES_MAX)
    if data.startswith(COMPOUND_MAGIC) and _ENCRYPTED_STREAM in data:
        raise WorkbookRefused("file_encrypted")
    if data.startswith(ZIP_MAGIC):
        _check_archive(data)


def check_size(rows: int, columns: int) -> None:
    """Raises WorkbookRefused for a table that is too large to be a register."""
    if rows > ROWS_MAX:
        raise WorkbookRefused("too_many_rows", rows=rows, rows_max=ROWS_MAX)
    if columns > COLUMNS_MAX:
        raise WorkbookRefused("too_many_columns", columns=columns, columns_max=COLUMNS_MAX)
    if rows * columns > CELLS_MAX:
        raise WorkbookRefused("too_many_cells", cells=rows * columns, cells_max=CELLS_MAX)


def _check_archive(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise WorkbookRefused("file_damaged") from error
    if len(parts) > PARTS_MAX:
        raise WorkbookRefused("file_unpacks_too_large", bytes_max=UNPACKED_BYTES_MAX)
    if not any(part.filename.lower().startswith("xl/workbook") for part in parts):
        raise WorkbookRefused("file_not_a_workbook")
    left = UNPACKED_BYTES_MAX
    for part in parts:
        if part.flag_bits & 1:
            raise WorkbookRefused("file_encrypted")
        # A relationship may call any part a sheet, so each is followed as if it were one.
        counter = _SheetCounter()
        for piece in _unpacked(data, part):
            left -= len(piece)
            if left < 0:
                raise WorkbookRefused("file_unpacks_too_large", bytes_max=UNPACKED_BYTES_MAX)
            counter.feed(piece)


def _unpacked(data: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part's content piece by piece, whatever length the directory claims."""
    head = data[part.header_offset : part.header_offset + _LOCAL_HEADER.size]
    if len(head) < _LOCAL_HEADER.size or not head.startswith(ZIP_MAGIC):
        raise WorkbookRefused("file_damaged")
    name_bytes, extra_bytes = _LOCAL_HEADER.unpack(head)[-2:]
    starts = part.header_offset + _LOCAL_HEADER.size + name_bytes + extra_bytes
    packed = memoryview(data)[starts : starts + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        yield bytes(packed)
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise WorkbookRefused("file_damaged")
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        piece = inflater.decompress(packed, _PIECE)
        while piece:
            yield piece
            piece = inflater.decompress(inflater.unconsumed_tail, _PIECE)
    except zlib.error as error:
        raise WorkbookRefused("file_damaged") from error


class _SheetCounter:
    """Follows the references of rows and cells in a sheet's XML, piece by piece."""

    def __init__(self) -> None:
        self._tail = b""
        self._rows = 0
        self._columns = 0

    def feed(self, piece: bytes) -> None:
        window = self._tail + piece
        for column, row in _REFERENCE.findall(window):
            self._rows = max(self._rows, int(row))
            if column:
                self._columns = max(self._columns, _column_no(column))
        check_size(self._rows, self._columns)
        self._tail = window[-_TAIL:]


def _column_no(name: bytes) -> int:
    number = 0
    for letter in name:
        number = number * 26 + letter - 64
    return number
