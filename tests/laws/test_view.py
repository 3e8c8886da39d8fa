"""What people read of a case: every event in words, every gate with its why, and the blind copy that names nobody."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import get_args

import orjson
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from anhuan.app.projection import case_row
from anhuan.app.view.blind import MASK, blind_case, blind_row, mask_of, own_blind
from anhuan.app.view.brief import case_fields, row_fields
from anhuan.app.view.kinds import kind_view, table_views
from anhuan.app.view.lens import Lens, house_words
from anhuan.app.view.page import case_page, look_at
from anhuan.app.view.timeline import timeline
from anhuan.app.viewing import acting_for, parts_seen
from anhuan.core.case import commands as c
from anhuan.core.case.decide import decide
from anhuan.core.case.events import BARRED, CALENDAR_CHANGED, SILENCE, UNHELD, CaseEvent, Proof
from anhuan.core.case.outcome import Decision, Facts
from anhuan.core.case.stages import DONE, INTAKE
from anhuan.core.case.state import Case, Duty
from anhuan.core.policy import Deed
from anhuan.core.signature import Drawing, Point, SignedMatter, sign
from anhuan.domain.evidence import Evidence, ExifClaims, GpsFix, PlaceProof, QrScan, Sha256
from anhuan.domain.ids import CaseId, DutyNo, EquipmentId, PersonId
from anhuan.domain.party import PersonParty, party_text, read_party
from anhuan.domain.plant_items import Person
from anhuan.testing.plants import A_TUESDAY_MORNING, GOOD_REPORT, demo_plant, shipped_pack

PACK = shipped_pack("finding")
KIND = PACK.kinds["finding"]
PLANT = demo_plant()
PEOPLE = sorted(PLANT.every(Person))
SEED = b"7" * 32
REPORTER = PersonId("p-023")
DEVICE = "Galaxy of p-114, 彭's phone"
SOURCE = Path(__file__).parents[2] / "src" / "anhuan"


def lens_of(viewer: str | None, at: datetime, language: str = "zh") -> Lens:
    person = PersonId(viewer) if viewer else None
    return Lens(PLANT, PACK, KIND, language, person, at, lambda reason, _: f"why:{reason.code}")  # type: ignore[arg-type]


class Story:
    """A case as commands make it, with everything that happened."""

    def __init__(self) -> None:
        self.case = Case()
        self.events: list[CaseEvent] = []
        self.at = A_TUESDAY_MORNING

    def do(self, command: c.CaseCommand) -> "Story":
        self.at += timedelta(minutes=5)
        outcome = decide(KIND, self.case, Facts(PLANT, "k1", {}), command, self.at, SEED)
        assert isinstance(outcome, Decision), outcome
        self.case = outcome.case
        self.events += outcome.events
        return self

    def duty(self, key: str) -> Duty:
        return next(duty for duty in self.case.open_duties() if duty.key == key)

    def holder(self, duty: Duty) -> PersonId:
        return PLANT.holders(duty.party, self.at)[0]


def photo(letter: str, by: PersonId, at: datetime, where: PlaceProof | None = None) -> Evidence:
    return Evidence(
        sha256=Sha256(letter * 64),
        kind="photo",
        media_type="image/jpeg",
        size_bytes=1000,
        received_at=at,
        captured_at=at,
        captured_where=where or PlaceProof(scan=QrScan(equipment=EquipmentId("eq-P-1601"))),
        device=DEVICE,
        captured_by=by,
        file_name=f"{PLANT.name_of(by)}.jpg",
        exif=ExifClaims(camera=DEVICE, gps=GpsFix(lat=31.0, lon=121.0)),
    )


def rectified(names_in_texts: str = "") -> Story:
    """The article's electrical finding, rectified with proofs and signatures, waiting for its blind check."""
    story = Story()
    form = {**GOOD_REPORT, "description": f"控制柜接地线断开，有触电风险。{names_in_texts}", "finder": "p-024"}
    story.do(c.OpenCase(by=REPORTER, case=CaseId("c1"), kind="finding", number="YH-2026-000123", form=form))
    while receipts := [duty for duty in story.case.open_duties() if duty.key == "receipt"]:
        story.do(
            c.Discharge(by=story.holder(receipts[0]), duty=receipts[0].no, form={"note": names_in_texts or "收到"})
        )
    story.do(c.AddNote(by=PersonId("p-021"), text=f"现场已确认。{names_in_texts}"))
    ask_to_wait(story, names_in_texts)
    while duties := [duty for duty in story.case.open_duties() if duty.key == "rectify"]:
        rectify(story, duties[0], names_in_texts)
    assert story.case.stage == "verify"
    return story


def ask_to_wait(story: Story, names: str) -> None:
    """A deferral that is not granted: its photo and its signed paper stay on the case."""
    lead = next(duty for duty in story.case.open_duties() if duty.key == "rectify" and duty.part == "lead")
    by = story.holder(lead)
    form = {
        "until": (story.at + timedelta(days=3)).isoformat(),
        "deferral_reason": "waiting_parts",
        "reason": f"等待备件到货。{names}",
        "containment": f"停机挂牌，禁止启动。{names}",
    }
    proofs = (
        Proof(slot="photo_containment", evidence=photo("e", by, story.at)),
        Proof(slot="document", evidence=paper("f", story.at)),
    )
    story.do(c.AskMove(by=by, move="defer", duty=lead.no, form=form, proofs=proofs))
    approval = story.duty("defer_approval")
    refused = {"reason": "备件库存充足，无需等待。"}
    story.do(c.Discharge(by=story.holder(approval), duty=approval.no, outcome="refuse", form=refused))


def paper(letter: str, at: datetime) -> Evidence:
    return Evidence(sha256=Sha256(letter * 64), kind="scan", media_type="application/pdf", size_bytes=9, received_at=at)


def rectify(story: Story, duty: Duty, names: str) -> None:
    by = story.holder(duty)
    if duty.part == "assist":
        story.do(c.Discharge(by=by, duty=duty.no, form={"done": f"已配合停电挂牌并监护完成。{names}"}))
        return
    form = {
        "containment": f"停机挂牌，禁止启动。{names}",
        "root_cause": f"接地线压接端子松动疲劳断裂。{names}",
        "measure": f"更换接地线并紧固端子，复测接地电阻。{names}",
    }
    if story.case.reopened:
        form["corrective_action"] = "列入每月点检。"
    pieces = tuple(
        Proof(slot=slot, evidence=photo(letter, by, story.at + timedelta(minutes=later)))
        for slot, letter, later in (("photo_before", "a", -1), ("photo_after", "b", 0))
    )
    drawing = Drawing(width=100, height=50, strokes=((Point(1, 1), Point(90, 40)),))
    matter = SignedMatter(case=story.case.id, duty=duty.no, form=form, evidence=(), statement=f"本人 {names}")
    signature = sign(matter, drawing, signer=by, signed_at=story.at)
    proofs = (*pieces, Proof(slot="signed_paper", evidence=paper("d", story.at)))
    story.do(c.Discharge(by=by, duty=duty.no, form=form, proofs=proofs, signature=signature))


def all_views(story: Story, viewer: str, language: str) -> str:
    """Everything that any view says of the case, as one JSON text."""
    lens = lens_of(viewer, story.at, language)
    looked = look_at(story.case, lens)
    row = case_row("t", story.case)
    of_row = row_fields(blind_row(row, PLANT) if looked.blind else row, (), lens, looked.blind)
    brief = case_fields(looked.shown, (), lens, looked.blind)
    assert brief == of_row
    views = [case_page(looked, story.events, {}), timeline(looked, story.events, {}), brief]
    return orjson.dumps(views).decode()


def traces(people: Iterator[PersonId] | frozenset[PersonId], text: str) -> list[str]:
    """Names, numbers and ids of people that stand in a text."""
    found = []
    for person in people:
        record = PLANT.person(person)
        assert record is not None
        marks = [record.name, *record.aliases, *(rf"\b{mark}\b" for mark in (record.number, record.id) if mark)]
        found += [mark for mark in marks if re.search(mark, text)]
    return found


# --- the blind copy


@pytest.mark.parametrize("language", ["zh", "en"])
@given(mentioned=st.lists(st.sampled_from(PEOPLE), max_size=4), glue=st.sampled_from(["", " ", "，"]))
@settings(max_examples=15, deadline=None)
def test_nobody_who_acted_is_named_in_anything_that_the_blind_checker_gets(
    language: str, mentioned: list[str], glue: str
) -> None:
    people = [PLANT.person(PersonId(p)) for p in (*mentioned, "p-023", "p-024")]
    names = glue.join(f"{person.name}（{person.number}）{person.id} " for person in people if person)
    story = rectified(names)
    checker = story.duty("desk").party
    assert isinstance(checker, PersonParty)
    text = all_views(story, checker.person, language)
    others = frozenset(PersonId(p) for p in PLANT.every(Person)) - {checker.person}
    assert not traces(others, text)
    for secret in ("Galaxy", "strokes", "d" * 64, "f" * 64, "electricians", "电工班", "p-114", "seed", "candidates"):
        assert secret not in text, secret


def test_without_the_blind_copy_they_would_be_named() -> None:
    story = rectified("高峰")
    text = all_views(story, "p-001", "zh")
    assert len(traces(story.case.actors(), text)) >= 3
    assert "strokes" in text and "电工班" in text and "f" * 64 in text


def test_the_blind_checker_sees_the_work_itself_and_may_judge_it() -> None:
    story = rectified()
    duty = story.duty("desk")
    assert isinstance(duty.party, PersonParty)
    looked = look_at(story.case, lens_of(duty.party.person, story.at))
    page = case_page(looked, story.events, {})
    assert page.blind and page.risk_level == "red" and page.equipment is not None
    done = next(view for view in page.duties if view.key == "rectify" and view.part == "lead")
    assert "更换接地线" in done.form["measure"]
    assert {file.slot for file in done.files} == {"photo_before", "photo_after"}
    assert done.comparison is not None and done.signature is None and done.ended_by is None
    (wish,) = page.moves
    assert [(file.slot, file.captured_by) for file in wish.files] == [("photo_containment", None)]
    (told,) = (item for item in timeline(looked, story.events, {}) if item.type == "MoveAsked")
    assert [file["sha256"] for file in told.detail["files"]] == ["e" * 64]
    own = next(view for view in page.duties if view.no == duty.no)
    assert own.may.do.ok and own.party.id == duty.party.person
    assert all(duty.party.kind == "hidden" for duty in page.duties if duty.no != own.no)


def test_once_decided_the_checker_sees_everything() -> None:
    story = rectified()
    duty = story.duty("desk")
    assert isinstance(duty.party, PersonParty)
    checker = duty.party.person
    story.do(c.Discharge(by=checker, duty=duty.no, outcome="pass", form={"note": "照片前后一致，接地电阻复测合格。"}))
    assert not own_blind(story.case, checker, PLANT, story.at)
    assert traces(story.case.actors() - {checker}, all_views(story, checker, "zh"))


@pytest.mark.parametrize("viewer", ["p-023", "p-001", "p-003"])
def test_who_checks_stays_untold_until_the_decision(viewer: str) -> None:
    story = rectified()
    duty = story.duty("desk")
    assert isinstance(duty.party, PersonParty)
    checker = duty.party.person
    looked = look_at(story.case, lens_of(viewer, story.at))
    view = next(d for d in case_page(looked, story.events, {}).duties if d.no == duty.no)
    assert (view.party.kind, view.party.id, view.holders, view.rungs) == ("hidden", None, [], [])
    drawn = [item for item in timeline(looked, story.events, {}) if item.type in ("VerifierDrawn", "DutyOpened")]
    about = [item for item in drawn if item.detail["duty"] == duty.no]
    assert len(about) == 2
    assert not traces(frozenset({checker}), orjson.dumps(about).decode())
    story.do(c.Discharge(by=checker, duty=duty.no, outcome="pass", form={"note": "照片前后一致，接地电阻复测合格。"}))
    later = timeline(look_at(story.case, lens_of(viewer, story.at)), story.events, {})
    drawn_now = next(item for item in later if item.type == "VerifierDrawn")
    assert PLANT.name_of(checker) in drawn_now.text and checker in drawn_now.detail["candidates"]


def test_a_team_does_not_learn_that_one_of_theirs_was_drawn() -> None:
    story = rectified()
    party = story.duty("desk").party
    assert isinstance(party, PersonParty)
    row = case_row("t", story.case)
    mates = [mate for mate in PLANT.members(PLANT.person(party.person).team) if mate != party.person]  # type: ignore[union-attr,arg-type]
    strangers = [m for m in mates if not acting_for(PLANT, m, story.at) & set(row.parts)]
    assert all(parts_seen(PLANT, mate, story.at).isdisjoint(row.parts) for mate in strangers)
    assert not parts_seen(PLANT, party.person, story.at).isdisjoint(row.parts)


def test_masking_keeps_what_is_no_name() -> None:
    mask = mask_of(PLANT)
    assert mask.text("YH-2026-100231 读数 110009 kPa") == "YH-2026-100231 读数 110009 kPa"
    assert mask.text("请找10009或p-009") == f"请找{MASK}或{MASK}"
    assert mask.form({"to": "team:electricians", "finder": "p-009", "list": ["p-009"], "n": 3}) == {
        "list": [MASK],
        "n": 3,
    }


def test_the_blind_copy_is_a_whole_case_still() -> None:
    story = rectified()
    own = frozenset({story.duty("desk").no})
    shown = blind_case(story.case, own, PLANT)
    assert shown.status is story.case.status and shown.version == story.case.version
    assert [duty.status for duty in shown.duties.values()] == [duty.status for duty in story.case.duties.values()]


# --- words


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_event_of_a_whole_life_is_told_without_a_gap(language: str) -> None:
    story = rectified()
    desk = story.duty("desk")
    for key in ("desk", "site"):
        duty = story.duty(key)
        own = tuple(
            [Proof(slot="own_photo", evidence=photo("c", story.holder(duty), story.at))] if key == "site" else []
        )
        form = {"note": "逐项核对照片与记录，接地电阻复测合格。"}
        story.do(c.Discharge(by=story.holder(duty), duty=duty.no, outcome="pass", form=form, proofs=own))
    assert story.case.closed_at is not None
    items = timeline(look_at(story.case, lens_of("p-001", story.at, language)), story.events, {})
    assert [item.version for item in items] == list(range(1, len(story.events) + 1))
    assert not [item.text for item in items if "…" in item.text or "{" in item.text or "event." in item.text]
    assert desk.no


def test_every_event_type_is_told() -> None:
    from anhuan.app.view.timeline import _Teller

    teller = _Teller(look_at(rectified().case, lens_of("p-001", A_TUESDAY_MORNING)), {})
    assert set(teller._tell) == set(get_args(CaseEvent))


def test_both_languages_have_the_same_words() -> None:
    zh, en = house_words("zh"), house_words("en")
    assert zh.keys() == en.keys()
    blanks = re.compile(r"\{(\w+)\}")
    assert {key: set(blanks.findall(zh[key])) for key in zh} == {key: set(blanks.findall(en[key])) for key in en}


def test_every_template_and_reason_of_the_source_has_words() -> None:
    words = house_words("zh")
    core = "\n".join(path.read_text(encoding="utf-8") for path in (SOURCE / "core").rglob("*.py"))
    reasons = set(re.findall(r'because(?:=|": )"([a-z_]+)"', core)) | {
        SILENCE,
        UNHELD,
        BARRED,
        CALENDAR_CHANGED,
        DONE,
        INTAKE,
    }
    reasons |= set(re.findall(r'(?:cancel|leave)\([^"\n]*"([a-z_]+)"', core))
    assert {"stage_left", "measure_ineffective", "draw_fell_back", "quorum_reached"} <= reasons
    assert {f"because.{reason}" for reason in reasons} <= words.keys()
    rungs = {f"event.rung_{why}{nobody}" for why in (SILENCE, UNHELD, BARRED) for nobody in ("", "_nobody")}
    assert rungs <= words.keys()
    told = (SOURCE / "app/view/timeline.py").read_text(encoding="utf-8")
    choosing = [line for line in told.splitlines() if "template = " in line and 'f"' not in line]
    templates = set(re.findall(r'return "([a-z_]+)", ', told)) | set(re.findall(r'"([a-z_]+)"', "\n".join(choosing)))
    assert {"opened_for", "closed", "revised", "move_fell_away"} <= templates
    told_of = {f"event.{template}" for template in templates} | rungs
    assert told_of == {key for key in words if key.startswith("event.")}
    notices = set(re.findall(r'notify\(\s*f?"([a-z_]+)["{:]', core))
    notices |= {UNHELD, BARRED, "move_granted", "move_refused", *(f"duty.{deed}" for deed in Deed)}
    assert {"duty", "rung", "closed"} <= notices
    assert {f"notice.{notice}" for notice in notices - {"duty"}} <= words.keys()


# --- gates, kinds, parties


def test_every_gate_that_is_shut_says_why() -> None:
    story = rectified()
    page = case_page(look_at(story.case, lens_of("p-150", story.at)), story.events, {})
    gates = [page.may.revise, page.may.note, *page.may.moves]
    for duty in page.duties:
        gates += [duty.may.do, duty.may.claim, *duty.may.moves]
    assert any(not gate.ok for gate in gates) and any(gate.ok for gate in gates)
    assert all(gate.ok or gate.why for gate in gates)


def test_a_gate_says_what_decide_says() -> None:
    story = rectified()
    for person in PEOPLE[::7]:
        page = case_page(look_at(story.case, lens_of(person, story.at)), story.events, {})
        for duty in page.duties:
            command = c.Claim(by=PersonId(person), duty=DutyNo(duty.no))
            outcome = decide(KIND, story.case, Facts(PLANT), command, story.at, SEED)
            gate = duty.may.claim
            assert isinstance(outcome, Decision) >= gate.ok
            command_done = c.Discharge(by=PersonId(person), duty=DutyNo(duty.no), outcome="no such outcome")
            refused = decide(KIND, story.case, Facts(PLANT), command_done, story.at, SEED)
            codes = {f"why:{reason.code}" for reason in getattr(refused, "reasons", ())}
            assert duty.may.do.why in codes if not duty.may.do.ok else "why:outcome_unknown" in codes


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("pack_name", ["finding", "equipment_round", "plant_care"])
def test_a_kind_and_its_tables_are_told_in_words(pack_name: str, language: str) -> None:
    pack = shipped_pack(pack_name)
    for kind in pack.kinds.values():
        lens = Lens(PLANT, pack, kind, language, None, A_TUESDAY_MORNING, lambda reason, _: reason.code)  # type: ignore[arg-type]
        view = kind_view(lens)
        assert view.name != kind.key and view.form == pack.forms[kind.form].schema
        names = [stage.name for stage in view.stages] + [duty.name for stage in view.stages for duty in stage.duties]
        names += [move.name for move in view.moves] + [outcome.name for outcome in view.outcomes]
        assert all(re.search(r"[A-Z\u4e00-\u9fff]", name) for name in names), names
        cells = [cell for table in table_views(lens) for row in table.rows for cell in row.cells]
        assert not [cell for cell in cells if re.search(r"post:|team:|unit:|PT\d|'", cell)]


@given(person=st.sampled_from(PEOPLE))
@settings(max_examples=20, deadline=None)
def test_whoever_a_person_may_act_for_is_what_the_plant_says(person: str) -> None:
    acting = acting_for(PLANT, PersonId(person), A_TUESDAY_MORNING)
    assert all(party_text(read_party(text)) == text for text in acting)
    assert all(PLANT.answers_for(PersonId(person), read_party(text), A_TUESDAY_MORNING) for text in acting)
    assert {party_text(party) for party in PLANT.parties_of(PersonId(person), A_TUESDAY_MORNING)} <= acting


def test_the_words_files_are_read() -> None:
    for language in ("zh", "en"):
        text = (SOURCE / "app/view/words" / f"{language}.yaml").read_text(encoding="utf-8")
        assert all(isinstance(key, str) and isinstance(word, str) for key, word in yaml.safe_load(text).items())
