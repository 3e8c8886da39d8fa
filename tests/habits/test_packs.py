"""What is said of packs is true: every key of the language is described, and the drawn transitions are the code's."""

import re
import runpy
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from anhuan.cli.packs import app
from anhuan.packs import language

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/reference/pack-language.md").read_text(encoding="utf-8")
SPECS = [
    spec
    for spec in vars(language).values()
    if isinstance(spec, type) and issubclass(spec, msgspec.Struct) and not spec.__name__.startswith("_")
]
run = CliRunner()


def sections() -> dict[str, str]:
    """Heading of the reference -> what stands below it."""
    parts = re.split(r"^#+ (.+)$", PAGE, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_the_language_is_seen() -> None:
    assert {"PackSpec", "KindText", "DutyText", "MoveText", "LadderText"} <= {
        spec.__name__ for spec in SPECS if spec is not msgspec.Struct
    }


@pytest.mark.parametrize("spec", [spec for spec in SPECS if spec is not msgspec.Struct], ids=lambda spec: spec.__name__)
def test_every_key_of_the_language_is_described(spec: type[msgspec.Struct]) -> None:
    described = set(re.findall(r"^\| `(\w+)`", PAGE, flags=re.MULTILINE))
    assert set(spec.__struct_fields__) <= described


def test_no_key_is_described_that_the_language_does_not_have() -> None:
    known = {name for spec in SPECS for name in spec.__struct_fields__}
    keys = {
        key
        for heading, text in sections().items()
        if heading.startswith(("`pack.yaml`", "`kinds/", "A duty", "A move", "`ladders.yaml`"))
        for key in re.findall(r"^\| `(\w+)`", text, flags=re.MULTILINE)
    }
    assert keys and keys <= known


def test_the_drawn_transitions_are_those_of_the_code() -> None:
    tool = runpy.run_path(str(ROOT / "tools/transitions.py"))
    assert tool["PAGE"].read_text(encoding="utf-8") == tool["page"](), "run .venv/bin/python tools/transitions.py"


# --- the command


@pytest.mark.parametrize("name", sorted(path.parent.name for path in (ROOT / "packs").glob("*/pack.yaml")))
def test_the_command_finds_the_shipped_packs_good(name: str) -> None:
    plant = ["--plant-files", str(ROOT / "examples/plant")]
    found = run.invoke(app, ["check", str(ROOT / "packs" / name), *plant])
    assert found.exit_code == 0, found.output
    assert name in found.output


def test_the_command_says_where_and_how_to_mend_it(tmp_path: Path) -> None:
    for source in (ROOT / "packs/plant_care").rglob("*.*"):
        target = tmp_path / "care" / source.relative_to(ROOT / "packs/plant_care")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    ladders = tmp_path / "care/ladders.yaml"
    ladders.write_text(ladders.read_text(encoding="utf-8").replace('[holders, "post:principal@plant"]', "[finder]"))
    found = run.invoke(app, ["check", str(tmp_path / "care"), "--language", "en"])
    assert found.exit_code == 1
    assert "ladders/vacancy/principal/to" in found.output
    assert "let it tell a post: or person:" in found.output


def test_the_command_refuses_a_folder_that_is_no_pack(tmp_path: Path) -> None:
    found = run.invoke(app, ["check", str(tmp_path)])
    assert found.exit_code == 1
    assert "pack.yaml" in found.output


def test_the_command_draws_a_kind(tmp_path: Path) -> None:
    pack = ROOT / "packs/plant_care"
    picture = tmp_path / "kind.svg"
    assert run.invoke(app, ["show", "post_vacancy", "--pack", str(pack), "--svg", str(picture)]).exit_code == 0
    assert picture.read_text(encoding="utf-8").startswith("<svg")
    assert "岗位空缺" in run.invoke(app, ["show", "post_vacancy"]).output
    assert run.invoke(app, ["show", "nothing"]).exit_code == 1
