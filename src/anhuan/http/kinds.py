"""Kinds of cases, as clients render them; and their tables and diagrams. Clients name no pack: all is here."""

from datetime import date
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from anhuan.app.permission import Permission
from anhuan.app.view.kind_shapes import KindView, TableKindView
from anhuan.app.view.kinds import kind_view, table_views
from anhuan.app.view.lens import Lens
from anhuan.http.problems import not_found
from anhuan.http.routes import Asker, Routes
from anhuan.http.scope import services
from anhuan.http.speaking import viewer_of
from anhuan.packs.library import Entry
from anhuan.packs.show import show_svg

routes = Routes("kinds")

_SVG_ANSWER = {"responses": {"200": {"content": {"image/svg+xml": {"schema": {"type": "string"}}}}}}

KindInPath = Annotated[str, Path(max_length=64, description="The kind's key, as its pack names it.")]


class KindsBody(BaseModel):
    """Every kind that is in force."""

    items: list[KindView]


class LibraryEntry(BaseModel):
    """One thing that the pack offers for a field."""

    key: str
    text: str = Field(description="What the field is filled with.")
    sets: dict[str, Any] = Field(description="Other fields of the form and what they become.")
    source: str | None = Field(description="The text and clause that it stands in, with its edition.")


class LibraryBody(BaseModel):
    """What the pack offers for a field."""

    items: list[LibraryEntry]


class TablesBody(BaseModel):
    """The tables by which cases of a kind are routed."""

    items: list[TableKindView]


async def _lenses(request: Request, caller: Asker) -> dict[str, Lens]:
    house, viewer = services(request), viewer_of(request, caller)
    snapshot = await house.snapshots.get(caller.tenant_id)
    return {
        kind.key: viewer.lens(snapshot.plant, pack, kind, house.clock())
        for pack in snapshot.packs.values()
        for kind in pack.kinds.values()
    }


async def _lens(request: Request, caller: Asker, kind: str) -> Lens:
    lens = (await _lenses(request, caller)).get(kind)
    if lens is None:
        raise not_found()
    return lens


@routes.get("/kinds", Permission.KINDS_SEE)
async def kinds(request: Request, caller: Asker) -> KindsBody:
    """Every kind of case that is in force, with forms, stages, moves and words in the caller's language."""
    return KindsBody(items=[kind_view(lens) for lens in (await _lenses(request, caller)).values()])


@routes.get("/kinds/{kind}", Permission.KINDS_SEE)
async def kind(request: Request, caller: Asker, kind: KindInPath) -> KindView:
    """One kind of case."""
    return kind_view(await _lens(request, caller, kind))


@routes.get("/kinds/{kind}/library", Permission.KINDS_SEE)
async def kind_library(
    request: Request,
    caller: Asker,
    kind: KindInPath,
    field: Annotated[str, Query(max_length=64, description="A field of the kind's form that has a library.")],
    q: Annotated[str, Query(max_length=500, description="What was typed so far.")] = "",
    category: Annotated[str | None, Query(max_length=64, description="Only entries of this category.")] = None,
    on: Annotated[date | None, Query(description="The day of the finding; today where it is left out.")] = None,
) -> LibraryBody:
    """What the pack offers for a field: entries in force on the day that say what was typed, the closest first."""
    lens = await _lens(request, caller, kind)
    day = on or lens.at.astimezone(lens.plant.zone).date()
    about = {lens.kind.subject.get("category", "category"): category} if category else {}
    found = [one for one in lens.pack.libraries.values() if (one.form, one.field) == (lens.kind.form, field)]
    return LibraryBody(
        items=[
            LibraryEntry(key=entry.key, text=entry.text(lens.language), sets=dict(entry.sets), source=_cited(entry))
            for library in found
            for entry in library.offered(q, day, about)
        ]
    )


def _cited(entry: Entry) -> str | None:
    source = entry.source
    return " ".join(filter(None, (source.text, source.edition, source.clause))) if source else None


@routes.get("/kinds/{kind}/diagram.svg", Permission.KINDS_SEE, extra=_SVG_ANSWER)
async def kind_diagram(request: Request, caller: Asker, kind: KindInPath) -> Response:
    """The stages of the kind as a picture, in the caller's language."""
    lens = await _lens(request, caller, kind)
    return Response(show_svg(lens.pack, kind, lens.language, lens.plant), media_type="image/svg+xml")


@routes.get("/kinds/{kind}/tables", Permission.PACKS_SEE)
async def kind_tables(request: Request, caller: Asker, kind: KindInPath) -> TablesBody:
    """The decision tables of the kind's pack, every cell in words."""
    return TablesBody(items=table_views(await _lens(request, caller, kind)))
