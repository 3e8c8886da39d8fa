"""The typesetting process: one sheet or drawing after another, confined as connectors/confined/child.py says."""

import io
import tempfile
from pathlib import Path
from typing import Literal

import msgspec
import typst
from msgspec import Struct
from PIL import Image

from anhuan.connectors.confined import child
from anhuan.connectors.typesetting.compose import Composer
from anhuan.connectors.typesetting.typeface import WOFF2, unpacked
from anhuan.ports.papers import (
    Blank,
    Blanks,
    Grid,
    Heading,
    Line,
    Lines,
    Picture,
    PictureGroup,
    Pictures,
    Prose,
    Sheet,
)


class Limits(Struct, frozen=True, kw_only=True):
    """What a sheet, and the process that typesets it, may use."""

    memory_bytes_max: int = 2 * 1024 * 1024 * 1024
    """Address space: the engine and font, and the photos of a long case several times."""
    cpu_s_max: int = 30
    """Per sheet."""


class Drawing(Struct, frozen=True, kw_only=True, tag="drawing"):
    """An SVG that somebody sent, to be made into pixels."""

    svg: bytes


class Made(Struct, frozen=True, kw_only=True, tag="made"):
    """The PDF of a sheet, or the PNG of a drawing."""

    data: bytes


class NotMade(Struct, frozen=True, kw_only=True, tag="not_made"):
    """None, and why, for the log."""

    why: str


Answer = Made | NotMade
read_answer = msgspec.msgpack.Decoder[Answer](Answer).decode
_read_question = msgspec.msgpack.Decoder[Sheet | Drawing](Sheet | Drawing).decode


def rehearsal(language: Literal["zh", "en"]) -> Sheet:
    """A sheet with every kind of section, so that whatever is loaded on first use is loaded while it still can be."""
    written = io.BytesIO()
    Image.new("RGB", (64, 48)).save(written, "JPEG")
    picture = Picture(caption="照片 photo", jpeg=written.getvalue())
    return Sheet(
        language=language,
        house="工厂 plant",
        title="文书 paper",
        head=(Line("编号 number", "1"),),
        code="https://127.0.0.1/cases/0?paper=0",
        code_note="码",
        foot="1",
        page="{page}/{pages}",
        sections=(
            Heading(title="章"),
            Prose(title="文字", text="一"),
            Lines(title="栏", lines=(Line("一", "二"),)),
            Grid(title="表", heads=("一", "二"), widths=(1, 2), rows=(("一", "二"),)),
            Pictures(title="照片", groups=(PictureGroup("前", (picture,)),), none="无", note="注"),
            Blanks(title="签字", blanks=(Blank(label="人", stamp=True),), signature="签字", date="日期", stamp="章"),
        ),
    )


def main(limits_json: str) -> None:
    """Entry of the process. `limits_json` is a `Limits`."""
    limits = msgspec.json.decode(limits_json, type=Limits)
    with tempfile.TemporaryDirectory(prefix="anhuan-font-") as folder:
        Path(folder, "typeface.ttf").write_bytes(unpacked(WOFF2.read_bytes()))
        composer = Composer(Path(folder))
        composer.pdf(rehearsal("zh"))
        composer.pdf(rehearsal("en"))
        composer.png('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><text y="4">图</text></svg>')

    def answer(question: bytes) -> bytes:
        try:
            match _read_question(question):
                case Drawing(svg=svg):
                    made: Answer = Made(data=composer.png(svg.decode()))
                case sheet:
                    made = Made(data=composer.pdf(sheet))
        except (typst.TypstError, RuntimeError, MemoryError, OSError, UnicodeDecodeError) as error:
            made = NotMade(why=repr(error)[:500])
        return msgspec.msgpack.encode(made)

    bounds = child.Limits(memory_bytes_max=limits.memory_bytes_max, cpu_s_max=limits.cpu_s_max)
    child.run(bounds, lambda: None, answer)
