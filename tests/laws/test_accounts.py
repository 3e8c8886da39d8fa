"""Accounts in the core: the events of a change come to that change, and tell no secret."""

import random
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from anhuan.app.account_lock import FREE_ATTEMPTS, LONGEST_WAIT, count_on
from anhuan.core.account import events as e
from anhuan.core.account.changes import Change, changes, creation
from anhuan.core.account.evolve import NotItsHistory, evolve, fold
from anhuan.core.account.state import AccountState, TokenState
from anhuan.domain.ids import AccountId, PersonId, TenantId
from anhuan.ports.identity import Account

EVENTS: msgspec.json.Decoder[e.AccountEvent] = msgspec.json.Decoder(e.AccountEvent)
BEGAN = datetime(2026, 3, 2, 8, tzinfo=UTC)
OWN = AccountId("acc-own")

moments = st.integers(0, 10**9).map(lambda seconds: BEGAN + timedelta(seconds=seconds))
people = st.none() | st.sampled_from(["p-001", "p-002", "p-003"]).map(PersonId)
roles = st.lists(st.sampled_from(["worker", "auditor", "administrator"]), min_size=1, unique=True).map(tuple)
languages = st.sampled_from([None, "zh", "en"])
actors = st.builds(e.Actor, st.sampled_from([None, OWN, AccountId("acc-admin")]), people)
said = {"at": moments, "by": people, "by_account": st.sampled_from([None, OWN])}
states = st.builds(
    AccountState,
    id=st.just(OWN),
    login=st.sampled_from(["wang", "li"]),
    roles=roles,
    person=people,
    language=languages,
    is_demo=st.booleans(),
    has_password=st.booleans(),
    disabled_at=st.none() | moments,
    locked_until=st.none() | moments,
    created_at=st.just(BEGAN),
)


@st.composite
def wished(draw: st.DrawFn) -> tuple[AccountState, AccountState, Change]:
    """An account, what it is to be, and the change between."""
    before = draw(states)
    change = Change(
        at=draw(moments), actor=draw(actors), new_password=draw(st.booleans()), ends_sessions=draw(st.booleans())
    )
    unlocked = draw(st.booleans())
    after = replace(
        before,
        roles=draw(roles),
        person=draw(people),
        language=draw(languages),
        has_password=before.has_password or change.new_password,
        is_demo=before.is_demo and not change.new_password,
        locked_until=None if unlocked else before.locked_until,
        disabled_at=draw(st.sampled_from([None, before.disabled_at or change.at])),
    )
    return before, after, change


def folded(state: AccountState, events: tuple[e.AccountEvent, ...]) -> AccountState:
    for event in events:
        state = evolve(state, event)
    return state


@given(wished())
def test_the_events_of_a_change_come_to_that_change(wish: tuple[AccountState, AccountState, Change]) -> None:
    before, after, change = wish
    events = changes(before, after, change)
    assert folded(before, events) == after
    told = {(event.at, event.by, event.by_account) for event in events}
    assert told <= {(change.at, change.actor.person, change.actor.account)}


@given(states, moments, actors)
def test_where_nothing_changes_there_is_no_event(state: AccountState, at: datetime, actor: e.Actor) -> None:
    change = Change(at=at, actor=actor, new_password=False, ends_sessions=False)
    assert changes(state, state, change) == ()


@given(wished())
def test_only_others_set_a_password_and_end_sessions(wish: tuple[AccountState, AccountState, Change]) -> None:
    before, after, change = wish
    names = {type(event) for event in changes(before, after, change)}
    own = change.actor.account == before.id
    assert (e.PasswordChanged in names) == (change.new_password and own)
    assert (e.PasswordSet in names) == (change.new_password and not own)
    assert (e.SessionsEnded in names) == (change.ends_sessions and not own)


@given(states, actors)
def test_an_account_begins_as_it_was_made(state: AccountState, actor: e.Actor) -> None:
    new = replace(state, disabled_at=None, locked_until=None)
    assert fold([creation(new, actor)]) == new


@given(st.lists(wished(), max_size=4), actors)
def test_a_history_reads_back_from_json_and_folds_to_the_same(
    wishes: list[tuple[AccountState, AccountState, Change]], actor: e.Actor
) -> None:
    assume(wishes)
    new = replace(wishes[0][0], disabled_at=None, locked_until=None)
    state, history = new, [creation(new, actor)]
    for _, wanted, change in wishes:
        after = replace(
            wanted,
            login=new.login,
            locked_until=None,
            has_password=state.has_password or change.new_password,
            is_demo=state.is_demo and not change.new_password,
            disabled_at=(state.disabled_at or change.at) if wanted.disabled_at else None,
        )
        history += changes(state, after, change)
        state = after
    read = [EVENTS.decode(msgspec.json.encode(event)) for event in history]
    assert read == history
    assert fold(read) == state


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.sampled_from([None, e.TokenRevoked, e.TokenExpired]), max_size=6),
    st.randoms(use_true_random=False),
    states,
)
def test_tokens_live_until_they_are_ended_in_whatever_order(
    tokens: dict[str, type[e.TokenRevoked] | type[e.TokenExpired] | None], chance: random.Random, state: AccountState
) -> None:
    by = {"by": None, "by_account": OWN}
    made = [
        e.TokenCreated(at=BEGAN, token=token, name=f"n{token}", roles=state.roles, expires_at=None, **by)
        for token in tokens
    ]
    ended = [end(at=BEGAN + timedelta(hours=1), token=token, **by) for token, end in tokens.items() if end]
    chance.shuffle(made)
    chance.shuffle(ended)
    after = folded(state, (*made, *ended))
    assert after == replace(state, tokens=after.tokens)
    assert [token.id for token in after.tokens] == sorted(tokens)
    assert {token.id for token in after.tokens if token.revoked_at is None} == {
        token for token, end in tokens.items() if end is None
    }


@given(st.builds(e.AccountAdopted, account=st.just(OWN), login=st.just("wang"), language=languages, **said))
def test_an_adopted_account_goes_on_as_it_was_found(adopted: e.AccountAdopted) -> None:
    token = e.AdoptedToken(token="t", name="scale", created_at=BEGAN, created_by=OWN, expires_at=None, revoked_at=None)
    state = fold([replace(adopted, tokens=(token,))])
    assert (state.roles, state.disabled_at, state.locked_until) == (
        adopted.roles,
        adopted.disabled_at,
        adopted.locked_until,
    )
    assert state.created_at == adopted.created_at
    assert state.tokens == (TokenState(id="t", name="scale", created_at=BEGAN, created_by=OWN),)


def event(type_: type[e.AccountHappening], **rest: object) -> e.AccountEvent:
    return msgspec.convert(
        {"type": type_.__name__, "at": BEGAN, "by": None, "by_account": None, **rest}, e.AccountEvent, strict=False
    )


STATE = AccountState(id=OWN, login="wang", roles=("worker",), created_at=BEGAN)
CREATED = creation(STATE, e.INSTALLATION)
TOKEN = event(e.TokenCreated, token="t", name="scale", roles=["worker"], expires_at=None)
ENDED = event(e.TokenRevoked, token="t")


@pytest.mark.parametrize(
    "history",
    [
        [],
        [ENDED],
        [CREATED, CREATED],
        [CREATED, event(e.AccountReactivated)],
        [CREATED, event(e.AccountDeactivated), event(e.AccountDeactivated)],
        [CREATED, ENDED],
        [CREATED, TOKEN, TOKEN],
        [CREATED, TOKEN, ENDED, ENDED],
        [CREATED, TOKEN, ENDED, TOKEN],
    ],
)
def test_what_cannot_have_happened_is_refused(history: list[e.AccountEvent]) -> None:
    with pytest.raises(NotItsHistory):
        fold(history)


def test_no_event_has_a_place_for_a_secret() -> None:
    for type_ in e.AccountEvent.__args__:
        for field in msgspec.structs.fields(type_):
            assert field.name not in {"password", "password_hash", "token_hash", "secret", "csrf"}
            assert field.type is not bytes


@given(st.integers(0, 60), st.none() | moments, moments)
def test_a_lock_is_told_exactly_where_an_attempt_sets_one(failed: int, until: datetime | None, at: datetime) -> None:
    account = Account(
        tenant=TenantId("t"), id=OWN, login="wang", failed_logins=failed, locked_until=until, created_at=BEGAN
    )
    judged = count_on(account, at)
    if until is not None and until > at:
        assert judged is None
        return
    assert judged is not None
    attempt, events = judged
    assert [event.until for event in events] == ([attempt.locked_until] if attempt.locked_until else [])
    assert bool(events) == (failed + 1 >= FREE_ATTEMPTS)
    assert all(at < event.until <= at + LONGEST_WAIT for event in events)
