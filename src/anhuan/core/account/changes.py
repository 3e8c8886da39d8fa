"""Which events lead from an account as it was to the account as it is to be."""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from anhuan.core.account import events as e
from anhuan.core.account.state import AccountState


def creation(new: AccountState, actor: e.Actor) -> e.AccountCreated:
    """The first event of a new account, at its `created_at`."""
    return e.AccountCreated(
        at=new.created_at,
        by=actor.person,
        by_account=actor.account,
        account=new.id,
        login=new.login,
        roles=new.roles,
        person=new.person,
        language=new.language,
        is_demo=new.is_demo,
        has_password=new.has_password,
    )


class Change(Struct, frozen=True, kw_only=True):
    """A change of an account: when, by whom, and what the two states cannot tell."""

    at: datetime
    actor: e.Actor
    new_password: bool
    """It gets a password, whether or not it had one."""
    ends_sessions: bool


def changes(before: AccountState, after: AccountState, change: Change) -> tuple[e.AccountEvent, ...]:
    """The events of a change, such that folding them onto `before` gives `after`.

    An account keeps its id, log-in, moment of creation and tokens. It is deactivated, if so, at the change's moment.
    """
    return tuple(_changes(before, after, change))


def _changes(before: AccountState, after: AccountState, change: Change) -> Iterator[e.AccountEvent]:
    at, by, by_account = change.at, change.actor.person, change.actor.account
    is_own = by_account == before.id
    if change.new_password:
        event = e.PasswordChanged if is_own else e.PasswordSet
        yield event(at=at, by=by, by_account=by_account)
    if before.locked_until is not None and after.locked_until is None:
        yield e.AccountUnlocked(at=at, by=by, by_account=by_account)
    if before.roles != after.roles:
        yield e.RolesChanged(at=at, by=by, by_account=by_account, roles=after.roles)
    if before.person != after.person:
        yield e.PersonLinked(at=at, by=by, by_account=by_account, person=after.person)
    if before.language != after.language:
        yield e.LanguageChosen(at=at, by=by, by_account=by_account, language=after.language)
    if before.disabled_at is None and after.disabled_at is not None:
        yield e.AccountDeactivated(at=at, by=by, by_account=by_account)
    if before.disabled_at is not None and after.disabled_at is None:
        yield e.AccountReactivated(at=at, by=by, by_account=by_account)
    if change.ends_sessions and not is_own:
        yield e.SessionsEnded(at=at, by=by, by_account=by_account)
