"""Whether a report can be taken now: for `make run`, for load balancers, for people."""

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from anhuan.app.permission import Permission
from anhuan.http.exchange import json_answer
from anhuan.http.routes import Routes
from anhuan.http.scope import services

routes = Routes("health", base="")


class HealthBody(BaseModel):
    """200 with `ok`, or 503 with `down` and what is wrong."""

    status: str = Field(description="`ok`: a report can be taken; `down`: it cannot.")
    faults: dict[str, str] = Field({}, description="Part of the system -> what is wrong with it.")


@routes.get("/healthz", Permission.PUBLIC, lean=True, answer=HealthBody)
async def healthz(request: Request) -> Response:
    """Whether a report can be taken now."""
    health = await services(request).health()
    body = HealthBody(status="down" if health.faults else "ok", faults=dict(health.faults))
    return json_answer(body, 503 if health.faults else 200)
