"""The OpenAPI document is enough to work by: nothing in it is without words, and what it says of shapes is so."""

import msgspec
import pytest
from jsonschema_rs import Draft202012Validator
from pydantic import TypeAdapter, ValidationError

from anhuan.core.signature import Drawing
from anhuan.domain.evidence import PlaceProof
from anhuan.http.app import routed_app
from anhuan.http.case_bodies import Body
from anhuan.http.contract_words import ANYWHERE, IN
from anhuan.http.described import fields

DOCUMENT = routed_app().openapi()
OPERATIONS = [(path, method, op) for path, ops in DOCUMENT["paths"].items() for method, op in ops.items()]


def test_every_field_parameter_and_operation_has_words() -> None:
    silent = [f"{schema}.{name}" for schema, name, field in fields(DOCUMENT) if not field.get("description")]
    for path, method, operation in OPERATIONS:
        silent += [] if operation.get("description") else [f"{method} {path}"]
        silent += [
            f"{method} {path} {parameter['name']}"
            for parameter in operation.get("parameters", [])
            if not parameter.get("description") and parameter["in"] != "path"
        ]
    assert silent == []


def test_no_words_are_kept_of_what_is_not_there() -> None:
    there = {(schema, name) for schema, name, _ in fields(DOCUMENT)}
    said = {(schema, name) for schema, names in IN.items() for name in names}
    assert said <= there, said - there
    assert ANYWHERE.keys() <= {name for _, name in there}, ANYWHERE.keys() - {name for _, name in there}


def test_no_schema_is_called_by_its_module() -> None:
    assert [name for name in DOCUMENT["components"]["schemas"] if "__" in name] == []


def test_every_answer_says_of_what_type_it_is() -> None:
    empty = [
        f"{method} {path} {status}"
        for path, method, operation in OPERATIONS
        for status, answer in operation["responses"].items()
        if path != "/openapi.json"
        for content in answer.get("content", {}).values()
        if not content.get("schema")
    ]
    assert empty == []


def test_a_session_needs_its_csrf_token_for_what_changes_something() -> None:
    for path, method, operation in OPERATIONS:
        for one in operation["security"]:
            if "session" in one:
                assert ("csrf" in one) == (method != "get"), f"{method} {path}"


@pytest.mark.parametrize(
    ("schema", "field", "read"), [("DrawingBody", "drawing", Drawing), ("FileBody", "captured_where", PlaceProof)]
)
def test_the_example_of_a_shape_is_what_the_server_reads(schema: str, field: str, read: type) -> None:
    described = DOCUMENT["components"]["schemas"][schema]["properties"][field]
    described = described.get("anyOf", [described])[0]
    for example in described["examples"]:
        assert Draft202012Validator(described).is_valid(example)
        assert msgspec.convert(example, read)
    assert not Draft202012Validator(described).is_valid({"width": 0, "fix": {}})


def test_no_body_takes_an_instant_without_its_zone() -> None:
    def bodies(of: type[Body]) -> list[type[Body]]:
        return [deeper for one in of.__subclasses__() for deeper in (one, *bodies(one))]

    lax = []
    seen = 0
    for body in bodies(Body):
        for name, field in body.model_fields.items():
            if "date-time" not in str(TypeAdapter(field.annotation).json_schema()):
                continue
            seen += 1
            try:
                body.__pydantic_validator__.validate_assignment(body.model_construct(), name, "2026-01-05T09:00:00")
                lax.append(f"{body.__name__}.{name}")
            except ValidationError:
                continue
    assert lax == [] and seen > 5
