"""Rows that are stored beside the events, for lists to be read from."""

from datetime import datetime

from msgspec import Struct


class CaseRow(Struct, frozen=True, kw_only=True):
    """One row of the table `case_row`, column by column."""

    tenant_id: str
    id: str
    version: int
    kind: str
    pack: str
    pack_version: str
    number: str
    title: str
    status: str
    stage: str
    area: str | None
    equipment: str | None
    category: str | None
    risk_level: str | None
    source: str
    reporter: str | None
    finder: str | None
    found_at: datetime
    opened_at: datetime
    stage_entered_at: datetime | None
    due_at: datetime | None
    overdue_at: datetime | None
    closed_at: datetime | None
    outcome: str | None
    cycle_s: int | None
    cycle_working_days: float | None
    imported: bool
    reopened: int
    parent: str | None
    fold_key: str | None
    fields: dict[str, object]
    search: str
    parts: tuple[str, ...]
    """Who has a part in it: `person:`, `post:`, `team:` as parties are written, `drawn:` for who was drawn blind."""
    teams: tuple[str, ...]
    """Teams that owe or owed a duty of it, or were told of one."""
    waits_for: str | None
    """What an open case waits for now (`core.policy.Wait`); None: closed."""
    waited_s: tuple[int, ...] | None
    """Seconds by sort of waiting, in the order of `core.waiting.ORDER`; None: open, or history."""
    deferrals: int
    hand_overs: int
    steps: int
    """Steps that must be proven by now."""
    steps_complete: int
    """Those of them that have all of their evidence."""
