"""Files that people send: taken in, kept untouched, and shown as copies that say what they are evidence of.

The original stays as it came and is only ever handed out as an attachment. What pages show of a picture is a copy with
new pixels and a watermark: number, person, time and place, as the case that it is asked for knows them. Whoever checks
that case blind gets a copy whose watermark names nobody, and no original.

A file is seen by whoever sent it, and through a case by whoever may see the case and finds it among its files there.
That somebody knows a file's hash opens nothing, so only its senders may put it into a case (`of_sender`).
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import suppress
from weakref import WeakValueDictionary

import msgspec
from msgspec import Struct

from anhuan.app.case_pages import CasePages
from anhuan.app.snapshot import Snapshots
from anhuan.app.view.page import Looked
from anhuan.app.viewing import Viewer
from anhuan.app.watermark import case_watermark, loose_watermark
from anhuan.core.case.state import Case
from anhuan.domain.evidence import Evidence, EvidenceKind, Sha256
from anhuan.domain.ids import AccountId, CaseId, PersonId, TenantId
from anhuan.ports.clock import Clock
from anhuan.ports.files import FileStore, KeptRendition, StoredFile
from anhuan.ports.forensics import PhotoPrints
from anhuan.ports.objects import ObjectDamaged, ObjectMissing, Objects
from anhuan.ports.photos import FACES_METHOD, Faces, PhotoRefused, Photos, Watermark


class FileUnknown(Exception):
    """There is no such file, or the viewer may not know of it."""


class HashWrong(Exception):
    """The bytes are not those that the name promises; `found` is the hash of what came."""

    def __init__(self, found: Sha256) -> None:
        super().__init__(found)
        self.found = found


class BlindOriginal(Exception):
    """Whoever checks a case blind gets no originals of it."""


class Taken(Struct, frozen=True):
    """A file that is kept now."""

    file: StoredFile
    is_new: bool
    """Nobody had sent it before."""


class Copy(Struct, frozen=True):
    """A copy that may be shown: a JPEG."""

    sha256: Sha256
    """Of the copy itself."""
    data: bytes


class Original(Struct, frozen=True):
    """An original that may be handed out."""

    file: StoredFile
    pieces: AsyncIterator[bytes]


class Files:
    """Takes files in and shows them; one per process."""

    def __init__(
        self,
        *,
        store: FileStore,
        objects: Objects,
        photos: Photos,
        prints: PhotoPrints,
        pages: CasePages,
        snapshots: Snapshots,
        clock: Clock,
    ) -> None:
        self._store = store
        self._objects = objects
        self._photos = photos
        self._prints = prints
        self._pages = pages
        self._snapshots = snapshots
        self._clock = clock
        self._making: WeakValueDictionary[tuple[TenantId, Sha256, Sha256], asyncio.Lock] = WeakValueDictionary()

    async def take(
        self,
        tenant: TenantId,
        *,
        sender: AccountId,
        by: PersonId | None,
        sha256: Sha256,
        data: bytes,
        kind: EvidenceKind,
        file_name: str = "",
    ) -> Taken:
        """Keep a file; sent again it answers the same. Raises HashWrong, PhotoRefused.

        Once this returns the bytes survive a crash. A file that is known stays what it was first sent as.
        """
        found = Sha256(await asyncio.to_thread(lambda: hashlib.sha256(data).hexdigest()))
        if found != sha256:
            raise HashWrong(found)
        known = (await self._store.files(tenant, [sha256])).get(sha256)
        prints = None
        if known is None:
            inspected = await self._photos.inspect(data, kind=kind, file_name=file_name)
            prints = inspected.prints if kind != "signature" else None
            file = StoredFile(
                sha256=sha256,
                kind=kind,
                media_type=inspected.media_type,
                size_bytes=inspected.size_bytes,
                width_px=inspected.width_px,
                height_px=inspected.height_px,
                exif=inspected.exif,
                uploaded_by=by,
                uploaded_at=self._clock(),
            )
        elif kind in ("photo", "signature") and not known.media_type.startswith("image/"):
            raise PhotoRefused("photo_is_document")
        else:
            file = known
        await self._objects.put(tenant, data)
        await self._store.add(tenant, file, sender)
        if prints is not None:
            await self._prints.keep(tenant, sha256, prints)
        stored = (await self._store.files(tenant, [sha256]))[sha256]
        return Taken(stored, is_new=known is None)

    async def of_sender(
        self, tenant: TenantId, sender: AccountId, sha256s: Collection[Sha256]
    ) -> Mapping[Sha256, StoredFile]:
        """Those of the files that the account has sent itself: only they may go into a case by its hand."""
        sent = await self._store.sent(tenant, sha256s, sender)
        return await self._store.files(tenant, sent)

    async def copy(
        self, viewer: Viewer, sender: AccountId, sha256: Sha256, case: CaseId | None, *, thumbnail: bool
    ) -> Copy:
        """The copy of a picture with the watermark of the case, or of none. Raises FileUnknown, CaseUnknown.

        A file that is no picture has no copy: FileUnknown for its thumbnail; ask for its original.
        """
        file = await self._known(viewer.tenant, sha256)
        if not file.media_type.startswith("image/"):
            raise FileUnknown(sha256)
        if case is None:
            await self._sent_by(viewer.tenant, sha256, sender)
            plant = (await self._snapshots.get(viewer.tenant)).plant
            watermark = loose_watermark(file, plant, viewer.language)
        else:
            looked, evidence = await self._looked(viewer, case, sha256)
            watermark = case_watermark(looked.shown, evidence, looked.lens)
            watermark = watermark.blind() if looked.blind else watermark
        return await self._rendered(viewer.tenant, sha256, watermark, thumbnail)

    async def pictures(
        self,
        tenant: TenantId,
        looked: Looked,
        evidence: Collection[Evidence],
        *,
        thumbnail: bool,
        nameless: bool = False,
    ) -> Mapping[Sha256, bytes | None]:
        """The copies of a case's pictures with its watermark, as its viewer may see them, for what leaves the house.

        No face on them can be recognised. None: faces could not be looked for, so the photo stays inside. One whose
        bytes are lost is missing. A paper says either in its place and is issued all the same. `nameless`: the
        watermark names nobody, for what is shown to more people than work on the case. Raises PhotoRefused with
        `photo_busy` only: a moment later there is a copy.
        """
        found: dict[Sha256, bytes | None] = {}
        for piece in evidence:
            if piece.sha256 in found or not piece.media_type.startswith("image/"):
                continue
            watermark = case_watermark(looked.shown, piece, looked.lens)
            watermark = watermark.blind() if looked.blind or nameless else watermark
            with suppress(ObjectMissing, ObjectDamaged):
                found[piece.sha256] = await self._faceless(tenant, piece.sha256, watermark, thumbnail)
        return found

    async def _faceless(self, tenant: TenantId, sha256: Sha256, watermark: Watermark, thumbnail: bool) -> bytes | None:
        try:
            return (await self._rendered(tenant, sha256, watermark, thumbnail, faces="blurred")).data
        except PhotoRefused as refused:
            if refused.code == "photo_busy":
                raise
            return None

    async def original(self, viewer: Viewer, sender: AccountId, sha256: Sha256, case: CaseId | None) -> Original:
        """The bytes as they came. Raises FileUnknown, CaseUnknown, BlindOriginal, and ObjectDamaged at the end."""
        file = await self._known(viewer.tenant, sha256)
        if case is None:
            await self._sent_by(viewer.tenant, sha256, sender)
        elif (await self._looked(viewer, case, sha256))[0].blind:
            raise BlindOriginal(sha256)
        return Original(file, await self._objects.open(viewer.tenant, sha256))

    async def is_picture(self, tenant: TenantId, sha256: Sha256) -> bool:
        """Whether there is a copy to be shown. Raises FileUnknown."""
        return (await self._known(tenant, sha256)).media_type.startswith("image/")

    async def _known(self, tenant: TenantId, sha256: Sha256) -> StoredFile:
        file = (await self._store.files(tenant, [sha256])).get(sha256)
        if file is None:
            raise FileUnknown(sha256)
        return file

    async def _sent_by(self, tenant: TenantId, sha256: Sha256, sender: AccountId) -> None:
        if not await self._store.sent(tenant, [sha256], sender):
            raise FileUnknown(sha256)

    async def _looked(self, viewer: Viewer, case_id: CaseId, sha256: Sha256) -> tuple[Looked, Evidence]:
        """The case as the viewer sees it, and the file among what is shown of it."""
        looked = await self._pages.look(viewer, await self._pages.seen(viewer, case_id))
        evidence = evidence_in(looked.shown, sha256)
        if evidence is None:
            raise FileUnknown(sha256)
        return looked, evidence

    async def _rendered(
        self, tenant: TenantId, sha256: Sha256, watermark: Watermark, thumbnail: bool, *, faces: Faces = "as_taken"
    ) -> Copy:
        """The copy, made when it is asked for first, and again when its object was lost."""
        burnt = msgspec.json.encode(watermark) + (FACES_METHOD.encode() if faces == "blurred" else b"")
        mark = Sha256(hashlib.sha256(burnt).hexdigest())
        lock = self._making.setdefault((tenant, sha256, mark), asyncio.Lock())
        async with lock:
            kept = await self._store.rendition(tenant, sha256, mark)
            if kept is not None:
                try:
                    return await self._kept(tenant, kept, thumbnail)
                except (ObjectMissing, ObjectDamaged):
                    pass
            made = await self._photos.render(await self._objects.get(tenant, sha256), watermark, faces=faces)
            kept = KeptRendition(
                served=await self._objects.put(tenant, made.served),
                thumbnail=await self._objects.put(tenant, made.thumbnail),
            )
            await self._store.keep_rendition(tenant, sha256, mark, kept)
            return await self._kept(tenant, kept, thumbnail)

    async def _kept(self, tenant: TenantId, kept: KeptRendition, thumbnail: bool) -> Copy:
        name = kept.thumbnail if thumbnail else kept.served
        return Copy(name, await self._objects.get(tenant, name))


def evidence_in(case: Case, sha256: Sha256) -> Evidence | None:
    """What a case says of a file, where it first stands in it; None: the case does not have it."""
    return next((proof.evidence for proof in case.every_proof() if proof.evidence.sha256 == sha256), None)
