"""Why the ledger refuses something: a stable code with parameters. The sentences live in the words files."""

from __future__ import annotations

from enum import StrEnum

Param = str | int


class Code(StrEnum):
    """Every reason that this library gives, whether raised as `LedgerError` or listed in a verification report."""

    # values and leaves
    VALUE_NOT_CANONICAL = "value_not_canonical"
    ENTRY_MALFORMED = "entry_malformed"
    ENTRY_TOO_LARGE = "entry_too_large"
    SALT_LENGTH = "salt_length"
    OPENING_DIFFERS = "opening_differs"
    # tree, tiles and proofs
    SIZE_OUT_OF_RANGE = "size_out_of_range"
    INDEX_OUT_OF_RANGE = "index_out_of_range"
    HASH_LENGTH = "hash_length"
    EDGE_MALFORMED = "edge_malformed"
    TILE_PATH_MALFORMED = "tile_path_malformed"
    TILE_MALFORMED = "tile_malformed"
    TILE_MISSING = "tile_missing"
    PIECE_MISPLACED = "piece_misplaced"
    BUNDLE_MALFORMED = "bundle_malformed"
    PROOF_LENGTH = "proof_length"
    PROOF_WRONG = "proof_wrong"
    # notes, keys and checkpoints
    KEY_NAME_MALFORMED = "key_name_malformed"
    KEY_MALFORMED = "key_malformed"
    NOTE_MALFORMED = "note_malformed"
    NOTE_NOT_SIGNED_BY_KEY = "note_not_signed_by_key"
    NOTE_SIGNATURE_WRONG = "note_signature_wrong"
    CHECKPOINT_MISSING = "checkpoint_missing"
    CHECKPOINT_MALFORMED = "checkpoint_malformed"
    ORIGIN_DIFFERS = "origin_differs"
    ROLLED_BACK = "rolled_back"
    SPLIT_VIEW = "split_view"
    HISTORY_REWRITTEN = "history_rewritten"
    # what only a verification of files can say
    VERIFIER_KEY_DIFFERS = "verifier_key_differs"
    BUNDLE_MISSING = "bundle_missing"
    BUNDLE_COUNT = "bundle_count"
    ENTRY_ALTERED = "entry_altered"
    ENTRY_REMOVED = "entry_removed"
    ENTRY_INSERTED = "entry_inserted"
    ENTRIES_SWAPPED = "entries_swapped"
    ENTRIES_SHIFTED = "entries_shifted"
    ENTRIES_UNPROVABLE = "entries_unprovable"
    TILE_ALTERED = "tile_altered"
    ROOT_DIFFERS = "root_differs"
    HISTORY_UNPROVED = "history_unproved"


class LedgerError(Exception):
    """Raised for every refusal of this library.

    Attributes:
        code: which rule was broken.
        params: what to put into the sentence: positions, paths, lengths, field names.
    """

    def __init__(self, code: Code, **params: Param) -> None:
        self.code = code
        self.params = params
        said = ", ".join(f"{name}={value}" for name, value in params.items())
        super().__init__(f"{code.value}({said})")
