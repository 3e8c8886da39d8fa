"""Time passes: what is due is turned into commands, and what decisions want done outside is done.

A due row only says "look at this now"; `decide` checks again whether anything has really come due. Both kinds of work
are claimed, done, and let go; a worker that dies in between leaves a claim that lapses, so everything happens at least
once, and what happens twice has one effect.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Protocol

from anhuan.app.handle import CaseHandler, CaseUnknown, CommandRefused, NewCase
from anhuan.app.snapshot import Snapshots
from anhuan.core.case import commands as c
from anhuan.core.case.outcome import (
    Announce,
    Effect,
    LookForEarlier,
    Notify,
    RaiseCase,
    RaiseSignal,
    TieOther,
    WakeAll,
    WriteItem,
)
from anhuan.core.case.state import CHILD, Case
from anhuan.core.policy import Recurrence
from anhuan.domain.ids import CaseId, PersonId, TenantId
from anhuan.domain.plant_items import ITEM_TYPES, PlantItem
from anhuan.domain.plant_reading import decode_items, encode_item
from anhuan.ports.cases import CommandKey, FoldTaken, KeyConflict
from anhuan.ports.clock import Clock
from anhuan.ports.due import DueEffect, DueStore, DueTimer, Sameness, Telling

log = logging.getLogger(__name__)

Announcer = Callable[[TenantId, CaseId, int], Awaitable[None]]
"""Tells whoever wants to know that a case closed with a version; safe to do twice."""


class ItemEditor(Protocol):
    """Writes to the plant."""

    async def edit(self, tenant: TenantId, by: PersonId | None, put: Iterable[PlantItem] = ()) -> object:
        """See `app.setup.PlantEditor`."""


BATCH = 200
_FIRST_RETRY = timedelta(seconds=2)
_LONGEST_RETRY = timedelta(minutes=10)


class Sweep:
    """One worker's hands: call `timers` and `effects` again and again."""

    def __init__(
        self,
        due: DueStore,
        handler: CaseHandler,
        editor: ItemEditor,
        snapshots: Snapshots,
        clock: Clock,
        announce: Announcer,
    ) -> None:
        self._due = due
        self._handler = handler
        self._editor = editor
        self._snapshots = snapshots
        self._clock = clock
        self._announce = announce

    async def timers(self) -> int:
        """Look at every duty whose next rung is due; how many there were."""
        timers = await self._due.timers(self._clock(), BATCH)
        for timer in timers:
            await self._time_passed(timer)
        return len(timers)

    async def _time_passed(self, timer: DueTimer) -> None:
        command = c.TimePassed(duty=timer.duty, step=timer.step, generation=timer.generation)
        try:
            await self._handler.on(timer.tenant, timer.case, command)
        except CaseUnknown:
            log.error("a timer stands for case %s, which is not there", timer.case)
        await self._due.timer_done(timer)

    async def effects(self) -> int:
        """Do what decisions want done outside; how many there were."""
        claimed = await self._due.effects(self._clock(), BATCH)
        tenants: dict[TenantId, list[DueEffect]] = {}
        for due in claimed:
            tenants.setdefault(due.tenant, []).append(due)
        for tenant, mine in tenants.items():
            await self._do_all(tenant, mine)
        return len(claimed)

    async def _do_all(self, tenant: TenantId, claimed: Sequence[DueEffect]) -> None:
        """A tenant's effects: notices all at once, as most are; the others one by one."""
        wanted = await self._due.wanted(tenant, [due.id for due in claimed])
        notices = {due: effect for due in claimed if isinstance(effect := wanted.get(due.id), Notify)}
        done = list(notices)
        await self._tell(tenant, notices)
        for due in claimed:
            effect = wanted.get(due.id)
            if effect is not None and due not in notices and await self._do(due, effect):
                done.append(due)
        await self._due.effects_done(tenant, [due.id for due in done])

    async def _do(self, due: DueEffect, effect: Effect) -> bool:
        """Whether it needs no other try."""
        try:
            await self._perform(due.tenant, effect)
        except (CommandRefused, CaseUnknown) as refusal:
            log.error("effect %s of %s is refused and dropped: %s (%s)", due.id, due.tenant, refusal, effect)
        except Exception as error:  # noqa: BLE001  whatever it was, it is tried again and the loop goes on
            wait = min(_FIRST_RETRY * 2 ** min(due.attempts, 12), _LONGEST_RETRY)
            log.warning("effect %s of %s failed, again in %s: %s", due.id, due.tenant, wait, error)
            await self._due.effect_failed(due, str(error), self._clock() + wait)
            return False
        return True

    async def _perform(self, tenant: TenantId, effect: Effect) -> None:
        match effect:
            case RaiseCase(parent, kind, form, by, key):
                await self._raise(tenant, by, NewCase(kind=kind, form=form, source="child", parent=parent), key)
            case RaiseSignal(name, form, fold_key):
                await self._signal(tenant, name, form, fold_key)
            case WriteItem():
                await self._write(tenant, effect)
            case TieOther(other, relation, case):
                await self._handler.on(tenant, other, c.LinkCase(relation=relation, other=case))
            case LookForEarlier(case):
                await self._look_for_earlier(tenant, case)
            case Announce(case, version):
                await self._announce(tenant, case, version)
            case WakeAll(plant_version):
                await self._wake_all(tenant, plant_version)
            case Notify():
                raise TypeError("notices are told all at once")

    async def _tell(self, tenant: TenantId, notices: Mapping[DueEffect, Notify]) -> None:
        """Tell whoever is behind the parties now."""
        at = self._clock()
        plant = (await self._snapshots.get(tenant)).plant
        told = [
            Telling(due.id, tuple(dict.fromkeys(p for party in notice.to for p in plant.holders(party, at))), notice)
            for due, notice in notices.items()
        ]
        await self._due.tell(tenant, told, at)

    async def _raise(self, tenant: TenantId, by: PersonId | None, new: NewCase, key: str) -> None:
        """Open a case once per key; the parent is tied to it."""
        command_key = CommandKey(f"child:{key}", key)
        try:
            handled = await self._handler.open(tenant, by, new, command_key)
        except (FoldTaken, KeyConflict):
            return
        if new.parent is not None:
            link = c.LinkCase(relation=CHILD, other=handled.case.id)
            await self._handler.on(tenant, new.parent, link)

    async def _signal(self, tenant: TenantId, name: str, form: dict[str, object], fold_key: str) -> None:
        """Open a case of every kind that is raised by the signal, unless one is open for the same thing."""
        snapshot = await self._snapshots.get(tenant)
        for pack in snapshot.packs.values():
            for kind in pack.kinds.values():
                if f"signal:{name}" in kind.raised_by:
                    filled = {key: value for key, value in form.items() if value is not None}
                    new = NewCase(kind=kind.key, form=filled, source=f"signal:{name}", fold_key=fold_key)
                    try:
                        await self._handler.open(tenant, None, new)
                    except FoldTaken:
                        continue

    async def _write(self, tenant: TenantId, write: WriteItem) -> None:
        """Write into an item of the plant; into one that was removed since the decision there is nothing to write."""
        plant = (await self._snapshots.get(tenant, fresh=True)).plant
        item = plant.get(ITEM_TYPES[write.kind], write.item)
        if item is None:
            log.warning("%s %s of %s was removed before it could be written to", write.kind, write.item, tenant)
            return
        for new in decode_items(write.kind, [{**encode_item(item), **write.values}]).items:
            if new != item:
                await self._editor.edit(tenant, write.by, put=[new])

    async def _look_for_earlier(self, tenant: TenantId, case_id: CaseId) -> None:
        case = await self._handler.case(tenant, case_id)
        kind = await self._snapshots.kind_of(tenant, case.kind, case.pack, case.pack_version)
        for number, rule in enumerate(kind.recurrence):
            same = sameness(rule, case)
            earlier = await self._due.earlier(tenant, case_id, same) if same else None
            if earlier is not None:
                await self._handler.on(tenant, earlier, c.Recur(other=case_id, rule=number))
                return

    async def _wake_all(self, tenant: TenantId, plant_version: int) -> None:
        """The plant changed: look at every open case again, whether somebody answers and when it is due.

        Where it has changed once more since, that change has a waking of its own, which sees both.
        """
        if (await self._snapshots.get(tenant, fresh=True)).plant.version > plant_version:
            return
        for case in await self._due.open_cases(tenant):
            await self._handler.on(tenant, case, c.WakeUp())


def sameness(rule: Recurrence, case: Case) -> Sameness | None:
    """What a case would have come back as; an unknown place is not the same as another unknown place."""
    common = {word: getattr(case.subject, word) for word in rule.same}
    if case.opened_at is None or None in common.values():
        return None
    return Sameness(since=case.opened_at - rule.window, closed_as=rule.closed_as, **common)
