"""The server with one fault planted: it answers before the decision is stored, and must be caught losing reports."""

import asyncio

from anhuan.ports.cases import CaseWrite
from anhuan.storage import group


class CarelessWriter(group.GroupWriter):
    """Says "stored" at once, and stores a moment later."""

    async def store(self, write: CaseWrite) -> None:
        asyncio.get_running_loop().call_later(0.2, self._store_later, write)

    def _store_later(self, write: CaseWrite) -> None:
        self._kept = asyncio.ensure_future(super().store(write))


if __name__ == "__main__":
    from anhuan import bootstrap
    from anhuan.cli import serving

    bootstrap.GroupWriter = CarelessWriter  # type: ignore[misc]
    serving.serve()
