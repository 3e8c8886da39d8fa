"""Use cases: handle a command, sweep what is due, take in what was observed, answer questions."""
