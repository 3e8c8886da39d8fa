"""Whether what people may ask for can be granted, and never by the one who asks nor past a blind check."""

from collections.abc import Iterator, Mapping

from anhuan.core.policy import Enter, Kind, Merge, Move, Reassign, Reschedule, Revise
from anhuan.core.terms import Drawn
from anhuan.packs.checks.reading import field_of, place, stage_duties, within, words_of
from anhuan.packs.forms import Form
from anhuan.packs.problems import PackProblem
from anhuan.packs.tables import Table

FIELD_WIDGETS: Mapping[type, frozenset[str]] = {
    Reschedule: frozenset({"date_time"}),
    Reassign: frozenset({"party", "person"}),
    Merge: frozenset({"case"}),
}
"""Effect -> widgets of the field that it takes its value from."""
IGNORED_IN_APPROVAL = ("when", "after", "every", "quorum")
"""Keys of a duty that mean nothing where a wish is decided: every party that is asked must agree."""


def check_wishes(kind: Kind, forms: Mapping[str, Form], tables: Mapping[str, Table]) -> Iterator[PackProblem]:
    """Every move of the kind."""
    for name, move in kind.moves.items():
        where = f"{place(kind)}/moves/{name}"
        if not move.asked_by:
            yield PackProblem("move_nobody_may_ask", f"{where}/asked_by")
        if move.form is not None and move.form not in forms:
            yield PackProblem("form_missing", f"{where}/form", {"form": move.form})
        yield from _papers(where, move, forms.get(move.form or ""))
        yield from _touched(where, kind, move)
        yield from _effect(where, move, forms)
        yield from _revised(where, kind, move, forms)
        yield from _approval(where, kind, move, tables)


def _papers(where: str, move: Move, form: Form | None) -> Iterator[PackProblem]:
    """The slots of proof that it asks for are there; a signed paper may stand beside a wish, a drawn signature not."""
    slots = form.slots if form else {}
    drawn = sorted(slot for slot, widget in slots.items() if widget == "signature")
    if drawn:
        yield PackProblem("move_signature", f"{where}/form", {"form": move.form, "slots": drawn})
    known = sorted(slots.keys() - set(drawn))
    for slot in move.prove:
        if slot not in known:
            yield PackProblem("move_slot_unknown", f"{where}/prove", {"slot": slot, "known": known})


def _touched(where: str, kind: Kind, move: Move) -> Iterator[PackProblem]:
    """The duties that it is asked of are there, and none of them is blind or drawn by lot."""
    found = {owed.spec.key: owed.spec for owed in stage_duties(kind)}
    for key in move.duties:
        if key not in found:
            yield PackProblem("move_duty_unknown", f"{where}/duties", {"duty": key, "known": sorted(found)})
        elif found[key].blind or isinstance(found[key].who, Drawn):
            yield PackProblem("move_touches_blind", f"{where}/duties", {"duty": key})


def _effect(where: str, move: Move, forms: Mapping[str, Form]) -> Iterator[PackProblem]:
    """The effect has the duty and the field that it needs."""
    effect = move.effect
    if isinstance(effect, Reschedule | Reassign) and not move.duties:
        yield PackProblem("move_needs_duties", f"{where}/duties")
    if move.earlier_only and not isinstance(effect, Reschedule):
        yield PackProblem("earlier_only_misfit", f"{where}/earlier_only")
    if move.on_closed and not (isinstance(effect, Enter) and not move.duties and move.approve is None):
        yield PackProblem("move_on_closed_misfit", f"{where}/on_closed")
    if move.until_after is not None and not move.on_closed:
        yield PackProblem("within_misfit", f"{where}/within")
    if isinstance(effect, Reschedule | Reassign | Merge):
        filled = [forms.get(move.form or "")]
        if isinstance(effect, Reassign) and move.approve is not None:
            filled.append(forms.get(move.approve.form or ""))
        fields = [field for form in filled if (field := field_of(form, effect.field)) is not None]
        if not any(field.get("x-widget") in FIELD_WIDGETS[type(effect)] for field in fields):
            params = {"field": effect.field, "widgets": sorted(FIELD_WIDGETS[type(effect)])}
            yield PackProblem("move_field_unknown", f"{where}/effect", params)


def _revised(where: str, kind: Kind, move: Move, forms: Mapping[str, Form]) -> Iterator[PackProblem]:
    """Fields that are revised stand in the case's own form and in the move's."""
    if not isinstance(move.effect, Revise):
        return
    if not move.effect.fields:
        yield PackProblem("move_revises_nothing", f"{where}/effect")
    for field in move.effect.fields:
        for form in (forms.get(kind.form), forms.get(move.form or "")):
            known = sorted(form.schema["properties"]) if form else []
            if field not in known:
                yield PackProblem("field_unknown", f"{where}/effect", {"field": field, "known": known})


def _approval(where: str, kind: Kind, move: Move, tables: Mapping[str, Table]) -> Iterator[PackProblem]:
    """Somebody other than the one who asks decides."""
    spec = move.approve
    if spec is None:
        if move.arbiter is not None:
            yield PackProblem("arbiter_without_approval", f"{where}/arbiter")
        return
    if (move.arbiter is None) != (move.arbiter_from == 0):
        yield PackProblem("arbiter_from_missing", f"{where}/arbiter_from")
    if str(spec.deed) != "approve":
        yield PackProblem("approval_misfit", f"{where}/approve/deed", {"deed": str(spec.deed)})
    if isinstance(spec.who, Drawn):
        yield PackProblem("approval_drawn", f"{where}/approve/who")
    for key in IGNORED_IN_APPROVAL:
        if getattr(spec, key):
            yield PackProblem("approval_key_ignored", f"{where}/approve/{key}", {"key": key})
    asking = {word for word in move.asked_by if word not in ("anyone", "holders")}
    if "holders" in move.asked_by:
        for owed in stage_duties(kind):
            asking |= words_of(owed.spec.who, tables) if owed.spec.key in move.duties else frozenset()
    deciding = [("approve/who", spec.who)] + ([("arbiter", move.arbiter)] if move.arbiter is not None else [])
    for key, who in deciding:
        if within(who, frozenset(asking), tables):
            yield PackProblem("approves_own_wish", f"{where}/{key}", {"asked_by": sorted(asking)})
