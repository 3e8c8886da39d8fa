"""The text in a piece of equipment's QR plate: `anhuan:eq:<tenant>:<equipment>`.

It names, it grants nothing: whoever reads it still has to sign in, and a plate of another tenant is refused. Both parts
are percent-encoded, so any id survives; `:` parts the fields.
"""

from urllib.parse import quote, unquote

from msgspec import Struct

from anhuan.domain.ids import EquipmentId, TenantId

_PREFIX = "anhuan:eq:"


class EquipmentCode(Struct, frozen=True, kw_only=True):
    """What a plate says."""

    tenant: TenantId
    equipment: EquipmentId


def equipment_code(tenant: TenantId, equipment: EquipmentId) -> str:
    """The text to print."""
    return f"{_PREFIX}{quote(tenant, safe='')}:{quote(equipment, safe='')}"


def read_equipment_code(text: str) -> EquipmentCode | None:
    """What a scanned text names; None: not one of our plates."""
    if not text.startswith(_PREFIX):
        return None
    tenant, colon, equipment = text[len(_PREFIX) :].strip().partition(":")
    if not (tenant and colon and equipment) or ":" in equipment:
        return None
    return EquipmentCode(tenant=TenantId(unquote(tenant)), equipment=EquipmentId(unquote(equipment)))
