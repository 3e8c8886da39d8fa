"""Routes, each with the one permission that it asks for; a route without one cannot be written.

    routes = Routes("cases")

    @routes.post("/cases", Permission.CASES_REPORT, status=201, lean=True)
    async def report(request: Request, caller: Asker, body: NewCase, key: IdempotencyKey = None) -> Response: ...

An ordinary route is FastAPI's. A *lean* one, for what is called most, has the same path and the same place in the
OpenAPI document, but FastAPI's request handling is left out: the body is validated straight from its bytes and the
endpoint answers with a `Response`. Its parameters may be: Request, Asker, one Pydantic model (the body), path
parameters (str or int), IdempotencyKey, IfMatch.
"""

import inspect
import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, TypedDict, TypeVar, Unpack, get_type_hints

import orjson
from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from anhuan.app.identity import Caller
from anhuan.app.permission import Permission
from anhuan.core.case.outcome import Reason
from anhuan.http.entry import admit
from anhuan.http.exchange import JSON_BYTES_MAX, IdempotencyKey, IfMatch, idempotency_key, read_json
from anhuan.http.problems import Problem, not_found, problem_of, problem_response
from anhuan.http.scope import caller_or_nobody

API = "/api/v1"

Endpoint = TypeVar("Endpoint", bound=Callable[..., Awaitable[Any]])


def asking(request: Request) -> Caller:
    """Who asks; the door has let them in before an endpoint is called."""
    caller = caller_or_nobody(request)
    if caller is None:
        raise Problem(401, Reason("not_signed_in"))
    return caller


Asker = Annotated[Caller, Depends(asking)]
"""The caller, in an endpoint's signature."""


class Options(TypedDict, total=False):
    """What else may be said of a route."""

    status: int
    """Of the answer when all went well; 200 unless said."""
    lean: bool
    raw_body: bool
    """The endpoint reads the body itself, with `read_body`."""
    body_bytes_max: int
    """Of a JSON body; 1 MiB unless said."""
    answer: Any
    """The model of the answer's body, where the endpoint returns a Response."""
    extra: dict[str, Any]
    """More for this operation in the OpenAPI document."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A route as it was written; see `Options`."""

    method: str
    path: str
    permission: Permission
    endpoint: Callable[..., Awaitable[Any]]
    status: int = 200
    lean: bool = False
    raw_body: bool = False
    body_bytes_max: int = JSON_BYTES_MAX
    answer: Any = None
    extra: Mapping[str, Any] = field(default_factory=dict)


class Routes:
    """The routes of one noun, in the order in which they are tried."""

    def __init__(self, noun: str, *, base: str = API) -> None:
        self.noun = noun
        self.base = base
        self.declared: list[Declared] = []

    def get(self, path: str, permission: Permission, **options: Unpack[Options]) -> Callable[[Endpoint], Endpoint]:
        return self._route("GET", path, permission, options)

    def post(self, path: str, permission: Permission, **options: Unpack[Options]) -> Callable[[Endpoint], Endpoint]:
        return self._route("POST", path, permission, options)

    def put(self, path: str, permission: Permission, **options: Unpack[Options]) -> Callable[[Endpoint], Endpoint]:
        return self._route("PUT", path, permission, options)

    def patch(self, path: str, permission: Permission, **options: Unpack[Options]) -> Callable[[Endpoint], Endpoint]:
        return self._route("PATCH", path, permission, options)

    def delete(self, path: str, permission: Permission, **options: Unpack[Options]) -> Callable[[Endpoint], Endpoint]:
        return self._route("DELETE", path, permission, options)

    def _route(
        self, method: str, path: str, permission: Permission, options: Options
    ) -> Callable[[Endpoint], Endpoint]:
        def declare(endpoint: Endpoint) -> Endpoint:
            self.declared.append(Declared(method, self.base + path, permission, endpoint, **options))
            return endpoint

        return declare

    def add_to(self, app: FastAPI) -> "list[tuple[Declared, Route]]":
        """Puts the routes into an app, as they are: an included router would match every path twice."""
        added = [(declared, Route(self.noun, declared)) for declared in self.declared]
        app.router.routes.extend(route for _, route in added)
        return added


class Route(APIRoute):
    """A declared route in the app."""

    def __init__(self, noun: str, declared: Declared) -> None:
        self.declared = declared
        self._begins = declared.path.partition("{")[0]
        endpoint = _documented(declared.endpoint) if declared.lean else declared.endpoint
        documented: dict[str, Any] = {"response_model": declared.answer} if declared.answer or declared.lean else {}
        super().__init__(
            declared.path,
            endpoint,
            methods=[declared.method],
            status_code=declared.status,
            tags=[noun],
            operation_id=declared.endpoint.__name__,
            responses={"default": {"description": "Not done, and why.", "content": _PROBLEM}},
            openapi_extra=_extra(declared),
            **documented,
        )
        if declared.lean:
            self.app = _lean(declared)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether the request is for this route; most are told apart by how their paths begin."""
        if not scope["path"].startswith(self._begins):
            return Match.NONE, {}
        return super().matches(scope)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's own handling behind the door."""
        inner = super().get_route_handler()
        declared = self.declared

        async def handle(request: Request) -> Response:
            try:
                refuse_nul(request)
                await admit(request, declared.permission)
                if self.body_field is not None and not declared.raw_body:
                    request = await _checked(request, declared.body_bytes_max)
                return await inner(request)
            except Exception as error:  # noqa: BLE001 - those that are ours go on
                return answer_to(request, error)

        return handle


def answer_to(request: Request, error: Exception) -> Response:
    """What the caller is told of an exception; one that is a fault of ours goes on."""
    problem = problem_of(error)
    if problem is None:
        raise error
    return problem_response(request, problem)


def refuse_nul(request: Request) -> None:
    """Raises Problem 400 for a NUL in path or query, which no text of the database can hold."""
    if b"%00" in request.scope["query_string"] or "\0" in request.scope["path"]:
        raise Problem(400, Reason("control_character", params={"character": "U+0000"}))


async def _checked(request: Request, bytes_max: int) -> Request:
    """The request with its body read and looked at: JSON, not too large, nothing in it that cannot be kept."""
    body = await read_json(request, bytes_max)
    try:
        orjson.loads(body or b"null")
    except orjson.JSONDecodeError as fault:
        raise Problem(400, Reason("body_unreadable", params={"detail": str(fault)})) from None

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request(request.scope, receive)


def _lean(declared: Declared) -> ASGIApp:
    """The whole handling of a lean route."""
    endpoint = declared.endpoint
    needs = _needs(endpoint)
    numbers = [name for name in needs.path if needs.hints[name] is int]
    body, bytes_max = needs.body, declared.body_bytes_max

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        try:
            refuse_nul(request)
            caller = await admit(request, declared.permission)
            arguments: dict[str, Any] = dict(scope.get("path_params", ()))
            for name in numbers:
                arguments[name] = _number(arguments[name])
            for name, read in needs.read:
                arguments[name] = read(request)
            if needs.request:
                arguments[needs.request] = request
            if needs.caller:
                arguments[needs.caller] = caller
            if body:
                arguments[body[0]] = _read(body[1], await read_json(request, bytes_max))
            response = await endpoint(**arguments)
        except Exception as error:  # noqa: BLE001 - those that are ours go on
            response = answer_to(request, error)
        await response(scope, receive, send)

    return app


def _read(model: type[BaseModel], body: bytes) -> BaseModel:
    if not body:
        raise Problem(422, Reason("required"))
    return model.model_validate_json(body)


def _number(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text):
        raise not_found()
    return int(text)


def _if_match(request: Request) -> str | None:
    return request.headers.get("if-match")


_READERS: tuple[tuple[Any, Callable[[Request], Any]], ...] = ((IdempotencyKey, idempotency_key), (IfMatch, _if_match))


@dataclass(frozen=True, slots=True)
class _Needs:
    """What a lean endpoint's parameters are filled with."""

    hints: dict[str, Any]
    request: str | None
    caller: str | None
    body: tuple[str, type[BaseModel]] | None
    path: tuple[str, ...]
    read: tuple[tuple[str, Callable[[Request], Any]], ...]


def _needs(endpoint: Callable[..., Any]) -> _Needs:
    hints = get_type_hints(endpoint, include_extras=True)
    hints.pop("return", None)
    readers = [(name, read) for name, hint in hints.items() for alias, read in _READERS if hint == alias]
    bodies = [(n, h) for n, h in hints.items() if isinstance(h, type) and issubclass(h, BaseModel)]
    needs = _Needs(
        hints=hints,
        request=next((name for name, hint in hints.items() if hint is Request), None),
        caller=next((name for name, hint in hints.items() if hint == Asker), None),
        body=bodies[0] if bodies else None,
        path=tuple(name for name, hint in hints.items() if hint in (str, int)),
        read=tuple(readers),
    )
    filled = [needs.request, needs.caller, *(name for name, _ in bodies[:1]), *needs.path, *(n for n, _ in readers)]
    if unfilled := hints.keys() - set(filled):
        raise TypeError(f"{endpoint.__qualname__} is lean and cannot be given {', '.join(sorted(unfilled))}")
    return needs


def _documented(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """A stand-in with the parameters that the OpenAPI document tells of."""
    needs = _needs(endpoint)

    async def documented() -> None:
        """Never called: the lean handling calls the endpoint."""

    hidden = {needs.request, needs.caller}
    signature = inspect.signature(endpoint)
    parameters = [
        parameter.replace(annotation=needs.hints[name], kind=inspect.Parameter.KEYWORD_ONLY)
        for name, parameter in signature.parameters.items()
        if name not in hidden
    ]
    documented.__signature__ = signature.replace(parameters=parameters, return_annotation=None)  # type: ignore[attr-defined]
    documented.__name__ = endpoint.__name__
    documented.__doc__ = endpoint.__doc__
    return documented


_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemBody"}}}


def _extra(declared: Declared) -> dict[str, Any]:
    public = declared.permission is Permission.PUBLIC
    security: list[dict[str, list[str]]] = [] if public else [{"session": []}, {"token": []}]
    return {"x-permission": declared.permission.value, "security": security, **declared.extra}
