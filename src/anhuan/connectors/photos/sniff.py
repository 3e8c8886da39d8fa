"""What a file is by its first bytes. The name and the declared media type are the sender's and decide nothing."""

from typing import Literal

Format = Literal["application/pdf", "image/heic", "image/jpeg", "image/png", "image/webp"]

_EXTENSIONS: dict[Format, tuple[str, ...]] = {
    "application/pdf": ("pdf",),
    "image/heic": ("heic", "heif"),
    "image/jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "image/png": ("png",),
    "image/webp": ("webp",),
}
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")


def sniff(data: bytes) -> Format | None:
    """The format, if it is one that we know; `image/heic` covers the HEIF family."""
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    if data.startswith((b"%PDF-1.", b"%PDF-2.")):
        return "application/pdf"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return "image/heic"
    return None


def names_format(file_name: str, found: Format) -> bool:
    """Whether the name's ending fits; a name without one fits everything."""
    _, dot, ending = file_name.rpartition(".")
    return not dot or ending.lower() in _EXTENSIONS[found]
