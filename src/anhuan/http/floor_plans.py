"""Pictures of floor plans: sent by whoever edits the plant, shown to everybody who sees it."""

from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from anhuan.app.permission import Permission
from anhuan.http.exchange import json_answer, read_body
from anhuan.http.problems import not_found
from anhuan.http.routes import API, Asker, Routes
from anhuan.http.scope import services

routes = Routes("plant")

BYTES_MAX = 25 * 1024 * 1024
_SENT = {
    "requestBody": {
        "required": True,
        "content": {
            media_type: {"schema": {"type": "string", "format": "binary"}}
            for media_type in ("image/svg+xml", "image/png", "image/jpeg", "image/webp")
        },
    }
}
_JPEG = {"responses": {"200": {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}}}


class TakenPicture(BaseModel):
    """A picture that a floor plan can name."""

    sha256: str = Field(description="For the plan's `picture`: of our copy, not of what was sent.")
    width: int = Field(description="In px.")
    height: int
    url: str


@routes.post(
    "/plant/floor_plan/pictures", Permission.PLANT_EDIT, status=201, raw_body=True, answer=TakenPicture, extra=_SENT
)
async def take_plan_picture(request: Request, caller: Asker) -> Response:
    """Send the drawing of a floor: SVG of at most 4 MB, or PNG, JPEG, WebP. It is made into new pixels."""
    data = await read_body(request, BYTES_MAX)
    taken = await services(request).floor_plans.take(caller.tenant_id, data, caller.person)
    url = f"{API}/plant/floor_plan/pictures/{taken.sha256}"
    body = TakenPicture(sha256=taken.sha256, width=taken.width_px, height=taken.height_px, url=url)
    return json_answer(body, 201, {"Location": url})


@routes.get("/plant/floor_plan/pictures/{sha256}", Permission.PLANT_SEE, extra=_JPEG)
async def plan_picture(
    request: Request,
    caller: Asker,
    sha256: Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="As the plan's `picture` names it.")],
) -> Response:
    """The picture below a floor plan."""
    shown = await services(request).floor_plans.shown(caller.tenant_id, sha256)
    if shown is None:
        raise not_found()
    headers = {"Cache-Control": "private, max-age=31536000, immutable", "Vary": "Cookie, Authorization"}
    return Response(shown.data, headers=headers, media_type=shown.picture.media_type)
