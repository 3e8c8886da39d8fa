"""Signing in and out, and who am I."""

import logging
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from anhuan.app.identity import Caller
from anhuan.app.permission import Permission
from anhuan.core.case.outcome import Reason
from anhuan.http.entry import came_over_network, give_cookie, refuse_foreign, session_text, take_cookie
from anhuan.http.exchange import json_answer
from anhuan.http.problems import ReasonBody
from anhuan.http.routes import Asker, Routes
from anhuan.http.scope import language_of, put_caller, services
from anhuan.http.words import reason_text

log = logging.getLogger(__name__)
routes = Routes("sessions")


class SignIn(BaseModel):
    """What one signs in with."""

    model_config = ConfigDict(extra="forbid")

    login: str = Field(min_length=1, max_length=128, description="`login`, or `login@plant` on a shared installation.")
    password: str = Field(min_length=1, max_length=256)


class PersonBody(BaseModel):
    """A person of the plant."""

    id: str
    name: str
    team: str | None


class SessionAccount(BaseModel):
    """The account that is signed in."""

    id: str
    login: str
    roles: list[str]
    language: Literal["zh", "en"]
    person: PersonBody | None = Field(description="Who of the plant this is; null for machines and administrators.")


class TenantBody(BaseModel):
    """The enterprise whose data this account sees."""

    id: str
    name: str
    language: Literal["zh", "en"]
    time_zone: str


class SessionBody(BaseModel):
    """Who is signed in, and what they may."""

    account: SessionAccount
    tenant: TenantBody
    permissions: list[str]
    csrf_token: str | None = Field(description="For X-CSRF-Token on every unsafe request; null with an API token.")
    expires_at: datetime | None
    warning: ReasonBody | None = Field(None, description="Something that whoever is signed in should mend.")


@routes.post("/sessions", Permission.PUBLIC, status=201, lean=True, answer=SessionBody)
async def sign_in(request: Request, body: SignIn) -> Response:
    """Sign in. The session is a cookie; the answer's `csrf_token` goes into X-CSRF-Token of every unsafe request."""
    refuse_foreign(request)
    address = request.client.host if request.client else "local"
    signed_in = await services(request).identity.sign_in(
        body.login,
        body.password,
        address=address,
        user_agent=request.headers.get("user-agent", ""),
        replaces=session_text(request),
    )
    put_caller(request, signed_in.caller)
    account = signed_in.caller.account
    if account.is_demo and came_over_network(request):
        log.warning(
            "Demonstration account %s signed in from %s over the network: give it a password of its own, or listen on "
            "127.0.0.1 only.",
            account.login,
            address,
        )
    response = json_answer(await _session(request, signed_in.caller), 201)
    give_cookie(request, response, signed_in.secret_text)
    return response


@routes.get("/sessions/current", Permission.SELF, lean=True, answer=SessionBody)
async def who_am_i(request: Request, caller: Asker) -> Response:
    """Who is signed in, what they may, and the token for X-CSRF-Token."""
    return json_answer(await _session(request, caller))


@routes.delete("/sessions/current", Permission.SELF, status=204, lean=True)
async def sign_out(request: Request, caller: Asker) -> Response:
    """Sign out: the session ends at once, elsewhere within a few seconds."""
    await services(request).identity.sign_out(caller)
    response = Response(status_code=204, headers={"Clear-Site-Data": '"cache"'})
    take_cookie(request, response)
    return response


async def _session(request: Request, caller: Caller) -> SessionBody:
    account, tenant = caller.account, caller.tenant
    person = await services(request).person(tenant.id, account.person) if account.person else None
    return SessionBody(
        account=SessionAccount(
            id=account.id,
            login=account.login,
            roles=list(account.roles),
            language=caller.language,
            person=PersonBody(id=person.id, name=person.name, team=person.team) if person else None,
        ),
        tenant=TenantBody(id=tenant.id, name=tenant.name, language=tenant.language, time_zone=tenant.time_zone),
        permissions=sorted(caller.permissions),
        csrf_token=caller.csrf,
        expires_at=caller.expires_at,
        warning=_warning(request, caller),
    )


def _warning(request: Request, caller: Caller) -> ReasonBody | None:
    if not (caller.account.is_demo and came_over_network(request)):
        return None
    reason = Reason("demo_account_on_network")
    text = reason_text(reason, language_of(request))
    return ReasonBody(code=reason.code, field="", text=text, params={})
