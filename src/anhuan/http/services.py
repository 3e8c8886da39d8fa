"""What the web API needs of the house: use cases, made elsewhere, and a few plain values."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from msgspec import Struct

from anhuan.app.accounts import Accounts
from anhuan.app.briefings import Briefings
from anhuan.app.case_pages import CasePages
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
from anhuan.app.register import Register
from anhuan.app.reports.desk import ReportDesk
from anhuan.app.reports.files import ReportFiles
from anhuan.app.setup import PlantEditor
from anhuan.app.snapshot import Snapshots
from anhuan.app.statistics import Statistics
from anhuan.domain.ids import PersonId, TenantId
from anhuan.ports.clock import Clock
from anhuan.ports.imports import WorkbookReader
from anhuan.ports.ledger import LedgerReading
from anhuan.ports.pack_archives import PackArchives
from anhuan.ports.plant_sheets import PlantSheets
from anhuan.ports.plants import PlantStore
from anhuan.ports.secrets import Secrets


class PersonBrief(Struct, frozen=True):
    """A person of the plant as pages name them."""

    id: PersonId
    name: str
    team: str | None = None
    """The name of their team."""


class Health(Struct, frozen=True):
    """Whether a report can be taken now, and if not, why: part -> what is wrong with it."""

    faults: Mapping[str, str] = {}


@dataclass(frozen=True, kw_only=True)
class Services:
    """One per process; nothing of it changes while it runs."""

    identity: Identity
    accounts: Accounts
    person: Callable[[TenantId, PersonId], Awaitable[PersonBrief | None]]
    """Looks a person up in the plant."""
    clock: Clock
    snapshots: Snapshots
    handler: CaseHandler
    case_pages: CasePages
    register: Register
    statistics: Statistics
    feed: Feed
    reports: ReportDesk
    report_files: ReportFiles
    briefings: Briefings
    files: Files
    papers: PaperDesk
    forensics: Forensics
    floor_plans: FloorPlans
    imports: Imports
    editor: PlantEditor
    plants: PlantStore
    plant_sheets: PlantSheets
    workbooks: WorkbookReader
    pack_archives: PackArchives
    live: Live
    ledger: LedgerReading
    proofs: LedgerProofs
    secrets: Secrets
    health: Callable[[], Awaitable[Health]]
    """Looks whether a report can be taken; quick, as it is asked often."""
    pages: Path | None = None
    """The folder of the built console; None: only the API is served."""
    public_url: str | None = None
    """Scheme and host that browsers use, where a proxy in front changes them; None: as the request says."""
