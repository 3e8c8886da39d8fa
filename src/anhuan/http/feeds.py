"""Feeds: closed cases for other systems, page by page as JSON or CSV."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from fastapi import Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from anhuan.app.feed import ColumnUnknown, FeedRecord, chosen
from anhuan.app.permission import Permission
from anhuan.core.case.outcome import Reason
from anhuan.http.exchange import After, Limit, cursor, json_answer, read_cursor
from anhuan.http.kinds import KindInPath
from anhuan.http.problems import Problem, not_found
from anhuan.http.routes import Asker, Routes
from anhuan.http.scope import services
from anhuan.http.speaking import viewer_of
from anhuan.ports.register import PageEnd

CSV = "text/csv; charset=utf-8"
_PLAIN = tuple(field for field in FeedRecord.__struct_fields__ if field != "columns")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins like this would be computed by a spreadsheet."""
routes = Routes("feeds")


class FeedItem(BaseModel):
    """A closed case. Opened again and closed once more, it comes again under the same `id` with a higher `version`."""

    id: str
    version: int
    kind: str
    number: str
    title: str
    outcome: str
    opened_at: datetime
    closed_at: datetime
    area: str | None
    area_name: str = Field(description="What the area is called now.")
    person: str | None = Field(description="Whom the case is about.")
    person_name: str = Field(description="What they are called.")
    person_number: str = Field(description="Their number in the plant's own books.")
    columns: dict[str, Any] = Field(description="Field -> what was said of it last.")


class FeedAnswer(BaseModel):
    """A page of a feed, in the order in which the cases closed."""

    items: list[FeedItem]
    next: str | None


_CSV_ANSWER = {"responses": {"200": {"content": {"text/csv": {"schema": {"type": "string"}}}}}}


@routes.get("/feeds/{kind}", Permission.CASES_EXPORT, answer=FeedAnswer, extra=_CSV_ANSWER)
async def feed(
    request: Request,
    caller: Asker,
    kind: KindInPath,
    since: Annotated[datetime | None, Query(description="Closed at or after; without a zone, the plant's.")] = None,
    columns: Annotated[
        str, Query(max_length=2000, description="Fields of the kind, separated by commas; all of its own form.")
    ] = "",
    form: Annotated[Literal["json", "csv"], Query(alias="format", description="JSON, or CSV with a head.")] = "json",
    limit: Limit = 50,
    after: After = None,
) -> Response:
    """Closed cases of a kind for another system. CSV has the next page's `after` in the header `X-Next`."""
    viewer, house = viewer_of(request, caller), services(request)
    pack = await house.feed.pack(viewer, kind)
    if pack is None:
        raise not_found()
    try:
        wanted = chosen(pack, pack.kinds[kind], [name.strip() for name in columns.split(",") if name.strip()])
    except ColumnUnknown as unknown:
        params: dict[str, object] = {"column": unknown.column, "known": list(unknown.known)}
        raise Problem(400, Reason("feed_column_unknown", "/columns", params)) from None
    if since is not None and since.tzinfo is None:
        since = since.replace(tzinfo=(await house.snapshots.get(caller.tenant_id)).plant.zone)
    ended = read_cursor(after, (str, type(None)), str)
    page = await house.feed.page(
        viewer, pack.kinds[kind], wanted, since, limit, PageEnd(ended[0], ended[1]) if ended else None
    )
    onward = cursor((page.next.value, page.next.id)) if page.next else None
    if form == "csv":
        headers = {"X-Next": onward} if onward else {}
        return Response(_csv(page.items, wanted), media_type=CSV, headers=headers)
    return json_answer({"items": msgspec.to_builtins(page.items), "next": onward})


def _csv(items: Sequence[FeedRecord], columns: Sequence[str]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([*_PLAIN, *columns])
    writer.writerows(_row(item, columns) for item in items)
    return text.getvalue()


def _row(item: FeedRecord, columns: Sequence[str]) -> Iterator[object]:
    for field in _PLAIN:
        yield _cell(getattr(item, field))
    for column in columns:
        yield _cell(item.columns[column])


def _cell(value: object) -> object:
    match value:
        case None:
            return ""
        case datetime():
            return value.isoformat()
        case str():
            return f"'{value}" if value.startswith(_FORMULA) else value
        case dict() | list():
            return msgspec.json.encode(value).decode()
        case _:
            return value
