"""What a version of a pack changes: every part that differs is told once, in words, and nothing else is."""

import json
from collections.abc import Callable

import pytest

from anhuan import resources
from anhuan.app.view.lens import Lens
from anhuan.app.view.pack_changes import PackChange, file_changes, pack_changes
from anhuan.connectors.pack_files import read_pack
from anhuan.core.policy import Kind
from anhuan.packs.compile import Pack, compile_pack
from anhuan.ports.identity import Language
from anhuan.testing.plants import A_TUESDAY_MORNING, demo_plant

FILES = read_pack(resources.path("packs") / "finding")
OLD = compile_pack(FILES)
KIND, RECTIFY = "kinds/finding.yaml", "kinds/finding/stages/rectify"
Edit = Callable[[dict[str, str]], None]


def look(language: Language) -> Callable[[Pack, Kind], Lens]:
    return lambda pack, kind: Lens(
        demo_plant(), pack, kind, language, None, A_TUESDAY_MORNING, lambda reason, _: reason.code
    )


def edited(edit: Edit) -> dict[str, str]:
    files = dict(FILES)
    edit(files)
    return files


def changes(edit: Edit, language: Language = "zh") -> list[PackChange]:
    return pack_changes(OLD, compile_pack(edited(edit)), look(language))


def swap(path: str, old: str, new: str) -> Edit:
    def edit(files: dict[str, str]) -> None:
        assert files[path].count(old) == 1, files[path].count(old)
        files[path] = files[path].replace(old, new)

    return edit


def rules(edit: Callable[[list[dict[str, str]]], None]) -> Edit:
    """Edits the rows of the table of deadlines."""

    def whole(files: dict[str, str]) -> None:
        body = json.loads(files["tables/deadlines.json"])
        edit(next(node["content"]["rules"] for node in body["nodes"] if "content" in node))
        files["tables/deadlines.json"] = json.dumps(body)

    return whole


ROWS = [row.id for row in OLD.tables["deadlines"].rows]
TOLD: dict[str, tuple[Edit, list[tuple[str, str]]]] = {
    "nothing": (lambda files: None, []),
    "a version alone": (swap("pack.yaml", '"1.2"', '"2.0"'), []),
    "a duty's time": (
        swap(KIND, "within: PT2H", "within: PT4H"),
        [("changed", f"{RECTIFY}/receipt")],
    ),
    "where an outcome leads": (
        swap(KIND, "{done: rectify, lapsed: rectify}", "{done: intake, lapsed: rectify}"),
        [("changed", "kinds/finding/stages/deferred")],
    ),
    "what proves a wish": (
        swap(KIND, "    prove: [photo_containment]", "    #"),
        [("changed", "kinds/finding/moves/defer")],
    ),
    "how near a photo is": (swap(KIND, "photo_metres: 50", "photo_metres: 20"), [("changed", "kinds/finding")]),
    "a row": (
        rules(lambda rows: rows[-2].update({key: "'P20D'" for key, cell in rows[-2].items() if cell.startswith("'P")})),
        [("changed", f"tables/deadlines/{ROWS[-2]}")],
    ),
    "a row gone": (rules(lambda rows: rows.pop(0) and None), [("removed", f"tables/deadlines/{ROWS[0]}")]),
    "the order of rows": (rules(lambda rows: rows.insert(0, rows.pop(1))), [("changed", "tables/deadlines")]),
    "a field": (
        swap("forms/receipt.json", '"maxLength": 500', '"maxLength": 50'),
        [("changed", "forms/receipt/note")],
    ),
    "a ladder": (swap("ladders.yaml", "after: PT4H", "after: PT5H"), [("changed", "ladders/standard")]),
    "a text": (swap("words/zh.yaml", 'rung.safety_head: "', 'rung.safety_head: "新'), [("changed", "words")]),
}


@pytest.mark.parametrize("what", TOLD)
def test_each_part_that_differs_is_told_and_no_other(what: str) -> None:
    edit, told = TOLD[what]
    found = changes(edit)
    assert [(change.change, change.where) for change in found] == told
    assert all(change.name and (change.facts or change.change == "removed") for change in found)


def test_before_and_after_stand_in_words() -> None:
    for language, told in (("zh", ("期限", "2 小时", "4 小时")), ("en", ("Within", "2 h", "4 h"))):
        (change,) = changes(swap(KIND, "within: PT2H", "within: PT4H"), language)  # type: ignore[arg-type]
        assert [(fact.name, fact.before, fact.after) for fact in change.facts] == [told]
        assert change.within == OLD.words[language]["kind.finding"]


def test_what_comes_or_goes_whole_is_told_without_its_parts() -> None:
    (new, *others) = pack_changes(None, OLD, look("zh"))
    assert (new.change, new.where) == ("added", "kinds/finding")
    assert {change.change for change in others} == {"added"}
    assert {change.what for change in others} == {"table", "form", "ladder"}


def test_a_move_that_is_left_out_is_told_once() -> None:
    def without_merge(files: dict[str, str]) -> None:
        head, _, rest = files[KIND].partition("  merge:\n")
        files[KIND] = head + rest[rest.index("  reopen:\n") :]

    (gone,) = changes(without_merge)
    assert (gone.what, gone.change, gone.where) == ("move", "removed", "kinds/finding/moves/merge")
    assert all(fact.after is None for fact in gone.facts)


def test_a_file_is_told_by_its_path() -> None:
    after = {**FILES, "examples/more.case": "x"}
    after["import.yaml"] += "\n"
    del after["examples/ordinary.case"]
    assert [(one.change, one.path) for one in file_changes(FILES, after)] == [
        ("added", "examples/more.case"),
        ("removed", "examples/ordinary.case"),
        ("changed", "import.yaml"),
    ]
