"""The plant: its items one by one, what hangs together in it, and who answers where."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import Query
from pydantic import AwareDatetime, BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from anhuan.app.equipment_labels import equipment_label_svg
from anhuan.app.permission import Permission
from anhuan.app.plant_schema import item_schema
from anhuan.app.plant_words import plant_problem_text
from anhuan.app.setup import ItemStale, PlantRefused
from anhuan.core.case.outcome import Reason
from anhuan.domain.ids import AreaId, PostId
from anhuan.domain.party import PostParty
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import ITEM_TYPES, Area, Equipment, PlantItem, Post
from anhuan.domain.plant_reading import PlantProblem, decode_items, encode_item
from anhuan.http.exchange import (
    PAGE,
    After,
    IfMatch,
    Limit,
    cursor,
    etag,
    expected_version,
    json_answer,
    read_cursor,
    stale,
)
from anhuan.http.plant_choices import ChoicesBody, choices_of
from anhuan.http.problems import Problem, ReasonBody, not_found
from anhuan.http.routes import Asker, Routes
from anhuan.http.scope import language_of, services
from anhuan.http.worded import worded
from anhuan.ports.identity import Language
from anhuan.ports.plants import PlantChanged

routes = Routes("plant")

_UNCHANGED = {"responses": {"304": {"description": "The plant is as `If-None-Match` says."}}}
_SVG_ANSWER = {"responses": {"200": {"content": {"image/svg+xml": {"schema": {"type": "string"}}}}}}

TRIES = 4
"""How often an edit is made again because another came between."""

Kind = str


class PlantBody(BaseModel):
    """The plant as a whole."""

    version: int
    counts: dict[str, int] = Field(description="Kind of item -> how many there are.")


class AreaNode(BaseModel):
    """An area in the tree."""

    id: str
    name: str
    parent: str | None
    owners: list[str] = Field(description="Names of who answers for it now.")
    equipment: int = Field(description="Pieces that stand directly in it.")
    open_cases: int | None = Field(None, description="Null for whoever does not see every case.")
    overdue_cases: int | None = None


class TreeBody(BaseModel):
    """Every area; `parent` makes the tree."""

    items: list[AreaNode]


class ItemBody(BaseModel):
    """An item."""

    id: str
    version: int = Field(description="The plant's version in which it was last changed; its ETag.")
    body: dict[str, Any] = Field(description="As GET /plant/{kind}/schema says.")


class ItemsPage(BaseModel):
    """A page of items by name."""

    items: list[ItemBody]
    next: str | None


class PostHolder(BaseModel):
    """Somebody who answers for a post."""

    id: str
    name: str
    on_duty: bool


class WhoBody(BaseModel):
    """Who answers for a post at a moment, those at work first; empty: nobody, and the next rung is asked."""

    at: datetime
    holders: list[PostHolder]


class ItemToPut(BaseModel):
    """An item's fields, as GET /plant/{kind}/schema says."""

    model_config = {"extra": "allow"}


@routes.get("/plant", Permission.PLANT_SEE)
async def plant(request: Request, caller: Asker) -> PlantBody:
    """The plant's version, and how many items of each kind it has."""
    found = await _plant(request, caller)
    return PlantBody(version=found.version, counts={kind: len(found.every(t)) for kind, t in ITEM_TYPES.items()})


@routes.get("/plant/tree", Permission.PLANT_SEE)
async def plant_tree(request: Request, caller: Asker) -> TreeBody:
    """Areas with who answers for each, and how much stands and is open in it."""
    found, at = await _plant(request, caller), services(request).clock()
    sees_all = Permission.CASES_SEE_ALL in caller.permissions
    loads = await services(request).plants.area_loads(caller.tenant_id, at) if sees_all else None
    standing: dict[str, int] = {}
    for piece in found.every(Equipment).values():
        standing[piece.area] = standing.get(piece.area, 0) + 1
    nodes = []
    for area in found.every(Area).values():
        owners = [found.name_of(person) for person in found.owners_of(area.id, at)]
        count, late = loads.get(area.id, (0, 0)) if loads is not None else (None, None)
        nodes.append(
            AreaNode(
                id=area.id,
                name=area.name,
                parent=area.parent,
                owners=owners,
                equipment=standing.get(area.id, 0),
                open_cases=count,
                overdue_cases=late,
            )
        )
    return TreeBody(items=nodes)


@routes.get("/plant/who", Permission.PLANT_SEE)
async def who_answers(
    request: Request,
    caller: Asker,
    post: Annotated[str, Query(max_length=128, description="Id of the post.")],
    area: Annotated[str | None, Query(max_length=128, description="Id of the area.")] = None,
    at: Annotated[AwareDatetime | None, Query(description="The moment; now unless said.")] = None,
) -> WhoBody:
    """Who answers for a post, in an area where it is held so, at a moment (now unless said)."""
    found, moment = await _plant(request, caller), at or services(request).clock()
    if found.get(Post, post) is None or (area is not None and found.get(Area, area) is None):
        raise not_found()
    holders = found.holders(PostParty(PostId(post), AreaId(area) if area else None), moment)
    people = [PostHolder(id=one, name=found.name_of(one), on_duty=found.on_duty(one, moment)) for one in holders]
    return WhoBody(at=moment, holders=people)


@routes.get("/plant/choices", Permission.PLANT_SEE, answer=ChoicesBody, extra=_UNCHANGED)
async def plant_choices(request: Request, caller: Asker) -> Response:
    """Areas, equipment, people, teams and posts for pickers: small, and 304 while the plant is the same."""
    found = await _plant(request, caller)
    headers = {"ETag": etag(found.version), "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return json_answer(choices_of(found, services(request).clock()), headers=headers)


@routes.get("/plant/{kind}", Permission.PLANT_SEE)
async def list_items(
    request: Request,
    caller: Asker,
    kind: Kind,
    q: Annotated[str, Query(max_length=100, description="Part of a name, number or id.")] = "",
    limit: Limit = PAGE,
    after: After = None,
) -> ItemsPage:
    """Items of a kind by name."""
    found, start = await _plant(request, caller), read_cursor(after, str, str)
    items = [(_sorting(item), item) for item in found.every(_type(kind)).values() if _matches(item, q)]
    listed = sorted(((key, item) for key, item in items if start is None or key > start), key=lambda pair: pair[0])
    page = listed[:limit]
    versions = await services(request).plants.item_versions(caller.tenant_id, kind)
    return ItemsPage(
        items=[_item_body(item, versions.get(item.id, 0)) for _, item in page],
        next=cursor(page[-1][0]) if len(listed) > limit else None,
    )


@routes.get("/plant/{kind}/schema", Permission.PLANT_SEE, answer=dict[str, Any])
async def plant_item_schema(request: Request, caller: Asker, kind: Kind) -> Response:
    """The JSON Schema of the kind's items, with titles in the caller's language; `x-ref` names the kind of an id."""
    _type(kind)
    return json_answer(item_schema(kind, language_of(request)))


@routes.get("/plant/{kind}/{id}", Permission.PLANT_SEE, answer=ItemBody)
async def plant_item(request: Request, caller: Asker, kind: Kind, id: str) -> Response:
    """One item; its ETag is for If-Match."""
    item = (await _plant(request, caller)).get(_type(kind), id)
    version = await services(request).plants.item_version(caller.tenant_id, kind, id)
    if item is None or version is None:
        raise not_found()
    return json_answer(_item_body(item, version), headers={"ETag": etag(version)})


@routes.put("/plant/{kind}/{id}", Permission.PLANT_EDIT, answer=ItemBody)
async def put_item(
    request: Request, caller: Asker, kind: Kind, id: str, body: ItemToPut, if_match: IfMatch = None
) -> Response:
    """Make an item or change it. `If-Match: "0"` for a new one, else its ETag; 428 without."""
    _type(kind)
    read = decode_items(kind, [{**_without_blanks(body.model_extra or {}), "id": id}])
    if read.problems:
        raise _refused(read.problems, language_of(request))
    version = await _edit(request, caller, (kind, id), if_match, put=read.items)
    return json_answer(_item_body(read.items[0], version), headers={"ETag": etag(version)})


@routes.delete("/plant/{kind}/{id}", Permission.PLANT_EDIT, status=204)
async def remove_item(request: Request, caller: Asker, kind: Kind, id: str, if_match: IfMatch = None) -> Response:
    """Remove an item that nothing names. Who leaves is not removed: fill in `left_on`."""
    _type(kind)
    if (await _plant(request, caller)).get(_type(kind), id) is None:
        raise not_found()
    await _edit(request, caller, (kind, id), if_match, remove=[(kind, id)])
    return Response(status_code=204)


@routes.get("/plant/equipment/{id}/qr.svg", Permission.PLANT_SEE, extra=_SVG_ANSWER)
async def equipment_plate(request: Request, caller: Asker, id: str) -> Response:
    """The plate to be printed and stuck on: QR code, number, name."""
    piece = (await _plant(request, caller)).get(Equipment, id)
    if piece is None:
        raise not_found()
    plate = equipment_label_svg(caller.tenant_id, piece.id, number=piece.number, name=piece.name)
    return Response(plate, media_type="image/svg+xml")


@contextmanager
def plant_speaking(request: Request) -> Iterator[None]:
    """What is refused becomes a problem."""
    try:
        yield
    except PlantRefused as refused:
        raise _refused(refused.problems, language_of(request)) from None
    except ItemStale as changed:
        raise stale(changed.version) from None
    except PlantChanged:
        raise Problem(503, Reason("plant_changing"), headers={"Retry-After": "1"}) from None


async def _edit(
    request: Request,
    caller: Asker,
    item: tuple[str, str],
    if_match: str | None,
    *,
    put: tuple[PlantItem, ...] = (),
    remove: list[tuple[str, str]] | None = None,
) -> int:
    if if_match is None:
        raise Problem(428, Reason("if_match_needed"))
    version = expected_version(if_match)
    expected = None if version is None else {item: version}
    editor = services(request).editor
    with plant_speaking(request):
        for _ in range(TRIES - 1):
            try:
                return await editor.edit(caller.tenant_id, caller.person, put, remove or (), expected)
            except PlantChanged:
                continue
        return await editor.edit(caller.tenant_id, caller.person, put, remove or (), expected)


def _refused(problems: tuple[PlantProblem, ...], language: Language) -> Problem:
    taken = {"number_taken", "held_twice", "rostered_twice", "in_use", "named_by_cases", "person_named_by_cases"}
    status = 409 if all(problem.code in taken for problem in problems) else 422
    return worded(status, [problem_body(problem, language) for problem in problems])


def problem_body(problem: PlantProblem, language: Language, prefix: str = "") -> ReasonBody:
    """A problem of the plant's as the API tells it."""
    where: dict[str, object] = {"kind": problem.kind, "item": problem.item, "row": problem.row}
    return ReasonBody(
        code=problem.code,
        field=f"/{problem.field}" if problem.field else "",
        text=prefix + plant_problem_text(problem, language),
        params=msgspec.to_builtins({**problem.params, **where}),
    )


async def _plant(request: Request, caller: Asker) -> Plant:
    return (await services(request).snapshots.get(caller.tenant_id)).plant


def _type(kind: str) -> type[PlantItem]:
    found = ITEM_TYPES.get(kind)
    if found is None:
        raise not_found()
    return found


def _item_body(item: PlantItem, version: int) -> ItemBody:
    return ItemBody(id=item.id, version=version, body=encode_item(item))


def _sorting(item: PlantItem) -> tuple[str, str]:
    return (str(getattr(item, "number", "") or getattr(item, "name", "") or item.id), item.id)


def _matches(item: PlantItem, q: str) -> bool:
    words = (item.id, getattr(item, "name", ""), getattr(item, "number", ""), *getattr(item, "aliases", ()))
    return not q or any(q.casefold() in str(word).casefold() for word in words)


def _without_blanks(body: Mapping[str, Any]) -> dict[str, Any]:
    """Lists as forms send them: a blank entry (a day off in a rotation) is none."""
    return {
        name: [None if one == "" else one for one in value] if isinstance(value, list) else value
        for name, value in body.items()
    }
