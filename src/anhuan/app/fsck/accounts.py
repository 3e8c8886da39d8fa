"""Each account rebuilt from its events and compared with its row and its tokens."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from anhuan.app.fsck.history import read_history
from anhuan.app.fsck.report import Findings, shown
from anhuan.core.account.events import AccountEvent
from anhuan.core.account.evolve import NotItsHistory, fold
from anhuan.core.account.state import AccountState, TokenState
from anhuan.domain.ids import AccountId
from anhuan.ports.fsck import Row, StoredEvent
from anhuan.ports.tenant_events import account_stream

_EVENTS: msgspec.json.Decoder[AccountEvent] = msgspec.json.Decoder(AccountEvent)


def check_account(account: AccountId, events: Sequence[StoredEvent], stored: Row | None, findings: Findings) -> None:
    """Compare one account. `stored`: its columns and `tokens` as far as events tell of them; None: no such row.

    Passwords are not compared beyond whether there is one: no event holds anything of them.
    """
    if not events:
        findings.add("account_without_events", account=account)
        return
    stream = account_stream(account)
    history = read_history(stream, events, _EVENTS, findings)
    if len(history) < len(events):
        return
    try:
        rebuilt = fold(history)
    except NotItsHistory as error:
        findings.add("events_unreadable", stream=stream, why=str(error))
        return
    if rebuilt.id != account:
        findings.add("events_unreadable", stream=stream, why="not the history of this account")
    elif stored is None:
        findings.add("account_without_row", account=account)
    else:
        _compare(account, msgspec.convert(stored, AccountState), rebuilt, findings)


def _compare(account: AccountId, stored: AccountState, rebuilt: AccountState, findings: Findings) -> None:
    for column in _different(stored, rebuilt):
        if column != "tokens":
            seen, due = getattr(stored, column), getattr(rebuilt, column)
            findings.add("account_differs", account=account, column=column, stored=shown(seen), rebuilt=shown(due))
    found = {token.id: token for token in stored.tokens}
    told = {token.id: token for token in rebuilt.tokens}
    for token in sorted(found.keys() | told.keys()):
        where = {"account": account, "token": token}
        if token not in found:
            findings.add("token_missing", **where)
        elif token not in told:
            findings.add("token_unfounded", **where)
        else:
            _compare_token(where, found[token], told[token], findings)


def _compare_token(where: dict[str, str], stored: TokenState, rebuilt: TokenState, findings: Findings) -> None:
    for column in _different(stored, rebuilt):
        seen, due = getattr(stored, column), getattr(rebuilt, column)
        findings.add("token_differs", **where, column=column, stored=shown(seen), rebuilt=shown(due))


def _different(stored: Struct, rebuilt: Struct) -> list[str]:
    return [name for name in rebuilt.__struct_fields__ if getattr(stored, name) != getattr(rebuilt, name)]
