"""Packs as people send them: one file that holds a pack's folder."""

from typing import Protocol


class PackArchiveRefused(Exception):
    """The file is not read as a pack: which code, and what its text needs."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params: dict[str, object] = params


class PackArchives(Protocol):
    """Reading them. `anhuan.connectors.pack_archive` is one."""

    def read_archive(self, data: bytes) -> dict[str, str]:
        """The pack's files, path -> text. Raises PackArchiveRefused."""
