"""Around every answer: headers that keep browsers strict, and an answer even when we are at fault.

A plain ASGI layer around everything that answers, so that it costs next to nothing and nothing escapes it.
"""

import logging
import secrets

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from anhuan.http.entry import is_https
from anhuan.http.problems import fault_response

log = logging.getLogger(__name__)

API_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
"""For everything that is no page; the style is for drawings (SVG), which carry their own."""

ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
UNLESS_SAID = {"content-security-policy": API_POLICY, "cache-control": "no-store"}
HSTS = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")

_ALWAYS = [(name.encode(), value.encode()) for name, value in ALWAYS.items()]
_UNLESS_SAID = [(name.encode(), value.encode()) for name, value in UNLESS_SAID.items()]


class Shell:
    """The layer around the app, or around one route of it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def send_strictly(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers: list[tuple[bytes, bytes]] = list(message.get("headers", ()))
                said = {name for name, _ in headers}
                headers += _ALWAYS
                headers += [header for header in _UNLESS_SAID if header[0] not in said]
                if is_https(Request(scope)):
                    headers.append(HSTS)
                message["headers"] = headers
            await send(message)

        try:
            await self._app(scope, receive, send_strictly)
        except Exception:
            id = secrets.token_hex(6)
            log.exception("fault %s at %s %s", id, scope["method"], scope["path"])
            if begun:
                raise  # half an answer is out: the connection must break, so that nobody takes it for the whole
            await fault_response(Request(scope), id)(scope, receive, send_strictly)
