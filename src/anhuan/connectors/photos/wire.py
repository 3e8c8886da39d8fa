"""What the server and an inspecting process say to each other, in msgpack."""

import msgspec
from msgspec import Struct

from anhuan.domain.evidence import ExifClaims
from anhuan.ports.photos import Faces, Likeness, Prints, Watermark

FRAME_BYTES_MAX = 64 * 1024 * 1024


class Limits(Struct, frozen=True, kw_only=True):
    """What an upload, and the process that looks into it, may use."""

    size_bytes_max: int = 25 * 1024 * 1024
    pixels_max: int = 50_000_000
    side_px_min: int = 16
    memory_bytes_max: int = 1280 * 1024 * 1024
    """Address space of the inspecting process: 50 megapixels decoded twice, with the font and OpenCV."""
    cpu_s_max: int = 20
    """Per upload."""


class Inspect(Struct, frozen=True, kw_only=True, tag="inspect"):
    """Look into these bytes."""

    data: bytes


class Render(Struct, frozen=True, kw_only=True, tag="render"):
    """Make the copies to be shown."""

    data: bytes
    watermark: Watermark | None
    faces: Faces = "as_taken"


class ReadCodes(Struct, frozen=True, kw_only=True, tag="read_codes"):
    """Look for QR codes."""

    data: bytes


class Compare(Struct, frozen=True, kw_only=True, tag="compare"):
    """Say how alike two pictures are."""

    one: bytes
    other: bytes


class Inspected(Struct, frozen=True, kw_only=True, tag="inspected"):
    """A picture that decodes."""

    media_type: str
    width_px: int
    height_px: int
    exif: ExifClaims | None
    prints: Prints


class Rendered(Struct, frozen=True, kw_only=True, tag="rendered"):
    """The copies."""

    served: bytes
    thumbnail: bytes
    width_px: int
    height_px: int
    faces_blurred: int


class CodesRead(Struct, frozen=True, kw_only=True, tag="codes_read"):
    """The texts that were found."""

    texts: tuple[str, ...]


class Compared(Struct, frozen=True, kw_only=True, tag="compared"):
    """How alike they are."""

    likeness: Likeness


class Refused(Struct, frozen=True, kw_only=True, tag="refused"):
    """No; `code` is a `ports.photos.ProblemCode`."""

    code: str
    params: dict[str, str | int] = {}


Task = Inspect | Render | ReadCodes | Compare
Answer = Inspected | Rendered | CodesRead | Compared | Refused

_task_decoder: msgspec.msgpack.Decoder[Task] = msgspec.msgpack.Decoder(Task)
_answer_decoder: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)


def encode(message: Task | Answer) -> bytes:
    """A message as it is sent."""
    return msgspec.msgpack.encode(message)


def read_answer(body: bytes) -> Answer:
    """Raises msgspec.ValidationError for anything else: the sender is not trusted."""
    return _answer_decoder.decode(body)


def read_task(body: bytes) -> Task:
    """The task that a question asks for."""
    return _task_decoder.decode(body)
