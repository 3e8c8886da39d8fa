"""Habits of the code: short files, modules that say their idea, a core that touches nothing, no pack named."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST = 500
PURE = ("src/anhuan/domain/", "src/anhuan/core/", "src/anhuan/ledger/")
WORLDLY_CALLS = {"open", "input", "print", "exec", "eval", "__import__"}
WORLDLY_NAMES = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "uuid.uuid1",
    "uuid.uuid4",
    "uuid.uuid7",
    "os.environ",
    "time.time",
}


def tracked(*patterns: str) -> list[str]:
    """The files that git knows, those new and not ignored included."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return sorted({name for name in names if (ROOT / name).is_file()})


PYTHON = tracked("*.py")
SOURCES = tracked("src/*.py", "web/*.ts", "web/*.tsx")


def test_there_is_something_to_judge() -> None:
    assert len([name for name in PYTHON if name.startswith(PURE)]) > 20


def test_no_file_is_longer_than_one_can_hold_in_mind() -> None:
    code = [*PYTHON, *tracked("web/*.ts", "web/*.tsx", "web/*.css", "tools/*", "Makefile")]
    long = {
        name: lines
        for name in code
        if (lines := (ROOT / name).read_text().count("\n")) > LONGEST and "generated" not in name
    }
    assert not long


def test_every_module_says_its_idea() -> None:
    silent = [name for name in PYTHON if not ast.get_docstring(ast.parse((ROOT / name).read_text()))]
    assert not silent


@pytest.mark.parametrize("name", [name for name in PYTHON if name.startswith(PURE)])
def test_the_core_touches_nothing_of_the_world(name: str) -> None:
    assert not list(worldly(ast.parse((ROOT / name).read_text())))


def worldly(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WORLDLY_CALLS:
            yield f"line {node.lineno}: {node.func.id}()"
        if isinstance(node, ast.Attribute) and any(f".{ast.unparse(node)}".endswith(f".{n}") for n in WORLDLY_NAMES):
            yield f"line {node.lineno}: {ast.unparse(node)}"


def test_a_core_that_looked_at_the_clock_would_be_seen() -> None:
    assert list(worldly(ast.parse("import datetime\nx = datetime.datetime.now()")))
    assert list(worldly(ast.parse("open('x')")))
    assert not list(worldly(ast.parse("case.open(at)\nnow = at")))


def test_no_code_names_a_pack() -> None:
    packs = [path.name for path in (ROOT / "packs").iterdir() if path.is_dir() and not path.name.startswith(("_", "."))]
    named = re.compile("|".join(rf"""['"]{re.sub("[-_]", "[-_]", pack)}['"]""" for pack in packs) or "(?!)")
    shipped = (name for name in SOURCES if "generated" not in name and "/tests/" not in name)
    guilty = [name for name in shipped if named.search((ROOT / name).read_text())]
    assert not guilty


def test_nothing_is_left_undone() -> None:
    marks = re.compile("|".join([r"\bTO" + r"DO\b", "FIX" + "ME", r"\bXX" + r"X\b", "raise Not" + "ImplementedError"]))
    texts = {name: (ROOT / name).read_text() for name in [*PYTHON, *SOURCES]}
    assert not {name: found[0] for name, text in texts.items() if (found := marks.search(text))}


def test_no_test_is_skipped_or_sleeps() -> None:
    dodges = re.compile(
        "|".join([r"mark\.sk" + "ip", r"pytest\.sk" + "ip", r"mark\.xf" + "ail", r"\btime\.sl" + r"eep\("])
    )
    guilty = [name for name in PYTHON if name.startswith("tests/") and dodges.search((ROOT / name).read_text())]
    assert not guilty
