"""Loops that run beside the server: deadlines, alerts, the ledger's sequencer, the auditor."""
