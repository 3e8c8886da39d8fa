"""Papers on the pure core: who issues which and when, that a number is given once, and that they come back signed."""

from datetime import UTC, datetime, timedelta

import pytest
from core_forms import form_of, proofs_of

from anhuan.core.case import commands as c
from anhuan.core.case import events as e
from anhuan.core.case.events import Proof
from anhuan.core.case.evolve import IllegalTransition, evolve
from anhuan.core.case.issuing import SIGNED_COPY
from anhuan.core.case.may import May
from anhuan.core.case.outcome import Reason, Refused
from anhuan.core.case.state import Case
from anhuan.domain.evidence import Evidence, Sha256
from anhuan.domain.ids import CaseId, PersonId
from anhuan.testing.core_world import CoreWorld, codes
from anhuan.testing.plants import GOOD_REPORT, demo_plant, shipped_pack
from anhuan.testing.signed import signed

CASE = CaseId("case-1")
KIND = shipped_pack("finding").kinds["finding"]
OFFICER, REPORTER = PersonId("p-003"), PersonId("p-023")
NOTICE, REPLY = "rectification_notice", "rectification_reply"
AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SHA = Sha256("ab" * 32)


@pytest.fixture
def world() -> CoreWorld:
    """A finding that waits for its rectification."""
    world = CoreWorld({"finding": KIND}, demo_plant(), AT)
    assert codes(world.open("finding", REPORTER, GOOD_REPORT)) == ()
    world.now += timedelta(hours=1)
    return world


def issue(paper: str, number: str, by: PersonId | None = OFFICER) -> c.IssuePaper:
    return c.IssuePaper(by=by, paper=paper, number=number, language="zh", sha256=SHA, size_bytes=9)


def scan(text: str) -> Proof:
    sha256 = Sha256(text * 64)
    evidence = Evidence(sha256=sha256, kind="scan", media_type="image/jpeg", size_bytes=9, received_at=AT)
    return Proof(slot=SIGNED_COPY, evidence=evidence)


def rectify(world: CoreWorld) -> PersonId:
    """The work is done by whoever leads it."""
    duty = next(d for d in world.cases[CASE].open_duties() if (d.key, d.part) == ("rectify", "lead"))
    spec = KIND.duty(duty.stage, duty.key)
    assert spec is not None
    by = world.plant.holders(duty.party, world.now)[0]
    form, proofs = form_of("rectify", "done", "", world.now), proofs_of(spec, world.now)
    command = c.Discharge(by=by, duty=duty.no, form=form, proofs=proofs)
    assert codes(world.carry_out(CASE, signed(command, CASE, spec, duty.part, world.now))) == ()
    return by


def finish_one(world: CoreWorld) -> None:
    """One of the duties beside the lead's is done."""
    (duty, *_) = world.cases[CASE].open_duties()
    by = world.plant.holders(duty.party, world.now)[0]
    form = form_of("assist" if duty.key == "rectify" else "receipt", "done", "", world.now)
    assert codes(world.carry_out(CASE, c.Discharge(by=by, duty=duty.no, form=form))) == ()


def reasons(world: CoreWorld, command: c.CaseCommand) -> list[Reason]:
    outcome = world.carry_out(CASE, command)
    return list(outcome.reasons) if isinstance(outcome, Refused) else []


def test_an_issued_paper_keeps_its_number_its_bytes_and_who_issued_it(world: CoreWorld) -> None:
    version = world.cases[CASE].version
    assert codes(world.carry_out(CASE, issue(NOTICE, "ZGTZ-2026-000001"))) == ()
    (paper,) = world.cases[CASE].papers.values()
    assert (paper.paper, paper.by, paper.issued_at, paper.sha256) == (NOTICE, OFFICER, world.now, SHA)
    assert paper.version == version
    assert OFFICER in world.cases[CASE].noted_by and OFFICER not in world.cases[CASE].actors()
    again = reasons(world, issue(NOTICE, "ZGTZ-2026-000001"))
    assert [reason.code for reason in again] == ["paper_number_taken"]
    assert codes(world.carry_out(CASE, issue(NOTICE, "ZGTZ-2026-000002"))) == ()
    assert list(world.cases[CASE].papers) == ["ZGTZ-2026-000001", "ZGTZ-2026-000002"]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (issue("wanted_poster", "X-1"), "paper_not_of_kind"),
        (issue(REPLY, "X-1"), "paper_before_its_time"),
        (issue(NOTICE, "X-1", PersonId("p-024")), "may_not_issue"),
        (issue(NOTICE, "X-1", None), "person_needed"),
    ],
)
def test_it_is_refused_with_its_reason(world: CoreWorld, command: c.IssuePaper, code: str) -> None:
    before = world.cases[CASE]
    assert [reason.code for reason in reasons(world, command)] == [code]
    assert world.cases[CASE] == before


def test_what_a_page_offers_is_what_is_granted(world: CoreWorld) -> None:
    for paper in KIND.papers.values():
        for person in (OFFICER, REPORTER, PersonId("p-024"), None):
            offered = May(KIND, world.cases[CASE], world.plant, person, world.now).issue(paper)
            told = world.decide(CASE, world.cases[CASE], issue(paper.key, "X-1", person))
            assert codes(told) == ((offered.code,) if offered else ())


def test_the_reply_is_for_whoever_did_the_work_and_the_notice_for_before(world: CoreWorld) -> None:
    rectifier = rectify(world)
    while world.cases[CASE].stage == "rectify":
        finish_one(world)
    assert codes(world.carry_out(CASE, issue(REPLY, "ZGHF-2026-000001", rectifier))) == ()
    blind, site = sorted(world.cases[CASE].open_duties(), key=lambda duty: duty.key)
    assert blind.blind and not site.blind
    for checks in (blind, site):
        checker = world.plant.holders(checks.party, world.now)[0]
        assert [reason.code for reason in reasons(world, issue(REPLY, "X-1", checker))] == ["may_not_issue"]


def test_a_signed_paper_comes_back_once_and_is_evidence_of_the_case(world: CoreWorld) -> None:
    assert codes(world.carry_out(CASE, issue(NOTICE, "ZGTZ-2026-000001"))) == ()
    back = c.ReturnPaper(by=REPORTER, number="ZGTZ-2026-000001", proof=scan("c"))
    assert codes(world.carry_out(CASE, back)) == ()
    version = world.cases[CASE].version
    assert codes(world.carry_out(CASE, back)) == ()
    assert world.cases[CASE].version == version
    assert world.cases[CASE].papers["ZGTZ-2026-000001"].returned == (scan("c"),)
    assert scan("c") in world.cases[CASE].every_proof()
    assert [r.code for r in reasons(world, c.ReturnPaper(by=REPORTER, number="ZGTZ-9", proof=scan("d")))] == [
        "paper_unknown"
    ]
    nobody = c.ReturnPaper(by=None, number="ZGTZ-2026-000001", proof=scan("d"))
    assert [reason.code for reason in reasons(world, nobody)] == ["person_needed"]


def test_no_log_gives_a_number_twice(world: CoreWorld) -> None:
    issued = e.PaperIssued(at=AT, by=OFFICER, paper=NOTICE, number="Z-1", language="zh", sha256=SHA, size_bytes=9)
    once = evolve(world.cases[CASE], issued)
    with pytest.raises(IllegalTransition):
        evolve(once, issued)
    with pytest.raises(IllegalTransition):
        evolve(Case(), issued)
