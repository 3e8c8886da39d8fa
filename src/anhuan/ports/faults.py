"""Faults of the outside world that a use case cannot mend and whoever asked should try again after."""


class StoreAway(Exception):
    """The database cannot be reached now; nothing of the unfinished work was kept."""
