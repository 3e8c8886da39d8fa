"""Decisions: policies, cases, obligations, routing, draws and proof. Pure: time, ids and seeds are arguments."""
