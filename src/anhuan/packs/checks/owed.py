"""Whether every duty has somebody who may do it, something to do it with, and a time: who, form, proof, deadline."""

from collections.abc import Iterator, Mapping

from anhuan.core.case.rights import ACTORS, DECLINE
from anhuan.core.policy import Deed, DutySpec, Kind, Stage
from anhuan.core.terms import ByTable, Drawn, FirstOf, Named
from anhuan.packs.checks.flow import GOOD_OUTCOMES
from anhuan.packs.checks.reading import (
    FIRM,
    Owed,
    duties,
    field_of,
    form_of,
    options,
    place,
    stage_duties,
    within,
    words_of,
)
from anhuan.packs.forms import Form
from anhuan.packs.problems import PackProblem
from anhuan.packs.tables import Table

APPROVAL = frozenset({"approve", "refuse"})
OF_A_DUTY = frozenset({"holders", "leader"})
"""Words that mean somebody only where a duty is there already: in ladders and moves."""


def check_owed(
    kind: Kind, forms: Mapping[str, Form], tables: Mapping[str, Table], ladders: frozenset[str]
) -> Iterator[PackProblem]:
    """Every duty of the kind, approvals included."""
    for owed in duties(kind):
        if owed.spec.ladder not in ladders:
            params = {"ladder": owed.spec.ladder, "known": sorted(ladders)}
            yield PackProblem("ladder_unknown", f"{owed.where}/otherwise", params)
        yield from _who(owed, tables)
        yield from _outcomes(owed)
        yield from _papers(kind, owed, forms)
    yield from _verifiers(kind, tables)
    for name, stage in kind.stages.items():
        yield from _order(f"{place(kind)}/stages/{name}", stage)


def _who(owed: Owed, tables: Mapping[str, Table]) -> Iterator[PackProblem]:
    """Somebody answers on every case, and enough of them for the quorum."""
    where, spec = f"{owed.where}/who", owed.spec
    for word in sorted(words_of(spec.who, tables) & OF_A_DUTY):
        yield PackProblem("who_needs_a_duty", where, {"word": word})
    groups = options(spec.who, tables)
    firm = [any(word.startswith(FIRM) for word in group) for group in groups]
    # Of several options one that names somebody is enough; of a table's rows each is alone.
    if groups and not (any(firm) if _chooses(spec) else all(firm)):
        yield PackProblem("who_may_be_nobody", where)
    if isinstance(spec.who, Drawn) and ACTORS not in spec.never:
        yield PackProblem("draw_without_never_actors", f"{owed.where}/never")
    if spec.blind and not isinstance(spec.who, Drawn):
        yield PackProblem("blind_not_drawn", where)
    most = len(spec.who.parties) if isinstance(spec.who, Named) else 1
    if spec.quorum is not None and spec.quorum > most and not isinstance(spec.who, ByTable):
        yield PackProblem("quorum_too_large", f"{owed.where}/quorum", {"quorum": spec.quorum, "most": most})


def _chooses(spec: DutySpec) -> bool:
    who = spec.who.fallback if isinstance(spec.who, Drawn) else spec.who
    return isinstance(who, FirstOf)


def _outcomes(owed: Owed) -> Iterator[PackProblem]:
    """The outcomes are those of the deed."""
    where, spec = f"{owed.where}/outcomes", owed.spec
    outcomes = set(spec.outcomes)
    match spec.deed:
        case Deed.VERIFY if not {"pass", "fail"} <= outcomes:
            yield PackProblem("verify_without_verdict", where)
        case Deed.APPROVE if outcomes != APPROVAL:
            yield PackProblem("approval_without_both", where, {"outcomes": list(spec.outcomes)})
        case Deed.PERFORM | Deed.ACKNOWLEDGE if not outcomes & GOOD_OUTCOMES:
            yield PackProblem("duty_never_done", where)
    if DECLINE in outcomes and not isinstance(spec.who, Drawn | FirstOf):
        yield PackProblem("decline_without_another", where)


def _papers(kind: Kind, owed: Owed, forms: Mapping[str, Form]) -> Iterator[PackProblem]:
    """The forms exist and have the slots of proof that are asked for."""
    spec = owed.spec
    for key, name in (("form", spec.form), ("assist_form", spec.assist_form)):
        if name is not None and name not in forms:
            yield PackProblem("form_missing", f"{owed.where}/{key}", {"form": name})
    form = forms.get(spec.form or "")
    slots = form.slots if form else {}
    for slot in spec.prove:
        if slot not in slots:
            yield PackProblem("proof_slot_unknown", f"{owed.where}/prove", {"slot": slot, "known": sorted(slots)})
    for slot in spec.compare or ():
        if slots.get(slot) != "photos":
            yield PackProblem("compare_not_photos", f"{owed.where}/compare", {"slot": slot, "known": sorted(slots)})
    if spec.readings is not None:
        of = field_of(form_of(kind), spec.readings[1])
        if of is None or of.get("x-widget") != "equipment":
            params = {"form": spec.form, "field": spec.readings[1]}
            yield PackProblem("readings_of_unknown", f"{owed.where}/form", params)


def _verifiers(kind: Kind, tables: Mapping[str, Table]) -> Iterator[PackProblem]:
    """Somebody is left to verify when those who did the work are barred from it."""
    performing = {"performer", "holders", f"field:{kind.subject.get('performer', 'performer')}"}
    for owed in stage_duties(kind):
        if owed.spec.deed is Deed.PERFORM:
            performing |= words_of(owed.spec.who, tables)
    for owed in stage_duties(kind):
        if owed.spec.deed is Deed.VERIFY and within(owed.spec.who, frozenset(performing), tables):
            yield PackProblem("verifies_own_work", f"{owed.where}/who", {"performing": sorted(performing)})


def _order(where: str, stage: Stage) -> Iterator[PackProblem]:
    """Duties that wait for others wait for such as end, and a duty that comes again never holds the stage."""
    specs = {spec.key: spec for spec in stage.duties}
    for spec in stage.duties:
        for key in spec.after:
            if key not in specs:
                yield PackProblem("after_unknown", f"{where}/{spec.key}/after", {"duty": key, "known": sorted(specs)})
            elif spec.gates and not specs[key].gates:
                yield PackProblem("after_not_gating", f"{where}/{spec.key}/after", {"duty": key})
        if _waits_for(specs, spec.key, spec.key, frozenset()):
            yield PackProblem("after_circle", f"{where}/{spec.key}/after", {"duty": spec.key})
        if spec.every is not None and spec.gates:
            yield PackProblem("repeating_gate", f"{where}/{spec.key}/every")


def _waits_for(specs: Mapping[str, DutySpec], key: str, other: str, seen: frozenset[str]) -> bool:
    """Whether a duty waits, at once or through others, for another one."""
    if key not in specs or key in seen:
        return False
    return other in specs[key].after or any(
        _waits_for(specs, earlier, other, seen | {key}) for earlier in specs[key].after
    )
