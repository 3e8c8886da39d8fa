"""Cases: reported, listed, shown. What may be done with one, and why not, the core decides."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Annotated, Any, Literal

from fastapi import Depends, Query
from pydantic import AwareDatetime, BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from anhuan.app.foresee import foreseen
from anhuan.app.handle import NewCase
from anhuan.app.identity import Caller
from anhuan.app.permission import Permission
from anhuan.app.register import Asked, Draft
from anhuan.app.view.earlier import EarlierCases
from anhuan.app.view.forensics import PhotoFindings
from anhuan.app.view.shapes import CaseBrief, CasePage, Preview, ReportAnswer, SimilarCase, TimelineItem
from anhuan.core.case.outcome import Reason
from anhuan.core.policy import Wait
from anhuan.domain.ids import CaseId, PersonId
from anhuan.http.case_bodies import Body, CaseInPath, FileBody, command_key, proofs_in, refuse_reserved
from anhuan.http.exchange import After, IdempotencyKey, Limit, cursor, etag, json_answer, read_cursor
from anhuan.http.problems import Problem, ReasonBody, not_found
from anhuan.http.routes import Asker, Routes
from anhuan.http.scope import language_of, services
from anhuan.http.speaking import speaking, viewer_of, words_of
from anhuan.http.words import reason_text
from anhuan.packs.compile import Pack
from anhuan.ports.register import SORTS, PageEnd, Sort

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
routes = Routes("cases")

_XLSX_ANSWER = {"responses": {"200": {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}}}


class ReportBody(Body):
    """What one reports. `form` is checked by the kind's JSON Schema, not here."""

    kind: str = Field(max_length=64, description="The `key` of one of `GET /kinds` with `report` in its `raised_by`.")
    form: dict[str, Any] = Field(description="By the JSON Schema at `form` of the kind; what is missing may be.")
    id: str | None = Field(None, pattern=r"^[0-9a-f-]{36}$", description="The client's own UUIDv7.")
    finder: str | None = Field(None, max_length=64, description="Reported on another's behalf (代录).")
    found_at: AwareDatetime | None = Field(None, description="Reported afterwards (补录): when it was found.")
    files: list[FileBody] = Field([], max_length=40, description="Proofs, in the slots of the form's `x-proofs`.")
    parent: str | None = Field(
        None, pattern=r"^[0-9a-f-]{36}$", description="The case at which it was found: one whose page has `finds`."
    )


class CheckBody(Body):
    """A report as far as it is filled in."""

    kind: str = Field(max_length=64, description="As in a report.")
    form: dict[str, Any] = Field(description="As in a report.")


class CheckAnswer(BaseModel):
    """What is wrong with a report, and what is computed from it."""

    intake: list[ReasonBody] = Field(description="It cannot even be taken in.")
    dispatch: list[ReasonBody] = Field(description="It can be taken in, and must be completed before it is dispatched.")
    computed: dict[str, Any]
    preview: Preview | None = Field(None, description="Who would owe what by when if it were sent now.")


class CasesPage(BaseModel):
    """A page of the register."""

    items: list[CaseBrief]
    next: str | None
    total: int | None = Field(None, description="With the first page; null: more than 10,000.")


class SimilarCases(BaseModel):
    """Open cases that may be about the same, the likeliest first."""

    items: list[SimilarCase]


class TimelinePage(BaseModel):
    """Everything that happened, in words."""

    items: list[TimelineItem]


# --- reporting


@routes.post("/cases", Permission.CASES_REPORT, status=201, lean=True, answer=ReportAnswer)
async def report(request: Request, caller: Asker, body: ReportBody, key: IdempotencyKey = None) -> Response:
    """Report something. However incomplete, it is taken in; `incomplete` says what must be completed, and how.

    Sent again under the same Idempotency-Key with the same body it answers the same (200); with another body it is a
    conflict (409), and both are kept.
    """
    house = services(request)
    snapshot = await house.snapshots.get(caller.tenant_id)
    pack = snapshot.pack_of(body.kind)
    refuse_reserved(body.form)
    with speaking(pack):
        new = NewCase(
            kind=body.kind,
            form=body.form,
            case=CaseId(body.id) if body.id else None,
            finder=PersonId(body.finder) if body.finder else None,
            found_at=body.found_at,
            proofs=await proofs_in(request, caller, body.files),
            parent=CaseId(body.parent) if body.parent else None,
        )
        once = command_key(caller, key, body)
        if new.parent is not None and await house.handler.done_before(caller.tenant_id, once, caller.person) is None:
            await house.case_pages.refuse_child(viewer_of(request, caller), new.parent, body.kind)
        handled = await house.handler.open(caller.tenant_id, caller.person, new, once)
        answer = await house.case_pages.report_answer(viewer_of(request, caller), handled.case)
    headers = {"Location": f"/api/v1/cases/{handled.case.id}", "ETag": etag(handled.case.version)}
    return json_answer(answer, 200 if handled.repeated else 201, headers)


@routes.post("/cases/check", Permission.CASES_REPORT)
async def check(request: Request, caller: Asker, body: CheckBody) -> CheckAnswer:
    """What a report still lacks, field by field with how to mend it, and what is computed. Nothing is stored."""
    snapshot = await services(request).snapshots.get(caller.tenant_id)
    pack, kind = snapshot.pack_of(body.kind), snapshot.kind(body.kind)
    if pack is None or kind is None:
        raise Problem(422, Reason("kind_unknown", "/kind", {"kind": body.kind}))
    form = pack.forms[kind.form]
    refuse_reserved(body.form)
    intake, whole = form.levels(body.form, at=services(request).clock())
    lens = viewer_of(request, caller).lens(snapshot.plant, pack, kind, services(request).clock())
    ahead = foreseen(lens, body.form)
    turned_away = [Reason(p.code, p.field, p.params) for p in intake]
    if isinstance(ahead, tuple):
        turned_away += [reason for reason in ahead if reason.field not in {one.field for one in turned_away}]
    said = {(reason.field, reason.code) for reason in turned_away}
    lacking = [Reason(p.code, p.field, p.params) for p in whole if (p.field, p.code) not in said]
    return CheckAnswer(
        intake=[_reason(request, reason, pack) for reason in turned_away],
        dispatch=[_reason(request, reason, pack) for reason in lacking],
        computed=form.compute(form.fill(body.form)) if not intake else {},
        preview=None if isinstance(ahead, tuple) else ahead,
    )


@routes.get("/cases/similar", Permission.CASES_REPORT)
async def similar(
    request: Request,
    caller: Asker,
    kind: Annotated[str, Query(max_length=64, description="Key of the kind.")],
    area: Annotated[str | None, Query(max_length=64, description="Id of an area.")] = None,
    equipment: Annotated[str | None, Query(max_length=64, description="Id of a piece.")] = None,
    category: Annotated[str | None, Query(max_length=64, description="As the form's `enum` names it.")] = None,
    text: Annotated[str, Query(max_length=2000, description="What it is about, in words.")] = "",
) -> SimilarCases:
    """Open cases that may be about the same: one tap joins them."""
    draft = Draft(kind=kind, area=area, equipment=equipment, category=category, text=text)
    return SimilarCases(items=await services(request).register.similar(viewer_of(request, caller), draft))


# --- reading


@dataclass(frozen=True)
class Filters:
    """What the register can be asked for."""

    kind: Annotated[str | None, Query(max_length=64, description="Key of a kind.")] = None
    status: Annotated[Literal["open", "closed", "all"], Query(description="How they stand.")] = "all"
    stage: Annotated[str | None, Query(max_length=64, description="Key of a stage.")] = None
    area: Annotated[str | None, Query(max_length=64, description="The area and all that lies in it.")] = None
    equipment: Annotated[str | None, Query(max_length=64, description="Id of a piece.")] = None
    category: Annotated[str | None, Query(max_length=64, description="As the form's `enum` names it.")] = None
    risk: Annotated[str | None, Query(max_length=32, description="A risk level, as the kind computes it.")] = None
    q: Annotated[str, Query(max_length=200, description="Words in number or title.")] = ""
    mine: Annotated[bool, Query(description="Only where I have a part.")] = False
    overdue: Annotated[bool | None, Query(description="Only those with a deadline missed, or only others.")] = None
    imported: Annotated[bool | None, Query(description="Only history that was imported, or only others.")] = None
    opened_from: Annotated[
        datetime | None, Query(alias="from", description="Opened at or after; without a zone, the plant's.")
    ] = None
    opened_until: Annotated[
        datetime | None,
        Query(alias="to", description="Opened before, the instant itself not included; without a zone, the plant's."),
    ] = None
    found_from: Annotated[datetime | None, Query(description="Found at or after; without a zone, the plant's.")] = None
    found_until: Annotated[
        datetime | None, Query(alias="found_to", description="Found before; without a zone, the plant's.")
    ] = None
    closed_from: Annotated[datetime | None, Query(description="Closed at or after; without a zone, the plant's.")] = (
        None
    )
    closed_until: Annotated[
        datetime | None, Query(alias="closed_to", description="Closed before; without a zone, the plant's.")
    ] = None
    area_only: Annotated[bool, Query(description="Only `area` itself, not what lies in it.")] = False
    origin: Annotated[
        Literal["live", "register"] | None, Query(description="Registered here, or taken over from a register.")
    ] = None
    source: Annotated[str | None, Query(max_length=64, description="Where it comes from, as figures name it.")] = None
    team: Annotated[str | None, Query(max_length=64, description="Id of a team that has a part in it.")] = None
    waits_for: Annotated[Wait | None, Query(description="What an open case waits for now.")] = None
    outcome: Annotated[str | None, Query(max_length=64, description="Key of how it ended.")] = None
    deferred: Annotated[bool | None, Query(description="Only those that were in an approved wait, or others.")] = None
    reported: Annotated[bool, Query(description="Only what I reported.")] = False
    team_parts: Annotated[bool, Query(description="Only where I or my team has a part.")] = False

    def asked(self, zone: tzinfo) -> Asked:
        """As the register understands it; a time without a zone is the plant's."""
        return Asked(
            kind=self.kind,
            status=None if self.status == "all" else self.status,
            stage=self.stage,
            area=self.area,
            equipment=self.equipment,
            category=self.category,
            risk_level=self.risk,
            text=self.q,
            mine=self.mine,
            overdue=self.overdue,
            imported=self.imported,
            opened_from=_in_zone(self.opened_from, zone),
            opened_until=_in_zone(self.opened_until, zone),
            found_from=_in_zone(self.found_from, zone),
            found_until=_in_zone(self.found_until, zone),
            closed_from=_in_zone(self.closed_from, zone),
            closed_until=_in_zone(self.closed_until, zone),
            area_only=self.area_only,
            origin=self.origin,
            source=self.source,
            team=self.team,
            waits_for=self.waits_for,
            outcome=self.outcome,
            deferred=self.deferred,
            reported=self.reported,
            team_parts=self.team_parts,
        )


def _in_zone(at: datetime | None, zone: tzinfo) -> datetime | None:
    return at.replace(tzinfo=zone) if at is not None and at.tzinfo is None else at


async def _plant_zone(request: Request, caller: Caller) -> tzinfo:
    return (await services(request).snapshots.get(caller.tenant_id)).plant.zone


def _sort(
    sort: Annotated[
        str, Query(pattern="^-?(" + "|".join(SORTS) + ")$", description="`-` for descending.")
    ] = "-opened_at",
) -> Sort:
    return Sort(sort.removeprefix("-"), sort.startswith("-"))


def _spelt(sort: Sort) -> str:
    """As it is asked for; a page goes on in the order in which it began."""
    return f"{'-' * sort.descending}{sort.column}"


@routes.get("/cases", Permission.CASES_SEE)
async def cases(
    request: Request,
    caller: Asker,
    filters: Annotated[Filters, Depends()],
    sort: Annotated[Sort, Depends(_sort)],
    limit: Limit = 50,
    after: After = None,
) -> CasesPage:
    """The register: cases that one may see, filtered and sorted, a page at a time."""
    order, *begin = read_cursor(after, str, (str, type(None)), str) or (None,)
    if order not in (None, _spelt(sort)):
        raise Problem(400, Reason("cursor_unreadable", "/after"))
    asked = filters.asked(await _plant_zone(request, caller))
    page = await services(request).register.page(
        viewer_of(request, caller), asked, sort, limit, PageEnd(*begin) if begin else None
    )
    return CasesPage(
        items=page.items,
        next=cursor((_spelt(sort), page.next.value, page.next.id)) if page.next else None,
        total=page.total,
    )


@routes.get("/cases/export.xlsx", Permission.CASES_EXPORT, extra=_XLSX_ANSWER)
async def export(
    request: Request,
    caller: Asker,
    filters: Annotated[Filters, Depends()],
    sort: Annotated[Sort, Depends(_sort)],
    register: Annotated[
        str | None, Query(max_length=64, description="In the columns of this register of `kind`.")
    ] = None,
) -> Response:
    """The register as an Excel file, with the same filters; 404 where `kind` is none, or has no such `register`."""
    asked = filters.asked(await _plant_zone(request, caller))
    viewer, exporting = viewer_of(request, caller), services(request).register
    try:
        if register is None:
            content = await exporting.export(viewer, asked, sort)
        else:
            with speaking():
                content = await exporting.official(viewer, asked, sort, register)
    except LookupError as unknown:
        raise not_found() from unknown
    return Response(content, media_type=XLSX, headers={"Content-Disposition": "attachment; filename=register.xlsx"})


@routes.get("/cases/{case_id}", Permission.CASES_SEE, lean=True, answer=CasePage)
async def case_page(request: Request, caller: Asker, case_id: CaseInPath) -> Response:
    """A case: its form, duties with holders, clocks and ladders, files, decisions, and what one may do, or why not."""
    with speaking():
        page = await services(request).case_pages.page(viewer_of(request, caller), CaseId(case_id))
    return json_answer(page, headers={"ETag": etag(page.version)})


@routes.get("/cases/{case_id}/timeline", Permission.CASES_SEE)
async def case_timeline(request: Request, caller: Asker, case_id: CaseInPath) -> TimelinePage:
    """Everything that happened to a case, in words: who, when, by which rule."""
    with speaking():
        items = await services(request).case_pages.history(viewer_of(request, caller), CaseId(case_id))
    return TimelinePage(items=items)


@routes.get("/cases/{case_id}/earlier", Permission.CASES_SEE)
async def case_earlier(request: Request, caller: Asker, case_id: CaseInPath) -> EarlierCases:
    """What the case looks back on by its pack, newest first: a week's check sees its days, and what is still open."""
    with speaking():
        return await services(request).case_pages.earlier(viewer_of(request, caller), CaseId(case_id))


@routes.get("/cases/{case_id}/photos", Permission.CASES_SEE)
async def case_photos(request: Request, caller: Asker, case_id: CaseInPath) -> PhotoFindings:
    """Photos of a case held against earlier ones: which were used before, and which show the same place. For a person
    to judge; no verdict decides anything. What is not compared yet comes with the next look (`complete` is false).
    """
    with speaking():
        return await services(request).forensics.of_case(viewer_of(request, caller), CaseId(case_id))


def _reason(request: Request, reason: Reason, pack: Pack) -> ReasonBody:
    text = reason_text(reason, language_of(request), words_of(pack))
    return ReasonBody(code=reason.code, field=reason.field, text=text, params=reason.params)
