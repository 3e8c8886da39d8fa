"""Identities as text, one type for each thing that has one.

Every id is text: UUIDv7 for what is born while running (cases, accounts), readable words for what a plant names itself
(areas, posts, equipment). The types exist so that a person is never passed where an area is meant.
"""

from typing import NewType

TenantId = NewType("TenantId", str)
CaseId = NewType("CaseId", str)
PersonId = NewType("PersonId", str)
AccountId = NewType("AccountId", str)
AreaId = NewType("AreaId", str)
EquipmentId = NewType("EquipmentId", str)
TeamId = NewType("TeamId", str)
PostId = NewType("PostId", str)
DutyNo = NewType("DutyNo", int)
"""A duty is known by its case and its number in that case: 1, 2, 3 ..."""
