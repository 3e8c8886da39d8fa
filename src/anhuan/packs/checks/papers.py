"""Whether a kind's papers can be issued and filled: who, when, and every field, stage, slot and word on them."""

import re
from collections.abc import Iterator, Mapping

from anhuan.core.policy import Kind
from anhuan.packs.case_cells import CellWords
from anhuan.packs.checks.asked import field_known
from anhuan.packs.checks.case_cells import check_cells
from anhuan.packs.checks.reading import place, stage_duties
from anhuan.packs.compile import Pack
from anhuan.packs.forms import Form
from anhuan.packs.language import PaperText, SectionText
from anhuan.packs.problems import PackProblem

CONTENTS = ("text", "fields", "clauses", "stage", "photos", "children", "sign")
"""Keys of a section that say what stands in it; it has exactly one."""
OF_A_FORM = frozenset({"fields", "clauses", "photos"})
SPOKEN = ("number", "title", "area", "equipment", "due")
"""What a paper's text may speak of: `{due}`."""
COLUMNS_MAX = 3
"""Photo slots beside each other on a page of A4."""
CELLS_MAX = 8
"""Columns of a table that can still be read on a page of A4."""
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_PLACEHOLDER = re.compile(r"{(\w*)}")


def check_papers(pack: Pack, others: Mapping[str, Pack]) -> Iterator[PackProblem]:
    """Every paper of every kind; `others` as for check_pack."""
    kinds = {key: kind for other in (*others.values(), pack) for key, kind in other.kinds.items()}
    for kind in pack.kinds.values():
        for name, paper in pack.texts[kind.key].papers.items():
            where = f"{place(kind)}/papers/{name}"
            if not _KEY.fullmatch(name):
                yield PackProblem("paper_key_malformed", where, {"key": name})
            if not paper.issued_by:
                yield PackProblem("paper_nobody_may_issue", f"{where}/issued_by")
            yield from _stages(f"{where}/stages", paper.stages, kind)
            yield from _duties(f"{where}/after", paper.after, kind)
            if not paper.sections:
                yield PackProblem("paper_empty", f"{where}/sections")
            for number, section in enumerate(paper.sections, 1):
                yield from _section(f"{where}/sections/{number}", section, kind, pack)
                yield from _children(f"{where}/sections/{number}/children", section.children, kind, kinds)


def paper_word_keys(kind: Kind, papers: Mapping[str, PaperText]) -> Iterator[str]:
    """Words that a kind's papers need."""
    for name, paper in papers.items():
        yield f"paper.{kind.key}.{name}"
        for section in paper.sections:
            yield f"part.{section.title}"
            if section.text is not None:
                yield f"says.{section.text}"
            yield from (f"blank.{sign.who}" for sign in section.sign)
            yield from (f"field.{slot}" for slot in section.photos)
            yield from (f"head.{column}" for column in section.children)


def _forms(kind: Kind) -> dict[str, str | None]:
    """Duty of a stage -> the form that whoever leads it fills in."""
    return {owed.spec.key: owed.spec.form for owed in stage_duties(kind)}


def _section(where: str, section: SectionText, kind: Kind, pack: Pack) -> Iterator[PackProblem]:
    written = [key for key in CONTENTS if getattr(section, key)]
    if len(written) != 1:
        yield PackProblem("paper_section_needs_one", where, {"known": list(CONTENTS)})
        return
    (content,) = written
    if section.of is not None and content not in OF_A_FORM:
        yield PackProblem("paper_of_misfit", f"{where}/of", {"known": sorted(OF_A_FORM)})
    duty = (section.of,) if section.of is not None else ()
    yield from _duties(f"{where}/of", duty, kind)
    form = pack.forms.get((_forms(kind).get(section.of) if section.of else kind.form) or "")
    for key, names in (("fields", section.fields), ("clauses", section.clauses)):
        for name in names if form else ():
            yield from field_known(f"{where}/{key}", form, name)
    yield from _photos(f"{where}/photos", section.photos, form)
    yield from _stages(f"{where}/stage", (section.stage,) if section.stage is not None else (), kind)
    if section.text is not None:
        yield from _spoken(section.text, pack)


def _photos(where: str, slots: tuple[str, ...], form: Form | None) -> Iterator[PackProblem]:
    known = sorted(slot for slot, widget in form.slots.items() if widget == "photos") if form else []
    for slot in slots:
        if slot not in known:
            yield PackProblem("paper_slot_unknown", where, {"slot": slot, "known": known})
    if len(slots) > COLUMNS_MAX:
        yield PackProblem("paper_too_many_columns", where, {"limit": COLUMNS_MAX})


def _children(
    where: str, cells: Mapping[str, CellWords], kind: Kind, kinds: Mapping[str, Kind]
) -> Iterator[PackProblem]:
    """The table of what was found is of a kind that may be found, which is checked in its own place."""
    if not cells:
        return
    if len(cells) > CELLS_MAX:
        yield PackProblem("paper_too_many_cells", where, {"limit": CELLS_MAX})
    if kind.finds is None:
        yield PackProblem("paper_children_of_none", where)
    elif found := kinds.get(kind.finds.kind):
        yield from check_cells(where, cells, found)


def _spoken(text: str, pack: Pack) -> Iterator[PackProblem]:
    """The text speaks only of what every case can tell."""
    for language, words in pack.words.items():
        for name in _PLACEHOLDER.findall(words.get(f"says.{text}", "")):
            if name not in SPOKEN:
                params = {"name": name, "known": list(SPOKEN)}
                yield PackProblem("paper_text_speaks_of", f"words/{language}.yaml/says.{text}", params)


def _stages(where: str, stages: tuple[str, ...], kind: Kind) -> Iterator[PackProblem]:
    for stage in stages:
        if stage not in kind.stages:
            yield PackProblem("stage_unknown", where, {"stage": stage, "known": sorted(kind.stages)})


def _duties(where: str, duties: tuple[str, ...], kind: Kind) -> Iterator[PackProblem]:
    known = sorted(_forms(kind))
    for duty in duties:
        if duty not in known:
            yield PackProblem("paper_duty_unknown", where, {"duty": duty, "known": known})
