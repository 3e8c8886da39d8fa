"""Accounts: who may sign in, kept by administrators; and what one changes of one's own."""

from datetime import datetime
from typing import Literal

from msgspec import UNSET
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict
from starlette.requests import Request
from starlette.responses import Response

from anhuan.app.accounts import AccountChange, AccountRefused, NewAccount
from anhuan.app.permission import Permission, Role
from anhuan.core.case.outcome import Reason
from anhuan.domain.ids import AccountId, PersonId, TenantId
from anhuan.http.exchange import PAGE, After, Limit, cursor, read_cursor
from anhuan.http.problems import not_found
from anhuan.http.routes import Asker, Routes
from anhuan.http.scope import services
from anhuan.ports.identity import Account

routes = Routes("accounts")

Language = Literal["zh", "en"]
_ONE_OF_THE_ROLES: JsonDict = {"items": {"type": "string", "enum": [role.value for role in Role]}}


class AccountBody(BaseModel):
    """An account as administrators see it."""

    id: str
    login: str
    roles: list[str]
    person: str | None = Field(description="Id of the person of the plant.")
    language: Language | None = Field(description="Null: the tenant's.")
    is_demo: bool
    has_password: bool
    disabled_at: datetime | None
    locked_until: datetime | None
    created_at: datetime


class AccountsPage(BaseModel):
    """A page of accounts by log-in."""

    items: list[AccountBody]
    next: str | None


class AccountToMake(BaseModel):
    """A new account."""

    model_config = ConfigDict(extra="forbid")

    login: str = Field(min_length=1, max_length=64, description="Unique; a staff number, say. No @, no blanks.")
    roles: list[str] = Field(min_length=1, max_length=7, json_schema_extra=_ONE_OF_THE_ROLES)
    password: str | None = Field(None, max_length=256, description="Null: nobody signs in with a password (machines).")
    person: str | None = Field(None, max_length=128, description="Id of the person of the plant; null for machines.")
    language: Language | None = None


class AccountToChange(BaseModel):
    """What is to be changed; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    roles: list[str] | None = Field(None, min_length=1, max_length=7, description=f"Some of {', '.join(Role)}.")
    password: str | None = Field(None, max_length=256)
    person: str | None = Field(None, max_length=128, description="Null: nobody of the plant.")
    language: Language | None = Field(None, description="Null: the tenant's.")
    disabled: bool | None = None


class OwnChange(BaseModel):
    """What one changes of one's own account; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    password: str | None = Field(None, min_length=1, max_length=256)
    current_password: str | None = Field(None, max_length=256, description="Needed with `password`.")
    language: Language | None = None


@routes.get("/accounts", Permission.ACCOUNTS_MANAGE)
async def list_accounts(request: Request, caller: Asker, limit: Limit = PAGE, after: After = None) -> AccountsPage:
    """The accounts of the tenant by log-in."""
    start = read_cursor(after, str)
    found = await services(request).accounts.listed(caller.tenant_id, after=start[0] if start else "", limit=limit + 1)
    page = found[:limit]
    return AccountsPage(
        items=[_body(account) for account in page], next=cursor([page[-1].login]) if len(found) > limit else None
    )


@routes.post("/accounts", Permission.ACCOUNTS_MANAGE, status=201)
async def make_account(request: Request, caller: Asker, body: AccountToMake) -> AccountBody:
    """Make an account. Its person must be of the plant."""
    person = await _person(request, caller.tenant_id, body.person)
    new = NewAccount(
        login=body.login, roles=tuple(body.roles), password=body.password, person=person, language=body.language
    )
    return _body(await services(request).accounts.create(caller.tenant_id, new, by=caller.actor))


@routes.patch("/accounts/me", Permission.SELF, status=204)
async def change_own_account(request: Request, caller: Asker, body: OwnChange) -> Response:
    """Change one's own password or language. Other sessions end with the old password."""
    await services(request).accounts.change_own(
        caller, password=body.password, current_password=body.current_password, language=body.language
    )
    return Response(status_code=204)


@routes.patch("/accounts/{id}", Permission.ACCOUNTS_MANAGE)
async def change_account(request: Request, caller: Asker, id: str, body: AccountToChange) -> AccountBody:
    """Change, disable or enable an account. Its sessions end where its roles or its password change."""
    given = body.model_fields_set
    change = AccountChange(
        roles=tuple(body.roles) if body.roles is not None else UNSET,
        password=body.password if body.password is not None else UNSET,
        person=await _person(request, caller.tenant_id, body.person) if "person" in given else UNSET,
        language=body.language if "language" in given else UNSET,
        disabled=body.disabled if body.disabled is not None else UNSET,
    )
    changed = await services(request).accounts.change(caller.tenant_id, AccountId(id), change, by=caller.actor)
    if changed is None:
        raise not_found()
    return _body(changed)


async def _person(request: Request, tenant: TenantId, id: str | None) -> PersonId | None:
    if id is None:
        return None
    if await services(request).person(tenant, PersonId(id)) is None:
        raise AccountRefused(Reason("person_unknown", "/person", {"value": id}))
    return PersonId(id)


def _body(account: Account) -> AccountBody:
    return AccountBody(
        id=account.id,
        login=account.login,
        roles=list(account.roles),
        person=account.person,
        language=account.language,
        is_demo=account.is_demo,
        has_password=account.password_hash is not None,
        disabled_at=account.disabled_at,
        locked_until=account.locked_until,
        created_at=account.created_at,
    )
