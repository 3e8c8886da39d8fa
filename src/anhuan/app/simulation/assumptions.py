"""Everything that the simulation takes for granted, each with its unit and where it comes from.

Behaviour belongs to people and is the same in both processes; the few parameters of the paper process say so by their
names. Values live in data (`examples/simulated-plant`), those that were fitted in a file of their own, with residuals.
"""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from anhuan.ports.identity import Language

Basis = Literal["article", "register", "measured", "fitted", "assumed"]
"""Whose word a value is: the article's, the example register's, our own benches', a fit's, or nobody's but ours."""

FREE = ("looks_per_hour", "order_half_life_h", "paper_chase_share")
"""What calibration may move, and nothing else: one each for how fast, how far and how late paper gets."""


class Assumptions(Struct, frozen=True, kw_only=True):
    """Values of all parameters. Hours of a person are hours at work; shares and chances are 0 to 1."""

    # what is found
    findings_per_day: float
    """Per calendar day."""
    repair_spread: float
    """Sigma of the logarithm of hands-on hours."""
    parts_spread: float
    """Sigma of the logarithm of days that a part takes to come."""
    parts_factor: float
    """Times the categories' days of waiting for parts."""

    # people
    looks_per_hour: float
    """How often a person at work turns to the safety work that they owe: an inbox, or an order remembered."""
    diligence_mean: float
    """Chance that somebody who turns to a thing does it then; drawn for each person from a beta distribution."""
    diligence_weight: float
    """Sum of the beta distribution's parameters: the larger, the more alike people are."""
    order_half_life_h: float
    """Hours at work after which half of all spoken orders are forgotten."""
    acts_when_spoken_to: float
    """Chance that somebody does a thing when they are asked for it to their face."""
    absences_per_day: float
    """Chance per person and day that an absence begins."""
    absence_days: float
    """Mean length of an absence."""
    gamers_share: float
    """Share of people who would hand in an old photo, or a word, instead of work."""
    games_per_job: float
    """How often such a person does."""
    bad_repair: float
    """Chance that honest work mends nothing."""
    waves_through: float
    """Share of people who let pass whatever they are given to check."""
    sees_on_photo: float
    """Chance that somebody who does check sees from photos that nothing is mended."""
    sees_on_site: float
    """The same, standing before it."""
    doubts_good_work: float
    """Chance that somebody who does check refuses work that is good."""
    declines_check: float
    """Chance that somebody asked to check says that another should."""

    # paper only
    paper_update_days: float
    """Days from one up-dating of the register to the next."""
    paper_chase_share: float
    """Chance that an open row is asked after when the register is brought up to date."""

    # what only a system offers
    reads_messages: float
    """Chance that a message makes its receiver look."""
    message_delay_h: float
    """Mean time until they do, in hours at work."""
    takes_shared_task: float
    """Chance factor for a task that others could do as well."""
    absence_entered: float
    """Share of absences that the plant's data know of."""
    reused_photo_found: float
    """Chance that a photo used before is marked as such for whoever checks."""
    approves: float
    """Chance that a wish is granted by whoever decides on it."""
    other_work_h: float
    """Hands-on hours of a piece of work that comes out of a finding."""
    assist_share: float
    """Hands-on hours of somebody who assists, as a share of the leading party's."""


class Told(Struct, frozen=True, kw_only=True):
    """What is said of a parameter."""

    unit: str
    basis: Basis
    zh: str
    en: str

    def text(self, language: Language) -> str:
        """In a language."""
        return self.zh if language == "zh" else self.en


class Variant(Struct, frozen=True, kw_only=True):
    """One question of the sensitivity: what if?"""

    key: str
    set: dict[str, float] = {}
    """Parameters with other values."""
    times: dict[str, float] = {}
    """Parameters that are so many times what they are."""
    zh: str
    en: str

    def text(self, language: Language) -> str:
        """In a language."""
        return self.zh if language == "zh" else self.en

    def changes(self, assumptions: Assumptions) -> dict[str, float]:
        """The values that it has instead of the assumptions'. Raises AttributeError for an unknown parameter."""
        return {**self.set, **{key: getattr(assumptions, key) * factor for key, factor in self.times.items()}}


class Target(Struct, frozen=True, kw_only=True):
    """Three figures of a plant: what was measured of it, or what is claimed."""

    closure_rate: float
    overdue_rate: float
    cycle_working_days_mean: float


class Fit(Struct, frozen=True, kw_only=True):
    """What calibration found, and how well it fits."""

    values: dict[str, float]
    days: int
    seeds: tuple[int, ...]
    """Over which it was fitted."""
    target: Target
    reached: Target
    residuals: Target
    """Reached less target."""


def varied(assumptions: Assumptions, changes: Mapping[str, float]) -> Assumptions:
    """The assumptions with other values. Raises TypeError for a parameter that there is not."""
    return replace(assumptions, **dict(changes))
