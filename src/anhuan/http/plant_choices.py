"""What forms choose from: areas, equipment, people, teams and posts, each as small as a picker needs it."""

from datetime import datetime

from pydantic import BaseModel, Field

from anhuan.domain.plant import Plant
from anhuan.domain.plant_items import Area, Equipment, Person, Post, Team


class AreaChoice(BaseModel):
    """An area to choose."""

    id: str
    name: str
    parent: str | None
    photos_allowed: bool


class EquipmentChoice(BaseModel):
    """A piece of equipment to choose."""

    id: str = Field(description="What a form takes; not the number on the plate.")
    number: str = Field(description="As it stands on its plate.")
    name: str
    area: str


class PersonChoice(BaseModel):
    """A person to choose."""

    id: str
    name: str
    number: str = Field(description="Staff number.")
    team: str | None = Field(description="Id of their team.")


class TeamChoice(BaseModel):
    """A team to choose."""

    id: str
    name: str


class PostChoice(BaseModel):
    """A post to choose."""

    id: str
    name: str
    per_area: bool


class ChoicesBody(BaseModel):
    """What forms choose from: their values are ids."""

    areas: list[AreaChoice] = Field(description="Every area.")
    equipment: list[EquipmentChoice] = Field(description="Every piece of equipment.")
    people: list[PersonChoice] = Field(description="Everybody who is here now.")
    teams: list[TeamChoice] = Field(description="Every team.")
    posts: list[PostChoice] = Field(description="Every post.")


def choices_of(plant: Plant, at: datetime) -> dict[str, list[dict[str, object]]]:
    """What there is to choose from at a moment, as `ChoicesBody` says: people who have left are not offered."""
    people = [person for person in plant.every(Person).values() if plant.is_here(person.id, at)]
    return {
        "areas": [
            {"id": a.id, "name": a.name, "parent": a.parent, "photos_allowed": a.photos_allowed}
            for a in plant.every(Area).values()
        ],
        "equipment": [
            {"id": e.id, "number": e.number, "name": e.name, "area": e.area} for e in plant.every(Equipment).values()
        ],
        "people": [{"id": p.id, "name": p.name, "number": p.number, "team": p.team} for p in people],
        "teams": [{"id": t.id, "name": t.name} for t in plant.every(Team).values()],
        "posts": [{"id": p.id, "name": p.name, "per_area": p.per_area} for p in plant.every(Post).values()],
    }
