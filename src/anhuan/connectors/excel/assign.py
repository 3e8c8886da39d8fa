"""The best assignment as a whole: which columns for which fields, so that the sum of scores is largest.

Taking each field's first match goes wrong where two fields have like heads; this is the Hungarian method
(Kuhn-Munkres with potentials, O(n² m)).
"""

from collections.abc import Sequence


def best_assignment(scores: Sequence[Sequence[float]]) -> dict[int, int]:
    """Row -> column with the largest sum of scores; pairs that score nothing are left out."""
    if not scores:
        return {}
    width = len(scores[0])
    matching = _Matching(scores)
    for row in range(len(scores)):
        matching.place(row + 1)
    return {
        row - 1: column - 1
        for column, row in enumerate(matching.holder)
        if row and 0 < column <= width and scores[row - 1][column - 1] > 0
    }


class _Matching:
    """Rows placed so far, counted from 1; row and column 0 are the method's own starting point."""

    def __init__(self, scores: Sequence[Sequence[float]]) -> None:
        rows, width = len(scores), len(scores[0])
        above = 1.0 + max((score for row in scores for score in row), default=0.0)
        # One spare column per row, so that a row may stay without one.
        self._costs = [[above - score for score in row] + [above] * rows for row in scores]
        self._columns = width + rows
        self._of_row = [0.0] * (rows + 1)
        self._of_column = [0.0] * (self._columns + 1)
        self.holder = [0] * (self._columns + 1)
        """Column -> the row that has it."""

    def place(self, row: int) -> None:
        """Give the row a column, moving the others along the cheapest path."""
        self.holder[0] = row
        column = 0
        least = [float("inf")] * (self._columns + 1)
        came_from = [0] * (self._columns + 1)
        done = [False] * (self._columns + 1)
        while self.holder[column]:
            done[column] = True
            nearest, step = self._nearest(column, least, came_from, done)
            for other in range(self._columns + 1):
                if done[other]:
                    self._of_row[self.holder[other]] += step
                    self._of_column[other] -= step
                else:
                    least[other] -= step
            column = nearest
        while column:
            self.holder[column] = self.holder[came_from[column]]
            column = came_from[column]

    def _nearest(
        self, column: int, least: list[float], came_from: list[int], done: Sequence[bool]
    ) -> tuple[int, float]:
        row = self.holder[column]
        nearest, step = 0, float("inf")
        for other in range(1, self._columns + 1):
            if done[other]:
                continue
            reduced = self._costs[row - 1][other - 1] - self._of_row[row] - self._of_column[other]
            if reduced < least[other]:
                least[other], came_from[other] = reduced, column
            if least[other] < step:
                nearest, step = other, least[other]
        return nearest, step
