"""From what a JSON Schema validator says to a problem that a person can mend."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import jsonschema_rs

from anhuan.core.policy import Problem
from anhuan.packs.texts import escaped

Level = Literal["intake", "dispatch"]
"""From when on a problem stands in the way."""

Judged = tuple[Problem, Level]

KEYWORD_CODES: Mapping[str, str] = {
    "type": "wrong_type",
    "enum": "not_in_list",
    "required": "required",
    "minLength": "too_short",
    "maxLength": "too_long",
    "minItems": "too_few",
    "maxItems": "too_many",
    "minimum": "too_small",
    "exclusiveMinimum": "too_small",
    "maximum": "too_large",
    "exclusiveMaximum": "too_large",
    "uniqueItems": "repeated",
    "pattern": "pattern",
    "format": "bad_format",
    "additionalProperties": "unknown_field",
}
"""Keywords with words of their own. Any other keyword that can fail needs an `x-problem`."""

DISPATCH_CODES = frozenset({"required", "too_short", "too_few"})
"""Missing or too poor: taken in, but not dispatched. Problems of the pack's own belong here too."""


def judge(error: jsonschema_rs.ValidationError, schema: Mapping[str, Any]) -> Iterator[Judged]:
    """The problems in one error; several where one error names several fields."""
    keyword, details = error.kind.name, error.kind.as_dict()
    pointer = "".join(f"/{escaped(str(step))}" for step in error.instance_path)
    own = _own_problem(schema, error.evaluation_path)
    fields = _fields(keyword, details, pointer)
    if own is not None:
        level: Level = "intake" if own.get("x-level") == "intake" else "dispatch"
        for field in (f"/{own['x-field']}",) if "x-field" in own else fields:
            yield Problem(own["x-problem"], field), level
        return
    code = KEYWORD_CODES[keyword]
    level = "dispatch" if code in DISPATCH_CODES else "intake"
    for field in fields:
        yield Problem(code, field, _params(keyword, details, error.instance)), level


def _fields(keyword: str, details: Mapping[str, Any], pointer: str) -> list[str]:
    """The fields that an error is about: a missing or a surplus one is not where the validator points."""
    if keyword == "required":
        return [f"{pointer}/{escaped(details['property'])}"]
    if keyword == "additionalProperties":
        return [f"{pointer}/{escaped(name)}" for name in details["unexpected"]]
    return [pointer]


def _params(keyword: str, details: Mapping[str, Any], instance: object) -> dict[str, object]:
    match keyword:
        case "type":
            return {"types": list(details["types"])}
        case "enum":
            return {"values": list(details["options"])}
        case "minLength" | "maxLength":
            return {"limit": details["limit"], "length": len(str(instance))}
        case "minItems" | "maxItems":
            return {"limit": details["limit"], "length": len(instance) if isinstance(instance, list) else 0}
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum":
            return {"limit": details["limit"]}
        case "pattern" | "format":
            return {keyword: details[keyword]}
        case _:
            return {}


def _own_problem(schema: Mapping[str, Any], path: Sequence[str | int]) -> Mapping[str, Any] | None:
    """The subschema nearest to the failed keyword that carries `x-problem`."""
    found: Mapping[str, Any] | None = None
    here: Any = schema
    for step in path:
        if isinstance(here, Mapping) and "x-problem" in here:
            found = here
        here = resolve(schema, here["$ref"]) if step == "$ref" else here[step]
    return found


def resolve(schema: Mapping[str, Any], ref: str) -> Any:
    """What a local reference (`#/$defs/name`) points to. Raises LookupError where there is nothing."""
    here: Any = schema
    for step in ref.removeprefix("#").split("/")[1:]:
        here = here[step.replace("~1", "/").replace("~0", "~")]
    return here
