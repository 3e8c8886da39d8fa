"""Where cases wait, in a real database: a deferral told by its stage, and what older databases become."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from anhuan import resources
from anhuan.app.fsck.check import Fsck
from anhuan.core.case.state import CaseStatus
from anhuan.core.counting import tally_live
from anhuan.core.figures import Question, figures, waited_hours
from anhuan.core.policy import Wait
from anhuan.core.waiting import seconds
from anhuan.domain.ids import CaseId
from anhuan.ports.statistics import Among
from anhuan.storage.embedded import Running
from anhuan.storage.fsck import PostgresFsck
from anhuan.storage.migrate import migrate
from anhuan.storage.statistics import PostgresStatistics
from anhuan.testing.databases import fresh_database
from anhuan.testing.plants import TestHouse
from anhuan.testing.stories import read_story
from anhuan.testing.story_houses import real_story_house
from anhuan.testing.story_player import Player

Connection = psycopg.Connection[tuple[object, ...]]
KIND = "finding"
STORIES = Path(__file__).parents[1] / "scenarios"
AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


async def test_a_deferral_is_told_by_its_stage_and_counts_as_such(house: TestHouse) -> None:
    """挂账 from 2 December to 28 December (played by the story): those days are deferral, not receipt."""
    await Player(read_story(STORIES / "06-deferral.case"), await real_story_house(house)).play()
    snapshot = await house.house.snapshots.get(house.tenant)
    ids = [id for (id,) in await house.superuser("SELECT id FROM case_row WHERE kind = %s", (KIND,))]
    cases = [await house.house.handler.case(house.tenant, CaseId(id)) for id in ids]
    (case,) = cases
    asked = Question(kind=KIND, zone=snapshot.plant.zone, today=house.time.now.date())
    tally = await PostgresStatistics(house.house.app_pool).tally(house.tenant, asked, Among(), "live")
    assert (case.status, tally.deferred, tally.overdue) == (CaseStatus.CLOSED, 1, 1)
    assert figures(tally) == figures(tally_live(cases, asked))
    waited = waited_hours(tally)
    assert waited == waited_hours(tally_live(cases, asked))
    entered = next(duty.opened_at for duty in case.duties.values() if duty.stage == "deferred")
    left = max(duty.ended_at for duty in case.duties.values() if duty.stage == "deferred" and duty.ended_at)
    assert waited[Wait.DEFERRAL] == round((left - entered).total_seconds() / 3600, 2) > 24 * 20
    assert case.cycle_s is not None
    assert abs(sum(waited.values()) - case.cycle_s / 3600) < 0.1
    report = await Fsck(PostgresFsck(house.house.app_pool), house.house.snapshots).check(
        house.tenant, None, lambda *_: None
    )
    assert not [found for found in report.differences if found.code in ("case_differs", "duty_differs")]


SPELLS = [
    ("acknowledge", 0, 2),
    ("acknowledge", 0, 1),
    ("perform", 0, 5),
    ("verify", 6, 9),
    ("approve", 7, 8),
    ("perform", 9, 9),
]


async def test_cases_from_before_are_told_by_their_deeds(postgres: Running, tmp_path: Path) -> None:
    before = tmp_path / "before"
    before.mkdir()
    for path in sorted((resources.path("schema") / "migrations").iterdir()):
        if path.name < "0008":
            (before / path.name).write_bytes(path.read_bytes())
    with fresh_database(postgres, template="template0") as database:
        migrate(database.owner, before)
        with psycopg.connect(database.superuser, autocommit=True) as connection:
            connection.execute(
                "INSERT INTO tenant (id, slug, name, language, time_zone, created_at) "
                "VALUES ('t', 't', 't', 'zh', 'Asia/Shanghai', now())"
            )
            for case, status in (("a", "closed"), ("b", "open"), ("c", "closed")):
                _old_case(connection, case, status)
            for no, (deed, begun, ended) in enumerate(SPELLS, 1):
                _old_duty(connection, "a", no, deed, AT + timedelta(hours=begun), AT + timedelta(hours=ended))
            for no, deed in enumerate(("verify", "acknowledge"), 1):
                _old_duty(connection, "b", no, deed, AT, None)
            for version, by in ((1, "p-001"), (2, None), (3, "p-002")):
                connection.execute(
                    "INSERT INTO event VALUES ('t', 'a', %s, 'DutyReassigned', now(), %s, '{}', '')", (version, by)
                )
        migrate(database.owner)
        with psycopg.connect(database.superuser) as connection:
            cases = connection.execute(
                "SELECT id, teams, waits_for, waited_s, deferrals, hand_overs FROM case_row ORDER BY id"
            ).fetchall()
    words = {"acknowledge": Wait.RECEIPT, "perform": Wait.WORK, "verify": Wait.VERIFICATION, "approve": Wait.APPROVAL}
    wanted = seconds((words[d], AT + timedelta(hours=b), AT + timedelta(hours=e)) for d, b, e in SPELLS)
    assert cases == [
        ("a", ["t1", "t2"], None, list(wanted), 0, 2),
        ("b", ["t1", "t2"], "receipt", None, 0, 0),
        ("c", ["t1", "t2"], None, [0, 0, 0, 0, 0], 0, 0),
    ]


def _old_case(connection: Connection, case: str, status: str) -> None:
    connection.execute(
        "INSERT INTO case_row (tenant_id, id, version, kind, pack, pack_version, number, title, status, stage, source, "
        "found_at, opened_at, imported, reopened, fields, search, parts) "
        "VALUES ('t', %s, 1, 'k', 'p', '1', %s, '', %s, '', 'report', now(), now(), false, 0, '{}', '', "
        "'{person:p,team:t2,team:t1}')",
        (case, case, status),
    )


def _old_duty(
    connection: psycopg.Connection[tuple[object, ...]],
    case: str,
    no: int,
    deed: str,
    begun: datetime,
    ended: datetime | None,
) -> None:
    connection.execute(
        "INSERT INTO duty_row (tenant_id, case_id, no, key, stage, deed, part, party, status, opened_at, due_at, "
        "ended_at, blind) VALUES ('t', %s, %s, 'k', 's', %s, 'lead', 'person:p', %s, %s, now(), %s, false)",
        (case, no, deed, "discharged" if ended else "open", begun, ended),
    )
