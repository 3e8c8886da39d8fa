"""A register as it would be taken in: its layout, its rows, and what would become of each."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from anhuan.app.register_rows import RowForm, RowTaking
from anhuan.packs.forms import IMPORT
from anhuan.packs.import_words import ImportSpec
from anhuan.ports.imports import Counts
from anhuan.ports.registers import Accepted, Duplicate, Layout, Mapping, Outcome, Rejected, Sheet


@dataclass(frozen=True, kw_only=True)
class Look:
    """A register as it would be taken in."""

    kind: str
    spec: ImportSpec
    sheets: tuple[str, ...]
    sheet: Sheet
    layout: Layout
    said: Mapping
    guess: Layout
    """Without anybody's word; the plant remembers a correction under its fingerprint."""
    taking: RowTaking
    outcomes: tuple[Outcome, ...]
    forms: dict[int, RowForm]
    """Row number -> what an accepted row puts into the form."""
    live: frozenset[int]
    """Numbers of the accepted rows that become live cases."""
    known: frozenset[int]
    """Numbers of the accepted rows that were taken in before."""

    @property
    def stops(self) -> bool:
        """Nothing can be read like this: a person must say more about the layout."""
        return any(problem.level == "stops" for problem in self.layout.problems)

    def accepted(self) -> Iterator[Accepted]:
        """Rows that can become cases, those that did so before included."""
        return (row for row in self.outcomes if isinstance(row, Accepted))

    def rejected(self) -> tuple[Rejected, ...]:
        """Rows that come back."""
        return tuple(row for row in self.outcomes if isinstance(row, Rejected))

    def counts(self) -> Counts:
        """What would become of the rows."""
        kinds = Counter(type(row) for row in self.outcomes)
        new = {row.row_no for row in self.accepted()} - self.known
        rejected = kinds[Rejected]
        duplicates = kinds[Duplicate] + len(self.known)
        return Counts(
            rows=len(self.outcomes),
            accepted=len(new),
            rejected=rejected,
            duplicates=duplicates,
            skipped=len(self.outcomes) - len(new) - rejected - duplicates,
            open=len(new & self.live),
            history=len(new - self.live),
        )


def row_key(kind: str, row: Accepted) -> str:
    """The key of the command that takes a row in: the same whenever a row that says the same comes."""
    return f"{IMPORT}:{kind}:{row.row_key}"
