"""The full check of a tenant: is everything that is stored what its events say, and does the ledger hold every event?

check     goes through all of it and collects differences
cases     each case, its duties and timers, rebuilt from its events; the core's invariants
accounts  each account and its tokens, rebuilt from its events
plant     the plant's items and the packs, rebuilt from the tenant's own events
history   a stream's events, read
log       entries, tiles, head and checkpoint
report    differences, and what the check looked at
"""
