"""The desk where papers are issued, handed out again, and taken back signed.

A paper is typeset from the case at one version and issued at that very version, so that what stands on it is what the
ledger says of that moment. Its bytes lie in the object store under their hash. Whoever checks the case blind never gets
those bytes: the same paper is typeset for them from the blind copy of the case as it was then.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import cast

from msgspec import Struct

from anhuan.app.case_pages import CasePages
from anhuan.app.files import Files
from anhuan.app.handle import TRIES, CaseHandler, CaseUnknown, CommandRefused, VersionMismatch
from anhuan.app.papers.issued import lists_children, paper_sheet, proofs_on
from anhuan.app.papers.parts import Children, Frame
from anhuan.app.papers.whole import whole_sheet
from anhuan.app.view.blind import blind_case
from anhuan.app.view.lens import Lens
from anhuan.app.view.page import Looked, brief_view, look_at
from anhuan.app.view.papers import IssuedPaperView, PaperBack, PapersView, issued_view, papers_view, why_not
from anhuan.app.viewing import Viewer
from anhuan.core.case.commands import IssuePaper, ReturnPaper
from anhuan.core.case.events import Proof
from anhuan.core.case.evolve import fold
from anhuan.core.case.outcome import Reason
from anhuan.core.case.state import CHILD, Case, IssuedPaper
from anhuan.core.policy import Paper
from anhuan.domain.evidence import Evidence, Sha256
from anhuan.domain.ids import CaseId, PersonId
from anhuan.domain.paper_code import PaperCode, paper_code, read_paper_code
from anhuan.packs.language import PaperText
from anhuan.ports.cases import CaseStore, CommandKey, Stale
from anhuan.ports.clock import Clock
from anhuan.ports.identity import Language
from anhuan.ports.objects import Objects
from anhuan.ports.papers import Line, Typesetter
from anhuan.ports.photos import Photos


class PaperUnknown(Exception):
    """The case has no such paper."""


class Letterhead(Struct, frozen=True, kw_only=True):
    """What a paper says of where it comes from."""

    house: str
    """The enterprise's name."""
    address: str
    """Scheme and host of the pages, for the code."""


class PaperDesk:
    """Papers of all cases; one per process."""

    def __init__(
        self,
        *,
        store: CaseStore,
        pages: CasePages,
        handler: CaseHandler,
        files: Files,
        objects: Objects,
        photos: Photos,
        typesetter: Typesetter,
        clock: Clock,
    ) -> None:
        self._store = store
        self._pages = pages
        self._handler = handler
        self._files = files
        self._objects = objects
        self._photos = photos
        self._typesetter = typesetter
        self._clock = clock

    # --- reading

    async def listed(self, viewer: Viewer, case_id: CaseId) -> PapersView:
        """What may be issued and what was. Raises CaseUnknown."""
        return papers_view(await self._pages.look(viewer, await self._pages.seen(viewer, case_id)))

    async def pdf(self, viewer: Viewer, case_id: CaseId, number: str, letterhead: Letterhead) -> bytes:
        """A paper that was issued, byte for byte; for a blind check without names. Raises CaseUnknown, PaperUnknown."""
        case = await self._pages.seen(viewer, case_id)
        paper = case.papers.get(number)
        if paper is None:
            raise PaperUnknown(number)
        looked = await self._pages.look(viewer, case)
        if not looked.blind:
            return await self._objects.get(viewer.tenant, paper.sha256)
        return await self._blind_copy(viewer, looked, paper, letterhead)

    async def _blind_copy(self, viewer: Viewer, looked: Looked, paper: IssuedPaper, letterhead: Letterhead) -> bytes:
        events = await self._store.events(viewer.tenant, looked.whole.id)
        then = fold(events[: paper.version])
        lens = replace(looked.lens, language=cast(Language, paper.language), at=paper.issued_at)
        as_it_was = Looked(then, blind_case(then, looked.own, lens.plant), looked.own, lens)
        return await self._made(viewer, as_it_was, paper, letterhead)

    async def whole(self, viewer: Viewer, case_id: CaseId, letterhead: Letterhead) -> bytes:
        """The case with its history, as the viewer may see it. Raises CaseUnknown."""
        case = await self._pages.seen(viewer, case_id)
        events = await self._store.events(viewer.tenant, case_id)
        looked = await self._pages.look(viewer, case)
        linked = await self._pages.briefs(viewer, {other for _, other in case.links})
        numbers = {other: brief.number for other, brief in linked.items()}
        lens = looked.lens
        head = (
            Line(lens.word("paper.head.case"), case.number),
            Line(lens.word("paper.head.printed_at"), lens.local(self._clock())),
            Line(lens.word("paper.head.printed_by"), lens.who(viewer.person)),
        )
        frame = Frame(
            house=letterhead.house,
            title=lens.word("paper.whole", kind=lens.kind_name()),
            number=case.number,
            code=paper_code(letterhead.address, PaperCode(tenant=viewer.tenant, case=case_id, number="")),
            head=head,
        )
        jpegs = await self._files.pictures(viewer.tenant, looked, _evidence(looked.shown.every_proof()), thumbnail=True)
        return await self._typesetter.typeset(whole_sheet(looked, events, numbers, frame, jpegs))

    # --- issuing

    async def issue(
        self, viewer: Viewer, case_id: CaseId, key: str, letterhead: Letterhead, once: CommandKey | None = None
    ) -> IssuedPaperView:
        """Issue a paper; sent twice under one key it is issued once.

        Raises CaseUnknown, CommandRefused, ports.cases.KeyConflict, PaperNotMade, Stale.
        """
        number = ""
        for _ in range(TRIES):
            case = await self._pages.seen(viewer, case_id)
            if once and await self._store.used(viewer.tenant, once, self._clock(), viewer.person):
                return self._last(await self._pages.look(viewer, case), key)
            looked = await self._pages.look(viewer, case)
            spec = _may_issue(looked, key)
            number = number or await self._number(viewer, spec, looked.lens)
            paper = _draft(looked, spec, number, viewer.person)
            data = await self._made(viewer, looked, paper, letterhead)
            command = IssuePaper(
                by=viewer.person,
                paper=key,
                number=number,
                language=viewer.language,
                sha256=await self._objects.put(viewer.tenant, data),
                size_bytes=len(data),
            )
            try:
                handled = await self._handler.on(viewer.tenant, case_id, command, once, case.version)
            except VersionMismatch:
                continue  # somebody changed the case meanwhile: what was typeset is not how it stands
            return self._last(await self._pages.look(viewer, handled.case), key)
        raise Stale(viewer.tenant)

    def _last(self, looked: Looked, key: str) -> IssuedPaperView:
        return issued_view(looked, [paper for paper in looked.shown.papers.values() if paper.paper == key][-1])

    async def _number(self, viewer: Viewer, spec: Paper, lens: Lens) -> str:
        """The next number of the paper's own series, by the plant's own year: ZGTZ-2026-000001."""
        series = f"{spec.number_prefix}-{self._clock().astimezone(lens.plant.zone).year}"
        return f"{series}-{await self._store.number(viewer.tenant, series):0{spec.number_digits}d}"

    async def _made(self, viewer: Viewer, looked: Looked, paper: IssuedPaper, letterhead: Letterhead) -> bytes:
        """The PDF of a paper of the case as it is looked at."""
        text, lens = _text_of(looked, paper.paper), looked.lens
        code = PaperCode(tenant=viewer.tenant, case=looked.whole.id, number=paper.number)
        frame = Frame(
            house=letterhead.house,
            title=lens.paper(paper.paper),
            number=paper.number,
            code=paper_code(letterhead.address, code),
            head=_head(looked.shown, paper, lens, blind=looked.blind),
        )
        shown = _evidence(proofs_on(looked, text))
        jpegs = await self._files.pictures(viewer.tenant, looked, shown, thumbnail=False)
        children = await self._children(viewer, looked) if lists_children(text) else Children()
        return await self._typesetter.typeset(paper_sheet(looked, text, frame, jpegs, children))

    async def _children(self, viewer: Viewer, looked: Looked) -> Children:
        """The cases reported at this one as they were at the moment of the look, in the order of their numbers."""
        seen: list[Looked] = []
        ids = [other for relation, other in looked.whole.links if relation == CHILD]
        for child in ids:
            try:
                now = await self._pages.seen(viewer, child)
            except CaseUnknown:
                continue
            events = await self._store.events(viewer.tenant, child)
            then = fold([event for event in events if event.at <= looked.lens.at])
            lens = await self._pages.lens(viewer, now)
            seen.append(look_at(then, replace(lens, language=looked.lens.language, at=looked.lens.at)))
        ordered = sorted(seen, key=lambda child: child.shown.number)
        return Children(tuple(ordered), len(ids) - len(seen))

    # --- coming back

    async def take_back(self, viewer: Viewer, proof: Proof) -> PaperBack:
        """Put the picture of a signed paper into the case that its code names. Raises CommandRefused, PhotoRefused."""
        if not proof.evidence.media_type.startswith("image/"):
            raise CommandRefused(Reason("scan_is_no_picture", "/sha256"))
        texts = await self._photos.codes(await self._objects.get(viewer.tenant, proof.evidence.sha256))
        code = _one_code(texts)
        if code.tenant != viewer.tenant:
            raise CommandRefused(Reason("paper_of_other_plant", "/sha256"))
        unknown = Reason("paper_unknown", "/sha256", {"number": code.number})
        try:
            case = await self._pages.seen(viewer, code.case)
        except CaseUnknown:
            raise CommandRefused(unknown) from None
        if code.number not in case.papers:
            raise CommandRefused(unknown)
        if (await self._pages.look(viewer, case)).blind:
            raise CommandRefused(Reason("paper_hidden_while_blind"))
        command = ReturnPaper(by=viewer.person, number=code.number, proof=proof)
        handled = await self._handler.on(viewer.tenant, case.id, command)
        looked = await self._pages.look(viewer, handled.case)
        return PaperBack(case=brief_view(looked), paper=issued_view(looked, looked.shown.papers[code.number]))


def _one_code(texts: Iterable[str]) -> PaperCode:
    """The code of the one paper on a picture. Raises CommandRefused."""
    found = list(texts)
    if not found:
        raise CommandRefused(Reason("scan_without_code", "/sha256"))
    codes = {code for text in found if (code := read_paper_code(text))}
    if not codes:
        raise CommandRefused(Reason("scan_code_foreign", "/sha256"))
    if len(codes) > 1:
        numbers = sorted(code.number for code in codes)
        raise CommandRefused(Reason("scan_of_several", "/sha256", {"numbers": numbers}))
    return codes.pop()


def _may_issue(looked: Looked, key: str) -> Paper:
    spec = looked.lens.kind.papers.get(key)
    if spec is None:
        raise CommandRefused(Reason("paper_not_of_kind", "/paper", {"paper": key}))
    if reason := why_not(looked, spec):
        raise CommandRefused(reason)
    return spec


def _draft(looked: Looked, spec: Paper, number: str, by: PersonId | None) -> IssuedPaper:
    """The paper as it will have been issued; its bytes are not known yet."""
    return IssuedPaper(
        number=number,
        paper=spec.key,
        issued_at=looked.lens.at,
        by=by,
        language=looked.lens.language,
        sha256=Sha256(""),
        size_bytes=0,
        version=looked.whole.version,
    )


def _text_of(looked: Looked, key: str) -> PaperText:
    return looked.lens.pack.texts[looked.lens.kind.key].papers[key]


def _head(case: Case, paper: IssuedPaper, lens: Lens, *, blind: bool) -> tuple[Line, ...]:
    issued_by = lens.word("hidden") if blind else lens.who(paper.by)
    return (
        Line(lens.word("paper.head.number"), paper.number),
        Line(lens.word("paper.head.case"), case.number),
        Line(lens.word("paper.head.issued_at"), lens.local(paper.issued_at)),
        Line(lens.word("paper.head.issued_by"), issued_by),
    )


def _evidence(proofs: Iterable[Proof]) -> list[Evidence]:
    return [proof.evidence for proof in proofs]
