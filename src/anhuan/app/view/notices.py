"""A notice in words: the case's number and the duty's name, never a person, so that a blind one tells no more."""

from anhuan.app.view.lens import Lens
from anhuan.app.view.shapes import Notice
from anhuan.ports.register import NoticeRow

RUNG, CLOSED = "rung", "closed"
"""Templates with a part behind the colon that is a word of the pack: a rung, an outcome."""


def notice_view(row: NoticeRow, lens: Lens) -> Notice:
    """What a person was told."""
    template, _, rest = row.template.partition(":")
    key = f"notice.{template}" if template in (RUNG, CLOSED) or not rest else f"notice.{template}.{rest}"
    if template == CLOSED and not rest:
        key = "notice.ended"  # told before outcomes were
    text = lens.word(
        key,
        number=row.number,
        duty=lens.duty(row.duty_key) if row.duty_key else lens.kind_name(),
        rung=lens.word(f"rung.{rest}"),
        outcome=lens.outcome(rest) or "",
    )
    return Notice(
        id=row.id,
        at=row.at,
        template=row.template,
        text=text,
        urgent=row.urgent,
        case=row.case,
        number=row.number,
        duty=row.duty,
        seen_at=row.seen_at,
    )
