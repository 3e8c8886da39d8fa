"""Everything that goes wrong, as RFC 9457 `application/problem+json`, in the caller's language.

    {type, title, status, detail, code, reasons: [{code, field, text, params}]}

`code` is stable and for programs, `detail` and `text` are for people: which field, why, how to mend it. A fault of ours
has an `id` that stands in the log too, and tells nothing else about the inside.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, ValidationError
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from anhuan.app.accounts import AccountRefused
from anhuan.app.identity import SignInRefused
from anhuan.app.passwords import Busy
from anhuan.core.case.outcome import Reason
from anhuan.http.scope import language_of
from anhuan.http.words import PackWords, reason_text, title
from anhuan.ports.faults import StoreAway
from anhuan.ports.floor_plans import DrawingRefused
from anhuan.ports.papers import PaperNotMade
from anhuan.ports.photos import PhotoRefused

MEDIA_TYPE = "application/problem+json"

FORBIDDEN = frozenset(
    {
        *("not_yours", "may_not_ask", "may_not_revise", "may_not_sign_for", "own_work", "own_wish", "declined_before"),
        *(
            "acted_on_case",
            "area_is_accused",
            "concerns_oneself",
            "same_team",
            "subordinates_work",
            "superior_of_actor",
        ),
        *(
            "two_slots_one_person",
            "person_needed",
            "may_not_issue",
            "paper_hidden_while_blind",
            "permission_missing",
            "session_needed",
            "token_not_for_account",
        ),
    }
)
"""Reasons that lie in who asks."""
CONFLICTING = frozenset(
    {
        *(
            "already_asked",
            "already_dispatched",
            "asked_often_enough",
            "asked_too_late",
            "case_exists",
            "case_is_closed",
            "case_is_open",
            "duty_not_open",
        ),
        *("paper_not_at_this_stage", "paper_before_its_time", "paper_of_history", "paper_number_taken"),
        *("idempotency_conflict", "login_taken", "slug_taken", "last_administrator"),
    }
)
"""Reasons that lie in how things stand now."""


class ReasonBody(BaseModel):
    """Why, about one field or the whole."""

    code: str = Field(description="Stable, snake_case, for programs.")
    field: str = Field(description="JSON pointer into the form or body; empty: the whole.")
    text: str = Field(description="Which field, why, and how to mend it, in the caller's language.")
    params: dict[str, Any] = Field(description="What the text speaks of, for programs.")


class ProblemBody(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field(description="`urn:anhuan:problem:<code>`.")
    title: str
    status: int
    detail: str
    code: str
    reasons: list[ReasonBody]
    id: str | None = Field(None, description="A fault of ours: the same stands in the log.")


class Problem(Exception):
    """An answer that is not the one asked for. Raise it anywhere below a route."""

    def __init__(
        self,
        status: int,
        *reasons: Reason,
        words: PackWords | None = None,
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, object] | None = None,
    ) -> None:
        """`words`: those of the pack that the reasons come from. `extra`: further members of the body."""
        super().__init__(", ".join(reason.code for reason in reasons))
        self.status = status
        self.reasons = reasons
        self.words = words
        self.headers = headers
        self.extra = extra


def refused(reasons: Sequence[Reason], words: PackWords | None = None) -> Problem:
    """A decision's refusal: 403 when it lies in who asks, 409 in how things stand, else 422."""
    codes = {reason.code for reason in reasons}
    status = 403 if codes & FORBIDDEN else 409 if codes & CONFLICTING else 422
    return Problem(status, *reasons, words=words)


def not_found(what: str = "") -> Problem:
    """There is no such thing, or the caller may not know of it."""
    return Problem(404, Reason("not_found", what))


def problem_of(error: Exception) -> Problem | None:
    """What an exception says to the caller; None: it is a fault of ours."""
    match error:
        case Problem():
            return error
        case AccountRefused():
            return refused(error.reasons)
        case SignInRefused():
            return _sign_in_problem(error)
        case Busy():
            return Problem(503, Reason("sign_in_busy"), headers={"Retry-After": "5"})
        case PhotoRefused():
            return _photo_problem(error)
        case DrawingRefused():
            status = {"drawing_busy": 503, "drawing_too_large": 413}.get(error.code, 422)
            return Problem(status, Reason(error.code), headers={"Retry-After": "5"} if status == 503 else None)
        case PaperNotMade():
            return Problem(503, Reason(error.code), headers={"Retry-After": "5"})
        case StoreAway():
            return Problem(503, Reason("database_away"), headers={"Retry-After": "2"})
        case RequestValidationError():
            return _validation_problem(error.errors())
        case ValidationError():
            return _validation_problem(error.errors(include_url=False, include_context=True))
        case HTTPException():
            return _http_problem(error)
        case _:
            return None


def problem_response(request: Request, problem: Problem) -> Response:
    """The problem as it is sent."""
    return _response(request, problem, None)


def fault_response(request: Request, id: str) -> Response:
    """A fault of ours as it is sent: nothing about the inside but an id to look for in the log."""
    return _response(request, Problem(500, Reason("fault", params={"id": id})), id)


def _response(request: Request, problem: Problem, id: str | None) -> Response:
    language = language_of(request)
    reasons = [
        {
            "code": reason.code,
            "field": reason.field,
            "text": reason_text(reason, language, problem.words),
            "params": reason.params,
        }
        for reason in problem.reasons
    ]
    code = problem.reasons[0].code if problem.reasons else f"http_{problem.status}"
    body: dict[str, object] = {
        "type": f"urn:anhuan:problem:{code}",
        "title": title(problem.status, language),
        "status": problem.status,
        "detail": " ".join(str(reason["text"]) for reason in reasons),
        "code": code,
        "reasons": reasons,
    }
    if id:
        body["id"] = id
    body |= problem.extra or {}
    headers = {"Content-Language": language, **(problem.headers or {})}
    return Response(orjson.dumps(body, default=str), problem.status, headers, MEDIA_TYPE)


def _sign_in_problem(refusal: SignInRefused) -> Problem:
    if refusal.wait_s is None:
        return Problem(401, Reason(refusal.code))
    wait_s = max(1, round(refusal.wait_s))
    status = 503 if refusal.code == "sign_in_busy" else 429
    return Problem(status, Reason(refusal.code, params={"wait_s": wait_s}), headers={"Retry-After": str(wait_s)})


def _photo_problem(refusal: PhotoRefused) -> Problem:
    reason = Reason(refusal.code, params=dict(refusal.params))
    match refusal.code:
        case "photo_busy":
            return Problem(503, reason, headers={"Retry-After": "5"})
        case "photo_too_large":
            return Problem(413, reason)
        case _:
            return Problem(422, reason)


def _http_problem(error: HTTPException) -> Problem:
    codes = {400: "body_unreadable", 404: "not_found", 405: "method_not_allowed", 413: "body_too_large"}
    reason = Reason(codes.get(error.status_code, "request_refused"), params={"detail": str(error.detail)})
    return Problem(error.status_code, reason, headers=error.headers)


_PYDANTIC_CODES = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "string_too_short": "too_short",
    "string_too_long": "too_long",
    "too_short": "too_few",
    "too_long": "too_many",
    "enum": "not_in_list",
    "literal_error": "not_in_list",
    "string_pattern_mismatch": "pattern",
    "greater_than": "too_small",
    "greater_than_equal": "too_small",
    "less_than": "too_large",
    "less_than_equal": "too_large",
    "timezone_aware": "time_unreadable",
    "datetime_parsing": "time_unreadable",
    "datetime_from_date_parsing": "time_unreadable",
    "json_invalid": "body_unreadable",
}
_BOUNDS = ("min_length", "max_length", "ge", "gt", "le", "lt")


def _validation_problem(errors: Iterable[Any]) -> Problem:
    reasons = tuple(_validation_reason(error) for error in errors)
    unreadable = any(reason.code == "body_unreadable" for reason in reasons)
    return Problem(400 if unreadable else 422, *reasons)


def _validation_reason(error: ErrorDetails) -> Reason:
    kind = error["type"]
    code = _PYDANTIC_CODES.get(kind)
    if code is None:
        code = "wrong_type" if kind.endswith("_type") else "bad_format"
    where, *path = error["loc"] or ("body",)
    if where not in {"body", "query", "path", "header"}:
        path = [where, *path]
    pointer = "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
    return Reason(code, "" if code == "body_unreadable" else pointer, _validation_params(error, code))


def _validation_params(error: ErrorDetails, code: str) -> dict[str, object]:
    context = error.get("ctx", {})
    match code:
        case "not_in_list":
            return {"values": str(context.get("expected", "")).replace("'", "")}
        case "wrong_type":
            return {"types": [error["type"].removesuffix("_type").replace("dict", "object").replace("list", "array")]}
        case "time_unreadable":
            return {"value": str(error["input"])[:40]}
        case "pattern":
            return {"pattern": str(context.get("pattern", ""))}
        case _:
            bounds = [context[bound] for bound in _BOUNDS if bound in context]
            return {"limit": bounds[0]} if bounds else {}
