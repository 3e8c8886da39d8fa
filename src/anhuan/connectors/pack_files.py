"""Packs kept in folders: read into path -> text, which is all that the pack language ever sees."""

from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import yaml

ENDINGS = (".yaml", ".json", ".case", ".md")
LARGEST_FILE_BYTES = 1_000_000


class PackFolderUnreadable(Exception):
    """The folder holds no pack, or something in it that a pack cannot hold; the message names it."""


def read_pack(folder: Path) -> dict[str, str]:
    """The files of a pack's folder. Raises PackFolderUnreadable."""
    if not (folder / "pack.yaml").is_file():
        raise PackFolderUnreadable(f"{folder} holds no pack.yaml, so it is no pack.")
    files = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in ENDINGS and not path.name.startswith("."):
            if path.stat().st_size > LARGEST_FILE_BYTES:
                raise PackFolderUnreadable(f"{path} is larger than {LARGEST_FILE_BYTES:,} bytes.")
            try:
                files[path.relative_to(folder).as_posix()] = path.read_text("utf-8")
            except UnicodeDecodeError as error:
                raise PackFolderUnreadable(f"{path} is not UTF-8 text: {error.reason}.") from error
    return files


def shipped_packs(folder: Path) -> tuple[Path, ...]:
    """The folders below one that hold packs, each after those that it `needs`. Raises PackFolderUnreadable."""
    needs = {path.parent.name: _needs(path) for path in sorted(folder.glob("*/pack.yaml"))}
    try:
        return tuple(folder / name for name in TopologicalSorter(needs).static_order() if name in needs)
    except CycleError as error:
        raise PackFolderUnreadable(f"Packs in {folder} need one another in a circle: {error.args[1]}.") from error


def _needs(path: Path) -> list[str]:
    """The packs that one needs; what is wrong with the file is for the pack language to say."""
    try:
        spec = yaml.safe_load(path.read_text("utf-8"))
    except yaml.YAMLError:
        return []
    needs = spec.get("needs") if isinstance(spec, dict) else None
    return [str(name) for name in needs] if isinstance(needs, list) else []
