"""A paper of the pack: its sections filled from the case as its viewer sees it."""

from collections.abc import Iterator, Sequence

from anhuan.app.papers.cells import area_text, equipment_text, known_values, last_done
from anhuan.app.papers.fields import field_lines, field_text
from anhuan.app.papers.parts import Children, Frame, Jpegs, children_in, duties_in, pictures_in, sheet_of, stage_duties
from anhuan.app.view.page import Looked
from anhuan.core.case.events import Proof
from anhuan.core.policy import Values
from anhuan.packs.forms import Form
from anhuan.packs.language import PaperText, SectionText
from anhuan.ports.papers import Blank, Blanks, Lines, Prose, Section, Sheet


def paper_sheet(looked: Looked, paper: PaperText, frame: Frame, jpegs: Jpegs, children: Children) -> Sheet:
    """The paper. `children`: the cases reported at this one, where a section lists them."""
    sections = (part for section in paper.sections for part in _section(section, looked, jpegs, children))
    return sheet_of(frame, sections, looked.lens)


def lists_children(paper: PaperText) -> bool:
    """Whether the cases reported at this one stand on it."""
    return any(section.children for section in paper.sections)


def proofs_on(looked: Looked, paper: PaperText) -> list[Proof]:
    """The evidence whose pictures it shows."""
    return [
        proof for section in paper.sections for proof in _origin(looked, section)[2] if proof.slot in section.photos
    ]


def _section(section: SectionText, looked: Looked, jpegs: Jpegs, children: Children) -> Iterator[Section]:
    """What a section comes to; nothing where it is only for what is filled and nothing is."""
    lens = looked.lens
    title = lens.word(f"part.{section.title}")
    form, values, proofs = _origin(looked, section)
    if section.text is not None:
        yield Prose(title=title, text=_spoken(section.text, looked))
    if section.fields and form is not None:
        yield Lines(title=title, lines=field_lines(form, section.fields, values, lens))
    if section.clauses and form is not None:
        filled = tuple(name for name in section.clauses if field_text(form, name, values, lens))
        if filled:
            yield Lines(title=title, lines=field_lines(form, filled, values, lens))
    if section.stage is not None:
        yield duties_in(title, stage_duties(looked, section.stage), looked)
    if section.photos:
        yield pictures_in(title, section.photos, proofs, jpegs, lens)
    if section.children:
        yield children_in(title, section.children, children, lens)
    if section.sign:
        blanks = tuple(Blank(label=lens.word(f"blank.{sign.who}"), stamp=sign.stamp) for sign in section.sign)
        words = {key: lens.word(f"paper.{key}") for key in ("signature", "date", "stamp")}
        yield Blanks(title=title, blanks=blanks, **words)


def _origin(looked: Looked, section: SectionText) -> tuple[Form | None, Values, Sequence[Proof]]:
    """The form, values and evidence that a section is of: the case's own, or those of a duty as it was last done."""
    case, lens = looked.shown, looked.lens
    if section.of is None:
        return lens.pack.forms.get(lens.kind.form), known_values(case, lens), case.proofs
    spec = next((spec for stage in lens.kind.stages.values() if (spec := lens.kind.duty(stage.key, section.of))), None)
    duty = last_done(case, section.of)
    form = lens.pack.forms.get(spec.form or "") if spec else None
    return form, duty.form if duty else {}, duty.proofs if duty else ()


def _spoken(text: str, looked: Looked) -> str:
    case, lens = looked.shown, looked.lens
    return lens.word(
        f"says.{text}",
        number=case.number,
        title=case.title,
        area=area_text(case, lens),
        equipment=equipment_text(case, lens),
        due=lens.local(case.due_at) if case.due_at else "",
    )
