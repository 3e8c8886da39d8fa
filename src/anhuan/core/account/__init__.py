"""Accounts in the functional core: what can happen to one, and what it is after all of it."""
