"""QR codes in a photo of a sheet of paper, askew, dim or unevenly lit. Runs in the inspecting process only.

A phone's photo of a whole page gives a code's module a few pixels, so the picture is looked at large: as it is, and
with its shadows evened out. What either look finds counts, lest one sheet of two on a photo go unnoticed.
"""

from typing import Any

import zxingcpp
from PIL import Image, ImageFilter, ImageMath

from anhuan.connectors.photos.decode import grey_picture
from anhuan.connectors.photos.wire import CodesRead, Limits

SIDE_PX_MAX = 3600
_CODES_MAX = 20
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def read_codes(data: bytes, limits: Limits) -> CodesRead:
    """The texts of the QR codes in a picture. Raises Refusal."""
    picture = grey_picture(data, limits, SIDE_PX_MAX)
    texts: dict[str, None] = {}
    for look in (picture, _evened(picture)):
        texts |= {code.text: None for code in zxingcpp.read_barcodes(look, formats=_QR) if code.valid}
    return CodesRead(texts=tuple(texts)[:_CODES_MAX])


def _evened(picture: Image.Image) -> Image.Image:
    """The picture without its shadows: each place as a share of the brightness of the paper round about it."""
    small = picture.resize((max(1, picture.width // 8), max(1, picture.height // 8)))
    paper = small.filter(ImageFilter.MaxFilter(9)).filter(ImageFilter.GaussianBlur(6)).resize(picture.size)
    even: Image.Image = ImageMath.lambda_eval(_as_share, picture=picture, paper=paper)
    return even


def _as_share(pictures: dict[str, Any]) -> Any:
    share = pictures["picture"] * 255 / (pictures["paper"] + 1)
    return pictures["convert"](pictures["min"](share, 255), "L")
