"""How alike two short texts are, in any script: shared pairs of neighbouring letters."""

import unicodedata
from itertools import pairwise

CATEGORY_SHARE = 0.3
"""What the same category alone is worth."""


def likeness(text: str, other: str, *, same_category: bool) -> float:
    """From 0 to 1: the Dice coefficient of the texts' letter pairs, and something for the same category."""
    return (CATEGORY_SHARE if same_category else 0.0) + (1 - CATEGORY_SHARE) * _dice(_pairs(text), _pairs(other))


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def _pairs(text: str) -> frozenset[str]:
    letters = [letter for letter in unicodedata.normalize("NFKC", text).lower() if letter.isalnum()]
    return frozenset(a + b for a, b in pairwise(letters))
