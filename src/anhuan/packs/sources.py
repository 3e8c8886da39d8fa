"""Where a rule comes from: each row and band of a pack names the text that it carries out."""

from typing import Literal

from msgspec import Struct


class Source(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A clause of a law or standard, or the plant's own decision."""

    basis: Literal["law", "standard", "house"]
    """`house`: the plant decided it; it may change it."""
    text: str
    """Title of the text, in its own language."""
    clause: str | None = None
    edition: str | None = None
    """As cited: GB 30871-2022."""
    in_force_from: str | None = None
    """ISO date."""
    in_force_until: str | None = None
    """ISO date; None while in force."""
    verified: bool = False
    """True: the figure was read in the official text. Else it is a default that the plant must confirm."""
