"""The whole case on paper: what is known, what was done and proven, who owed what, and everything that happened."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from anhuan.app.papers.cells import case_text
from anhuan.app.papers.fields import NOTHING, filled_lines
from anhuan.app.papers.parts import Frame, Jpegs, done_by, duties_in, is_photo, pictures_in, sheet_of
from anhuan.app.view.lens import Lens
from anhuan.app.view.page import Looked, form_key
from anhuan.app.view.readings import as_read
from anhuan.app.view.timeline import timeline
from anhuan.core.case.events import CaseEvent, Proof
from anhuan.core.case.state import AskedMove, Case, Duty, DutyStatus
from anhuan.domain.ids import CaseId, PersonId
from anhuan.packs.case_cells import CASE
from anhuan.ports.papers import Grid, Line, Lines, Section, Sheet

Numbers = Mapping[CaseId, str]
_ABOUT = tuple(name for name in CASE if name not in ("number", "area", "equipment"))
"""What is said of the case before its form, which says where it is."""


def whole_sheet(looked: Looked, events: Sequence[CaseEvent], numbers: Numbers, frame: Frame, jpegs: Jpegs) -> Sheet:
    """The case as its viewer sees it. `numbers`: those of tied cases that the viewer may see."""
    return sheet_of(frame, _sections(looked, events, numbers, jpegs), looked.lens)


def _sections(looked: Looked, events: Sequence[CaseEvent], numbers: Numbers, jpegs: Jpegs) -> Iterator[Section]:
    case, lens = looked.shown, looked.lens
    yield Lines(title=lens.word("paper.part.case"), lines=_about(case, lens))
    form = lens.pack.forms.get(lens.kind.form)
    if form is not None and (lines := filled_lines(form, case.values(), lens)):
        yield Lines(title=lens.word(f"form.{lens.kind.form}"), lines=lines)
    yield from _photos(case.proofs, (), jpegs, lens)
    yield duties_in(lens.word("paper.part.duties"), case.duties.values(), looked)
    for duty in case.duties.values():
        if duty.status is DutyStatus.DISCHARGED:
            yield from _done(duty, looked, jpegs)
    for asked in case.moves.values():
        yield from _asked(asked, jpegs, lens)
    if case.papers:
        yield _papers(case, lens)
        yield from _photos([piece for paper in case.papers.values() for piece in paper.returned], (), jpegs, lens)
    yield _history(looked, events, numbers)


def _about(case: Case, lens: Lens) -> tuple[Line, ...]:
    said = ((name, case_text(name, case, lens)) for name in _ABOUT)
    return tuple(Line(lens.word(f"column.{name}"), text) for name, text in said if text)


def _name(person: PersonId | None, lens: Lens) -> str:
    named = lens.person(person)
    return named.name if named else NOTHING


def _done(duty: Duty, looked: Looked, jpegs: Jpegs) -> Iterator[Section]:
    """What was filled in and shown when a duty was done; nothing of a bare receipt."""
    lens = looked.lens
    spec = lens.kind.duty(duty.stage, duty.key)
    form = lens.pack.forms.get(form_key(spec, duty) or "")
    lines = filled_lines(form, as_read(duty.form, spec, lens), lens) if form else ()
    if not lines and not duty.proofs:
        return
    result = Line(lens.word("paper.head.result"), lens.outcome(duty.outcome) or NOTHING)
    by = Line(lens.word("paper.head.done_by"), done_by(duty, lens))
    yield Lines(title=lens.duty(duty.key), lines=(by, result, *lines, *_files(duty.proofs, lens)))
    yield from _photos(duty.proofs, spec.compare or () if spec else (), jpegs, lens)


def _asked(asked: AskedMove, jpegs: Jpegs, lens: Lens) -> Iterator[Section]:
    move = lens.kind.moves.get(asked.key)
    form = lens.pack.forms.get(move.form or "") if move else None
    decided = {None: "open", True: "granted", False: "not_granted"}[asked.granted]
    by = Line(lens.word("paper.head.asked_by"), f"{_name(asked.by, lens)}\n{lens.local(asked.asked_at)}")
    result = Line(lens.word("paper.head.result"), lens.word(f"paper.{decided}"))
    lines = filled_lines(form, asked.form, lens) if form else ()
    yield Lines(title=lens.move(asked.key), lines=(by, result, *lines, *_files(asked.proofs, lens)))
    yield from _photos(asked.proofs, (), jpegs, lens)


def _files(proofs: Iterable[Proof], lens: Lens) -> tuple[Line, ...]:
    """Files that cannot be printed, by their hash."""
    return tuple(
        Line(lens.word(f"field.{proof.slot}"), f"{proof.evidence.media_type}\nSHA-256 {proof.evidence.sha256}")
        for proof in proofs
        if not is_photo(proof)
    )


def _photos(proofs: Sequence[Proof], beside: tuple[str, ...], jpegs: Jpegs, lens: Lens) -> Iterator[Section]:
    """Photos slot by slot; those of `beside` side by side."""
    slots = list(dict.fromkeys(proof.slot for proof in proofs if is_photo(proof)))
    if beside and set(beside) <= set(slots):
        yield pictures_in(lens.word("paper.part.compared"), beside, proofs, jpegs, lens)
        slots = [slot for slot in slots if slot not in beside]
    for slot in slots:
        yield pictures_in(lens.word(f"field.{slot}"), (slot,), proofs, jpegs, lens)


def _papers(case: Case, lens: Lens) -> Grid:
    rows = tuple(
        (lens.paper(paper.paper), paper.number, _name(paper.by, lens), lens.local(paper.issued_at), paper.sha256)
        for paper in case.papers.values()
    )
    heads = tuple(lens.word(f"paper.head.{head}") for head in ("paper", "number", "issued_by", "issued_at", "sha256"))
    return Grid(title=lens.word("paper.part.papers"), heads=heads, widths=(18, 20, 12, 18, 32), rows=rows)


def _history(looked: Looked, events: Sequence[CaseEvent], numbers: Numbers) -> Grid:
    lens = looked.lens
    rows = tuple((lens.local(item.at), item.text) for item in timeline(looked, events, numbers))
    heads = (lens.word("paper.head.at"), lens.word("paper.head.what"))
    return Grid(title=lens.word("paper.part.history"), heads=heads, widths=(20, 80), rows=rows)
