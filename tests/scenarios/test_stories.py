"""Stories that a safety officer can read, each played on the pure core and in the real house, with the same outcome."""

from pathlib import Path

import pytest

from anhuan import resources
from anhuan.connectors.pack_files import read_pack, shipped_packs
from anhuan.packs.compile import compile_pack
from anhuan.testing.core_world import CoreWorld
from anhuan.testing.plants import A_TUESDAY_MORNING, TestHouse, demo_plant
from anhuan.testing.stories import StoryUnreadable, read_story, stories_in
from anhuan.testing.story_houses import CoreStoryHouse, real_story_house
from anhuan.testing.story_player import Player, StoryBroken

STORIES = stories_in(Path(__file__).parent, resources.path("packs"))


def story_core() -> CoreStoryHouse:
    packs = [compile_pack(read_pack(folder)) for folder in shipped_packs(resources.path("packs"))]
    kinds = {key: kind for pack in packs for key, kind in pack.kinds.items()}
    return CoreStoryHouse(CoreWorld(kinds, demo_plant(), A_TUESDAY_MORNING))


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
async def test_on_the_pure_core(path: Path) -> None:
    await Player(read_story(path), story_core()).play()


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
async def test_in_the_real_house(path: Path, house: TestHouse) -> None:
    await Player(read_story(path), await real_story_house(house)).play()


def written(folder: Path, text: str) -> Path:
    path = folder / "x.case"
    path.write_text(text, encoding="utf-8")
    return path


HIGH = next(path for path in STORIES if path.stem == "01-high-risk").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("=> 已结 verified", "=> 已结 withdrawn"),
        ("=> 拒绝 proof_missing", "=> 拒绝 not_yours"),
        ("=> 不欠 receipt", "=> 应做 receipt"),
        ("=> 通知 韩兴旺：duty:acknowledge", "=> 通知 苏新民：duty:acknowledge"),
        ("=> 案件超期 否", "=> 案件超期"),
    ],
)
async def test_a_story_that_is_not_so_fails(tmp_path: Path, true: str, false: str) -> None:
    assert true in HIGH
    with pytest.raises(StoryBroken):
        await Player(read_story(written(tmp_path, HIGH.replace(true, false))), story_core()).play()


def test_a_story_without_an_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoryUnreadable):
        read_story(written(tmp_path, HIGH.split("说明")[0]))
