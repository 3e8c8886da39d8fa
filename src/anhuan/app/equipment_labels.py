"""QR plates for equipment, to be printed and stuck on: the code, and under it what a person reads.

Error correction level Q (25 %): plates in a press hall get oil and scratches.
"""

import io
from xml.sax.saxutils import escape

import segno

from anhuan.domain.equipment_code import equipment_code
from anhuan.domain.ids import EquipmentId, TenantId

_QUIET_ZONE = 4
"""Blank modules around the code (ISO/IEC 18004, 5.3.8)."""


def qr_svg(text: str) -> bytes:
    """The code alone, as an SVG picture that takes the size of whatever holds it."""
    return _written(text, "svg", xmldecl=False, svgclass=None, lineclass=None, omitsize=True)


def qr_png(text: str, *, module_px: int = 8) -> bytes:
    """The code alone as a PNG, each module `module_px` wide."""
    return _written(text, "png", scale=module_px)


def equipment_label_svg(tenant: TenantId, equipment: EquipmentId, *, number: str, name: str) -> str:
    """A plate of 60 x 72 mm: the code, the equipment's number large, its name below."""
    code = (
        qr_svg(equipment_code(tenant, equipment)).decode().replace("<svg ", '<svg x="2" y="0" width="56" height="56" ')
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 72" width="60mm" height="72mm">'
        f'<rect width="60" height="72" fill="#fff"/>{code}'
        '<g font-family="Noto Sans SC, Microsoft YaHei, PingFang SC, sans-serif" text-anchor="middle" fill="#000">'
        f"{_line(number, y=60, size=6)}{_line(name, y=68, size=4)}</g></svg>"
    )


def _line(text: str, *, y: int, size: int) -> str:
    # textLength squeezes a long name into the plate; Chinese characters are about as wide as high.
    width = sum(size if ord(c) > 0x2E7F else size * 0.6 for c in text)
    squeeze = ' textLength="56" lengthAdjust="spacingAndGlyphs"' if width > 56 else ""
    return f'<text x="30" y="{y}" font-size="{size}"{squeeze}>{escape(text)}</text>'


def _written(text: str, kind: str, **options: object) -> bytes:
    written = io.BytesIO()
    segno.make(text, error="q", micro=False).save(written, kind=kind, border=_QUIET_ZONE, **options)
    return written.getvalue()
