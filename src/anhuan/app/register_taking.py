"""A register on its way in: each accepted row one command, many side by side, each done once."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta

from anhuan.app.handle import CaseHandler, CommandRefused, NewCase, PastCase
from anhuan.app.register_look import Look, row_key
from anhuan.domain.ids import PersonId, TenantId
from anhuan.packs.forms import IMPORT
from anhuan.ports.cases import CommandKey
from anhuan.ports.clock import Clock
from anhuan.ports.imports import Counts, Progress
from anhuan.ports.registers import Accepted, Rejected

AT_ONCE = 64
"""Rows under way at a time: while one group of the writer is on its way to disk, the next is being decided."""
SAY_EVERY = timedelta(seconds=1)

OnProgress = Callable[[Progress], Awaitable[None]]


class Taking:
    """One register on its way in."""

    def __init__(
        self,
        handler: CaseHandler,
        clock: Clock,
        tenant: TenantId,
        by: PersonId | None,
        look: Look,
        say: OnProgress,
    ) -> None:
        self._handler = handler
        self._clock = clock
        self._tenant = tenant
        self._by = by
        self._look = look
        self._say = say
        self._said_at = clock()
        self._refused: dict[int, Rejected] = {}
        planned = look.counts()
        self._counts = Counter(
            rejected=planned.rejected, duplicates=planned.duplicates, skipped=planned.skipped, accepted=0
        )

    async def all_rows(self) -> Counts:
        """Take every accepted row in that is not known yet, several side by side."""
        rows = iter([row for row in self._look.accepted() if row.row_no not in self._look.known])

        async def take_rows() -> None:
            for row in rows:
                await self._take(row)
                await self._say_now_and_then()

        takers = [asyncio.create_task(take_rows()) for _ in range(AT_ONCE)]
        try:
            await asyncio.gather(*takers)
        finally:
            for taker in takers:
                taker.cancel()
            await asyncio.gather(*takers, return_exceptions=True)
        return self._counted()

    def rejected(self) -> tuple[Rejected, ...]:
        """Rows that came back, in the order of the register."""
        came_back = [*self._look.rejected(), *self._refused.values()]
        return tuple(sorted(came_back, key=lambda row: row.row_no))

    async def _take(self, row: Accepted) -> None:
        key = row_key(self._look.kind, row)
        # The key alone says what the row is: a row that says more by now is still the one that was taken in.
        command = CommandKey(key, hashlib.sha256(key.encode()).hexdigest())
        form, live = self._look.forms[row.row_no], row.row_no in self._look.live
        try:
            if live:
                new = NewCase(
                    kind=self._look.kind,
                    form=form.form,
                    source=IMPORT,
                    finder=form.finder,
                    found_at=form.found_at,
                )
                handled = await self._handler.open(self._tenant, self._by, new, command)
            else:
                past = PastCase(
                    kind=self._look.kind,
                    form=form.form,
                    found_at=form.found_at or form.closed_at,
                    closed_at=form.closed_at,
                    finder=form.finder,
                )
                handled = await self._handler.record_history(self._tenant, self._by, past, command)
        except CommandRefused as refused:
            reasons = tuple(self._look.taking.reason(reason) for reason in refused.reasons)
            self._refused[row.row_no] = Rejected(row.row_no, row.status, reasons, row.values, row.raw)
            self._counts["rejected"] += 1
            return
        if handled.repeated:
            self._counts["duplicates"] += 1
        else:
            self._counts["accepted"] += 1
            self._counts["open" if live else "history"] += 1

    def _counted(self) -> Counts:
        return Counts(rows=len(self._look.outcomes), **self._counts)

    async def _say_now_and_then(self) -> None:
        now = self._clock()
        if now - self._said_at >= SAY_EVERY:
            self._said_at = now
            done = sum(self._counts[name] for name in ("accepted", "rejected", "duplicates", "skipped"))
            await self._say(Progress(at=now, done=done, counts=self._counted()))
