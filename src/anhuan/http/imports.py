"""Taking over registers kept in Excel: send a file, look at how it is read, correct that, take it in."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Query
from msgspec import structs
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from anhuan.app.imports import ImportRefused
from anhuan.app.permission import Permission
from anhuan.app.register_look import Look
from anhuan.core.case.outcome import Reason
from anhuan.domain.plant import Plant
from anhuan.http.exchange import PAGE, After, IdempotencyKey, Limit, cursor, json_answer, read_body, read_cursor
from anhuan.http.problems import Problem, ReasonBody, not_found
from anhuan.http.routes import Asker, Routes
from anhuan.http.scope import language_of, services
from anhuan.http.worded import worded
from anhuan.ports.imports import Counts, ImportRun
from anhuan.ports.registers import Accepted, Duplicate, Named, Outcome, Rejected, Value, WorkbookRefused
from anhuan.ports.registers import Mapping as Said

routes = Routes("imports")

FILE_BYTES_MAX = 30 * 1024 * 1024
WAIT_S = 20.0
"""So long a commit waits for its end; after that the client asks how far it is."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SAMPLE_REJECTED, _SAMPLE_OTHER = 30, 20

WORKBOOK: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
            XLSX: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}
FILE_ANSWER: dict[str, Any] = {
    "responses": {"200": {"description": "A workbook.", "content": {XLSX: {"schema": {"type": "string"}}}}}
}


class CountsBody(BaseModel):
    """accepted + rejected + duplicates + skipped = rows."""

    rows: int
    accepted: int
    rejected: int = Field(description="Come back with reasons.")
    duplicates: int = Field(description="Stand there twice, or were taken in before.")
    skipped: int = Field(description="Are no rows: titles, sub-totals, blanks.")
    open: int = Field(description="Of the accepted: live cases.")
    history: int = Field(description="Of the accepted: closed elsewhere, not verified here.")


class ColumnBody(BaseModel):
    """Where a field stands."""

    column: int | None = Field(description="Counted from 0; null: the register does not have it.")
    head: str | None = None
    confidence: float = Field(default=0.0, ge=0, le=1, description="1 is said by a person, or word for word.")


class LayoutBody(BaseModel):
    """How the sheet is read."""

    sheet: str
    head_rows: list[int] = Field(description="First and last row of the head, counted from 1; empty: none was found.")
    columns: dict[str, ColumnBody] = Field(description="Field -> column; every field that there is.")
    fill_down: list[str] = Field(description="Fields in which an empty cell repeats the one above.")
    values: dict[str, dict[str, str]] = Field(description="Field -> word -> value, as a person said.")
    constants: dict[str, str] = Field(description="Field -> what every row says.")
    year: int | None
    problems: list[ReasonBody]


class RowBody(BaseModel):
    """A row as it would be taken in."""

    row: int
    status: str | None
    accepted: bool
    duplicate: bool
    values: dict[str, Any]
    reasons: list[ReasonBody] = Field(description="Why it comes back; on an accepted row: what to look at.")


class ImportBody(BaseModel):
    """A file as it would be taken in."""

    id: str
    kind: str
    file_name: str
    sheets: list[str]
    heads: list[str] = Field(description="Every column's head, by position.")
    fields: dict[str, str] = Field(description="What each field is called.")
    layout: LayoutBody
    sample: list[RowBody]
    counts: CountsBody
    state: str = Field(description="`looked_at`, `running` or `done`.")


class ImportDoneBody(CountsBody):
    """What became of the rows."""

    state: str = Field(description="`running` (202: ask GET /imports/{id}/progress) or `done`.")
    done: int = Field(description="Rows looked at so far.")


class PersonRef(BaseModel):
    """Somebody of the plant."""

    id: str
    name: str


class RunBody(BaseModel):
    """An import."""

    id: str
    kind: str
    file_name: str
    at: datetime
    by: PersonRef | None
    state: str
    counts: CountsBody | None
    committed_at: datetime | None


class RunsPage(BaseModel):
    """A page of imports, the newest first."""

    items: list[RunBody]
    next: str | None


class ColumnSaid(BaseModel):
    """Where a person says that a field stands; further members are passed over."""

    column: int | None = Field(ge=0, le=255, description="Counted from 0; null: the register does not have it.")


class LayoutSaid(BaseModel):
    """What a person says of the layout; what is left out, or as it was guessed, stays a guess."""

    model_config = ConfigDict(extra="ignore")

    sheet: str | None = Field(None, max_length=200)
    head_rows: list[Annotated[int, Field(ge=1, le=100_000)]] | None = Field(None, max_length=2)
    columns: dict[str, ColumnSaid] = Field({}, max_length=200)
    fill_down: list[str] = Field([], max_length=200)
    values: dict[str, dict[str, str]] = Field({}, max_length=200)
    constants: dict[str, str] = Field({}, max_length=200)
    year: int | None = Field(None, ge=1950, le=2100)


class LayoutChange(BaseModel):
    """The body of a correction."""

    layout: LayoutSaid


@routes.post("/imports", Permission.IMPORTS_MAKE, status=201, raw_body=True, extra=WORKBOOK)
async def send_register(
    request: Request,
    caller: Asker,
    kind: Annotated[str, Query(max_length=64, description="What a row becomes.")],
    file_name: Annotated[str, Query(max_length=200, description="As it was called.")] = "register.xlsx",
    key: IdempotencyKey = None,
) -> ImportBody:
    """Send a register (xlsx, xls or CSV) and see how it would be taken in. Nothing is stored but the file."""
    imports = services(request).imports
    data = await read_body(request, FILE_BYTES_MAX)
    id = hashlib.sha256(f"{caller.account.id}\n{key}".encode()).hexdigest()[:32] if key else None
    with workbook_speaking(request):
        run = await imports.run(caller.tenant_id, id) if id else None
        if run is not None:
            if run.sha256 != hashlib.sha256(data).hexdigest() or run.kind != kind:
                raise Problem(409, Reason("idempotency_conflict"))
            return _body(request, run, await imports.look_again(caller.tenant_id, run))
        look = await imports.look(caller.tenant_id, kind, data)
        run = await imports.keep(caller.tenant_id, caller.person, look, data, file_name, id)
    return _body(request, run, look)


@routes.get("/imports", Permission.IMPORTS_MAKE)
async def list_imports(request: Request, caller: Asker, limit: Limit = PAGE, after: After = None) -> RunsPage:
    """Imports so far, the newest first."""
    start = read_cursor(after, str, str)
    try:
        before = (datetime.fromisoformat(start[0]), start[1]) if start else None
    except ValueError:
        raise Problem(400, Reason("cursor_unreadable", "/after")) from None
    found = await services(request).imports.runs(caller.tenant_id, before, limit + 1)
    page = found[:limit]
    last = page[-1] if len(found) > limit else None
    plant = (await services(request).snapshots.get(caller.tenant_id)).plant
    return RunsPage(
        items=[_run_body(run, plant) for run in page],
        next=cursor([last.created_at.isoformat(), last.id]) if last else None,
    )


@routes.get("/imports/{id}", Permission.IMPORTS_MAKE)
async def look_at_import(request: Request, caller: Asker, id: str) -> ImportBody:
    """How the file would be taken in now."""
    run = await _run(request, caller, id)
    with workbook_speaking(request):
        return _body(request, run, await services(request).imports.look_again(caller.tenant_id, run))


@routes.get("/imports/{id}/progress", Permission.IMPORTS_MAKE)
async def import_progress(request: Request, caller: Asker, id: str) -> ImportDoneBody:
    """How far the import has come."""
    return _done_body(await _run(request, caller, id))


@routes.put("/imports/{id}/layout", Permission.IMPORTS_MAKE)
async def correct_layout(request: Request, caller: Asker, id: str, body: LayoutChange) -> ImportBody:
    """Correct how the file is read; once it is taken in, the plant remembers it for registers laid out alike."""
    run = await _run(request, caller, id)
    with workbook_speaking(request):
        run, look = await services(request).imports.correct(caller.tenant_id, run, _said(run, body.layout))
    return _body(request, run, look)


@routes.post("/imports/{id}/commit", Permission.IMPORTS_MAKE, raw_body=True, answer=ImportDoneBody)
async def commit_import(request: Request, caller: Asker, id: str) -> Response:
    """Take the file in. 200 when it is done; 202 while a large one goes on: ask for its progress.

    Sent again it answers the same; one that was cut short goes on where it was.
    """
    run = await _run(request, caller, id)
    imports = services(request).imports
    with workbook_speaking(request):
        done = await imports.start(caller.tenant_id, caller.person, run, wait_s=WAIT_S)
    if done is not None:
        return json_answer(_done_body(done))
    return json_answer(_done_body(await _run(request, caller, id)), 202)


@routes.get("/imports/{id}/rejects.xlsx", Permission.IMPORTS_MAKE, extra=FILE_ANSWER)
async def import_rejects(request: Request, caller: Asker, id: str) -> Response:
    """The rows that came back (or would), with their reasons: correct them in this workbook and send it."""
    run = await _run(request, caller, id)
    with workbook_speaking(request):
        data = await services(request).imports.rejects(caller.tenant_id, run, language_of(request))
    return workbook(data, "rejects.xlsx")


def workbook(data: bytes, name: str) -> Response:
    """A workbook to be saved under a name."""
    return Response(data, media_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@contextmanager
def workbook_speaking(request: Request) -> Iterator[None]:
    """What is refused becomes a problem."""
    try:
        yield
    except WorkbookRefused as refused:
        text = services(request).imports.registers.refusal_text(refused, language_of(request))
        status = 503 if refused.code == "reading_busy" else 422
        raise worded(status, [ReasonBody(code=refused.code, field="", text=text, params=refused.params)]) from None
    except ImportRefused as refused:
        conflicts = {"import_begun", "import_running"}
        raise Problem(409 if refused.reasons[0].code in conflicts else 422, *refused.reasons) from None


async def _run(request: Request, caller: Asker, id: str) -> ImportRun:
    run = await services(request).imports.run(caller.tenant_id, id)
    if run is None:
        raise not_found()
    return run


def _said(run: ImportRun, layout: LayoutSaid) -> Said:
    """What a person said, as far as it differs from how the file is read now."""
    now = run.layout
    before = {name: _column_no(guess.column) for name, guess in now.columns.items()}
    columns = {
        name: None if said.column is None else _letters(said.column)
        for name, said in layout.columns.items()
        if said.column != before.get(name)
    }
    rows = layout.head_rows or []
    head = (rows[0], rows[-1]) if rows else None
    return Said(
        sheet=layout.sheet if layout.sheet != now.sheet else None,
        head_rows=head if head != now.head_rows else None,
        columns=columns,
        fill_down=tuple(layout.fill_down),
        values=layout.values,
        constants=layout.constants,
        year=layout.year if layout.year != now.year else None,
    )


def _state(run: ImportRun) -> str:
    if run.progress is None:
        return "looked_at"
    return "running" if run.progress.finished_at is None else "done"


def _body(request: Request, run: ImportRun, look: Look) -> ImportBody:
    registers, language = services(request).imports.registers, language_of(request)
    labels = registers.labels_of(look.layout, look.spec)
    problems = [
        ReasonBody(
            code=problem.code,
            field=f"/{problem.params['field']}" if "field" in problem.params else "",
            text=registers.problem_text(problem, labels, language),
            params=problem.params,
        )
        for problem in look.layout.problems
        if problem.level != "tell"
    ]
    return ImportBody(
        id=run.id,
        kind=run.kind,
        file_name=run.file_name,
        sheets=list(look.sheets),
        heads=list(look.layout.heads),
        fields=labels,
        layout=_layout_body(look, problems),
        sample=[_row_body(request, row, look, labels) for row in _sample(look)],
        counts=_counts_body(look.counts()),
        state=_state(run),
    )


def _layout_body(look: Look, problems: list[ReasonBody]) -> LayoutBody:
    layout = look.layout
    columns = {name: ColumnBody(column=None) for name in look.spec.fields}
    for name, guess in layout.columns.items():
        columns[name] = ColumnBody(column=_column_no(guess.column), head=guess.head, confidence=guess.confidence)
    return LayoutBody(
        sheet=layout.sheet,
        head_rows=list(layout.head_rows or ()),
        columns=columns,
        fill_down=[name for name, guess in layout.columns.items() if guess.fill_down],
        values=layout.values,
        constants=layout.constants,
        year=layout.year,
        problems=problems,
    )


def _sample(look: Look) -> list[Outcome]:
    """Some rows in the register's order: those that come back above all."""
    rejected = list(look.rejected())[:_SAMPLE_REJECTED]
    others = [row for row in look.outcomes if isinstance(row, Accepted | Duplicate)][:_SAMPLE_OTHER]
    return sorted([*rejected, *others], key=lambda row: row.row_no)


def _row_body(request: Request, row: Outcome, look: Look, labels: Mapping[str, str]) -> RowBody:
    registers, language = services(request).imports.registers, language_of(request)
    said = row.reasons if isinstance(row, Rejected) else row.notes if isinstance(row, Accepted) else ()
    values = row.values if isinstance(row, Accepted | Rejected) else {}
    return RowBody(
        row=row.row_no,
        status=row.status if isinstance(row, Accepted | Rejected) else None,
        accepted=isinstance(row, Accepted),
        duplicate=isinstance(row, Duplicate) or row.row_no in look.known,
        values={name: shown for name, value in values.items() if (shown := _shown(value)) is not None},
        reasons=[
            ReasonBody(
                code=reason.code,
                field=f"/{reason.field}" if reason.field else "",
                text=registers.reason_text(reason, labels, language),
                params=reason.params,
            )
            for reason in said
        ],
    )


def _shown(value: Value) -> str | None:
    if isinstance(value, Named):
        return value.text
    return value.isoformat() if isinstance(value, date) else value


def _counts_body(counts: Counts) -> CountsBody:
    return CountsBody(**structs.asdict(counts))


def _done_body(run: ImportRun) -> ImportDoneBody:
    progress = run.progress
    counts = progress.counts if progress else Counts()
    return ImportDoneBody(**structs.asdict(counts), state=_state(run), done=progress.done if progress else 0)


def _run_body(run: ImportRun, plant: Plant) -> RunBody:
    progress = run.progress
    return RunBody(
        id=run.id,
        kind=run.kind,
        file_name=run.file_name,
        at=run.created_at,
        by=PersonRef(id=run.created_by, name=plant.name_of(run.created_by)) if run.created_by else None,
        state=_state(run),
        counts=_counts_body(progress.counts) if progress else None,
        committed_at=progress.finished_at if progress else None,
    )


def _column_no(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _letters(column: int) -> str:
    higher, rest = divmod(column, 26)
    return (_letters(higher - 1) if higher else "") + chr(65 + rest)
