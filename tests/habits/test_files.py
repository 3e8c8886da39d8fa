"""Habits of the tracked files: they name no machine, no registry and no secret, and locks are locks."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

from anhuan import __version__

ROOT = Path(__file__).parents[2]
BINARY = {".png", ".jpg", ".jpeg", ".xlsx", ".pdf", ".woff2", ".ico", ".docx"}
# Written in pieces, so that this file is not found by itself.
HOSTS = (
    "pypi." + "org",
    "pythonhosted." + "org",
    "registry." + "npmjs",
    "npm" + "mirror",
    "mirrors." + "aliyun",
    "tuna." + "tsinghua",
)
SECRETS = ("BEGIN " + "PRIVATE KEY", "PRIVATE+KEY" + "+", "AKIA" + "IOSF")
FOLDERS = ("work", "root", "home/[a-z]+", "Users/[A-Za-z]+", "tmp/bash" + "_jobs", "farm")
MACHINE = re.compile(rf"(?<![\w.~$)\}}])/(?:{'|'.join(FOLDERS)})/")


def texts() -> dict[str, str]:
    names = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    paths = [Path(name) for name in names if (ROOT / name).is_file() and Path(name).suffix not in BINARY]
    return {str(path): (ROOT / path).read_text(encoding="utf-8", errors="replace") for path in paths}


def test_no_file_names_a_registry() -> None:
    assert not [(name, host) for name, text in texts().items() for host in HOSTS if host in text]


def test_no_file_names_a_machine() -> None:
    assert not {name: found[0] for name, text in texts().items() if (found := MACHINE.search(text))}


def test_a_path_of_a_machine_would_be_seen() -> None:
    assert MACHINE.search("see /" + "root/anhuan")
    assert not MACHINE.search("src/" + "work/queue.py")
    assert not MACHINE.search("/api/v1/" + "work/1")


def test_no_file_holds_a_secret() -> None:
    assert not [name for name, text in texts().items() for secret in SECRETS if secret in text]


def test_python_locks_hold_versions_and_hashes_and_no_address() -> None:
    for lock in (ROOT / "requirements").glob("*.lock"):
        text = lock.read_text()
        assert "://" not in text and "--index" not in text, lock.name
        entries = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
        assert entries and all(re.match(r"[a-z0-9-]+==\S+ .*\\$", entry) for entry in entries), lock.name
        assert text.count("--hash=sha256:") >= len(entries), lock.name


def test_the_run_lock_covers_what_anhuan_imports() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    locked = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements" / "run.lock").read_text(), re.MULTILINE))
    wanted = {re.split(r"[\[<>=; ]", line)[0].lower() for line in project["project"]["dependencies"]}
    wanted |= {re.split(r"[\[<>=; ]", line)[0].lower() for line in project["dependency-groups"]["house"]}
    assert wanted <= locked
    assert project["project"]["version"] == __version__


def test_the_web_lock_names_no_address_to_fetch_from() -> None:
    lock = json.loads((ROOT / "web" / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name and not entry.get("link")}
    assert packages
    assert not [name for name, entry in packages.items() if "resolved" in entry]
    assert all(
        "integrity" in entry or entry.get("inBundle") or "/node_modules/" not in f"/{name}"
        for name, entry in packages.items()
    )
