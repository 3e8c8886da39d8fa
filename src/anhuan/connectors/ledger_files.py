"""A log as a folder of files (C2SP tlog-tiles). A file is there whole or not at all, so that readers may watch."""

import os
from pathlib import Path


class LedgerFolder:
    """Reads and writes a log's files below a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, path: str) -> bytes | None:
        """The content of a file by its path in the log; None: there is none. Raises OSError."""
        try:
            return (self._folder / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    def write(self, path: str, content: bytes) -> None:
        """Put a file in its place. Raises OSError."""
        target = self._folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = target.with_name(f".{target.name}.part")
        with scratch.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(target)
