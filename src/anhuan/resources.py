"""Where the files that Anhuan needs beside its code are: in a checkout, or inside the installed package."""

from pathlib import Path
from typing import Literal

Kind = Literal["schema", "packs", "web", "examples"]

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parents[1]
_IN_CHECKOUT: dict[Kind, str] = {"schema": "schema", "packs": "packs", "web": "web/dist", "examples": "examples"}


def path(kind: Kind) -> Path:
    """The folder of a kind of file: `schema` (SQL), `packs`, `web` (the built pages) or `examples`.

    A wheel carries them in `anhuan/shipped`; an editable install reads the checkout's own. Raises FileNotFoundError
    with how to mend it.
    """
    for candidate in (_PACKAGE / "shipped" / kind, _CHECKOUT / _IN_CHECKOUT[kind]):
        if candidate.is_dir():
            return candidate
    remedy = "run `make web`" if kind == "web" else "the installation is incomplete: install Anhuan again"
    raise FileNotFoundError(f"Anhuan's {kind} folder is missing ({_CHECKOUT / _IN_CHECKOUT[kind]}): {remedy}.")
