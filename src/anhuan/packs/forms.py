"""Forms: one JSON Schema (draft 2020-12) per form, one validation for phone, console, API, import and replay.

A form is judged at two levels by one schema. *Complete* (what dispatch needs) is the schema itself. *Intake* is the
same with everything left out that is merely missing or too poor, so that a half-filled report is taken in and only what
is malformed (a wrong type, a value from no list, a field that does not exist) is turned away. `x-intake` can ask for a
minimum. Which level a problem belongs to follows from its code; `x-level: intake` beside an `x-problem` overrides it.

Two names are reserved, and set by the core beside what was filled in: `outcome` (how a duty was discharged) and `case`
(values of the case that conditions look at, `x-case`). They are never fields, and are not kept.

Every violation becomes a `core.policy.Problem`: a stable code, a JSON pointer, and the values for its text. Where plain
JSON Schema has no words of its own (`not`, `if`/`then`, `anyOf`, `const` ...) the subschema carries `x-problem: code`.
The schema also says how the form is shown; docs/reference/forms.md is the whole list of annotations.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import jsonschema_rs
from msgspec import Struct

from anhuan.core.policy import Problem
from anhuan.packs.computed import Computation, Computed
from anhuan.packs.form_errors import DISPATCH_CODES, Judged, judge
from anhuan.packs.form_schema import CASE, OUTCOME, RESERVED, ProofSlot, check_schema, proof_slots
from anhuan.packs.library import Library
from anhuan.packs.problems import PackInvalid
from anhuan.packs.texts import EMPTY_PHRASES, bare_phrases, is_vague, tidy, unkeepable

CLOCK_TOLERANCE = timedelta(minutes=5)
"""A phone's clock may run so far ahead before its "now" counts as the future."""

FOUND_AT = "found_at"
"""The field that says when what is reported was found, where it was not now."""

IMPORT = "import"
"""The case's `source` when a register is taken over."""

REFERENCE_WIDGETS = {"area": "area", "equipment": "equipment", "person": "person", "party": "party"}


class Reference(Struct, frozen=True):
    """A value that names something of the plant; whether that exists is for the plant to say."""

    kind: str
    """`area`, `equipment`, `person` or `party`."""
    value: str
    field: str
    """JSON pointer."""


class Form:
    """A compiled form. Calling it gives the problems with what was filled in."""

    def __init__(
        self,
        key: str,
        version: str,
        schema: Mapping[str, Any],
        computed: Mapping[str, Computed],
        libraries: Iterable[Library] = (),
    ) -> None:
        self.key = key
        self.version = version
        self.schema = schema
        """As written; the console renders the form from it alone."""
        self.proofs: tuple[ProofSlot, ...] = proof_slots(schema)
        self.case_fields: tuple[str, ...] = tuple(schema.get("x-case", ()))
        """Fields of the case that the form's conditions look at."""
        self._properties: Mapping[str, Mapping[str, Any]] = schema["properties"]
        self._computed = {
            name: computed[part["x-computed"]] for name, part in self._properties.items() if "x-computed" in part
        }
        self._vague = {
            name: bare_phrases((*EMPTY_PHRASES, *part["x-vague"]))
            for name, part in self._properties.items()
            if "x-vague" in part
        }
        self._defaults = {name: part["default"] for name, part in self._properties.items() if "default" in part}
        self._timed = {name: part for name, part in self._properties.items() if {"x-past", "x-future"} & part.keys()}
        self._libraries = [library for library in libraries if library.form == key]
        self._order = {name: part["x-order"] for name, part in self._properties.items()}
        self._validator = _validator(schema, with_context=True)
        intake = schema.get("x-intake")
        self._intake = None if intake is None else _validator(intake, with_context=False)
        both = schema if intake is None else {**schema, "allOf": [*schema.get("allOf", ()), intake]}
        self._sound = _validator(both, with_context=True)

    def __call__(
        self,
        values: Mapping[str, object],
        *,
        complete: bool = True,
        at: datetime | None = None,
    ) -> tuple[Problem, ...]:
        """Problems with `values`, in the order of the fields.

        `complete`: all that dispatch needs, else only what intake needs. `at`: now, for `x-past` and `x-future`;
        without it instants are not compared.
        """
        intake, whole = self.levels(values, at=at)
        return whole if complete else intake

    def levels(
        self, values: Mapping[str, object], *, at: datetime | None = None, kept: bool = False
    ) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
        """Problems before intake, and all problems before dispatch, in one look.

        `kept`: the values come from `fill`.
        """
        filled = {name: value for name, value in values.items() if name not in RESERVED}
        if problems := unkeepable(filled):
            return problems, problems
        tidied = filled if kept else tidy(filled)
        case = _mapping(values.get(CASE))
        judged = [*self._violations(tidied, values.get(OUTCOME), case), *self._computing(tidied, case)]
        judged += self._texts(tidied)
        judged += [(problem, "intake") for problem in (self._instants(tidied, at) if at is not None else ())]
        judged += [(problem, "dispatch") for problem in (self._citations(tidied, at) if at is not None else ())]
        if not judged:
            return (), ()
        return self._ordered(p for p, level in judged if level == "intake"), self._ordered(p for p, _ in judged)

    def _ordered(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """Each once, in the order of the fields."""
        wanted = {(problem.field, problem.code): problem for problem in problems}
        return tuple(sorted(wanted.values(), key=lambda problem: (*self._place(problem.field), problem.code)))

    def gaps(self, values: Mapping[str, object]) -> tuple[Problem, ...]:
        """What a form that was taken in still lacks; empty: it can be dispatched."""
        intake, whole = self.levels(values)
        refused = {(p.field, p.code) for p in intake}
        return tuple(p for p in whole if (p.field, p.code) not in refused)

    def fill(self, values: Mapping[str, object]) -> dict[str, object]:
        """The values as they are kept: tidied, and defaults set where nothing was said."""
        return {**self._defaults, **{name: value for name, value in tidy(values).items() if name not in RESERVED}}

    def compute(self, values: Mapping[str, object]) -> dict[str, object]:
        """Computed fields that can be computed of values as they are kept (see `fill`).

        Each value, and under `<field>_by` how it came about.
        """
        found: dict[str, object] = {}
        for name, computation in self.computations(values).items():
            found[name] = computation.value
            found[f"{name}_by"] = {
                "method": computation.method,
                "score": computation.score,
                "band": computation.band,
                "source": computation.source,
                "version": computation.version,
            }
        return found

    def computations(self, values: Mapping[str, object]) -> dict[str, Computation]:
        """Each computed field that can be computed, with the band that decided."""
        answers = {name: computed(values) for name, computed in self._computed.items()}
        return {name: answer for name, answer in answers.items() if answer is not None}

    def taken_over(self, field: str, value: str) -> dict[str, object]:
        """What gives a computed field an imported register's value; empty where it cannot be taken over."""
        computed = self._computed[field]
        rating = computed.taken_over(value)
        return {} if rating is None else {computed.origin: rating}

    def references(self, values: Mapping[str, object]) -> tuple[Reference, ...]:
        """Areas, equipment, people and parties that the values name; explicit `none` is no reference."""
        found = []
        for name, part in self._properties.items():
            kind = REFERENCE_WIDGETS.get(part["x-widget"])
            value = values.get(name)
            several = value if isinstance(value, list | tuple) else None
            for place, named in enumerate((value,) if several is None else several):
                if kind and isinstance(named, str) and named and named != part.get("x-none"):
                    found.append(Reference(kind, named, f"/{name}" if several is None else f"/{name}/{place}"))
        return tuple(found)

    @property
    def computed(self) -> Mapping[str, Computed]:
        """The fields that are computed and never typed."""
        return self._computed

    @property
    def slots(self) -> Mapping[str, str]:
        """The places for evidence beside the fields, in the order in which they are shown: slot -> widget."""
        return {slot.slot: slot.schema["x-widget"] for slot in self.proofs}

    @property
    def readings(self) -> tuple[str, str] | None:
        """The field that holds the readings of a round, and the case's field that names the equipment to be read."""
        return next(((name, part["x-of"]) for name, part in self._properties.items() if "x-of" in part), None)

    @property
    def problem_codes(self) -> frozenset[str]:
        """Codes of the pack's own (`x-problem`); each needs its word `problem.<code>`."""
        return frozenset(_annotations(self.schema, "x-problem"))

    @property
    def word_keys(self) -> tuple[str, ...]:
        """Every word that the form needs to be shown: its title, sections, labels, choices and own problems."""
        keys = [f"form.{self.key}"]
        for name, part in (*self._properties.items(), *((slot.slot, slot.schema) for slot in self.proofs)):
            keys.append(part.get("x-words", f"field.{name}"))
            keys += [f"section.{part['x-section']}"] if "x-section" in part else []
            keys += [f"{part.get('x-values', name)}.{value}" for value in part.get("enum", ())]
            keys += [part["x-hint"]] if "x-hint" in part else []
            keys += [f"field.{inner}" for inner in _inner_fields(part)] if "x-of" in part else []
        for computed in self._computed.values():
            keys += computed.word_keys
        return tuple(dict.fromkeys(keys + [f"problem.{code}" for code in sorted(self.problem_codes)]))

    def _violations(self, values: Mapping[str, Any], outcome: object, case: Mapping[str, object]) -> Iterator[Judged]:
        """What the schema says, the computed fields excepted, which nobody may type."""
        for name in self._computed.keys() & values.keys():
            yield Problem("computed_field", f"/{name}"), "intake"
        asked: dict[str, Any] = {name: value for name, value in values.items() if name not in self._computed}
        asked[CASE] = {name: case[name] for name in self.case_fields if case.get(name) is not None}
        if isinstance(outcome, str):
            asked[OUTCOME] = outcome
        if self._sound.is_valid(asked):
            return
        for error in self._validator.iter_errors(asked):
            yield from judge(error, self.schema)
        if self._intake is not None and not self._intake.is_valid(dict(values)):
            yield Problem(self.schema["x-intake"]["x-problem"], ""), "intake"

    def _texts(self, values: Mapping[str, Any]) -> Iterator[Judged]:
        for name, phrases in self._vague.items():
            text = values.get(name)
            if isinstance(text, str) and text and is_vague(text, phrases):
                yield Problem("vague", f"/{name}", {"text": text[:40]}), "dispatch"

    def _computing(self, values: Mapping[str, Any], case: Mapping[str, object]) -> Iterator[Judged]:
        """Missing ratings are a gap (whether any are needed is the schema's word), wrong ones are refused."""
        for computed in self._computed.values():
            if computed.origin in values:
                for problem in computed.problems(values, imported=case.get("source") == IMPORT):
                    yield problem, "dispatch" if problem.code in DISPATCH_CODES else "intake"

    def _instants(self, values: Mapping[str, Any], at: datetime) -> Iterator[Problem]:
        for name, part in self._timed.items():
            instant = _instant(values.get(name))
            if instant is None:
                continue
            if part.get("x-past") and instant > at + CLOCK_TOLERANCE:
                yield Problem("in_the_future", f"/{name}", {"at": instant.isoformat()})
            if part.get("x-future") and instant <= at:
                yield Problem("in_the_past", f"/{name}", {"at": instant.isoformat()})

    def _citations(self, values: Mapping[str, Any], at: datetime) -> Iterator[Problem]:
        """What is cited is in force on the day of the finding."""
        for library in self._libraries:
            text = values.get(library.field)
            on = _instant(values.get(FOUND_AT)) or at
            if isinstance(text, str) and (entry := library.out_of_force(text, on.date())) is not None:
                params: dict[str, object] = {
                    "source": entry.source.text if entry.source else "",
                    "on": on.date().isoformat(),
                }
                yield Problem("cited_out_of_force", f"/{library.field}", params)

    def _place(self, field: str) -> tuple[int, str]:
        name = field.split("/")[1] if field else ""
        return self._order.get(name, -1 if not field else 10_000), field


def compile_form(
    key: str,
    schema: Mapping[str, Any],
    version: str = "",
    computed: Mapping[str, Computed] | None = None,
    libraries: Iterable[Library] = (),
) -> Form:
    """A form ready to be asked. `computed`: the pack's computed fields by key. Raises PackInvalid with every fault."""
    problems = check_schema(key, schema, computed or {})
    if problems:
        raise PackInvalid(tuple(problems))
    return Form(key, version, schema, computed or {}, libraries)


def _validator(schema: Mapping[str, Any], *, with_context: bool) -> jsonschema_rs.Draft202012Validator:
    full = dict(schema)
    if with_context:
        full["properties"] = {**full["properties"], CASE: True, OUTCOME: True}
    return jsonschema_rs.Draft202012Validator(full, validate_formats=True, offline=True)


def _annotations(schema: object, name: str) -> Iterator[str]:
    if isinstance(schema, Mapping):
        if isinstance(schema.get(name), str):
            yield schema[name]
        for part in schema.values():
            yield from _annotations(part, name)
    elif isinstance(schema, list):
        for part in schema:
            yield from _annotations(part, name)


def _inner_fields(part: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields of the entries of a list."""
    return tuple(_mapping(_mapping(part.get("items")).get("properties")))


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _instant(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        return None
    return instant if instant.tzinfo is not None else None
