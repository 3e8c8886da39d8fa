"""Where a case has waited: how long for receipt, for the work, for signatures, for verification, in deferral.

Each second counts once. Where several duties are open at once it belongs to the first of them in the order of `ORDER`:
as long as somebody has not taken note, nobody else's work counts as what the case waits for. Time at which nothing was
owed (a closed case before it was opened again) is no waiting.
"""

from collections.abc import Iterable
from datetime import datetime

from anhuan.core.case.state import Case, CaseStatus
from anhuan.core.policy import Wait

ORDER = tuple(Wait)
"""Which sort a second belongs to when a case waits for several things: the earlier one."""

Spell = tuple[Wait, datetime, datetime]
"""One duty: what it is waited for as, when it was opened and when it ended."""


def waited_s(case: Case) -> tuple[int, ...] | None:
    """Whole seconds that a case has waited, by the sorts of `ORDER`; None: it is open, or its life was elsewhere."""
    if case.status is not CaseStatus.CLOSED or case.imported:
        return None
    return seconds((duty.wait, duty.opened_at, duty.ended_at) for duty in case.duties.values() if duty.ended_at)


def seconds(spells: Iterable[Spell]) -> tuple[int, ...]:
    """Whole seconds by sort, each moment counted once."""
    bounds: dict[datetime, list[tuple[Wait, int]]] = {}
    for wait, begun, ended in spells:
        if ended <= begun:
            continue
        bounds.setdefault(begun, []).append((wait, 1))
        bounds.setdefault(ended, []).append((wait, -1))
    running = dict.fromkeys(ORDER, 0)
    waited = dict.fromkeys(ORDER, 0.0)
    before: datetime | None = None
    for moment in sorted(bounds):
        owner = next((wait for wait in ORDER if running[wait]), None)
        if owner is not None and before is not None:
            waited[owner] += (moment - before).total_seconds()
        for wait, step in bounds[moment]:
            running[wait] += step
        before = moment
    return tuple(int(waited[wait]) for wait in ORDER)


def deferrals(case: Case) -> int:
    """How often a case has entered an approved wait."""
    return len({duty.round for duty in case.duties.values() if duty.wait is Wait.DEFERRAL})


def waits_for(case: Case) -> Wait | None:
    """What a case waits for now; None: nothing is owed."""
    owed = {duty.wait for duty in case.open_duties()}
    return next((wait for wait in ORDER if wait in owed), None)
