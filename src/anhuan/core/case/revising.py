"""The case's own form: checked as it comes in, and changed later by whoever may."""

from datetime import datetime

from anhuan.core.case import events as e
from anhuan.core.case.draft import CLOCK_SLACK, Draft, Refusal
from anhuan.core.case.outcome import Reason
from anhuan.core.case.subject import problems_of_place, subject_of, title_of, told_at, told_finder
from anhuan.core.policy import Revise, Values


def revise(draft: Draft, form: Values, proofs: tuple[e.Proof, ...] = ()) -> None:
    """Give the case another form as a whole; refused when it lacks even what intake needs."""
    values, computed = checked(draft, form, draft.case.source)
    draft.emit(
        e.FormRevised(
            at=draft.at,
            by=draft.by,
            form=values,
            computed=computed,
            subject=subject_of(draft.kind, {**values, **computed}, draft.plant),
            title=title_of(draft.kind, values, draft.plant),
            proofs=proofs,
            finder=told_finder(draft.kind, values),
            found_at=told_before_now(draft, values),
        )
    )


def revised_form(draft: Draft, effect: Revise, given: Values) -> dict[str, object]:
    """The case's form with the effect's fields as they were given; what was left empty is gone."""
    kept = {name: value for name, value in draft.case.form.items() if name not in effect.fields}
    return kept | {name: given[name] for name in effect.fields if given.get(name) not in (None, "")}


def checked(draft: Draft, form: Values, source: str) -> tuple[dict[str, object], dict[str, object]]:
    """The form with its computed fields; refused when it lacks even what intake needs."""
    values = draft.kind.forms[draft.kind.form].fill(form)
    problems, _ = draft.report_levels(values, source)
    reasons = [Reason(p.code, p.field, p.params) for p in problems]
    reasons += problems_of_place(draft.kind, values, draft.plant)
    if reasons:
        raise Refusal(*reasons)
    return values, dict(draft.kind.compute(values))


def told_before_now(draft: Draft, values: Values) -> datetime | None:
    """When the form says that it was found, at the latest now."""
    return not_later(draft, told_at(draft.kind, values, draft.plant))


def not_later(draft: Draft, found_at: datetime | None) -> datetime | None:
    """The claimed time, at the latest now; refused when it lies ahead by more than clocks differ."""
    if found_at is not None and found_at > draft.at + CLOCK_SLACK:
        raise Refusal(Reason("time_in_future", "/found_at", {"value": found_at.isoformat()}))
    return None if found_at is None else min(found_at, draft.at)
