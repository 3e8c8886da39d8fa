"""Who looks at lists and pages: which cases they see, which parties they may act for, and which tasks are theirs."""

from datetime import datetime

from msgspec import Struct

from anhuan.app.projection import DRAWN
from anhuan.app.view.lens import Lens, Say
from anhuan.core.policy import Kind
from anhuan.domain.ids import PersonId, TeamId, TenantId
from anhuan.domain.party import Party, PersonParty, PostParty, TeamParty, party_text
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import Deputy, Team
from anhuan.packs.compile import Pack
from anhuan.ports.identity import Language
from anhuan.ports.register import TaskQuery, Viewing


class Viewer(Struct, frozen=True, kw_only=True):
    """One caller: who they are, how far they see, and in which language they read."""

    tenant: TenantId
    person: PersonId | None
    sees_all: bool
    """Every case of the tenant; else only those that they or their team have a part in."""
    language: Language
    say: Say

    def lens(self, plant: Plant, pack: Pack, kind: Kind, at: datetime) -> Lens:
        """The viewer's look at cases of one kind."""
        return Lens(plant=plant, pack=pack, kind=kind, language=self.language, viewer=self.person, at=at, say=self.say)


def viewing(viewer: Viewer, plant: Plant, at: datetime) -> Viewing:
    """The viewer as the store needs them."""
    acting = acting_for(plant, viewer.person, at)
    parts = None if viewer.sees_all else parts_seen(plant, viewer.person, at)
    return Viewing(parts=parts, answering=acting, person=viewer.person)


def parts_seen(plant: Plant, person: PersonId | None, at: datetime) -> frozenset[str]:
    """Parts by which a person sees cases: their own, their team's, and those of the posts that they hold.

    That somebody was drawn blind is a part of their own only, never their team's.
    """
    if person is None:
        return frozenset()
    own = {f"{DRAWN}:{person}"} | {f"person:{number}" for number in plant.same_human(person)}
    return frozenset(own) | acting_for(plant, person, at) | {f"person:{mate}" for mate in team_of(plant, person)}


def team_parts(plant: Plant, person: PersonId | None, at: datetime) -> frozenset[str]:
    """Parts by which a person sees cases but for draws: who was drawn is nobody's to count but their own."""
    return frozenset(part for part in parts_seen(plant, person, at) if not part.startswith(DRAWN))


def reported_by(plant: Plant, viewer: Viewer) -> frozenset[PersonId]:
    """Under which numbers the viewer has reported: a human may have several."""
    return frozenset(plant.same_human(viewer.person)) if viewer.person else frozenset()


def acting_for(plant: Plant, person: PersonId | None, at: datetime) -> frozenset[str]:
    """Every party that the person may act for then, on shift or not: what `Plant.answers_for` says, all at once."""
    if person is None or not plant.is_here(person, at):
        return frozenset()
    absent = {deputy.person for deputy in plant.every(Deputy).values()} - {person}
    acted_for = (somebody for somebody in absent if plant.acting_for(somebody, at) == person)
    return frozenset(party_text(party) for somebody in (person, *acted_for) for party in _parties(plant, somebody))


def _parties(plant: Plant, person: PersonId) -> set[Party]:
    record = plant.person(person)
    found: set[Party] = {PersonParty(person)}
    if record is not None and record.team:
        found.add(TeamParty(record.team))
    found.update(TeamParty(team.id) for team in plant.every(Team).values() if team.leader == person)
    for held in plant.posts_of(person):
        found.add(PostParty(held.post, held.area))
        found.update(PostParty(held.post, area) for area in plant.areas_within(held.area))
    return found


def team_of(plant: Plant, person: PersonId) -> tuple[PersonId, ...]:
    """The people of the person's team, with the person; nobody where they are in none."""
    record = plant.person(person)
    return plant.members(record.team) if record is not None and record.team else ()


def my_tasks(plant: Plant, person: PersonId, at: datetime) -> TaskQuery:
    """What the person answers for now, was told to do, or has taken on."""
    return TaskQuery(
        parties=frozenset(party_text(party) for party in plant.parties_of(person, at)),
        claimed_by=frozenset((person,)),
        unless_claimed_by_others=person,
        person=person,
    )


def team_tasks(plant: Plant, person: PersonId, at: datetime) -> TaskQuery:
    """What the person's team and everybody in it answers for; who was drawn blind stays untold."""
    mates = team_of(plant, person) or (person,)
    parties = {party_text(party) for mate in mates for party in plant.parties_of(mate, at)}
    return TaskQuery(parties=frozenset(parties), claimed_by=frozenset(mates), person=person)


def tasks_of_team(plant: Plant, team: TeamId, viewer: PersonId | None, at: datetime) -> TaskQuery:
    """What a team and everybody in it answers for, whoever asks; who was drawn blind stays untold."""
    mates = plant.members(team)
    parties = {party_text(party) for mate in mates for party in plant.parties_of(mate, at)}
    return TaskQuery(parties=frozenset(parties) | {f"team:{team}"}, claimed_by=frozenset(mates), person=viewer)


def parts_of_team(plant: Plant, team: TeamId, at: datetime) -> frozenset[str]:
    """Parts by which a case concerns a team: its people, and the posts that they hold; never a draw."""
    mates = plant.members(team)
    acting = {part for mate in mates for part in acting_for(plant, mate, at)}
    return frozenset(acting) | {f"person:{mate}" for mate in mates} | {f"team:{team}"}


def all_tasks(viewer: Viewer, plant: Plant, at: datetime) -> TaskQuery:
    """Everything that is owed, as far as the viewer sees."""
    if viewer.sees_all:
        return TaskQuery(parties=None, person=viewer.person)
    parts = parts_seen(plant, viewer.person, at)
    return TaskQuery(parties=frozenset(part for part in parts if not part.startswith(DRAWN)), person=viewer.person)
