"""Whether the cells of a table about cases of a kind come from somewhere: words, duties and fields that there are."""

from collections.abc import Iterator, Mapping

from anhuan.core.policy import Kind
from anhuan.packs.case_cells import CASE, SPELLINGS, CellUnreadable, CellWords, read_cell, words_in
from anhuan.packs.checks.asked import field_known
from anhuan.packs.checks.reading import form_of, stage_duties
from anhuan.packs.forms import Form
from anhuan.packs.problems import PackProblem


def check_cells(where: str, cells: Mapping[str, CellWords], kind: Kind) -> Iterator[PackProblem]:
    """Every cell word of a table about cases of `kind`, which may be another pack's."""
    owed = {duty.spec.key: duty.spec for duty in stage_duties(kind)}
    for name, word in ((name, word) for name, words in cells.items() for word in words_in(words)):
        place = f"{where}/{name}"
        try:
            cell = read_cell(word)
        except CellUnreadable:
            yield PackProblem("cell_unreadable", place, {"word": word, "known": [*SPELLINGS, *CASE]})
            continue
        if cell.duty and cell.duty not in owed:
            yield PackProblem("paper_duty_unknown", place, {"duty": cell.duty, "known": sorted(owed)})
        elif cell.of == "field":
            yield from field_known(place, form_of(kind), cell.name)
        elif cell.of == "form":
            form = kind.forms.get(owed[cell.duty].form or "")
            yield from field_known(place, form if isinstance(form, Form) else None, cell.name)
