"""Files: what is read, and what never reaches a decoder."""

import io
import struct
import zipfile
from datetime import date

import openpyxl
import pytest
from excel_registers import FILES, HEAD, SPEC, names, row, xlsx

from anhuan.connectors.excel import archive, choose_layout, read_rows, read_workbook, refusal_text
from anhuan.ports.registers import Accepted, Mapping, Span, WorkbookRefused


def refused(data: bytes) -> str:
    with pytest.raises(WorkbookRefused) as caught:
        read_workbook(data)
    for language in ("zh", "en"):
        assert "{" not in refusal_text(caught.value, language)
    return caught.value.code


def test_xlsx_with_merged_cells() -> None:
    book = read_workbook(xlsx([("甲", "", "乙"), (1, date(2025, 10, 1), "丙")], spans=[(0, 0, 0, 1)]))
    assert book.sheets[0].rows[1] == (1.0, date(2025, 10, 1), "丙")
    assert book.sheets[0].spans == (Span(0, 0, 0, 1),)


def test_xls() -> None:
    book = read_workbook((FILES / "old-format.xls").read_bytes())
    layout = choose_layout(book, SPEC, Mapping(constants={"risk_level": "黄"}))
    outcomes = list(read_rows(book.sheets[0], layout, SPEC, names()))
    assert layout.head_rows == (2, 2)
    assert [type(outcome) for outcome in outcomes] == [Accepted, Accepted]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv(encoding: str, delimiter: str) -> None:
    lines = [delimiter.join(map(str, cells)) for cells in (HEAD, row(), row(2))]
    book = read_workbook("\r\n".join(lines).encode(encoding))
    layout = choose_layout(book, SPEC)
    outcomes = list(read_rows(book.sheets[0], layout, SPEC, names()))
    assert [type(outcome) for outcome in outcomes] == [Accepted, Accepted]


def test_hidden_sheets_are_not_read() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "seen"
    book.create_sheet("hidden")["A1"] = "unseen"
    book["hidden"].sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    assert [sheet.name for sheet in read_workbook(buffer.getvalue()).sheets] == ["Sheet"]


def test_what_is_no_workbook() -> None:
    assert refused(b"") == "file_empty"
    assert refused(b"\x89PNG\r\n\x1a\n" + bytes(range(256))) == "file_not_a_workbook"
    assert refused(xlsx([])) == "no_cells"
    archive_of_something = io.BytesIO()
    with zipfile.ZipFile(archive_of_something, "w") as parts:
        parts.writestr("readme.txt", "hello")
    assert refused(archive_of_something.getvalue()) == "file_not_a_workbook"


def test_damaged_files() -> None:
    sound = xlsx([HEAD, row()])
    assert refused(sound[: len(sound) // 2]) == "file_damaged"
    old = (FILES / "old-format.xls").read_bytes()
    assert refused(old[:600]) == "file_damaged"


def test_every_flipped_byte_is_read_or_refused() -> None:
    sound = xlsx([HEAD, row()])
    for position in range(0, len(sound), 37):
        broken = sound[:position] + bytes([sound[position] ^ 0xFF]) + sound[position + 1 :]
        try:
            read_workbook(broken)
        except WorkbookRefused:
            continue


def test_password() -> None:
    compound = archive.COMPOUND_MAGIC + bytes(504) + "EncryptedPackage".encode("utf-16-le")
    assert refused(compound) == "file_encrypted"
    sound = bytearray(xlsx([HEAD, row()]))
    entry = sound.rindex(b"PK\x01\x02")
    sound[entry + 8] |= 1
    assert refused(bytes(sound)) == "file_encrypted"


def test_a_large_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "BYTES_MAX", 1000)
    assert refused(xlsx([HEAD, row()])) == "file_too_large"


def with_part(name: str, content: bytes) -> bytes:
    """A sound workbook with one part replaced."""
    source, target = zipfile.ZipFile(io.BytesIO(xlsx([HEAD, row()]))), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as parts:
        for part in source.infolist():
            parts.writestr(part.filename, content if part.filename == name else source.read(part))
    return target.getvalue()


SHEET_XML = (
    '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>{rows}</sheetData></worksheet>"
)


@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize(
    ("reference", "code"), [("A1048576", "too_many_rows"), ("XFD1", "too_many_columns"), ("IV90000", "too_many_cells")]
)
def test_one_cell_far_out_is_no_large_table(quote: str, reference: str, code: str) -> None:
    number = reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    rows = f"<row r={quote}{number}{quote}><c r={quote}{reference}{quote}><v>1</v></c></row>"
    assert refused(with_part("xl/worksheets/sheet1.xml", SHEET_XML.format(rows=rows).encode())) == code


def test_a_bomb_that_hides_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "UNPACKED_BYTES_MAX", 5_000_000)
    bomb = bytearray(with_part("docProps/app.xml", bytes(20_000_000)))
    for magic, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = bomb.index(magic)
        while bomb[at + place : at + place + 4] != struct.pack("<I", 20_000_000):
            at = bomb.index(magic, at + 1)
        bomb[at + place : at + place + 4] = struct.pack("<I", 100)
    assert refused(bytes(bomb)) == "file_unpacks_too_large"


def test_a_reference_cut_in_two_by_the_pieces_is_still_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "_PIECE", 7)
    rows = '<row r="1"><c r="XFD1"><v>1</v></c></row>'
    assert refused(with_part("xl/worksheets/sheet1.xml", SHEET_XML.format(rows=rows).encode())) == "too_many_columns"
