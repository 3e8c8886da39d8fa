"""Puts the house together: the one place that knows which store, connector and key folder the use cases work with."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import uuid_utils
from fastapi import FastAPI
from psycopg_pool import PoolTimeout

from anhuan import resources
from anhuan.app.accounts import Accounts
from anhuan.app.briefings import Briefings
from anhuan.app.case_pages import CasePages
from anhuan.app.deliveries import Deliveries
from anhuan.app.due_dates import DueDates
from anhuan.app.expiry import Expiry
from anhuan.app.feed import Feed
from anhuan.app.files import Files
from anhuan.app.floor_plans import FloorPlans
from anhuan.app.forensics import Forensics
from anhuan.app.handle import CaseHandler
from anhuan.app.identity import Identity
from anhuan.app.imports import Imports
from anhuan.app.ledger_reading import LedgerProofs
from anhuan.app.live import Live
from anhuan.app.papers.desk import PaperDesk
from anhuan.app.passwords import Passwords
from anhuan.app.photo_backlog import PhotoBacklog
from anhuan.app.register import Register
from anhuan.app.reports.desk import ReportDesk
from anhuan.app.reports.files import ReportFiles
from anhuan.app.rounds import Rounds
from anhuan.app.sequencer import Sequencer
from anhuan.app.setup import PlantEditor
from anhuan.app.snapshot import Snapshots
from anhuan.app.statistics import Statistics
from anhuan.app.sweep import Sweep
from anhuan.connectors import excel, pack_archive, word
from anhuan.connectors.excel.confined import ConfinedReader
from anhuan.connectors.photos import PhotoWorkers
from anhuan.connectors.typesetting import Typesetters
from anhuan.connectors.webhook import HttpSender
from anhuan.domain.ids import PersonId, TenantId
from anhuan.domain.plant_items import Team
from anhuan.http.app import create_app
from anhuan.http.services import Health, PersonBrief, Services
from anhuan.ports.clock import Clock
from anhuan.ports.deliveries import Sender
from anhuan.storage.cases import PostgresCases
from anhuan.storage.deliveries import PostgresDeliveries
from anhuan.storage.due import PostgresDue
from anhuan.storage.files import PostgresFiles
from anhuan.storage.forensics import PostgresPrints
from anhuan.storage.group import GroupWriter
from anhuan.storage.identity import StoredIdentity
from anhuan.storage.imports import PostgresImports
from anhuan.storage.ledger import PostgresLedger
from anhuan.storage.live import PostgresLive
from anhuan.storage.objects import FileObjects
from anhuan.storage.plants import PostgresPlants
from anhuan.storage.pool import Pool
from anhuan.storage.register import PostgresRegister
from anhuan.storage.roles import APP, WORKER
from anhuan.storage.secrets import SecretFiles
from anhuan.storage.statistics import PostgresStatistics
from anhuan.worker.loops import Loop


def system_clock() -> datetime:
    """Now, by this machine's clock."""
    return datetime.now(UTC)


def new_id() -> str:
    """A new UUIDv7."""
    return str(uuid_utils.uuid7())


@dataclass(frozen=True, kw_only=True)
class House:
    """Everything that a process works with, connected."""

    app_pool: Pool
    worker_pool: Pool
    clock: Clock
    secrets: SecretFiles
    cases: PostgresCases
    plants: PostgresPlants
    due: PostgresDue
    snapshots: Snapshots
    handler: CaseHandler
    editor: PlantEditor
    floor_plans: FloorPlans
    sweep: Sweep
    deliveries: Deliveries
    lists: PostgresRegister
    rounds: Rounds
    due_dates: DueDates
    expiry: Expiry
    photo_backlog: PhotoBacklog
    ledger: PostgresLedger
    sequencer: Sequencer
    live: Live
    identity_store: StoredIdentity
    identity: Identity
    passwords: Passwords
    accounts: Accounts
    objects: FileObjects
    photos: PhotoWorkers
    """Its processes start with the first photo, so a worker that sees none has none."""
    typesetters: Typesetters
    """Their process starts with the first paper."""
    prints: PostgresPrints
    imports: Imports
    pages: CasePages
    register: Register
    files: Files
    statistics: Statistics
    reports: ReportDesk
    report_files: ReportFiles
    workbooks: ConfinedReader
    writer: GroupWriter


@asynccontextmanager
async def open_house(
    dsn: Callable[[str], str],
    *,
    data: Path,
    secrets: Path | None = None,
    clock: Clock = system_clock,
    pool_size: int = 8,
    sender: Sender | None = None,
) -> AsyncIterator[House]:
    """The house on a migrated database.

    `dsn` says how to connect as a role, `data` holds files, `secrets` (default: `data`/secrets) holds the keys;
    `sender` tells other systems (default: over TLS, at public addresses alone).
    """
    async with AsyncExitStack() as stack:
        app_pool = await stack.enter_async_context(await Pool.open(dsn(APP), role=APP, size_max=pool_size))
        worker_pool = await stack.enter_async_context(await Pool.open(dsn(WORKER), role=WORKER, size_max=4))
        writer = await stack.enter_async_context(GroupWriter(app_pool))
        secret_files = SecretFiles(secrets or data / "secrets")
        cases = PostgresCases(app_pool, writer, new_id)
        plants = PostgresPlants(app_pool)
        snapshots = Snapshots(plants, clock)
        handler = CaseHandler(cases, snapshots, secret_files, clock, new_id)
        editor = PlantEditor(plants, plants, snapshots, clock)
        due = PostgresDue(worker_pool, app_pool)
        ledger = PostgresLedger(worker_pool, app_pool)
        deliveries = Deliveries(
            store=PostgresDeliveries(app_pool),
            cases=cases,
            snapshots=snapshots,
            due=due,
            webhooks=secret_files,
            sender=sender or HttpSender(),
            clock=clock,
        )
        live = await stack.enter_async_context(Live(PostgresLive(app_pool, dsn(APP))))
        identity_store = StoredIdentity(app_pool)
        passwords = Passwords()
        identity = Identity(identity_store, passwords, clock)
        objects = FileObjects(data / "objects")
        photos = PhotoWorkers()
        prints = PostgresPrints(app_pool)
        stack.push_async_callback(photos.close)
        typesetters = Typesetters()
        stack.push_async_callback(typesetters.close)
        reader = ConfinedReader()
        stack.push_async_callback(reader.close)
        imports = Imports(
            store=PostgresImports(app_pool),
            objects=objects,
            registers=excel,
            reader=reader,
            handler=handler,
            snapshots=snapshots,
            clock=clock,
            new_id=new_id,
        )
        stack.push_async_callback(imports.close)
        lists = PostgresRegister(app_pool)
        pages = CasePages(cases, lists, snapshots, clock)
        register = Register(lists, pages, snapshots, excel, clock)
        files = Files(
            store=PostgresFiles(app_pool),
            objects=objects,
            photos=photos,
            prints=prints,
            pages=pages,
            snapshots=snapshots,
            clock=clock,
        )
        statistics = Statistics(PostgresStatistics(app_pool), snapshots, clock)
        yield House(
            app_pool=app_pool,
            worker_pool=worker_pool,
            clock=clock,
            secrets=secret_files,
            cases=cases,
            plants=plants,
            due=due,
            snapshots=snapshots,
            handler=handler,
            editor=editor,
            sweep=Sweep(due, handler, editor, snapshots, clock, deliveries.announce),
            deliveries=deliveries,
            lists=lists,
            floor_plans=FloorPlans(store=plants, objects=objects, photos=photos, drawings=typesetters),
            rounds=Rounds(due, handler, snapshots, clock),
            due_dates=DueDates(due, handler, snapshots, clock),
            expiry=Expiry(due, identity_store, clock),
            photo_backlog=PhotoBacklog(due, prints, objects, photos),
            ledger=ledger,
            sequencer=Sequencer(ledger, secret_files, clock),
            live=live,
            identity_store=identity_store,
            identity=identity,
            passwords=passwords,
            accounts=Accounts(identity_store, passwords, identity, clock, new_id),
            objects=objects,
            photos=photos,
            typesetters=typesetters,
            prints=prints,
            imports=imports,
            pages=pages,
            register=register,
            files=files,
            statistics=statistics,
            reports=ReportDesk(
                store=cases,
                statistics=statistics,
                register=register,
                pages=pages,
                files=files,
                snapshots=snapshots,
                clock=clock,
            ),
            report_files=ReportFiles(typesetters, word, excel),
            workbooks=reader,
            writer=writer,
        )


def worker_loops(house: House) -> list[Loop]:
    """What a worker does again and again."""
    return [
        Loop("deadlines", house.sweep.timers, pause_s=1.0),
        Loop("effects", house.sweep.effects, pause_s=0.25),
        Loop("rounds", house.rounds.raise_due, pause_s=20.0),
        Loop("due dates", house.due_dates.raise_due, pause_s=60.0),
        Loop("expiry", house.expiry.step, pause_s=60.0),
        Loop("photos", house.photo_backlog.step, pause_s=30.0),
        Loop("deliveries", house.deliveries.step, pause_s=5.0),
        Loop("ledger", house.sequencer.step, pause_s=0.25),
    ]


def web_app(house: House, *, public_url: str | None = None) -> FastAPI:
    """The API and the pages over a house."""
    pages, register, files = house.pages, house.register, house.files
    return create_app(
        Services(
            identity=house.identity,
            accounts=house.accounts,
            person=_person_of(house.snapshots),
            clock=house.clock,
            snapshots=house.snapshots,
            handler=house.handler,
            case_pages=pages,
            register=register,
            reports=house.reports,
            report_files=house.report_files,
            statistics=house.statistics,
            feed=Feed(house.lists, house.snapshots, house.clock),
            briefings=Briefings(
                store=house.lists,
                statistics=PostgresStatistics(house.app_pool),
                register=register,
                pages=pages,
                snapshots=house.snapshots,
                clock=house.clock,
            ),
            files=files,
            papers=PaperDesk(
                store=house.cases,
                pages=pages,
                handler=house.handler,
                files=files,
                objects=house.objects,
                photos=house.photos,
                typesetter=house.typesetters,
                clock=house.clock,
            ),
            forensics=Forensics(prints=house.prints, objects=house.objects, photos=house.photos, pages=pages),
            floor_plans=house.floor_plans,
            imports=house.imports,
            editor=house.editor,
            plants=house.plants,
            plant_sheets=excel,
            workbooks=house.workbooks,
            pack_archives=pack_archive,
            live=house.live,
            ledger=house.ledger,
            proofs=LedgerProofs(house.ledger),
            secrets=house.secrets,
            health=_health_of(house),
            pages=_pages(),
            public_url=public_url,
        )
    )


def _person_of(snapshots: Snapshots) -> Callable[[TenantId, PersonId], Awaitable[PersonBrief | None]]:
    async def person(tenant: TenantId, person: PersonId) -> PersonBrief | None:
        plant = (await snapshots.get(tenant)).plant
        found = plant.person(person)
        if found is None:
            return None
        team = plant.get(Team, found.team)
        return PersonBrief(found.id, found.name, team.name if team else None)

    return person


def _health_of(house: House) -> Callable[[], Awaitable[Health]]:
    async def health() -> Health:
        """A report can be taken when the database answers and its writer runs."""
        faults = {}
        try:
            async with house.app_pool.bare_connection() as connection:
                await connection.execute("SELECT 1")
        except (psycopg.Error, PoolTimeout) as error:
            faults["database"] = f"{type(error).__name__}: {error}"
        if not house.writer.runs:
            faults["writer"] = "the group writer has ended"
        return Health(faults)

    return health


def _pages() -> Path | None:
    try:
        return resources.path("web") / "console"
    except FileNotFoundError:
        return None
