"""Whether a form's schema can be published: closed, bounded, showable, and without an error that has no words."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs
from msgspec import Struct

from anhuan.packs.computed import Computed
from anhuan.packs.form_errors import resolve
from anhuan.packs.problems import PackProblem

CASE = "case"
OUTCOME = "outcome"
RESERVED = frozenset({CASE, OUTCOME})
"""Names under which conditions see the case (`x-case`) and how a duty was discharged; no field may have them."""

WIDGETS: Mapping[str, frozenset[str]] = {
    "text": frozenset({"string"}),
    "longtext": frozenset({"string"}),
    "choice": frozenset({"string"}),
    "choices": frozenset({"array"}),
    "area": frozenset({"string"}),
    "equipment": frozenset({"string", "array"}),
    "person": frozenset({"string", "array"}),
    "party": frozenset({"string"}),
    "case": frozenset({"string"}),
    "number": frozenset({"number", "integer"}),
    "risk": frozenset({"object"}),
    "readings": frozenset({"array"}),
    "date_time": frozenset({"string"}),
    "date": frozenset({"string"}),
    "boolean": frozenset({"boolean"}),
    "computed": frozenset({"string", "number"}),
}
"""Widget -> types of the field that it can show."""
PROOF_WIDGETS = frozenset({"photos", "signature", "files"})

_FIELD_NOTES = frozenset(
    {"x-widget", "x-words", "x-values", "x-hint", "x-order", "x-section", "x-none", "x-vague", "x-past", "x-future"}
    | {"x-computed", "x-shown-when", "x-problem", "x-level", "x-field", "x-of"}
)
_FORM_NOTES = frozenset({"x-case", "x-intake", "x-proofs"})
_RULE_NOTES = frozenset({"x-problem", "x-level", "x-field"})
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_FAILING = frozenset(
    {"not", "anyOf", "oneOf", "const", "dependentRequired", "dependentSchemas", "contains", "minContains"}
    | {"maxContains", "minProperties", "maxProperties", "propertyNames", "multipleOf", "unevaluatedProperties"}
    | {"unevaluatedItems", "prefixItems"}
)
"""Keywords that fail without saying anything a person could use."""
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_MAPS = ("properties", "$defs", "patternProperties", "dependentSchemas")
_SINGLES = ("then", "else", "items", "additionalProperties", "contains")


class ProofSlot(Struct, frozen=True):
    """A place for evidence beside the fields: photos, a signature, files (`x-proofs`)."""

    slot: str
    schema: Mapping[str, Any]
    """`x-widget`, `x-order`, `x-words`, `minItems`, `maxItems` ..."""


def proof_slots(schema: Mapping[str, Any]) -> tuple[ProofSlot, ...]:
    """The slots of a checked schema, in the order in which they are shown."""
    slots = [ProofSlot(name, part) for name, part in schema.get("x-proofs", {}).items()]
    return tuple(sorted(slots, key=lambda slot: slot.schema["x-order"]))


def check_schema(key: str, schema: Mapping[str, Any], computed: Mapping[str, Computed]) -> list[PackProblem]:
    """Every fault of a form's schema."""
    place = f"forms/{key}"
    broken = _engine_faults(place, schema)
    if broken:
        return broken
    if schema.get("type") != "object" or not isinstance(schema.get("properties"), Mapping):
        return [PackProblem("form_is_no_object", place)]
    problems = [*_walk(place, schema, schema, own=False), *_notes(place, schema, _FORM_NOTES | _RULE_NOTES)]
    problems += _fields(place, schema, computed)
    problems += _orders(place, schema)
    problems += _names(place, schema)
    intake = schema.get("x-intake")
    if intake is not None and "x-problem" not in intake:
        problems.append(PackProblem("problem_code_missing", f"{place}/x-intake", {"keyword": "x-intake"}))
    return problems


def _engine_faults(place: str, schema: Mapping[str, Any]) -> list[PackProblem]:
    try:
        jsonschema_rs.meta.validate(dict(schema))
        jsonschema_rs.Draft202012Validator(dict(schema), validate_formats=True, offline=True)
        if "x-intake" in schema:
            jsonschema_rs.Draft202012Validator(schema["x-intake"], offline=True)
    except jsonschema_rs.ValidationError as error:
        at = "".join(f"/{step}" for step in error.instance_path)
        return [PackProblem("schema_invalid", place + at, {"reason": error.message})]
    except (ValueError, TypeError) as error:
        return [PackProblem("schema_invalid", place, {"reason": str(error)})]
    return []


def _walk(place: str, schema: Any, root: Mapping[str, Any], own: bool) -> Iterator[PackProblem]:
    """Every subschema that can fail (conditions, `if`, cannot): bounded, closed, and never without words."""
    if not isinstance(schema, Mapping):
        return
    own = own or "x-problem" in schema
    if not own:
        for keyword in sorted(_FAILING & schema.keys()):
            yield PackProblem("problem_code_missing", place, {"keyword": keyword})
    if "$ref" in schema and not str(schema["$ref"]).startswith("#/"):
        yield PackProblem("reference_not_local", place, {"reference": schema["$ref"]})
    yield from _bounds(place, schema)
    for keyword in _SINGLES:
        yield from _walk(f"{place}/{keyword}", schema.get(keyword), root, own)
    for keyword in _LISTS:
        for number, part in enumerate(schema.get(keyword, ())):
            yield from _walk(f"{place}/{keyword}/{number}", part, root, own)
    for keyword in _MAPS:
        for name, part in schema.get(keyword, {}).items():
            yield from _walk(f"{place}/{keyword}/{name}", part, root, own)


def _bounds(place: str, schema: Mapping[str, Any]) -> Iterator[PackProblem]:
    types = schema.get("type", ())
    types = {types} if isinstance(types, str) else set(types)
    if "string" in types and not schema.keys() & {"maxLength", "enum", "const", "format"}:
        yield PackProblem("bound_missing", place, {"keyword": "maxLength"})
    if "array" in types and "maxItems" not in schema:
        yield PackProblem("bound_missing", place, {"keyword": "maxItems"})
    if "object" in types and "additionalProperties" not in schema:
        yield PackProblem("object_open", place)


def _fields(place: str, schema: Mapping[str, Any], computed: Mapping[str, Computed]) -> Iterator[PackProblem]:
    """Each field is named plainly and says how it is shown."""
    for name, part in schema["properties"].items():
        where = f"{place}/{name}"
        if _NAME.fullmatch(name) is None or name in RESERVED:
            yield PackProblem("field_badly_named", where, {"field": name})
        resolved = _resolved(schema, part)
        yield from _notes(where, part, _FIELD_NOTES)
        widget = part.get("x-widget")
        if widget not in WIDGETS:
            yield PackProblem("widget_unknown", where, {"widget": widget, "known": sorted(WIDGETS)})
        elif resolved.get("type") not in WIDGETS[widget]:
            params = {"widget": widget, "type": resolved.get("type"), "types": sorted(WIDGETS[widget])}
            yield PackProblem("widget_misfit", where, params)
        elif (widget == "choice") != ("enum" in resolved) and widget != "computed":
            yield PackProblem("choice_without_list", where, {"widget": widget})
        wanted_format = {"date_time": "date-time", "date": "date"}.get(str(widget))
        if resolved.get("format") != wanted_format and (wanted_format or "format" in resolved):
            yield PackProblem("widget_misfit", where, {"widget": widget, "format": wanted_format})
        yield from _origin(where, name, part, schema, computed)
    for slot, part in schema.get("x-proofs", {}).items():
        if part.get("x-widget") not in PROOF_WIDGETS:
            params = {"widget": part.get("x-widget"), "known": sorted(PROOF_WIDGETS)}
            yield PackProblem("widget_unknown", f"{place}/x-proofs/{slot}", params)
        if slot in schema["properties"] or _NAME.fullmatch(slot) is None:
            yield PackProblem("field_badly_named", f"{place}/x-proofs/{slot}", {"field": slot})


def _origin(
    where: str, name: str, part: Mapping[str, Any], schema: Mapping[str, Any], computed: Mapping[str, Computed]
) -> Iterator[PackProblem]:
    """What a field is computed from, or read of."""
    widget = part.get("x-widget")
    if (widget == "readings") != ("x-of" in part):
        yield PackProblem("readings_of_nothing", where, {"widget": widget})
    if (widget == "computed") != ("x-computed" in part):
        yield PackProblem("computed_unknown", where, {"computed": None, "known": sorted(computed)})
    elif "x-computed" in part:
        yield from _computed_field(where, name, part, schema, computed)


def _computed_field(
    where: str, name: str, part: Mapping[str, Any], schema: Mapping[str, Any], computed: Mapping[str, Computed]
) -> Iterator[PackProblem]:
    source = computed.get(part["x-computed"])
    if source is None or source.field != name or source.origin not in schema["properties"]:
        yield PackProblem("computed_unknown", where, {"computed": part["x-computed"], "known": sorted(computed)})
    if name in schema.get("required", ()):
        yield PackProblem("computed_required", where, {"field": name})


def _orders(place: str, schema: Mapping[str, Any]) -> Iterator[PackProblem]:
    seen: dict[object, str] = {}
    for name, part in (*schema["properties"].items(), *schema.get("x-proofs", {}).items()):
        order = part.get("x-order")
        if not isinstance(order, int) or order in seen:
            yield PackProblem("order_not_unique", f"{place}/{name}", {"order": order, "other": seen.get(order)})
        seen[order] = name


def _names(place: str, schema: Mapping[str, Any]) -> Iterator[PackProblem]:
    """Whatever names a field names one that exists; a misspelt condition would never hold."""
    fields = set(schema["properties"])
    case = {f"{CASE}.{name}" for name in schema.get("x-case", ())} | {OUTCOME}
    for name in sorted(_named(schema) - fields - RESERVED):
        yield PackProblem("field_unknown", place, {"field": name, "known": sorted(fields)})
    for name, part in (*schema["properties"].items(), *schema.get("x-proofs", {}).items()):
        for other in part.get("x-shown-when", {}):
            if other not in fields | case:
                yield PackProblem("field_unknown", f"{place}/{name}", {"field": other, "known": sorted(fields | case)})
    for name in sorted(_case_names(schema) - set(schema.get("x-case", ()))):
        yield PackProblem("field_unknown", f"{place}/x-case", {"field": name, "known": sorted(case)})


def _named(schema: Any) -> set[str]:
    """Fields that the rules of an object name, conditions included."""
    if not isinstance(schema, Mapping):
        return set()
    found = set(schema.get("required", ())) | set(schema.get("properties", {}))
    found |= {schema["x-field"]} if "x-field" in schema else set()
    for keyword in ("if", "then", "else", "not"):
        found |= _named(schema.get(keyword))
    for keyword in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(keyword, ()):
            found |= _named(part)
    if "x-intake" in schema:
        found |= _named(schema["x-intake"])
    return found


def _case_names(schema: Any) -> set[str]:
    """Names that conditions look for in the case."""
    if isinstance(schema, list):
        return set().union(*map(_case_names, schema))
    if not isinstance(schema, Mapping):
        return set()
    found: set[str] = set()
    for name, part in schema.items():
        if name == "properties" and isinstance(part, Mapping) and isinstance(part.get(CASE), Mapping):
            found |= _named(part[CASE])
        found |= _case_names(part)
    return found


def _notes(place: str, schema: Mapping[str, Any], known: frozenset[str]) -> Iterator[PackProblem]:
    for name in sorted(schema.keys()):
        if name.startswith("x-") and name not in known:
            yield PackProblem("annotation_unknown", place, {"annotation": name, "known": sorted(known)})


def _resolved(root: Mapping[str, Any], part: Mapping[str, Any]) -> Mapping[str, Any]:
    """A field's schema with what its `$ref` points to."""
    return {**resolve(root, part["$ref"]), **part} if "$ref" in part else part
