"""What is handed in beside a form: one check for duties and for wishes."""

from datetime import UTC, datetime, timedelta

import pytest
from core_forms import form_of, proofs_of
from msgspec.structs import replace

from anhuan.core.case import commands as c
from anhuan.core.case.events import Proof
from anhuan.core.case.outcome import Refused
from anhuan.core.case.state import Duty
from anhuan.domain.ids import CaseId, PersonId
from anhuan.testing.core_world import CoreWorld, codes
from anhuan.testing.plants import GOOD_REPORT, demo_plant, shipped_pack
from anhuan.testing.signed import signed

CASE = CaseId("case-1")
KIND = shipped_pack("finding").kinds["finding"]


class Trial:
    """One duty of a case and what may be asked of it, tried with evidence until it is taken."""

    def __init__(self) -> None:
        self.world = CoreWorld({"finding": KIND}, demo_plant(), datetime(2026, 11, 24, 2, 0, tzinfo=UTC))
        assert codes(self.world.open("finding", PersonId("p-023"), GOOD_REPORT)) == ()
        self.world.now += timedelta(hours=1)
        self.duty = self.owed("lead")

    def owed(self, part: str) -> Duty:
        duties = self.world.cases[CASE].open_duties()
        return next(duty for duty in duties if duty.key == "rectify" and duty.part == part)

    def command(self, asked: bool, *pieces: Proof, sign: bool = True) -> c.CaseCommand:
        by, now = self.world.plant.holders(self.duty.party, self.world.now)[0], self.world.now
        if asked:
            form = form_of("deferral", "", "", now)
            return c.AskMove(by=by, move="defer", duty=self.duty.no, form=form, proofs=pieces)
        command = c.Discharge(by=by, duty=self.duty.no, form=form_of("rectify", "done", "", now), proofs=pieces)
        spec = KIND.duty(self.duty.stage, self.duty.key)
        assert spec is not None
        return signed(command, CASE, spec, self.duty.part, now) if sign else command

    def reasons(self, command: c.CaseCommand) -> list[tuple[str, str]]:
        outcome = self.world.carry_out(CASE, command)
        return [(reason.code, reason.field) for reason in outcome.reasons] if isinstance(outcome, Refused) else []


@pytest.mark.parametrize("asked", [True, False], ids=["a wish", "a duty"])
def test_evidence_is_where_the_form_has_a_place_for_it_and_where_the_pack_asks_for_it(asked: bool) -> None:
    trial = Trial()
    spec = KIND.duty(trial.duty.stage, trial.duty.key)
    assert spec is not None
    proofs = proofs_of(KIND.moves["defer"] if asked else spec, trial.world.now)
    first, *rest = proofs
    missing = ("proof_missing", f"/proofs/{first.slot}")
    assert trial.reasons(trial.command(asked, *rest)) == [missing]
    elsewhere = trial.command(asked, replace(first, slot="trousers"), *rest)
    assert trial.reasons(elsewhere) == [missing, ("slot_unknown", "/proofs/trousers")]
    paper = replace(first, evidence=replace(first.evidence, media_type="application/pdf"))
    assert trial.reasons(trial.command(asked, paper, *rest)) == [("slot_for_photos", f"/proofs/{first.slot}")]
    assert trial.reasons(trial.command(asked, *proofs)) == []
    case = trial.world.cases[CASE]
    assert (case.moves[1].proofs if asked else case.duties[trial.duty.no].proofs) == proofs
    assert set(case.every_proof()) == set(proofs)


def test_whoever_assists_has_only_the_places_of_their_own_form() -> None:
    trial = Trial()
    spec = KIND.duty(trial.duty.stage, trial.duty.key)
    assert spec is not None
    (piece, *_) = proofs_of(spec, trial.world.now)
    trial.duty = trial.owed("assist")
    by = trial.world.plant.holders(trial.duty.party, trial.world.now)[0]
    form = form_of("assist", "done", "", trial.world.now)
    of_the_lead = c.Discharge(by=by, duty=trial.duty.no, form=form, proofs=(piece,))
    assert trial.reasons(of_the_lead) == [("slot_unknown", f"/proofs/{piece.slot}")]
    own = c.Discharge(by=by, duty=trial.duty.no, form=form, proofs=(replace(piece, slot="photo"),))
    assert trial.reasons(own) == []


def test_a_signature_is_drawn_and_no_file_stands_for_it() -> None:
    trial = Trial()
    duty = trial.duty
    spec = KIND.duty(duty.stage, duty.key)
    assert spec is not None
    proofs = proofs_of(spec, trial.world.now)
    missing, misplaced = (("signature_missing", "/proofs/signature"), ("slot_for_signature", "/proofs/signature"))
    file = replace(proofs[0], slot="signature")
    assert trial.reasons(trial.command(False, *proofs, sign=False)) == [missing]
    assert trial.reasons(trial.command(False, *proofs, file, sign=False)) == [missing, misplaced]
    assert trial.reasons(trial.command(False, *proofs, file)) == [misplaced]
    assert trial.reasons(trial.command(False, *proofs)) == []
