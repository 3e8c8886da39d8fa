"""What FastAPI cannot know of the routes and is said in the OpenAPI document all the same."""

from collections.abc import Iterator
from typing import Any

from anhuan.http.contract_words import ANYWHERE, IN

Json = dict[str, Any]

_UNSAFE = ("post", "put", "patch", "delete")
_LEADS_TO = {
    "report": {
        name: {"operationId": operation, "parameters": {"case_id": "$response.body#/id"}}
        for name, operation in {"case": "case_page", "timeline": "case_timeline", "completion": "revise"}.items()
    },
    "sign_in": {"tasks": {"operationId": "tasks"}, "kinds": {"operationId": "kinds"}},
}
"""Operation -> where its answer leads."""
_ANSWER_AGAIN = ("report", "send_file")
"""What answers 201 the first time and 200 when it is sent again."""


def complete(document: Json) -> None:
    """Words for every field, the CSRF token where it is needed, repeated answers, and where an answer leads."""
    for schema, name, field in fields(document):
        if "description" not in field and (said := _words(document, schema, name)):
            field["description"] = said
    for method, operation in _operations(document):
        _without_empty_json(operation)
        if method in _UNSAFE:
            operation["security"] = [
                {**one, "csrf": []} if "session" in one else one for one in operation.get("security", [])
            ]
        if operation["operationId"] in _ANSWER_AGAIN:
            made = operation["responses"]["201"]
            operation["responses"]["200"] = {**made, "description": "It was there already: the same answer."}
        if links := _LEADS_TO.get(operation["operationId"]):
            operation["responses"]["201"]["links"] = links


def fields(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Every field of every schema: the schema's name, the field's, and what is said of it."""
    for schema, body in document["components"]["schemas"].items():
        for name, field in body.get("properties", {}).items():
            yield schema, name, field


def _words(document: Json, schema: str, name: str) -> str | None:
    """Of a field: the schema's own, else those of a shape that it is built on, else those that hold anywhere."""
    said = IN.get(schema, {}).get(name)
    if said is None and _is_a_case(document["components"]["schemas"][schema]):
        said = IN["CaseBrief"].get(name)
    return said or ANYWHERE.get(name)


def _is_a_case(schema: Json) -> bool:
    return {"kind_name", "stage_name", "cycle_working_days"} <= set(schema.get("properties", {}))


def _operations(document: Json) -> Iterator[tuple[str, Json]]:
    for path in document["paths"].values():
        yield from path.items()


def _without_empty_json(operation: Json) -> None:
    """An answer that has another media type is no JSON besides."""
    for answer in operation["responses"].values():
        content = answer.get("content", {})
        if len(content) > 1 and not content.get("application/json", {"schema": True}).get("schema"):
            del content["application/json"]
