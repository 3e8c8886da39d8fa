"""Packs as zip files, as people send them: read into path -> text, with nothing unpacked to a disk.

What the archive says of itself is not believed: each part is read piece by piece and counted.
"""

import io
import zipfile

from anhuan.connectors.pack_files import ENDINGS, LARGEST_FILE_BYTES
from anhuan.ports.pack_archives import PackArchiveRefused

PARTS_MAX = 500
BYTES_MAX = 10 * 1024 * 1024
"""Of all parts together, unpacked."""


def read_archive(data: bytes) -> dict[str, str]:
    """The files of a pack in a zip, whose folder may be the archive itself or the one folder in it.

    Raises PackArchiveRefused: `archive_unreadable`, `archive_too_large`, `archive_not_text`, `archive_without_pack`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = _read_parts(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise PackArchiveRefused("archive_unreadable", detail=str(error)[:200]) from error
    root = _root(files)
    return {path.removeprefix(root): text for path, text in files.items() if path.startswith(root)}


def _read_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    parts = [part for part in archive.infolist() if not part.is_dir() and _is_wanted(part.filename)]
    if len(parts) > PARTS_MAX:
        raise PackArchiveRefused("archive_too_large", bytes_max=BYTES_MAX)
    files: dict[str, str] = {}
    left = BYTES_MAX
    for part in parts:
        with archive.open(part) as file:
            body = file.read(min(left, LARGEST_FILE_BYTES) + 1)
        left -= len(body)
        if left < 0 or len(body) > LARGEST_FILE_BYTES:
            raise PackArchiveRefused("archive_too_large", bytes_max=BYTES_MAX)
        try:
            files[part.filename.replace("\\", "/")] = body.decode("utf-8")
        except UnicodeDecodeError:
            raise PackArchiveRefused("archive_not_text", file=part.filename[:200]) from None
    return files


def _is_wanted(path: str) -> bool:
    names = path.replace("\\", "/").split("/")
    return path.endswith(ENDINGS) and not any(name.startswith((".", "__MACOSX")) for name in names)


def _root(files: dict[str, str]) -> str:
    """Where `pack.yaml` lies, nearest to the top."""
    found = sorted((path for path in files if path.split("/")[-1] == "pack.yaml"), key=lambda path: path.count("/"))
    if not found:
        raise PackArchiveRefused("archive_without_pack")
    return found[0].removesuffix("pack.yaml")
