"""The demo plant: an auto-parts plant with people who can sign in, so that the whole loop can be walked at once."""

import json
import os
import secrets
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import typer
from msgspec import structs

from anhuan import resources
from anhuan.app.accounts import state_of
from anhuan.bootstrap import House, new_id
from anhuan.cli.example_registers import import_examples
from anhuan.cli.tenants import new_tenant
from anhuan.cli.which_tenant import DEMO_SLUG
from anhuan.connectors.plant_files import read_folder
from anhuan.core.account.changes import creation
from anhuan.core.account.events import INSTALLATION
from anhuan.domain.ids import AccountId, PersonId, TenantId
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import FloorPlan, Person, PlantItem, Team
from anhuan.ports.identity import Account
from anhuan.settings import Settings

app = typer.Typer(no_args_is_help=True, help="The demo plant.")

NAME = "示例汽车零部件有限公司"
FILE = "demo-accounts.json"
_SHOWN = (
    ("safety_officer", "安全员 safety officer"),
    ("area_owner", "属地主管 area owner"),
    ("equipment_engineer", "设备工程师 equipment engineer"),
    ("electrician_on_duty", "值班电工 electrician"),
    ("team_leader", "班长 team leader"),
    ("safety_head", "安全部长 safety head"),
    ("principal", "总经理 principal"),
)

_AREA = "area-press"
"""Where the tutorial goes: of a post that is held per area, its holder there is shown."""


def accounts_file(settings: Settings) -> Path:
    """Where the demo's log-ins are kept, readable by their owner alone."""
    return settings.data / FILE


async def is_wanted(house: House) -> bool:
    """A demo is for an installation without a real plant: empty, or with a demo whose set-up was cut short."""
    tenants = [await house.identity_store.tenant(tenant) for tenant in await house.due.tenants()]
    return all(tenant is None or tenant.slug.partition("-")[0] == DEMO_SLUG for tenant in tenants)


async def set_up_demo(house: House, settings: Settings) -> None:
    """The demo plant with an account for everybody in it. The log-ins are written last, so a set-up that was cut
    short is begun again under another name."""
    examples = resources.path("examples")
    folder = examples / "plant"
    items = read_folder(folder, examples / "calendars" / "cn.yaml").items
    plant = Plant(items)
    tenant = await new_tenant(house, slug=DEMO_SLUG, name=NAME, language="zh", time_zone="Asia/Shanghai")
    await house.editor.edit(tenant.id, None, put=[await _with_picture(house, tenant.id, folder, one) for one in items])
    password = secrets.token_urlsafe(9)
    administrator = next(iter(_holders(plant, "safety_officer")))
    logins: list[tuple[str, PersonId, tuple[str, ...]]] = [
        ("admin", administrator, ("administrator", "safety_officer"))
    ]
    logins += [(person.number, person.id, _roles(plant, person)) for person in plant.every(Person).values()]
    hashed = await house.passwords.hash(password)
    for login, person, roles in logins:
        account = Account(
            tenant=tenant.id,
            id=AccountId(new_id()),
            login=login,
            password_hash=hashed,
            person=PersonId(person),
            roles=roles,
            is_demo=True,
            created_at=house.clock(),
        )
        await house.identity_store.add_account(account, creation(state_of(account), INSTALLATION))
    await import_examples(house, tenant.id)
    listed = [
        {"login": login, "password": password, "name": plant.name_of(PersonId(person)), "roles": list(roles)}
        for login, person, roles in logins
    ]
    _write_privately(accounts_file(settings), json.dumps(listed, ensure_ascii=False, indent=1))


async def _with_picture(house: House, tenant: TenantId, folder: Path, item: PlantItem) -> PlantItem:
    """A floor plan with the drawing that lies beside it; whatever else as it is."""
    drawing = folder / f"{item.id}.svg"
    if not isinstance(item, FloorPlan) or not drawing.exists():
        return item
    picture = await house.floor_plans.take(tenant, drawing.read_bytes(), None)
    return structs.replace(item, picture=picture.sha256)


def _holders(plant: Plant, post: str, area: str | None = None) -> list[PersonId]:
    """Who holds a post; in an area, or wherever it is."""
    held = [holding for person in plant.every(Person).values() for holding in plant.posts_of(person.id)]
    return [one.person for one in held if one.post == post and area in (None, one.area)]


def _roles(plant: Plant, person: Person) -> tuple[str, ...]:
    """What somebody may do in the system, by what they are in the plant."""
    posts = {holding.post for holding in plant.posts_of(person.id)}
    if posts & {"principal", "deputy_general_manager"}:
        return ("manager",)
    if person.team == "safety_department" or posts & {"safety_officer", "safety_head"}:
        return ("safety_officer",)
    leads = any(team.leader == person.id for team in plant.every(Team).values())
    return ("team_leader",) if leads or posts & {"area_owner", "team_leader", "workshop_director"} else ("worker",)


def _write_privately(path: Path, text: str) -> None:
    scratch = path.with_suffix(".tmp")
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)


def read_accounts(settings: Settings) -> list[dict[str, object]]:
    """The demo's log-ins; empty when there is no demo."""
    path = accounts_file(settings)
    return list(json.loads(path.read_text("utf-8"))) if path.exists() else []


def greeting(settings: Settings, address: str) -> str:
    """What `anhuan run` tells a newcomer: where to go and how to sign in."""
    accounts = read_accounts(settings)
    if not accounts:
        return f"\n  Anhuan 安环  {address}\n"
    examples = resources.path("examples")
    plant = Plant(read_folder(examples / "plant").items)
    by_name = {str(account["name"]): str(account["login"]) for account in accounts[1:]}
    lines = [f"    {'admin':<8} 管理员 administrator"]
    for post, title in _SHOWN:
        person = next(iter([*_holders(plant, post, _AREA), *_holders(plant, post)]), None)
        if person and (login := by_name.get(plant.name_of(person))):
            lines.append(f"    {login:<8} {title}: {plant.name_of(person)}")
    everybody = "    (all 150: .venv/bin/anhuan demo accounts)"
    return "\n".join(
        ["", f"  Anhuan 安环  {address}", f"  password 密码 for all: {accounts[0]['password']}", *lines, everybody, ""]
    )


@app.command("accounts")
def accounts(as_json: bool = typer.Option(False, "--json", help="As JSON, an administrator first.")) -> None:
    """The demo plant's log-ins."""
    found = read_accounts(Settings.from_environment())
    if not found:
        typer.echo("There is no demo plant here; `make run` sets one up.", err=True)
        raise typer.Exit(1)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    for account in found:
        roles = ", ".join(map(str, account["roles"])) if isinstance(account["roles"], list) else ""
        typer.echo(f"{account['login']:<10} {account['password']}  {account['name']}  {roles}")


@app.command("owing")
def owing(number: str = typer.Argument(help="The case's number.")) -> None:
    """Who of the demo plant's people owes something of a case.

    Who is drawn to check it blind is told to nobody else, so each is signed in and asked for their own tasks.
    """
    settings = Settings.from_environment()
    found = False
    for account in read_accounts(settings)[1:]:
        try:
            owed = _owed(f"http://{settings.host}:{settings.port}/api/v1", account, number)
        except urllib.error.URLError as error:
            typer.echo(f"Anhuan does not answer ({error}): start it with `make run`, PORT as it was there.", err=True)
            raise typer.Exit(1) from None
        for duty in owed:
            found = True
            typer.echo(f"{account['login']:<10} {account['name']}  {duty['name']}")
    if not found:
        typer.echo(f"Nobody owes anything of {number}: it is closed, or its number is another.", err=True)
        raise typer.Exit(1)


def _owed(api: str, account: dict[str, object], number: str) -> list[dict[str, Any]]:
    """The duties of a case among somebody's own tasks. Raises urllib.error.URLError."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    who = json.dumps({"login": account["login"], "password": account["password"]}).encode()
    asked = urllib.request.Request(f"{api}/sessions", who, {"Content-Type": "application/json"})
    browser.open(asked, timeout=30).close()
    with browser.open(f"{api}/tasks?scope=mine&limit=200", timeout=30) as answer:
        tasks = json.load(answer)["items"]
    return [task["duty"] for task in tasks if task["case"]["number"] == number]
