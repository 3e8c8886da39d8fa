"""What a verification found: facts with codes and parameters, to be put into words by whoever shows them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from anhuan.ledger.errors import Code, Param

MAX_FAULTS = 100
"""Faults that a report lists; further ones are only counted."""


class Fault(msgspec.Struct, frozen=True):
    """One thing that is wrong with a log.

    Fields:
        code: what is wrong.
        params: where: `entry` counts from 0, `path` is a file of the export.
    """

    code: Code
    params: dict[str, Param]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of a verification.

    Fields:
        origin: the log's name, from the key that was asked for.
        size: entries that the checkpoint promises; 0 when there is no believable checkpoint.
        root: the signed root; empty when there is no believable checkpoint.
        entries: entries that were read and hashed.
        tiles: hash tiles that were read and checked.
        since: size of the older checkpoint that was compared with, if any.
        faults: what is wrong, in the order of the log; empty for a sound log.
        further_faults: how many more there are than listed.
    """

    origin: str
    size: int
    root: bytes
    entries: int
    tiles: int
    since: int | None
    faults: tuple[Fault, ...]
    further_faults: int

    @property
    def sound(self) -> bool:
        """Whether nothing at all is wrong."""
        return not self.faults


def compare_hashes(first: int, truth: Sequence[bytes], found: Sequence[bytes]) -> list[Fault]:
    """Says how the entries of one bundle differ from the hashes that the tree holds for them.

    `first` is the position of the bundle's first entry in the log, `truth` the tree's hashes, `found` the hashes of
    the entries read. Looks for the plainest story: two swapped, one removed, one inserted, some altered.
    """
    shared = min(len(truth), len(found))
    wrong = [i for i in range(shared) if truth[i] != found[i]]
    if len(truth) == len(found) and len(wrong) == 2:
        one, other = wrong
        if (truth[one], truth[other]) == (found[other], found[one]):
            return [Fault(Code.ENTRIES_SWAPPED, {"entry": first + one, "other": first + other})]
    at, extra = (wrong[0] if wrong else shared), len(found) - len(truth)
    rest_of_truth, rest_of_found = list(truth[at:]), list(found[at:])
    # Same length: what follows a removal has moved up and the next bundle's first entry has come in at the end.
    removed = rest_of_found[: len(rest_of_truth) - 1] == rest_of_truth[1:]
    if removed and (extra == -1 or (extra == 0 and len(rest_of_truth) > 1)):
        return [Fault(Code.ENTRY_REMOVED, {"entry": first + at})]
    inserted = rest_of_truth[: len(rest_of_found) - 1] == rest_of_found[1:]
    if inserted and (extra == 1 or (extra == 0 and len(rest_of_found) > 1)):
        return [Fault(Code.ENTRY_INSERTED, {"entry": first + at})]
    return [Fault(Code.ENTRY_ALTERED, {"entry": first + i}) for i in wrong]
