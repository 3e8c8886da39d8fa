"""The full check and an export's verification name whatever was changed behind the program's back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from anhuan.app.fsck.check import Fsck
from anhuan.app.fsck.report import FsckReport
from anhuan.app.handle import NewCase
from anhuan.app.ledger_export import NothingToExport, export_log
from anhuan.connectors.ledger_files import LedgerFolder
from anhuan.core.case import commands as c
from anhuan.core.case.events import Proof
from anhuan.domain.evidence import Evidence, Sha256
from anhuan.domain.ids import PersonId
from anhuan.ledger.checkpoint import open_checkpoint
from anhuan.ledger.errors import Code, LedgerError
from anhuan.ledger.verify import verify
from anhuan.storage.fsck import PostgresFsck
from anhuan.testing.plants import GOOD_REPORT, TestHouse

KIND = "finding"


async def report(house: TestHouse) -> str:
    new = NewCase(kind=KIND, form=GOOD_REPORT)
    return (await house.house.handler.open(house.tenant, house.reporter, new)).case.id


async def check(house: TestHouse) -> FsckReport:
    key = house.house.secrets.signer(house.tenant).verifier_key
    fsck = Fsck(PostgresFsck(house.house.app_pool), house.house.snapshots)
    return await fsck.check(house.tenant, key, lambda *_: None)


async def differences(house: TestHouse) -> list[tuple[str, Mapping[str, object]]]:
    return [(found.code, found.params) for found in (await check(house)).differences]


async def codes(house: TestHouse) -> set[str]:
    return {code for code, _ in await differences(house)}


async def asked_to_wait(house: TestHouse, case: str) -> None:
    """A deferral, with a photo of its containment."""
    found = await house.house.handler.case(house.tenant, case)
    duty = next(d for d in found.open_duties() if d.key == "rectify" and d.part == "lead")
    plant = (await house.house.snapshots.get(house.tenant)).plant
    evidence = Evidence(
        sha256=Sha256("ab" * 32), kind="photo", media_type="image/jpeg", size_bytes=1, received_at=house.time.now
    )
    form = {
        "until": (house.time.now + timedelta(days=9)).isoformat(),
        "deferral_reason": "waiting_parts",
        "reason": "等待备件到货",
        "containment": "停机挂牌，拉警戒线隔离",
    }
    proofs = (Proof(slot="photo_containment", evidence=evidence),)
    by = plant.holders(duty.party, house.time.now)[0]
    command = c.AskMove(by=by, move="defer", duty=duty.no, form=form, proofs=proofs)
    handled = await house.house.handler.on(house.tenant, case, command)
    assert handled.case.moves[1].proofs == proofs


async def put_on_paper(house: TestHouse, case: str) -> None:
    """A notice that was issued and came back signed."""
    scan = Evidence(
        sha256=Sha256("cd" * 32), kind="scan", media_type="image/jpeg", size_bytes=1, received_at=house.time.now
    )
    issue = c.IssuePaper(
        by=PersonId("p-003"),
        paper="rectification_notice",
        number="ZGTZ-2026-000001",
        language="zh",
        sha256=Sha256("ef" * 32),
        size_bytes=9,
    )
    back = c.ReturnPaper(by=house.reporter, number=issue.number, proof=Proof(slot="signed_copy", evidence=scan))
    await house.house.handler.on(house.tenant, case, issue)
    handled = await house.house.handler.on(house.tenant, case, back)
    assert handled.case.papers[issue.number].returned == (back.proof,)


async def lived(house: TestHouse) -> str:
    """A case with some history, all of it entered."""
    case = await report(house)
    house.time.now += timedelta(days=2)
    await house.run_timers()
    await house.run_effects()
    await house.house.handler.on(house.tenant, case, c.AddNote(by=house.reporter, text="still broken"))
    await put_on_paper(house, case)
    await asked_to_wait(house, case)
    await house.house.sequencer.step()
    assert await differences(house) == []
    return case


async def test_a_sound_tenant_is_found_sound_and_what_waits_is_counted(house: TestHouse) -> None:
    await lived(house)
    await report(house)
    found = await check(house)
    assert found.sound
    assert found.pending == found.events - found.entries > 0


async def test_another_tenants_damage_is_not_looked_at(house: TestHouse) -> None:
    other = await house.another_tenant()
    await house.house.sequencer.step()
    await house.superuser_does("UPDATE event SET payload = '{}' WHERE tenant_id = %s", other)
    assert await differences(house) == []


TAMPERED = {
    "case_row": ("UPDATE case_row SET title = 'nothing wrong' WHERE id = %s", "case_differs"),
    "case_row gone": ("DELETE FROM case_row WHERE id = %s", "case_without_row"),
    "duty": ("UPDATE duty_row SET due_at = due_at + interval '1 day' WHERE case_id = %s", "duty_differs"),
    "breach": ("UPDATE duty_row SET breached_at = NULL WHERE case_id = %s", "duty_differs"),
    "duty gone": ("DELETE FROM duty_row WHERE case_id = %s", "duty_missing"),
    "timer": ("UPDATE timer SET due_at = due_at + interval '1 year' WHERE case_id = %s", "timer_differs"),
    "timer gone": ("DELETE FROM timer WHERE case_id = %s", "timer_missing"),
    "event": (
        "UPDATE event SET payload = replace(payload, 'still broken', 'mended') WHERE stream = %s",
        "event_not_as_entered",
    ),
    "bytes of a paper": (
        "UPDATE event SET payload = replace(payload, 'efefefef', 'edededed') WHERE stream = %s",
        "event_not_as_entered",
    ),
    "proof of a wish": (
        "UPDATE event SET payload = replace(payload, 'photo_containment', 'photo_of_nothing') WHERE stream = %s",
        "event_not_as_entered",
    ),
    "event's column": ("UPDATE event SET by_person = 'p-149' WHERE stream = %s", "event_column_differs"),
    "salt": ("UPDATE event SET salt = sha256(salt) WHERE stream = %s AND version = 1", "event_not_as_entered"),
    "events gone": ("DELETE FROM event WHERE stream = %s", "entry_without_event"),
    "last event gone": (
        "DELETE FROM event WHERE stream = %s AND type = 'NoteAdded'",
        "entry_without_event",
    ),
    "first event gone": ("DELETE FROM event WHERE stream = %s AND version = 1", "version_missing"),
    "entry": (
        "UPDATE ledger_entry SET entry = entry || ' ' WHERE stream = %s AND version = 1",
        "event_not_as_entered",
    ),
    "entry gone": ("DELETE FROM ledger_entry WHERE stream = %s AND version = 1", "event_not_entered"),
    "entry moved": (
        "UPDATE ledger_entry SET version = -version WHERE stream = %s",
        "event_not_entered",
    ),
    "entered again": (
        (
            "INSERT INTO ledger_pending (tenant_id, stream, version) SELECT tenant_id, stream, 1 FROM event "
            "WHERE stream = %s AND version = 1"
        ),
        "entered_and_pending",
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
async def test_a_change_behind_the_programs_back_is_named(house: TestHouse, what: str) -> None:
    case = await lived(house)
    statement, code = TAMPERED[what]
    await house.superuser_does(statement, case)
    found = await differences(house)
    named = [params for found_code, params in found if found_code == code]
    assert named
    assert any(case in (params.get("case"), params.get("stream")) for params in named)


PLANT_TAMPERED = {
    "item": ("UPDATE plant_item SET body = body || '{\"name\": \"x\"}' WHERE kind = 'area'", "item_differs"),
    "item gone": ("DELETE FROM plant_item WHERE kind = 'deputy' OR kind = 'area'", "item_missing"),
    "item put in": (
        (
            "INSERT INTO plant_item SELECT tenant_id, kind, 'more', body, version FROM plant_item "
            "WHERE id = 'area-press'"
        ),
        "item_unfounded",
    ),
    "version": ("UPDATE tenant SET plant_version = plant_version + 1", "plant_version_differs"),
    "pack": ('UPDATE pack_version SET files = files || \'{"x": "y"}\'', "pack_differs"),
    "tile": (
        "UPDATE ledger_tile SET hashes = set_byte(hashes, 40, (get_byte(hashes, 40) + 1) %% 256)",
        "tile_differs",
    ),
    "tile put in": ("INSERT INTO ledger_tile SELECT tenant_id, 5, 0, hashes FROM ledger_tile", "tile_count_differs"),
    "head": ("UPDATE ledger_head SET edge = set_byte(edge, 20, 7)", "head_differs"),
    "head unreadable": ("UPDATE ledger_head SET edge = 'x'", "checkpoint_unreadable"),
    "checkpoint": (
        "UPDATE ledger_head SET checkpoint = replace(checkpoint, 'anhuan/', 'other/')",
        "checkpoint_unreadable",
    ),
}


@pytest.mark.parametrize("what", PLANT_TAMPERED)
async def test_a_change_of_plant_packs_or_log_is_named(house: TestHouse, what: str) -> None:
    await lived(house)
    statement, code = PLANT_TAMPERED[what]
    await house.superuser_does(statement)
    assert code in await codes(house)


async def test_an_entry_exchanged_with_its_event_is_still_not_what_the_tree_says(house: TestHouse) -> None:
    await lived(house)
    await house.superuser_does("UPDATE ledger_entry SET index = -index - 1 WHERE index IN (3, 4)")
    await house.superuser_does("UPDATE ledger_entry SET index = CASE index WHEN -4 THEN 4 ELSE 3 END WHERE index < 0")
    assert {"tile_differs", "head_differs"} <= await codes(house)


# --- exports


async def exported(house: TestHouse, folder: Path) -> LedgerFolder:
    files = LedgerFolder(folder)
    key = house.house.secrets.signer(house.tenant).verifier_key
    await export_log(house.house.ledger, house.tenant, key, files, lambda *_: None)
    return files


async def test_an_export_verifies_and_the_next_one_goes_on(house: TestHouse, tmp_path: Path) -> None:
    key = house.house.secrets.signer(house.tenant).verifier_key
    with pytest.raises(NothingToExport):
        await exported(house, tmp_path)
    await lived(house)
    files = await exported(house, tmp_path)
    first = files.read("checkpoint")
    assert first is not None
    for _ in range(40):
        await report(house)
    await house.house.sequencer.step()
    done = await export_log(house.house.ledger, house.tenant, key, files, lambda *_: None)
    assert done.since == open_checkpoint(first, key).size < done.size
    assert done.size > 256
    found = verify(files.read, key, open_checkpoint(first, key))
    assert found.sound
    assert found.entries == done.size == (await house.superuser("SELECT count(*) FROM event"))[0][0]


async def test_an_export_of_another_log_into_the_same_folder_is_refused(house: TestHouse, tmp_path: Path) -> None:
    await lived(house)
    await exported(house, tmp_path)
    other = await house.another_tenant()
    await house.house.sequencer.step()
    with pytest.raises(LedgerError):
        await exported(replace(house, tenant=other), tmp_path)


async def test_history_that_was_rewritten_cannot_be_exported_over_the_old(house: TestHouse, tmp_path: Path) -> None:
    """The holder of key and database writes the whole log anew: an older checkpoint catches it."""
    case = await lived(house)
    files = await exported(house, tmp_path)
    key = house.house.secrets.signer(house.tenant).verifier_key
    old = open_checkpoint(files.read("checkpoint") or b"", key)
    await house.superuser_does(
        "UPDATE event SET payload = replace(payload, 'still broken', 'mended') WHERE stream = %s", case
    )
    for table in ("ledger_entry", "ledger_tile", "ledger_head"):
        await house.superuser_does(f"DELETE FROM {table}")
    await house.superuser_does(
        "INSERT INTO ledger_pending (tenant_id, stream, version) "
        "SELECT tenant_id, stream, version FROM event ORDER BY at"
    )
    await report(house)
    await house.house.sequencer.step()
    assert await codes(house) <= {"entered_out_of_order"}
    with pytest.raises(LedgerError) as refused:
        await exported(house, tmp_path)
    assert refused.value.code is Code.HISTORY_REWRITTEN
    (tmp_path / "anew").mkdir()
    anew = await exported(house, tmp_path / "anew")
    assert [found.code for found in verify(anew.read, key, old).faults] == [Code.HISTORY_REWRITTEN]
