"""What is written to a connection within one turn of the loop leaves in one write."""

import asyncio
from typing import cast

from anhuan.cli.corked import Corked


class Written:
    """A transport that notes what happens to it."""

    def __init__(self) -> None:
        self.acts: list[bytes | str] = []

    def write(self, data: bytes) -> None:
        self.acts.append(data)

    def close(self) -> None:
        self.acts.append("closed")

    def is_closing(self) -> bool:
        return "closed" in self.acts


def corked() -> tuple[Written, Corked]:
    below = Written()
    return below, Corked(cast(asyncio.Transport, below), asyncio.get_running_loop())


async def test_head_and_body_leave_together_once_the_turn_is_over() -> None:
    below, transport = corked()
    transport.write(b"head ")
    transport.write(b"body")
    assert below.acts == []
    await asyncio.sleep(0)
    transport.write(b"next")
    await asyncio.sleep(0)
    assert below.acts == [b"head body", b"next"]


async def test_what_was_written_leaves_before_the_connection_is_closed() -> None:
    below, transport = corked()
    transport.write(b"last")
    transport.close()
    await asyncio.sleep(0)
    assert below.acts == [b"last", "closed"]
    assert transport.is_closing()
