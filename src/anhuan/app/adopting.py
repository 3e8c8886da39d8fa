"""Moving open cases to the version of their pack that is current: an explicit step, an event of each case."""

from msgspec import Struct

from anhuan.app.handle import CaseHandler, CommandRefused
from anhuan.app.snapshot import Snapshots
from anhuan.core.case import commands as c
from anhuan.core.case.outcome import Reason
from anhuan.domain.ids import CaseId, PersonId, TenantId
from anhuan.ports.due import DueStore


class Adopted(Struct, frozen=True):
    """What became of a pack's open cases."""

    moved: tuple[CaseId, ...]
    kept: tuple[tuple[CaseId, tuple[Reason, ...]], ...]
    """Cases that cannot go on in the current version, and why."""


async def adopt(
    tenant: TenantId, pack: str, by: PersonId | None, *, due: DueStore, handler: CaseHandler, snapshots: Snapshots
) -> Adopted:
    """Move every open case of a pack to its current version. Raises LookupError for a pack that is not in force."""
    current = (await snapshots.get(tenant, fresh=True)).packs[pack]
    moved: list[CaseId] = []
    kept: list[tuple[CaseId, tuple[Reason, ...]]] = []
    for case_id in await due.open_cases(tenant):
        case = await handler.case(tenant, case_id)
        if case.pack != pack or case.pack_version == current.version:
            continue
        try:
            await handler.on(tenant, case_id, c.ChangePolicy(by=by, version=current.version))
        except CommandRefused as refusal:
            kept.append((case_id, refusal.reasons))
        else:
            moved.append(case_id)
    return Adopted(tuple(moved), tuple(kept))
