"""Photos inspected and rendered by a few confined processes that live on, so that one costs its decoding and no start.

One that dies is replaced, after which the upload gets one more; then that upload alone is refused, with a code that
says so. A process is retired after some hundreds of uploads, so that nothing an upload left behind lives long.
"""

import asyncio
import hashlib
from typing import cast, get_args

import msgspec

from anhuan.connectors.confined.pool import Bounds, ChildBusy, ChildDied, ChildHung, ConfinedPool
from anhuan.connectors.photos.sniff import Format, names_format, sniff
from anhuan.connectors.photos.wire import (
    FRAME_BYTES_MAX,
    Answer,
    CodesRead,
    Compare,
    Compared,
    Inspect,
    Inspected,
    Limits,
    ReadCodes,
    Refused,
    Render,
    Rendered,
    Task,
    encode,
    read_answer,
)
from anhuan.domain.evidence import EvidenceKind, Sha256
from anhuan.ports.photos import Faces, Inspection, Likeness, PhotoRefused, ProblemCode, Rendition, Watermark


class PhotoWorkers:
    """`ports.photos.Photos` by processes. Belongs to one event loop; `close` it in the same."""

    def __init__(
        self,
        *,
        processes: int = 2,
        limits: Limits | None = None,
        answer_s_max: float = 30.0,
        wait_s_max: float = 20.0,
        start_s_max: float = 60.0,
        uploads_per_process: int = 500,
    ) -> None:
        """`answer_s_max` bounds one upload, `wait_s_max` the wait for an idle process, `start_s_max` its start."""
        self._limits = limits or Limits()
        self._pool = ConfinedPool(
            "anhuan.connectors.photos.worker",
            msgspec.json.encode(self._limits).decode(),
            processes=processes,
            bounds=Bounds(
                answer_bytes_max=FRAME_BYTES_MAX,
                answer_s_max=answer_s_max,
                wait_s_max=wait_s_max,
                start_s_max=start_s_max,
            ),
            questions_per_process=uploads_per_process,
            tries=2,
        )

    async def inspect(self, data: bytes, *, kind: EvidenceKind, file_name: str = "") -> Inspection:
        """See `Photos.inspect`."""
        found = self._admitted(data, kind)
        sha256 = Sha256(await asyncio.to_thread(lambda: hashlib.sha256(data).hexdigest()))
        matches = names_format(file_name, found)
        if found == "application/pdf":
            return Inspection(sha256=sha256, size_bytes=len(data), media_type=found, extension_matches=matches)
        answer = await self._ask(Inspect(data=data))
        if not isinstance(answer, Inspected):
            raise PhotoRefused("photo_inspection_failed")
        return Inspection(
            sha256=sha256,
            size_bytes=len(data),
            media_type=answer.media_type,
            extension_matches=matches,
            width_px=answer.width_px,
            height_px=answer.height_px,
            exif=answer.exif,
            prints=answer.prints,
        )

    async def render(self, data: bytes, watermark: Watermark | None, *, faces: Faces = "as_taken") -> Rendition:
        """See `Photos.render`."""
        self._admitted(data, "photo")
        answer = await self._ask(Render(data=data, watermark=watermark, faces=faces))
        if not isinstance(answer, Rendered):
            raise PhotoRefused("photo_inspection_failed")
        return Rendition(
            served=answer.served,
            thumbnail=answer.thumbnail,
            width_px=answer.width_px,
            height_px=answer.height_px,
            faces_blurred=answer.faces_blurred,
        )

    async def codes(self, data: bytes) -> tuple[str, ...]:
        """See `Photos.codes`."""
        self._admitted(data, "photo")
        answer = await self._ask(ReadCodes(data=data))
        if not isinstance(answer, CodesRead):
            raise PhotoRefused("photo_inspection_failed")
        return answer.texts

    async def compare(self, one: bytes, other: bytes) -> Likeness:
        """See `Photos.compare`."""
        for data in (one, other):
            self._admitted(data, "photo")
        answer = await self._ask(Compare(one=one, other=other))
        if not isinstance(answer, Compared):
            raise PhotoRefused("photo_inspection_failed")
        return answer.likeness

    async def close(self) -> None:
        """End all processes; who still waits for one is refused."""
        await self._pool.close()

    def _admitted(self, data: bytes, kind: EvidenceKind) -> Format:
        """What the first bytes say, or a refusal that needs no decoder."""
        if not data:
            raise PhotoRefused("upload_empty")
        if len(data) > self._limits.size_bytes_max:
            sizes: dict[str, str | int] = {"size_bytes": len(data), "size_bytes_max": self._limits.size_bytes_max}
            raise PhotoRefused("photo_too_large", sizes)
        found = sniff(data)
        if found == "image/heic":
            raise PhotoRefused("photo_format_heic")
        if found is None:
            raise PhotoRefused("photo_format_not_allowed")
        if found == "application/pdf" and kind not in ("scan", "document"):
            raise PhotoRefused("photo_is_document")
        return found

    async def _ask(self, task: Task) -> Answer:
        try:
            answer = read_answer(await self._pool.ask(encode(task)))
        except ChildBusy:
            raise PhotoRefused("photo_busy") from None
        except ChildHung:
            raise PhotoRefused("photo_inspection_timed_out") from None
        except (ChildDied, msgspec.MsgspecError):
            raise PhotoRefused("photo_inspection_failed") from None
        if isinstance(answer, Refused):
            known = answer.code in get_args(ProblemCode)
            raise PhotoRefused(cast(ProblemCode, answer.code) if known else "photo_inspection_failed", answer.params)
        return answer
