"""From the words for a party in a pack (`post:area_owner`, `team:electricians`, `finder`) to the party itself."""

from collections.abc import Iterable

from anhuan.core.case.state import Case, Duty, DutyStatus
from anhuan.core.policy import Deed
from anhuan.domain.ids import PersonId, PostId, TeamId
from anhuan.domain.party import Party, PersonParty, PostParty, TeamParty
from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import Post, Team

PLANT_WIDE = "plant"
RELATIVE_WORDS = ("finder", "reporter", "performer", "holders", "leader")
"""Words that mean somebody in relation to the case or the duty."""
PREFIXES = ("post", "team", "unit", "person", "field")


class UnknownPartyWord(ValueError):
    """A word that names no kind of party."""


def check_word(word: str) -> None:
    """Raises UnknownPartyWord unless the word can be resolved on some case."""
    prefix, separator, rest = word.partition(":")
    if word not in RELATIVE_WORDS and not (separator and rest and prefix in PREFIXES):
        raise UnknownPartyWord(word)


def parties(words: Iterable[str], case: Case, plant: Plant, duty: Duty | None = None) -> tuple[Party, ...]:
    """The parties that the words mean on this case, without repetition; a word that means nobody gives none."""
    found: dict[Party, None] = {}
    for word in words:
        for party in _resolve(word, case, plant, duty):
            found[party] = None
    return tuple(found)


def _resolve(word: str, case: Case, plant: Plant, duty: Duty | None) -> tuple[Party, ...]:
    match word.partition(":"):
        case ("finder", "", _):
            return _person(case.finder)
        case ("reporter", "", _):
            return _person(case.reporter)
        case ("performer", "", _):
            return _person(_last_performer(case))
        case ("holders", "", _):
            return (duty.party,) if duty else ()
        case ("leader", "", _):
            return _leader(duty.party, plant) if duty else ()
        case ("post", _, rest):
            return (_post(rest, case, plant),)
        case ("team" | "unit", _, rest):
            return (TeamParty(TeamId(rest)),)
        case ("person", _, rest):
            return (PersonParty(PersonId(rest)),)
        case ("field", _, rest):
            value = case.values().get(rest)
            named = value if isinstance(value, list | tuple) else (value,)
            return tuple(p for one in named if isinstance(one, str) for p in _named(one, case, plant, duty))
        case _:
            raise UnknownPartyWord(word)


def _named(value: str, case: Case, plant: Plant, duty: Duty | None) -> tuple[Party, ...]:
    """A party or a person as a form's field names it."""
    return _resolve(value, case, plant, duty) if ":" in value else _person(PersonId(value))


def _person(person: PersonId | None) -> tuple[Party, ...]:
    return (PersonParty(person),) if person else ()


def _post(rest: str, case: Case, plant: Plant) -> PostParty:
    key, _, place = rest.partition("@")
    post = plant.get(Post, key)
    if place == PLANT_WIDE or (post is not None and not post.per_area and not place):
        return PostParty(PostId(key))
    return PostParty(PostId(key), case.subject.area)


def _last_performer(case: Case) -> PersonId | None:
    done = [d for d in case.duties.values() if d.deed is Deed.PERFORM and d.status is DutyStatus.DISCHARGED]
    return done[-1].ended_by if done else case.subject.performer


def _leader(party: Party, plant: Plant) -> tuple[Party, ...]:
    match party:
        case TeamParty(team):
            found = plant.get(Team, team)
            return _person(found.leader if found else None)
        case PersonParty(person):
            return _person(plant.leader_of(person))
        case PostParty(post, area):
            for place in (*plant.area_chain(area), None):
                for holding in plant.holdings(PostId(post), place):
                    if leader := plant.leader_of(holding.person):
                        return _person(leader)
            return ()
