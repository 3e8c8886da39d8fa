"""A simulated plant kept in files: what is assumed, what is found, what is asked of it, and what was fitted.

`assumptions.yaml` has one entry per parameter with its value and what is said of it; `fitted.yaml`, written by
calibration, counts before the values there. The plant and the packs are those that are shipped.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import yaml

from anhuan.app.simulation.assumptions import Assumptions, Fit, Told, Variant
from anhuan.app.simulation.world import Mix, World
from anhuan.connectors.pack_files import read_pack, shipped_packs
from anhuan.connectors.plant_files import read_folder
from anhuan.domain.plant_items import Absence, Deputy, Schedule
from anhuan.packs.compile import compile_pack

FITTED = "fitted.yaml"
_APART = (Absence, Deputy, Schedule)
"""What of the plant is left out: absences are drawn, and schedules would raise other cases."""


class WorldUnreadable(Exception):
    """A file of a simulated plant says nothing known; the message names it and what is wrong."""


def read_world(folder: Path, plant: Path, calendar: Path, packs: Path) -> World:
    """The simulated plant in a folder. Raises WorldUnreadable, OSError."""
    mix = _read(folder / "mix.yaml", Mix)
    told = _read(folder / "assumptions.yaml", dict[str, dict[str, Any]])
    path = folder / FITTED
    fit = _read(path, Fit) if path.exists() else None
    values = {key: entry.pop("value", None) for key, entry in told.items()} | (fit.values if fit else {})
    read = read_folder(plant, calendar)
    if read.problems:
        raise WorldUnreadable(f"{plant}: {read.problems[0]}")
    return World(
        mix=mix,
        assumptions=_convert(values, Assumptions, folder / "assumptions.yaml"),
        told=_convert(told, dict[str, Told], folder / "assumptions.yaml"),
        variants=_read(folder / "variants.yaml", tuple[Variant, ...]),
        fit=fit,
        packs=_packs_with(packs, mix.kind),
        items=tuple(item for item in read.items if not isinstance(item, _APART)),
    )


def _packs_with(packs: Path, kind: str) -> tuple[Mapping[str, str], ...]:
    """The pack that the kind comes in, and before it, in order, what it needs and what that needs."""
    files: dict[str, Mapping[str, str]] = {}
    needs: dict[str, tuple[str, ...]] = {}
    for folder in shipped_packs(packs):
        read = read_pack(folder)
        pack = compile_pack(read)
        files[pack.name], needs[pack.name] = read, pack.needs
        if kind in pack.kinds:
            wanted = {pack.name}
            for name in reversed(files):
                wanted.update(needs[name] if name in wanted else ())
            return tuple(read for name, read in files.items() if name in wanted)
    raise WorldUnreadable(f"no pack in {packs} has the kind {kind}")


def write_fit(path: Path, fit: Fit) -> None:
    """Keep what calibration found."""
    head = "# Written by `anhuan simulate-plant --calibrate`; counts before assumptions.yaml.\n"
    path.write_text(head + yaml.safe_dump(msgspec.to_builtins(fit), sort_keys=False, allow_unicode=True), "utf-8")


def _read(path: Path, type: type[Any]) -> Any:
    try:
        return _convert(yaml.safe_load(path.read_text("utf-8")), type, path)
    except yaml.YAMLError as error:
        raise WorldUnreadable(f"{path}: {error}") from error


def _convert(value: object, type: type[Any], path: Path) -> Any:
    try:
        return msgspec.convert(value, type)
    except msgspec.ValidationError as error:
        raise WorldUnreadable(f"{path}: {error}") from error
