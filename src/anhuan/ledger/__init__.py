"""The ledger: every event in order, provable to an outsider, never edited.

A pure library: nothing here opens a file, reads a clock or draws a random number. Files are read through a
`ReadFile` callable and written by handing back `(path, bytes)` pairs; keys and salts are arguments.

    canonical   one byte string per JSON value (RFC 8785)
    leaf        what one entry says, and the commitment that stands in for personal data
    merkle      the RFC 6962 tree: hashes and the right edge that is all an append needs
    tiles       C2SP tlog-tiles: paths, tile layout, entry bundles
    extend      append a batch: the new edge and the pieces of tiles to store
    proofs      inclusion and consistency proofs: make and verify
    note        C2SP signed notes with Ed25519 keys
    checkpoint  C2SP tlog-checkpoint: a signed size and root, and whether one may follow another
    export      a whole log as files
    verify      an auditor's check of such files, with a plain account of what is wrong
"""
