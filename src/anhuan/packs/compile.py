"""From a pack's text to policies. Takes text, opens no file; says everything that is wrong at once.

`compile_pack` reads the files and builds one `core.policy.Kind` per kind. What the pieces mean together (does every
stage reach closure, is every word there) is for `check`.
"""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any, TypeVar, cast

import msgspec
import yaml
from msgspec import Struct

from anhuan.core.case.issuing import PERFORMERS
from anhuan.core.case.rights import NEVER_WORDS
from anhuan.core.policy import (
    Close,
    Deed,
    DutySpec,
    Enter,
    Finds,
    IntakeRule,
    Kind,
    Ladder,
    LooksBack,
    Merge,
    Move,
    MoveEffect,
    Opens,
    OpensOnClosing,
    Paper,
    Reassign,
    Recurrence,
    Reschedule,
    Reviews,
    Revise,
    Rung,
    Stage,
    Values,
    Wait,
    Writes,
)
from anhuan.packs.computed import compile_computed
from anhuan.packs.forms import Form, compile_form
from anhuan.packs.import_form import check_against_form
from anhuan.packs.import_words import ImportSpec, decode_import
from anhuan.packs.language import (
    LANGUAGE,
    DutyText,
    EffectText,
    KindText,
    LaddersText,
    LadderText,
    LooksBackText,
    MoveText,
    OpensText,
    PackSpec,
    PaperText,
    ReviewsText,
    RungText,
    StageText,
)
from anhuan.packs.library import Library
from anhuan.packs.problems import PackInvalid, PackProblem
from anhuan.packs.spelling import (
    Misspelt,
    read_duration,
    read_each,
    read_list_field,
    read_quorum,
    read_share,
    read_when,
    read_who,
    read_within,
    read_words,
)
from anhuan.packs.tables import Table, compile_table

Files = Mapping[str, str]
"""A pack's files: path within the pack -> text."""
Words = Mapping[str, Mapping[str, str]]
"""Language (`zh`, `en`) -> key -> text."""
LANGUAGES = ("zh", "en")
PACKS_REMEMBERED = 64
"""Compiled packs are values: whoever has the same files, in whatever tenant, shares one."""

Read = TypeVar("Read")


class Pack(Struct, frozen=True):
    """A compiled pack."""

    name: str
    version: str
    kinds: Mapping[str, Kind]
    texts: Mapping[str, KindText]
    """The kinds as written, for showing them."""
    forms: Mapping[str, Form]
    tables: Mapping[str, Table]
    ladders: Mapping[str, Ladder]
    words: Words
    imports: Mapping[str, ImportSpec]
    """Kind -> how its registers are read."""
    needs: tuple[str, ...] = ()
    """Packs whose kinds this one opens cases of."""
    libraries: Mapping[str, Library] = {}
    """What is offered while a field is filled in."""


class _Reader:
    """Reads the parts of a pack and gathers what is wrong with them."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.problems: list[PackProblem] = []

    def fault(self, where: str, code: str, **params: object) -> None:
        self.problems.append(PackProblem(code, where, params))

    def text(self, path: str) -> str | None:
        if path not in self.files:
            self.fault(path, "file_missing")
        return self.files.get(path)

    def typed(self, path: str, kind: type[Read]) -> Read | None:
        """A YAML file as a value of the language."""
        if (text := self.text(path)) is None:
            return None
        try:
            return msgspec.convert(yaml.safe_load(text), kind, strict=True)
        except yaml.YAMLError as error:
            self.fault(path, "not_yaml", message=str(error))
        except msgspec.ValidationError as error:
            self.fault(path, "not_of_the_language", message=str(error))
        return None

    def parts(self, folder: str, build: Callable[[str, Any], Read]) -> dict[str, Read]:
        """All JSON files of a folder, built; each file's faults are its own."""
        built = {}
        for path in sorted(self.files):
            if path.startswith(f"{folder}/") and path.endswith(".json"):
                key = path.removeprefix(f"{folder}/").removesuffix(".json")
                try:
                    built[key] = build(key, json.loads(self.files[path]))
                except json.JSONDecodeError as error:
                    self.fault(path, "not_json", message=str(error))
                except PackInvalid as invalid:
                    self.problems.extend(invalid.problems)
        return built

    def spelt(self, where: str, read: Callable[[Any], Read], written: Any) -> Read:
        """The value of a place; with a fault the pack is refused in the end, and what stands in is never used."""
        try:
            return read(written)
        except Misspelt as misspelt:
            self.fault(where, misspelt.code, **misspelt.params)
            return cast(Read, None)


def compile_pack(files: Files) -> Pack:
    """The pack ready for use; the same files are compiled once. Raises PackInvalid with every fault found in them."""
    return _compiled(tuple(sorted(files.items())))


@lru_cache(maxsize=PACKS_REMEMBERED)
def _compiled(files: tuple[tuple[str, str], ...]) -> Pack:
    reader = _Reader(dict(files))
    spec = reader.typed("pack.yaml", PackSpec)
    if spec is None:
        raise PackInvalid(tuple(reader.problems))
    if spec.language != LANGUAGE:
        reader.fault("pack.yaml/language", "language_unknown", language=spec.language, known=LANGUAGE)
    computed = reader.parts("computed", lambda key, body: compile_computed(key, body, spec.version))
    libraries = _libraries(reader)
    cited = [library for library in libraries.values() if any(entry.source for entry in library.entries)]
    forms = reader.parts("forms", lambda key, body: compile_form(key, body, spec.version, computed, cited))
    tables = reader.parts("tables", lambda key, body: compile_table(key, body, spec.version))
    ladders = _ladders(reader)
    texts = {key: text for key in spec.kinds if (text := reader.typed(f"kinds/{key}.yaml", KindText)) is not None}
    kinds = {key: _kind(reader, spec, key, text, forms, tables, ladders) for key, text in texts.items()}
    words = {language: reader.typed(f"words/{language}.yaml", dict[str, str]) or {} for language in LANGUAGES}
    _check_libraries(reader, libraries, forms)
    imports = _imports(reader, kinds, forms)
    pack = Pack(spec.name, spec.version, kinds, texts, forms, tables, ladders, words, imports, spec.needs, libraries)
    if reader.problems:
        raise PackInvalid(tuple(reader.problems))
    return pack


def _libraries(reader: _Reader) -> dict[str, Library]:
    paths = [path for path in sorted(reader.files) if path.startswith("library/") and path.endswith(".yaml")]
    found = {path.removeprefix("library/").removesuffix(".yaml"): reader.typed(path, Library) for path in paths}
    return {key: library for key, library in found.items() if library is not None}


def _check_libraries(reader: _Reader, libraries: Mapping[str, Library], forms: Mapping[str, Form]) -> None:
    """Every field that a library fills is there and can have the value."""
    for key, library in libraries.items():
        where = f"library/{key}"
        if library.form not in forms:
            reader.fault(f"{where}/form", "form_missing", form=library.form)
            continue
        form = forms[library.form]
        for entry in library.entries:
            values = {library.field: entry.zh, **entry.sets}
            for problem in form.levels(values)[1]:
                if problem.field.strip("/").partition("/")[0] in values:
                    reader.fault(f"{where}/{entry.key}{problem.field}", "library_value_misfit", why=problem.code)


def _imports(reader: _Reader, kinds: Mapping[str, Kind], forms: Mapping[str, Form]) -> dict[str, ImportSpec]:
    if "import.yaml" not in reader.files:
        return {}
    try:
        spec = decode_import(reader.files["import.yaml"])
    except PackInvalid as invalid:
        reader.problems.extend(invalid.problems)
        return {}
    kind = kinds.get(spec.kind)
    if kind is None:
        reader.fault("import.yaml/kind", "import_kind_unknown", kind=spec.kind, known=sorted(kinds))
    elif kind.form in forms:
        reader.problems.extend(check_against_form(spec, forms[kind.form]))
    return {spec.kind: spec}


def _ladders(reader: _Reader) -> dict[str, Ladder]:
    text = reader.typed("ladders.yaml", LaddersText)
    return {key: _ladder(reader, key, ladder) for key, ladder in text.ladders.items()} if text else {}


def _ladder(reader: _Reader, key: str, text: LadderText) -> Ladder:
    where = f"ladders/{key}"
    rungs = tuple(_rung(reader, f"{where}/{rung.key}", rung) for rung in text.rungs)
    repeat = reader.spelt(f"{where}/repeat", read_duration, text.repeat)
    return Ladder(key, rungs, repeat)


def _rung(reader: _Reader, where: str, text: RungText) -> Rung:
    if [text.at, text.before, text.after].count(None) != 2:
        reader.fault(where, "rung_needs_at_or_after")
    share = reader.spelt(where, read_share, text.at) if text.at is not None else None
    past = reader.spelt(where, read_duration, text.after) if text.after is not None else timedelta()
    if text.before is not None and (ahead := reader.spelt(where, read_duration, text.before)) is not None:
        past = -ahead
    return Rung(text.key, share, past, reader.spelt(where, read_words, text.to), text.urgent)


def _kind(
    reader: _Reader,
    spec: PackSpec,
    key: str,
    text: KindText,
    forms: Mapping[str, Form],
    tables: Mapping[str, Table],
    ladders: Mapping[str, Ladder],
) -> Kind:
    where = f"kinds/{key}"
    form = forms.get(text.form)
    if form is None:
        reader.fault(f"{where}/form", "form_missing", form=text.form)
    return Kind(
        key=key,
        pack=spec.name,
        version=spec.version,
        number_prefix=text.number.prefix,
        number_digits=text.number.digits,
        form=text.form,
        subject=text.subject,
        title=text.title,
        intake=tuple(
            IntakeRule(rule.enter, reader.spelt(f"{where}/intake/{n}", read_when, rule.when), rule.once)
            for n, rule in enumerate(text.intake, 1)
        ),
        stages={n: _stage(reader, f"{where}/stages/{n}", n, stage, forms) for n, stage in text.stages.items()},
        moves={n: _move(reader, f"{where}/moves/{n}", n, move, forms) for n, move in text.moves.items()},
        ladders=ladders,
        tables=tables,
        forms=forms,
        compute=form.compute if form else _compute_nothing,
        opens={
            name: Opens(o.kind, reader.spelt(f"{where}/opens/{name}/each", read_list_field, o.each), o.form)
            for name, o in text.opens.items()
            if not o.closed_as
        },
        opens_on_closing={
            name: _opens_on_closing(reader, f"{where}/opens/{name}", opens)
            for name, opens in text.opens.items()
            if opens.closed_as
        },
        finds=Finds(text.finds.kind, text.finds.during, text.finds.form) if text.finds else None,
        recurrence=tuple(
            Recurrence(
                rule.same,
                reader.spelt(f"{where}/recurrence/{n}", read_duration, rule.within),
                rule.enter,
                rule.closed_as,
            )
            for n, rule in enumerate(text.recurrence, 1)
        ),
        papers={name: _paper(reader, f"{where}/papers/{name}", name, paper) for name, paper in text.papers.items()},
        reviews=_reviews(text.reviews) if text.reviews else None,
        raised_by=text.raised_by,
        ahead=reader.spelt(f"{where}/ahead", read_duration, text.ahead) if text.ahead is not None else None,
        looks_back=_looks_back(reader, where, text.looks_back) if text.looks_back else None,
        writes={name: Writes(writes.of, writes.set) for name, writes in text.writes.items()},
        photo_metres=text.photo_metres,
    )


def _looks_back(reader: _Reader, where: str, text: LooksBackText) -> LooksBack:
    return LooksBack(text.kinds, reader.spelt(f"{where}/looks_back/over", read_duration, text.over))


def _opens_on_closing(reader: _Reader, where: str, text: OpensText) -> OpensOnClosing:
    if text.at_most is not None and text.at_most < 1:
        reader.fault(f"{where}/at_most", "at_most_misspelt", given=text.at_most)
    return OpensOnClosing(
        kind=text.kind,
        closed_as=text.closed_as,
        form=text.form,
        when=reader.spelt(f"{where}/when", read_when, text.when),
        each=reader.spelt(f"{where}/each", read_each, text.each),
        at_most=text.at_most,
    )


def _paper(reader: _Reader, where: str, key: str, text: PaperText) -> Paper:
    named = tuple(word for word in text.issued_by if word not in ("anyone", PERFORMERS))
    reader.spelt(f"{where}/issued_by", read_words, named)
    return Paper(
        key=key,
        number_prefix=text.number.prefix,
        number_digits=text.number.digits,
        issued_by=text.issued_by,
        stages=text.stages,
        after=text.after,
    )


def _reviews(text: ReviewsText) -> Reviews:
    return Reviews(
        kind=text.kind,
        month=text.month,
        remarks=text.remarks,
        prepared_by=text.prepared_by,
        minuted_by=text.minuted_by,
        sign=tuple((sign.who, sign.stamp) for sign in text.sign),
    )


def _compute_nothing(values: Values) -> Values:
    return {}


def _stage(reader: _Reader, where: str, key: str, text: StageText, forms: Mapping[str, Form]) -> Stage:
    duties = tuple(_duty(reader, f"{where}/{name}", name, duty, forms) for name, duty in text.duties.items())
    waits = {str(wait): wait for wait in Wait}
    if text.wait is not None and text.wait not in waits:
        reader.fault(f"{where}/wait", "wait_unknown", wait=text.wait, known=list(waits))
    return Stage(key, duties, text.then, waits.get(text.wait or ""))


def _duty(reader: _Reader, where: str, key: str, text: DutyText, forms: Mapping[str, Form]) -> DutySpec:
    if text.deed not in {str(deed) for deed in Deed}:
        reader.fault(f"{where}/deed", "deed_unknown", deed=text.deed, known=[str(deed) for deed in Deed])
    if unknown := set(text.never) - NEVER_WORDS:
        reader.fault(f"{where}/never", "never_unknown", words=sorted(unknown), known=sorted(NEVER_WORDS))
    if text.compare and len(text.compare) != 2:
        reader.fault(f"{where}/compare", "compare_needs_two")
    form = forms.get(text.form or "")
    return DutySpec(
        key=key,
        deed=Deed(text.deed) if text.deed in {str(deed) for deed in Deed} else Deed.PERFORM,
        who=reader.spelt(f"{where}/who", read_who, text.who),
        within=reader.spelt(f"{where}/within", read_within, text.within),
        ladder=text.otherwise,
        form=text.form,
        assist_form=text.assist_form,
        prove=text.prove,
        compare=(text.compare[0], text.compare[1]) if len(text.compare) == 2 else None,
        when=reader.spelt(f"{where}/when", read_when, text.when),
        after=text.after,
        quorum=reader.spelt(f"{where}/quorum", read_quorum, text.quorum),
        every=reader.spelt(f"{where}/every", read_duration, text.every) if text.every is not None else None,
        gates=text.gates,
        never=frozenset(text.never),
        blind=text.blind,
        of_case=text.of_case,
        outcomes=text.outcomes,
        readings=form.readings if form else None,
    )


def _move(reader: _Reader, where: str, key: str, text: MoveText, forms: Mapping[str, Form]) -> Move:
    named = tuple(word for word in text.asked_by if word not in ("anyone", "holders"))
    reader.spelt(f"{where}/asked_by", read_words, named)
    if text.at_most is not None and text.at_most < 1:
        reader.fault(f"{where}/at_most", "at_most_misspelt", given=text.at_most)
    return Move(
        key=key,
        asked_by=text.asked_by,
        effect=_effect(reader, f"{where}/effect", text.effect),
        duties=text.duties,
        on_closed=text.on_closed,
        form=text.form,
        prove=text.prove,
        approve=_duty(reader, f"{where}/approve", f"{key}_approval", text.approve, forms) if text.approve else None,
        arbiter=reader.spelt(f"{where}/arbiter", read_who, text.arbiter) if text.arbiter is not None else None,
        arbiter_from=text.arbiter_from,
        earlier_only=text.earlier_only,
        at_most=text.at_most,
        until_after=reader.spelt(f"{where}/within", read_duration, text.within) if text.within is not None else None,
        when=reader.spelt(f"{where}/when", read_when, text.when),
    )


_EFFECTS: Mapping[str, Callable[[Any], MoveEffect]] = {
    "reschedule": Reschedule,
    "reassign": Reassign,
    "enter": Enter,
    "close": Close,
    "merge": Merge,
    "revise": Revise,
}


def _effect(reader: _Reader, where: str, text: EffectText) -> MoveEffect:
    written = {key: value for key in _EFFECTS if (value := getattr(text, key)) is not None}
    if len(written) != 1:
        reader.fault(where, "effect_needs_one", known=list(_EFFECTS))
        return Close("withdrawn")
    ((key, value),) = written.items()
    return _EFFECTS[key](value)
