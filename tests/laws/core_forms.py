"""What people write into the shipped packs' forms, good enough to pass, so that random histories get anywhere."""

from datetime import datetime, timedelta

from anhuan.core.case.events import Proof
from anhuan.core.case.papers import SIGNATURE
from anhuan.core.policy import DutySpec, Move, Part
from anhuan.domain.evidence import Evidence, Sha256
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import Equipment

WORDS = "按要求处理完毕，现场已确认"

_FORMS: dict[str, dict[str, object]] = {
    "contain": {"containment": WORDS},
    "receipt": {},
    "confirm_spot": {},
    "rectify": {"containment": WORDS, "root_cause": WORDS, "measure": WORDS, "corrective_action": WORDS},
    "assist": {"done": WORDS},
    "verify": {"note": WORDS},
    "recheck": {"note": WORDS},
    "reconfirm": {"containment_holds": True, "note": WORDS},
    "approve": {},
    "arbitration": {"reason": WORDS},
    "send_back": {"reason": WORDS},
    "cannot_do": {"cannot_reason": "no_parts", "reason": WORDS},
    "withdraw": {"reason": WORDS},
    "not_a_finding": {"reason": WORDS},
    "reopen": {"reason": WORDS},
    "objection": {"reason": WORDS},
    "look": {"same_fault": "not_here", "seen": WORDS},
    "not_needed": {"reason": WORDS},
    "decision": {},
    "told": {},
    "appeal": {"reason": WORDS},
    "hearing": {"reason": WORDS},
    "review": {},
    "filled": {"measure": WORDS},
    "not_carried_out": {"not_carried_out_reason": "other", "reason": WORDS},
}


def form_of(name: str | None, outcome: str, to: str, now: datetime) -> dict[str, object]:
    """A form filled in well for an outcome; `to` is whom or which case it names where it names one."""
    until = (now + timedelta(days=3)).isoformat()
    named: dict[str, dict[str, object]] = {
        "extension": {"until": until, "reason": WORDS, "containment": WORDS},
        "shorten": {"until": (now + timedelta(hours=3)).isoformat(), "reason": WORDS},
        "deferral": {"until": until, "deferral_reason": "other", "reason": WORDS, "containment": WORDS},
        "handover": {"to": to, "reason": WORDS},
        "merge": {"into": to},
    }
    form = {**_FORMS.get(name or "", {}), **named.get(name or "", {})}
    if outcome == "fail" and name in ("verify", "recheck", "confirm_spot", "review"):
        form["to_mend"] = WORDS
    if outcome == "refuse" and name in ("approve", "decision"):
        form["reason"] = WORDS
    if outcome == "approve" and name == "arbitration":
        form["to"] = to
    if outcome == "lapsed" and name == "reconfirm":
        form["containment_holds"] = False
    return form


def readings(plant: Plant, equipment: list[str], value: float) -> dict[str, object]:
    """Every point of the equipment, read as `value`."""
    found = (plant.get(Equipment, one) for one in equipment)
    return {
        "readings": [
            {"equipment": one.id, "point": point.key, "value": 1.0 if point.is_check else value}
            for one in found
            if one
            for point in one.points
        ]
    }


def proofs_of(spec: DutySpec | Move, now: datetime, part: Part = Part.LEAD) -> tuple[Proof, ...]:
    """A piece of evidence for each slot that must be filled, the signature excepted; whoever assists proves nothing."""
    return tuple(
        Proof(
            slot=slot,
            evidence=Evidence(
                sha256=Sha256("ab" * 32),
                kind="photo",
                media_type="image/jpeg",
                size_bytes=1,
                received_at=now,
                captured_at=now if now.minute % 2 == 0 else None,
            ),
        )
        for slot in (spec.prove if part is Part.LEAD else ())
        if slot != SIGNATURE
    )
