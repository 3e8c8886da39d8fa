"""The case: the one thing that is opened, moved through its stages, and closed. All that changes a case is in here."""
