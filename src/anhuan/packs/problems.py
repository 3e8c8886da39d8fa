"""What is wrong with a pack, said once and in no language.

The author of a pack is told the place where a fault stands, a stable code and the values that go into its text; the
texts are words, keyed `problem.<code>` (see `problem_words`). What is wrong with a filled-in form is a
`core.policy.Problem`: the same idea, but about a field.
"""

from collections.abc import Mapping

from msgspec import Struct

Params = Mapping[str, object]


class PackProblem(Struct, frozen=True):
    """One fault in a pack."""

    code: str
    """Stable, snake_case."""
    where: str
    """The place, outermost first, joined by `/`: `tables/deadlines/row 3/within`."""
    params: Params = {}
    """Values for the text; always plain JSON."""


class PackInvalid(Exception):
    """A part of a pack that cannot be used; carries every fault that was found, not only the first."""

    def __init__(self, problems: tuple[PackProblem, ...]) -> None:
        super().__init__("; ".join(f"{p.where}: {p.code} {dict(p.params)}" for p in problems))
        self.problems = problems
