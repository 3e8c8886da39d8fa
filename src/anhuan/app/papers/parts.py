"""What every paper is made of: photos of slots, who owed what in a stage, the head and the foot."""

from collections.abc import Iterable, Mapping
from unicodedata import east_asian_width

from msgspec import Struct

from anhuan.app.papers.cells import cells_text
from anhuan.app.papers.fields import NOTHING
from anhuan.app.view.blind import HIDDEN, is_hidden
from anhuan.app.view.lens import Lens
from anhuan.app.view.page import Looked
from anhuan.core.case.events import Proof
from anhuan.core.case.state import Duty, DutyStatus
from anhuan.core.policy import Part
from anhuan.domain.evidence import Evidence, Sha256
from anhuan.domain.party import PersonParty
from anhuan.packs.case_cells import CellWords, read_cells
from anhuan.ports.papers import Grid, Line, Picture, PictureGroup, Pictures, Section, Sheet

Jpegs = Mapping[Sha256, bytes | None]
"""The copies of photos that are printed; one that is lost is missing, None is one that must not be printed."""
_HEADS = ("duty", "party", "due", "done_by", "result")
_WIDTHS = (22, 24, 17, 21, 16)


class Frame(Struct, frozen=True, kw_only=True):
    """What stands on a paper besides what it says: whose it is, under which number, since when, and its code."""

    house: str
    """The enterprise's name."""
    title: str
    number: str
    """The paper's, or the case's where it has none of its own."""
    code: str
    """Text of its QR code."""
    head: tuple[Line, ...]


def sheet_of(frame: Frame, sections: Iterable[Section], lens: Lens) -> Sheet:
    """A sheet in its frame."""
    return Sheet(
        language=lens.language,
        house=frame.house,
        title=frame.title,
        head=frame.head,
        code=frame.code,
        code_note=frame.number,
        foot=f"{frame.title} {frame.number}",
        page=lens.word("paper.page"),
        sections=tuple(sections),
    )


# --- photos


def pictures_in(title: str, slots: Iterable[str], proofs: Iterable[Proof], jpegs: Jpegs, lens: Lens) -> Pictures:
    """The photos in these slots, beside each other slot by slot; a slot alone has its name in the title."""
    there, named = [proof for proof in proofs if is_photo(proof)], list(slots)
    groups = tuple(
        PictureGroup(
            lens.word(f"field.{slot}") if len(named) > 1 else "",
            tuple(_picture(proof.evidence, jpegs, lens) for proof in there if proof.slot == slot),
        )
        for slot in named
    )
    printed = any(picture.jpeg for group in groups for picture in group.pictures)
    note = lens.word("paper.faces_blurred") if printed else ""
    return Pictures(title=title, groups=groups, none=lens.word("paper.no_photo"), note=note)


def is_photo(proof: Proof) -> bool:
    """Whether it can be printed as a picture."""
    return proof.evidence.media_type.startswith("image/")


def _picture(evidence: Evidence, jpegs: Jpegs, lens: Lens) -> Picture:
    at = lens.local(evidence.captured_at or evidence.received_at)
    return picture_of(lens, evidence, jpegs, f"{at}  SHA-256 {evidence.sha256[:12]}")


def picture_of(lens: Lens, evidence: Evidence, jpegs: Jpegs, caption: str) -> Picture:
    """A photo on paper, or what is said in its place."""
    jpeg = jpegs.get(evidence.sha256)
    absent = lens.word("paper.photo_left_out" if evidence.sha256 in jpegs else "paper.photo_missing")
    return Picture(caption=caption, jpeg=jpeg or b"", absent="" if jpeg else absent)


# --- other cases


class Children(Struct, frozen=True):
    """Cases that were reported at one, as the viewer sees them; `hidden` more of them they may not see."""

    seen: tuple[Looked, ...] = ()
    hidden: int = 0


def children_in(title: str, columns: Mapping[str, CellWords], children: Children, lens: Lens) -> Grid:
    """A row for each case; what may not be seen is counted, so that a paper never looks complete when it is not."""
    cells = [read_cells(words) for words in columns.values()]
    heads = tuple(lens.word(f"head.{column}") for column in columns)
    rows = [
        tuple(cells_text(origins, looked, row) or NOTHING for origins in cells)
        for row, looked in enumerate(children.seen, 1)
    ]
    if children.hidden:
        unseen = lens.word("paper.children_hidden", count=str(children.hidden))
        rows.append((unseen, *[NOTHING] * (len(cells) - 1)))
    widths = tuple(max(_shown(row[at]) for row in (heads, *rows)) for at in range(len(cells)))
    return Grid(title=title, heads=heads, widths=widths, rows=tuple(rows), empty=lens.word("paper.no_children"))


def _shown(text: str) -> int:
    """How wide a column of such texts wants to be, as a share: enough for a number, never most of the page."""
    letters = sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
    return min(max(letters, 10), 28)


# --- duties


def duties_in(title: str, duties: Iterable[Duty], looked: Looked) -> Grid:
    """Who owed what by when, who did it, and how it ended."""
    lens = looked.lens
    rows = tuple(_duty_row(duty, looked) for duty in duties if duty.status is not DutyStatus.CANCELLED)
    heads = tuple(lens.word(f"paper.head.{head}") for head in _HEADS)
    return Grid(title=title, heads=heads, widths=_WIDTHS, rows=rows, empty=lens.word("paper.nothing_owed"))


def stage_duties(looked: Looked, stage: str) -> list[Duty]:
    """The duties of the stage's last round."""
    duties = [duty for duty in looked.shown.duties.values() if duty.stage == stage and duty.move is None]
    last = max((duty.round for duty in duties), default=0)
    return [duty for duty in duties if duty.round == last]


def _duty_row(duty: Duty, looked: Looked) -> tuple[str, ...]:
    lens, hidden = looked.lens, is_hidden(duty, looked.own)
    name = lens.duty(duty.key)
    if duty.part is Part.ASSIST:
        name = lens.word("paper.assists", duty=name)
    party = lens.party(PersonParty(HIDDEN) if hidden else duty.party).text
    return name, party, lens.local(duty.due_at), done_by(duty, lens), _result(duty, lens)


def done_by(duty: Duty, lens: Lens) -> str:
    """Who did a duty and when; only when, where nobody is named."""
    if duty.ended_at is None:
        return NOTHING
    names = [person.name for one in (duty.ended_by, duty.on_behalf_of) if (person := lens.person(one))]
    text = lens.word("paper.on_behalf", by=names[0], of=names[1]) if len(names) == 2 else "".join(names)
    return f"{text}\n{lens.local(duty.ended_at)}".strip()


def _result(duty: Duty, lens: Lens) -> str:
    result = lens.outcome(duty.outcome) or lens.word("paper.open")
    return lens.word("paper.late", result=result) if duty.breached_at else result
