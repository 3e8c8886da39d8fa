"""Packs: which are published, their files, whether a new one may be, and publishing it."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from pydantic import BaseModel, Field
from starlette.requests import Request

from anhuan.app.permission import Permission
from anhuan.app.view.lens import Lens
from anhuan.app.view.pack_changes import PackChanges, file_changes, pack_changes
from anhuan.core.case.outcome import Reason
from anhuan.core.policy import Kind
from anhuan.domain.plant import Plant
from anhuan.http.exchange import read_body
from anhuan.http.imports import PersonRef
from anhuan.http.problems import Problem, ReasonBody, not_found
from anhuan.http.routes import Asker, Routes
from anhuan.http.scope import language_of, services
from anhuan.http.speaking import viewer_of
from anhuan.http.worded import worded
from anhuan.http.words import reason_text
from anhuan.packs.check import check_against_plant, check_pack
from anhuan.packs.compile import Pack, compile_pack
from anhuan.packs.problem_words import problem_text
from anhuan.packs.problems import PackInvalid, PackProblem
from anhuan.ports.identity import Language
from anhuan.ports.pack_archives import PackArchiveRefused
from anhuan.ports.plants import PackExists, PackKey, PublishedPack

routes = Routes("packs")

TAKEN = Reason("pack_version_taken", "/version")
ARCHIVE_BYTES_MAX = 5 * 1024 * 1024
_ARCHIVE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class PackBody(BaseModel):
    """A published version."""

    name: str
    version: str
    title: str = Field(description="What it holds, in the caller's language.")
    kinds: list[str] = Field(description="Keys of its kinds.")
    published_at: datetime = Field(description="When it was published.")
    published_by: PersonRef | None = Field(description="Who published it; null: nobody of the plant.")
    current: bool = Field(description="New cases begin in it.")


class PacksBody(BaseModel):
    """Every published version, the newest of each pack first."""

    items: list[PackBody]


class PackFilesBody(BaseModel):
    """A published version as it was written."""

    name: str
    version: str
    files: dict[str, str] = Field(description="Path within the pack -> text.")


class PackCheckBody(BaseModel):
    """What the checker says of a pack."""

    name: str | None
    version: str | None
    problems: list[ReasonBody] = Field(description="While there are any it cannot be published.")
    warnings: list[ReasonBody] = Field(description="What this plant lacks for it; no reason not to publish.")
    changes: PackChanges | None = Field(
        None, description="Against the version in force; null while the pack cannot be read."
    )


@routes.get("/packs", Permission.PACKS_SEE)
async def list_packs(request: Request, caller: Asker) -> PacksBody:
    """Every published version of every pack."""
    house, language = services(request), language_of(request)
    plant = (await house.snapshots.get(caller.tenant_id)).plant
    bodies = []
    for published in await house.plants.packs(caller.tenant_id):
        pack = await house.snapshots.pack(caller.tenant_id, PackKey(published.name, published.version))
        bodies.append(_pack_body(published, pack, plant, language))
    return PacksBody(items=bodies)


@routes.get("/packs/{name}/{version}/files", Permission.PACKS_SEE)
async def pack_files(request: Request, caller: Asker, name: str, version: str) -> PackFilesBody:
    """The files of a published version."""
    files = await services(request).plants.pack_files(caller.tenant_id, PackKey(name, version))
    if files is None:
        raise not_found()
    return PackFilesBody(name=name, version=version, files=dict(files))


@routes.post("/packs/check", Permission.PACKS_PUBLISH, raw_body=True, extra=_ARCHIVE)
async def check_archive(request: Request, caller: Asker) -> PackCheckBody:
    """Check a pack (a zip of its folder) without publishing it."""
    house, language = services(request), language_of(request)
    files = await _files(request)
    snapshot = await house.snapshots.get(caller.tenant_id)
    try:
        pack = await asyncio.to_thread(compile_pack, files)
    except PackInvalid as invalid:
        problems = _texts(invalid.problems, language)
        return PackCheckBody(name=None, version=None, problems=problems, warnings=[], changes=None)
    faults = await asyncio.to_thread(check_pack, pack, snapshot.packs)
    warnings = check_against_plant(pack, snapshot.plant, house.clock())
    published = await house.plants.pack_files(caller.tenant_id, PackKey(pack.name, pack.version))
    taken = [_reason(TAKEN, language)] if published is not None and dict(published) != files else []
    return PackCheckBody(
        name=pack.name,
        version=pack.version,
        problems=[*_texts(faults, language), *taken],
        warnings=_texts(warnings, language),
        changes=await _changes(request, caller, pack, files),
    )


@routes.post("/packs", Permission.PACKS_PUBLISH, status=201, raw_body=True, extra=_ARCHIVE)
async def publish_pack(request: Request, caller: Asker) -> PackBody:
    """Publish a pack (a zip of its folder): new cases begin in it at once, open ones keep their version.

    422 with every fault; 409 when the version is published already with other content. The same again changes nothing.
    """
    house, language = services(request), language_of(request)
    files = await _files(request)
    try:
        key = await house.editor.publish(caller.tenant_id, caller.person, files)
    except PackInvalid as invalid:
        raise worded(422, _texts(invalid.problems, language)) from None
    except PackExists:
        raise Problem(409, TAKEN) from None
    snapshot = await house.snapshots.get(caller.tenant_id)
    published = next(one for one in await house.plants.packs(caller.tenant_id) if PackKey(one.name, one.version) == key)
    return _pack_body(published, snapshot.packs[key.name], snapshot.plant, language)


async def _changes(request: Request, caller: Asker, pack: Pack, files: Mapping[str, str]) -> PackChanges:
    """What publishing the pack would change against its version in force."""
    house, viewer = services(request), viewer_of(request, caller)
    snapshot = await house.snapshots.get(caller.tenant_id)
    current = snapshot.packs.get(pack.name)
    key = PackKey(pack.name, current.version) if current is not None else None
    before = await house.plants.pack_files(caller.tenant_id, key) if key is not None else None

    def look(seen: Pack, kind: Kind) -> Lens:
        return viewer.lens(snapshot.plant, seen, kind, house.clock())

    return PackChanges(
        against=current.version if current is not None else None,
        items=await asyncio.to_thread(pack_changes, current, pack, look),
        files=file_changes(before or {}, files),
    )


async def _files(request: Request) -> dict[str, str]:
    data = await read_body(request, ARCHIVE_BYTES_MAX)
    try:
        return await asyncio.to_thread(services(request).pack_archives.read_archive, data)
    except PackArchiveRefused as refused:
        raise Problem(422, Reason(refused.code, "", refused.params)) from None


def _pack_body(published: PublishedPack, pack: Pack, plant: Plant, language: Language) -> PackBody:
    by = published.published_by
    words = pack.words[language]
    return PackBody(
        name=published.name,
        version=published.version,
        title=words.get("pack") or "、".join(words.get(f"kind.{kind}", kind) for kind in pack.kinds),
        kinds=list(pack.kinds),
        published_at=published.published_at,
        published_by=PersonRef(id=by, name=plant.name_of(by)) if by else None,
        current=published.is_current,
    )


def _reason(reason: Reason, language: Language) -> ReasonBody:
    return ReasonBody(
        code=reason.code, field=reason.field, text=reason_text(reason, language), params=dict(reason.params)
    )


def _texts(problems: tuple[PackProblem, ...], language: Language) -> list[ReasonBody]:
    return [
        ReasonBody(
            code=problem.code,
            field=f"/{problem.where}",
            text=f"{problem.where}: {problem_text(problem, language)}",
            params=msgspec.to_builtins(problem.params),
        )
        for problem in problems
    ]
