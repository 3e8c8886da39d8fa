"""Other systems are told of closed cases: what is owed to them stands in the database until they have taken it.

A closing announces itself as an effect; here it becomes a record in the queue, once per case and version, which a loop
of its own sends with ever longer pauses until it is taken. A slow or broken receiver holds up nothing else.
"""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

import msgspec

from anhuan.app.feed import ColumnUnknown, chosen, record
from anhuan.app.snapshot import Snapshots
from anhuan.core.case.evolve import fold
from anhuan.core.case.state import CaseStatus
from anhuan.domain.ids import CaseId, TenantId
from anhuan.ports.cases import CaseStore
from anhuan.ports.clock import Clock
from anhuan.ports.deliveries import Delivery, DeliveryStore, Sender, Undelivered, Webhook, Webhooks
from anhuan.ports.due import DueStore

log = logging.getLogger(__name__)

BATCH = 20
EVENT = "case_closed"
_FIRST_RETRY = timedelta(seconds=10)
_LONGEST_RETRY = timedelta(hours=6)


class Deliveries:
    """Owes records and sends them; one per worker."""

    def __init__(
        self,
        *,
        store: DeliveryStore,
        cases: CaseStore,
        snapshots: Snapshots,
        due: DueStore,
        webhooks: Webhooks,
        sender: Sender,
        clock: Clock,
    ) -> None:
        self._store = store
        self._cases = cases
        self._snapshots = snapshots
        self._due = due
        self._webhooks = webhooks
        self._send: Callable[[Webhook, Delivery], Awaitable[None]] = lambda hook, one: sender.send(hook, one, clock())
        self._clock = clock

    async def announce(self, tenant: TenantId, case_id: CaseId, version: int) -> None:
        """A case closed with that version: owe its record as it was then, where somebody wants it."""
        webhook = self._webhooks.webhook(tenant)
        if webhook is None:
            return
        events = list(await self._cases.events(tenant, case_id))[:version]
        case = fold(events)
        if case.kind not in webhook.kinds or case.status is not CaseStatus.CLOSED:
            return
        snapshot = await self._snapshots.get(tenant)
        pack = snapshot.pack_of(case.kind)
        if pack is None:
            return
        try:
            columns = chosen(pack, pack.kinds[case.kind], webhook.kinds[case.kind])
        except ColumnUnknown as unknown:
            log.error("webhook of %s: %s has no column %s; it is left out", tenant, case.kind, unknown.column)
            columns = [column for column in webhook.kinds[case.kind] if column in unknown.known]
        delivery = f"{case_id}:{version}"
        body = {"id": delivery, "event": EVENT, "case": record(case, snapshot.plant, columns)}
        await self._store.owe(tenant, delivery, msgspec.json.encode(body).decode(), self._clock())

    async def step(self) -> int:
        """Send some of what is owed, of every enterprise; how much was taken."""
        taken = 0
        for tenant in await self._due.tenants():
            webhook = self._webhooks.webhook(tenant)
            if webhook is not None:
                for delivery in await self._store.due(tenant, self._clock(), BATCH):
                    taken += await self._deliver(tenant, webhook, delivery)
        return taken

    async def _deliver(self, tenant: TenantId, webhook: Webhook, delivery: Delivery) -> bool:
        try:
            await self._send(webhook, delivery)
        except Undelivered as why:
            wait = min(_FIRST_RETRY * 2 ** min(delivery.attempts - 1, 16), _LONGEST_RETRY)
            log.warning("delivery %s of %s was not taken, again in %s: %s", delivery.id, tenant, wait, why)
            await self._store.failed(tenant, delivery.id, str(why), self._clock() + wait)
            return False
        await self._store.delivered(tenant, delivery.id, self._clock())
        return True
