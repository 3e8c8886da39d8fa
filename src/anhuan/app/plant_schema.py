"""The JSON Schema of each kind of item, with titles in a language: what a form for editing is drawn from.

`x-ref` on a field, or on the entries of a list, names the kind of item whose id stands there.
"""

from datetime import time
from typing import Any, get_args

import msgspec
from msgspec import structs

from anhuan.app.plant_words import field_name, kind_name
from anhuan.domain.plant_checks import REFERENCES
from anhuan.domain.plant_items import ITEM_TYPES
from anhuan.domain.plant_reading import LONGEST_TEXT

_PARTS = {"ReadingPoint": "reading_point", "Outline": "outline", "ProcessStep": "process_step"}
"""Values inside items that have fields, and so words, of their own."""


def item_schema(kind: str, language: str) -> dict[str, Any]:
    """JSON Schema 2020-12 of the kind's items. Raises KeyError for what is no kind."""
    item_type = ITEM_TYPES[kind]
    (root,), parts = msgspec.json.schema_components([item_type], ref_template="#/$defs/{name}")
    schema = dict(parts.pop(item_type.__name__)) if "$ref" in root else dict(root)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = kind_name(kind, language)
    schema.pop("description", None)
    schema["additionalProperties"] = False
    schema["required"] = [name for name in schema["required"] if name != "type"]
    schema["properties"] = {
        name: _titled(part, field_name(kind, name, language))
        for name, part in schema["properties"].items()
        if name != "type"
    }
    for said in structs.fields(item_type):
        _tell_time(schema["properties"].get(said.name, {}), said.type)
    if parts:
        schema["$defs"] = {name: _part(name, part, language) for name, part in parts.items()}
    for field, target in REFERENCES.get(item_type, ()):
        whole, _, inner = field.partition(".")
        part = schema["properties"][whole]
        if inner:
            part = schema["$defs"][part["items"]["$ref"].rpartition("/")[2]]["properties"][inner]
        _refer(part, str(target.__struct_config__.tag))
    return schema


def _part(name: str, part: dict[str, Any], language: str) -> dict[str, Any]:
    kind = _PARTS[name]
    fields = {field: _titled(one, field_name(kind, field, language)) for field, one in part["properties"].items()}
    plain = {key: value for key, value in part.items() if key != "description"}
    return {**plain, "title": kind_name(kind, language), "properties": fields}


def _titled(part: dict[str, Any], title: str) -> dict[str, Any]:
    texts = [one for one in (part, *part.get("anyOf", ())) if one.get("type") == "string" and "format" not in one]
    for text in texts:
        text["maxLength"] = LONGEST_TEXT
    return {"title": title, **part}


def _tell_time(part: dict[str, Any], said: Any) -> None:
    """A plain time of day has no format of its own in msgspec's schema."""
    if said is time:
        part["format"] = "time"
        part.pop("maxLength", None)
    elif time in get_args(said):
        part["items"] = {**part["items"], "format": "time"}


def _refer(part: dict[str, Any], kind: str) -> None:
    if part.get("type") == "array":
        part["items"] = {**part["items"], "x-ref": kind}
    else:
        part["x-ref"] = kind
