"""Goes through everything of one tenant, as it stood at one moment, whatever is written meanwhile."""

from collections.abc import Sequence
from itertools import groupby

from anhuan.app.fsck.accounts import check_account
from anhuan.app.fsck.cases import check_case, check_laws
from anhuan.app.fsck.log import check_entered, check_log
from anhuan.app.fsck.plant import check_packs, check_plant
from anhuan.app.fsck.report import Findings, FsckReport, Progress
from anhuan.app.snapshot import PackGone, Snapshots
from anhuan.core.case.evolve import fold
from anhuan.core.case.state import Case
from anhuan.core.policy import Kind
from anhuan.domain.ids import AccountId, TenantId
from anhuan.ledger.note import VerifierKey
from anhuan.packs.compile import Pack
from anhuan.ports.fsck import FsckStore, Snapshot
from anhuan.ports.plants import PackKey
from anhuan.ports.tenant_events import ACCOUNT_STREAMS, PLANT_STREAM, TENANT_STREAM, is_case

BATCH = 200
"""Streams that are looked at together."""


class Fsck:
    """Checks tenants."""

    def __init__(self, store: FsckStore, snapshots: Snapshots) -> None:
        self._store = store
        self._snapshots = snapshots

    async def check(self, tenant: TenantId, key: VerifierKey | None, progress: Progress) -> FsckReport:
        """Check everything of a tenant. `key` verifies its checkpoint; None: it is not at hand, and that is said."""
        async with self._store.snapshot(tenant) as snapshot:
            check = _Check(tenant, snapshot, self._snapshots)
            return await check.run(key, progress)


class _Check:
    """One check under way."""

    def __init__(self, tenant: TenantId, snapshot: Snapshot, snapshots: Snapshots) -> None:
        self._tenant = tenant
        self._snapshot = snapshot
        self._snapshots = snapshots
        self._findings = Findings()
        self._numbers: dict[str, str] = {}
        self._packs: dict[PackKey, Pack | None] = {}
        self._pending = 0

    async def run(self, key: VerifierKey | None, progress: Progress) -> FsckReport:
        counts = await self._snapshot.counts()
        done, after = 0, ""
        while streams := await self._snapshot.streams(after, BATCH):
            await self._streams(streams)
            after = streams[-1]
            done += len(streams)
            progress("cases", done, max(done, counts.streams))
        for needed, check in ((PLANT_STREAM, check_plant), (TENANT_STREAM, check_packs)):
            await check(self._snapshot, await self._snapshot.events([needed]), self._findings)
        entries = await check_log(self._snapshot, key, self._findings, progress)
        return FsckReport(
            tenant=self._tenant,
            streams=done,
            events=counts.events,
            entries=entries,
            pending=self._pending,
            differences=tuple(self._findings.listed),
            further=self._findings.further,
        )

    async def _streams(self, streams: Sequence[str]) -> None:
        found = await self._snapshot.events(streams)
        events = {stream: list(group) for stream, group in groupby(found, key=lambda event: event.stream)}
        rows = await self._snapshot.rows(streams)
        ids = [AccountId(stream.removeprefix(ACCOUNT_STREAMS)) for stream in streams if _is_accounts(stream)]
        accounts = await self._snapshot.accounts(ids)
        for stream in streams:
            own = events.get(stream, [])
            self._pending += check_entered(own, self._findings)
            if _is_accounts(stream):
                account = AccountId(stream.removeprefix(ACCOUNT_STREAMS))
                check_account(account, own, accounts.get(account), self._findings)
            elif is_case(stream):
                history = check_case(self._tenant, stream, own, rows[stream], self._numbers, self._findings)
                if history:
                    check_laws(stream, history, await self._kind(fold(history)), self._findings)

    async def _kind(self, case: Case) -> Kind | None:
        """The case's kind in the version of its pack that it keeps; None: that is not there."""
        key = PackKey(case.pack, case.pack_version)
        if key not in self._packs:
            try:
                self._packs[key] = await self._snapshots.pack(self._tenant, key)
            except PackGone:
                self._packs[key] = None
        pack = self._packs[key]
        return pack.kinds.get(case.kind) if pack is not None else None


def _is_accounts(stream: str) -> bool:
    return stream.startswith(ACCOUNT_STREAMS)
