"""Who may: the one module that says it, for every route and every list.

A *permission* is something the API lets one do; a *role* carries permissions; an account has roles. Each route names
exactly one permission. What a person may do with one particular case (their duties, moves) is not said here: the core
decides that from the plant and the pack.

What somebody may see of the cases is a `Sight`: a value, from which the predicate `sees` and a store's query are made,
so that a list and a single page never differ.
"""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from anhuan.domain.ids import PersonId, TeamId


class Permission(StrEnum):
    """What a route may ask of its caller. The values are stable: clients compare them."""

    PUBLIC = "public"
    """Nobody need be signed in."""
    SELF = "self"
    """One's own account, session, notices and saved views."""
    TOKENS = "tokens"
    """Make and revoke one's own API tokens."""
    ACCOUNTS_MANAGE = "accounts.manage"
    KINDS_SEE = "kinds.see"
    CASES_REPORT = "cases.report"
    CASES_SEE = "cases.see"
    CASES_SEE_ALL = "cases.see_all"
    """Beyond one's own and one's team's."""
    CASES_ACT = "cases.act"
    """Duties, moves, notes, joining: which of them, the core decides."""
    CASES_EXPORT = "cases.export"
    FILES_SEND = "files.send"
    FILES_SEE = "files.see"
    PLANT_SEE = "plant.see"
    PLANT_EDIT = "plant.edit"
    IMPORTS_MAKE = "imports.make"
    PACKS_SEE = "packs.see"
    PACKS_PUBLISH = "packs.publish"
    LEDGER_SEE = "ledger.see"


class Role(StrEnum):
    """What an account is in the installation; posts in the plant are another thing."""

    ADMINISTRATOR = "administrator"
    SAFETY_OFFICER = "safety_officer"
    MANAGER = "manager"
    TEAM_LEADER = "team_leader"
    WORKER = "worker"
    AUDITOR = "auditor"
    MACHINE = "machine"


_P = Permission
_EVERYBODY = frozenset({_P.PUBLIC, _P.SELF})
_LOOKS = _EVERYBODY | {_P.KINDS_SEE, _P.PLANT_SEE, _P.CASES_SEE, _P.FILES_SEE}
_WORKS = _LOOKS | {_P.CASES_REPORT, _P.CASES_ACT, _P.FILES_SEND}
_OVERSEES = _WORKS | {_P.CASES_SEE_ALL, _P.CASES_EXPORT, _P.PACKS_SEE, _P.LEDGER_SEE}

ROLES: dict[str, frozenset[Permission]] = {
    Role.ADMINISTRATOR: _OVERSEES | {_P.ACCOUNTS_MANAGE, _P.TOKENS, _P.PLANT_EDIT, _P.IMPORTS_MAKE, _P.PACKS_PUBLISH},
    Role.SAFETY_OFFICER: _OVERSEES | {_P.TOKENS, _P.PLANT_EDIT, _P.IMPORTS_MAKE},
    Role.MANAGER: _OVERSEES,
    Role.TEAM_LEADER: _WORKS | {_P.CASES_SEE_ALL, _P.CASES_EXPORT, _P.PACKS_SEE},
    Role.WORKER: _WORKS,
    Role.AUDITOR: _LOOKS | {_P.CASES_SEE_ALL, _P.CASES_EXPORT, _P.PACKS_SEE, _P.LEDGER_SEE},
    Role.MACHINE: _EVERYBODY | {_P.KINDS_SEE, _P.PLANT_SEE, _P.CASES_REPORT, _P.CASES_SEE, _P.FILES_SEND, _P.FILES_SEE},
}
"""What each role may. A role that is not here may nothing."""

BY_SESSION_ONLY = frozenset({_P.TOKENS, _P.ACCOUNTS_MANAGE, _P.PACKS_PUBLISH})
"""Never through an API token: a stolen token must not be able to make itself at home."""


def permissions_of(roles: Iterable[str], *, by_token: bool = False) -> frozenset[Permission]:
    """Everything that these roles may together."""
    granted: frozenset[Permission] = frozenset().union(*(ROLES.get(role, frozenset()) for role in roles))
    return granted - BY_SESSION_ONLY if by_token else granted


def may(granted: frozenset[Permission], wanted: Permission) -> bool:
    """Whether somebody with these permissions may do what asks for that one."""
    return wanted is Permission.PUBLIC or wanted in granted


class Sight(Struct, frozen=True):
    """Which cases somebody may see.

    `all_cases` sees every case. Otherwise a case is seen by whoever reported it, holds or held one of its duties or
    acted on it (`person`), or whose team has a part in it (`team`).
    """

    all_cases: bool
    person: PersonId | None = None
    team: TeamId | None = None

    def sees(self, persons: Iterable[PersonId], teams: Iterable[TeamId]) -> bool:
        """The predicate over the people and the teams that have a part in a case."""
        return (
            self.all_cases
            or (self.person is not None and self.person in persons)
            or (self.team is not None and self.team in teams)
        )


def sight(granted: frozenset[Permission], person: PersonId | None, team: TeamId | None) -> Sight:
    """What somebody with these permissions sees of the cases; without any, what nobody has a part in: nothing."""
    if Permission.CASES_SEE not in granted:
        return Sight(all_cases=False)
    return Sight(Permission.CASES_SEE_ALL in granted, person, team)
