"""How cases of a kind come to be, what they raise, and when they come back."""

from collections.abc import Iterator, Mapping

from anhuan.core.case.draft import POST_VACANT
from anhuan.core.policy import Close, Kind, Merge
from anhuan.packs.checks.asked import field_known
from anhuan.packs.checks.dated import DUE_FIELDS, check_dated
from anhuan.packs.checks.flow import is_close
from anhuan.packs.checks.reading import field_of, form_of, place, stage_duties
from anhuan.packs.compile import Pack
from anhuan.packs.forms import Form
from anhuan.packs.problems import PackProblem

SCHEDULE_FIELDS = ("schedule", "name", "area", "equipment_list", "slot_starts_at", "slot_ends_at")
"""What a case that the calendar raises is opened with (`app.rounds`)."""
SIGNAL_FIELDS: Mapping[str, tuple[str, ...]] = {POST_VACANT: ("party", "area")}
"""Signal -> fields that a case raised by it is opened with."""
BY_CASE = "case"
"""Only another case opens such a case."""
REPORTED = frozenset({"report", "import", "schedule", BY_CASE})
RECURRING = frozenset({"area", "equipment", "category"})


def check_beginnings(pack: Pack, others: Mapping[str, Pack]) -> Iterator[PackProblem]:
    """Every kind of a pack against itself and against the other packs."""
    yield from _needs(pack, others)
    yield from _names(pack, others)
    for kind in pack.kinds.values():
        yield from _raised_by(kind, pack)
        yield from _opens(kind, pack, others)
        yield from _finds(kind, pack, others)
        yield from _looks_back(kind, pack, others)
        yield from _recurrence(kind)
        yield from check_dated(kind, pack.forms)
        for column in pack.texts[kind.key].columns:
            yield from field_known(f"{place(kind)}/columns", form_of(kind), column)


def outcomes_of(kind: Kind) -> frozenset[str]:
    """Every outcome that a case of the kind can close with."""
    found = set()
    for stage in kind.stages.values():
        for outcome, target in stage.then.items():
            if is_close(target):
                found.add(target.partition(":")[2] or outcome)
    effects = [move.effect for move in kind.moves.values()]
    found |= {effect.outcome for effect in effects if isinstance(effect, Close)}
    found |= {"merged" for effect in effects if isinstance(effect, Merge)}
    found |= {"history"} if "import" in kind.raised_by else set()
    return frozenset(found)


def _needs(pack: Pack, others: Mapping[str, Pack]) -> Iterator[PackProblem]:
    for name in pack.needs:
        if name not in others:
            yield PackProblem("pack_needed_missing", "pack.yaml/needs", {"pack": name, "known": sorted(others)})


def _names(pack: Pack, others: Mapping[str, Pack]) -> Iterator[PackProblem]:
    """Keys and number prefixes, those of papers too, are the kind's own, over all packs."""
    kinds = [kind for other in (pack, *others.values()) for kind in other.kinds.values()]
    series = [(kind.number_prefix, kind.key) for kind in kinds]
    series += [(paper.number_prefix, f"{kind.key}/{paper.key}") for kind in kinds for paper in kind.papers.values()]
    for kind in pack.kinds.values():
        for paper in kind.papers.values():
            taken = [of for prefix, of in series if prefix == paper.number_prefix and of != f"{kind.key}/{paper.key}"]
            if taken:
                params = {"prefix": paper.number_prefix, "kind": taken[0]}
                yield PackProblem("number_prefix_taken", f"{place(kind)}/papers/{paper.key}/number", params)
    for number, kind in enumerate(pack.kinds.values()):
        for other in kinds[:number] + kinds[number + 1 :]:
            if other.key == kind.key and other.pack != kind.pack:
                yield PackProblem("kind_taken", place(kind), {"kind": kind.key, "pack": other.pack})
            if other.number_prefix == kind.number_prefix:
                params = {"prefix": kind.number_prefix, "kind": other.key}
                yield PackProblem("number_prefix_taken", f"{place(kind)}/number", params)


def _raised_by(kind: Kind, pack: Pack) -> Iterator[PackProblem]:
    where = f"{place(kind)}/raised_by"
    if not kind.raised_by:
        yield PackProblem("raised_by_nothing", where)
    for word in kind.raised_by:
        _, _, signal = word.partition("signal:")
        if word not in REPORTED and signal not in SIGNAL_FIELDS and not word.startswith("due:"):
            known = sorted([*REPORTED, *(f"signal:{name}" for name in SIGNAL_FIELDS)])
            yield PackProblem("raised_by_unknown", where, {"word": word, "known": known})
        if word == "import" and kind.key not in pack.imports:
            yield PackProblem("import_missing", where, {"kind": kind.key})
        given = SCHEDULE_FIELDS if word == "schedule" else SIGNAL_FIELDS.get(signal, ())
        given = DUE_FIELDS if word.startswith("due:") else given
        form = form_of(kind)
        missing = [name for name in given if form is not None and field_of(form, name) is None]
        if missing:
            yield PackProblem("raised_by_field_missing", where, {"word": word, "fields": missing})


def _opens(kind: Kind, pack: Pack, others: Mapping[str, Pack]) -> Iterator[PackProblem]:
    known = {key: (other.name, found) for other in (*others.values(), pack) for key, found in other.kinds.items()}
    specs = {owed.spec.key: owed.spec for owed in stage_duties(kind)}
    for key, opens in kind.opens.items():
        where = f"{place(kind)}/opens/{key}"
        if key not in specs:
            yield PackProblem("opens_duty_unknown", where, {"duty": key, "known": sorted(specs)})
            continue
        form = pack.forms.get(specs[key].form or "")
        entries = field_of(form, opens.each)
        if entries is None or entries.get("type") != "array":
            yield PackProblem("opens_each_misfit", f"{where}/each", {"field": opens.each, "form": specs[key].form})
        if opens.kind not in known:
            yield PackProblem("opens_kind_unknown", f"{where}/kind", {"kind": opens.kind, "known": sorted(known)})
            continue
        owner, opened = known[opens.kind]
        if owner not in (pack.name, *pack.needs):
            yield PackProblem("needs_incomplete", "pack.yaml/needs", {"pack": owner, "kind": opens.kind})
        for field, value in opens.form.items():
            yield from field_known(f"{where}/form/{field}", form_of(opened), field)
            yield from _taken_from(f"{where}/form/{field}", value, kind, form, opens.each)


def _finds(kind: Kind, pack: Pack, others: Mapping[str, Pack]) -> Iterator[PackProblem]:
    if kind.finds is None:
        return
    where = f"{place(kind)}/finds"
    known = {key: (other.name, found) for other in (*others.values(), pack) for key, found in other.kinds.items()}
    specs = sorted(owed.spec.key for owed in stage_duties(kind))
    for key in kind.finds.during:
        if key not in specs:
            yield PackProblem("opens_duty_unknown", f"{where}/during", {"duty": key, "known": specs})
    if kind.finds.kind not in known:
        yield PackProblem("opens_kind_unknown", f"{where}/kind", {"kind": kind.finds.kind, "known": sorted(known)})
        return
    owner, found = known[kind.finds.kind]
    if owner not in (pack.name, *pack.needs):
        yield PackProblem("needs_incomplete", "pack.yaml/needs", {"pack": owner, "kind": kind.finds.kind})
    if "report" not in found.raised_by:
        yield PackProblem("finds_not_reported", f"{where}/kind", {"kind": found.key})
    for field, value in kind.finds.form.items():
        yield from field_known(f"{where}/form/{field}", form_of(found), field)
        if isinstance(value, str) and value.startswith("$"):
            yield from field_known(f"{where}/form/{field}", form_of(kind), value.removeprefix("$case."))


def _looks_back(kind: Kind, pack: Pack, others: Mapping[str, Pack]) -> Iterator[PackProblem]:
    """The kinds that are looked back on are this pack's, or of one that it needs."""
    owners = {key: other.name for other in (*others.values(), pack) for key in other.kinds}
    for key in kind.looks_back.kinds if kind.looks_back else ():
        if key not in owners:
            yield PackProblem("opens_kind_unknown", f"{place(kind)}/looks_back", {"kind": key, "known": sorted(owners)})
        elif owners[key] not in (pack.name, *pack.needs):
            yield PackProblem("needs_incomplete", "pack.yaml/needs", {"pack": owners[key], "kind": key})


def _taken_from(where: str, value: object, kind: Kind, form: Form | None, each: str) -> Iterator[PackProblem]:
    """What a value is taken from exists: `$case.name` in the case's form, `$name` in the entries of the list."""
    if not isinstance(value, str) or not value.startswith("$"):
        return
    if value.startswith("$case."):
        yield from field_known(where, form_of(kind), value.removeprefix("$case."))
        return
    inner = (field_of(form, each) or {}).get("items", {}).get("properties", {})
    if value[1:] not in inner:
        yield PackProblem("field_unknown", where, {"field": value[1:], "known": sorted(inner)})


def _recurrence(kind: Kind) -> Iterator[PackProblem]:
    closing = outcomes_of(kind)
    for number, rule in enumerate(kind.recurrence, 1):
        where = f"{place(kind)}/recurrence/{number}"
        for word in rule.same:
            if word not in RECURRING:
                yield PackProblem("subject_word_unknown", f"{where}/same", {"word": word, "known": sorted(RECURRING)})
        if not rule.same:
            yield PackProblem("recurrence_of_everything", f"{where}/same")
        for outcome in rule.closed_as:
            if outcome not in closing:
                params = {"outcome": outcome, "known": sorted(closing)}
                yield PackProblem("outcome_never_closes", f"{where}/closed_as", params)
