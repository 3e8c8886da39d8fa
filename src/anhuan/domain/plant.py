"""The plant as a whole, frozen at one version: the answers to "who is that, here, now?".

A `Plant` is built once from its items and shared by every decision until an item changes. It answers who holds a post
in an area at a moment (shifts, absences and deputies followed), who leads whom, and what lies inside what.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import TypeVar, cast
from zoneinfo import ZoneInfo

from anhuan.domain.ids import AreaId, EquipmentId, PersonId, PostId, TeamId
from anhuan.domain.party import Party, PersonParty, PostParty, TeamParty
from anhuan.domain.plant_items import (
    Absence,
    Area,
    Deputy,
    Equipment,
    Holding,
    Inspection,
    Person,
    PlantItem,
    Post,
    Roster,
    Shift,
    Site,
    Team,
    WorkCalendar,
)

ONE_DAY = timedelta(days=1)
DEFAULT_CALENDAR = WorkCalendar(id="default", name="Monday to Friday")

Item = TypeVar("Item", bound=PlantItem)


class Plant:
    """All items of one tenant at one version. Never changed after it was built."""

    def __init__(self, items: Iterable[PlantItem] = (), version: int = 0) -> None:
        self.version = version
        self._items: dict[type, dict[str, PlantItem]] = {}
        for item in items:
            self._items.setdefault(type(item), {})[item.id] = item

    def every(self, kind: type[Item]) -> Mapping[str, Item]:
        """All items of a type, by id."""
        return cast("Mapping[str, Item]", self._items.get(kind, {}))

    def items(self) -> Iterator[PlantItem]:
        """Every item there is."""
        for items in self._items.values():
            yield from items.values()

    def get(self, kind: type[Item], item_id: str | None) -> Item | None:
        """One item, or None."""
        found = self._items.get(kind)
        return None if found is None or item_id is None else cast("Item | None", found.get(item_id))

    # --- place and time

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone of the plant's first site."""
        sites = self.every(Site)
        return ZoneInfo(next(iter(sites.values())).time_zone if sites else "Asia/Shanghai")

    @cached_property
    def calendar(self) -> WorkCalendar:
        """The calendar by which working days are counted."""
        return next(iter(self.every(WorkCalendar).values()), DEFAULT_CALENDAR)

    def area_chain(self, area: AreaId | None) -> Iterator[AreaId]:
        """The area itself, then what it lies in, outwards."""
        seen: set[str] = set()
        while area is not None and area not in seen and (found := self.get(Area, area)):
            seen.add(area)
            yield area
            area = found.parent

    def areas_within(self, area: AreaId | None) -> tuple[AreaId, ...]:
        """The area and everything that lies in it; None: every area of the plant."""
        if area is None:
            return tuple(found.id for found in self.every(Area).values())
        within: dict[AreaId, None] = {area: None}
        waiting = [area]
        while waiting:
            for child in self._children.get(waiting.pop(), ()):
                if child not in within:
                    within[child] = None
                    waiting.append(child)
        return tuple(within)

    def equipment_area(self, equipment: EquipmentId | None) -> AreaId | None:
        """Where a piece of equipment stands."""
        found = self.get(Equipment, equipment)
        return found.area if found else None

    def lapsed(self, equipment: EquipmentId | None, on: date) -> tuple[Inspection, ...]:
        """What of a piece of equipment should have been renewed before a day, the longest past first."""
        mine = self._inspections.get(equipment, ()) if equipment is not None else ()
        return tuple(sorted((one for one in mine if one.due_on < on), key=lambda one: one.due_on))

    # --- people

    def person(self, person: PersonId | None) -> Person | None:
        """One person on record, whether still here or not."""
        return self.get(Person, person)

    def name_of(self, person: PersonId | None) -> str:
        """The person's name; the id itself where the record is gone."""
        found = self.person(person)
        return found.name if found else (person or "")

    def is_here(self, person: PersonId, at: datetime) -> bool:
        """Works at the plant on that day: known and not left."""
        found = self.person(person)
        return found is not None and (found.left_on is None or at.astimezone(self.zone).date() < found.left_on)

    def is_absent(self, person: PersonId, at: datetime) -> bool:
        """On leave, ill, or away at that moment."""
        return any(absence.from_at <= at < absence.until_at for absence in self._absences.get(person, ()))

    def same_human(self, person: PersonId) -> frozenset[PersonId]:
        """All numbers under which this human is known; always holds the person itself."""
        return self._humans.get(person, frozenset((person,)))

    def superiors(self, person: PersonId) -> Iterator[PersonId]:
        """The direct superior, then the superior's, upwards."""
        seen = {person}
        found = self.person(person)
        while found and (above := found.superior) and above not in seen:
            seen.add(above)
            yield above
            found = self.person(above)

    def members(self, team: TeamId) -> tuple[PersonId, ...]:
        """The members of a team, its leader first."""
        found = self.get(Team, team)
        members = self._members.get(team, ())
        if found and found.leader and self.person(found.leader):
            return (found.leader, *(person for person in members if person != found.leader))
        return members

    def leader_of(self, person: PersonId) -> PersonId | None:
        """Who leads the person's team; a leader's own is their superior."""
        found = self.person(person)
        team = self.get(Team, found.team) if found else None
        if team and team.leader and team.leader != person:
            return team.leader
        return found.superior if found else None

    def standing_in(self, person: PersonId, at: datetime) -> PersonId | None:
        """The deputy who acts for the person at that moment."""
        for deputy in self._deputies.get(person, ()):
            if deputy.from_at <= at < deputy.until_at:
                return deputy.deputy
        return None

    # --- shifts

    def shift_of(self, person: PersonId, at: datetime) -> str | None:
        """The shift that the person works at that moment by the team's roster; None: off, or no roster."""
        roster = self._roster_of(person)
        if roster is None or not roster.cycle:
            return None
        today = at.astimezone(self.zone).date()
        for day in (today, today - ONE_DAY):
            shift = self.get(Shift, roster.cycle[(day - roster.from_on).days % len(roster.cycle)])
            if shift and self._runs(shift, day, at):
                return shift.id
        return None

    def has_roster(self, person: PersonId) -> bool:
        """Whether shifts say anything about the person at all."""
        return self._roster_of(person) is not None

    def shift_now(self, shift_id: str, at: datetime) -> bool:
        """Whether a shift runs at that moment, by the clock, whoever works it."""
        shift = self.get(Shift, shift_id)
        today = at.astimezone(self.zone).date()
        return shift is not None and any(self._runs(shift, day, at) for day in (today, today - ONE_DAY))

    def _runs(self, shift: Shift, day: date, at: datetime) -> bool:
        ends_on = day if shift.starts < shift.ends else day + ONE_DAY
        starts = datetime.combine(day, shift.starts, self.zone)
        ends = datetime.combine(ends_on, shift.ends, self.zone)
        return starts.astimezone(UTC) <= at < ends.astimezone(UTC)

    def _roster_of(self, person: PersonId) -> Roster | None:
        return self._roster_by_person.get(person)

    def on_duty(self, person: PersonId, at: datetime) -> bool:
        """At work at that moment: on shift, or without a roster, and not absent."""
        if not self.is_here(person, at) or self.is_absent(person, at):
            return False
        return not self.has_roster(person) or self.shift_of(person, at) is not None

    # --- parties

    def holders(self, party: Party, at: datetime) -> tuple[PersonId, ...]:
        """The people behind a party at that moment, those at work first; empty: nobody answers.

        A post per area is looked for in the area, then in what the area lies in. Of those who work by shifts the ones
        on shift answer; when nobody is, everybody who holds the post does. Absent holders are replaced by deputies.
        """
        match party:
            case PersonParty(person):
                return self._present((person,), at)
            case TeamParty(team):
                return self._present(self.members(team), at)
            case PostParty(post, area):
                return self._post_holders(post, area, at)

    def is_held(self, party: Party, at: datetime) -> bool:
        """Whether anybody answers to a party at that moment: the same as `holders` not being empty, and quicker."""
        return any(self.acting_for(person, at) for person in self._behind(party))

    def _post_holders(self, post: PostId, area: AreaId | None, at: datetime) -> tuple[PersonId, ...]:
        for place in (*self.area_chain(area), None):
            holdings = self.holdings(post, place)
            on_shift = [holding.person for holding in holdings if self._holds_now(holding, at)]
            for people in (on_shift, [h.person for h in holdings]):
                if present := self._present(people, at):
                    return present
        return ()

    def _holds_now(self, holding: Holding, at: datetime) -> bool:
        """A rostered holder holds while on shift; one without a roster holds a shift's post by the clock."""
        if not self.has_roster(holding.person):
            return holding.shift is None or self.shift_now(holding.shift, at)
        working = self.shift_of(holding.person, at)
        return working is not None and holding.shift in (None, working)

    def _present(self, people: Iterable[PersonId], at: datetime) -> tuple[PersonId, ...]:
        here = dict.fromkeys(acting for person in people if (acting := self.acting_for(person, at)))
        return tuple(sorted(here, key=lambda person: not self.on_duty(person, at)))

    def acting_for(self, person: PersonId, at: datetime) -> PersonId | None:
        """Who answers for a person then: the person, or when absent the deputy, or theirs; None: nobody."""
        seen: set[PersonId] = set()
        acting: PersonId | None = person
        while acting and acting not in seen:
            if self.is_here(acting, at) and not self.is_absent(acting, at):
                return acting
            seen.add(acting)
            acting = self.standing_in(acting, at)
        return None

    def holdings(self, post: PostId, area: AreaId | None) -> tuple[Holding, ...]:
        """Who holds a post in exactly that place (None: in the whole plant), by name and at any time."""
        return self._holdings.get((post, area), ())

    def owners_of(self, area: AreaId, at: datetime) -> tuple[PersonId, ...]:
        """Who is responsible for an area at that moment: the holders of the posts that own areas."""
        posts = (post for post in self.every(Post).values() if post.owns_area)
        return tuple(dict.fromkeys(p for post in posts for p in self.holders(PostParty(post.id, area), at)))

    def answers_for(self, person: PersonId, party: Party, at: datetime) -> bool:
        """Whether the person may act as the party at that moment: on shift or not, or as a deputy."""
        if not self.is_here(person, at):
            return False
        people = tuple(self._behind(party))
        return person in people or any(self.acting_for(somebody, at) == person for somebody in people)

    def _behind(self, party: Party) -> Iterator[PersonId]:
        match party:
            case PersonParty(person):
                yield person
            case TeamParty(team):
                yield from self.members(team)
            case PostParty(post, area):
                for place in (*self.area_chain(area), None):
                    for holding in self.holdings(post, place):
                        yield holding.person

    def posts_of(self, person: PersonId) -> tuple[Holding, ...]:
        """What the person holds by name (deputies' stand-ins not counted)."""
        return self._held.get(person, ())

    def parties_of(self, person: PersonId, at: datetime) -> frozenset[Party]:
        """Every party that the person is a holder of at that moment, and always themselves.

        `party in parties_of(person, at)` says the same as `person in holders(party, at)`: a post is listed for each
        area that it answers for, its own and those within that have no holder of their own.
        """
        candidates: set[Party] = set()
        for somebody in self._may_act_for(person):
            candidates.add(PersonParty(somebody))
            record = self.person(somebody)
            teams = {TeamId(team) for team in self._led.get(somebody, ())} | ({record.team} if record else set())
            candidates.update(TeamParty(team) for team in teams if team)
            for held in self.posts_of(somebody):
                candidates.add(PostParty(held.post, held.area))
                candidates.update(PostParty(held.post, area) for area in self.areas_within(held.area))
        return frozenset(party for party in candidates if person in self.holders(party, at)) | {PersonParty(person)}

    def _may_act_for(self, person: PersonId) -> set[PersonId]:
        """The person, and everybody whose deputy the person is or may come to be."""
        found, waiting = {person}, [person]
        while waiting:
            for deputy in self._deputising.get(waiting.pop(), ()):
                if deputy.person not in found:
                    found.add(deputy.person)
                    waiting.append(deputy.person)
        return found

    def competent(self, competence: str) -> tuple[PersonId, ...]:
        """Everybody who may judge in a field, those who left too, in order of id (the order that a draw records)."""
        return self._competent.get(competence, ())

    # --- indexes

    @cached_property
    def _absences(self) -> Mapping[PersonId, tuple[Absence, ...]]:
        return _grouped(self.every(Absence).values(), lambda a: a.person)

    @cached_property
    def _deputies(self) -> Mapping[PersonId, tuple[Deputy, ...]]:
        return _grouped(self.every(Deputy).values(), lambda d: d.person)

    @cached_property
    def _deputising(self) -> Mapping[PersonId, tuple[Deputy, ...]]:
        return _grouped(self.every(Deputy).values(), lambda d: d.deputy)

    @cached_property
    def _members(self) -> Mapping[TeamId, tuple[PersonId, ...]]:
        grouped = _grouped((p for p in self.every(Person).values() if p.team), lambda p: cast(TeamId, p.team))
        return {team: tuple(sorted(p.id for p in people)) for team, people in grouped.items()}

    @cached_property
    def _led(self) -> Mapping[PersonId, tuple[str, ...]]:
        grouped = _grouped((t for t in self.every(Team).values() if t.leader), lambda t: cast(PersonId, t.leader))
        return {leader: tuple(team.id for team in teams) for leader, teams in grouped.items()}

    @cached_property
    def _rosters(self) -> Mapping[TeamId, tuple[Roster, ...]]:
        # A crew's own roster goes before one for the whole team.
        rosters = sorted(self.every(Roster).values(), key=lambda roster: not roster.people)
        return _grouped(rosters, lambda roster: roster.team)

    @cached_property
    def _roster_by_person(self) -> Mapping[str, Roster]:
        return {
            person.id: roster
            for person in self.every(Person).values()
            for roster in reversed(self._rosters.get(person.team, ()) if person.team else ())
            if not roster.people or person.id in roster.people
        }

    @cached_property
    def _holdings(self) -> Mapping[tuple[PostId, AreaId | None], tuple[Holding, ...]]:
        return _grouped(self.every(Holding).values(), lambda h: (h.post, h.area))

    @cached_property
    def _held(self) -> Mapping[PersonId, tuple[Holding, ...]]:
        return _grouped(self.every(Holding).values(), lambda h: h.person)

    @cached_property
    def _inspections(self) -> Mapping[EquipmentId, tuple[Inspection, ...]]:
        return _grouped(self.every(Inspection).values(), lambda one: one.equipment)

    @cached_property
    def _children(self) -> Mapping[AreaId, tuple[AreaId, ...]]:
        inner = _grouped((a for a in self.every(Area).values() if a.parent), lambda a: cast(AreaId, a.parent))
        return {area: tuple(child.id for child in children) for area, children in inner.items()}

    @cached_property
    def _humans(self) -> Mapping[PersonId, frozenset[PersonId]]:
        """Everybody known under several numbers -> all of them, however they are chained together."""
        humans: dict[PersonId, frozenset[PersonId]] = {}
        for person in self.every(Person).values():
            if person.same_as:
                group = humans.get(person.id, {person.id}) | humans.get(person.same_as, {person.same_as})
                humans.update(dict.fromkeys(group, frozenset(group)))
        return humans

    @cached_property
    def _competent(self) -> Mapping[str, tuple[PersonId, ...]]:
        found: dict[str, list[PersonId]] = {}
        for person in sorted(self.every(Person).values(), key=lambda p: p.id):
            for competence in person.competences:
                found.setdefault(competence, []).append(person.id)
        return {competence: tuple(people) for competence, people in found.items()}


Key = TypeVar("Key")
Thing = TypeVar("Thing")


def _grouped(things: Iterable[Thing], key: Callable[[Thing], Key]) -> dict[Key, tuple[Thing, ...]]:
    groups: dict[Key, list[Thing]] = {}
    for thing in things:
        groups.setdefault(key(thing), []).append(thing)
    return {name: tuple(members) for name, members in groups.items()}
