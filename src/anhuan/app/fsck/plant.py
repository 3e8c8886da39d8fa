"""The plant's items and the packs, rebuilt from the tenant's own events and compared with what is stored."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import msgspec

from anhuan.app.fsck.report import Findings
from anhuan.domain.plant_items import item_kind
from anhuan.domain.plant_reading import encode_item
from anhuan.ports.fsck import Row, Snapshot, StoredEvent
from anhuan.ports.plants import PlantEdit
from anhuan.ports.tenant_events import PLANT_STREAM, TENANT_STREAM, PackPublished, TenantEvent

T = TypeVar("T")
Items = dict[tuple[str, str], Row]

_EDITS = msgspec.json.Decoder(PlantEdit)
_TENANT_EVENTS: msgspec.json.Decoder[TenantEvent] = msgspec.json.Decoder(TenantEvent)


async def check_plant(snapshot: Snapshot, events: Sequence[StoredEvent], findings: Findings) -> None:
    """Compare the plant's items with the edits."""
    rebuilt: Items = {}
    for edit in _read(PLANT_STREAM, events, _EDITS, findings):
        for item in edit.put:
            rebuilt[item_kind(item), item.id] = encode_item(item)
        for gone in edit.remove:
            rebuilt.pop(gone, None)
    version, stored = await snapshot.plant()
    if version != len(events):
        findings.add("plant_version_differs", stored=version, rebuilt=len(events))
    for key in sorted(stored.keys() | rebuilt.keys()):
        where = {"kind": key[0], "item": key[1]}
        if key not in rebuilt:
            findings.add("item_unfounded", **where)
        elif key not in stored:
            findings.add("item_missing", **where)
        elif _plain(stored[key]) != _plain(rebuilt[key]):
            findings.add("item_differs", **where)


async def check_packs(snapshot: Snapshot, events: Sequence[StoredEvent], findings: Findings) -> None:
    """Compare the published packs with what was published."""
    rebuilt = {
        (event.name, event.version): event.files
        for event in _read(TENANT_STREAM, events, _TENANT_EVENTS, findings)
        if isinstance(event, PackPublished)
    }
    stored: Mapping[tuple[str, str], tuple[Mapping[str, str], bool]] = await snapshot.packs()
    for name, version in sorted(stored.keys() | rebuilt.keys()):
        key = (name, version)
        if key not in stored or key not in rebuilt or dict(stored[key][0]) != rebuilt[key]:
            findings.add("pack_differs", pack=name, version=version)


def _read(stream: str, events: Sequence[StoredEvent], decoder: msgspec.json.Decoder[T], findings: Findings) -> list[T]:
    found: list[T] = []
    for place, stored in enumerate(events, start=1):
        if stored.version != place:
            findings.add("version_missing", stream=stream, version=place, found=stored.version)
            break
        try:
            found.append(decoder.decode(stored.payload))
        except msgspec.MsgspecError as error:
            findings.add("events_unreadable", stream=stream, version=stored.version, why=str(error))
            break
    return found


def _plain(row: Row) -> object:
    """As JSON gives it back: dates as text, tuples as lists."""
    return msgspec.json.decode(msgspec.json.encode(row))
