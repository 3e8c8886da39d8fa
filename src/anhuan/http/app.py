"""The web application: every noun's routes, one OpenAPI document, the console's pages, and the shell around them."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from anhuan import __version__
from anhuan.http import (
    accounts,
    briefings,
    cases,
    deeds,
    document,
    feeds,
    files,
    floor_plans,
    health,
    imports,
    kinds,
    ledger,
    live,
    packs,
    papers,
    plant,
    plant_books,
    process_maps,
    reports,
    sessions,
    statistics,
    tasks,
    tokens,
    views,
)
from anhuan.http.described import complete
from anhuan.http.pages import Pages
from anhuan.http.problems import ProblemBody, problem_of, problem_response
from anhuan.http.routes import Routes
from anhuan.http.services import Services
from anhuan.http.shell import Shell

NOUNS: tuple[Routes, ...] = (
    cases.routes,
    tasks.routes,
    briefings.routes,
    statistics.routes,
    feeds.routes,
    reports.routes,
    deeds.routes,
    kinds.routes,
    papers.routes,
    files.routes,
    health.routes,
    document.routes,
    sessions.routes,
    accounts.routes,
    tokens.routes,
    views.routes,
    plant_books.routes,
    floor_plans.routes,
    process_maps.routes,
    plant.routes,
    imports.routes,
    packs.routes,
    live.routes,
    ledger.routes,
)
"""Tried in this order; what is called most comes first."""

DESCRIPTION = """Every safety task of a plant as a case that cannot be dropped.

People sign in with a session cookie and repeat its `csrf_token` in `X-CSRF-Token`; machines send an API token.
Every problem is RFC 9457 and says which field, why and how to mend it, in the language of `Accept-Language` (zh, en),
without it in the account's.

**The loop.**

1. `POST /api/v1/sessions`, then `GET /api/v1/kinds`: each kind carries the JSON Schema of its report (`form`) and of
   every other form (`forms`). Ids of areas, equipment and people stand in `GET /api/v1/plant/choices`.
2. `PUT /api/v1/files/{sha256}` for each photo; whoever acts sends their own files.
3. `POST /api/v1/cases/check` says what a report lacks; `POST /api/v1/cases` with an `Idempotency-Key` sends it.
4. Everybody concerned finds what they owe in `GET /api/v1/tasks`. `duty.deed` says what sort of doing it is, `form_key`
   its form, `prove` the slots to be filled, `outcomes` how it may end, `may.do` whether the caller may.
5. `POST /api/v1/tasks/acknowledge` for receipts; `POST /api/v1/cases/{case_id}/duties/{no}/discharge` for everything.
6. Who is drawn for a blind check is told to nobody else: it stands among that person's own tasks.
7. For anything other than doing it, `POST /api/v1/cases/{case_id}/moves`. A move that needs approval opens a duty whose
   `move` is the move's `no`; whoever holds it discharges it with `approve` or `refuse`.
8. `GET /api/v1/cases/{case_id}/timeline` tells all of it in words.
9. Where paper rules: `POST /api/v1/cases/{case_id}/papers` issues a numbered PDF to be signed and stamped. A photo of
   the signed sheet goes to `PUT /api/v1/files/{sha256}?kind=scan`, then `POST /api/v1/papers/returns` finds its case.

**Forms** are JSON Schema 2020-12 and say more in keys that begin with `x-`: `x-proofs` names the slots for files
(they go into `files`, not into `form`), `x-widget` what a value is (`area`, `equipment`, `person`: an id of the
plant; `party`: `person:<id>`, `team:<id>`, `unit:<id>`, `post:<id>` or `post:<id>@<area>`, where a bare id is a
person; `risk`: the rating that its own schema describes; `case`: an id of another case), `x-none` the value for
"there is none", `x-past` and `x-future` where an instant must lie, `x-vague` phrases that say nothing, `x-shown-when`
which other value a field belongs to, `x-intake` what even an unfinished report must have, `x-problem` the code that a
condition is refused with, `x-section`, `x-hint` and `x-order` how a field is shown, `x-computed` what is computed and
never sent, `x-case` the values of the case that conditions look at (they are known here, and refused where they are
sent).

**Problems.** Each of `reasons` names a field: a JSON pointer into the form (`/description`), into the body
(`/files/0`), or `/proofs/<slot>` for a slot that something must be put into. A signature's slot takes the body's
`signature`, a name drawn by hand under words of the client's choosing, which are kept with it. `code` of a problem is
that of its first reason. Log-ins are given by the plant; in the demo plant they are staff numbers.
"""


def create_app(services: Services) -> FastAPI:
    """The application around these services."""
    app = routed_app()
    app.state.services = services
    pages = Pages(services.pages) if services.pages else None

    async def otherwise(scope: Scope, receive: Receive, send: Send) -> None:
        """What no route takes: a page of the console's, or 404."""
        request = Request(scope, receive)
        try:
            if pages is None:
                raise HTTPException(404)
            response = pages.answer(request)
        except HTTPException as error:
            response = await _answer_problem(request, error)
        await response(scope, receive, send)

    app.router.default = otherwise
    return app


class _Application(FastAPI):
    """FastAPI, which calls a lean route at a fixed address without asking every other whether the request is theirs."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.add_middleware(Shell)
        self.straight: dict[tuple[str, str], ASGIApp] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        straight = self.straight.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        if straight is None:
            await super().__call__(scope, receive, send)
        else:
            scope["app"] = self
            await straight(scope, receive, send)


def routed_app() -> FastAPI:
    """The application without services: for its routes and its OpenAPI document."""
    app = _Application(
        title="Anhuan",
        version=__version__,
        description=DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers={HTTPException: _answer_problem},
    )
    for noun in NOUNS:
        for declared, route in noun.add_to(app):
            if declared.lean and "{" not in declared.path:
                app.straight[declared.method, declared.path] = Shell(route.app)
    app.openapi = lambda: openapi(app)  # type: ignore[method-assign]
    return app


async def _answer_problem(request: Request, error: Exception) -> Response:
    problem = problem_of(error)
    if problem is None:
        raise error
    return problem_response(request, problem)


def openapi(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI 3.1 document: what FastAPI makes of the routes, and what all of them share."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            openapi_version="3.1.0",
            description=app.description,
            routes=app.routes,
        )
        components = document.setdefault("components", {})
        schema = ProblemBody.model_json_schema(ref_template="#/components/schemas/{model}")
        components.setdefault("schemas", {}).update({**schema.pop("$defs"), "ProblemBody": schema})
        components["schemas"] = dict(sorted(components["schemas"].items()))
        components["securitySchemes"] = {
            "session": {
                "type": "apiKey",
                "in": "cookie",
                "name": "anhuan_session",
                "description": "Set by POST /api/v1/sessions.",
            },
            "csrf": {
                "type": "apiKey",
                "in": "header",
                "name": "X-CSRF-Token",
                "description": "`csrf_token` of the session, beside its cookie, on whatever changes something.",
            },
            "token": {"type": "http", "scheme": "bearer", "description": "The `token` of POST /api/v1/tokens."},
        }
        complete(document)
        app.openapi_schema = document
    return app.openapi_schema
