"""Several prepared statements of one transaction in one packet, answered in one.

psycopg's own pipeline hands every statement to the socket by itself, and each wakes the server's process. On the hot
path that costs more than the statements. Here libpq (`psycopg.pq`) queues them all, with the preparing of those that
the connection does not know yet, and sends them off together. What stands before the one sync is one transaction to
the server: stored as a whole, or not at all.
"""

from collections.abc import Sequence
from weakref import WeakKeyDictionary

from msgspec import Struct
from psycopg import errors, generators
from psycopg.abc import PQGen
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn, PGresult

from anhuan.storage.pool import Connection


class Statement(Struct, frozen=True):
    """A statement with numbered parameters ($1, $2 ...), which are sent as text."""

    name: bytes
    sql: bytes


Call = tuple[Statement, Sequence[bytes]]


class Packets:
    """Sends packets, and knows which statements each connection has prepared."""

    def __init__(self) -> None:
        self._prepared: WeakKeyDictionary[Connection, frozenset[bytes]] = WeakKeyDictionary()

    async def send(self, connection: Connection, calls: Sequence[Call]) -> None:
        """Carry the calls out as one transaction; what they answer is not looked at.

        Raises psycopg.Error for the first that fails; nothing of any is stored then. The connection must be outside a
        transaction.
        """
        try:
            await self._send(connection, calls)
        except errors.InvalidSqlStatementName:  # psycopg deallocates all when it clears up its own
            await self._send(connection, calls)

    async def _send(self, connection: Connection, calls: Sequence[Call]) -> None:
        prepared = self._prepared.pop(connection, frozenset())
        new = {statement.name: statement for statement, _ in calls if statement.name not in prepared}
        pgconn = connection.pgconn
        pgconn.enter_pipeline_mode()
        try:
            for statement in new.values():
                pgconn.send_close_prepared(statement.name)
                pgconn.send_prepare(statement.name, statement.sql)
            for statement, params in calls:
                pgconn.send_query_prepared(statement.name, params)
            pgconn.pipeline_sync()
            results = await connection.wait(_exchange(pgconn))
        finally:
            if not _is_left(pgconn):
                await connection.close()
        failed = next((result for result in results if result.status == ExecStatus.FATAL_ERROR), None)
        if failed is not None:
            raise errors.error_from_result(failed)
        self._prepared[connection] = prepared | new.keys()


def _exchange(pgconn: PGconn) -> PQGen[list[PGresult]]:
    """Send what is queued, and read up to the sync."""
    yield from generators.send(pgconn)
    results: list[PGresult] = []
    while True:
        found = yield from generators.fetch_many(pgconn)
        if found and found[0].status == ExecStatus.PIPELINE_SYNC:
            return results
        results += found


def _is_left(pgconn: PGconn) -> bool:
    """Whether the pipeline could be ended; it cannot while answers are outstanding, as after a cancelled wait."""
    try:
        pgconn.exit_pipeline_mode()
    except errors.Error:
        return False
    return True
