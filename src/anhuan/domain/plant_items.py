"""The things a plant is made of, as a plant's people would list them.

Each item is one row that can be edited or imported by itself; `Plant` (plant.py) is the whole, indexed and checked.
Ids are readable words chosen by the plant (`area-press`, `eq-P1`), unique within their kind.
"""

from datetime import date, datetime, time
from typing import Literal

from msgspec import Struct

from anhuan.domain.ids import AreaId, EquipmentId, PersonId, PostId, TeamId


class Site(Struct, frozen=True, kw_only=True, tag="site"):
    """A place with one address and one clock."""

    id: str
    name: str
    time_zone: str = "Asia/Shanghai"


class Area(Struct, frozen=True, kw_only=True, tag="area"):
    """A part of a site that somebody is responsible for; areas form a tree."""

    id: AreaId
    name: str
    site: str
    parent: AreaId | None = None
    aliases: tuple[str, ...] = ()
    area_class: str = ""
    """Areas of one class are like one another: `workshop`, `warehouse`; empty: like none."""
    explosive: bool = False
    """Ordinary phones are forbidden here."""
    photos_allowed: bool = True
    latitude: float | None = None
    longitude: float | None = None


class Workstation(Struct, frozen=True, kw_only=True, tag="workstation"):
    """A place of work within an area."""

    id: str
    name: str
    area: AreaId
    aliases: tuple[str, ...] = ()


class ReadingPoint(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing read off a piece of equipment on a round."""

    key: str
    name: str
    unit: str = ""
    low: float | None = None
    """Readings below are out of limits; None: no lower limit."""
    high: float | None = None
    is_check: bool = False
    """Looked at, not measured: 1 is in order, 0 is not."""

    def is_out(self, value: object) -> bool:
        """Whether a reading lies beyond the limits; what is no number is beyond none."""
        if not isinstance(value, int | float) or isinstance(value, bool):
            return False
        return (self.low is not None and value < self.low) or (self.high is not None and value > self.high)


class Equipment(Struct, frozen=True, kw_only=True, tag="equipment"):
    """A machine, vessel, cabinet or line with a number and a QR plate."""

    id: EquipmentId
    number: str
    name: str
    area: AreaId
    equipment_class: str = "general"
    workstation: str | None = None
    aliases: tuple[str, ...] = ()
    points: tuple[ReadingPoint, ...] = ()
    latitude: float | None = None
    longitude: float | None = None


class Inspection(Struct, frozen=True, kw_only=True, tag="inspection"):
    """Something about a piece of equipment that is good until a day and must be renewed by then: its statutory
    inspection, the calibration of a safety valve or a pressure gauge."""

    id: str
    name: str
    """What has to be renewed: 定期检验, 安全阀校验, 压力表检定."""
    equipment: EquipmentId
    accessory: str = ""
    """Number of the safety accessory that it is about; empty: of the equipment itself."""
    certificate_number: str = ""
    inspected_by: str = ""
    """The body that issued the certificate."""
    done_on: date | None = None
    due_on: date
    """The last day on which it holds."""


class Team(Struct, frozen=True, kw_only=True, tag="team"):
    """A team, or a department when `is_unit`; each team belongs to a department or to nothing."""

    id: TeamId
    name: str
    parent: TeamId | None = None
    leader: PersonId | None = None
    is_unit: bool = False
    aliases: tuple[str, ...] = ()


class Person(Struct, frozen=True, kw_only=True, tag="person"):
    """Somebody who works here. One who has left stays on record with `left_on`."""

    id: PersonId
    name: str
    number: str = ""
    team: TeamId | None = None
    superior: PersonId | None = None
    aliases: tuple[str, ...] = ()
    """Other ways in which registers write the name, as with the firm of somebody from outside."""
    competences: tuple[str, ...] = ()
    phone: str = ""
    left_on: date | None = None
    same_as: PersonId | None = None
    """The same human under another number; every rule against self-checking follows it."""


class Post(Struct, frozen=True, kw_only=True, tag="post"):
    """A post that people hold: area owner, duty electrician, safety head."""

    id: PostId
    name: str
    per_area: bool = False
    """Held per area, or once for the whole plant."""
    owns_area: bool = False
    """Its holders are responsible for the area: the area owner (属地主管), whatever the plant calls the post."""


class Holding(Struct, frozen=True, kw_only=True, tag="holding"):
    """A person holds a post, in an area and on a shift where the post is held so."""

    id: str
    post: PostId
    person: PersonId
    area: AreaId | None = None
    shift: str | None = None
    """None: on whatever shift the person works."""


class Competence(Struct, frozen=True, kw_only=True, tag="competence"):
    """A field in which a person may judge the work of others."""

    id: str
    name: str


class Shift(Struct, frozen=True, kw_only=True, tag="shift"):
    """Part of a day, in the plant's own time; one that ends before it starts runs over midnight."""

    id: str
    name: str
    starts: time
    ends: time


class Roster(Struct, frozen=True, kw_only=True, tag="roster"):
    """A crew's rotation: `cycle[n]` is the shift (or None, off) on the n-th day counted from `from_on`."""

    id: str
    team: TeamId
    from_on: date
    cycle: tuple[str | None, ...]
    people: tuple[PersonId, ...] = ()
    """The crew, when a team works in several; none named: the whole team."""


class WorkCalendar(Struct, frozen=True, kw_only=True, cache_hash=True, tag="calendar"):
    """Which days are worked: weekly rest days, public holidays, and the rest days that are worked instead."""

    id: str
    name: str
    rest_weekdays: tuple[int, ...] = (5, 6)
    """0 is Monday."""
    holidays: tuple[date, ...] = ()
    shifted_workdays: tuple[date, ...] = ()
    day_starts: time = time(8)
    day_ends: time = time(17)
    """00:00 is midnight at the day's end."""
    known_until: date | None = None
    """Last day that the authorities have announced; days after it are provisional. None: nothing is said."""
    source: str = ""
    """Where the holidays are announced."""


class Deputy(Struct, frozen=True, kw_only=True, tag="deputy"):
    """`deputy` stands in for `person` during a time: holds what the person holds."""

    id: str
    person: PersonId
    deputy: PersonId
    from_at: datetime
    until_at: datetime


class Absence(Struct, frozen=True, kw_only=True, tag="absence"):
    """`person` is away during a time and holds nothing then."""

    id: str
    person: PersonId
    from_at: datetime
    until_at: datetime


class Schedule(Struct, frozen=True, kw_only=True, tag="schedule"):
    """Cases that are raised by the calendar: one per slot, over the named equipment."""

    id: str
    name: str
    raises: str
    """The kind of case, as a pack names it."""
    slots: tuple[time, ...]
    """Times of day at which a slot opens, in the plant's own time."""
    slot_minutes: int
    """How long a slot stays open."""
    area: AreaId | None = None
    """None: for the whole plant."""
    equipment: tuple[EquipmentId, ...] = ()
    """What is gone to; a schedule of an area has some."""
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    month_days: tuple[int, ...] = ()
    """Days of the month, 1 to 31, of which a day must be one besides; of a shorter month the last day stands for those
    that it lacks. None: any day."""
    from_on: date | None = None


class Outline(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where an area lies on a drawing: a polygon, closed by itself. An area in several pieces has several."""

    area: AreaId
    corners: tuple[tuple[float, float], ...]
    """Rightwards and downwards from the drawing's upper left corner, in its own units."""


class FloorPlan(Struct, frozen=True, kw_only=True, tag="floor_plan"):
    """A drawing of a site, or of one of its floors, with the areas marked on it."""

    id: str
    name: str
    site: str
    width: float
    """Of the drawing, in units of its own; a picture is stretched to it."""
    height: float
    picture: str = ""
    """SHA-256 of the picture below the outlines; empty: there are the outlines alone."""
    outlines: tuple[Outline, ...] = ()


StepKind = Literal["work", "record", "hand_over", "signature", "check", "wait"]
StepMeans = Literal["paper", "phone", "wechat", "excel", "spoken", "system", "none"]


class ProcessStep(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One step of how the work goes today, as the people who do it tell it."""

    lane: str
    """Who does it, or with whom it waits."""
    name: str
    kind: StepKind
    means: StepMeans = "paper"
    """With what it is done or passed on."""
    minutes: float = 0
    """Of somebody's work, each time."""
    wait_hours: float = 0
    """Until the next step begins, each time, beside that work."""
    per_month: float | None = None
    """How often; None: once for every case."""


class ProcessMap(Struct, frozen=True, kw_only=True, tag="process_map"):
    """How one sort of task goes from hand to hand before a system does it, drawn with its people."""

    id: str
    name: str
    cases_per_month: float
    steps: tuple[ProcessStep, ...]
    """In their order."""
    kind: str = ""
    """The kind of case that takes its place, as a pack names it; empty: not said yet."""
    drawn_on: date | None = None
    is_example: bool = False
    """Made up or taken from elsewhere, not drawn at this plant."""
    remark: str = ""


PlantItem = (
    Site
    | Area
    | Workstation
    | Equipment
    | Inspection
    | Team
    | Person
    | Post
    | Holding
    | Competence
    | Shift
    | Roster
    | WorkCalendar
    | Deputy
    | Absence
    | Schedule
    | FloorPlan
    | ProcessMap
)

ITEM_TYPES: dict[str, type[PlantItem]] = {
    str(kind.__struct_config__.tag): kind
    for kind in (
        Site,
        Area,
        Workstation,
        Equipment,
        Inspection,
        Team,
        Person,
        Post,
        Holding,
        Competence,
        Shift,
        Roster,
        WorkCalendar,
        Deputy,
        Absence,
        Schedule,
        FloorPlan,
        ProcessMap,
    )
}
"""Kind word -> type, in the order in which items must be read so that what they name exists."""


def item_kind(item: PlantItem) -> str:
    """The kind word of an item: `area`, `person` ..."""
    return str(type(item).__struct_config__.tag)
