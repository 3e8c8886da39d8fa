"""What requests and answers have in common: bodies, versions (ETag, If-Match), idempotency keys and pages.

The aliases at the end stand in a route's signature, so that they are documented; a lean route's are filled in too.
"""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import msgspec
import orjson
from fastapi import Header, Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from anhuan.core.case.outcome import Reason
from anhuan.http.problems import Problem
from anhuan.http.scope import header

JSON_BYTES_MAX = 1024 * 1024
PAGE_MAX = 200
PAGE = 50

_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_KEY = re.compile(r"[\x21-\x7e]{1,128}")
_ETAG = re.compile(r'(?:W/)?"(\d{1,18})"')


async def read_body(request: Request, bytes_max: int) -> bytes:
    """The body, never more than `bytes_max` of it in memory. Raises Problem 413."""
    length = header(request, b"content-length")
    if length is not None and length.isdigit() and int(length) > bytes_max:
        raise too_large(bytes_max)
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > bytes_max:
            raise too_large(bytes_max)
        parts.append(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


async def read_json(request: Request, bytes_max: int = JSON_BYTES_MAX) -> bytes:
    """A JSON body that the database can keep. Raises Problem 413, 415, and 422 for a NUL, which no text field takes."""
    media_type = header(request, b"content-type")
    if media_type is not None and not media_type.partition(";")[0].strip().lower().endswith(("/json", "+json")):
        raise Problem(
            415, Reason("media_type_not_taken", params={"value": media_type[:100], "types": ["application/json"]})
        )
    body = await read_body(request, bytes_max)
    if b"\\u0000" in body and _NUL.search(body):
        raise Problem(422, Reason("control_character", params={"character": "U+0000"}))
    return body


def too_large(bytes_max: int) -> Problem:
    """The body is larger than is taken here."""
    return Problem(
        413, Reason("body_too_large", params={"limit_bytes": bytes_max, "limit_mb": f"{bytes_max / 2**20:g}"})
    )


def json_answer(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A value as JSON: a msgspec Struct, a Pydantic model, or what orjson knows (dict, list, datetime ...)."""
    if isinstance(value, msgspec.Struct):
        body = msgspec.json.encode(value)
    elif isinstance(value, BaseModel):
        body = value.model_dump_json(by_alias=True).encode()
    else:
        body = orjson.dumps(value, default=msgspec.to_builtins, option=orjson.OPT_UTC_Z)
    return Response(body, status, headers, "application/json")


def etag(version: int) -> str:
    """The ETag of a version."""
    return f'"{version}"'


def expected_version(if_match: str | None) -> int | None:
    """The version that an If-Match header asks for; None: any. Raises Problem 400 for a malformed header."""
    if if_match is None or if_match.strip() == "*":
        return None
    match = _ETAG.fullmatch(if_match.strip())
    if not match:
        raise Problem(400, Reason("if_match_unreadable", params={"value": if_match[:100]}))
    return int(match[1])


def stale(now: int) -> Problem:
    """The thing changed since the caller read it: 412, with the ETag of the version that there is now."""
    return Problem(412, Reason("version_stale", params={"version": now}), headers={"ETag": etag(now)})


def idempotency_key(request: Request) -> str | None:
    """The Idempotency-Key header. Raises Problem 400 unless it is 1 to 128 visible ASCII characters."""
    key = header(request, b"idempotency-key")
    if key is not None and not _KEY.fullmatch(key):
        raise Problem(400, Reason("idempotency_key_malformed"))
    return key


def cursor(values: Sequence[str | int | float | bool | None]) -> str:
    """Where a page ended, as the opaque text for `?after=`: the sort keys of its last row.

    It is neither signed nor secret: whatever it says, a query only ever looks inside the caller's own tenant and sight.
    """
    return base64.urlsafe_b64encode(orjson.dumps(list(values))).rstrip(b"=").decode()


def read_cursor(after: str | None, *kinds: type | tuple[type, ...]) -> tuple[Any, ...] | None:
    """The sort keys in `?after=`, of these types; None at the first page. Raises Problem 400."""
    if not after:
        return None
    try:
        values = orjson.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    except (ValueError, binascii.Error):
        values = None
    fits = isinstance(values, list) and len(values) == len(kinds)
    if not fits or not all(isinstance(value, kind) for value, kind in zip(values, kinds, strict=True)):
        raise Problem(400, Reason("cursor_unreadable", "/after"))
    return tuple(values)


Limit = Annotated[int, Query(ge=1, le=PAGE_MAX, description="At most so many items.")]
After = Annotated[str | None, Query(max_length=2000, description="`next` of the page before.")]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=128,
        description="Sent again with the same key and body, the answer is the same and nothing is made twice.",
    ),
]
IfMatch = Annotated[
    str | None, Header(alias="If-Match", description="The ETag that was read; 412 when the thing changed since.")
]
