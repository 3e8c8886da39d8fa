"""The shift briefing of a team."""

from typing import Annotated

from fastapi import Query
from starlette.requests import Request

from anhuan.app.briefings import TeamUnknown
from anhuan.app.permission import Permission
from anhuan.app.view.briefing import BriefingView
from anhuan.http.problems import not_found
from anhuan.http.routes import Asker, Routes
from anhuan.http.scope import services
from anhuan.http.speaking import viewer_of

routes = Routes("tasks")


@routes.get("/briefing", Permission.CASES_SEE)
async def briefing(
    request: Request,
    caller: Asker,
    team: Annotated[str | None, Query(max_length=128, description="Id of the team; without it, my own.")] = None,
) -> BriefingView:
    """What a team begins its shift with: who is here, what is owed, what came, what was closed, what to mind.

    Only of cases that I may see. 404 where there is no such team, or I am in none.
    """
    try:
        return await services(request).briefings.of_team(viewer_of(request, caller), team)
    except TeamUnknown as unknown:
        raise not_found() from unknown
