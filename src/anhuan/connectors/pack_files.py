"""Packs kept in folders: read into path -> text, which is all that the pack language ever sees."""

from collections.abc import Iterator
from pathlib import Path

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


def shipped_packs(folder: Path) -> Iterator[Path]:
    """The folders below one that hold packs."""
    return (path.parent for path in sorted(folder.glob("*/pack.yaml")))
