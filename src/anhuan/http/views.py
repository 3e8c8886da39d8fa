"""Saved register views: the filters that an account comes back to."""

from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from anhuan.app.permission import Permission
from anhuan.app.register import VIEWS_MOST
from anhuan.core.case.outcome import Reason
from anhuan.http.case_bodies import Body
from anhuan.http.problems import Problem, not_found
from anhuan.http.routes import Asker, Routes
from anhuan.http.scope import services
from anhuan.ports.register import SavedView

routes = Routes("views")

ViewInPath = Annotated[str, Path(pattern=r"^[0-9A-Za-z_-]{1,64}$", description="The view's id, chosen by the client.")]


class ViewToKeep(Body):
    """A view of the register."""

    name: str = Field(min_length=1, max_length=100)
    query: str = Field(max_length=2000, description="The register's query: what stands after the `?`.")


class ViewBody(ViewToKeep):
    """A view that is kept."""

    id: str


class ViewsBody(BaseModel):
    """The views that the account keeps, by name."""

    items: list[ViewBody]


@routes.get("/views", Permission.SELF)
async def saved_views(request: Request, caller: Asker) -> ViewsBody:
    """The register views that I keep."""
    views = await services(request).register.views(caller.tenant_id, caller.account.id)
    return ViewsBody(items=[ViewBody(id=view.id, name=view.name, query=view.query) for view in views])


@routes.put("/views/{id}", Permission.SELF)
async def keep_view(request: Request, caller: Asker, id: ViewInPath, body: ViewToKeep) -> ViewBody:
    """Keep a view, new or changed."""
    view = SavedView(id, body.name, body.query)
    if not await services(request).register.keep_view(caller.tenant_id, caller.account.id, view):
        raise Problem(409, Reason("too_many_views", params={"limit": VIEWS_MOST}))
    return ViewBody(id=id, name=body.name, query=body.query)


@routes.delete("/views/{id}", Permission.SELF, status=204)
async def drop_view(request: Request, caller: Asker, id: ViewInPath) -> Response:
    """Drop a view."""
    if not await services(request).register.drop_view(caller.tenant_id, caller.account.id, id):
        raise not_found()
    return Response(status_code=204)
