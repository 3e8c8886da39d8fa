"""Tasks: what is owed, as people see it; and what they were told."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from anhuan.app.handle import CaseUnknown, CommandRefused
from anhuan.app.permission import Permission
from anhuan.app.view.shapes import Notice, Task
from anhuan.core.case import commands as c
from anhuan.core.case.outcome import Reason
from anhuan.domain.ids import CaseId, DutyNo
from anhuan.http.case_bodies import Body
from anhuan.http.exchange import After, Limit, cursor, read_cursor
from anhuan.http.problems import Problem, ReasonBody
from anhuan.http.routes import Asker, Routes
from anhuan.http.scope import language_of, services
from anhuan.http.speaking import viewer_of, words_of
from anhuan.http.words import reason_text
from anhuan.ports.plants import PackKey
from anhuan.ports.register import TaskRef

routes = Routes("tasks")


class TasksPage(BaseModel):
    """Tasks, the most urgent first."""

    items: list[Task]
    next: str | None


class TaskCountsBody(BaseModel):
    """How many there are."""

    mine: int
    overdue: int
    team: int
    unseen: int = Field(description="Notices not seen yet.")


class DutyRef(Body):
    """A duty of a case."""

    case: str = Field(max_length=64)
    duty: int = Field(ge=1)


class AcknowledgeBody(Body):
    """Several receipts in one tap."""

    items: list[DutyRef] = Field(min_length=1, max_length=100)


class Acknowledged(DutyRef):
    """What became of one of them."""

    ok: bool
    reasons: list[ReasonBody]


class AcknowledgedAll(BaseModel):
    """What became of each."""

    items: list[Acknowledged]


class NoticesPage(BaseModel):
    """What one was told, newest first."""

    items: list[Notice]
    next: str | None


class SeenBody(Body):
    """Notices that were seen."""

    ids: list[int] = Field(max_length=500)


@routes.get("/tasks", Permission.CASES_SEE)
async def tasks(
    request: Request,
    caller: Asker,
    scope: Annotated[
        Literal["mine", "team", "all"], Query(description="Whose: mine, my team's, or all I may see.")
    ] = "mine",
    limit: Limit = 50,
    after: After = None,
) -> TasksPage:
    """What is owed by me, by my team, or by anybody whose cases I may see."""
    begin = read_cursor(after, str, int, str)
    try:
        ref = TaskRef(CaseId(begin[0]), DutyNo(begin[1]), datetime.fromisoformat(begin[2])) if begin else None
    except ValueError:
        raise Problem(400, Reason("cursor_unreadable", "/after")) from None
    page = await services(request).register.tasks(viewer_of(request, caller), scope, limit, ref)
    following = page.next
    return TasksPage(
        items=page.items,
        next=cursor((following.case, following.duty, following.due_at.isoformat())) if following else None,
    )


@routes.get("/tasks/counts", Permission.CASES_SEE)
async def task_counts(request: Request, caller: Asker) -> TaskCountsBody:
    """How many tasks are mine, of those overdue, and my team's."""
    viewer = viewer_of(request, caller)
    counts = await services(request).register.task_counts(viewer)
    unseen = await services(request).register.unseen(viewer)
    return TaskCountsBody(mine=counts.mine, overdue=counts.overdue, team=counts.team, unseen=unseen)


@routes.post("/tasks/acknowledge", Permission.CASES_ACT)
async def acknowledge(request: Request, caller: Asker, body: AcknowledgeBody) -> AcknowledgedAll:
    """Acknowledge receipt of several at once; each is told apart."""
    house, viewer = services(request), viewer_of(request, caller)
    answers = []
    for item in body.items:
        reasons: list[ReasonBody] = []
        try:
            case = await house.case_pages.seen(viewer, CaseId(item.case))
            command = c.Discharge(by=caller.person, duty=DutyNo(item.duty))
            await house.handler.on(caller.tenant_id, case.id, command)
        except CaseUnknown:
            reasons = [_body(request, Reason("not_found"), None)]
        except CommandRefused as refusal:
            pack = await house.snapshots.pack(caller.tenant_id, PackKey(case.pack, case.pack_version))
            reasons = [_body(request, reason, words_of(pack)) for reason in refusal.reasons]
        answers.append(Acknowledged(case=item.case, duty=item.duty, ok=not reasons, reasons=reasons))
    return AcknowledgedAll(items=answers)


def _body(request: Request, reason: Reason, words: object) -> ReasonBody:
    text = reason_text(reason, language_of(request), words)  # type: ignore[arg-type]
    return ReasonBody(code=reason.code, field=reason.field, text=text, params=reason.params)


@routes.get("/notices", Permission.SELF)
async def notices(
    request: Request,
    caller: Asker,
    unseen: Annotated[bool, Query(description="Only what was not seen yet.")] = False,
    limit: Limit = 50,
    after: After = None,
) -> NoticesPage:
    """What I was told."""
    begin = read_cursor(after, int)
    items, following = await services(request).register.notices(
        viewer_of(request, caller), unseen, limit, begin[0] if begin else None
    )
    return NoticesPage(items=items, next=cursor((following,)) if following is not None else None)


@routes.post("/notices/seen", Permission.SELF, status=204)
async def see_notices(request: Request, caller: Asker, body: SeenBody) -> Response:
    """I have seen these."""
    await services(request).register.see(viewer_of(request, caller), body.ids)
    return Response(status_code=204)
