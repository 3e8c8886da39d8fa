"""The OpenAPI document of this server, at /openapi.json."""

import orjson
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from anhuan.app.permission import Permission
from anhuan.http.routes import Routes

routes = Routes("document", base="")


@routes.get("/openapi.json", Permission.PUBLIC, lean=True)
async def openapi_document(request: Request) -> Response:
    """This document."""
    return Response(rendered(request.app), media_type="application/json", headers={"Cache-Control": "no-cache"})


def rendered(app: FastAPI) -> bytes:
    """The document as it is served and kept in `contract/openapi.json`."""
    return orjson.dumps(app.openapi(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
