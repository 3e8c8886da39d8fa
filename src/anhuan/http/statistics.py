"""Figures: where cases stand and where they wait, over days of the plant."""

from datetime import date
from typing import Annotated

from fastapi import Query
from starlette.requests import Request

from anhuan.app.permission import Permission
from anhuan.app.statistics import KindUnknown, Reach
from anhuan.app.view.statistics import StatisticsView, statistics_view
from anhuan.core.case.outcome import Reason
from anhuan.http.kinds import KindInPath
from anhuan.http.problems import Problem, not_found
from anhuan.http.routes import Asker, Routes
from anhuan.http.scope import services
from anhuan.http.speaking import viewer_of

routes = Routes("statistics")


@routes.get("/statistics/{kind}", Permission.CASES_SEE)
async def statistics(
    request: Request,
    caller: Asker,
    kind: KindInPath,
    first: Annotated[date | None, Query(alias="from", description="First day; without it, all before too.")] = None,
    last: Annotated[date | None, Query(alias="to", description="Last day, included; without it, until now.")] = None,
    reach: Annotated[
        Reach,
        Query(description="Of what I reported, of what I or my team has a part in, or of all that I may see."),
    ] = "plant",
    whole_register: Annotated[
        bool, Query(description="Count the old register over all days, to compare with.")
    ] = False,
) -> StatisticsView:
    """The figures of a kind of case over days of the plant: live cases, and apart from them the old register."""
    if first is not None and last is not None and last < first:
        raise Problem(400, Reason("period_reversed", "/to"))
    viewer, house = viewer_of(request, caller), services(request)
    try:
        counted = await house.statistics.counted(viewer, kind, first, last, reach, whole_register=whole_register)
    except KindUnknown as unknown:
        raise not_found() from unknown
    return statistics_view(counted, viewer.lens(counted.plant, counted.pack, counted.kind, counted.at))
