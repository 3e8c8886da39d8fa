"""Every route asks for exactly one permission, and every role knocks at every route: the roles say who is let in."""

import re
from pathlib import Path

import httpx
import pytest
from fastapi.routing import APIRoute
from web_processes import PASSWORD, Web

from anhuan.app.permission import BY_SESSION_ONLY, ROLES, Permission, Role, may, permissions_of, sight
from anhuan.domain.ids import PersonId, TeamId
from anhuan.http.app import NOUNS, routed_app
from anhuan.http.routes import Declared, Route

DECLARED = [declared for noun in NOUNS for declared in noun.declared]
BEHIND_THE_DOOR = [declared for declared in DECLARED if declared.permission is not Permission.PUBLIC]
PUBLIC = {("GET", "/healthz"), ("GET", "/openapi.json"), ("POST", "/api/v1/sessions")}


def named(declared: Declared) -> str:
    return f"{declared.method} {declared.path}"


def test_every_route_of_the_app_declares_its_permission() -> None:
    routes = routed_app().routes
    assert len(routes) == len(DECLARED) > 10
    for route in routes:
        assert isinstance(route, Route), f"{route} was not made by Routes and so is behind no door"
        assert isinstance(route.declared.permission, Permission)


def test_a_route_that_came_in_by_another_way_would_be_seen() -> None:
    app = routed_app()
    app.add_api_route("/open", lambda: None)
    assert any(isinstance(route, APIRoute) and not isinstance(route, Route) for route in app.routes)


def test_only_these_routes_are_public() -> None:
    found = {(declared.method, declared.path) for declared in DECLARED if declared.permission is Permission.PUBLIC}
    assert found == PUBLIC


def test_no_route_is_declared_twice() -> None:
    seen = [(declared.method, re.sub(r"{\w+}", "{}", declared.path)) for declared in DECLARED]
    assert len(seen) == len(set(seen))
    names = [declared.endpoint.__name__ for declared in DECLARED]
    assert len(names) == len(set(names))


def test_the_document_tells_each_routes_permission() -> None:
    document = routed_app().openapi()
    for declared in DECLARED:
        operation = document["paths"][declared.path][declared.method.lower()]
        assert operation["x-permission"] == declared.permission
        assert bool(operation["security"]) is (declared.permission is not Permission.PUBLIC)


async def knock(browser: httpx.AsyncClient, declared: Declared) -> httpx.Response:
    """Calls a route with nothing in its hands: what matters is whether the door opens."""
    path = re.sub(r"{\w+}", "1", declared.path)
    return await browser.request(declared.method, path, headers={"X-CSRF-Token": "wrong"})


@pytest.mark.parametrize("declared", BEHIND_THE_DOOR, ids=named)
async def test_a_stranger_is_let_in_nowhere(web: Web, declared: Declared) -> None:
    answer = await knock(web.new_client(), declared)
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_signed_in"


async def test_every_role_is_let_in_where_it_may_and_nowhere_else(web: Web) -> None:
    """A wrong CSRF token keeps what is allowed from being done: the door asks for it only after the permission."""
    wrong: list[str] = []
    for role in Role:
        browser = await web.signed_in_as(role)
        for declared in BEHIND_THE_DOOR:
            refused = "permission_missing" in (await knock(browser, declared)).text
            if refused is (declared.permission in ROLES[role]):
                wrong.append(f"{role}: {named(declared)}")
    assert not wrong


async def test_a_role_nobody_knows_may_nothing(web: Web) -> None:
    account = await web.account("wang")
    await web.store._pool.one_trip(web.tenant.id, b"UPDATE account SET roles = '{king}'", ())
    browser = web.new_client()
    answer = await browser.post("/api/v1/sessions", json={"login": account.login, "password": PASSWORD})
    assert answer.json()["permissions"] == []
    assert (await browser.get("/api/v1/sessions/current")).status_code == 403


def test_roles_hold_what_their_work_needs_and_not_more() -> None:
    assert set(ROLES) == set(Role)
    assert all(Permission.SELF in granted for granted in ROLES.values())
    acting = {role for role in Role if Permission.CASES_ACT in ROLES[role]}
    assert acting == set(Role) - {Role.AUDITOR, Role.MACHINE}
    assert {role for role in Role if Permission.ACCOUNTS_MANAGE in ROLES[role]} == {Role.ADMINISTRATOR}
    assert not {Permission.CASES_REPORT, Permission.PLANT_EDIT} & ROLES[Role.AUDITOR]


def test_several_roles_add_up_and_a_token_is_never_more_than_its_account() -> None:
    both = permissions_of(["worker", "auditor", "unheard of"])
    assert both == ROLES["worker"] | ROLES["auditor"]
    by_token = permissions_of(["administrator"], by_token=True)
    assert by_token == ROLES["administrator"] - BY_SESSION_ONLY
    assert may(frozenset(), Permission.PUBLIC)
    assert not may(frozenset(), Permission.SELF)


def test_what_is_seen_of_the_cases() -> None:
    me, other, team = PersonId("p-1"), PersonId("p-2"), TeamId("t-1")
    officer = sight(permissions_of(["safety_officer"]), me, None)
    worker = sight(permissions_of(["worker"]), me, team)
    nobody = sight(frozenset(), me, team)
    machine = sight(permissions_of(["machine"]), None, None)
    assert officer.sees([], [])
    assert worker.sees([me], [])
    assert worker.sees([other], [team])
    assert not worker.sees([other], [TeamId("t-2")])
    assert not nobody.sees([me], [team])
    assert not machine.sees([other], [team])


def test_the_documentation_tells_the_same() -> None:
    page = (Path(__file__).parents[2] / "docs/reference/api.md").read_text(encoding="utf-8")
    head, *rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in page.split("## Who may")[1].splitlines()
        if "|" in line
    ]
    told = {row[0].strip("`"): {role for role, said in zip(head[1:], row[1:], strict=True) if said} for row in rows[1:]}
    known = set(Permission) - {Permission.PUBLIC}
    assert told == {permission.value: {role for role in Role if permission in ROLES[role]} for permission in known}
