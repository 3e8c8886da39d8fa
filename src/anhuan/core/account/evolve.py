"""Folding an account's events. It knows neither clock nor rights: whatever matters stands in the event itself."""

from collections.abc import Callable, Iterable
from typing import Any

from msgspec.structs import replace

from anhuan.core.account import events as e
from anhuan.core.account.state import AccountState, TokenState


class NotItsHistory(Exception):
    """An event that cannot follow those before it."""


def fold(events: Iterable[e.AccountEvent]) -> AccountState:
    """The account after all of its events. Raises NotItsHistory, also where there are none."""
    state: AccountState | None = None
    for event in events:
        state = evolve(state, event)
    if state is None:
        raise NotItsHistory("no events")
    return state


def evolve(state: AccountState | None, event: e.AccountEvent) -> AccountState:
    """The account after one more event. `state` None: there was none yet. Raises NotItsHistory."""
    if isinstance(event, e.AccountCreated | e.AccountAdopted):
        if state is not None:
            raise NotItsHistory("begun twice")
        return _begun(event)
    if state is None:
        raise NotItsHistory(f"begins with {type(event).__name__}")
    return _FOLDS[type(event)](state, event)


def _begun(event: e.AccountCreated | e.AccountAdopted) -> AccountState:
    state = AccountState(
        id=event.account,
        login=event.login,
        roles=event.roles,
        person=event.person,
        language=event.language,
        is_demo=event.is_demo,
        has_password=event.has_password,
        created_at=event.at,
    )
    if isinstance(event, e.AccountCreated):
        return state
    return replace(
        state,
        created_at=event.created_at,
        disabled_at=event.disabled_at,
        locked_until=event.locked_until,
        tokens=_by_id(
            TokenState(
                id=found.token,
                name=found.name,
                created_at=found.created_at,
                created_by=found.created_by,
                expires_at=found.expires_at,
                revoked_at=found.revoked_at,
            )
            for found in event.tokens
        ),
    )


def _deactivated(state: AccountState, event: e.AccountDeactivated) -> AccountState:
    if state.disabled_at is not None:
        raise NotItsHistory("deactivated twice")
    return replace(state, disabled_at=event.at)


def _reactivated(state: AccountState, event: e.AccountReactivated) -> AccountState:
    if state.disabled_at is None:
        raise NotItsHistory("reactivated while active")
    return replace(state, disabled_at=None)


def _password(state: AccountState, event: e.PasswordSet | e.PasswordChanged) -> AccountState:
    return replace(state, has_password=True, is_demo=False)


def _token_created(state: AccountState, event: e.TokenCreated) -> AccountState:
    if any(token.id == event.token for token in state.tokens):
        raise NotItsHistory(f"token {event.token} made twice")
    made = TokenState(
        id=event.token,
        name=event.name,
        created_at=event.at,
        created_by=event.by_account or state.id,
        expires_at=event.expires_at,
    )
    return replace(state, tokens=_by_id((*state.tokens, made)))


def _token_ended(state: AccountState, event: e.TokenRevoked | e.TokenExpired) -> AccountState:
    live = {token.id: token for token in state.tokens if token.revoked_at is None}
    if event.token not in live:
        raise NotItsHistory(f"token {event.token} is not live")
    rest = (token for token in state.tokens if token.id != event.token)
    return replace(state, tokens=_by_id((*rest, replace(live[event.token], revoked_at=event.at))))


def _by_id(tokens: Iterable[TokenState]) -> tuple[TokenState, ...]:
    return tuple(sorted(tokens, key=lambda token: token.id))


_FOLDS: dict[type[e.AccountHappening], Callable[[AccountState, Any], AccountState]] = {
    e.RolesChanged: lambda state, event: replace(state, roles=event.roles),
    e.PersonLinked: lambda state, event: replace(state, person=event.person),
    e.LanguageChosen: lambda state, event: replace(state, language=event.language),
    e.AccountDeactivated: _deactivated,
    e.AccountReactivated: _reactivated,
    e.PasswordSet: _password,
    e.PasswordChanged: _password,
    e.SessionsEnded: lambda state, event: state,
    e.AccountLocked: lambda state, event: replace(state, locked_until=event.until),
    e.AccountUnlocked: lambda state, event: replace(state, locked_until=None),
    e.TokenCreated: _token_created,
    e.TokenRevoked: _token_ended,
    e.TokenExpired: _token_ended,
}
