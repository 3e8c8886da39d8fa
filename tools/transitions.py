"""Writes docs/explanation/transitions.md: the transition table, drawn from the code; a test keeps it fresh."""

from pathlib import Path

from anhuan.packs.show import diagram_of_transitions

PAGE = Path(__file__).parents[1] / "docs" / "explanation" / "transitions.md"
HEAD = """# What may happen to a case and to a duty

Drawn from `src/anhuan/core/case/transitions.py` by `.venv/bin/python tools/transitions.py`; do not edit by hand. A pack
decides which stages there are and who owes what in them. It cannot change this: an event that has no arrow here from
the status that a case or duty is in cannot happen.

"""


def page() -> str:
    return HEAD + diagram_of_transitions()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
