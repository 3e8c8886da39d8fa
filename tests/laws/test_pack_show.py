"""Kinds as people are shown them: nothing is left out, nothing is fetched, no word is missing."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace
from small_pack import good, worded

from anhuan.connectors.pack_files import read_pack, shipped_packs
from anhuan.packs.compile import Pack, compile_pack
from anhuan.packs.show import show_svg, show_words
from anhuan.packs.wording import Language

ROOT = Path(__file__).parents[2]
SHIPPED = {folder.name: compile_pack(read_pack(folder)) for folder in shipped_packs(ROOT / "packs")}
KINDS = [(pack, kind, language) for pack in SHIPPED.values() for kind in pack.kinds for language in ("zh", "en")]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(("pack", "kind", "language"), KINDS, ids=lambda value: value if isinstance(value, str) else "")
def test_words_tell_every_stage_duty_move_and_rung(pack: Pack, kind: str, language: Language) -> None:
    text, words, found = show_words(pack, kind, language), pack.words[language], pack.kinds[kind]
    wanted = [f"stage.{kind}.{key}" for key in found.stages] + [f"move.{kind}.{key}" for key in found.moves]
    wanted += [f"duty.{kind}.{spec.key}" for stage in found.stages.values() for spec in stage.duties]
    assert [key for key in wanted if words[key] not in text] == []
    assert not re.search(r"[{}]|None", text)


@pytest.mark.parametrize(("pack", "kind", "language"), KINDS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_picture_is_whole_and_fetches_and_runs_nothing(pack: Pack, kind: str, language: Language) -> None:
    root = ElementTree.fromstring(show_svg(pack, kind, language))
    texts = "".join(node.text or "" for node in root.iter(f"{SVG}text"))
    for stage in pack.kinds[kind].stages:
        assert pack.words[language][f"stage.{kind}.{stage}"] in texts
    for node in root.iter():
        assert node.tag.removeprefix(SVG) in {"svg", "title", "defs", "marker", "path", "rect", "circle", "text"}
        assert not [name for name in node.attrib if name == "style" or name.startswith("on") or name.endswith("href")]
        for value in node.attrib.values():
            assert "url(" not in value or value.startswith("url(#head-")


@pytest.mark.parametrize(("pack", "kind", "language"), KINDS, ids=lambda value: value if isinstance(value, str) else "")
def test_boxes_of_a_picture_lie_within_it_and_do_not_overlap(pack: Pack, kind: str, language: Language) -> None:
    root = ElementTree.fromstring(show_svg(pack, kind, language))
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    boxes = [
        tuple(float(node.attrib[name]) for name in ("x", "y", "width", "height"))
        for node in root.iter(f"{SVG}rect")
        if "x" in node.attrib
    ]
    assert len(boxes) > len(pack.kinds[kind].stages)
    for n, (x, y, wide, high) in enumerate(boxes):
        assert x >= 0 and y >= 0 and x + wide <= width and y + high <= height
        for other_x, other_y, other_wide, other_high in boxes[:n]:
            apart = x >= other_x + other_wide or other_x >= x + wide or y >= other_y + other_high
            assert apart or other_y >= y + high


def test_every_outcome_has_its_arrow() -> None:
    root = ElementTree.fromstring(show_svg(worded(good()), "leak", "en"))
    arrows = [node for node in root.iter(f"{SVG}path") if "marker-end" in node.attrib]
    # intake 2, sort 1, mend 1, check 2 (one of them closes), wait 1; two moves and a recurrence lead in.
    assert len(arrows) == 2 + 1 + 1 + 2 + 1 + 3


def test_what_a_pack_calls_something_cannot_break_out_of_the_picture() -> None:
    pack = worded(good())
    evil = dict.fromkeys(pack.words["en"], '</text><script>alert("1")</script>')
    svg = show_svg(replace(pack, words={"en": evil}), "leak", "en")
    assert "<script" not in svg
    ElementTree.fromstring(svg)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", ("整改通知单 (ZGTZ)", "谁可签发", "须先完成: 整改并举证")),
        ("en", ("Rectification notice (ZGTZ)", "issued by: whoever did or owes the work", "stages: Rectification")),
    ],
)
def test_papers_are_told_with_who_issues_them_and_when(language: Language, said: tuple[str, ...]) -> None:
    text = show_words(SHIPPED["finding"], "finding", language)
    assert [one for one in said if one not in text] == []
