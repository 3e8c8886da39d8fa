"""Reports of figures: the page and the pack of a month's safety meeting, the statistics of a quarter or a year."""

from typing import Annotated, Literal

from fastapi import Path, Query
from starlette.requests import Request
from starlette.responses import Response

from anhuan.app.permission import Permission
from anhuan.app.reports.files import MEDIA_TYPES
from anhuan.app.reports.period import read_period
from anhuan.app.statistics import KindUnknown
from anhuan.app.view.meeting import MeetingView
from anhuan.http.entry import own_origin
from anhuan.http.problems import not_found
from anhuan.http.routes import Asker, Routes
from anhuan.http.scope import services
from anhuan.http.speaking import viewer_of
from anhuan.ports.identity import Language
from anhuan.ports.reports import Report

routes = Routes("reports")

_MONTH = r"^20\d\d-(0[1-9]|1[0-2])$"
MonthInPath = Annotated[str, Path(pattern=_MONTH, description="The month that is looked back on: `2026-10`.")]
PeriodInPath = Annotated[str, Path(pattern=r"^20\d\d(-Q[1-4])?$", description="`2026-Q4` or `2026`.")]
KindAsked = Annotated[
    str | None, Query(alias="kind", max_length=64, description="Whose figures; without it those that meetings review.")
]
LanguageAsked = Annotated[Language | None, Query(description="In which it is written; else as for every answer.")]
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_FILE = {"responses": {"200": {"content": dict.fromkeys(MEDIA_TYPES.values(), _BINARY)}}}


@routes.get("/reports/meeting", Permission.CASES_EXPORT)
async def meeting(
    request: Request,
    caller: Asker,
    month: Annotated[str, Query(pattern=_MONTH, description="The month that is looked back on: `2026-10`.")],
    kind: KindAsked = None,
) -> MeetingView:
    """A month's safety meeting: its case, remarks, actions, and how long preparing it took."""
    try:
        return await services(request).reports.meeting_page(
            viewer_of(request, caller), read_period(month, "month"), kind
        )
    except KindUnknown as unknown:
        raise not_found() from unknown


@routes.get("/reports/meeting/{month}/{ending}", Permission.CASES_EXPORT, extra=_FILE)
async def meeting_file(
    request: Request,
    caller: Asker,
    month: MonthInPath,
    ending: Annotated[Literal["pdf", "docx", "xlsx"], Path(description="Which file.")],
    kind: KindAsked = None,
    language: LanguageAsked = None,
) -> Response:
    """The pack of a month's safety meeting as PDF, Word or Excel: figures, comparisons, cases, actions, remarks."""
    viewer, house = viewer_of(request, caller, language), services(request)
    try:
        report = await house.reports.meeting(
            viewer, read_period(month, "month"), caller.tenant.name, kind=kind, address=own_origin(request)
        )
    except KindUnknown as unknown:
        raise not_found() from unknown
    return await _file(request, report, f"meeting-{month}", ending)


@routes.get("/reports/statistics/{period}/{ending}", Permission.CASES_EXPORT, extra=_FILE)
async def statistics_file(
    request: Request,
    caller: Asker,
    period: PeriodInPath,
    ending: Annotated[Literal["pdf", "xlsx"], Path(description="Which file.")],
    kind: KindAsked = None,
    language: LanguageAsked = None,
) -> Response:
    """The statistics of a quarter or a year as PDF or Excel, with room for the principal's signature."""
    viewer, house = viewer_of(request, caller, language), services(request)
    try:
        report = await house.reports.statistics(
            viewer, read_period(period, "quarter", "year"), caller.tenant.name, kind=kind
        )
    except KindUnknown as unknown:
        raise not_found() from unknown
    return await _file(request, report, f"statistics-{period}", ending)


async def _file(request: Request, report: Report, stem: str, ending: str) -> Response:
    data = await services(request).report_files.written(report, ending)
    headers = {
        "Content-Disposition": f'attachment; filename="{stem}.{ending}"',
        "Cache-Control": "private, no-store",
    }
    return Response(data, headers=headers, media_type=MEDIA_TYPES[ending])
