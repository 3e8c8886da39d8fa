"""Completeness: which steps are counted, and what makes one complete."""

from datetime import UTC, datetime
from typing import Any

import pytest

from anhuan.core.case.events import Proof
from anhuan.core.case.state import Case, Duty, DutyStatus
from anhuan.core.completeness import steps
from anhuan.core.policy import Deed, Part
from anhuan.core.signature import Drawing, Point, SignedMatter, sign
from anhuan.domain.evidence import Evidence, Sha256
from anhuan.domain.ids import CaseId, DutyNo, PersonId
from anhuan.domain.party import PersonParty

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
MENDER = PersonId("p-1")
SIGNED = sign(
    SignedMatter(case=CaseId("a"), duty=DutyNo(1), form={}, evidence=(), statement="true"),
    Drawing(width=100, height=50, strokes=((Point(1, 1), Point(90, 40, 200), Point(99, 49, 300)),)),
    signer=MENDER,
    signed_at=AT,
)


def duty(**changed: Any) -> Duty:
    plain: dict[str, Any] = {
        "no": DutyNo(1),
        "key": "mend",
        "stage": "mend",
        "round": 1,
        "deed": Deed.PERFORM,
        "part": Part.LEAD,
        "party": PersonParty(MENDER),
        "opened_at": AT,
        "due_at": AT,
        "rungs": (),
        "repeat_s": 0,
        "gates": True,
        "blind": False,
        "of_case": True,
        "prove": ("before", "after", "signature"),
        "status": DutyStatus.DISCHARGED,
        "proofs": (photo("before"), photo("after")),
        "signature": SIGNED,
    }
    return Duty(**{**plain, **changed})


def photo(slot: str, kind: Any = "photo", taken: datetime | None = AT) -> Proof:
    piece = Evidence(
        sha256=Sha256("ab" * 32), kind=kind, media_type="image/jpeg", size_bytes=1, received_at=AT, captured_at=taken
    )
    return Proof(slot=slot, evidence=piece)


@pytest.mark.parametrize(
    ("changed", "counted"),
    [
        ({}, (1, 1)),
        ({"prove": ()}, (0, 0)),
        ({"signature": None}, (1, 0)),
        ({"proofs": (photo("before"),)}, (1, 0)),
        ({"proofs": (photo("before"), photo("after", taken=None))}, (1, 0)),
        ({"proofs": (photo("before"), photo("after", "scan", None))}, (1, 1)),
        ({"proofs": (photo("before"), photo("after"), photo("more", taken=None))}, (1, 1)),
        ({"status": DutyStatus.OPEN, "proofs": (), "signature": None}, (0, 0)),
        ({"status": DutyStatus.OPEN, "proofs": (), "signature": None, "breached_at": AT}, (1, 0)),
        ({"status": DutyStatus.CANCELLED, "proofs": (), "signature": None, "breached_at": AT}, (0, 0)),
    ],
    ids=[
        *("all there", "nothing asked", "unsigned", "a photo lacks", "a photo without its time"),
        *("a paper needs no time", "what nobody asked for", "owed", "overdue", "fallen away"),
    ],
)
def test_a_step_is_complete_with_all_that_was_asked_for(changed: dict[str, Any], counted: tuple[int, int]) -> None:
    assert steps(Case(duties={DutyNo(1): duty(**changed)})) == counted
