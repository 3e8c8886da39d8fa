"""What all routes have in common: problems in the caller's language, limits, headers, pages, health, the document."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import orjson
import pytest
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response
from web_processes import Web

from anhuan.app.permission import Permission
from anhuan.core.case.outcome import Reason
from anhuan.http.app import routed_app
from anhuan.http.document import rendered
from anhuan.http.exchange import (
    IdempotencyKey,
    IfMatch,
    cursor,
    etag,
    expected_version,
    json_answer,
    read_cursor,
    stale,
)
from anhuan.http.problems import Problem, not_found, refused
from anhuan.http.routes import Asker, Routes
from anhuan.http.words import FlatWords
from anhuan.ports.faults import StoreAway

NewWeb = Callable[..., Awaitable[Web]]
CONTRACT = Path(__file__).parents[2] / "contract" / "openapi.json"
MAY = Permission.SELF

routes = Routes("trial", base="/trial")
PACK = FlatWords({"zh": {"field.area": "责任区域"}, "en": {"field.area": "Area in charge"}})


class Trial(BaseModel):
    """A body."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=5)
    number: int = 0


@routes.post("/lean/{place}/{no}", MAY, status=201, lean=True, answer=Trial, body_bytes_max=1000)
async def lean(
    request: Request,
    caller: Asker,
    place: str,
    no: int,
    body: Trial,
    key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """A lean route with all that it can be given."""
    told = {"place": place, "no": no, "text": body.text, "key": key, "version": expected_version(if_match)}
    return json_answer({**told, "by": caller.account.login}, 201, {"ETag": etag(7)})


@routes.post("/plain", MAY, body_bytes_max=1000)
async def plain(caller: Asker, body: Trial) -> Trial:
    """An ordinary route."""
    return body


@routes.get("/fails/{how}", MAY)
async def fails(how: str, limit: int = 1) -> None:
    """Fails in many ways."""
    faults: dict[str, Exception] = {
        "ours": RuntimeError("SELECT secret FROM inside"),
        "away": StoreAway("host=db"),
        "missing": not_found(),
        "stale": stale(12),
        "refused": refused((Reason("own_work"),)),
        "conflict": refused((Reason("case_is_closed"),)),
        "fields": Problem(422, Reason("required", "/area"), Reason("vague", "/x", {"text": "坏"}), words=PACK),
    }
    raise faults[how]


@pytest.fixture
def trial(web: Web) -> Web:
    """The web process with the trial's routes."""
    routes.add_to(web.app)
    return web


async def browser_of(web: Web, **rest: object):  # type: ignore[no-untyped-def]
    await web.account("wang")
    return await web.signed_in("wang", **rest)


async def test_a_lean_route_is_given_what_it_asks_for(trial: Web) -> None:
    browser = await browser_of(trial)
    headers = {"Idempotency-Key": "k-1", "If-Match": 'W/"41"'}
    answer = await browser.post("/trial/lean/press%20shop/17", json={"text": "ok"}, headers=headers)
    assert answer.status_code == 201
    assert answer.headers["etag"] == '"7"'
    assert answer.json() == {
        "place": "press shop",
        "no": 17,
        "text": "ok",
        "key": "k-1",
        "version": 41,
        "by": "wang",
    }


async def test_a_lean_route_is_documented_like_any_other(trial: Web) -> None:
    operation = trial.app.openapi()["paths"]["/trial/lean/{place}/{no}"]["post"]
    assert [(p["name"], p["in"]) for p in operation["parameters"]] == [
        ("place", "path"),
        ("no", "path"),
        ("Idempotency-Key", "header"),
        ("If-Match", "header"),
    ]
    body = operation["requestBody"]["content"]["application/json"]["schema"]
    assert body == {"$ref": "#/components/schemas/Trial"}
    assert "201" in operation["responses"]


def test_a_lean_route_that_asks_for_what_it_cannot_get_is_refused_at_once() -> None:
    wrong = Routes("wrong")

    @wrong.get("/wrong", MAY, lean=True)
    async def endpoint(places: list[str]) -> Response:
        return json_answer(places)

    with pytest.raises(TypeError, match="places"):
        wrong.add_to(routed_app())


@pytest.mark.parametrize("path", ["/trial/lean/a/1", "/trial/plain"])
@pytest.mark.parametrize(
    ("body", "status", "codes"),
    [
        (b'{"text": "ok"}', 200, None),
        (b'{"text": "too long", "number": "x", "more": 1}', 422, ["too_long", "bad_format", "unknown_field"]),
        (b'{"text": 1}', 422, ["wrong_type"]),
        (b"{}", 422, ["required"]),
        (b"", 422, ["required"]),
        (b'{"text": "ok"', 400, ["body_unreadable"]),
        (b'{"text": "\xff"}', 400, ["body_unreadable"]),
        (b'{"text": "\\ud800"}', 400, ["body_unreadable"]),
        (b'{"text": "a\\u0000"}', 422, ["control_character"]),
        (b'{"text": "\\\\u000"}', 200, None),
        (b'{"text": "' + b"x" * 2000 + b'"}', 413, ["body_too_large"]),
    ],
)
async def test_bodies_are_judged_alike(
    trial: Web, path: str, body: bytes, status: int, codes: list[str] | None
) -> None:
    browser = await browser_of(trial)
    answer = await browser.post(path, content=body, headers={"Content-Type": "application/json; charset=utf-8"})
    if codes is None:
        assert answer.is_success, answer.text
    else:
        assert (answer.status_code, [reason["code"] for reason in answer.json()["reasons"]]) == (status, codes)


@pytest.mark.parametrize("path", ["/trial/lean/a/1", "/trial/plain"])
async def test_a_body_that_says_no_length_is_capped_all_the_same(trial: Web, path: str) -> None:
    browser = await browser_of(trial)
    sent = 0

    async def endless():  # type: ignore[no-untyped-def]
        nonlocal sent
        for _ in range(1000):
            sent += 500
            yield b" " * 500

    answer = await browser.post(path, content=endless(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    assert answer.json()["reasons"][0]["params"]["limit_bytes"] == 1000


async def test_what_is_no_json_is_not_taken(trial: Web) -> None:
    browser = await browser_of(trial)
    answer = await browser.post("/trial/lean/a/1", content=b"text=ok", headers={"Content-Type": "text/plain"})
    assert (answer.status_code, answer.json()["code"]) == (415, "media_type_not_taken")


@pytest.mark.parametrize("path", ["/trial/fails/%00", "/trial/fails/missing?limit=%00"])
async def test_a_nul_is_refused_wherever_it_stands(trial: Web, path: str) -> None:
    answer = await (await browser_of(trial)).get(path)
    assert (answer.status_code, answer.json()["code"]) == (400, "control_character")


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ("away", 503, "database_away"),
        ("missing", 404, "not_found"),
        ("stale", 412, "version_stale"),
        ("refused", 403, "own_work"),
        ("conflict", 409, "case_is_closed"),
        ("fields", 422, "required"),
        ("x?limit=many", 422, "bad_format"),
    ],
)
async def test_what_goes_wrong_is_a_problem(trial: Web, how: str, status: int, code: str) -> None:
    answer = await (await browser_of(trial)).get(f"/trial/fails/{how}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json().keys() == {"type", "title", "status", "detail", "code", "reasons"}
    assert answer.json()["status"] == status


async def test_a_problem_speaks_the_callers_language_and_the_packs_words(trial: Web) -> None:
    browser = await browser_of(trial)
    zh = (await browser.get("/trial/fails/fields")).json()
    assert zh["reasons"][0]["text"] == "请填写“责任区域”。"
    assert zh["detail"].startswith("请填写“责任区域”。 “x”写的是“坏”")
    answer = await browser.get("/trial/fails/fields", headers={"Accept-Language": "en-GB"})
    assert answer.headers["content-language"] == "en"
    assert answer.json()["reasons"][0] == {
        "code": "required",
        "field": "/area",
        "text": "Fill in “Area in charge”.",
        "params": {},
    }
    assert (await browser.patch("/api/v1/accounts/me", json={"language": "en"})).status_code == 204
    assert (await browser.get("/trial/fails/missing")).json()["title"] == "Not found"


async def test_a_fault_of_ours_tells_nothing_but_its_number(trial: Web, caplog: pytest.LogCaptureFixture) -> None:
    browser = await browser_of(trial)
    answer = await browser.get("/trial/fails/ours")
    assert answer.status_code == 500
    assert "SELECT" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    number = answer.json()["id"]
    assert number in answer.json()["detail"]
    assert number in caplog.text
    assert "SELECT secret FROM inside" in caplog.text


async def test_addresses_and_methods_that_are_not_there(web: Web) -> None:
    client = web.new_client(headers={"Accept-Language": "en"})
    missing = await client.get("/api/v1/nothing")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
    other = await client.put("/api/v1/sessions")
    assert (other.status_code, other.json()["code"]) == (405, "method_not_allowed")
    assert other.headers["allow"] == "POST"


async def test_every_answer_keeps_browsers_strict(web: Web) -> None:
    for path in ("/healthz", "/api/v1/sessions/current", "/api/v1/nothing"):
        headers = (await web.new_client().get(path)).headers
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"
        assert "strict-transport-security" not in headers


async def test_health_is_good_or_says_why_not(web: Web) -> None:
    client = web.new_client()
    assert ((await client.get("/healthz")).status_code, (await client.get("/healthz")).json()["status"]) == (200, "ok")
    web.faults["database"] = "cannot be reached"
    answer = await client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "down", "faults": {"database": "cannot be reached"}}


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A built console."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets/app-3f2a.js").write_text("let a")
    (tmp_path / "favicon.svg").write_text("<svg/>")
    (tmp_path / "index.html").write_text('<meta name="csp-nonce" content="__CSP_NONCE__"><div id="root"></div>')
    (tmp_path.parent / "outside.txt").write_text("secret")
    return tmp_path


async def test_the_console_is_served_with_its_own_policy(new_web: NewWeb, pages: Path) -> None:
    client = (await new_web(pages=pages)).new_client()
    for path in ("/", "/cases/0192", "/index.html"):
        answer = await client.get(path)
        assert answer.headers["content-type"].startswith("text/html")
        assert answer.headers["cache-control"] == "no-cache"
        nonce = re.findall(r"style-src 'self' 'nonce-([\w-]+)'", answer.headers["content-security-policy"])
        assert nonce
        assert f'content="{nonce[0]}"' in answer.text
        assert "script-src 'self';" in answer.headers["content-security-policy"]
    assert (await client.get("/")).text != (await client.get("/")).text
    asset = await client.get("/assets/app-3f2a.js")
    assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert asset.headers["content-type"].startswith("text/javascript")
    assert (await client.get("/favicon.svg")).headers["cache-control"] == "no-cache"


async def test_the_console_is_no_way_out_of_its_folder(new_web: NewWeb, pages: Path) -> None:
    client = (await new_web(pages=pages)).new_client()
    assert (await client.get("/assets/old-1111.js")).status_code == 404
    assert (await client.get("/api/v1/nothing")).headers["content-type"] == "application/problem+json"
    assert (await client.post("/cases")).status_code == 405
    for path in ("/../outside.txt", "/%2e%2e/outside.txt", "/assets/..%2f..%2foutside.txt", "//outside.txt"):
        assert "secret" not in (await client.get(path)).text


def test_versions_and_cursors_are_read_as_they_were_written() -> None:
    assert expected_version(etag(3)) == 3
    assert expected_version("*") is expected_version(None) is None
    assert read_cursor(cursor(["2026-01-01T00:00:00Z", 3, None]), str, int, type(None))
    assert read_cursor(None, str) is None


@pytest.mark.parametrize("after", ["x", "WzFd", "bnVsbA", cursor(["a", "b"]), "💥"])
def test_a_made_up_cursor_is_refused(after: str) -> None:
    with pytest.raises(Problem) as problem:
        read_cursor(after, str)
    assert problem.value.status == 400


@pytest.mark.parametrize("if_match", ["", "7", '"x"', '"1", "2"'])
def test_a_made_up_version_is_refused(if_match: str) -> None:
    with pytest.raises(Problem) as problem:
        expected_version(if_match)
    assert problem.value.status == 400


async def test_a_made_up_idempotency_key_is_refused(trial: Web) -> None:
    browser = await browser_of(trial)
    for key in ("x" * 129, "a b", ""):
        answer = await browser.post("/trial/lean/a/1", json={"text": "a"}, headers={"Idempotency-Key": key})
        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_malformed")


async def test_the_document_is_served_and_is_the_one_that_is_kept(web: Web) -> None:
    answer = await web.new_client().get("/openapi.json")
    assert answer.json()["openapi"].startswith("3.1")
    kept = CONTRACT.read_bytes()
    assert answer.content == rendered(routed_app())
    assert orjson.loads(kept) == answer.json(), "contract/openapi.json is stale: run `make contract`"


async def test_many_requests_at_once_are_kept_apart(trial: Web) -> None:
    browsers = [await trial.signed_in_as("worker") for _ in range(3)]
    answers = await asyncio.gather(
        *(browser.post(f"/trial/lean/a/{no}", json={"text": str(no)}) for no, browser in enumerate(browsers * 10))
    )
    assert [answer.json()["no"] for answer in answers] == list(range(30))
    assert len({answer.json()["by"] for answer in answers}) == 3
