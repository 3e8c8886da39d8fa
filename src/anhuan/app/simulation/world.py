"""What a simulated plant is made of: a plant, packs, and the mix of what is found there. All of it is data."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from anhuan.app.simulation.assumptions import Assumptions, Fit, Target, Told, Variant
from anhuan.domain.plant_items import PlantItem
from anhuan.ports.identity import Language


class Sort(Struct, frozen=True, kw_only=True):
    """A sort of finding."""

    key: str
    share: float
    """Weight among the sorts."""
    form: dict[str, object]
    """What a report of it says."""
    on_equipment: bool
    repair_h: float
    """Median of hands-on hours."""
    parts_share: float
    """Chance that something must be bought, a shutdown or a contractor be waited for."""
    parts_days: float
    """Median of days that it takes."""


class Level(Struct, frozen=True, kw_only=True):
    """How serious a finding is."""

    key: str
    share: float
    form: dict[str, object]


class Waiting(Struct, frozen=True, kw_only=True):
    """How one asks for an approved wait: the move and its field for until when."""

    move: str
    until: str


class LeftOut(Struct, frozen=True, kw_only=True):
    """Something that happens at plants and is not simulated."""

    zh: str
    en: str

    def text(self, language: Language) -> str:
        """In a language."""
        return self.zh if language == "zh" else self.en


class Mix(Struct, frozen=True, kw_only=True):
    """What is found, and what people write."""

    kind: str
    """The kind of case that it is."""
    begins_on: date
    register_keeper: str
    """Post of whoever keeps the register and hands orders out."""
    no_equipment: str
    """What a report says where no equipment is meant."""
    sorts: tuple[Sort, ...]
    levels: tuple[Level, ...]
    writes: dict[str, object]
    """Field of any form, or form/field of one -> what people write there."""
    waiting: Waiting
    target: Target
    """What paper comes to, by the article."""
    claimed: Target
    """What the article claims of a system."""
    left_out: tuple[LeftOut, ...]


class World(Struct, frozen=True, kw_only=True):
    """Everything that is given to a run besides its seed."""

    mix: Mix
    assumptions: Assumptions
    told: Mapping[str, Told]
    variants: tuple[Variant, ...]
    fit: Fit | None
    packs: tuple[Mapping[str, str], ...]
    """Files of the pack that the kind comes in, which stands last, after every pack that it needs."""
    items: tuple[PlantItem, ...]
    """Of the plant, without what would raise cases by itself."""
