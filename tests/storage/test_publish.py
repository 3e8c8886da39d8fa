"""Publishing a pack: what fails its check is not stored, what passes is in force, and its version never changes."""

import pytest

from anhuan import resources
from anhuan.connectors.pack_files import read_pack
from anhuan.packs.problems import PackInvalid
from anhuan.ports.plants import PackExists
from anhuan.testing.databases import Database
from anhuan.testing.plants import demo_house


async def test_a_pack_is_published_only_when_nothing_is_wrong_with_it(database: Database) -> None:
    files = read_pack(resources.path("packs") / "plant_care")
    newer = {**files, "pack.yaml": files["pack.yaml"].replace('"1.0"', '"1.1"')}
    broken = {**newer, "ladders.yaml": newer["ladders.yaml"].replace('[holders, "post:principal@plant"]', "[finder]")}
    taken = {**newer, "kinds/post_vacancy.yaml": newer["kinds/post_vacancy.yaml"].replace("KQ", "YH")}
    async with demo_house(database) as demo:
        for bad, code in ((broken, "ladder_ends_at_nobody"), (taken, "number_prefix_taken")):
            with pytest.raises(PackInvalid) as invalid:
                await demo.house.editor.publish(demo.tenant, None, bad)
            assert [problem.code for problem in invalid.value.problems] == [code]
        assert (await demo.house.snapshots.get(demo.tenant, fresh=True)).packs["plant_care"].version == "1.0"

        await demo.house.editor.publish(demo.tenant, None, newer)
        assert (await demo.house.snapshots.get(demo.tenant, fresh=True)).packs["plant_care"].version == "1.1"
        changed = {**newer, "words/en.yaml": newer["words/en.yaml"].replace("Vacant post", "Empty post")}
        with pytest.raises(PackExists):
            await demo.house.editor.publish(demo.tenant, None, changed)
