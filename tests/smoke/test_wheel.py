"""The wheel runs on its own: it carries the built web pages, the packs, the schema and the examples."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", str(folder), str(ROOT)], check=True, cwd=folder)
    (built,) = folder.glob("anhuan-*-py3-none-any.whl")
    return built


def test_it_carries_what_anhuan_needs_beside_its_code(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    carried = {name.removeprefix("anhuan/shipped/") for name in names if name.startswith("anhuan/shipped/")}
    for kind in ("schema", "packs", "examples"):
        there = {str(path.relative_to(ROOT)) for path in (ROOT / kind).rglob("*") if path.is_file()}
        assert there and there <= carried
    assert "web/console/index.html" in carried
    assert any(name.startswith("web/console/assets/") and name.endswith(".js") for name in carried)
    assert {"anhuan/py.typed", "anhuan/connectors/typesetting/template/paper.typ"} <= set(names)
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_unpacked_elsewhere_it_finds_its_files_and_starts(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    look = (
        "import anhuan; from anhuan import resources as r; from anhuan.storage.migrate import migrations; "
        "print(anhuan.__file__, *(r.path(k) for k in ('schema', 'packs', 'web', 'examples')), len(migrations()))"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    said = subprocess.run(
        [sys.executable, "-c", look], check=True, capture_output=True, text=True, cwd=tmp_path, env=environment
    ).stdout.split()
    assert all(Path(word).is_relative_to(tmp_path) for word in said[:-1])
    assert int(said[-1]) == len(list((ROOT / "schema" / "migrations").glob("*.sql")))
