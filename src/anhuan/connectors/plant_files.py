"""A plant kept in files: a folder with one YAML list per kind of item, named by the kind (`area.yaml`).

The demo plant is such a folder, and so is what a person keeps who would rather edit text than a console. Times of day
need no quotes here: `16:00` stays sixteen hundred, where plain YAML 1.1 would read 960.
"""

import re
from collections.abc import Iterable
from pathlib import Path

import yaml

from anhuan.domain.plant_items import ITEM_TYPES, PlantItem
from anhuan.domain.plant_reading import ItemRow, ItemsRead, PlantProblem, decode_items


class _Loader(yaml.SafeLoader):
    """YAML in which `true`, `false`, `null` and plain numbers mean what they say, and all else is text."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("null", r"null|~", "n~"),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?[0-9]+\.[0-9]+", "-+0123456789"),
    ("merge", r"<<", "<"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_pattern})\Z"), list(_first))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"\Z"), [""])


def read_rows(text: str) -> list[ItemRow]:
    """The rows of one file. Raises ValueError with line and column where the text is no list in YAML."""
    try:
        rows = yaml.load(text, _Loader)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
    if isinstance(rows, list):
        return rows
    if rows is None:
        return []
    raise ValueError("a file of plant items is a list: each item starts with `- `")


def read_files(files: Iterable[tuple[str, str]]) -> ItemsRead:
    """Read (kind, text) pairs as one plant's items, in an order in which what they name exists."""
    order = list(ITEM_TYPES)
    items: list[PlantItem] = []
    problems: list[PlantProblem] = []
    for kind, text in sorted(files, key=lambda file: order.index(file[0]) if file[0] in order else len(order)):
        try:
            read = decode_items(kind, read_rows(text))
        except ValueError as error:
            problems.append(PlantProblem(kind, "", "file_unreadable", {"detail": str(error)}))
        else:
            items += read.items
            problems += read.problems
    return ItemsRead(tuple(items), tuple(problems))


def read_folder(folder: Path, *calendars: Path) -> ItemsRead:
    """Read a folder of `<kind>.yaml` files, and calendars kept elsewhere. Raises OSError when a file cannot be read."""
    files = [(path.stem, path.read_text("utf-8")) for path in sorted(folder.glob("*.yaml"))]
    return read_files([*files, *(("calendar", path.read_text("utf-8")) for path in calendars)])
