"""Registers in Excel and CSV: read, guess the layout, turn rows into outcomes, write tables and rejects.

The module as a whole is an `anhuan.ports.registers.Registers`, an `anhuan.ports.plant_sheets.PlantSheets` and an
`anhuan.ports.reports.ReportWriter`. All of it
is pure: bytes and values in, values and bytes out; files are opened by whoever calls. Whatever comes from outside is
read by `confined`.
"""

from anhuan.connectors.excel.guess import choose_layout, fingerprint, guess_layout, mapping_of, sheet_named
from anhuan.connectors.excel.names import PlantNames, names_of
from anhuan.connectors.excel.plant import read_plant_book
from anhuan.connectors.excel.plant_write import plant_workbook
from anhuan.connectors.excel.read import read_workbook
from anhuan.connectors.excel.reasons import labels_of, problem_text, reason_text, refusal_text
from anhuan.connectors.excel.report import write_report
from anhuan.connectors.excel.rows import raw_texts, read_rows
from anhuan.connectors.excel.write import rejects_file, write_table

__all__ = [
    "PlantNames",
    "choose_layout",
    "fingerprint",
    "guess_layout",
    "labels_of",
    "mapping_of",
    "names_of",
    "plant_workbook",
    "problem_text",
    "raw_texts",
    "read_plant_book",
    "read_rows",
    "read_workbook",
    "reason_text",
    "refusal_text",
    "rejects_file",
    "sheet_named",
    "write_report",
    "write_table",
]
