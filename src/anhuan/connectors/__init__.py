"""Adapters to formats and devices, one folder per kind: a pure decoder and a client that does the I/O."""
