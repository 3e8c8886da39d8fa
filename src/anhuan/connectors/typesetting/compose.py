"""From a sheet to a PDF: the template is ours and fixed, whatever a person wrote goes in as data beside it.

Typst is handed one JSON text; the template turns strings into text, never into markup. Photos go along inside an SVG
each, since that is how a picture gets into a document without a file: Typst takes the JPEG out again as it is.
"""

import base64
import io
import json
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import msgspec
import segno
import typst
from PIL import Image

from anhuan.ports.papers import Picture, Sheet

_DRAWING = b"""
#let drawn = image(bytes(sys.inputs.svg), format: "svg")
#set page(width: auto, height: auto, margin: 0pt, fill: white)
#context {
  let size = measure(drawn)
  let ratio = size.width / size.height
  assert(ratio >= 0.2 and ratio <= 5, message: "far longer than wide")
  image(bytes(sys.inputs.svg), format: "svg", width: calc.min(1600pt, 1600pt * ratio))
}
"""
"""At 72 pixels to the inch a point is a pixel."""
_QUIET_ZONE = 4
"""Blank modules around the code (ISO/IEC 18004, 5.3.8)."""


class Composer:
    """Typesets with one template and one typeface; made once, for reading the font takes long."""

    def __init__(self, fonts: Path) -> None:
        """`fonts`: a folder with the typeface; it is read here and not needed afterwards."""
        template = files("anhuan.connectors.typesetting").joinpath("template", "paper.typ")
        self._template = template.read_bytes()
        found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts)])
        self._compiler = typst.Compiler(font_paths=found, ignore_system_fonts=True)

    def pdf(self, sheet: Sheet) -> bytes:
        """The sheet as a PDF. Raises typst.TypstError."""
        inputs = {"sheet": json.dumps(_plain(sheet), ensure_ascii=False)}
        return cast(bytes, self._compiler.compile(input=self._template, format="pdf", sys_inputs=inputs))

    def png(self, svg: str) -> bytes:
        """A drawing in pixels; what it names outside itself is not looked for. Raises typst.TypstError."""
        inputs = {"svg": svg}
        return cast(bytes, self._compiler.compile(input=_DRAWING, format="png", sys_inputs=inputs, ppi=72.0))


def _plain(sheet: Sheet) -> dict[str, Any]:
    """The sheet as JSON, with every picture as an SVG text."""
    plain: dict[str, Any] = msgspec.to_builtins(sheet, builtin_types=(bytes,), enc_hook=None)
    plain["code"] = _code_svg(sheet.code) if sheet.code else ""
    for section in plain["sections"]:
        for group in section.get("groups", ()):
            group["pictures"] = [_picture(Picture(**picture)) for picture in group["pictures"]]
    return plain


def _code_svg(text: str) -> str:
    written = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(written, kind="svg", border=_QUIET_ZONE, xmldecl=False, svgclass=None, lineclass=None)
    return written.getvalue().decode()


def _picture(picture: Picture) -> dict[str, str | float]:
    if not picture.jpeg:
        return {"caption": picture.caption, "absent": picture.absent, "svg": "", "ratio": 1.0}
    with Image.open(io.BytesIO(picture.jpeg), formats=("JPEG",)) as opened:
        width, height = opened.size
    data = base64.b64encode(picture.jpeg).decode()
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/jpeg;base64,{data}"/></svg>'
    )
    return {"caption": picture.caption, "svg": svg, "ratio": width / height}
