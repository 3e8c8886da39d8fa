"""API tokens: keys for machines and scripts, `Authorization: Bearer <token>`."""

from datetime import datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from anhuan.app.permission import Permission
from anhuan.domain.ids import AccountId
from anhuan.http.problems import not_found
from anhuan.http.routes import Asker, Routes
from anhuan.http.scope import services
from anhuan.ports.identity import ApiToken

routes = Routes("tokens")


class TokenBody(BaseModel):
    """A live token, without its secret."""

    id: str
    name: str
    account: str = Field(description="Id of the account that it acts as.")
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class NewTokenBody(TokenBody):
    """A token just made."""

    token: str = Field(description="The secret, shown this once: for `Authorization: Bearer`.")


class TokensPage(BaseModel):
    """Live tokens, oldest first."""

    items: list[TokenBody]


class TokenToMake(BaseModel):
    """A new token."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=100, description="What it is for.")
    account: str | None = Field(None, max_length=128, description="Id of a machine's account; null: one's own.")
    expires_at: AwareDatetime | None = Field(None, description="Null: when it is revoked.")


@routes.get("/tokens", Permission.TOKENS)
async def list_tokens(request: Request, caller: Asker) -> TokensPage:
    """One's own live tokens; administrators see everybody's."""
    return TokensPage(items=[_body(token) for token in await services(request).accounts.tokens(caller)])


@routes.post("/tokens", Permission.TOKENS, status=201)
async def make_token(request: Request, caller: Asker, body: TokenToMake) -> NewTokenBody:
    """Make a token. Its secret is in this answer and nowhere else."""
    account = AccountId(body.account) if body.account else None
    token, text = await services(request).accounts.create_token(
        caller, name=body.name, account=account, expires_at=body.expires_at
    )
    return NewTokenBody(token=text, **_body(token).model_dump())


@routes.delete("/tokens/{id}", Permission.TOKENS, status=204)
async def revoke_token(request: Request, caller: Asker, id: str) -> Response:
    """Revoke a token: it opens nothing any more, within a few seconds."""
    if not await services(request).accounts.revoke_token(caller, id):
        raise not_found()
    return Response(status_code=204)


def _body(token: ApiToken) -> TokenBody:
    return TokenBody(
        id=token.id,
        name=token.name,
        account=token.account,
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
    )
