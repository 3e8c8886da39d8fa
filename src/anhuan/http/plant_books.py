"""The plant as a workbook: the empty template, all there is, and what a corrected one would change."""

import asyncio
from collections.abc import Iterable
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from anhuan.app.permission import Permission
from anhuan.app.plant_words import kind_name
from anhuan.domain.plant import Plant
from anhuan.domain.plant_reading import PlantProblem
from anhuan.http.exchange import read_body
from anhuan.http.imports import FILE_ANSWER, FILE_BYTES_MAX, WORKBOOK, workbook, workbook_speaking
from anhuan.http.plant import TRIES, plant_speaking, problem_body
from anhuan.http.problems import ReasonBody
from anhuan.http.routes import Asker, Routes
from anhuan.http.scope import language_of, services
from anhuan.http.worded import worded
from anhuan.ports.identity import Language
from anhuan.ports.plant_sheets import PlantSheetsRead
from anhuan.ports.plants import PlantChanged

routes = Routes("plant")


class PlantImportBody(BaseModel):
    """What a workbook would change, or has changed."""

    rows: int
    added: int
    changed: int
    removed: int = Field(0, description="A workbook removes nothing: what is not in it stays.")
    unchanged: int
    problems: list[ReasonBody] = Field(description="While there are any nothing can be changed.")
    notes: list[ReasonBody] = Field(description="What was not read: sheets and columns that nobody knows.")
    version: int = Field(description="The plant's version.")


@routes.get("/plant/template.xlsx", Permission.PLANT_SEE, extra=FILE_ANSWER)
async def plant_template(request: Request, caller: Asker) -> Response:
    """A workbook with a sheet for every kind of item, to be filled in."""
    sheets = services(request).plant_sheets
    return workbook(await asyncio.to_thread(sheets.plant_workbook, Plant(), language_of(request)), "plant.xlsx")


@routes.get("/plant/export.xlsx", Permission.PLANT_SEE, extra=FILE_ANSWER)
async def plant_export(request: Request, caller: Asker) -> Response:
    """The whole plant as a workbook, to be corrected and sent back."""
    plant = (await services(request).snapshots.get(caller.tenant_id)).plant
    sheets = services(request).plant_sheets
    return workbook(await asyncio.to_thread(sheets.plant_workbook, plant, language_of(request)), "plant.xlsx")


@routes.post("/plant/import", Permission.PLANT_EDIT, raw_body=True, extra=WORKBOOK)
async def import_plant(
    request: Request,
    caller: Asker,
    dry_run: Annotated[bool, Query(description="Only say what would change.")] = False,
    file_name: Annotated[str, Query(max_length=200, description="As it was called.")] = "plant.xlsx",
) -> PlantImportBody:
    """Take a workbook over, all of it or nothing: 422 with every problem, each with its sheet and row."""
    house, language = services(request), language_of(request)
    data = await read_body(request, FILE_BYTES_MAX)
    with workbook_speaking(request):
        book = await house.workbooks.read_workbook(data)
    with plant_speaking(request):
        for last in range(TRIES):
            plant = (await house.snapshots.get(caller.tenant_id, fresh=True)).plant
            read = await asyncio.to_thread(house.plant_sheets.read_plant_book, book, plant)
            if dry_run:
                return _body(read, plant, plant.version, language)
            if read.problems:
                raise worded(422, _texts(read.problems, language))
            if not read.change.put:
                return _body(read, plant, plant.version, language)
            try:
                version = await house.editor.edit(caller.tenant_id, caller.person, read.change.put)
                return _body(read, plant, version, language)
            except PlantChanged:
                if last == TRIES - 1:
                    raise
    raise AssertionError


def _body(read: PlantSheetsRead, before: Plant, version: int, language: Language) -> PlantImportBody:
    added = sum(before.get(type(item), item.id) is None for item in read.change.put)
    return PlantImportBody(
        rows=read.rows,
        added=added,
        changed=len(read.change.put) - added,
        removed=0,
        unchanged=read.unchanged,
        problems=_texts(read.problems, language),
        notes=_texts(read.notes, language),
        version=version,
    )


def _texts(problems: Iterable[PlantProblem], language: Language) -> list[ReasonBody]:
    return [problem_body(problem, language, _place(problem, language)) for problem in problems]


def _place(problem: PlantProblem, language: Language) -> str:
    """Where in the workbook: `设备 第 12 行：`."""
    if not problem.kind or not problem.row:
        return ""
    sheet = kind_name(problem.kind, language)
    return f"{sheet} 第 {problem.row} 行：" if language == "zh" else f"{sheet}, row {problem.row}: "
