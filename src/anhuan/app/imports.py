"""Taking over a register that a plant kept in Excel: look at it, correct how it is read, take it in.

Every row becomes a live case or history, or comes back with its reasons; nothing is added twice, however often the
register or a corrected part of it comes, because each row is one command whose key says what the row says.
"""

import asyncio
import logging
from dataclasses import replace
from datetime import datetime, timedelta

from msgspec import structs

from anhuan.app.handle import CaseHandler
from anhuan.app.register_layout import overlaid, to_remember
from anhuan.app.register_look import Look, row_key
from anhuan.app.register_rows import RowForm, RowTaking
from anhuan.app.register_taking import OnProgress, Taking
from anhuan.app.snapshot import Snapshots
from anhuan.core.case.outcome import Reason
from anhuan.domain.ids import PersonId, TenantId
from anhuan.packs.import_words import ImportSpec
from anhuan.ports.clock import Clock, NewId
from anhuan.ports.imports import Counts, ImportRun, ImportStore, Progress, WorkbookReader
from anhuan.ports.objects import Objects
from anhuan.ports.registers import (
    Accepted,
    Context,
    Layout,
    Mapping,
    Outcome,
    Registers,
    Rejected,
    Sheet,
    Workbook,
)

log = logging.getLogger(__name__)

HEARD_OF = timedelta(seconds=60)
"""An import whose progress is older than this was given up by whoever had it."""
REJECTS_LANGUAGES = ("zh", "en")


class ImportRefused(Exception):
    """The register cannot be taken in as it is; carries the reasons."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__(", ".join(reason.code for reason in reasons))
        self.reasons = reasons


class Imports:
    """Takes registers over."""

    def __init__(
        self,
        *,
        store: ImportStore,
        objects: Objects,
        registers: Registers,
        reader: WorkbookReader,
        handler: CaseHandler,
        snapshots: Snapshots,
        clock: Clock,
        new_id: NewId,
    ) -> None:
        self.registers = registers
        self._store = store
        self._objects = objects
        self._reader = reader
        self._handler = handler
        self._snapshots = snapshots
        self._clock = clock
        self._new_id = new_id
        self._running: dict[str, asyncio.Task[ImportRun]] = {}

    async def close(self) -> None:
        """Stop what is under way; it goes on when it is asked for again."""
        running = list(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    # --- looking

    async def kinds(self, tenant: TenantId) -> list[str]:
        """The kinds whose registers can be taken over."""
        packs = (await self._snapshots.get(tenant)).packs
        return sorted(kind for pack in packs.values() for kind in pack.imports)

    async def look(self, tenant: TenantId, kind: str, data: bytes, said: Mapping | None = None) -> Look:
        """How a file would be taken in; nothing is stored. Raises ImportRefused, WorkbookRefused."""
        await self._spec(tenant, kind)
        return await self._look(tenant, kind, await self._reader.read_workbook(data), said or Mapping())

    async def keep(
        self,
        tenant: TenantId,
        by: PersonId | None,
        look: Look,
        data: bytes,
        file_name: str,
        id: str | None = None,
    ) -> ImportRun:
        """Keep a file that was looked at, to be corrected and taken in. `id`: None gives a new one."""
        run = ImportRun(
            id=id or self._new_id(),
            kind=look.kind,
            file_name=file_name,
            sha256=await self._objects.put(tenant, data),
            layout=look.layout,
            said=look.said,
            created_at=self._clock(),
            created_by=by,
        )
        await self._store.add(tenant, run)
        return run

    async def look_again(self, tenant: TenantId, run: ImportRun) -> Look:
        """How a file that was sent would be taken in now."""
        book = await self._reader.read_workbook(await self._objects.get(tenant, run.sha256))
        return await self._look(tenant, run.kind, book, run.said)

    async def correct(self, tenant: TenantId, run: ImportRun, said: Mapping) -> tuple[ImportRun, Look]:
        """A person's word on the layout, laid over what was said before. Raises ImportRefused once it is taken in."""
        if run.progress is not None:
            raise ImportRefused(Reason("import_begun"))
        book = await self._reader.read_workbook(await self._objects.get(tenant, run.sha256))
        spec = await self._spec(tenant, run.kind)
        whole = overlaid(run.said, said, self.registers.choose_layout(book, spec, said))
        look = await self._look(tenant, run.kind, book, whole)
        await self._store.lay_out(tenant, run.id, look.layout, whole)
        return structs.replace(run, layout=look.layout, said=whole), look

    async def run(self, tenant: TenantId, id: str) -> ImportRun | None:
        """One import; None: there is none."""
        return await self._store.run(tenant, id)

    async def runs(self, tenant: TenantId, before: tuple[datetime, str] | None, limit: int) -> list[ImportRun]:
        """The newest first."""
        return list(await self._store.runs(tenant, before, limit))

    async def rejects(self, tenant: TenantId, run: ImportRun, language: str) -> bytes:
        """The rows that came back, or would, as a workbook to be corrected and sent again."""
        kept = run.progress.rejects.get(language) if run.progress else None
        if kept is not None:
            return await self._objects.get(tenant, kept)
        look = await self.look_again(tenant, run)
        return await asyncio.to_thread(self._rejects, look, look.rejected(), language)

    def rejects_of(self, look: Look, language: str) -> bytes:
        """The rows that would come back, as a workbook."""
        return self._rejects(look, look.rejected(), language)

    def _rejects(self, look: Look, rejected: tuple[Rejected, ...], language: str) -> bytes:
        return self.registers.rejects_file(look.sheet, look.layout, look.spec, rejected, language)

    async def _spec(self, tenant: TenantId, kind: str) -> ImportSpec:
        pack = (await self._snapshots.get(tenant)).pack_of(kind)
        if pack is None:
            raise ImportRefused(Reason("kind_unknown", "/kind", {"kind": kind}))
        spec = pack.imports.get(kind)
        if spec is None:
            raise ImportRefused(Reason("kind_not_imported", "/kind", {"kind": kind}))
        return spec

    async def _look(self, tenant: TenantId, kind: str, book: Workbook, said: Mapping) -> Look:
        spec = await self._spec(tenant, kind)
        guess = self.registers.choose_layout(book, spec)
        remembered = await self._store.remembered(tenant, kind, guess.fingerprint)
        mapping = said if remembered is None else overlaid(remembered, said, guess)
        snapshot = await self._snapshots.get(tenant)
        pack = snapshot.pack_of(kind)
        assert pack is not None
        policy, at = pack.kinds[kind], self._clock()
        taking = RowTaking(spec, policy, pack.forms[policy.form], snapshot.plant, at)
        context = self.registers.names_of(snapshot.plant, at.astimezone(snapshot.plant.zone).date())

        def read() -> Look:
            layout = self.registers.choose_layout(book, spec, mapping)
            sheet = self.registers.sheet_named(book, layout.sheet)
            outcomes, forms, live = self._read_rows(sheet, layout, spec, context, taking)
            sheets = tuple(one.name for one in book.sheets)
            return Look(
                kind=kind,
                spec=spec,
                sheets=sheets,
                sheet=sheet,
                layout=layout,
                said=said,
                guess=guess,
                taking=taking,
                outcomes=outcomes,
                forms=forms,
                live=live,
                known=frozenset(),
            )

        look = await asyncio.to_thread(read)
        keys = {row_key(kind, row): row.row_no for row in look.accepted()}
        known = await self._store.known(tenant, keys)
        return replace(look, known=frozenset(keys[key] for key in known))

    def _read_rows(
        self, sheet: Sheet, layout: Layout, spec: ImportSpec, context: Context, taking: RowTaking
    ) -> tuple[tuple[Outcome, ...], dict[int, RowForm], frozenset[int]]:
        """The rows' outcomes, what the accepted ones put into the form, and which of them are live."""
        outcomes: list[Outcome] = []
        forms: dict[int, RowForm] = {}
        live: set[int] = set()
        for row in self.registers.read_rows(sheet, layout, spec, context):
            if isinstance(row, Accepted):
                taken = taking.take(row, self.registers.raw_texts(layout, row.raw))
                if problems := taking.problems(row, taken):
                    outcomes.append(Rejected(row.row_no, row.status, problems, row.values, row.raw))
                    continue
                forms[row.row_no] = taken
                if taking.is_live(row):
                    live.add(row.row_no)
            outcomes.append(row)
        return tuple(outcomes), forms, frozenset(live)

    # --- taking in

    async def start(self, tenant: TenantId, by: PersonId | None, run: ImportRun, *, wait_s: float) -> ImportRun | None:
        """Take a file in while others are served; None: it is not finished after `wait_s`. Errors as in `take_in`."""
        task = self._running.get(run.id)
        if task is None:
            begun = asyncio.Event()
            task = asyncio.create_task(self.take_in(tenant, by, run, begun=begun), name=f"import {run.id}")
            self._running[run.id] = task
            task.add_done_callback(lambda done: self._ended(run.id, done))
            task.add_done_callback(lambda _: begun.set())
            await begun.wait()
        finished, _ = await asyncio.wait({task}, timeout=wait_s)
        return task.result() if finished else None

    def _ended(self, id: str, task: asyncio.Task[ImportRun]) -> None:
        self._running.pop(id, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("the import %s was cut short: %r", id, error)

    async def take_in(
        self,
        tenant: TenantId,
        by: PersonId | None,
        run: ImportRun,
        *,
        look: Look | None = None,
        on_progress: OnProgress | None = None,
        begun: asyncio.Event | None = None,
    ) -> ImportRun:
        """Take a file in that was kept. One that is finished stays as it is; one that was cut short goes on.

        `look`: how it was read a moment ago; None: it is read again. `begun` is set once it is on record as running.
        Raises ImportRefused: `import_running` while somebody else does it, `import_layout_unclear` while its layout
        cannot be read.
        """
        if run.progress is not None and run.progress.finished_at is not None:
            return run
        now = self._clock()
        first = Progress(at=now, done=0, counts=Counts())
        if not await self._store.begin(tenant, run.id, first, now - HEARD_OF):
            raise ImportRefused(Reason("import_running"))
        if begun is not None:
            begun.set()
        look = look or await self.look_again(tenant, run)
        if look.stops:
            raise ImportRefused(Reason("import_layout_unclear"))
        if run.said != Mapping() and look.guess.head_rows is not None:
            mapping = to_remember(self.registers.mapping_of(look.layout, look.spec), run.said)
            await self._store.remember(tenant, run.kind, look.guess.fingerprint, mapping)

        async def say(progress: Progress) -> None:
            await self._store.go_on(tenant, run.id, progress)
            if on_progress is not None:
                await on_progress(progress)

        taking = Taking(self._handler, self._clock, tenant, by, look, say)
        counts = await taking.all_rows()
        rejects = {}
        if refused := taking.rejected():
            for language in REJECTS_LANGUAGES:
                data = await asyncio.to_thread(self._rejects, look, refused, language)
                rejects[language] = await self._objects.put(tenant, data)
        at = self._clock()
        done = Progress(at=at, done=counts.rows, counts=counts, finished_at=at, rejects=rejects)
        await say(done)
        return structs.replace(run, layout=look.layout, progress=done)
