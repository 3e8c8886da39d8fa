"""Who owes a duty: a party, not a name.

A duty is owed by a post in an area, a team, or one person. Its *holders* (the people behind the party at a moment) are
looked up in the plant when they are needed, so that a shift change or a new post holder rewrites no duty.
"""

from msgspec import Struct

from anhuan.domain.ids import AreaId, PersonId, PostId, TeamId


class PostParty(Struct, frozen=True, tag="post"):
    """Whoever holds a post, in one area or in the whole plant."""

    post: PostId
    area: AreaId | None = None
    """None: a post of the whole plant."""


class TeamParty(Struct, frozen=True, tag="team"):
    """Any member of a team or department; its leader answers for it."""

    team: TeamId


class PersonParty(Struct, frozen=True, tag="person"):
    """One person: drawn, named on a form, or known as the finder."""

    person: PersonId


Party = PostParty | TeamParty | PersonParty


def party_text(party: Party) -> str:
    """One line of text for keys and logs: `post:area_owner@area-press`, `team:electricians`, `person:p-017`."""
    match party:
        case PostParty(post, area):
            return f"post:{post}@{area or 'plant'}"
        case TeamParty(team):
            return f"team:{team}"
        case PersonParty(person):
            return f"person:{person}"


def read_party(text: str) -> Party:
    """The party that `party_text` wrote. Raises ValueError for any other text."""
    prefix, _, rest = text.partition(":")
    match prefix:
        case "post":
            post, _, area = rest.rpartition("@")
            return PostParty(PostId(post), None if area == "plant" else AreaId(area))
        case "team":
            return TeamParty(TeamId(rest))
        case "person":
            return PersonParty(PersonId(rest))
        case _:
            raise ValueError(text)
