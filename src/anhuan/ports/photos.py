"""What the app asks of photos: look into an upload that nobody can be trusted for, and make the copy that is served.

The original's bytes are kept untouched and never shown in a page; what people see is a new picture made from its
pixels, without its metadata and with a watermark burnt in. The blind copy is the same picture without the person.
"""

from typing import Literal, Protocol

from msgspec import Struct

from anhuan.domain.evidence import EvidenceKind, ExifClaims, Sha256

ProblemCode = Literal[
    "photo_animated",
    "photo_busy",
    "photo_damaged",
    "photo_format_heic",
    "photo_format_not_allowed",
    "photo_inspection_failed",
    "photo_inspection_timed_out",
    "photo_is_document",
    "photo_too_large",
    "photo_too_many_pixels",
    "photo_too_small",
    "upload_empty",
]
"""Why an upload is not taken. The words files say how to mend each.

`photo_animated` more than one picture; `photo_busy` no inspector came free in time: send again;
`photo_damaged` the file ends early or cannot be decoded: take it again; `photo_format_heic` set the camera to "most
compatible"; `photo_format_not_allowed` JPEG, PNG and WebP are (and PDF for scans and documents);
`photo_inspection_failed` the inspector died of it; `photo_inspection_timed_out` it took too long; `photo_is_document`
a PDF where a photo is asked; `photo_too_large` {size_bytes, size_bytes_max}; `photo_too_many_pixels` {width_px,
height_px, pixels_max}; `photo_too_small` {width_px, height_px, side_px_min}; `upload_empty` no bytes.
"""


class PhotoRefused(Exception):
    """The upload is not taken."""

    def __init__(self, code: ProblemCode, params: dict[str, str | int] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.params = params or {}


METHOD = 1
"""Of fingerprints and comparisons; what was made by another is made again."""
WORD_BITS = 22
"""Words are numbers below 2 ** WORD_BITS."""

SameOrNot = Literal["same", "cannot_tell", "different"]
Way = Literal["mirrored", "turned", "cropped"]
"""How a picture was made of another."""


class FrameHashes(Struct, frozen=True, kw_only=True):
    """What a whole frame looks like, in 64 bits each; few bits apart is alike."""

    dhash: int
    phash: int


class Prints(Struct, frozen=True, kw_only=True):
    """Fingerprints, by which a picture is found again. They hold no picture and name nobody."""

    plain: FrameHashes
    mirrored: FrameHashes
    barless: FrameHashes
    """Of what lies above a watermark bar at the foot, or where one would lie."""
    barless_mirrored: FrameHashes
    words: tuple[int, ...]
    """Of its most striking spots, ascending; a picture without any has none."""
    mirrored_words: tuple[int, ...]


class Likeness(Struct, frozen=True, kw_only=True):
    """What comparing two pictures says, and what it rests on."""

    reuse: SameOrNot
    """Whether they are one picture, taken once."""
    ways: tuple[Way, ...] = ()
    agreeing: float
    """Of the spots compared, the share that is the same again."""
    overlap: float
    """Of the second picture, the share that the first covers."""
    place: SameOrNot
    """Whether they show the same place. `different` also says so of one place from two quite different sides."""
    inliers: int
    """Corners that both show in one arrangement."""
    corners: int
    """That could have been in common."""


class Inspection(Struct, frozen=True, kw_only=True):
    """What the bytes turned out to be."""

    sha256: Sha256
    size_bytes: int
    media_type: str
    """By the bytes: image/jpeg, image/png, image/webp or application/pdf."""
    extension_matches: bool
    """Whether the file's name says the same. Said, not refused: phones rename freely."""
    width_px: int | None = None
    """As shown, after the camera's rotation; None for a PDF."""
    height_px: int | None = None
    exif: ExifClaims | None = None
    prints: Prints | None = None
    """None for a PDF."""


class Watermark(Struct, frozen=True, kw_only=True):
    """What is burnt in, as text in the reader's words; an empty field is left out."""

    number: str
    """The case's."""
    person: str = ""
    taken: str = ""
    """Local time of the plant, with the word for a claim or a drift where there is one."""
    place: str = ""

    def blind(self) -> "Watermark":
        """The same without the person, for a verifier who must not know who acted."""
        return Watermark(number=self.number, taken=self.taken, place=self.place)


FACES_METHOD = "centerface-1"
"""Of finding and blurring faces; copies made by another are made again."""
Faces = Literal["as_taken", "blurred"]
"""In a copy: for the house's own eyes, or for what leaves it."""


class Rendition(Struct, frozen=True, kw_only=True):
    """The copies that may be shown: JPEGs of new pixels, no metadata."""

    served: bytes
    """Longest side at most 1600 px."""
    thumbnail: bytes
    """Longest side at most 480 px."""
    width_px: int
    """Of `served`."""
    height_px: int
    faces_blurred: int = 0
    """How many faces, or what looks like one, were made unrecognisable."""


class Photos(Protocol):
    """Inspects, renders, compares and reads codes. All raise PhotoRefused."""

    async def inspect(self, data: bytes, *, kind: EvidenceKind, file_name: str = "") -> Inspection:
        """Look into an upload. A photo is decoded to its last pixel; a PDF is taken unread for scans and documents."""

    async def render(self, data: bytes, watermark: Watermark | None, *, faces: Faces = "as_taken") -> Rendition:
        """The served copy and thumbnail of an original picture; blurred faces cannot be had back from them.

        `watermark` None: it is evidence of nothing and gets no strip.
        """

    async def codes(self, data: bytes) -> tuple[str, ...]:
        """The texts of all QR codes in an original picture, askew or badly lit; each once, in no order."""

    async def compare(self, one: bytes, other: bytes) -> Likeness:
        """Whether two originals are one picture, and show one place."""
