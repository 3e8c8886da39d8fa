"""The files of a report: each made of the same value, by the writer of its kind."""

import asyncio
from collections.abc import Mapping

from anhuan.app.reports.sheet import report_sheet
from anhuan.ports.papers import Typesetter
from anhuan.ports.reports import Report, ReportWriter

MEDIA_TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Ending -> what the file is."""
MEETING = ("pdf", "docx", "xlsx")
STATISTICS = ("pdf", "xlsx")


class ReportFiles:
    """Writes reports; one per process."""

    def __init__(self, typesetter: Typesetter, word: ReportWriter, workbook: ReportWriter) -> None:
        self._typesetter = typesetter
        self._writers: Mapping[str, ReportWriter] = {"docx": word, "xlsx": workbook}

    async def written(self, report: Report, ending: str) -> bytes:
        """The report as a file. Raises KeyError (not one of MEDIA_TYPES), ports.papers.PaperNotMade."""
        if ending == "pdf":
            return await self._typesetter.typeset(report_sheet(report))
        return await asyncio.to_thread(self._writers[ending].write_report, report)
