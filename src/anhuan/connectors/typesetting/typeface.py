"""The watermark's typeface as Typst takes it: unpacked from WOFF2 to the plain font that is inside.

The one typeface that travels with the program (docs/decisions/watermark-typeface.md) is stored as WOFF2 without the
usual transform of its outlines, so unpacking is undoing the compression and writing the table directory again (WOFF2,
W3C Recommendation of 2022, section 4; OpenType 1.9, "Organization of an OpenType Font").
"""

import struct
from pathlib import Path

import brotli
from msgspec import Struct

from anhuan.connectors import photos

WOFF2 = Path(photos.__file__).parent / "font" / "NotoSansSC-subset.woff2"

_HEADER = struct.Struct(">4sIIHHIIHHIIIII")
_KNOWN_TAGS = (
    *("cmap", "head", "hhea", "hmtx", "maxp", "name", "OS/2", "post", "cvt ", "fpgm", "glyf", "loca", "prep", "CFF "),
    *("VORG", "EBDT", "EBLC", "gasp", "hdmx", "kern", "LTSH", "PCLT", "VDMX", "vhea", "vmtx", "BASE", "GDEF", "GPOS"),
    *("GSUB", "EBSC", "JSTF", "MATH", "CBDT", "CBLC", "COLR", "CPAL", "SVG ", "sbix"),
)
"""The first of the tags that WOFF2 writes as a number (section 4.1)."""
_SPELT_OUT = 63
_UNTOUCHED = {"glyf": 3, "loca": 3}
"""Transform version that says "as it is"; 0 for every other table."""


class FontTransformed(Exception):
    """The font is packed in a way that is not undone here: make it as the decision record says."""


class _Table(Struct, frozen=True):
    tag: str
    length: int


def unpacked(woff2: bytes) -> bytes:
    """The font as TrueType. Raises FontTransformed."""
    signature, flavour, _, count, _, _, packed, *_ = _HEADER.unpack_from(woff2)
    if signature != b"wOF2":
        raise FontTransformed("no WOFF2")
    tables, end = _directory(woff2, count)
    data: bytes = brotli.decompress(woff2[end : end + packed])
    return _sfnt(flavour, tables, data)


def _directory(woff2: bytes, count: int) -> tuple[list[_Table], int]:
    """The tables in order, and where the compressed data begins."""
    tables, at = [], _HEADER.size
    for _ in range(count):
        flags = woff2[at]
        at += 1
        if flags & 63 == _SPELT_OUT:
            tag = woff2[at : at + 4].decode("ascii")
            at += 4
        else:
            tag = _KNOWN_TAGS[flags & 63]
        if flags >> 6 != _UNTOUCHED.get(tag, 0):
            raise FontTransformed(tag)
        length, at = _base_128(woff2, at)
        tables.append(_Table(tag, length))
    return tables, at


def _base_128(data: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, and where it ends (section 4.1, UIntBase128)."""
    value = 0
    while True:
        value = value << 7 | data[at] & 127
        at += 1
        if data[at - 1] < 128:
            return value, at


def _sfnt(flavour: int, tables: list[_Table], data: bytes) -> bytes:
    """The tables one after another behind a directory that is sorted by tag."""
    count, taken, bodies, entries = len(tables), 0, [], []
    offset = 12 + 16 * count
    for table in tables:
        body = data[taken : taken + table.length]
        taken += table.length
        padded = body + bytes(-len(body) % 4)
        entries.append(struct.pack(">4sIII", table.tag.encode("ascii"), _checksum(padded), offset, table.length))
        bodies.append(padded)
        offset += len(padded)
    power = 1 << count.bit_length() - 1
    head = struct.pack(">IHHHH", flavour, count, 16 * power, power.bit_length() - 1, 16 * (count - power))
    return head + b"".join(sorted(entries)) + b"".join(bodies)


def _checksum(padded: bytes) -> int:
    """The sum of the table's 32-bit words."""
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF
