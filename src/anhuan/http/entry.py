"""The door: who asks, may they, and does the request come from our own pages.

cookie `__Host-anhuan` (https) or `anhuan_session` (http), and on unsafe methods the header X-CSRF-Token
Authorization: Bearer <api token>                           (no browser sends it by itself, so no CSRF)
"""

import hmac
import ipaddress
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import Response

from anhuan.app.identity import LONGEST, Caller
from anhuan.app.permission import BY_SESSION_ONLY, Permission, may, permissions_of
from anhuan.core.case.outcome import Reason
from anhuan.http.problems import Problem
from anhuan.http.scope import header, put_caller, services

SECURE_COOKIE = "__Host-anhuan"
PLAIN_COOKIE = "anhuan_session"
CSRF_HEADER = b"x-csrf-token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


async def admit(request: HTTPConnection, permission: Permission) -> Caller | None:
    """Who asks, if they may. Raises Problem 401 (nobody signed in) or 403 (may not, or a forged request).

    None only where the permission is `public`; nobody is looked up there.
    """
    if permission is Permission.PUBLIC:
        return None
    caller = await _caller(request)
    if caller is None:
        raise Problem(401, Reason("not_signed_in"), headers={"WWW-Authenticate": 'Bearer realm="anhuan"'})
    put_caller(request, caller)
    if not may(caller.permissions, permission):
        raise Problem(403, Reason(_why_not(caller, permission), params={"permission": permission.value}))
    if caller.csrf is not None and request.scope["method"] not in SAFE_METHODS:
        refuse_foreign(request)
        if not hmac.compare_digest(caller.csrf, header(request, CSRF_HEADER) or ""):
            raise Problem(403, Reason("csrf_token_wrong"))
    return caller


async def _caller(request: HTTPConnection) -> Caller | None:
    authorization = header(request, b"authorization")
    identity = services(request).identity
    if authorization is not None:
        scheme, _, text = authorization.partition(" ")
        return await identity.by_token(text.strip()) if scheme.lower() == "bearer" else None
    return await identity.by_session(session_text(request))


def _why_not(caller: Caller, permission: Permission) -> str:
    by_token = caller.session_hash is None
    if by_token and permission in BY_SESSION_ONLY and permission in permissions_of(caller.account.roles):
        return "session_needed"
    return "permission_missing"


def refuse_foreign(request: HTTPConnection) -> None:
    """Raises Problem 403 where the browser says that another site's page makes the request."""
    site = header(request, b"sec-fetch-site")
    if site is not None and site not in {"same-origin", "none"}:
        raise Problem(403, Reason("foreign_origin"))
    origin = header(request, b"origin")
    if origin is not None and urlsplit(origin)[:2] != urlsplit(own_origin(request))[:2]:
        raise Problem(403, Reason("foreign_origin"))


def own_origin(request: HTTPConnection) -> str:
    """Scheme and host under which browsers know this server."""
    public_url = services(request).public_url
    return public_url or f"{request.scope['scheme']}://{header(request, b'host') or ''}"


def is_https(request: HTTPConnection) -> bool:
    """Whether the browser's side of the connection is encrypted."""
    public_url = services(request).public_url
    return public_url.startswith("https:") if public_url else request.scope["scheme"] == "https"


def session_text(request: HTTPConnection) -> str | None:
    """The session cookie's text, if the browser sent one."""
    name = SECURE_COOKIE if is_https(request) else PLAIN_COOKIE
    for cookie in (header(request, b"cookie") or "").split(";"):
        own, _, text = cookie.strip().partition("=")
        if own == name:
            return text
    return None


def give_cookie(request: HTTPConnection, response: Response, text: str) -> None:
    """Hands the browser its session. How long it really lasts is decided here, at each request."""
    secure = is_https(request)
    response.set_cookie(
        SECURE_COOKIE if secure else PLAIN_COOKIE,
        text,
        max_age=int(LONGEST.total_seconds()),
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def take_cookie(request: HTTPConnection, response: Response) -> None:
    """Takes the browser's session away."""
    secure = is_https(request)
    name = SECURE_COOKIE if secure else PLAIN_COOKIE
    response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="lax")


def came_over_network(request: HTTPConnection) -> bool:
    """Whether the request reached an address that others can reach too, not only this machine's own."""
    server = request.scope.get("server")
    if not server or server[1] is None:  # a Unix socket: a proxy stands before it
        return True
    try:
        address = ipaddress.ip_address(server[0].partition("%")[0])
    except ValueError:
        return bool(server[0] != "localhost")
    mapped = getattr(address, "ipv4_mapped", None)
    return not (mapped or address).is_loopback
