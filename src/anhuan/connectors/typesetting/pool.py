"""Papers typeset by a confined process that lives on, so that a sheet costs its typesetting and no start.

The engine is fast and native: it runs beside the server's event loop, never in it, and one that does not come to an end
is killed, which a thread could not be. A process is retired after some hundreds of sheets, since its cache only grows.
"""

import logging

import msgspec

from anhuan.connectors.confined.pool import Bounds, ChildBusy, ChildDied, ChildHung, ConfinedPool
from anhuan.connectors.typesetting.worker import Drawing, Limits, Made, read_answer
from anhuan.ports.floor_plans import DrawingRefused
from anhuan.ports.papers import PaperNotMade, Sheet

logger = logging.getLogger(__name__)

PDF_BYTES_MAX = 128 * 1024 * 1024
SVG_BYTES_MAX = 4 * 1024 * 1024


class Typesetters:
    """`ports.papers.Typesetter` and `ports.floor_plans.Drawings` by processes.

    Belongs to one event loop; `close` it in the same.
    """

    def __init__(
        self,
        *,
        processes: int = 1,
        limits: Limits | None = None,
        answer_s_max: float = 30.0,
        wait_s_max: float = 30.0,
        start_s_max: float = 60.0,
        sheets_per_process: int = 200,
    ) -> None:
        """`answer_s_max` bounds one sheet, `wait_s_max` the wait for an idle process, `start_s_max` its start."""
        self._pool = ConfinedPool(
            "anhuan.connectors.typesetting.worker",
            msgspec.json.encode(limits or Limits()).decode(),
            processes=processes,
            bounds=Bounds(
                answer_bytes_max=PDF_BYTES_MAX,
                answer_s_max=answer_s_max,
                wait_s_max=wait_s_max,
                start_s_max=start_s_max,
            ),
            questions_per_process=sheets_per_process,
            tries=2,
        )

    async def typeset(self, sheet: Sheet) -> bytes:
        """See `Typesetter.typeset`."""
        try:
            answer = read_answer(await self._pool.ask(msgspec.msgpack.encode(sheet)))
        except ChildBusy:
            raise PaperNotMade("paper_busy") from None
        except ChildHung:
            raise PaperNotMade("paper_timed_out") from None
        except (ChildDied, msgspec.MsgspecError):
            raise PaperNotMade("paper_failed") from None
        if not isinstance(answer, Made):
            logger.error("a paper was not typeset: %s", answer.why)
            raise PaperNotMade("paper_failed")
        return answer.data

    async def draw(self, svg: bytes) -> bytes:
        """See `ports.floor_plans.Drawings.draw`."""
        if len(svg) > SVG_BYTES_MAX:
            raise DrawingRefused("drawing_too_large")
        try:
            answer = read_answer(await self._pool.ask(msgspec.msgpack.encode(Drawing(svg=svg))))
        except ChildBusy:
            raise DrawingRefused("drawing_busy") from None
        except (ChildHung, ChildDied, msgspec.MsgspecError):
            raise DrawingRefused("drawing_unreadable") from None
        if not isinstance(answer, Made):
            logger.info("a drawing was not taken: %s", answer.why)
            raise DrawingRefused("drawing_unreadable")
        return answer.data

    async def close(self) -> None:
        """End the processes; who still waits for one is told that none is free."""
        await self._pool.close()
