"""A report as a Word document: what people mark up and go on writing in.

Headings are Word's own, so that its navigation finds the chapters; table heads repeat on every page and rows do not
break. Texts go in as texts: nothing that a person wrote is read as a field or markup.
"""

import io
import re
from datetime import UTC, datetime

from docx import Document
from docx.document import Document as Doc
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table as DocTable
from docx.table import _Cell as DocCell
from docx.table import _Row as DocRow
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from anhuan.ports.papers import Blanks, Line, Lines, Picture, Pictures, Prose
from anhuan.ports.reports import Amount, Block, Report, Table, shown

FONT = "Microsoft YaHei"
PAGE_CM, MARGIN_CM = (21.0, 29.7), 1.8
WIDTH_CM = PAGE_CM[0] - 2 * MARGIN_CM
PHOTO_CM = (7.6, 6.0)
"""A photo is held to this width and height."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML cannot hold."""
_SOFT = RGBColor(0x5F, 0x66, 0x70)
_HEAD_FILL = "EEF2F6"
_MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)
"""What the file says of itself; when it was made stands in its text, and the same report gives the same document."""


def write_report(report: Report) -> bytes:
    """The document."""
    document = Document()
    _set_up(document, report)
    _said(document.add_paragraph(), report.house, size=10.5, color=_SOFT)
    _said(document.add_heading(level=0), report.title, size=20)
    _lines(document, report.head)
    for chapter in report.chapters:
        _said(document.add_heading(level=1), chapter.title)
        for block in chapter.blocks:
            _block(document, block, report)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _set_up(document: Doc, report: Report) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(PAGE_CM[0]), Cm(PAGE_CM[1])
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(MARGIN_CM)
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        fonts = document.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):  # a font of the theme would go before ours
            fonts.attrib.pop(qn(f"w:{'cstheme' if script == 'cs' else f'{script}Theme'}"), None)
            fonts.set(qn(f"w:{script}"), FONT)
    document.styles["Normal"].font.size = Pt(10)
    properties = document.core_properties
    properties.title, properties.author = _CONTROL.sub("", report.title)[:255], _CONTROL.sub("", report.house)[:255]
    properties.comments = ""
    properties.created = properties.modified = _MADE_AT
    properties.language = report.language
    foot = section.footer.paragraphs[0]
    _said(foot, f"{report.house} · {report.title} · ", size=8.5, color=_SOFT)
    before, _, rest = report.page.partition("{page}")
    between, _, after = rest.partition("{pages}")
    _said(foot, before, size=8.5, color=_SOFT)
    _counted(foot.add_run(), "PAGE")
    _said(foot, between, size=8.5, color=_SOFT)
    _counted(foot.add_run(), "NUMPAGES")
    _said(foot, after, size=8.5, color=_SOFT)


def _counted(run: Run, field: str) -> None:
    """A number that Word counts itself."""
    for kind, text in (("begin", None), (None, field), ("end", None)):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)  # noqa: SLF001 - the library has no words for a field


# --- blocks


def _block(document: Doc, block: Block, report: Report) -> None:
    title = document.add_heading(level=2)
    _said(title, block.title, size=11.5)
    match block:
        case Prose(text=text):
            _said(document.add_paragraph(), text)
        case Lines(lines=lines):
            _lines(document, lines)
        case Table():
            _table(document, block, report)
        case Pictures():
            _pictures(document, block)
        case Blanks():
            _blanks(document, block)


def _lines(document: Doc, lines: tuple[Line, ...]) -> None:
    if not lines:
        return
    table = _ruled(document, len(lines), (24, 76))
    for row, line in zip(table.rows, lines, strict=True):
        _whole(row)
        _fill(row.cells[0], line.label, shaded=True)
        _fill(row.cells[1], line.text)


def _table(document: Doc, block: Table, report: Report) -> None:
    if not block.rows:
        _said(document.add_paragraph(), block.empty, color=_SOFT)
        return
    numbers = {place for row in block.rows for place, cell in enumerate(row) if isinstance(cell, Amount)}
    table = _ruled(document, len(block.rows) + 1, block.widths)
    for place, head in enumerate(block.heads):
        _fill(table.rows[0].cells[place], head, shaded=True, right=place in numbers)
    _repeated(table.rows[0])
    for row, cells in zip(table.rows[1:], block.rows, strict=True):
        _whole(row)
        filled = row.cells
        for place, cell in enumerate(cells):
            _fill(filled[place], shown(cell, report.language), right=place in numbers)
    if block.note:
        _said(document.add_paragraph(), block.note, size=8, color=_SOFT)


def _pictures(document: Doc, block: Pictures) -> None:
    """Groups beside each other."""
    table = document.add_table(rows=2, cols=len(block.groups))
    for place, group in enumerate(block.groups):
        _fill(table.rows[0].cells[place], group.heading, soft=True)
        cell = table.rows[1].cells[place]
        if not group.pictures:
            _fill(cell, block.none, soft=True)
        for number, picture in enumerate(group.pictures):
            _picture(cell, picture, first=number == 0)
    if block.note:
        _said(document.add_paragraph(), block.note, size=8, color=_SOFT)


def _picture(cell: DocCell, picture: Picture, *, first: bool) -> None:
    paragraph = cell.paragraphs[0] if first else cell.add_paragraph()
    if picture.jpeg:
        inline = paragraph.add_run().add_picture(io.BytesIO(picture.jpeg))
        shrink = min(Cm(PHOTO_CM[0]) / inline.width, Cm(PHOTO_CM[1]) / inline.height)
        inline.width, inline.height = round(inline.width * shrink), round(inline.height * shrink)
    else:
        _said(paragraph, picture.absent, color=_SOFT)
    _said(cell.add_paragraph(), picture.caption, size=8, color=_SOFT)


def _blanks(document: Doc, block: Blanks) -> None:
    """Room to sign by hand, two beside each other."""
    table = _ruled(document, (len(block.blanks) + 1) // 2, (50, 50))
    for place, blank in enumerate(block.blanks):
        cell = table.rows[place // 2].cells[place % 2]
        table.rows[place // 2].height = Cm(4)
        _fill(cell, blank.label, soft=True)
        if blank.stamp:
            _said(cell.add_paragraph(), f"（{block.stamp}）", color=_SOFT)
        _said(cell.add_paragraph(), f"\n{block.signature}\n\n{block.date}")


# --- pieces


def _ruled(document: Doc, rows: int, widths: tuple[int, ...]) -> DocTable:
    table: DocTable = document.add_table(rows=rows, cols=len(widths), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for place, share in enumerate(widths):
        table.columns[place].width = Cm(WIDTH_CM * share / sum(widths))
    for row in table.rows:
        for cell, column in zip(row.cells, table.columns, strict=True):
            cell.width = column.width
    return table


def _fill(cell: DocCell, text: str, *, shaded: bool = False, right: bool = False, soft: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _said(paragraph, text, size=9, color=_SOFT if shaded or soft else None)
    if shaded:
        fill = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", _HEAD_FILL)):
            fill.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(fill)  # noqa: SLF001 - the library has no words for a cell's shade


def _repeated(row: DocRow) -> None:
    """The row stands at the head of every page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - no words for it


def _whole(row: DocRow) -> None:
    """The row does not break over two pages."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 - no words for it


def _said(paragraph: Paragraph, text: str, *, size: float | None = None, color: RGBColor | None = None) -> None:
    run = paragraph.add_run(_CONTROL.sub("", text))
    if size is not None:
        run.font.size = Pt(size)
    if color is not None:
        run.font.color.rgb = color
