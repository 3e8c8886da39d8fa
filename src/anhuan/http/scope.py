"""What a request carries with it through the house: who asks, in which language, and the services."""

from typing import cast

from starlette.requests import HTTPConnection

from anhuan.app.identity import Caller
from anhuan.http.services import Services
from anhuan.http.words import FIRST, chosen_language
from anhuan.ports.identity import Language

_CALLER = "anhuan.caller"
_HEADERS = "anhuan.headers"


def services(request: HTTPConnection) -> Services:
    """The use cases that the app was made with."""
    return cast(Services, request.scope["app"].state.services)


def header(request: HTTPConnection, name: bytes) -> str | None:
    """A header, its name given in lower case. Starlette's own look goes through all of them each time."""
    headers: dict[bytes, bytes] | None = request.scope.get(_HEADERS)
    if headers is None:
        headers = request.scope[_HEADERS] = dict(request.scope["headers"])
    value = headers.get(name)
    return None if value is None else value.decode("latin-1")


def put_caller(request: HTTPConnection, caller: Caller | None) -> None:
    """Notes who asks, as the session or token says."""
    request.scope[_CALLER] = caller


def caller_or_nobody(request: HTTPConnection) -> Caller | None:
    """Who asks; None: nobody is signed in, or it was not looked at yet."""
    return cast("Caller | None", request.scope.get(_CALLER))


def language_of(request: HTTPConnection) -> Language:
    """The language to answer in: what the request accepts, else the account's or tenant's, else Chinese."""
    caller = caller_or_nobody(request)
    return chosen_language(header(request, b"accept-language"), caller.language if caller else FIRST)
