"""Settings for a server whose data is thrown away: it need not survive the machine, only its own processes' deaths."""

from collections.abc import Mapping

THROW_AWAY: Mapping[str, str] = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "max_wal_size": "1GB",
}
"""By PostgreSQL's own names."""
