"""Heads: what a column is called, over any number of rows, and how well that fits a field's words.

A head in several rows is a path (`整改` / `完成日期`). Merged cells carry their text over all they cover; where a file
does not tell its merges (CSV, or cells left blank instead) a group's text is carried to the right.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from anhuan.connectors.excel.folding import bare, cell_text, fold_head
from anhuan.packs.import_words import ImportSpec
from anhuan.ports.registers import Sheet

OWN_MARK = "※"
"""Begins the heads of columns that we wrote ourselves (reasons in a rejects file); they belong to no register."""

Path = tuple[str, ...]

EXACT = 1.0
SUFFIX = 0.97
LEAF = 0.95
_HAS_WORD = (0.45, 0.4)
_IS_PART = (0.4, 0.3)
_ALIKE = 0.6
_ALIKE_FROM = 0.5


def covering(sheet: Sheet, top: int, bottom: int) -> dict[tuple[int, int], tuple[int, int]]:
    """Each merged cell within the rows `top` to `bottom` (from 0) -> the cell that holds its text."""
    return {
        (row, column): (span.top, span.left)
        for span in sheet.spans
        if span.bottom >= top and span.top <= bottom
        for row in range(max(span.top, top), min(span.bottom, bottom) + 1)
        for column in range(span.left, span.right + 1)
    }


def head_paths(sheet: Sheet, top: int, bottom: int) -> tuple[Path, ...]:
    """The path of each column for a head in the rows `top` to `bottom`, counted from 0."""
    origin = covering(sheet, top, bottom)
    grid = [
        [
            cell_text(sheet.rows[at[0]][at[1]]) if top <= (at := origin.get((row, column), (row, column)))[0] else ""
            for column in range(len(sheet.rows[row]))
        ]
        for row in range(top, bottom + 1)
    ]
    for depth in range(len(grid) - 1):
        _carry_groups(grid[depth], grid[depth + 1])
    paths: list[Path] = []
    for column in range(len(grid[0])):
        path: list[str] = []
        for line in grid:
            text = " ".join(line[column].split())
            if text and (not path or path[-1] != text):
                path.append(text)
        paths.append(() if path and path[-1].startswith(OWN_MARK) else tuple(path))
    return tuple(paths)


def _carry_groups(upper: list[str], lower: Sequence[str]) -> None:
    """A blank above a named column belongs to the group on its left, if that one is named in both rows."""
    for column in range(1, len(upper)):
        if not upper[column] and lower[column] and upper[column - 1] and lower[column - 1]:
            upper[column] = upper[column - 1]


def written(path: Path) -> str:
    """The head as a person reads it."""
    return "/".join(path)


class HeadWords:
    """Scores heads against the words of a spec; remembers what it has scored."""

    def __init__(self, spec: ImportSpec) -> None:
        self._folded: Mapping[str, tuple[str, ...]] = {
            name: tuple(dict.fromkeys(fold_head(head) for head in (*field.heads, name)))
            for name, field in spec.fields.items()
        }
        self._scores: dict[tuple[str, Path], float] = {}

    def score(self, field: str, path: Path) -> float:
        """0 (not at all) to 1 (word for word)."""
        key = (field, path)
        found = self._scores.get(key)
        if found is None:
            found = self._scores[key] = max((_fit(path, head) for head in self._folded[field]), default=0.0)
        return found


def _fit(path: Path, head: str) -> float:
    if not path or not head:
        return 0.0
    best = 0.0
    for texts in (path, tuple(bare(text) for text in path)):
        folded = [fold_head(text) for text in texts]
        whole = "".join(folded)
        if whole == head:
            return EXACT
        if folded[-1] == head:
            best = max(best, LEAF)
        elif any("".join(folded[start:]) == head for start in range(1, len(folded) - 1)):
            best = max(best, SUFFIX)
        else:
            best = max(best, _likeness(whole, head), _likeness(folded[-1], head))
    return best


@lru_cache(maxsize=65536)
def _likeness(text: str, head: str) -> float:
    if len(text) < 2 or len(head) < 2:
        return 0.0
    if head in text:
        base, weight = _HAS_WORD
        return base + weight * len(head) / len(text)
    if text in head:
        base, weight = _IS_PART
        return base + weight * len(text) / len(head)
    pairs = {text[i : i + 2] for i in range(len(text) - 1)}
    others = {head[i : i + 2] for i in range(len(head) - 1)}
    dice = 2 * len(pairs & others) / (len(pairs) + len(others))
    return _ALIKE * dice if dice >= _ALIKE_FROM else 0.0
