"""Builds and checks the web pages, with whatever Node fits: `tools/web.py build | check | find-node`.

Uses the standard library only: the wheel's build hook imports it too. The pages are built only when their sources
changed (`web/dist/.sources` holds the hash of those they were built from), the packages installed only when the lock
file did.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "web"
DIST = WEB / "dist"
STAMP = DIST / ".sources"
CONTRACT = ROOT / "contract" / "openapi.json"
OLDEST_NODE = (20, 19)
NOT_SOURCES = {"node_modules", "dist", "coverage"}


def main(command: str) -> None:
    if command == "build":
        print("web pages built" if build() else "web pages are up to date")
    elif command == "check":
        check()
    elif command == "find-node":
        print(find_node() or "")
    else:
        sys.exit("tools/web.py build | check | find-node")


def build() -> bool:
    """Builds the pages into `web/dist`. Returns whether there was anything to do."""
    if up_to_date():
        return False
    wanted = digest(sources())
    npm("run", "build")
    STAMP.write_text(wanted)
    return True


def up_to_date() -> bool:
    """Whether `web/dist` was built from the sources as they are."""
    return STAMP.is_file() and STAMP.read_text() == digest(sources())


def check() -> None:
    """Runs the type check and the unit tests: the script `check` of `web/package.json`."""
    npm("run", "check")


def npm(*words: str) -> None:
    """Runs npm in `web`, after bringing its packages to what the lock file says."""
    node = find_node()
    if not node:
        sys.exit(
            f"Node {OLDEST_NODE[0]}.{OLDEST_NODE[1]} or newer is needed for the web pages and was not found. "
            f"`make` brings one by itself; by hand: .venv/bin/pip install --require-hashes -r requirements/node.lock"
        )
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}", "CI": "true"}
    lock = digest([WEB / "package-lock.json"])
    stamp = WEB / "node_modules" / ".anhuan-lock"
    if not (stamp.is_file() and stamp.read_text() == lock):
        print("installing the web client's packages (a minute or two, once)", flush=True)
        run([str(node.parent / "npm"), "ci", "--no-audit", "--no-fund", "--loglevel=error"], environment)
        stamp.write_text(lock)
    run([str(node.parent / "npm"), *words], environment)


def run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(command, cwd=WEB, env=environment, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(['npm', *command[1:]])} failed in web/ (see above)")


def find_node() -> Path | None:
    """The first Node that is new enough and has npm beside it: on PATH, then in this environment."""
    folders = [*os.environ.get("PATH", os.defpath).split(os.pathsep), str(Path(sys.executable).parent)]
    for folder in folders:
        node = shutil.which("node", path=folder)
        if node and shutil.which("npm", path=folder) and _version(node) >= OLDEST_NODE:
            return Path(node)
    return None


def _version(node: str) -> tuple[int, int]:
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return (0, 0)
    match = re.match(r"v(\d+)\.(\d+)", said)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def sources() -> list[Path]:
    """Everything that the built pages come from, in a fixed order."""
    return sorted([*_files(WEB), *([CONTRACT] if CONTRACT.is_file() else [])])


def _files(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.is_dir():
            if entry.name not in NOT_SOURCES:
                yield from _files(entry)
        elif entry.suffix != ".tsbuildinfo":
            yield entry


def digest(paths: list[Path]) -> str:
    """One SHA-256 over names and contents."""
    whole = hashlib.sha256()
    for path in paths:
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        whole.update(f"{path.relative_to(ROOT)}\0{content}\n".encode())
    return whole.hexdigest()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) == 2 else "")
