"""The tamper-evident log: RFC 6962 tree, tlog tiles, signed checkpoints, proofs and their verifier. Pure."""
