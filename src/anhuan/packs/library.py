"""Libraries: what a pack offers while somebody fills in a field.

Usual findings with rating and measure, and the criteria of the trade with the editions in which they are in force: the
pack suggests, a person decides.

An entry's text is what the field is filled with, `sets` what else it fills in. An entry whose source is no longer in
force (or not yet) is never offered, and what cites it word for word is refused.
"""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from msgspec import Struct

from anhuan.packs.sources import Source
from anhuan.packs.texts import bare

OFFERED_MOST = 20
LIKE_ENOUGH = 0.3
"""Share of what was typed, by pairs of letters, that an entry must say."""


class Entry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that is offered."""

    key: str
    zh: str
    en: str
    sets: Mapping[str, Any] = {}
    """Other fields of the form and what they become."""
    source: Source | None = None

    def text(self, language: str) -> str:
        """What the field is filled with."""
        return self.en if language == "en" else self.zh

    def in_force(self, on: date) -> bool:
        """Whether its source is in force on a day; what has no source always is."""
        if self.source is None:
            return True
        begins, ends = self.source.in_force_from, self.source.in_force_until
        return (begins is None or date.fromisoformat(begins) <= on) and (ends is None or on <= date.fromisoformat(ends))


class Library(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`library/<key>.yaml`: what is offered for one field of one form."""

    form: str
    field: str
    entries: tuple[Entry, ...]

    def offered(self, typed: str, on: date, given: Mapping[str, object]) -> list[Entry]:
        """Entries in force that say what was typed, the closest first; without anything typed all, as they stand.

        `given`: values of the form so far, such as the category; entries that would set another are left out.
        """
        fitting = [entry for entry in self.entries if entry.in_force(on) and _fits(entry, given)]
        if not bare(typed):
            return fitting[:OFFERED_MOST]
        scored = [(_likeness(typed, f"{entry.zh} {entry.en} {_cited(entry)}"), entry) for entry in fitting]
        return [entry for score, entry in sorted(scored, key=lambda one: -one[0]) if score >= LIKE_ENOUGH][
            :OFFERED_MOST
        ]

    def out_of_force(self, text: str, on: date) -> Entry | None:
        """The entry that a text cites though it is not in force on that day; None: nothing is wrong with it."""
        named = [entry for entry in self.entries if bare(text) in (bare(entry.zh), bare(entry.en))]
        return None if any(entry.in_force(on) for entry in named) else next(iter(named), None)


def _cited(entry: Entry) -> str:
    source = entry.source
    return "" if source is None else " ".join(filter(None, (source.text, source.edition, source.clause)))


def _fits(entry: Entry, given: Mapping[str, object]) -> bool:
    return all(entry.sets.get(name, value) == value for name, value in given.items())


def _likeness(typed: str, said: str) -> float:
    """From 0 to 1: how much of what was typed the entry says."""
    wanted, there = bare(typed), bare(said)
    if wanted in there:
        return 1.0
    pairs = {a + b for a, b in pairwise(wanted)}
    return len(pairs & {a + b for a, b in pairwise(there)}) / len(pairs) if pairs else 0.0
