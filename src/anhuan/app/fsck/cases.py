"""Each case rebuilt from its events and compared, column by column, with the rows that lists are read from."""

from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct

from anhuan.app.fsck.history import read_history
from anhuan.app.fsck.report import Findings, shown
from anhuan.app.projection import DutyRow, TimerRow, case_row, duty_row, timer_row
from anhuan.core.case.events import CaseEvent
from anhuan.core.case.evolve import IllegalTransition, fold
from anhuan.core.case.state import Case
from anhuan.core.invariants import broken_over
from anhuan.core.policy import Kind
from anhuan.domain.ids import TenantId
from anhuan.ports.fsck import Row, StoredEvent, StoredRows
from anhuan.ports.rows import CaseRow

_EVENTS: msgspec.json.Decoder[CaseEvent] = msgspec.json.Decoder(CaseEvent)


def check_case(
    tenant: TenantId,
    stream: str,
    events: Sequence[StoredEvent],
    rows: StoredRows,
    numbers: dict[str, str],
    findings: Findings,
) -> list[CaseEvent]:
    """Compare one case. `numbers` collects which case has which number. What could be read of its history."""
    if not events:
        findings.add("case_without_events", case=stream)
        return []
    history = read_history(stream, events, _EVENTS, findings)
    case = _folded(stream, history, findings) if len(history) == len(events) else None
    if case is None:
        return []
    if case.id != stream or case.opened_at is None:
        findings.add("events_unreadable", stream=stream, why="not the history of this case")
        return []
    other = numbers.setdefault(case.number, case.id)
    if other != case.id:
        findings.add("number_twice", number=case.number, case=case.id, other=other)
    if rows.case is None:
        findings.add("case_without_row", case=stream)
    else:
        _compare("case", {"case": stream}, rows.case, case_row(tenant, case), CaseRow, findings)
    duties: dict[int, Struct] = {no: duty_row(tenant, case, duty) for no, duty in case.duties.items()}
    armed = {no: timer_row(tenant, case, duty) for no, duty in case.duties.items()}
    timers: dict[int, Struct] = {no: timer for no, timer in armed.items() if timer is not None}
    _compare_many("duty", stream, "no", rows.duties, duties, DutyRow, findings)
    _compare_many("timer", stream, "duty_no", rows.timers, timers, TimerRow, findings)
    return history


def check_laws(case: str, history: Sequence[CaseEvent], kind: Kind | None, findings: Findings) -> None:
    """Hold the core's laws against a history that could be folded."""
    for broken in broken_over(history, kind):
        findings.add("law_broken", case=case, law=broken.law, where=shown(broken.params))


def _folded(stream: str, history: Sequence[CaseEvent], findings: Findings) -> Case | None:
    try:
        return fold(history)
    except (IllegalTransition, LookupError) as error:
        findings.add("events_unreadable", stream=stream, why=str(error))
        return None


def _compare(
    what: str,
    where: Mapping[str, object],
    stored: Row,
    rebuilt: Struct,
    row_type: type[Struct],
    findings: Findings,
) -> None:
    try:
        found = msgspec.convert(stored, row_type)
    except msgspec.ValidationError as error:
        findings.add(f"{what}_row_unreadable", **where, why=str(error))
        return
    for column in row_type.__struct_fields__:
        seen, due = getattr(found, column), getattr(rebuilt, column)
        if seen != due:
            findings.add(f"{what}_differs", **where, column=column, stored=shown(seen), rebuilt=shown(due))


def _compare_many(
    what: str,
    case: str,
    number: str,
    stored: Sequence[Row],
    rebuilt: Mapping[int, Struct],
    row_type: type[Struct],
    findings: Findings,
) -> None:
    found = {row[number]: row for row in stored}
    for no, due in rebuilt.items():
        if no not in found:
            findings.add(f"{what}_missing", case=case, duty=no)
        else:
            _compare(what, {"case": case, "duty": no}, found[no], due, row_type, findings)
    for surplus in found.keys() - rebuilt.keys():
        findings.add(f"{what}_unfounded", case=case, duty=surplus)
