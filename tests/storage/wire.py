"""Between a pool and the server: counts the times that the one waited for the other."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo


class Wire:
    """A connection that passes through us; `dsn` leads over it."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self.trips = 0
        self._server_spoke_last = True

    async def carry(self, server_socket: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_unix_connection(server_socket)
        await asyncio.gather(self._pass(reader, server_writer, False), self._pass(server_reader, writer, True))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, from_server: bool) -> None:
        while part := await reader.read(65536):
            if not from_server and self._server_spoke_last:
                self.trips += 1
            self._server_spoke_last = from_server
            writer.write(part)
        writer.close()

    async def trips_of(self, work: Awaitable[object]) -> int:
        """How many round trips some work takes."""
        before = self.trips
        await work
        return self.trips - before


@asynccontextmanager
async def tapped(dsn: str, folder: Path) -> AsyncIterator[Wire]:
    """A wire to the database, with its own address in `folder`."""
    told = conninfo_to_dict(dsn)
    wire = Wire(make_conninfo(**{**told, "host": str(folder), "requirepeer": None}))
    carry = partial(wire.carry, f"{told['host']}/.s.PGSQL.5432")
    async with await asyncio.start_unix_server(carry, folder / ".s.PGSQL.5432"):
        yield wire
