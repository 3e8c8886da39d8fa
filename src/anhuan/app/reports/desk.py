"""The desk where reports are put together: figures, cases of the register, photos as nameless copies.

Everything is gathered first and composed afterwards (`compose`), so that the three files of one report are made of the
same values. What leaves the house names whoever owes something, never whoever found or reported it.
"""

import asyncio
from datetime import datetime, time, timedelta

from anhuan.app.case_pages import CasePages
from anhuan.app.files import Files
from anhuan.app.papers.parts import is_photo, picture_of
from anhuan.app.projection import RISK_LEVEL
from anhuan.app.register import Asked, Register
from anhuan.app.reports.compose import meeting_report, statistics_report
from anhuan.app.reports.gathered import CaseList, Compared, Gathered, Meeting, Signer, TopCase
from anhuan.app.reports.meetings import Convened, Meetings, reviewers, signers
from anhuan.app.reports.period import Period
from anhuan.app.snapshot import Snapshot, Snapshots
from anhuan.app.statistics import Counted, KindUnknown, Statistics, kinds_of
from anhuan.app.view.lens import Lens
from anhuan.app.view.meeting import MeetingView, meeting_view
from anhuan.app.view.page import Looked
from anhuan.app.view.shapes import CaseBrief
from anhuan.app.viewing import Viewer
from anhuan.core.case.events import Proof
from anhuan.core.case.state import DutyStatus
from anhuan.core.policy import Part
from anhuan.domain.ids import CaseId
from anhuan.domain.paper_code import PaperCode, paper_code
from anhuan.ports.cases import CaseStore
from anhuan.ports.clock import Clock
from anhuan.ports.papers import PictureGroup, Pictures
from anhuan.ports.register import Sort
from anhuan.ports.reports import Report

TOP_CASES = 8
"""So many cases are looked at with photos."""
PHOTOS_EACH = 2
"""So many before, and so many after."""
PHOTO_MM = 46
"""So high is a photo at most, that several stand on a page."""
LISTED_MOST = 40
OPEN = "open"
DEFERRAL = "deferral"


class ReportDesk:
    """Puts reports together; one per process."""

    def __init__(
        self,
        *,
        store: CaseStore,
        statistics: Statistics,
        register: Register,
        pages: CasePages,
        files: Files,
        snapshots: Snapshots,
        clock: Clock,
    ) -> None:
        self._statistics = statistics
        self._register = register
        self._pages = pages
        self._files = files
        self._snapshots = snapshots
        self._clock = clock
        self._meetings = Meetings(store, pages, register)

    async def meeting(
        self, viewer: Viewer, month: Period, house: str, *, kind: str | None = None, address: str = ""
    ) -> Report:
        """The pack of the safety meeting about a month, of the kind that is reviewed. Raises KindUnknown.

        `address`: scheme and host of the pages, for the code that leads to the meeting's case; empty: no code.
        Without a meeting about that month there are no remarks and no actions.
        """
        snapshot = await self._snapshots.get(viewer.tenant)
        convened, kind = _meant(snapshot, kind)
        gathered, lens = await self._gathered(viewer, kind, month, convened)
        meeting = await self._meeting_of(viewer, month, convened)
        top = await self._top(viewer, kind, gathered.compared, lens)
        gathered = Gathered(
            compared=gathered.compared,
            overdue=gathered.overdue,
            deferred=gathered.deferred,
            signers=gathered.signers,
            top=top,
            meeting=meeting,
        )
        code = ""
        if meeting is not None and address:
            code = paper_code(address, PaperCode(tenant=viewer.tenant, case=CaseId(meeting.brief.id), number=""))
        return meeting_report(gathered, lens, house, code)

    async def statistics(self, viewer: Viewer, period: Period, house: str, *, kind: str | None = None) -> Report:
        """The statistics of a quarter or a year. Raises KindUnknown."""
        snapshot = await self._snapshots.get(viewer.tenant)
        convened, kind = _meant(snapshot, kind)
        gathered, lens = await self._gathered(viewer, kind, period, convened)
        return statistics_report(gathered, lens, house)

    async def meeting_page(self, viewer: Viewer, month: Period, kind: str | None = None) -> MeetingView:
        """The page of a month's meeting. Raises KindUnknown."""
        convened, kind = _meant(await self._snapshots.get(viewer.tenant), kind)
        named = await self._lens(viewer, convened.kind.key) if convened else None
        found = await self._meeting_of(viewer, month, convened)
        return meeting_view(month, await self._lens(viewer, kind), convened, named, found)

    async def _meeting_of(self, viewer: Viewer, month: Period, convened: Convened | None) -> Meeting | None:
        """The meeting about a month, if there is one that the viewer may see."""
        if convened is None:
            return None
        return await self._meetings.of_month(viewer, convened, month, await self._lens(viewer, convened.kind.key))

    # --- gathering

    async def _gathered(
        self, viewer: Viewer, kind: str, period: Period, convened: Convened | None
    ) -> tuple[Gathered, Lens]:
        lens = await self._lens(viewer, kind)
        compared, overdue, deferred = await asyncio.gather(
            self._compared(viewer, kind, period),
            self._listed(viewer, Asked(kind=kind, status=OPEN, overdue=True)),
            self._listed(viewer, Asked(kind=kind, status=OPEN, waits_for=DEFERRAL)),
        )
        signed: tuple[Signer, ...] = ()
        if convened is not None:
            signed = signers(convened, await self._lens(viewer, convened.kind.key))
        return Gathered(compared=compared, overdue=overdue, deferred=deferred, signers=signed), lens

    async def _lens(self, viewer: Viewer, kind: str) -> Lens:
        snapshot = await self._snapshots.get(viewer.tenant)
        pack = snapshot.pack_of(kind)
        if pack is None:
            raise KindUnknown(kind, tuple(kinds_of(snapshot)))
        return viewer.lens(snapshot.plant, pack, pack.kinds[kind], self._clock())

    async def _compared(self, viewer: Viewer, kind: str, period: Period) -> Compared:
        """The figures of the period, of the one before and of last year's; one after the other, as each takes its own
        statements side by side."""
        counted = []
        for one in dict.fromkeys((period, period.before(), period.year_before())):
            counted.append((one, await self._counted(viewer, kind, one)))
        return Compared(period=period, now=counted[0][1], others=tuple(counted[1:]))

    async def _counted(self, viewer: Viewer, kind: str, period: Period) -> Counted:
        return await self._statistics.counted(viewer, kind, period.first, period.last)

    async def _listed(self, viewer: Viewer, asked: Asked) -> CaseList:
        page = await self._register.page(viewer, asked, Sort("due_at", descending=False), LISTED_MOST, None)
        return CaseList(items=tuple(page.items), total=page.total)

    # --- the cases that are looked at

    async def _top(self, viewer: Viewer, kind: str, compared: Compared, lens: Lens) -> tuple[TopCase, ...]:
        """The worst registered in the period, those overdue first, with their photos."""
        briefs: dict[str, CaseBrief] = {}
        for asked in self._worst_first(kind, compared, lens):
            if len(briefs) < TOP_CASES:
                page = await self._register.page(viewer, asked, Sort("opened_at", descending=False), TOP_CASES, None)
                briefs |= {brief.id: brief for brief in page.items}
        chosen = list(briefs.values())[:TOP_CASES]
        pictures = await asyncio.gather(*(self._pictures(viewer, brief) for brief in chosen))
        return tuple(TopCase(brief=brief, pictures=shown) for brief, shown in zip(chosen, pictures, strict=True))

    def _worst_first(self, kind: str, compared: Compared, lens: Lens) -> list[Asked]:
        computed = lens.pack.forms[lens.kind.form].computed
        begin = datetime.combine(compared.period.first, time(), lens.plant.zone)
        end = datetime.combine(compared.period.last + timedelta(days=1), time(), lens.plant.zone)
        levels = computed[RISK_LEVEL].values if RISK_LEVEL in computed else (None,)
        return [
            Asked(kind=kind, origin="live", opened_from=begin, opened_until=end, risk_level=level, overdue=late)
            for level in levels
            for late in (True, False)
        ]

    async def _pictures(self, viewer: Viewer, brief: CaseBrief) -> Pictures | None:
        """Photos before and after, as copies that name nobody; None: the case has none."""
        looked = await self._pages.look(viewer, await self._pages.seen(viewer, CaseId(brief.id)))
        before, after = _before_and_after(looked)
        if not before and not after:
            return None
        evidence = [proof.evidence for proof in (*before, *after)]
        jpegs = await self._files.pictures(viewer.tenant, looked, evidence, thumbnail=True, nameless=True)
        lens = looked.lens

        def group(key: str, proofs: list[Proof]) -> PictureGroup:
            taken = [(proof.evidence, proof.evidence.captured_at or proof.evidence.received_at) for proof in proofs]
            pictures = (picture_of(lens, one, jpegs, lens.local(at)) for one, at in taken)
            return PictureGroup(lens.word(f"report.{key}"), tuple(pictures))

        return Pictures(
            title=f"{brief.number} {brief.title}",
            groups=(group("before", before), group("after", after)),
            none=lens.word("paper.no_photo"),
            note=lens.word("paper.faces_blurred") if any(jpegs.values()) else "",
            height_mm=PHOTO_MM,
        )


def _before_and_after(looked: Looked) -> tuple[list[Proof], list[Proof]]:
    """The photos that a duty holds against each other, as it was done last; before it was, those of the report."""
    case, kind = looked.shown, looked.lens.kind
    for duty in reversed(case.duties.values()):
        spec = kind.duty(duty.stage, duty.key)
        leads = duty.part is Part.LEAD and duty.status is DutyStatus.DISCHARGED
        if leads and spec is not None and spec.compare is not None:
            slots = [[one for one in duty.proofs if one.slot == slot and is_photo(one)] for slot in spec.compare]
            return slots[0][:PHOTOS_EACH], slots[1][:PHOTOS_EACH]
    photos = [proof for proof in case.proofs if proof.evidence.kind == "photo" and is_photo(proof)]
    return photos[:PHOTOS_EACH], []


def _meant(snapshot: Snapshot, kind: str | None) -> tuple[Convened | None, str]:
    """The meeting that looks back on a kind, and that kind: the first that any looks back on where none is named."""
    found = next((one for one in reviewers(snapshot) if kind in (None, one.reviews.kind)), None)
    if found is not None:
        return found, found.reviews.kind
    if kind is None:
        raise KindUnknown("", tuple(kinds_of(snapshot)))
    return None, kind
