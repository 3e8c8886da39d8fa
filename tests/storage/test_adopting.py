"""Open cases keep the version of their pack that they began with, until somebody moves them, and that is on record."""

from anhuan import resources
from anhuan.app.adopting import adopt
from anhuan.app.handle import NewCase
from anhuan.connectors.pack_files import read_pack
from anhuan.testing.plants import GOOD_REPORT, TestHouse

PACK = KIND = "finding"


async def _publish(house: TestHouse, version: str, **edits: tuple[str, str]) -> None:
    files = read_pack(resources.path("packs") / PACK)
    files["pack.yaml"] = files["pack.yaml"].replace('version: "1.2"', f'version: "{version}"')
    for path, (old, new) in edits.items():
        name = path.replace("__", "/") + ".yaml"
        assert old in files[name]
        files[name] = files[name].replace(old, new)
    await house.house.editor.publish(house.tenant, None, files)


async def test_a_case_goes_on_in_its_own_version_until_it_is_moved(house: TestHouse) -> None:
    new = NewCase(kind=KIND, form=GOOD_REPORT)
    old_case = (await house.house.handler.open(house.tenant, house.reporter, new)).case
    await _publish(house, "2.0", ladders=("repeat: PT30M", "repeat: PT20M"))
    new_case = (await house.house.handler.open(house.tenant, house.reporter, new)).case
    assert (old_case.pack_version, new_case.pack_version) == ("1.2", "2.0")
    kept = await house.house.handler.case(house.tenant, old_case.id)
    assert kept.pack_version == "1.2"

    done = await adopt(
        house.tenant,
        PACK,
        house.reporter,
        due=house.house.due,
        handler=house.house.handler,
        snapshots=house.house.snapshots,
    )

    assert (done.moved, done.kept) == ((old_case.id,), ())
    moved = await house.house.handler.case(house.tenant, old_case.id)
    assert (moved.pack_version, moved.stage, len(moved.open_duties())) == ("2.0", kept.stage, len(kept.open_duties()))
    logged = await house.superuser("SELECT by_person FROM event WHERE type = 'PolicyChanged'")
    assert logged == [(house.reporter,)]
