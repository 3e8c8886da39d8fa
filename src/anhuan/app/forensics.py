"""Photos of a case held against all that the plant has: used before, and showing the same place before and after.

The index says which pictures are worth comparing; each pair is compared once, in the confined process, and kept. A
verdict has three values and decides nothing: it is shown to whoever verifies, with what it rests on. Whoever checks
blind learns that and when a photo was used before, and of no case, for its page would name who acted. Whoever may not
see the other case learns only that it is another's.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from anhuan.app.case_pages import CasePages
from anhuan.app.photo_backlog import STRETCH
from anhuan.app.view.forensics import PhotoFinding, PhotoFindings, PlacePair, RepeatView
from anhuan.app.view.page import Looked
from anhuan.app.view.proofs import FILES
from anhuan.app.view.shapes import CaseBrief
from anhuan.app.viewing import Viewer
from anhuan.core.case.events import Proof
from anhuan.core.case.outcome import Reason
from anhuan.domain.evidence import Evidence, Sha256
from anhuan.domain.ids import CaseId, TenantId
from anhuan.ports.forensics import PhotoPrints, PhotoUse
from anhuan.ports.objects import ObjectDamaged, ObjectMissing, Objects
from anhuan.ports.photos import Likeness, PhotoRefused, Photos

CANDIDATES_MAX = 6
"""Of one photo; the likeliest are compared."""
PHOTOS_MAX = 40
"""Of one case."""
PAIRS_MAX = 12
"""Before and after, of one duty."""
PATIENCE_S = 6.0
"""After this no comparison is begun any more: who looks gets what there is, and the rest when they look again."""
IDENTICAL = Likeness(reuse="same", agreeing=1.0, overlap=1.0, place="cannot_tell", inliers=0, corners=0)
"""What is said of one file used twice."""


@dataclass
class _Look:
    """One look at one case."""

    viewer: Viewer
    looked: Looked
    until_s: float
    """By the event loop's clock."""
    is_complete: bool = True

    @property
    def tenant(self) -> TenantId:
        return self.viewer.tenant

    @property
    def case(self) -> CaseId:
        return self.looked.whole.id


@dataclass(frozen=True)
class _Repeat:
    likeness: Likeness
    use: PhotoUse


class Forensics:
    """Looks at photos of cases; one per process."""

    def __init__(self, *, prints: PhotoPrints, objects: Objects, photos: Photos, pages: CasePages) -> None:
        self._prints = prints
        self._objects = objects
        self._photos = photos
        self._pages = pages
        self._turn = asyncio.Semaphore(1)
        """One comparison at a time: the other processes are there for uploads."""

    async def of_case(self, viewer: Viewer, case_id: CaseId) -> PhotoFindings:
        """What is found about the photos of a case as the viewer may know it. Raises CaseUnknown."""
        looked = await self._pages.look(viewer, await self._pages.seen(viewer, case_id))
        while await self._prints.read_uses(viewer.tenant, STRETCH) == STRETCH:
            pass
        look = _Look(viewer, looked, asyncio.get_running_loop().time() + PATIENCE_S)
        pairs = [pair for duty in looked.shown.duties.values() for pair in _pairs(looked, duty.no)]
        places = await asyncio.gather(*(self._place(look, *pair) for pair in pairs))
        photos = _photos(looked)[:PHOTOS_MAX]
        own = await self._prints.uses(look.tenant, {proof.evidence.sha256 for proof in photos})
        looked_at = await self._prints.failures(look.tenant, {proof.evidence.sha256 for proof in photos})
        befores = {after.sha256: before.sha256 for _, before, after in pairs}
        repeats = await asyncio.gather(
            *(self._repeats(look, proof, own, befores.get(proof.evidence.sha256)) for proof in photos)
        )
        briefs = await self._pages.briefs(viewer, {found.use.case for one in repeats for found in one} - {look.case})
        findings = [
            _finding(
                look, proof, looked_at, [_repeat_view(look, repeat, briefs.get(repeat.use.case)) for repeat in found]
            )
            for proof, found in zip(photos, repeats, strict=True)
        ]
        return PhotoFindings(photos=findings, pairs=list(places), complete=look.is_complete)

    async def _place(self, look: _Look, duty: int, before: Evidence, after: Evidence) -> PlacePair:
        likeness = await self._likeness(look, before.sha256, after.sha256)
        is_known = likeness is not None and likeness is not IDENTICAL
        return PlacePair(
            duty=duty,
            before=before.sha256,
            after=after.sha256,
            verdict=likeness.place if likeness else "cannot_tell",
            inliers=likeness.inliers if likeness and is_known else None,
            corners=likeness.corners if likeness and is_known else None,
        )

    async def _repeats(
        self, look: _Look, proof: Proof, own: Sequence[PhotoUse], before: Sha256 | None
    ) -> list[_Repeat]:
        """Earlier uses of what the photo repeats: of each picture, the first in each other case, or in this one."""
        sha256 = proof.evidence.sha256
        here = next((use for use in own if (use.sha256, use.case, use.slot) == (sha256, look.case, proof.slot)), None)
        likely = [sha256, *await self._prints.candidates(look.tenant, sha256, CANDIDATES_MAX)]
        if before is not None and before not in likely:
            likely.append(before)
        uses = await self._prints.uses(look.tenant, likely)
        earlier = [use for use in uses if _is_earlier(use, here, look.case, is_after=before is not None)]
        found = []
        for candidate in likely:
            its = {use.case: use for use in reversed(earlier) if use.sha256 == candidate}
            likeness = await self._likeness(look, candidate, sha256) if its else None
            if likeness is not None and likeness.reuse != "different":
                found += [_Repeat(likeness, use) for use in its.values()]
        return sorted(found, key=lambda repeat: (repeat.likeness.reuse != "same", repeat.use.at))

    async def _likeness(self, look: _Look, one: Sha256, other: Sha256) -> Likeness | None:
        """How alike two pictures are, compared when it is asked first; None: that cannot be said (now)."""
        if one == other:
            return IDENTICAL
        kept = await self._prints.likeness(look.tenant, one, other)
        if kept is not None:
            return kept
        async with self._turn:
            if asyncio.get_running_loop().time() >= look.until_s:
                look.is_complete = False
                return None
            return await self._compared(look, one, other)

    async def _compared(self, look: _Look, one: Sha256, other: Sha256) -> Likeness | None:
        try:
            data = await self._objects.get(look.tenant, one), await self._objects.get(look.tenant, other)
            likeness = await self._photos.compare(*data)
        except (ObjectMissing, ObjectDamaged):
            return None
        except PhotoRefused as refused:
            look.is_complete = look.is_complete and refused.code != "photo_busy"
            return None
        await self._prints.keep_likeness(look.tenant, one, other, likeness)
        return likeness


def _photos(looked: Looked) -> list[Proof]:
    """The photos of a case as it is shown, each in each slot once, and whatever stands where photos are compared."""
    compared = {slot for duty in looked.shown.duties.values() for slot in _compared_slots(looked, duty.no)}
    photos = {
        (proof.evidence.sha256, proof.slot): proof
        for proof in looked.shown.every_proof()
        if proof.evidence.media_type.startswith("image/") and (proof.evidence.kind == "photo" or proof.slot in compared)
    }
    return list(photos.values())


def _compared_slots(looked: Looked, no: int) -> tuple[str, ...]:
    duty = next(duty for duty in looked.whole.duties.values() if duty.no == no)
    spec = looked.lens.kind.duty(duty.stage, duty.key)
    return spec.compare if spec is not None and spec.compare is not None else ()


def _pairs(looked: Looked, no: int) -> Iterable[tuple[int, Evidence, Evidence]]:
    """Every photo before with every one after, of a duty whose photos are compared."""
    slots = _compared_slots(looked, no)
    if not slots:
        return []
    proofs = next(duty for duty in looked.shown.duties.values() if duty.no == no).proofs
    before, after = (
        [p.evidence for p in proofs if p.slot == slot and p.evidence.media_type.startswith("image/")] for slot in slots
    )
    return [(no, one, other) for other in after for one in before][:PAIRS_MAX]


def _is_earlier(use: PhotoUse, here: PhotoUse | None, case: CaseId, *, is_after: bool) -> bool:
    """Whether a use came before this one. Within one case only a photo after the deed may not be there already."""
    if use.case != case:
        return here is None or use.at < here.at
    if not is_after or here is None or use == here:
        return False
    return use.version < here.version or (use.version == here.version and use.slot != here.slot)


def _finding(
    look: _Look, proof: Proof, looked_at: Mapping[Sha256, str | None], repeats: list[RepeatView]
) -> PhotoFinding:
    sha256 = proof.evidence.sha256
    failure = looked_at.get(sha256)
    state = "waits" if sha256 not in looked_at else "examined" if failure is None else "failed"
    why = look.looked.lens.say(Reason(failure), look.looked.lens.pack) if failure else None
    return PhotoFinding(sha256=sha256, slot=proof.slot, state=state, why=why, repeats=repeats)


def _repeat_view(look: _Look, repeat: _Repeat, brief: CaseBrief | None) -> RepeatView:
    """A repeat as far as the viewer may know of it."""
    use, likeness = repeat.use, repeat.likeness
    is_own = use.case == look.case
    is_open = is_own or (brief is not None and not look.looked.blind)
    address = f"{FILES}/{use.sha256}/thumb?case={use.case}"
    return RepeatView(
        verdict=likeness.reuse,
        ways=list(likeness.ways),
        agreeing=likeness.agreeing,
        exact=likeness is IDENTICAL,
        scope="same_case" if is_own else "other_case",
        slot=_slot_name(look, use.slot) if is_open else None,
        at=use.at if is_open or look.looked.blind else None,
        case=use.case if is_open and not is_own else None,
        number=brief.number if is_open and brief is not None else None,
        thumb_url=address if is_open else None,
    )


def _slot_name(look: _Look, slot: str) -> str:
    return look.looked.lens.pack_word(f"field.{slot}") or slot
