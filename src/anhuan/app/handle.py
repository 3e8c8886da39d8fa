"""The one write path: load, decide, append. People, devices, imports, replay and timers all come through here.

The shell makes no meaningful choice: it loads what `decide` asks for, stores what it decides, and tries again when
somebody else was faster. Who asks has been seen to before (http: session and permission); whether they may do this very
thing is for `decide`.
"""

import hmac
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from msgspec import Struct

from anhuan.app.snapshot import Snapshots
from anhuan.core.case import commands as c
from anhuan.core.case.decide import decide
from anhuan.core.case.events import Proof
from anhuan.core.case.outcome import CASE, CHILDREN, LOADS, Decision, Facts, Need, Reason, Refused
from anhuan.core.case.state import Case
from anhuan.core.policy import Kind
from anhuan.domain.ids import CaseId, PersonId, TenantId
from anhuan.domain.plant import Plant
from anhuan.ports.cases import CaseStore, CaseWrite, CommandKey, Repeated, Stale
from anhuan.ports.clock import Clock, NewId
from anhuan.ports.secrets import DrawKeys

TRIES = 8
"""How often a command is decided again because somebody else was faster, before it is given up."""


class CommandRefused(Exception):
    """The command may not be carried out; carries the reasons."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__(", ".join(reason.code for reason in reasons))
        self.reasons = reasons


class CaseUnknown(Exception):
    """The tenant has no such case."""


class VersionMismatch(Exception):
    """The case is not at the version that the caller saw."""

    def __init__(self, version: int) -> None:
        super().__init__(str(version))
        self.version = version


class NewCase(Struct, frozen=True, kw_only=True):
    """What is needed to open a case, beside who asks."""

    kind: str
    form: dict[str, object]
    case: CaseId | None = None
    """The client's own id (UUIDv7); None: one is given."""
    source: str = "report"
    finder: PersonId | None = None
    found_at: datetime | None = None
    proofs: tuple[Proof, ...] = ()
    parent: CaseId | None = None
    fold_key: str | None = None


class PastCase(Struct, frozen=True, kw_only=True):
    """What is needed to record a case that was closed before it came here."""

    kind: str
    form: dict[str, object]
    found_at: datetime
    closed_at: datetime
    finder: PersonId | None = None


class Handled(Struct, frozen=True):
    """A command that was carried out."""

    case: Case
    repeated: bool = False
    """It had been carried out before; nothing happened now."""


class CaseHandler:
    """Carries commands out on cases."""

    def __init__(
        self, store: CaseStore, snapshots: Snapshots, draw_keys: DrawKeys, clock: Clock, new_id: NewId
    ) -> None:
        self._store = store
        self._snapshots = snapshots
        self._draw_keys = draw_keys
        self._clock = clock
        self._new_id = new_id

    async def open(self, tenant: TenantId, by: PersonId | None, new: NewCase, key: CommandKey | None = None) -> Handled:
        """Open a case. Sent twice under one key it is opened once, and answers the same.

        Raises CommandRefused, ports.cases.KeyConflict, ports.cases.FoldTaken.
        """
        case_id = new.case or CaseId(self._new_id())

        def command(number: str) -> c.OpenCase:
            return c.OpenCase(
                by=by,
                case=case_id,
                kind=new.kind,
                number=number,
                form=new.form,
                source=new.source,
                finder=new.finder,
                found_at=new.found_at,
                proofs=new.proofs,
                parent=new.parent,
                fold_key=new.fold_key,
            )

        return await self._begin(tenant, by, new.kind, case_id, command, key)

    async def record_history(
        self, tenant: TenantId, by: PersonId | None, past: PastCase, key: CommandKey | None = None
    ) -> Handled:
        """Take in a case that was closed elsewhere, as history that was not verified here. Errors as in `open`."""
        case_id = CaseId(self._new_id())

        def command(number: str) -> c.RecordHistory:
            return c.RecordHistory(
                by=by,
                case=case_id,
                kind=past.kind,
                number=number,
                form=past.form,
                found_at=past.found_at,
                closed_at=past.closed_at,
                finder=past.finder,
            )

        return await self._begin(tenant, by, past.kind, case_id, command, key)

    async def _begin(
        self,
        tenant: TenantId,
        by: PersonId | None,
        kind_key: str,
        case_id: CaseId,
        command: Callable[[str], c.OpenCase | c.RecordHistory],
        key: CommandKey | None,
    ) -> Handled:
        """Carry out a command that opens a case; `command` is given the number."""
        for last in _tries():
            snapshot = await self._snapshots.get(tenant, fresh=last is not None)
            kind = snapshot.kind(kind_key)
            if kind is None:
                raise CommandRefused(Reason("kind_unknown", "/kind", {"kind": kind_key}))
            at = self._clock()
            number = await self._number(tenant, kind, snapshot.plant, at)
            try:
                return await self._carry_out(tenant, kind, Case(), snapshot.plant, command(number), at, key)
            except Repeated as repeated:
                return Handled(await self.case(tenant, repeated.case), repeated=True)
            except CommandRefused:
                if (done := await self.done_before(tenant, key, by)) is not None:
                    return done
                raise
            except Stale as stale:
                if last is not None and await self._store.load(tenant, case_id) is not None:
                    raise CommandRefused(Reason("case_exists", "/id", {"case": case_id})) from stale
        raise Stale(tenant)

    async def on(
        self,
        tenant: TenantId,
        case_id: CaseId,
        command: c.CaseCommand,
        key: CommandKey | None = None,
        version: int | None = None,
    ) -> Handled:
        """Carry a command out on a case.

        Raises CaseUnknown, VersionMismatch (when `version` is given and has passed), CommandRefused, KeyConflict.
        """
        for last in _tries():
            snapshot = await self._snapshots.get(tenant, fresh=last is not None)
            case = await self.case(tenant, case_id)
            if version is not None and version != case.version:
                if (done := await self.done_before(tenant, key, command.by)) is not None:
                    return done
                raise VersionMismatch(case.version)
            pack_version = command.version if isinstance(command, c.ChangePolicy) else case.pack_version
            kind = await self._snapshots.kind_of(tenant, case.kind, case.pack, pack_version)
            try:
                return await self._carry_out(tenant, kind, case, snapshot.plant, command, self._clock(), key)
            except Repeated as repeated:
                return Handled(await self.case(tenant, repeated.case), repeated=True)
            except Stale:
                continue
            except CommandRefused:
                if (done := await self.done_before(tenant, key, command.by)) is not None:
                    return done
                raise
        raise Stale(tenant)

    async def done_before(self, tenant: TenantId, key: CommandKey | None, by: PersonId | None) -> Handled | None:
        """A command that came before under this key: what is refused now because it was done is answered as done."""
        case = await self._store.used(tenant, key, self._clock(), by) if key is not None else None
        return Handled(await self.case(tenant, case), repeated=True) if case is not None else None

    async def case(self, tenant: TenantId, case_id: CaseId) -> Case:
        """The case as it is now. Raises CaseUnknown."""
        case = await self._store.load(tenant, case_id)
        if case is None:
            raise CaseUnknown(case_id)
        return case

    async def _carry_out(
        self,
        tenant: TenantId,
        kind: Kind,
        case: Case,
        plant: Plant,
        command: c.CaseCommand,
        at: datetime,
        key: CommandKey | None,
    ) -> Handled:
        decision = await self._decide(tenant, kind, case, plant, command, at)
        if decision.events:
            await self._store.commit(
                CaseWrite(tenant, decision.case, decision.events, decision.effects, plant.version, at, command.by, key)
            )
        return Handled(decision.case)

    async def _decide(
        self, tenant: TenantId, kind: Kind, case: Case, plant: Plant, command: c.CaseCommand, at: datetime
    ) -> Decision:
        case_id = case.id or getattr(command, "case", CaseId(""))
        draw_key = self._draw_keys.draw_key(tenant, case.opened_at or at)
        seed = hmac.digest(draw_key.key, case_id.encode(), "sha256")
        facts = Facts(plant, draw_key.id)
        while isinstance(outcome := decide(kind, case, facts, command, at, seed), Need):
            facts = await self._more(tenant, case_id, facts, outcome.keys)
        if isinstance(outcome, Refused):
            raise CommandRefused(*outcome.reasons)
        return outcome

    async def _more(self, tenant: TenantId, case_id: CaseId, facts: Facts, keys: frozenset[str]) -> Facts:
        """The facts, and what else a decision asks for; what was loaded is never asked for again."""
        loads, children, cases = facts.loads, facts.children, dict(facts.cases)
        for key in keys:
            if key == LOADS and loads is None:
                loads = await self._store.loads(tenant)
            elif key == CHILDREN and children is None:
                children = await self._store.children(tenant, case_id)
            elif key.startswith(CASE) and (other := CaseId(key.removeprefix(CASE))) not in cases:
                cases[other] = await self._store.load(tenant, other)
            else:
                raise LookupError(f"a decision asks for {key}")
        return replace(facts, loads=loads, children=children, cases=cases)

    async def _number(self, tenant: TenantId, kind: Kind, plant: Plant, at: datetime) -> str:
        """The next number, by the plant's own year: YH-2026-000123."""
        series = f"{kind.number_prefix}-{at.astimezone(plant.zone).year}"
        return f"{series}-{await self._store.number(tenant, series):0{kind.number_digits}d}"


def _tries() -> tuple[int | None, ...]:
    """None for the first try, then a number: who was too slow looks at the plant afresh."""
    return (None, *range(1, TRIES))
