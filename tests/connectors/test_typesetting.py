"""Papers typeset: letter by letter what was given, the same bytes for the same sheet, and no sheet stops the next."""

import io
import struct
from collections.abc import AsyncIterator

import pypdfium2
import pytest
from msgspec.structs import replace
from PIL import Image, ImageDraw, ImageFont

from anhuan.connectors.photos.codes import read_codes
from anhuan.connectors.photos.wire import Limits as PhotoLimits
from anhuan.connectors.typesetting import Typesetters
from anhuan.connectors.typesetting.typeface import WOFF2, FontTransformed, unpacked
from anhuan.connectors.typesetting.worker import Limits, rehearsal
from anhuan.ports.papers import (
    Grid,
    Line,
    Lines,
    PaperNotMade,
    Picture,
    PictureGroup,
    Pictures,
    Prose,
    Section,
    Sheet,
)

A4_POINTS = (595, 842)
MARKUP = [
    '#panic("no")',
    '#import "x": *',
    "*bold* _emph_ `raw` $x^2$ = heading - list + enum / term: x",
    "<label> @ref // comment /* comment */ \\ \\u{41} ~ -- --- ... 'q' \"q\"",
    "[content] {code} #{ 1 + 1 }",
    "燊 堃 喆 翀 㐂 ℃ ≥ ①②③",
]


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    return rehearsal("zh")


@pytest.fixture
async def typesetters() -> AsyncIterator[Typesetters]:
    made = Typesetters()
    yield made
    await made.close()


def with_sections(sheet: Sheet, *sections: Section) -> Sheet:
    return replace(sheet, sections=sections)


def jpeg(colour: str = "teal", size: tuple[int, int] = (400, 300)) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, "JPEG")
    return written.getvalue()


def pages(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]


def bare(text: str) -> str:
    return "".join(text.split()).replace("\u200b", "")


async def test_the_same_sheet_gives_the_same_bytes_in_another_process_too(
    typesetters: Typesetters, sheet: Sheet
) -> None:
    first = await typesetters.typeset(sheet)
    await typesetters.typeset(rehearsal("en"))
    assert await typesetters.typeset(sheet) == first
    other = Typesetters()
    assert await other.typeset(sheet) == first
    await other.close()
    assert await typesetters.typeset(replace(sheet, title="另一份")) != first
    assert b"CreationDate" not in first


@pytest.mark.parametrize("text", MARKUP)
async def test_nothing_that_a_person_wrote_is_read_as_markup(typesetters: Typesetters, sheet: Sheet, text: str) -> None:
    given = with_sections(
        replace(sheet, house=text, title=text, head=(Line(text, text),), foot=text),
        Prose(title=text, text=text),
        Lines(title=text, lines=(Line(text, text),)),
        Grid(title=text, heads=(text,), widths=(1,), rows=((text,),)),
    )
    (said,) = pages(await typesetters.typeset(given))
    assert bare(said).count(bare(text)) == 13


async def test_what_was_typed_keeps_its_lines_and_long_words_stay_on_the_page(
    typesetters: Typesetters, sheet: Sheet
) -> None:
    word = "a1" * 400
    pdf = await typesetters.typeset(with_sections(sheet, Lines(title="t", lines=(Line("l", f"一\n二\n{word}"),))))
    (said,) = pages(pdf)
    assert "一\n二\n" in said and word in bare(said)
    page = pypdfium2.PdfDocument(pdf)[0]
    text = page.get_textpage()
    rights = [text.get_charbox(n)[2] for n in range(text.count_chars())]
    assert max(rights) <= A4_POINTS[0] - 45


async def test_a_long_table_repeats_its_heads_and_every_page_its_number(typesetters: Typesetters, sheet: Sheet) -> None:
    rows = tuple((f"row {n}", "x") for n in range(200))
    grid = Grid(title="t", heads=("HEAD ONE", "HEAD TWO"), widths=(1, 1), rows=rows)
    pdf = await typesetters.typeset(with_sections(replace(sheet, page="page {page} of {pages}"), grid))
    said = pages(pdf)
    assert len(said) > 3
    assert all("HEAD ONE" in page for page in said)
    assert [f"page {n} of {len(said)}" in page for n, page in enumerate(said, 1)] == [True] * len(said)
    assert bare("".join(said)).count("row199") == 1
    width, height = pypdfium2.PdfDocument(pdf)[0].get_size()
    assert (round(width), round(height)) == A4_POINTS


async def test_a_photo_is_printed_as_it_is_and_a_lost_one_is_said_to_be_lost(
    typesetters: Typesetters, sheet: Sheet
) -> None:
    data = jpeg()
    groups = (
        PictureGroup(
            "BEFORE", (Picture(caption="one", jpeg=data), Picture(caption="two", jpeg=jpeg("red", (300, 900))))
        ),
        PictureGroup("AFTER", (Picture(caption="three", absent="IT IS LOST"),)),
        PictureGroup("LATER", ()),
    )
    shown = Pictures(title="t", groups=groups, none="THERE IS NONE", note="BLURRED")
    pdf = await typesetters.typeset(with_sections(sheet, shown))
    said = "".join(pages(pdf))
    assert data[300:] in pdf
    for word in ("BEFORE", "AFTER", "LATER", "one", "two", "three", "IT IS LOST", "THERE IS NONE", "BLURRED"):
        assert word in said
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=1).to_pil().convert("RGB")
    colours = {colour for _, colour in picture.getcolors(100_000) or ()}
    assert any(abs(r) < 9 and abs(g - 128) < 9 and abs(b - 128) < 9 for r, g, b in colours)
    assert any(r > 240 and g < 20 and b < 20 for r, g, b in colours)


async def test_the_code_on_the_page_says_what_it_was_given(typesetters: Typesetters, sheet: Sheet) -> None:
    text = "https://plant.example.com/cases/0198f5e2-7c5e-7aaa-8bbb-0123456789ab?paper=ZGTZ-2026-000001&of=demo"
    pdf = await typesetters.typeset(replace(sheet, code=text))
    written = io.BytesIO()
    pypdfium2.PdfDocument(pdf)[0].render(scale=2).to_pil().save(written, "PNG")
    assert read_codes(written.getvalue(), PhotoLimits()).texts == (text,)


async def test_what_cannot_be_typeset_is_refused_and_the_next_sheet_is_made(
    typesetters: Typesetters, sheet: Sheet
) -> None:
    broken = Pictures(title="t", groups=(PictureGroup("", (Picture(caption="c", jpeg=b"no picture"),)),), none="")
    with pytest.raises(PaperNotMade) as refused:
        await typesetters.typeset(with_sections(sheet, broken))
    assert refused.value.code == "paper_failed"
    assert (await typesetters.typeset(sheet)).startswith(b"%PDF-")


async def test_a_sheet_that_takes_too_long_is_given_up(sheet: Sheet) -> None:
    hasty = Typesetters(answer_s_max=0.05)
    rows = tuple((f"{n}", "x" * 200) for n in range(20_000))
    with pytest.raises(PaperNotMade) as refused:
        await hasty.typeset(with_sections(sheet, Grid(title="t", heads=("a", "b"), widths=(1, 1), rows=rows)))
    assert refused.value.code == "paper_timed_out"
    await hasty.close()


async def test_a_process_that_may_not_use_enough_is_no_harm(sheet: Sheet) -> None:
    poor = Typesetters(limits=Limits(cpu_s_max=1))
    rows = tuple((f"{n}", "x" * 200) for n in range(60_000))
    with pytest.raises(PaperNotMade) as refused:
        await poor.typeset(with_sections(sheet, Grid(title="t", heads=("a", "b"), widths=(1, 1), rows=rows)))
    assert refused.value.code == "paper_failed"
    await poor.close()


# --- the typeface


def test_the_unpacked_typeface_draws_the_same_letters() -> None:
    woff2 = WOFF2.read_bytes()
    drawn = []
    for data in (woff2, unpacked(woff2)):
        face = ImageFont.truetype(io.BytesIO(data), 40, layout_engine=ImageFont.Layout.BASIC)
        picture = Image.new("L", (600, 60))
        ImageDraw.Draw(picture).text((0, 0), "整改通知单燊堃喆ABC123", fill=255, font=face)
        drawn.append(picture.tobytes())
    assert drawn[0] == drawn[1] and any(drawn[0])


def test_a_typeface_packed_otherwise_is_refused() -> None:
    woff2 = bytearray(WOFF2.read_bytes())
    first_flags = struct.calcsize(">4sIIHHIIHHIIIII")
    woff2[first_flags] |= 0b0100_0000
    with pytest.raises(FontTransformed):
        unpacked(bytes(woff2))
    with pytest.raises(FontTransformed):
        unpacked(b"OTTO" + bytes(woff2[4:]))
