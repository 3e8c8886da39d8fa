"""Decoding what strangers send, in processes that can do little else: `pool` is the server's side, `child` theirs."""
